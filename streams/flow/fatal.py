"""What Faust's Kafka client cannot get over by itself: it stands still without a word, so the worker ends.

aiokafka 0.14 hands an error of its group's coordination to whoever polls the consumer next, and waits
(`GroupCoordinator._push_error_to_user`). Faust never polls: it reads from the fetcher. So without this the stage
stands for good, in no group, while its pages say that all is well. What may pass is tried again. The tasks behind
consumer and producer that an error of any kind would end in silence end the worker too.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from aiokafka.consumer.fetcher import Fetcher
from aiokafka.consumer.group_coordinator import GroupCoordinator
from aiokafka.producer.sender import Sender

from streams.flow.ending import end_process

log = logging.getLogger(__name__)
Routine = Callable[[Any], Coroutine[Any, Any, None]]
_PAUSE = 1.0  # seconds before what may pass is tried again


async def handle(coordinator: Any, error: BaseException) -> None:
    """In place of waiting for a poll: ends the process, or returns for another try."""
    if not getattr(error, "retriable", False):
        end_process(f"consumer group {coordinator.group_id}", error)
    log.warning("consumer group %s: %r, again in %.0f s", coordinator.group_id, error, _PAUSE)
    await asyncio.wait([coordinator._closing], timeout=_PAUSE)
    coordinator.request_rejoin()  # the task that failed, of heartbeats or of offsets, begins anew with a generation


def ending(routine: Routine) -> Routine:
    """A task in the background whose failure ends the process."""

    async def run(self: Any) -> None:
        try:
            await routine(self)
        except Exception as error:
            end_process(f"the Kafka client's {type(self).__name__.lower()}", error.__cause__ or error)

    return run


_ROUTINES = [
    (GroupCoordinator, "_coordination_routine", ending(GroupCoordinator._coordination_routine)),
    (Fetcher, "_fetch_requests_routine", ending(Fetcher._fetch_requests_routine)),
    (Sender, "_sender_routine", ending(Sender._sender_routine)),
]


def end_on_fatal_errors() -> None:
    """Makes the Kafka clients of this process end it, with one line, for what no retry can mend."""
    GroupCoordinator._push_error_to_user = handle
    for kind, name, routine in _ROUTINES:
        setattr(kind, name, routine)
