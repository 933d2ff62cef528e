"""`streams subscribe`: follow enriched articles with filters."""

from typing import Annotated

import typer
from rich.console import Console

from streams.cli.options import LanguageFilter
from streams.cli.terminal import tell, write_json
from streams.contract.records import EntityType, Label
from streams.outputs.follow import Filter, follow
from streams.outputs.render import panel
from streams.settings import Settings


def subscribe(
    entity: Annotated[
        str | None, typer.Option(help="Only articles with an entity of this name (a part will do) or link.")
    ] = None,
    type: Annotated[
        EntityType | None, typer.Option(help="Only articles with an entity of this type.", case_sensitive=False)
    ] = None,
    language: LanguageFilter = None,
    sentiment: Annotated[Label | None, typer.Option(help="Only articles of this sentiment.")] = None,
    from_beginning: Annotated[
        bool, typer.Option("--from-beginning", help="Begin with the oldest article that is kept.")
    ] = False,
    group: Annotated[str | None, typer.Option(help="Consumer group: go on where it was left.")] = None,
    limit: Annotated[int, typer.Option(min=0, help="End after so many articles; 0 never ends.")] = 0,
    json: Annotated[bool, typer.Option("--json", help="JSON Lines instead of boxes.")] = False,
) -> None:
    """Show enriched articles as they come. Ctrl-C ends it."""
    wanted = Filter(entity, type, language, sentiment)
    console, shown = Console(), 0
    try:
        for received in follow(Settings(), from_beginning, group):
            if limit and shown >= limit:  # only here: that the next was asked for commits the last one shown
                return
            if received is None:
                continue
            if received.article is None:
                tell(f"streams: a record that is no enriched article: {received.problem}")
                continue
            if not wanted.takes(received.article):
                continue
            if json:
                write_json(received.value)
            else:
                console.print(panel(received.article))
            shown += 1
    except KeyboardInterrupt:
        return
