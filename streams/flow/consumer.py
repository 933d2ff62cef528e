"""Faust's consumer, woken promptly, and careful in a rebalance.

When the buffers of all partitions are full, Faust 0.15.3 sleeps a whole second before it looks again
(`Consumer._wait_next_records`), and a fetch that began while some were full waits as long for the others
alone. With a buffer small enough to be worked off within a rebalance, the stage would then sit idle for
most of that second. Faust is pinned exactly because of this private name.

In a rebalance Faust forgets what was acknowledged and not yet committed, and those records come again. And in one
that comes while it stops, it closes the consumer under the batch in hand, from the wrong thread.

And where an app has no tables, it leaves the app's assignor aside for aiokafka's round robin by member id.

What producers write in transactions is read once they commit; what they abort is not read at all. Of the offsets that
this leaves without a record Faust knows too little: after those that follow offset 0 it commits no more, the record
after others it takes for acknowledged, and it stays before those at a partition's end, with a lag that never goes.

A position that is not in the log makes a partition begin anew, and what cannot be read makes it wait
(`flow/fetches.py`).
"""

import asyncio
import logging
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any
from weakref import WeakSet

import faust
from aiokafka.errors import KafkaError
from faust.transport.consumer import ensure_TP
from faust.transport.drivers.aiokafka import AIOKafkaConsumerThread, Consumer

from streams.flow import fetches
from streams.flow.fetches import Reset, Unreadable
from streams.flow.missing_topics import let_go_of_missing_topics

log = logging.getLogger(__name__)
_LOOK = 0.02  # seconds
_ANSWER = 5.0  # seconds that a broker has to answer


class _Thread(AIOKafkaConsumerThread):
    """Shares out partitions as the app says, and reads what is committed.

    `empty` are the offsets without a record that the last fetch came past, by partition.
    """

    empty: Mapping[Any, Sequence[range]] = MappingProxyType({})
    unreadable: Mapping[Any, Unreadable] = MappingProxyType({})

    def __post_init__(self) -> None:
        super().__post_init__()
        self.resets: deque[Reset] = deque()
        self._unconfirmed: dict[Any, tuple[Reset, Any]] = {}  # with aiokafka's state of the partition then

    def highwater(self, tp: Any) -> Any:
        """Where the partition ends for a reader: before the first transaction that is not over."""
        stable = self._ensure_consumer().last_stable_offset(tp)
        return super().highwater(tp) if stable is None or stable < 0 else stable

    def _create_worker_consumer(self, transport: Any) -> Any:
        consumer = super()._create_worker_consumer(transport)
        consumer._isolation_level = "read_committed"  # Faust sets it for its own transactions only
        fetches.note_fetches(consumer)
        let_go_of_missing_topics(consumer)
        return consumer

    async def _fetch_records(self, consumer: Any, *args: Any, **kwargs: Any) -> Any:
        if self.consumer.flow_active:
            self._begin_again(consumer)
        before = dict(_positions(consumer))
        records = await super()._fetch_records(consumer, *args, **kwargs)
        self.empty = {
            tp: without_record(before.get(tp, position), position, [record.offset for record in records.get(tp, ())])
            for tp, position in _positions(consumer)
        }
        for reset in fetches.resets(consumer, records):
            self._unconfirmed[reset.tp] = reset, dict(fetches.states(consumer))[reset.tp]
            self.resets.append(reset)
        self.unreadable = fetches.unreadable(consumer)
        return records

    def _begin_again(self, consumer: Any) -> None:
        """The group knows nothing of a reset that was not committed before a rebalance: it would go on from the lost
        offset, and leave out what the log has up to it by now."""
        held = dict(fetches.states(consumer))
        for tp, (reset, state) in list(self._unconfirmed.items()):
            if held and tp not in held:  # another worker's
                del self._unconfirmed[tp]
            elif held and held[tp] is not state:
                consumer.seek(tp, reset.start)
                self._unconfirmed[tp] = reset, held[tp]
                self.resets.append(replace(reset, again=True))

    async def _commit(self, offsets: Mapping[Any, int]) -> bool:
        done = await super()._commit(offsets)
        for tp in offsets if done else ():
            self._unconfirmed.pop(tp, None)
        return done

    async def begin_at(self, reset: Reset) -> int | None:
        """Commits where a partition goes on, and gives its end; None where the broker does not answer."""
        return await self.call_thread(self._begin_at, reset)  # type: ignore[no-any-return]

    async def _begin_at(self, reset: Reset) -> int | None:
        consumer, tp = self._ensure_consumer(), reset.tp
        self._unconfirmed.setdefault(tp, (reset, None))  # a commit under way may have taken it out
        try:
            await asyncio.wait_for(consumer.commit({tp: reset.start}), _ANSWER)
            self._unconfirmed.pop(tp, None)
            ends = await asyncio.wait_for(consumer.end_offsets([tp]), _ANSWER)
        except (KafkaError, TimeoutError):  # a rebalance, say
            return None
        return int(ends[tp])

    @property
    def _assignor(self) -> Any:
        return self.app.assignor

    @_assignor.setter
    def _assignor(self, chosen: Any) -> None:
        """What Faust would take is let go."""


