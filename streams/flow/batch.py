"""A batch of records on its way through a stage, step by step. The order of the steps is the delivery guarantee."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import faust

from streams.contract.event import Event
from streams.contract.message import Message, Outgoing, clean_headers
from streams.contract.outcome import DeadLetter, Reason
from streams.flow.delivery import Delivered, Ours, UndeliverableError, deliver
from streams.flow.fitting import fitting
from streams.flow.positions import Positions
from streams.flow.tables import KeptTable
from streams.settings import Settings
from streams.stages.stage import Applied, Stage, apply, reject
from streams.telemetry.events import OTHER, BatchWorked, DeliveryRetried, StageFinished, observe

log = logging.getLogger(__name__)

Compute = Callable[[Callable[[], list[Applied]]], Awaitable[list[Applied]]]


@dataclass(frozen=True)
class Step:
    """What a stage needs to process batches in a worker. `compute` does the work off the loop, in its turn."""

    app: faust.App
    stage: Stage
    settings: Settings
    positions: Positions
    compute: Compute
    tables: Sequence[KeptTable]


@dataclass(frozen=True)
class Sent:
    """A record to be sent: what came of a message (by its place in the batch), or a change of a table."""

    record: Outgoing
    message: int | None = None
    result: Event | DeadLetter | None = None


class Batch:
    """Records that are processed and delivered together."""

    def __init__(self, step: Step, events: Sequence[Any], ours: Ours) -> None:
        self.step, self.ours = step, ours
        self.messages = [as_message(event.message) for event in events]
        self.written: dict[Outgoing, int] = {}  # offset of each of the tables' changes

    async def process(self) -> bool:
        """Whether all was delivered; if not, the records are another worker's by now.

        1. Ask whether the records are still this worker's: what hung a while ago need not be processed.
        2. Require the states of the tables. 3. Compute. 4. Deliver the events, in their order, and after them the
        changes of the tables, until the broker has acknowledged all of it. 5. Keep what the changelogs now have.
        6. Count. The caller acknowledges the records after that.
        """
        if not await self.ours():
            return False
        self._require_states()
        applied = await self._compute()
        sent = self._to_send(applied)
        delivered = await self._deliver(sent)
        if delivered is None:
            return False
        for table in self.step.tables:
            table.keep(self.written)
        self._count(applied, sent, delivered)
        return True

    def _require_states(self) -> None:
        for table in self.step.tables:
            table.require(message.partition for message in self.messages)

    async def _compute(self) -> list[Applied]:
        for message in self.messages:
            self.step.positions.taken(message.partition, message.offset, message.timestamp.timestamp())
        stage, messages = self.step.stage, self.messages
        return await self.step.compute(lambda: [apply(stage, message) for message in messages])

    def _to_send(self, applied: Sequence[Applied]) -> list[Sent]:
        events = [
            Sent(record, number, result)
            for number, done in enumerate(applied)
            for record, result in zip(done.outgoing, done.results, strict=True)
        ]
        return events + [Sent(change) for table in self.step.tables for change in table.changes()]

    async def _deliver(self, sent: Sequence[Sent]) -> Delivered | None:
        def too_large(position: int, why: str) -> Outgoing:
            one = sent[position]
            if one.message is None:
                raise UndeliverableError(f"{one.record.topic}: max.message.bytes is too low: {why}")
            message, cut = fitting(self.messages[one.message], self.step.settings)
            return reject(self.step.stage, message, _refused(f"{cut}{why}"))

        pause, failed = self.step.settings.delivery_backoff_max, self.step.positions.delivery_failed
        return await deliver([one.record for one in sent], self._send, too_large, self.ours, pause, failed)

    async def _send(self, record: Outgoing) -> Awaitable[Any]:
        acknowledged: Awaitable[Any] = await self.step.app.producer.send(
            record.topic, record.key, record.value, record.partition, None, list(record.headers)
        )
        return acknowledged if record.partition is None else self._note_offset(acknowledged, record)

    async def _note_offset(self, acknowledged: Awaitable[Any], record: Outgoing) -> None:
        self.written[record] = (await acknowledged).offset

    def _count(self, applied: Sequence[Applied], sent: Sequence[Sent], delivered: Delivered) -> None:
        stage, sources = self.step.stage, self.step.settings.sources
        model = stage.model.name if stage.model else None
        observe(BatchWorked(model, len(applied)))
        if delivered.retries:
            observe(DeliveryRetried(stage.name, delivered.retries))
        for position, one in enumerate(sent):
            if one.message is None or one.result is None:
                continue
            result = _refused("refused by the broker") if position in delivered.too_large else one.result
            source = OTHER
            if isinstance(result, DeadLetter):
                _log_dead_letter(self.messages[one.message], result)
            elif result.article.source in sources:
                source = result.article.source
            done = applied[one.message]
            observe(StageFinished(stage.name, result, done.seconds / len(done.results), model, source))


def as_message(message: Any) -> Message:
    """A record of Faust's as the stages see it."""
    return Message(
        value=message.value,
        key=message.key,
        headers=clean_headers(message.headers.items() if isinstance(message.headers, Mapping) else message.headers),
        topic=message.topic,
        partition=message.partition,
        offset=message.offset,
        timestamp=_moment(message.timestamp),
    )


def _refused(why: str) -> DeadLetter:
    return DeadLetter(Reason.TOO_LARGE, f"the result is larger than the topic takes: {why}")


def _log_dead_letter(message: Message, error: DeadLetter) -> None:
    where = f"{message.topic} partition {message.partition} offset {message.offset}"
    log.warning("dead letter: %s: %s: %s", where, error.reason, error.message[:200])
    if error.stacktrace:
        log.info("%s", error.stacktrace)


def _moment(timestamp: float | None) -> datetime:
    """A record's time; the present where its producer set none, or one outside the calendar (microseconds, say)."""
    try:
        return datetime.fromtimestamp(timestamp, UTC) if timestamp else datetime.now(UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.now(UTC)
