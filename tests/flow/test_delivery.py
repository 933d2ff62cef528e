"""`deliver` sends a batch until the broker has acknowledged all of it, and keeps the order of each key."""

import asyncio
from collections.abc import Awaitable
from typing import Any

import pytest
from aiokafka.errors import (
    KafkaConnectionError,
    KafkaTimeoutError,
    MessageSizeTooLargeError,
    NotEnoughReplicasError,
    NotLeaderForPartitionError,
    RecordListTooLargeError,
    TopicAuthorizationFailedError,
    UnknownTopicOrPartitionError,
)
from hypothesis import given
from hypothesis import strategies as st

from streams.contract.message import Outgoing
from streams.flow import delivery
from streams.flow.delivery import Delivered, UndeliverableError, deliver


class Broker:
    """Takes what is sent. `script` says for a value how its first sends fail, one error a send; `at_once` are
    values whose error comes from the send itself instead of the acknowledgement."""

    def __init__(self, script: dict[str, list[BaseException]] | None = None, at_once: frozenset[str] = frozenset()):
        self.script = {value: list(errors) for value, errors in (script or {}).items()}
        self.at_once = at_once
        self.log: list[tuple[str, str]] = []
        self.tries: list[str] = []

    async def send(self, record: Outgoing) -> Awaitable[Any]:
        value = (record.value or b"").decode()
        self.tries.append(value)
        errors = self.script.get(value)
        error = errors.pop(0) if errors else None
        if error is None:
            self.log.append((record.topic, value))
        elif value in self.at_once:
            raise RuntimeError("Faust's wrapping") from error
        acknowledged: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if error is None:
            acknowledged.set_result(None)
        else:
            acknowledged.set_exception(error)
        return acknowledged


def record(value: str) -> Outgoing:
    """`a1` is the first record of the key `a`; `-1` has no key."""
    key = None if value[0] == "-" else value[:1].encode()
    return Outgoing("news.articles", key, value.encode(), ())


def dead(value: str) -> Outgoing:
    return Outgoing("news.dead-letters", value[:1].encode(), f"dead {value}".encode(), ())


async def always() -> bool:
    return True


def run(broker: Broker, *values: str, pause_max: float = 0.001) -> Delivered:
    """Delivers records of these values."""
    batch = [record(value) for value in values]
    delivered = asyncio.run(deliver(batch, broker.send, lambda i, why: dead(values[i]), always, pause_max))
    assert delivered
    return delivered


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "_FIRST_PAUSE", 0.0)


def test_what_is_acknowledged_at_once_is_sent_once_in_order() -> None:
    broker = Broker()
    assert run(broker, "a1", "b1", "a2") == Delivered(frozenset(), retries=0)
    assert broker.tries == ["a1", "b1", "a2"]


def test_an_empty_batch() -> None:
    assert run(Broker()) == Delivered(frozenset(), retries=0)


def test_the_later_records_of_a_failed_key_follow_it_again_and_no_others() -> None:
    broker = Broker({"a1": [KafkaTimeoutError()]})
    delivered = run(broker, "a1", "b1", "a2", "c1", "a3")
    assert broker.tries == ["a1", "b1", "a2", "c1", "a3", "a1", "a2", "a3"]
    assert delivered == Delivered(frozenset(), retries=1), "what failed counts, not what follows it"


def test_the_earlier_records_of_a_failed_key_are_not_sent_again() -> None:
    broker = Broker({"a2": [KafkaTimeoutError()]})
    run(broker, "a1", "a2", "a3")
    assert broker.tries == ["a1", "a2", "a3", "a2", "a3"]


def test_records_without_a_key_have_no_order_among_them() -> None:
    broker = Broker({"-1": [KafkaTimeoutError()]})
    run(broker, "-1", "-2")
    assert broker.tries == ["-1", "-2", "-1"]


def test_failures_of_several_rounds_are_counted() -> None:
    broker = Broker({"a1": [KafkaConnectionError(), KafkaTimeoutError()], "b1": [KafkaTimeoutError()]})
    assert run(broker, "a1", "b1", "c1").retries == 2 + 1
    assert broker.log == [("news.articles", value) for value in ("c1", "b1", "a1")]


