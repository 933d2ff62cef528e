"""Watches the stages of a worker: lag, progress, readiness."""

import asyncio
import logging
import time
from dataclasses import dataclass, field
from typing import Any

import faust
from aiokafka.errors import TopicAuthorizationFailedError
from mode import Service

from streams.flow.ending import end_process
from streams.flow.held_up import forbidden, held_up
from streams.flow.positions import Positions
from streams.stages.stage import Stage
from streams.telemetry.events import LagSeen, OffsetReset, Rebalanced, UnreadableSeen, observe
from streams.telemetry.web import serve

log = logging.getLogger(__name__)
_INTERVAL = 1.0  # seconds between looks
_ANSWER = 5.0  # seconds that a broker has to answer


@dataclass
class Watched:
    """One stage under watch. `moved_at` is the monotonic time at which it last made progress or had no lag."""

    app: faust.App
    stage: Stage
    positions: Positions
    lag: int = 0
    moved: int = 0
    moved_at: float = field(default_factory=time.monotonic)
    asked_at: float = field(default_factory=time.monotonic)
    behind_at: int | None = None
    stalled: bool = False
    held_up: str | None = None  # by the brokers, in words

    def unreadable(self) -> dict[Any, int]:
        """Where partitions stand at a batch that cannot be read, of changelogs too."""
        found = getattr(self.app.consumer, "unreadable", {})
        return {tp: problem.offset for tp, problem in found.items()}

    def partitions(self) -> set[int]:
        """The partitions of the stage's topic that this worker has now."""
        try:
            return {tp.partition for tp in self.app.consumer.assignment() if tp.topic == self.stage.reads}
        except Exception:  # the consumer is not there yet, or gone
            return set()


