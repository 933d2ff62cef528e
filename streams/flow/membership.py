"""Whether a worker still has its partitions, as far as its group's coordinator has said.

A worker that was cut off for longer than its session has lost them without knowing it: another works the same
records, and may be ahead. What such a worker delivered of its buffer, as bytes pass again, would stand after
the other's newer versions. So a worker begins a delivery only while the coordinator's last word is so young that the
delivery ends within the session, and otherwise waits for the next word: either it is a member still, or what it has
in hand is no longer its own.

aiokafka 0.14 keeps the time of that word to itself, hence the wrapped methods.
"""

import asyncio
import time
from typing import Any

import faust
from aiokafka.consumer.group_coordinator import CoordinatorGroupRebalance, GroupCoordinator

_LOOK = 0.05  # seconds
_heartbeat = GroupCoordinator._do_heartbeat
_sync = CoordinatorGroupRebalance._send_sync_group_request


async def _timed_heartbeat(coordinator: Any) -> bool:
    asked = time.monotonic()
    answered: bool = await _heartbeat(coordinator)
    if answered:
        coordinator.heard = asked
    return answered


async def _timed_sync(rebalance: Any, request: Any) -> Any:
    rebalance._coordinator.heard = time.monotonic()
    return await _sync(rebalance, request)


def note_heartbeats() -> None:
    """Makes every group coordinator of this process note in `heard` when it last asked and was answered.

    The time of asking, since the session is prolonged from some moment after it.
    """
    GroupCoordinator._do_heartbeat = _timed_heartbeat
    CoordinatorGroupRebalance._send_sync_group_request = _timed_sync


class Membership:
    """An app's place in its consumer group. `lease` is for how many seconds a word of the coordinator counts."""

    def __init__(self, app: faust.App, lease: float) -> None:
        self._app, self._lease = app, lease

    async def holds(self, generation: int) -> bool:
        """Whether what was read in a generation of the group is still this worker's.

        Waits while only the coordinator knows. A generation below 0 is none.
        """
        consumer: Any = self._app.consumer
        coordinator = consumer._thread._consumer._coordinator  # private names; Faust is pinned exactly
        while 0 <= generation == coordinator.generation:
            if time.monotonic() - coordinator.heard < self._lease:
                return True
            await asyncio.sleep(_LOOK)
        return False
