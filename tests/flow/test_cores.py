"""Stages take turns at the cores: as many compute at a time as there are cores, the furthest along first."""

import asyncio
import os
import time
from collections.abc import Sequence
from functools import partial

import pytest

from streams.flow import cores
from streams.flow.cores import Cores, cores_of
from streams.settings import Settings


def work(some: Cores, ranks: Sequence[int]) -> tuple[int, list[int]]:
    """Asks for a computation of each rank at once: how many ran at the same time, and the ranks as they began."""
    running, most, began = set[int](), 0, list[int]()

    def computation(number: int) -> None:
        nonlocal most
        began.append(ranks[number])
        running.add(number)
        most = max(most, len(running))
        time.sleep(0.02)
        running.remove(number)

    async def all_of_them() -> None:
        await asyncio.gather(*(some.compute(rank, partial(computation, n)) for n, rank in enumerate(ranks)))

    asyncio.run(all_of_them())
    return most, began


def test_one_core_computes_one_batch_after_the_other() -> None:
    """The first is at work when the others come."""
    assert work(Cores(1), [2, 2, 1, 0]) == (1, [2, 0, 1, 2])


def test_two_cores_compute_two() -> None:
    most, began = work(Cores(2), [1, 1, 0, 0])
    assert (most, sorted(began)) == (2, [0, 0, 1, 1])


def test_who_has_waited_long_is_next_whoever_is_further_along(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cores, "_PATIENCE", 0.0)
    assert work(Cores(1), [0, 2, 1, 0])[1] == [0, 2, 1, 0]


def test_an_error_is_raised_and_the_next_gets_its_turn() -> None:
    async def both() -> int:
        one = Cores(1)
        with pytest.raises(ZeroDivisionError):
            await one.compute(0, lambda: 1 // 0)
        return await one.compute(0, lambda: 1)

    assert asyncio.run(both()) == 1


@pytest.mark.parametrize("moment", ["while it waits", "when its turn has come"])
def test_who_gives_up_leaves_the_turn_to_the_next(moment: str) -> None:
    async def third() -> str:
        one, work = Cores(1), partial(time.sleep, 0.05)

        async def ends_the_second() -> None:
            await one.compute(0, work)
            second.cancel()  # it has the turn, and does not know yet

        first = asyncio.ensure_future(ends_the_second() if moment == "when its turn has come" else one.compute(0, work))
        await asyncio.sleep(0.01)
        second = asyncio.ensure_future(one.compute(0, work))
        following = asyncio.ensure_future(one.compute(1, lambda: "its turn"))
        await asyncio.sleep(0.01)
        if moment == "while it waits":
            second.cancel()
        await first
        return await asyncio.wait_for(following, 5)

    assert asyncio.run(third()) == "its turn"


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="only Linux binds a process to cores")
def test_as_many_as_the_process_may_use_unless_a_setting_says_otherwise() -> None:
    before = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {min(before)})
        assert work(cores_of(Settings()), [0, 0, 0])[0] == 1
        assert work(cores_of(Settings(cores=3)), [0, 0, 0])[0] == 3
    finally:
        os.sched_setaffinity(0, before)