@pytest.mark.parametrize(
    "error",
    [
        KafkaConnectionError(),
        KafkaTimeoutError(),
        UnknownTopicOrPartitionError(),
        NotLeaderForPartitionError(),
        NotEnoughReplicasError(),
        TimeoutError(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_may_pass_is_tried_again(error: BaseException) -> None:
    broker = Broker({"a1": [error]})
    assert run(broker, "a1").retries == 1


def test_an_error_of_the_send_itself_is_seen_through_fausts_wrapping() -> None:
    broker = Broker({"a1": [KafkaTimeoutError()]}, at_once=frozenset({"a1"}))
    run(broker, "a1", "a2")
    assert broker.tries == ["a1", "a2", "a1", "a2"]


@pytest.mark.parametrize("error", [MessageSizeTooLargeError(), RecordListTooLargeError()], ids=repr)
def test_too_large_becomes_a_dead_letter_once(error: BaseException) -> None:
    broker = Broker({"a2": [error]})
    assert run(broker, "a1", "a2", "a3").too_large == {1}
    assert broker.log == [("news.articles", "a1"), ("news.articles", "a3"), ("news.dead-letters", "dead a2")]


def test_a_dead_letter_waits_for_the_broker_like_any_record() -> None:
    broker = Broker({"a1": [MessageSizeTooLargeError()], "dead a1": [KafkaTimeoutError()]})
    assert run(broker, "a1") == Delivered(frozenset({0}), retries=1)
    assert broker.log == [("news.dead-letters", "dead a1")]


def test_a_dead_letter_that_is_too_large_itself_ends_it() -> None:
    broker = Broker({"a1": [MessageSizeTooLargeError()], "dead a1": [MessageSizeTooLargeError()]})
    with pytest.raises(UndeliverableError, match=r"news\.dead-letters: MessageSizeTooLargeError"):
        run(broker, "a1")


@pytest.mark.parametrize(
    "error", [TopicAuthorizationFailedError("no"), ValueError("a bug")], ids=lambda e: type(e).__name__
)
def test_what_no_retry_can_mend_is_raised(error: BaseException) -> None:
    broker = Broker({"b1": [error]})
    with pytest.raises(UndeliverableError, match=f"news.articles: {type(error).__name__}") as raised:
        run(broker, "a1", "b1")
    assert raised.value.__cause__ is error
    assert broker.tries == ["a1", "b1"]


def test_pauses_double_up_to_their_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    monkeypatch.setattr(delivery, "_FIRST_PAUSE", 0.1)
    monkeypatch.setattr(asyncio, "sleep", sleep)
    run(Broker({"a1": [KafkaTimeoutError() for _ in range(6)]}), "a1", pause_max=1.0)
    assert pauses == pytest.approx([0.1, 0.2, 0.4, 0.8, 1.0, 1.0])


def test_a_dead_letter_in_place_of_a_record_is_sent_without_a_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    async def sleep(seconds: float) -> None:
        raise AssertionError("no reason to wait")

    monkeypatch.setattr(asyncio, "sleep", sleep)
    run(Broker({"a1": [MessageSizeTooLargeError()]}), "a1")


_failures = st.lists(st.sampled_from([KafkaTimeoutError, KafkaConnectionError, MessageSizeTooLargeError]), max_size=4)


@given(st.lists(st.sampled_from("abc"), max_size=8), st.data())
def test_whatever_fails_the_newest_of_each_key_stands_last(keys: list[str], data: st.DataObject) -> None:
    values = [f"{key}{number}" for number, key in enumerate(keys)]
    script = {value: [kind() for kind in data.draw(_failures)] for value in values}
    too_large = {value for value in values if any(isinstance(e, MessageSizeTooLargeError) for e in script[value])}
    broker = Broker(script)
    run(broker, *values, pause_max=0.0)
    articles = [value for topic, value in broker.log if topic == "news.articles"]
    letters = [value for topic, value in broker.log if topic == "news.dead-letters"]
    assert sorted(letters) == sorted(f"dead {value}" for value in too_large)
    for key in set(keys):
        due = [value for value in values if value[0] == key and value not in too_large]
        assert sorted(due, key=lambda value: _last_place(value, articles)) == due


def _last_place(value: str, log: list[str]) -> int:
    return len(log) - 1 - log[::-1].index(value)


def test_it_tells_of_failures_while_they_last() -> None:
    broker = Broker({"a1": [NotEnoughReplicasError(), NotEnoughReplicasError()]})
    told: list[BaseException | None] = []
    asyncio.run(deliver([record("a1")], broker.send, lambda i, why: dead("a1"), always, 0.0, told.append))
    assert [type(one) for one in told] == [NotEnoughReplicasError, NotEnoughReplicasError, type(None)]
