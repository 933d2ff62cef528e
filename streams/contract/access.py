"""What each command needs on a broker with an authorizer: Kafka's ACLs, out of the tables of topics and groups.

`python -m streams.contract.access` prints them as a table; deploy/kubernetes has them for Strimzi, made from this.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from streams.contract.graph import stage_names
from streams.contract.topics import Topic, Topics, consumer_group, topics

Operation = Literal["Create", "Describe", "DescribeConfigs", "Read", "Write"]
READS: tuple[Operation, ...] = ("Describe", "Read")
WRITES: tuple[Operation, ...] = ("Describe", "Write")
MAKES: tuple[Operation, ...] = ("Create", "Describe", "DescribeConfigs")


@dataclass(frozen=True)
class Grant:
    """Operations that one command needs on a topic or a consumer group."""

    command: str
    kind: Literal["topic", "group"]
    name: str
    operations: tuple[Operation, ...]


def grants(prefix: str = "news.") -> Iterator[Grant]:
    """All of them, command by command; those of a worker stage by stage."""
    ours, stages = topics(prefix), stage_names()

    def on(command: str, of: Sequence[Topic], operations: tuple[Operation, ...]) -> Iterator[Grant]:
        return (Grant(command, "topic", topic.name, operations) for topic in of)

    yield from on("topics", [*ours, ours.retried], MAKES)
    for stage in stages:
        yield from _worker(ours, stage, consumer_group(prefix, stage))
    yield from on("ingest", [ours.raw], WRITES)
    yield from on("subscribe", [ours.enriched], READS)
    yield from on("dead-letters", [ours.dead_letters, ours.retried], READS)
    yield from on("dead-letters retry", [*(ours.source(stage) for stage in stages), ours.retried], WRITES)


def _worker(ours: Topics, stage: str, group: str) -> Iterator[Grant]:
    command = f"worker --stages {stage}"
    yield Grant(command, "topic", ours.source(stage).name, READS)
    yield Grant(command, "topic", ours.sink(stage).name, WRITES)
    yield Grant(command, "topic", ours.dead_letters.name, WRITES)
    yield Grant(command, "group", group, READS)


def table() -> str:
    """All grants in Markdown."""
    rows = [f"| `{g.command}` | {g.kind} | `{g.name}` | {', '.join(g.operations)} |" for g in grants()]
    return "\n".join(["| `streams …` | on | name | operations |", "|---|---|---|---|", *rows])


if __name__ == "__main__":
    print(table())
