"""`streams enrich`: the same stages without a broker, for files and pipes."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from streams.cli.options import DeclaredLanguage
from streams.cli.terminal import tell, write_json
from streams.contract import codec
from streams.contract.outcome import DeadLetter
from streams.feeds.files import Format, read_files


def enrich(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Wire files or folders; none or - is standard input.")
    ] = None,
    format: Annotated[Format, typer.Option(help="What the input is.")] = Format.AUTO,
    language: DeclaredLanguage = None,
    pretty: Annotated[bool, typer.Option("--pretty", help="Show articles with colours instead of JSON Lines.")] = False,
) -> None:
    """Articles in, enriched articles out as JSON Lines, in the same order.

    A bad item is reported on standard error with its line, the rest goes on, and the exit status is 1.
    """
    from streams.enrich import Enricher

    items = read_files(files or [], sys.stdin.buffer, format, language=language)
    enricher, failed = Enricher(), 0
    for item in items:
        for result in enricher.enrich(item.message()):
            if isinstance(result, DeadLetter):
                failed += 1
                tell(f"{item.origin}: {result.reason}: {result.message}")
            elif pretty:
                from rich.console import Console

                from streams.outputs.render import panel

                Console().print(panel(result, limit=None))
            else:
                write_json(codec.encode(result))
    if failed:
        raise typer.Exit(1)
