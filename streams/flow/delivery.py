"""Sends what came of a batch and returns only when the broker has acknowledged all of it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from aiokafka.errors import (
    BrokerNotAvailableError,
    KafkaConnectionError,
    KafkaError,
    KafkaTimeoutError,
    MessageSizeTooLargeError,
    RecordListTooLargeError,
    UnknownError,
    UnknownTopicOrPartitionError,
)

from streams.contract.message import Outgoing

log = logging.getLogger(__name__)

Send = Callable[[Outgoing], Awaitable[Awaitable[Any]]]
Ours = Callable[[], Awaitable[bool]]
Failed = Callable[[BaseException | None], None]
_TOO_LARGE = (MessageSizeTooLargeError, RecordListTooLargeError)
_PASSING = (  # besides what the client itself calls retriable
    BrokerNotAvailableError,
    KafkaConnectionError,
    KafkaTimeoutError,
    UnknownError,
    UnknownTopicOrPartitionError,
    asyncio.TimeoutError,
)
_FIRST_PAUSE = 0.1  # seconds


class UndeliverableError(RuntimeError):
    """The broker refuses for good (not authorised, for example): the process ends, nothing is acknowledged."""


@dataclass(frozen=True)
class Delivered:
    """How a batch was delivered: positions of records refused as too large, and failed sends repeated."""

    too_large: frozenset[int]
    retries: int


async def deliver(
    batch: Sequence[Outgoing],
    send: Send,
    too_large: Callable[[int, str], Outgoing],
    ours: Ours,
    pause_max: float,
    note: Failed = lambda error: None,
) -> Delivered | None:
    """Sends a batch in order; what fails is sent again with back-off until it is acknowledged.

    None if the batch turns out not to be ours (any more), asked before each sending.

    A failed record takes the later ones of its key with it, so that the last of a key to arrive is the
    newest. A record that the broker refuses as too large is replaced by `too_large(position, message)`, a
    dead letter. Raises UndeliverableError for what no retry can mend. `note` is told of each failure that may pass,
    and of the end of them.
    """
    outgoing = dict(enumerate(batch))
    pending = list(outgoing)
    refused: set[int] = set()
    retries, pause = 0, _FIRST_PAUSE
    while await ours():
        errors = await _send_all([outgoing[i] for i in pending], send)
        failed = {i: error for i, error in zip(pending, errors, strict=True) if error is not None}
        if not failed:
            note(None)
            return Delivered(frozenset(refused), retries)
        again: set[int] = set()
        for i, error in failed.items():
            if isinstance(error, _TOO_LARGE) and i not in refused:
                refused.add(i)
                outgoing[i] = too_large(i, str(error))
                again.add(i)
            elif _may_pass(error):
                again |= {j for j in pending if j == i or (j > i and _same_key(outgoing[i], outgoing[j]))}
            else:
                raise UndeliverableError(f"{outgoing[i].topic}: {type(error).__name__}: {error}") from error
        passing = [error for error in failed.values() if _may_pass(error)]
        retries += len(passing)
        if passing:
            first = passing[0]
            note(first)
            log.warning("%d of %d records not delivered (%r), again in %.1f s", len(failed), len(batch), first, pause)
            await asyncio.sleep(pause)
            pause = min(2 * pause, pause_max)
        pending = sorted(again)
    note(None)
    return None


async def _send_all(batch: Sequence[Outgoing], send: Send) -> list[BaseException | None]:
    """Sends in order and waits for every acknowledgement; an error or None per record."""
    waiting: list[Awaitable[Any] | BaseException] = []
    for record in batch:
        try:
            waiting.append(await send(record))
        except Exception as error:
            waiting.append(_cause(error))
    done = await asyncio.gather(*(w for w in waiting if not isinstance(w, BaseException)), return_exceptions=True)
    results = iter(done)
    outcomes = [w if isinstance(w, BaseException) else next(results) for w in waiting]
    return [_cause(o) if isinstance(o, BaseException) else None for o in outcomes]


def _cause(error: BaseException) -> BaseException:
    """Faust wraps the client's errors when a send fails at once; the client's own tells whether to retry."""
    return error.__cause__ if isinstance(error.__cause__, KafkaError) else error


def _may_pass(error: BaseException) -> bool:
    return isinstance(error, _PASSING) or bool(getattr(error, "retriable", False))


def _same_key(a: Outgoing, b: Outgoing) -> bool:
    return a.topic == b.topic and a.key is not None and a.key == b.key
