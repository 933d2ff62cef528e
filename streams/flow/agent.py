"""A stage as a Faust agent: take a batch, process it (`batch.py`), acknowledge.

An offset is acknowledged only after the broker has
acknowledged all that came of the record; no exception leaves the agent: what is not expected ends the
process, and whoever started it starts it again, from the last committed offset. Records that became another
worker's meanwhile are let go: neither delivered nor acknowledged.
"""

import asyncio
import logging
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import faust

from streams.flow.app import produce_timeout, raw_topic
from streams.flow.batch import Batch, Compute, Step
from streams.flow.batches import take
from streams.flow.ending import end_process
from streams.flow.membership import Membership
from streams.flow.positions import Positions
from streams.flow.tables import attach_tables
from streams.settings import Settings
from streams.stages.reading import words_of
from streams.stages.stage import Stage

log = logging.getLogger(__name__)


def attach_agent(app: faust.App, stage: Stage, settings: Settings, positions: Positions, compute: Compute) -> None:
    """Makes the stage an agent of the app. `compute` does its work off the loop, when it is the stage's turn.

    Concurrency is 1 by design: scale with workers and partitions. With more, Faust commits past records that are
    still being worked (faust-streaming issue 606).
    """
    channel = raw_topic(app, stage.reads)
    step = Step(app, stage, settings, positions, compute, attach_tables(app, stage, settings, positions))
    membership = Membership(app, settings.session_timeout - produce_timeout(settings))

    async def run(stream: Any) -> None:
        try:
            async for events in take(stream, settings.batch_records, settings.batch_wait):
                for batch in bounded(events, settings.batch_words):
                    ours = partial(membership.holds, batch[0].message.generation_id)
                    if not await Batch(step, batch, ours).process():
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
