"""What a broker answers to a fetch, where aiokafka 0.14 says nothing of it or lets all partitions suffer for one.

An offset that is not in the log (any more, or yet): aiokafka goes to the log's beginning and tells nobody, so that
Faust takes what comes then for repeats, and drops it.

A batch that cannot be read, since a byte rotted on the broker's disk: aiokafka raises without saying where, loses what
it read before it in the same fetch, and Faust ends. Here the partition waits, tried again now and then; the others go
on.

Notes are kept at aiokafka's state of the partition, which lasts as long as the assignment.
"""

import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiokafka.consumer import fetcher
from aiokafka.errors import CorruptRecordException, OffsetOutOfRangeError

from streams.flow.record_batches import Batches

RETRY = 30.0  # seconds until a batch that could not be read is tried again


@dataclass(frozen=True)
class Unreadable:
    """Where a partition stands at a batch that cannot be read. `after` is the first offset behind it, if the batch
    itself tells."""

    offset: int
    after: int | None
    why: str


@dataclass(frozen=True)
class Reset:
    """A partition whose position was not in the log: `lost` is that position, `start` where it goes on."""

    tp: Any
    lost: int
    start: int
    again: bool = False  # after a rebalance, since the group did not take note before it

    @property
    def backward(self) -> bool:
        """The log ended before the position; otherwise it began after it."""
        return self.start <= self.lost

    def line(self, end: int | None) -> str:
        """What an operator has to know of it; `end` is the log's, if known."""
        head = f"{self.tp.topic} partition {self.tp.partition}: offset {self.lost}, where this worker was to go on, is "
        if self.backward:
            return (
                f"{head}beyond the log's end{'' if end is None else f' at {end}'}: the broker lost records or the "
                f"topic was made again; going on from offset {self.start}, so that records may come twice"
            )
        return (
            f"{head}not kept any more: {self.start - self.lost} offsets were deleted before they were read; going on "
            f"from offset {self.start}"
        )


def unreadable_line(tp: Any, problem: Unreadable, group: str) -> str:
    """What an operator has to know of a batch that cannot be read."""
    after = problem.offset + 1 if problem.after is None else problem.after
    return (
        f"{tp.topic} partition {tp.partition} offset {problem.offset}: the batch there, up to offset {after - 1}, "
        f"cannot be read ({problem.why}): this partition waits, tried again every {RETRY:.0f} s, the others go "
        f"on; give another replica the lead, or, to lose that batch, stop the workers of {group} and run "
        "kafka-consumer-groups "
        f"--group {group} --topic {tp.topic}:{tp.partition} --reset-offsets --to-offset {after} --execute"
    )


def states(consumer: Any) -> Iterator[tuple[Any, Any]]:
    """The partitions of an aiokafka consumer, each with aiokafka's state of it."""
    subscription = consumer._subscription.subscription
    assignment = subscription and subscription.assignment
    for tp in assignment.tps if assignment else ():
        yield tp, assignment.state_value(tp)


def note_fetches(consumer: Any) -> None:
    """Makes a consumer keep note of what goes wrong in its fetches; before it starts."""
    fetcher.FetchResult.getall = _getall
    fetcher.MemoryRecords = Batches
    send: Callable[..., Awaitable[Any]] = consumer._client.send

    async def noting(node: Any, request: Any, *args: Any, **kwargs: Any) -> Any:
        response = await send(node, request, *args, **kwargs)
        if isinstance(request, fetcher.FetchRequest):
            asked = {(topic, number): offset for topic, some in request.topics for number, offset, *_ in some}
            by_place = {(tp.topic, tp.partition): state for tp, state in states(consumer)}
            for topic, partitions in response.topics:
                for number, code, *_ in partitions:
                    state = by_place.get((topic, number))
                    # An answer to what is not asked any more: aiokafka drops it too.
                    if state and state.has_valid_position and state.position == asked[topic, number]:
                        _note_error(state, code)
        return response

    consumer._client.send = noting


def resets(consumer: Any, records: Mapping[Any, Sequence[Any]]) -> Iterator[Reset]:
    """Partitions that began anew before these records of theirs were fetched; each once."""
    for tp, state in states(consumer):
        lost = getattr(state, "out_of_range", None)
        if lost is not None and state.has_valid_position:
            state.out_of_range = None
            yield Reset(tp, lost, records[tp][0].offset if records.get(tp) else state.position)


def unreadable(consumer: Any) -> dict[Any, Unreadable]:
    """Partitions that stand at what cannot be read; each is tried again after `RETRY` seconds."""
    found = {}
    for tp, state in states(consumer):
        problem: Unreadable | None = getattr(state, "unreadable", None)
        if problem and state.has_valid_position and state.position != problem.offset:
            problem = state.unreadable = None  # read at last, or skipped
        if problem:
            found[tp] = problem
            if state.paused and time.monotonic() > state.unreadable_at + RETRY:
                state.resume()
    return found


def _note_error(state: Any, code: int) -> None:
    if code == OffsetOutOfRangeError.errno:
        state.out_of_range = state.position
    elif code == CorruptRecordException.errno:  # aiokafka would ask again at once, and for ever
        _note_unreadable(state, None, "the broker cannot read it")


def _note_unreadable(state: Any, after: int | None, why: str) -> None:
    state.unreadable, state.unreadable_at = Unreadable(state.position, after, why), time.monotonic()
    state.pause()


def _getall(self: Any, max_records: int | None = None) -> list[Any]:
    """As aiokafka's, but for what cannot be read: what comes before it is given out, and the partition waits."""
    state = self._assignment.active and self._assignment.state_value(self._topic_partition)
    if state and not state.has_valid_position:  # looked up anew since: aiokafka fails an assertion here
        self._partition_records = None
        return []
    if not self.check_assignment(self._topic_partition) or not self.has_more():
        return []
    unpacked, records = self._partition_records, list[Any]()
    try:
        for record in unpacked:
            records.append(record)
            if max_records is not None and len(records) >= max_records:
                break
        else:
            self._partition_records = None
        state.consumed_to(unpacked.next_fetch_offset)
    except Exception as error:
        self._partition_records = None
        state.consumed_to(unpacked.next_fetch_offset)
        _note_unreadable(state, _after(unpacked._records.last, state), f"{type(error).__name__}: {error}")
    return records


def _after(batch: Any, state: Any) -> int | None:
    """The offset behind a batch, unless what it says of itself is rotten too."""
    after = getattr(batch, "next_offset", None)
    return after if after is not None and state.position < after <= (state.highwater or 0) else None
