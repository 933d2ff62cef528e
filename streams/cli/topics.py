"""`streams topics`: create the topics that are missing, check the others."""

from typing import Annotated

import typer

from streams.broker.admin import create_topics
from streams.cli.tables import show_table
from streams.settings import Settings


def topics(
    check: Annotated[
        bool, typer.Option("--check", help="Only look; exit 1 when something is missing or differs.")
    ] = False,
) -> None:
    """Create the topics, and check those that are there. Exit 1 when one is not as it should be."""
    settings = Settings()
    rows = []
    states = create_topics(settings, create=not check)
    for state in states:
        topic = state.topic
        days = "compacted" if topic.retention_ms is None else f"{topic.retention_ms / 86_400_000:g} days"
        size = f"{topic.max_message_bytes:,} bytes"
        word = state.problem or ("created" if state.created else "; ".join(filter(None, ("there", state.note))))
        rows.append((topic.name, str(topic.partitions), days, size, word))
    show_table(("topic", "partitions", "retention", "largest record", "state"), rows, beside=4)
    if any(state.problem for state in states):
        raise typer.Exit(1)
