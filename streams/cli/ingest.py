"""`streams ingest`: wire feeds to `news.raw`, each delivery confirmed."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from streams.cli.feed import feed
from streams.cli.terminal import tell
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
    language: Annotated[str | None, typer.Option(help="The language the feed declares (BCP 47).")] = None,
) -> None:
    """Send the items of files. Exit 1 when the broker did not take one."""
    items = read_files(files or [], sys.stdin.buffer, format, source, language)
    sent, refused = _publish(items)
    print(f"{sent} items delivered to the broker, {refused} refused", file=sys.stderr)
    if refused:
        raise typer.Exit(1)


app.command("feed")(feed)


def _publish(items: Iterable[RawItem]) -> tuple[int, int]:
    from streams.feeds.publish import Publisher

    sent = refused = 0
    with Publisher(Settings()) as publisher:
        try:
            for published in publisher.publish(items):
                if published.error:
                    refused += 1
                    tell(f"{published.item.origin}: not delivered: {published.error}")
                else:
                    sent += 1
        except KeyboardInterrupt:
            pass
    return sent, refused
