"""A stage of the flow, and what it makes of one record. No clock but the one given, no client library."""

import hashlib
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec

from streams import __version__
from streams.contract import codec, event
from streams.contract.cloud_event import event_headers
from streams.contract.dead_letters import dead_letter
from streams.contract.event import Event
from streams.contract.graph import spec
from streams.contract.message import Message, Outgoing
from streams.contract.outcome import DeadLetter, Ok, Outcome, Reason
from streams.contract.records import Article, ProducedBy, Record
from streams.contract.topics import Topics
from streams.models.provenance import ModelInfo
from streams.stages.table import Table

In = TypeVar("In", bound=Record)
Work = Callable[[Message], Sequence[Event | DeadLetter]]
"""One record in; its events out, in the order in which they are to be sent, and a dead letter for each part of it
that cannot be processed. None where there is nothing to say."""


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Built:
    """What a stage's `build` makes: its work, and what that depends on.

    `settings` are the values, beside the models, that change its output; they go into the pipeline digest.
    """

    work: Work
    model: ModelInfo | None = None
    settings: Sequence[str] = ()
    tables: Sequence[Table[Any]] = ()


@dataclass(frozen=True, kw_only=True)
class Stage(Built):
    """One step in an installation: a stage of the graph, built, with the full names of its topics.

    `work` is pure; what it keeps from record to record is in `tables`.
    """

    name: str
    topics: Topics
    now: Callable[[], datetime] = field(default=_now)

    @property
    def reads(self) -> str:
        """The topic it reads."""
        return self.topics.source(self.name).name

    @property
    def writes(self) -> str:
        """The topic of its events that name none."""
        return self.topics.sink(self.name).name

    @property
    def sinks(self) -> list[str]:
        """All topics that it may write."""
        return [*(self.topics[name].name for name in spec(self.name).writes), self.topics.dead_letters.name]

    @property
    def digest(self) -> str:
        """`sha256:…` over package version, model and settings."""
        model = (self.model.name, self.model.version, self.model.digest) if self.model else ()
        parts = (__version__, self.name, *model, *self.settings)
        return "sha256:" + hashlib.sha256("\0".join(parts).encode()).hexdigest()


@dataclass(frozen=True)
class Applied:
    """What came of one record: events and dead letters, and for each the record to send. `seconds` of work."""

    results: tuple[Event | DeadLetter, ...]
    outgoing: tuple[Outgoing, ...]
    seconds: float


def single(work: Callable[[Message], Outcome[Article]]) -> Work:
    """The work of a stage that makes one article of a record."""
    return lambda message: event.of(work(message))


def reading(kind: type[In], work: Callable[[In], Outcome[Article]]) -> Work:
    """The same of a stage function on typed records, made to read them from bytes."""

    def read_and_work(message: Message) -> Sequence[Event | DeadLetter]:
        record = codec.decode(message.value, kind)
        return event.of(work(record.value) if isinstance(record, Ok) else record)

    return read_and_work


def apply(stage: Stage, message: Message) -> Applied:
    """One record through one stage. What the stage's code raises is this record's dead letter, and so is a
    result that cannot be written (half a surrogate pair in a text, for example); it leaves no state and no event then.
    """
    began = time.perf_counter()
    for table in stage.tables:
        table.begin(message.partition)
    try:
        found = tuple(stage.work(message))
        seconds = time.perf_counter() - began
        results = _stamped(stage, found, seconds)
        outgoing = tuple(_outgoing(stage, result, message) for result in results)
        if any(isinstance(result, Event) for result in results) or not results:
            for table in stage.tables:
                table.accept()
        return Applied(results, outgoing, seconds)
    except Exception as raised:
        seconds = time.perf_counter() - began
        trace = "".join(traceback.format_exception(raised))
        error = DeadLetter(Reason.STAGE_RAISED, str(raised), type(raised).__name__, trace)
        return Applied((error,), (reject(stage, message, error),), seconds)


def reject(stage: Stage, message: Message, error: DeadLetter) -> Outgoing:
    """The dead letter of a record."""
    return dead_letter(stage.topics.dead_letters.name, stage.name, message, error)


def _outgoing(stage: Stage, result: Event | DeadLetter, message: Message) -> Outgoing:
    if isinstance(result, DeadLetter):
        return reject(stage, message, result)
    headers = event_headers(stage.name, result, stage.now(), message.headers)
    topic = stage.topics[result.topic].name if result.topic else stage.writes
    value = None if result.record is None else codec.encode(result.record)
    return Outgoing(topic, (result.key or result.article.id).encode(), value, headers)


def _stamped(stage: Stage, results: Sequence[Event | DeadLetter], seconds: float) -> tuple[Event | DeadLetter, ...]:
    """The events with the stage's time and name on each article; the seconds are shared out among the articles."""
    articles = {id(result.article): result.article for result in results if isinstance(result, Event)}
    stamped: Mapping[int, Article] = {
        key: _stamp(stage, article, seconds / len(articles)) for key, article in articles.items()
    }

    def stamp(result: Event | DeadLetter) -> Event | DeadLetter:
        if isinstance(result, DeadLetter):
            return result
        article = stamped[id(result.article)]
        return replace(result, article=article, record=article if result.record is result.article else result.record)

    return tuple(map(stamp, results))


def _stamp(stage: Stage, article: Article, seconds: float) -> Article:
    step = ProducedBy(
        stage=stage.name,
        model=stage.model.name if stage.model else None,
        version=stage.model.version if stage.model else __version__,
        digest=stage.model.digest if stage.model else None,
        pipeline=stage.digest,
        seconds=round(seconds, 6),
    )
    name = spec(stage.name).stamp
    times = msgspec.structs.replace(article.times, **{name: stage.now()}) if name else article.times
    return msgspec.structs.replace(article, times=times, produced_by=(*article.produced_by, step))
