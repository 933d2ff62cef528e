"""What a fetch finds: a batch that cannot be read holds up its partition alone, a lost position is told once."""

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.consumer.fetcher import FetchRequest, FetchResult, PartitionRecords
from aiokafka.consumer.subscription_state import SubscriptionState
from aiokafka.record.default_records import DefaultRecordBatchBuilder

from streams.flow import fetches
from streams.flow.fetches import Reset, Unreadable
from streams.flow.record_batches import Batches

RAW = TopicPartition("news.raw", 0)
Batch = tuple[int, list[str]]  # base offset, texts
FOUR: list[Batch] = [(0, ["nul", "een"]), (2, ["twee"]), (3, ["drie", "vier"]), (5, ["vijf"])]


class Fetching:
    """A consumer of one partition at an offset, with a broker whose answers are played."""

    def __init__(self, position: int) -> None:
        self.subscription = SubscriptionState()
        self.subscription.subscribe({RAW.topic})
        self.subscription.assign_from_subscribed([RAW])
        self.assignment = self.subscription.subscription.assignment
        self.state = self.assignment.state_value(RAW)
        self.state.reset_to(position)
        self.code = 0
        client = SimpleNamespace(send=self._send)
        self.consumer = SimpleNamespace(_subscription=self.subscription, _client=client)
        fetches.note_fetches(self.consumer)

    async def _send(self, node: int, request: Any) -> Any:
        return SimpleNamespace(topics=[(RAW.topic, [(RAW.partition, self.code, 6)])])

    async def ask(self, code: int, offset: int) -> None:
        """A fetch at an offset, answered with an error's code."""
        self.code = code
        request = FetchRequest(500, 1, 1 << 20, 1, [(RAW.topic, [(RAW.partition, offset, 1 << 20)])])
        await self.consumer._client.send(1, request)

    def fetched(self, log: bytes) -> FetchResult:
        """Bytes of the log, as they come at the consumer's position."""
        self.state.highwater = 6
        records = Batches(log)
        unpacked = PartitionRecords(RAW, records, None, self.state.position, None, None, True, 1)
        return FetchResult(RAW, assignment=self.assignment, partition_records=unpacked, backoff=0.1)


def log(batches: list[Batch], rotten: str = "") -> bytes:
    """A partition's log; in the record `rotten` one byte is wrong."""
    written = b""
    for base, texts in batches:
        builder = DefaultRecordBatchBuilder(2, 0, False, -1, -1, -1, 1 << 20)
        for place, text in enumerate(texts):
            builder.append(place, 0, None, text.encode(), [])
        written += base.to_bytes(8, "big") + bytes(builder.build())[8:]
    return written.replace(rotten.encode(), b"?" + rotten[1:].encode()) if rotten else written


def run(test: Callable[[Fetching], Any], position: int = 0) -> None:
    async def inside() -> None:
        done = test(Fetching(position))
        if done is not None:
            await done

    asyncio.run(inside())


def test_what_was_fetched_before_the_position_was_lost_is_dropped() -> None:
    """aiokafka asserts that there is a position, which ends the worker."""

    def test(fetching: Fetching) -> None:
        result = fetching.fetched(log(FOUR))
        fetching.state.await_reset(0)
        assert result.getall(10) == []
        assert not result.has_more()

    run(test)


@pytest.mark.parametrize("most", [None, 3, 32])
def test_what_comes_before_a_rotten_batch_is_given_out_and_the_partition_waits_at_it(most: int | None) -> None:
    def test(fetching: Fetching) -> None:
        result = fetching.fetched(log(FOUR, rotten="vier"))
        values = [record.value for record in result.getall(most)]
        if most == 3:  # as many as were asked for: the next call meets the batch
            assert fetches.unreadable(fetching.consumer) == {}
            values += [record.value for record in result.getall(most)]
        assert values == [b"nul", b"een", b"twee"]
        assert not result.has_more()
        (problem,) = fetches.unreadable(fetching.consumer).values()
        assert (problem.offset, problem.after) == (3, 5)
        assert problem.why.startswith("CorruptRecordException: ")
        assert fetching.state.paused

    run(test)


def test_a_batch_that_is_rotten_in_what_it_says_of_itself_names_its_first_offset_only() -> None:
    def test(fetching: Fetching) -> None:
        whole = log(FOUR)
        at = whole.index(b"drie")
        batch = whole.rindex((3).to_bytes(8, "big"), 0, at)
        rotten = whole[: batch + 23] + b"\x70" + whole[batch + 24 :]  # the first byte of its last offset's delta
        fetching.fetched(rotten).getall()
        (problem,) = fetches.unreadable(fetching.consumer).values()
        assert (problem.offset, problem.after) == (3, None)

    run(test)


def test_it_is_tried_again_and_forgotten_once_the_partition_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def test(fetching: Fetching) -> None:
        now = [100.0]
        monkeypatch.setattr(fetches, "time", SimpleNamespace(monotonic=lambda: now[0]))
        fetching.fetched(log(FOUR, rotten="nul")).getall()
        now[0] += fetches.RETRY - 1
        assert RAW in fetches.unreadable(fetching.consumer)
        assert fetching.state.paused
        now[0] += 2
        assert RAW in fetches.unreadable(fetching.consumer)
        assert not fetching.state.paused
        assert len(fetching.fetched(log(FOUR)).getall()) == 6  # another replica leads
        assert fetches.unreadable(fetching.consumer) == {}

    run(test)


def test_what_the_broker_cannot_read_itself_is_not_asked_again_at_once() -> None:
    async def test(fetching: Fetching) -> None:
        await fetching.ask(code=2, offset=4)
        assert fetches.unreadable(fetching.consumer) == {RAW: Unreadable(4, None, "the broker cannot read it")}
        assert fetching.state.paused

    run(test, position=4)


@pytest.mark.parametrize(("position", "start", "backward"), [(50, 0, True), (5, 30, False), (50, 50, True)])
def test_a_position_that_is_not_in_the_log_is_told_once_it_is_known_where_it_goes_on(
    position: int, start: int, backward: bool
) -> None:
    async def test(fetching: Fetching) -> None:
        await fetching.ask(code=1, offset=position)
        fetching.state.await_reset(-2)  # as aiokafka does then
        assert list(fetches.resets(fetching.consumer, {})) == []
        fetching.state.reset_to(start)
        (reset,) = fetches.resets(fetching.consumer, {})
        assert reset == Reset(RAW, position, start)
        assert reset.backward is backward
        assert list(fetches.resets(fetching.consumer, {})) == []

    run(test, position)


def test_it_goes_on_at_the_first_record_that_came_with_it() -> None:
    async def test(fetching: Fetching) -> None:
        await fetching.ask(code=1, offset=50)
        fetching.state.await_reset(-2)
        fetching.state.reset_to(7)
        records = [SimpleNamespace(offset=5), SimpleNamespace(offset=6)]
        assert list(fetches.resets(fetching.consumer, {RAW: records})) == [Reset(RAW, 50, 5)]

    run(test, position=50)


def test_an_answer_to_a_fetch_that_is_not_asked_any_more_is_nothing() -> None:
    async def test(fetching: Fetching) -> None:
        for code in (1, 2):
            await fetching.ask(code, offset=50)
        assert list(fetches.resets(fetching.consumer, {})) == []
        assert fetches.unreadable(fetching.consumer) == {}

    run(test, position=60)
