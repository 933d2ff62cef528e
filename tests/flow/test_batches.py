"""Batches of what is there: full ones under load, and no waiting where nothing more comes."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest

from streams.flow.batches import take


class Stream:
    """A Faust stream of numbers: some are there at once, after each pause more."""

    def __init__(self, *parts: list[int], pause: float = 0.1) -> None:
        self.parts, self.pause = parts, pause
        self.enable_acks, self.current_event = True, -1

    async def __aiter__(self) -> Any:
        for i, part in enumerate(self.parts):
            if i:
                await asyncio.sleep(self.pause)
            for self.current_event in part:
                yield "its value"


def batches(stream: Stream, most: int = 4, within: float = 0.02, work: Callable[[], Any] | None = None) -> Any:
    async def run() -> list[list[int]]:
        found = []
        async for batch in take(stream, most, within):
            found.append(batch)
            if work:
                await work()
        return found

    return asyncio.run(run())


def test_what_is_there_comes_together_and_is_not_acknowledged() -> None:
    stream = Stream([1, 2, 3])
    assert batches(stream) == [[1, 2, 3]]
    assert not stream.enable_acks


def test_a_batch_has_an_end() -> None:
    assert batches(Stream([1, 2, 3, 4, 5, 6])) == [[1, 2, 3, 4], [5, 6]]


def test_nothing_waits_for_what_may_come() -> None:
    assert batches(Stream([1], [2], [3, 4])) == [[1], [2], [3, 4]]


def test_the_first_waits_for_others_a_little() -> None:
    assert batches(Stream([1], [2], pause=0.05), within=0.3) == [[1, 2]]


def test_one_event_at_most_is_taken_ahead() -> None:
    """What is taken holds up a rebalance until it is worked."""
    stream = Stream([1, 2, 3, 4, 5, 6])
    ahead = []

    async def work() -> None:
        await asyncio.sleep(0.05)
        ahead.append(stream.current_event)

    batches(stream, most=2, work=work)
    assert ahead == [3, 5, 6]


def test_nothing_runs_while_nothing_comes() -> None:
    cpu = time.process_time()
    assert batches(Stream([1], [2], pause=1.0)) == [[1], [2]]
    assert time.process_time() - cpu < 0.1


def test_an_error_of_the_stream_is_raised() -> None:
    class Broken(Stream):
        async def __aiter__(self) -> Any:
            yield 1
            raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        batches(Broken())
