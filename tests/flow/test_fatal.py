"""Errors of the Kafka client's background tasks: tried again where they may pass, else the end of the worker."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.consumer.fetcher import Fetcher
from aiokafka.consumer.group_coordinator import GroupCoordinator
from aiokafka.errors import (
    GroupAuthorizationFailedError,
    InconsistentGroupProtocolError,
    KafkaError,
    NotCoordinatorForGroupError,
)
from aiokafka.producer.sender import Sender

from streams.flow import fatal
from streams.flow.app import make_app
from streams.settings import Settings


class EndedError(Exception):
    """In place of the process's end: where, and of what."""


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    def end(where: str, error: BaseException) -> None:
        raise EndedError(where, error)

    monkeypatch.setattr(fatal, "end_process", end)
    monkeypatch.setattr(fatal, "_PAUSE", 0.001)


def handled(error: BaseException) -> list[str]:
    """What the coordinator was told to do about an error that aiokafka would keep for a poll."""
    told: list[str] = []

    async def handle() -> None:
        closing = asyncio.get_running_loop().create_future()
        coordinator = SimpleNamespace(
            group_id="news.entities", _closing=closing, request_rejoin=lambda: told.append("rejoin")
        )
        await fatal.handle(coordinator, error)

    asyncio.run(handle())
    return told


def test_what_may_pass_is_tried_again() -> None:
    assert handled(NotCoordinatorForGroupError()) == ["rejoin"]


@pytest.mark.parametrize(
    "error",
    [
        GroupAuthorizationFailedError("news.entities"),
        InconsistentGroupProtocolError(),
        KafkaError("Unexpected exception in heartbeat task: FencedInstanceIdError()"),
        ValueError("a bug"),
    ],
)
def test_what_does_not_pass_ends_the_worker(error: BaseException) -> None:
    with pytest.raises(EndedError) as ended:
        handled(error)
    assert ended.value.args == ("consumer group news.entities", error)


def test_a_task_that_fails_ends_the_worker_with_the_cause() -> None:
    cause = AttributeError("a bug")

    async def fails(self: Any) -> None:
        raise KafkaError("Unexpected error during data retrieval") from cause

    with pytest.raises(EndedError) as ended:
        asyncio.run(fatal.ending(fails)(Fetcher.__new__(Fetcher)))
    assert ended.value.args == ("the Kafka client's fetcher", cause)


def test_every_app_has_it(tmp_path: Any) -> None:
    make_app("entities", Settings(datadir=tmp_path))
    assert GroupCoordinator._push_error_to_user is fatal.handle
    for routine in (
        GroupCoordinator._coordination_routine,
        Fetcher._fetch_requests_routine,
        Sender._sender_routine,
    ):
        assert routine.__module__ == fatal.__name__
