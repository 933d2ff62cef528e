"""The topics: name, key, partitions, retention and size limits."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

StageName = Literal["normalise", "entities", "sentiment"]
STAGES: tuple[StageName, ...] = ("normalise", "entities", "sentiment")

_DAY_MS = 24 * 60 * 60 * 1000


@dataclass(frozen=True)
class Topic:
    """One topic as it is created. Sizes in bytes, retention in milliseconds."""

    name: str
    partitions: int
    retention_ms: int
    max_message_bytes: int

    @property
    def config(self) -> dict[str, str]:
        """The topic's settings in Kafka's own names."""
        return {
            "cleanup.policy": "delete",
            "retention.ms": str(self.retention_ms),
            "max.message.bytes": str(self.max_message_bytes),
        }


@dataclass(frozen=True)
class Topics:
    """All topics of one installation; stages read them from left to right."""

    raw: Topic
    articles: Topic
    entities: Topic
    enriched: Topic
    dead_letters: Topic

    def __iter__(self) -> Iterator[Topic]:
        return iter((self.raw, self.articles, self.entities, self.enriched, self.dead_letters))

    def source(self, stage: StageName) -> Topic:
        """The topic that a stage reads."""
        return {"normalise": self.raw, "entities": self.articles, "sentiment": self.entities}[stage]

    def sink(self, stage: StageName) -> Topic:
        """The topic that a stage writes."""
        return {"normalise": self.articles, "entities": self.entities, "sentiment": self.enriched}[stage]


def topics(prefix: str = "news.", partitions: int = 6, max_item_bytes: int = 1_000_000) -> Topics:
    """The topics for a prefix.

    `news.raw` takes four times what an item may hold, so that an item above the limit still arrives
    and is kept as a dead letter, whole; the later topics have room for what enrichment adds.
    """
    raw_limit = 4 * max_item_bytes
    wide_limit = 2 * raw_limit

    def topic(name: str, days: int, limit: int) -> Topic:
        return Topic(prefix + name, partitions, days * _DAY_MS, limit)

    return Topics(
        raw=topic("raw", 7, raw_limit),
        articles=topic("articles", 7, wide_limit),
        entities=topic("entities", 7, wide_limit),
        enriched=topic("enriched", 30, wide_limit),
        # The widest: a dead letter is what a stage read, plus the headers that say why.
        dead_letters=topic("dead-letters", 30, wide_limit + raw_limit),
    )


def consumer_group(prefix: str, stage: StageName) -> str:
    """The consumer group of a stage: `news-normalise` for the prefix `news.`."""
    return f"{prefix.rstrip('.')}-{stage}" if prefix.strip(".") else stage