class PromptConsumer(Consumer):
    """Looks every 20 ms whether a buffer has room again, as long as one is full; commits before partitions go.

    `resets` are what became of partitions whose position was not in the log, for whoever counts them; `outdated` the
    records that were read before: delivered if they are in work, but their offsets mean others now.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.resets: deque[Reset] = deque()
        self.outdated: WeakSet[Any] = WeakSet()
        self._told: dict[Any, Unreadable] = {}

    @property
    def unreadable(self) -> Mapping[Any, Unreadable]:
        """Partitions that stand at what cannot be read."""
        thread: Any = self._thread
        return {ensure_TP(tp): problem for tp, problem in thread.unreadable.items()}

    def _new_consumer_thread(self) -> AIOKafkaConsumerThread:
        return _Thread(self, loop=self.loop, beacon=self.beacon)

    async def on_partitions_revoked(self, revoked: set[Any]) -> None:
        """Commits what is acknowledged; a worker that stops has its batch in hand finished first."""
        if self.app.should_stop:
            await self.wait_empty()
            return
        await self.commit()
        await super().on_partitions_revoked(revoked)

    async def on_partitions_assigned(self, assigned: set[Any], generation_id: int = 0) -> None:
        """Nothing is begun by a worker that stops: it leaves the group in a moment."""
        if not self.app.should_stop:
            await super().on_partitions_assigned(assigned, generation_id)

    async def _getmany(self, active_partitions: set[Any] | None, timeout: float) -> Any:
        thread: Any = self._thread
        records = await super()._getmany(active_partitions, timeout)
        while thread.resets:
            await self._begin_anew(thread.resets.popleft())
        self._tell_unreadable()
        for tp, found in thread.empty.items():
            for offsets in found:
                self._nothing_at(ensure_TP(tp), offsets)
        return records

    def ack(self, message: Any) -> bool:
        """Counts an acknowledgement, unless its offset is another record's by now."""
        if message not in self.outdated:
            return bool(super().ack(message))
        message.acked = True
        self._unacked_messages.discard(message)
        return False

    async def _begin_anew(self, reset: Reset) -> None:
        """Forgets what Faust holds for read, acknowledged and committed in a partition, which goes on elsewhere."""
        tp = ensure_TP(reset.tp)
        while await self.maybe_wait_for_commit_to_finish():
            """A commit under way would note its offsets after this."""
        self.outdated.update(message for message in self._unacked_messages if message.tp == tp)
        for held in (self._gap, self._acked, self._acked_index):
            held.pop(tp, None)
        self._read_offset[tp] = self._committed_offset[tp] = reset.start or None
        thread: Any = self._thread
        end = await thread.begin_at(reset)
        if not reset.again:
            self.resets.append(reset)
            log.warning("%s", reset.line(end))

    def _tell_unreadable(self) -> None:
        found = self.unreadable
        for tp, problem in found.items():
            if self._told.get(tp) != problem:
                log.error("%s", fetches.unreadable_line(tp, problem, self.app.conf.id))
        self._told = dict(found)

    async def _add_gap(self, tp: Any, offset_from: int, offset_to: int) -> None:
        """What Faust finds before the record at `offset_to`, which it would count in."""
        self._nothing_at(tp, range(offset_from, offset_to))

    def _nothing_at(self, tp: Any, offsets: range) -> None:
        """Offsets without a record are as good as acknowledged."""
        if not self.app.topics.acks_enabled_for(tp.topic):
            return
        committed = self._committed_offset[tp] or 0
        if offsets.start <= committed < offsets.stop:
            # All before them is done, so the last stands for them: retention may have deleted millions.
            committed = self._committed_offset[tp] = offsets.stop - 1
        known = self._acked_index[tp]
        new = [offset for offset in range(max(committed, offsets.start), offsets.stop) if offset not in known]
        known.update(new)
        self._acked[tp].extend(new)

    async def _wait_next_records(self, timeout: float) -> Any:
        for _ in range(int(timeout / _LOOK)):
            if self.should_stop or not self.flow_active or self._get_active_partitions():
                break
            await self.sleep(_LOOK)
        # A fetch waits only for the partitions that had room when it began.
        return await super()._wait_next_records(_LOOK if self._buffered_partitions else timeout)


def without_record(before: int, after: int, records: Sequence[int]) -> list[range]:
    """Offsets that a fetch came past, from one position to another, and that were none of its records.

    It may have begun lower: a partition that is new has its first position only during the fetch.
    """
    starts = [min(before, *records[:1], after), *(offset + 1 for offset in records)]
    return [range(start, end) for start, end in zip(starts, [*records, after], strict=True) if start < end]


def _positions(consumer: Any) -> Iterator[tuple[Any, int]]:
    """The partitions of a consumer, and the offset in each up to which it has handed out records."""
    for tp, state in fetches.states(consumer):
        if state.has_valid_position:
            yield tp, state.position


def use_prompt_consumer(app: faust.App) -> None:
    """Makes the app's consumer a prompt one; before the app starts."""
    transport: Any = app.transport
    transport.Consumer = PromptConsumer
