"""A stage of the flow, and what it makes of one record. No clock but the one given, no client library."""

import hashlib
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec

from streams import __version__
from streams.contract import codec
from streams.contract.cloud_event import event_headers
from streams.contract.dead_letters import dead_letter
from streams.contract.message import Message, Outgoing
from streams.contract.outcome import DeadLetter, Ok, Outcome, Reason
from streams.contract.records import Article, ProducedBy, Record
from streams.contract.topics import StageName
from streams.models.provenance import ModelInfo
from streams.stages.table import Table

In = TypeVar("In", bound=Record)
_STAMP: dict[StageName, str] = {"normalise": "normalised", "entities": "entities", "sentiment": "enriched"}


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Stage:
    """One step: what it reads, what it does, what it writes.

    `work` is pure: one record in, an article or a dead letter out; what it keeps from record to record is in
    `tables`. `settings` are the values, beside the models, that change its output; they go into the pipeline
    digest.
    """

    name: StageName
    reads: str
    writes: str
    dead_letters: str
    work: Callable[[Message], Outcome[Article]]
    model: ModelInfo | None = None
    settings: Sequence[str] = ()
    tables: Sequence[Table[Any]] = ()
    now: Callable[[], datetime] = field(default=_now)

    @property
    def digest(self) -> str:
        """`sha256:…` over package version, model and settings."""
        model = (self.model.name, self.model.version, self.model.digest) if self.model else ()
        parts = (__version__, self.name, *model, *self.settings)
        return "sha256:" + hashlib.sha256("\0".join(parts).encode()).hexdigest()


@dataclass(frozen=True)
class Applied:
    """What came of one record: an article or a dead letter, and the record to send. `seconds` of work."""

    outgoing: Outgoing
    result: Article | DeadLetter
    seconds: float


def reading(kind: type[In], work: Callable[[In], Outcome[Article]]) -> Callable[[Message], Outcome[Article]]:
    """A stage function on typed records, made to read them from bytes."""

    def read_and_work(message: Message) -> Outcome[Article]:
        record = codec.decode(message.value, kind)
        return work(record.value) if isinstance(record, Ok) else record

    return read_and_work


def apply(stage: Stage, message: Message) -> Applied:
    """One record through one stage. What the stage's code raises is this record's dead letter, and so is a
    result that cannot be written (half a surrogate pair in a text, for example); a dead letter leaves no state."""
    began = time.perf_counter()
    for table in stage.tables:
        table.begin(message.partition)
    try:
        outcome = stage.work(message)
        seconds = time.perf_counter() - began
        if isinstance(outcome, Ok):
            article = _stamp(stage, outcome.value, seconds)
            applied = Applied(_event(stage, article, message), article, seconds)
            for table in stage.tables:
                table.accept()
            return applied
        error = outcome
    except Exception as raised:
        seconds = time.perf_counter() - began
        trace = "".join(traceback.format_exception(raised))
        error = DeadLetter(Reason.STAGE_RAISED, str(raised), type(raised).__name__, trace)
    return Applied(reject(stage, message, error), error, seconds)


def reject(stage: Stage, message: Message, error: DeadLetter) -> Outgoing:
    """The dead letter of a record."""
    return dead_letter(stage.dead_letters, stage.name, message, error)


def _event(stage: Stage, article: Article, message: Message) -> Outgoing:
    headers = event_headers(stage.name, article, stage.now(), message.headers)
    return Outgoing(stage.writes, article.id.encode(), codec.encode(article), headers)


def _stamp(stage: Stage, article: Article, seconds: float) -> Article:
    step = ProducedBy(
        stage=stage.name,
        model=stage.model.name if stage.model else None,
        version=stage.model.version if stage.model else __version__,
        digest=stage.model.digest if stage.model else None,
        pipeline=stage.digest,
        seconds=round(seconds, 6),
    )
    times = msgspec.structs.replace(article.times, **{_STAMP[stage.name]: stage.now()})
    return msgspec.structs.replace(article, times=times, produced_by=(*article.produced_by, step))
