"""What happens in a worker, as named events; metrics move only here."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import singledispatch

from prometheus_client import Gauge

from streams.contract.event import Event
from streams.contract.outcome import DeadLetter
from streams.contract.records import Article, Change, EnrichedArticle, Record, TaggedArticle
from streams.telemetry import metrics

OTHER = "other"
_LANGUAGES = frozenset({"nl", "fr", "de", "en"})  # a feed may declare anything: the label stays bounded

_newest: dict[str, float] = {}  # a replay of old items must not make a feed look stale


@dataclass(frozen=True)
class StageFinished:
    """A record's result was acknowledged by the broker. `source` is the feed's name as a bounded label."""

    stage: str
    result: Event | DeadLetter
    seconds: float
    model: str | None
    source: str = OTHER


@dataclass(frozen=True)
class BatchWorked:
    """Records that a stage worked on together."""

    model: str | None
    size: int


@dataclass(frozen=True)
class DeliveryRetried:
    """Records of a stage that had to be sent again."""

    stage: str
    records: int


@dataclass(frozen=True)
class Rebalanced:
    """A stage got partitions assigned."""

    stage: str


@dataclass(frozen=True)
class LagSeen:
    """Lag per partition: records, and Unix time of the oldest record not yet worked (0: none)."""

    topic: str
    partitions: Mapping[int, tuple[int, float | None]]


@dataclass(frozen=True)
class OffsetReset:
    """A stage's position was not in a partition's log. `deleted` offsets it had not read are gone (0: the log ended
    before the position)."""

    stage: str
    deleted: int


@dataclass(frozen=True)
class UnreadableSeen:
    """A stage's partitions of a topic, and whether each stands at a batch that cannot be read."""

    topic: str
    partitions: Mapping[int, bool]


@singledispatch
def observe(event: object) -> None:
    """Moves the metrics that belong to an event."""
    raise TypeError(f"no metrics for {type(event).__name__}")


@observe.register
def _(event: StageFinished) -> None:
    metrics.STAGE_DURATION.labels(event.stage).observe(event.seconds)
    if isinstance(event.result, DeadLetter):
        metrics.STAGE_RECORDS.labels(event.stage, "dead_letter").inc()
        metrics.DEAD_LETTERS.labels(event.stage, event.result.reason).inc()
        return
    article, record = event.result.article, event.result.record
    passed = article.skipped or (Change.KILL if article.change is Change.KILL else None)
    metrics.STAGE_RECORDS.labels(event.stage, passed or "ok").inc()
    if event.model and not passed:
        metrics.INFERENCE_DURATION.labels(event.model).observe(event.seconds)
    _count(record, event.source)


@singledispatch
def _count(record: Record | None, source: str) -> None:
    """What a record adds, by its own class: one that is new to the graph counts nothing of another's."""


@_count.register
def _(record: EnrichedArticle, source: str) -> None:
    metrics.SENTIMENT.labels(record.sentiment.label if record.sentiment else "none").inc()
    metrics.END_TO_END.observe((datetime.now(UTC) - record.times.received).total_seconds())


@_count.register
def _(record: TaggedArticle, source: str) -> None:
    for entity in record.entities:
        metrics.ENTITIES.labels(entity.type).inc()


@_count.register
def _(record: Article, source: str) -> None:
    language = record.language.code if record.language.code in _LANGUAGES else OTHER
    metrics.ARTICLES.labels(language, source).inc()
    _newest[source] = max(_newest.get(source, 0.0), record.times.received.timestamp())
    metrics.FEED_LAST_ITEM.labels(source).set(_newest[source])


@observe.register
def _(event: BatchWorked) -> None:
    if event.model:
        metrics.INFERENCE_BATCH.labels(event.model).observe(event.size)


@observe.register
def _(event: DeliveryRetried) -> None:
    metrics.DELIVERY_RETRIES.labels(event.stage).inc(event.records)


@observe.register
def _(event: Rebalanced) -> None:
    metrics.REBALANCES.labels(event.stage).inc()


@observe.register
def _(event: OffsetReset) -> None:
    metrics.RESETS.labels(event.stage, "deleted" if event.deleted else "beyond_end").inc()
    metrics.DELETED_UNREAD.labels(event.stage).inc(event.deleted)


@observe.register
def _(event: UnreadableSeen) -> None:
    _only(metrics.UNREADABLE, event.topic, event.partitions)
    for partition, unreadable in event.partitions.items():
        metrics.UNREADABLE.labels(event.topic, partition).set(unreadable)


@observe.register
def _(event: LagSeen) -> None:
    for gauge in (metrics.LAG, metrics.POSITION_TIME):
        _only(gauge, event.topic, event.partitions)
    for partition, (behind, oldest) in event.partitions.items():
        metrics.LAG.labels(event.topic, partition).set(behind)
        if oldest is not None:
            metrics.POSITION_TIME.labels(event.topic, partition).set(oldest)


def _only(gauge: Gauge, topic: str, partitions: Container[int]) -> None:
    """Removes the topic's other partitions."""
    for labels in [s.labels for m in gauge.collect() for s in m.samples]:
        if labels["topic"] == topic and int(labels["partition"]) not in partitions:
            gauge.remove(labels["topic"], labels["partition"])
