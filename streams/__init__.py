"""Dutch news enrichment on Kafka: wire article in, enriched event out."""

from importlib.metadata import version

__version__ = version("streams")
