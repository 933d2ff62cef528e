"""`streams ingest`: wire feeds to `news.raw`, each delivery confirmed."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from streams.cli.options import DeclaredLanguage
from streams.feeds.files import Format, read_files
from streams.feeds.raw_item import RawItem
from streams.settings import Settings

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
    """Send the items of files. Exit 1 when the broker did not take one."""
    items = read_files(files or [], sys.stdin.buffer, format, source, language)
    sent, refused = _publish(items)
    print(f"{sent} items delivered to the broker, {refused} refused", file=sys.stderr)
    if refused:
        raise typer.Exit(1)


@app.command("feed")
def feed(
    urls: Annotated[list[str], typer.Argument(help="Addresses (or files) of RSS or Atom feeds.")],
    every: Annotated[float, typer.Option(min=0, help="Seconds between polls; 0 polls once.")] = 60.0,
    source: Annotated[str | None, typer.Option(help="Name of the feed; default: the address's host.")] = None,
    language: DeclaredLanguage = None,
) -> None:
    """Poll RSS and Atom feeds and send entries that are new or changed, until interrupted."""
    from streams.feeds.poll import poll

    # One at a time: the next entry may be hours away, and what became of this one is told now.
    sent, refused = _publish(poll(urls, every, source, language), ahead=1)
    print(f"{sent} entries delivered to the broker, {refused} refused", file=sys.stderr)
    if refused:
        raise typer.Exit(1)


def _publish(items: Iterable[RawItem], ahead: int = 500) -> tuple[int, int]:
    from streams.feeds.publish import Publisher

    sent = refused = 0
    with Publisher(Settings()) as publisher:
        try:
            for published in publisher.publish(items, ahead):
                if published.error:
                    refused += 1
                    print(f"{published.item.origin}: not delivered: {published.error}", file=sys.stderr)
                else:
                    sent += 1
        except KeyboardInterrupt:
            pass
    return sent, refused
