"""What a worker may deliver: only what is still its own, as far as the group's coordinator has said."""

import asyncio
import math
import time
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.consumer.group_coordinator import CoordinatorGroupRebalance, GroupCoordinator
from aiokafka.errors import KafkaTimeoutError

from streams.flow import membership
from streams.flow.membership import Membership, note_heartbeats
from tests.flow.fake_faust import Faust, event
from tests.flow.test_agent import attached

NOBODY, FIRST, SECOND = -1, 1, 2


def place(generation: int, heard: float) -> tuple[Membership, Any]:
    """A member whose coordinator's word counts for 6 s, and that coordinator's state to be changed."""
    faust = Faust(coordinator=SimpleNamespace(generation=generation, heard=heard))
    return Membership(faust, lease=6), faust.coordinator  # type: ignore[arg-type]


async def later(done: Any, **changes: Any) -> None:
    await asyncio.sleep(0.1)
    vars(done).update(changes)


def test_while_the_word_counts_what_was_read_is_ours() -> None:
    member, _ = place(FIRST, heard=time.monotonic() - 5)
    assert asyncio.run(member.holds(FIRST))


@pytest.mark.parametrize("now", [NOBODY, SECOND])
def test_what_was_read_before_a_rebalance_is_not(now: int) -> None:
    member, _ = place(now, heard=time.monotonic())
    assert not asyncio.run(member.holds(FIRST))


def test_nothing_is_ours_outside_of_a_group() -> None:
    member, _ = place(NOBODY, heard=time.monotonic())
    assert not asyncio.run(member.holds(NOBODY))


@pytest.mark.parametrize(("answer", "ours"), [(FIRST, True), (NOBODY, False)], ids=["a member", "unknown"])
def test_after_a_silence_the_coordinator_decides(answer: int, ours: bool) -> None:
    member, coordinator = place(FIRST, heard=time.monotonic() - 7)

    async def heard_again() -> tuple[bool, bool]:
        asked = asyncio.ensure_future(member.holds(FIRST))
        await asyncio.sleep(0.1)
        waited = not asked.done()
        await later(coordinator, heard=time.monotonic(), generation=answer)
        return waited, await asked

    assert asyncio.run(heard_again()) == (True, ours)


def test_a_batch_that_is_another_workers_by_now_is_let_go() -> None:
    faust = Faust([[event(0), event(1)]], coordinator=SimpleNamespace(generation=NOBODY, heard=math.inf))
    attached(faust)
    assert faust.run
    asyncio.run(faust.run(faust))  # type: ignore[arg-type]
    assert faust.log == ["let go 0", "let go 1"]


def test_a_delivery_is_not_repeated_for_what_is_another_workers_by_now(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first sending times out; meanwhile the group has gone on without this worker."""
    faust = Faust([[event(0)], [event(0, generation_id=SECOND)]], errors=[KafkaTimeoutError()])
    attached(faust)
    assert faust.run
    run = faust.run

    async def rebalanced() -> None:
        await asyncio.gather(run(faust), later(faust.coordinator, generation=SECOND))

    monkeypatch.setattr("streams.flow.delivery._FIRST_PAUSE", 0.3)
    asyncio.run(rebalanced())
    assert faust.log == ["let go 0", "delivered news.articles urn:x:0", "acknowledged 0"]


def test_what_was_read_before_a_rebalance_is_let_go_also_beside_what_was_read_after_it() -> None:
    """Acknowledged past what was let go, the latter would be lost."""
    taken_ahead, read_again = event(0), event(0, generation_id=SECOND)
    coordinator = SimpleNamespace(generation=SECOND, heard=math.inf)
    faust = Faust([[taken_ahead, read_again]], coordinator=coordinator)
    attached(faust)
    assert faust.run
    asyncio.run(faust.run(faust))  # type: ignore[arg-type]
    assert faust.log == ["let go 0", "delivered news.articles urn:x:0", "acknowledged 0"]


def test_the_time_of_asking_counts_and_only_with_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The names that are wrapped are aiokafka's own: an update that renames them is seen at the import."""
    answers = [True, False]

    async def heartbeat(coordinator: Any) -> bool:
        await asyncio.sleep(0.05)
        return answers.pop(0)

    monkeypatch.setattr(membership, "_heartbeat", heartbeat)
    monkeypatch.setattr(GroupCoordinator, "_do_heartbeat", GroupCoordinator._do_heartbeat)
    monkeypatch.setattr(CoordinatorGroupRebalance, "_send_sync_group_request", None)
    note_heartbeats()
    coordinator = SimpleNamespace()
    before = time.monotonic()
    asyncio.run(GroupCoordinator._do_heartbeat(coordinator))
    first = coordinator.heard
    assert before <= first <= time.monotonic() - 0.05
    asyncio.run(GroupCoordinator._do_heartbeat(coordinator))
    assert coordinator.heard == first