class Watch(Service):
    """Looks at every stage once a second, and serves metrics and health."""

    def __init__(self, watched: list[Watched], host: str, port: int, stall_seconds: float, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.watched = watched
        self.host, self.port, self.stall_seconds = host, port, stall_seconds
        self._was_ready = False
        for one in watched:
            one.app.on_partitions_assigned.connect(_on_assigned(one), weak=False)

    async def on_start(self) -> None:
        """Opens the port before the stages start, so that a worker without partitions says so."""
        self.runner = await serve(self.host, self.port, self.problems, self.not_ready)
        host, port, *_ = self.runner.addresses[0]
        log.info("metrics at http://%s:%d/metrics, health at /healthz and /readyz", host, port)

    async def on_stop(self) -> None:
        """Closes the port."""
        await self.runner.cleanup()

    def problems(self) -> dict[str, str]:
        """Why this worker should be restarted: a stage that has a broker, and lag or no end of a rebalance."""
        return {
            w.stage.name: f"no progress for {self.stall_seconds:.0f} s with {w.lag} records waiting"
            + (", in a rebalance" if w.app.rebalancing else "")
            for w in self.watched
            if w.stalled
        }

    def not_ready(self) -> dict[str, str]:
        """Why this worker does no work now. Models are loaded before the first stage starts."""
        problems: dict[str, str] = {}
        for w in self.watched:
            if w.app.in_recovery:
                problems[w.stage.name] = "reading back the states of its tables"
            elif w.app.rebalancing:
                problems[w.stage.name] = "rebalancing"
            elif not w.partitions():
                problems[w.stage.name] = "no partitions assigned"
            elif w.held_up:
                problems[w.stage.name] = w.held_up
            places = ", ".join(f"{tp.topic} {tp.partition} at {at}" for tp, at in sorted(w.unreadable().items()))
            if places:
                problems[w.stage.name] = f"a batch cannot be read in {places}"
        return problems

    @Service.task
    async def _look(self) -> None:
        while not self.should_stop:
            for one in self.watched:
                await self._look_at(one)
            self._tell_readiness()
            await self.sleep(_INTERVAL)

    def _tell_readiness(self) -> None:
        """Logs when the worker becomes ready, and when it is so no more."""
        problems = self.not_ready()
        if self._was_ready is bool(problems):
            if problems:
                log.warning("not ready: %s", "; ".join(f"{stage}: {why}" for stage, why in problems.items()))
            else:
                shares = (f"{w.stage.name} {len(w.partitions())}" for w in self.watched)
                log.info("ready; partitions: %s", ", ".join(shares))
        self._was_ready = not problems

    async def _look_at(self, one: Watched) -> None:
        partitions = one.partitions()
        one.positions.assigned(partitions)
        _note_resets(one)
        unreadable = one.unreadable()
        stuck = {tp.partition: at for tp, at in unreadable.items() if tp.topic == one.stage.reads}
        ends, starts = _offsets(one, partitions)
        known = one.positions.lag(ends, stuck | starts)
        observe(LagSeen(one.stage.reads, known))
        observe(UnreadableSeen(one.stage.reads, {number: number in stuck for number in partitions}))
        # What cannot be read is no stall: no restart helps against it. Nor does one where that holds up a table.
        one.lag = sum(behind for partition, (behind, _) in known.items() if partition not in stuck)
        if one.app.in_recovery and unreadable:
            one.moved_at = time.monotonic()
        now = time.monotonic()
        hidden = forbidden(one.app)
        if hidden:
            end_process(one.stage.name, TopicAuthorizationFailedError(*sorted(hidden)))
        one.held_up = held_up(one.app, one.stage.sinks, one.positions.refusal)
        if one.held_up or one.positions.moved != one.moved:  # no restart helps against the former
            one.moved, one.moved_at, one.behind_at, one.stalled = one.positions.moved, now, None, False
        elif not one.lag and not one.app.rebalancing:
            one.moved_at = now
            await self._ask_the_broker(one, partitions, now)
        elif now - one.moved_at > self.stall_seconds and not one.stalled:
            one.stalled = await broker_answers(one.app)
            if not one.stalled:
                one.moved_at = now

    async def _ask_the_broker(self, one: Watched, partitions: set[int], now: float) -> None:
        """Now and then asks for the log's ends: a consumer that died in silence sees no new high watermark.

        It is stalled when two answers in a row show records that were not worked in between.
        """
        if now - one.asked_at < self.stall_seconds:
            return
        one.asked_at = now
        was_behind, one.behind_at = one.behind_at, None
        if await _has_unseen(one, partitions):
            one.stalled = was_behind == one.positions.moved
            one.behind_at = one.positions.moved


def _note_resets(one: Watched) -> None:
    resets = getattr(one.app.consumer, "resets", ())
    while resets:
        reset = resets.popleft()
        if reset.tp.topic == one.stage.reads:
            one.positions.began_anew(reset.tp.partition, reset.lost, reset.start)
        observe(OffsetReset(one.stage.name, 0 if reset.backward else reset.start - reset.lost))


def _offsets(one: Watched, partitions: set[int]) -> tuple[dict[int, int], dict[int, int]]:
    """High watermarks as the consumer saw them, and the offsets at which the assignment began."""
    consumer: Any = one.app.consumer
    ends: dict[int, int] = {}
    starts: dict[int, int] = {}
    for tp in consumer.assignment() if partitions else ():
        if tp.topic != one.stage.reads:
            continue
        try:
            end = consumer.highwater(tp)
        except AssertionError:  # taken away meanwhile: the consumer has a thread of its own
            continue
        if end is not None:
            ends[tp.partition] = end
        start = consumer._committed_offset.get(tp)  # a private name; Faust is pinned exactly
        if start is not None:
            starts[tp.partition] = start
        elif end == 0:
            starts[tp.partition] = 0
    return ends, starts


async def _has_unseen(one: Watched, partitions: set[int]) -> bool:
    consumer: Any = one.app.consumer
    try:
        mine = [
            tp
            for tp in consumer.assignment() - one.unreadable().keys()
            if tp.topic == one.stage.reads and tp.partition in partitions
        ]
        ends = await asyncio.wait_for(consumer.highwaters(*mine), _ANSWER)
    except Exception:  # no answer, or no consumer yet, is no sign of a stall
        return False
    worked, committed = one.positions.by_partition, consumer._committed_offset
    return any(
        tp.partition in worked and end > max(worked[tp.partition].next, committed.get(tp) or 0)
        for tp, end in ends.items()
    )


async def broker_answers(app: faust.App) -> bool:
    """Whether a broker answers the app's producer."""
    producer: Any = app.producer
    try:
        await asyncio.wait_for(producer._producer.client.fetch_all_metadata(), _ANSWER)
    except Exception:
        return False
    return True


def _on_assigned(one: Watched) -> Any:
    async def on_assigned(app: faust.App, assigned: object, **_: Any) -> None:
        observe(Rebalanced(one.stage.name))

    return on_assigned
