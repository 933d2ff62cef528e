"""The topics of an installation: name, partitions, retention and size limits."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from streams.contract import graph

STATE_MAX_BYTES = 1_000_000  # of one state that a stage keeps, as JSON

_NOTE_BYTES = 1_000_000  # of a record that holds no item
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

    @property
    def notes(self) -> float:
        """Of each dead letter that was sent again: they must not go before the letter does."""
        return 2 * self.dead_letters


@dataclass(frozen=True)
class Topics:
    """All topics of one installation, by their name without its prefix; stages read them from left to right.

    `retried` is none of theirs: it is for whoever sends dead letters again.
    """

    by_name: Mapping[str, Topic]
    retried: Topic

    def __iter__(self) -> Iterator[Topic]:
        return iter(self.by_name.values())

    def __getitem__(self, name: str) -> Topic:
        return self.by_name[name]

    @property
    def raw(self) -> Topic:
        """What the ways in write."""
        return self["raw"]

    @property
    def enriched(self) -> Topic:
        """What subscribers read."""
        return self["enriched"]

    @property
    def dead_letters(self) -> Topic:
        """What no stage could process."""
        return self[graph.DEAD_LETTERS]

    def source(self, stage: str) -> Topic:
        """The topic that a stage reads."""
        return self[graph.spec(stage).reads]

    def sink(self, stage: str) -> Topic:
        """The topic that a stage's events go to unless they say otherwise."""
        return self[graph.spec(stage).writes[0]]


def topics(
    prefix: str = "news.", partitions: int = 6, max_item_bytes: int = 1_000_000, kept: Retention | None = None
) -> Topics:
    """The topics for a prefix; sizes follow the largest item taken. `kept` is Retention() where it is not given."""
    kept = kept or Retention()

    def make(topic: graph.TopicSpec) -> Topic:
        size = topic.items * max_item_bytes if topic.items else _NOTE_BYTES
        days: float = getattr(kept, topic.kept)
        return Topic(prefix + topic.name, partitions, round(days * _DAY_MS), size)

    return Topics({topic.name: make(topic) for topic in graph.TOPICS}, make(graph.RETRIED))


def changelog(prefix: str, table: str, partitions: int) -> Topic:
    """The topic that holds what a stage keeps in a table: key and state of every change, `null` for a deleted key.

    It has the partitions of the topic that the stage reads.
    """
    return Topic(f"{prefix}{table}-changelog", partitions, None, 2 * STATE_MAX_BYTES)


def consumer_group(prefix: str, stage: str) -> str:
    """The consumer group of a stage: `news-normalise` for the prefix `news.`."""
    return f"{prefix.rstrip('.')}-{stage}" if prefix.strip(".") else stage
