"""Dutch news enrichment on Kafka: wire article in, enriched event out.

`enrich_text` is the whole of it in one call; the command line is in `streams.cli`.
"""

from importlib.metadata import version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from streams.enrich import enrich_text

__version__ = version("streams")
__all__ = ["__version__", "enrich_text"]


def __getattr__(name: str) -> Any:
    """Imports `enrich_text` when it is asked for: `import streams` alone loads no models' libraries."""
    if name == "enrich_text":
        from streams.enrich import enrich_text

        return enrich_text
    raise AttributeError(f"module 'streams' has no attribute {name!r}")
