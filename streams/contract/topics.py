"""The topics: name, key, partitions, retention and size limits."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

StageName = Literal["normalise", "entities", "sentiment"]
STAGES: tuple[StageName, ...] = ("normalise", "entities", "sentiment")

STATE_MAX_BYTES = 1_000_000  # of one state that a stage keeps, as JSON

_DAY_MS = 24 * 60 * 60 * 1000
# A changelog is compacted only behind its newest segment: small ones, so that a worker has little to read back.
_CHANGELOG_SEGMENT = 50 * 1024 * 1024


@dataclass(frozen=True)
class Topic:
    """One topic as it is created. Sizes in bytes, retention in milliseconds.

    Without a retention time it is compacted: the newest record of every key stays.
    """

    name: str
    partitions: int
    retention_ms: int | None
    max_message_bytes: int

    @property
    def cleanup(self) -> str:
        """What Kafka does with old records."""
        return "compact" if self.retention_ms is None else "delete"

    @property
    def config(self) -> dict[str, str]:
        """The topic's settings in Kafka's own names.

        A record's time is the broker's, so that no clock but the brokers' decides on retention: a broker refuses
        records of the future, and would soon delete those of a past beyond the retention time.
        """
        if self.retention_ms is None:
            kept = {"segment.bytes": str(_CHANGELOG_SEGMENT)}
        else:
            kept = {"retention.ms": str(self.retention_ms)}
        return {
            "cleanup.policy": self.cleanup,
            **kept,
            "max.message.bytes": str(self.max_message_bytes),
            "message.timestamp.type": "LogAppendTime",
        }


@dataclass(frozen=True)
class Retention:
    """Days that records are kept: in the topics before the enriched one, in that one, and as dead letters."""

    internal: float = 7
    enriched: float = 30
    dead_letters: float = 30


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


def topics(
    prefix: str = "news.", partitions: int = 6, max_item_bytes: int = 1_000_000, kept: Retention | None = None
) -> Topics:
    """The topics for a prefix; `kept` is Retention() where it is not given.

    `news.raw` takes four times what an item may hold, so that an item above the limit still arrives
    and is kept as a dead letter, whole; the later topics have room for what enrichment adds.
    """
    raw_limit = 4 * max_item_bytes
    wide_limit = 2 * raw_limit
    kept = kept or Retention()

    def topic(name: str, days: float, limit: int) -> Topic:
        return Topic(prefix + name, partitions, round(days * _DAY_MS), limit)

    return Topics(
        raw=topic("raw", kept.internal, raw_limit),
        articles=topic("articles", kept.internal, wide_limit),
        entities=topic("entities", kept.internal, wide_limit),
        enriched=topic("enriched", kept.enriched, wide_limit),
        # The widest: a dead letter is what a stage read, plus the headers that say why.
        dead_letters=topic("dead-letters", kept.dead_letters, wide_limit + raw_limit),
    )


def changelog(prefix: str, table: str, partitions: int) -> Topic:
    """The topic that holds what a stage keeps in a table: key and state of every change, `null` for a deleted key.

    It has the partitions of the topic that the stage reads.
    """
    return Topic(f"{prefix}{table}-changelog", partitions, None, 2 * STATE_MAX_BYTES)


def consumer_group(prefix: str, stage: StageName) -> str:
    """The consumer group of a stage: `news-normalise` for the prefix `news.`."""
    return f"{prefix.rstrip('.')}-{stage}" if prefix.strip(".") else stage
