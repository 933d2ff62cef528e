"""A partition that goes on elsewhere, as Faust's consumer has it: what it held of offsets means nothing any more."""

import asyncio
import logging
from collections import defaultdict, deque
from types import SimpleNamespace
from typing import Any
from weakref import WeakSet

import pytest
from faust.types import TP

from streams.flow.consumer import PromptConsumer, _Thread
from streams.flow.fetches import Reset, Unreadable, unreadable_line

RAW = TP("news.raw", 0)


class Message:
    """A record in hand."""

    def __init__(self, offset: int) -> None:
        self.topic, self.partition, self.tp, self.offset, self.acked = RAW.topic, 0, RAW, offset, False


class Thread:
    """The consumer's thread, with a broker that knows the log's end unless it is away."""

    def __init__(self, end: int | None) -> None:
        self.end, self.begun = end, list[int]()

    async def begin_at(self, reset: Reset) -> int | None:
        self.begun.append(reset.start)
        return self.end


def consumer(end: int | None = 30) -> Any:
    """Only what Faust keeps of offsets, and two records in hand; 50 is committed."""
    made: Any = PromptConsumer.__new__(PromptConsumer)
    made.app = SimpleNamespace(topics=SimpleNamespace(acks_enabled_for=lambda topic: topic == RAW.topic))
    made._acked, made._acked_index, made._gap = defaultdict(list), defaultdict(set), defaultdict(list)
    made._committed_offset, made._read_offset = defaultdict(lambda: None), defaultdict(lambda: None)
    made._committed_offset[RAW] = made._read_offset[RAW] = 50
    made.hand = [Message(50), Message(51)]
    made._unacked_messages, made.outdated, made.resets = WeakSet(made.hand), WeakSet(), deque()
    made._n_acked, made._thread = 0, Thread(end)
    return made


def test_records_below_the_lost_position_are_read_and_committed_again() -> None:
    """Faust would drop them as repeats, and commit nothing up to 50."""
    made = consumer()
    asyncio.run(made._begin_anew(Reset(RAW, 50, 0)))
    assert made._read_offset[RAW] is None
    new = [Message(0), Message(1)]
    made._unacked_messages.update(new)
    assert all(made.ack(message) for message in new)
    assert made._new_offset(RAW) == 2
    assert made._thread.begun == [0]
    assert list(made.resets) == [Reset(RAW, 50, 0)]


def test_once_more_after_a_rebalance_is_not_counted_twice() -> None:
    made = consumer()
    asyncio.run(made._begin_anew(Reset(RAW, 50, 0, again=True)))
    assert made._read_offset[RAW] is None
    assert made._thread.begun == [0]
    assert not made.resets


def test_a_record_in_work_from_before_counts_for_no_offset_of_the_new_log() -> None:
    """It is delivered, and a stop waits for it; but the record that is at its offset now is another."""
    made = consumer()
    asyncio.run(made._begin_anew(Reset(RAW, 50, 0)))
    assert len(made._unacked_messages) == 2
    assert not any(made.ack(message) for message in made.hand)
    assert all(message.acked for message in made.hand)
    assert not made._unacked_messages
    assert not made._acked[RAW]


def test_a_commit_under_way_is_waited_for() -> None:
    """It notes its offsets when it is done, and would hold back the new ones."""

    async def test() -> None:
        made = consumer()
        made._commit_fut = asyncio.get_running_loop().create_future()
        beginning = asyncio.ensure_future(made._begin_anew(Reset(RAW, 60, 0)))
        await asyncio.sleep(0)
        made._committed_offset[RAW] = 60
        commit, made._commit_fut = made._commit_fut, None
        commit.set_result(None)
        await beginning
        assert made._committed_offset[RAW] is None

    asyncio.run(test())


def test_what_retention_deleted_is_passed() -> None:
    made = consumer()
    asyncio.run(made._begin_anew(Reset(RAW, 52, 1_000_000)))
    made._unacked_messages.add(first := Message(1_000_000))
    assert made.ack(first)
    assert made._new_offset(RAW) == 1_000_001


@pytest.mark.parametrize(
    ("reset", "end", "said"),
    [
        (Reset(RAW, 50, 0), 30, "news.raw partition 0: offset 50, where this worker was to go on, is beyond the log's "
         "end at 30: the broker lost records or the topic was made again; going on from offset 0, so that records may "
         "come twice"),
        (Reset(RAW, 50, 10), None, "news.raw partition 0: offset 50, where this worker was to go on, is beyond the "
         "log's end: the broker lost records or the topic was made again; going on from offset 10, so that records may "
         "come twice"),
        (Reset(RAW, 50, 90), 95, "news.raw partition 0: offset 50, where this worker was to go on, is not kept any "
         "more: 40 offsets were deleted before they were read; going on from offset 90"),
    ],
)  # fmt: skip
def test_the_warning(reset: Reset, end: int | None, said: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        asyncio.run(consumer(end)._begin_anew(reset))
    assert caplog.messages == [said]


def test_the_line_on_a_batch_that_cannot_be_read_says_how_to_skip_it() -> None:
    line = unreadable_line(RAW, Unreadable(15, 23, "CorruptRecordException: Invalid CRC"), "news-normalise")
    assert line.startswith("news.raw partition 0 offset 15: the batch there, up to offset 22, cannot be read (Corrupt")
    assert line.endswith(
        "stop the workers of news-normalise and run kafka-consumer-groups --group news-normalise --topic news.raw:0 "
        "--reset-offsets --to-offset 23 --execute"
    )
    assert "up to offset 15, cannot" in unreadable_line(RAW, Unreadable(15, None, "rot"), "news-normalise")


def after_a_rebalance(confirmed: bool) -> tuple[Any, list[tuple[TP, int]]]:
    """A thread whose group did or did not take note of a reset, and where its consumer was made to go on."""
    before, after, sought = object(), object(), list[tuple[TP, int]]()
    thread: Any = _Thread.__new__(_Thread)
    thread.resets, thread._unconfirmed = deque(), {} if confirmed else {RAW: (Reset(RAW, 60, 0), before)}
    assignment = SimpleNamespace(tps=[RAW], state_value=lambda tp: after)
    subscription = SimpleNamespace(subscription=SimpleNamespace(assignment=assignment))
    made = SimpleNamespace(_subscription=subscription, seek=lambda tp, offset: sought.append((tp, offset)))
    for _ in range(2):
        thread._begin_again(made)
    return thread, sought


def test_a_reset_that_the_group_took_no_note_of_outlives_a_rebalance() -> None:
    """The broker came back without its members: the commit failed, the group still says 60, and the log has 70."""
    thread, sought = after_a_rebalance(confirmed=False)
    assert sought == [(RAW, 0)], "once for each assignment"
    assert list(thread.resets) == [Reset(RAW, 60, 0, again=True)]
    assert after_a_rebalance(confirmed=True)[1] == []
