"""Tables in Markdown."""

from collections.abc import Iterable, Sequence


def table(heads: str, rows: Iterable[Sequence[str]]) -> str:
    """Of heads with `, ` between them; all columns but the first are numbers."""
    names = heads.split(", ")
    lines = [names, ["---"] + ["---:"] * (len(names) - 1), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
