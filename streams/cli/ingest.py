"""`streams ingest`: wire feeds to `news.raw`, each delivery confirmed."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from streams.cli.feed import feed
from streams.cli.options import DeclaredLanguage
from streams.cli.sending import Sending
from streams.feeds.files import Format, read_files

app = typer.Typer(
    help="Send wire items to news.raw: from files and pipes, or from RSS and Atom feeds.", no_args_is_help=True
)


@app.command("files")
def files(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Wire files or folders; none or - is standard input.")
    ] = None,
    format: Annotated[Format, typer.Option(help="What the input is.")] = Format.AUTO,
    source: Annotated[str | None, typer.Option(help="Name of the feed.")] = None,
    language: DeclaredLanguage = None,
) -> None:
    """Send the items of files. Exit 1 when the broker did not take one, 130 when interrupted."""
    sending = Sending()
    sending.send(read_files(files or [], sys.stdin.buffer, format, source, language))
    print(f"{'interrupted: ' if sending.interrupted else ''}{sending.summary()}", file=sys.stderr)
    if sending.refused or sending.interrupted:
        raise typer.Exit(1 if sending.refused else 130)


app.command("feed")(feed)
