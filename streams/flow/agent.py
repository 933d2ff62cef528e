"""A stage as a Faust agent: take a batch, work it off the loop, deliver, count, acknowledge.

The order of these steps is the delivery guarantee. An offset is acknowledged only after the broker has
acknowledged all that came of the record; no exception leaves the agent: what is not expected ends the
process, and whoever started it starts it again, from the last committed offset. Records that became another
worker's meanwhile are let go: neither delivered nor acknowledged.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

import faust

from streams.contract.message import Message, Outgoing, clean_headers
from streams.contract.outcome import DeadLetter, Reason
from streams.flow.app import produce_timeout, raw_topic
from streams.flow.batches import take
from streams.flow.delivery import Ours, UndeliverableError, deliver
from streams.flow.ending import end_process
from streams.flow.fitting import fitting
from streams.flow.membership import Membership
from streams.flow.positions import Positions
from streams.flow.tables import KeptTable, attach_tables
from streams.settings import Settings
from streams.stages.reading import words_of
from streams.stages.stage import Applied, Stage, apply, reject
from streams.telemetry.events import OTHER, BatchWorked, DeliveryRetried, StageFinished, observe

log = logging.getLogger(__name__)

Compute = Callable[[Callable[[], list[Applied]]], Awaitable[list[Applied]]]


def attach_agent(app: faust.App, stage: Stage, settings: Settings, positions: Positions, compute: Compute) -> None:
    """Makes the stage an agent of the app. `compute` does its work off the loop, when it is the stage's turn.

    Concurrency is 1 by design: scale with workers and partitions. With more, Faust commits past records that are
    still being worked (faust-streaming issue 606).
    """
    channel = raw_topic(app, stage.reads)
    tables = attach_tables(app, stage, settings, positions)
    membership = Membership(app, settings.session_timeout - produce_timeout(settings))

    async def run(stream: Any) -> None:
        try:
            async for events in take(stream, settings.batch_records, settings.batch_wait):
                for batch in bounded(events, settings.batch_words):
                    ours = partial(membership.holds, batch[0].message.generation_id)
                    if not await _work_batch(app, stage, settings, positions, compute, tables, batch, ours):
                        _let_go(app, stage, batch)
                        continue
                    for event in batch:
                        await stream.ack(event)
                        message = event.message
                        if message not in app.consumer.outdated:  # type: ignore[attr-defined]
                            positions.worked(message.partition, message.offset, message.timestamp or 0.0)
        except (asyncio.CancelledError, GeneratorExit):  # stopped, or closed with the loop
            raise
        except BaseException as error:
            end_process(stage.name, error)

    app.agent(channel, name=f"{stage.name}-agent", concurrency=1)(run)


def bounded(events: Sequence[Any], words: int) -> Iterator[list[Any]]:
    """Cuts a batch so that none holds more than `words` words of text (a single long article is a batch alone).

    Records that were read in different generations of the group are not worked together either.
    """
    batch: list[Any] = []
    held = 0
    for event in events:
        size = words_of(event.message.value)
        if batch and (held + size > words or event.message.generation_id != batch[-1].message.generation_id):
            yield batch
            batch, held = [], 0
        batch.append(event)
        held += size
    if batch:
        yield batch


async def _work_batch(
    app: faust.App,
    stage: Stage,
    settings: Settings,
    positions: Positions,
    compute: Compute,
    tables: Sequence[KeptTable],
    events: Sequence[Any],
    ours: Ours,
) -> bool:
    """Whether all was delivered; if not, the records are another worker's by now."""
    if not await ours():  # before the work too: what hung a while ago need not be worked
        return False
    messages = [_message(event.message) for event in events]
    for table in tables:
        table.require(message.partition for message in messages)
    for message in messages:
        positions.taken(message.partition, message.offset, message.timestamp.timestamp())
    applied = await compute(lambda: [apply(stage, message) for message in messages])
    changes = [change for table in tables for change in table.changes()]
    written: dict[Outgoing, int] = {}

    def too_large(position: int, why: str) -> Outgoing:
        if position >= len(messages):
            raise UndeliverableError(f"{changes[position - len(messages)].topic}: max.message.bytes is too low: {why}")
        message, cut = fitting(messages[position], settings)
        return reject(stage, message, _refused(f"{cut}{why}"))

    async def send(record: Outgoing) -> Awaitable[Any]:
        sent: Awaitable[Any] = await app.producer.send(
            record.topic, record.key, record.value, record.partition, None, list(record.headers)
        )
        return sent if record.partition is None else _note_offset(sent, record, written)

    outgoing = [a.outgoing for a in applied] + changes
    delivered = await deliver(outgoing, send, too_large, ours, settings.delivery_backoff_max, positions.delivery_failed)
    if delivered is None:
        return False
    for table in tables:
        table.keep(written)
    for position in delivered.too_large:
        done = applied[position]
        applied[position] = Applied(done.outgoing, _refused("refused by the broker"), done.seconds)
    _count(stage, settings, applied, delivered.retries)
    for message, done in zip(messages, applied, strict=True):
        if isinstance(done.result, DeadLetter):
            _log_dead_letter(message, done.result)
    return True


def _let_go(app: faust.App, stage: Stage, events: Sequence[Any]) -> None:
    """A rebalance waits for what was taken and not acknowledged: not for these."""
    log.warning(
        "%s: %d records went to another worker before they were delivered here; if this comes again and again, a batch "
        "takes longer than STREAMS_REBALANCE_TIMEOUT: lower STREAMS_BATCH_WORDS",
        stage.name,
        len(events),
    )
    for event in events:
        app.consumer.unacked.discard(event.message)


async def _note_offset(sent: Awaitable[Any], record: Outgoing, offsets: dict[Outgoing, int]) -> None:
    offsets[record] = (await sent).offset


def _refused(why: str) -> DeadLetter:
    return DeadLetter(Reason.TOO_LARGE, f"the result is larger than the topic takes: {why}")


def _log_dead_letter(message: Message, error: DeadLetter) -> None:
    where = f"{message.topic} partition {message.partition} offset {message.offset}"
    log.warning("dead letter: %s: %s: %s", where, error.reason, error.message[:200])
    if error.stacktrace:
        log.info("%s", error.stacktrace)


def _message(message: Any) -> Message:
    return Message(
        value=message.value,
        key=message.key,
        headers=clean_headers(message.headers.items() if isinstance(message.headers, dict) else message.headers),
        topic=message.topic,
        partition=message.partition,
        offset=message.offset,
        timestamp=_moment(message.timestamp),
    )


def _moment(timestamp: float | None) -> datetime:
    """A record's time; the present where its producer set none, or one outside the calendar (microseconds, say)."""
    try:
        return datetime.fromtimestamp(timestamp, UTC) if timestamp else datetime.now(UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.now(UTC)


def _count(stage: Stage, settings: Settings, applied: Sequence[Applied], retries: int) -> None:
    model = stage.model.name if stage.model else None
    observe(BatchWorked(model, len(applied)))
    if retries:
        observe(DeliveryRetried(stage.name, retries))
    for done in applied:
        source = OTHER
        if not isinstance(done.result, DeadLetter) and done.result.source in settings.sources:
            source = done.result.source
        observe(StageFinished(stage.name, done.result, done.seconds, model, source))
