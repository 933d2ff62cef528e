"""Tables that cut nothing: where one does not fit, each row has lines of its own."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

_ENDLESS = 100_000  # columns


def show_table(header: Sequence[str], rows: Sequence[Sequence[str]], beside: int) -> None:
    """Prints a table, as wide as it needs in a pipe.

    On a terminal that is too narrow for it the first `beside` cells of a row stand on one line, each of the others on
    a line below.
    """
    console = Console()
    width = console.width if console.is_terminal else _ENDLESS
    table = Table(*header)
    for row in rows:
        table.add_row(*(Text(cell, no_wrap=True) for cell in row))
    needed = console.measure(table, options=console.options.update(width=_ENDLESS)).maximum
    if needed <= width:
        Console(width=max(needed, 1)).print(table)
        return
    widths = [max(len(row[column]) for row in rows) for column in range(beside)]
    for row in rows:
        first = "  ".join(cell.ljust(size) for cell, size in zip(row[:beside], widths, strict=True)).rstrip()
        below = [f"    {name}: {cell}" for name, cell in zip(header[beside:], row[beside:], strict=True) if cell]
        console.print(Text("\n".join([first, *below])), soft_wrap=True)
