"""What a retry sends, and what it does not; places as people write them."""

from types import SimpleNamespace
from typing import Any

import pytest

from streams.contract.dead_letters import dead_letter
from streams.contract.message import Message
from streams.contract.outcome import DeadLetter, Reason
from streams.outputs import dead_letters as module
from streams.outputs.dead_letters import Letter, retry
from streams.settings import Settings

READ = Message(b"\xff kapot", b"urn:x:1", (("source", b"npd"), ("source", b"\xff")), "news.raw", 3, 42)


def letter(read: Message = READ, offset: int = 7) -> Letter:
    """The dead letter of a record, as it lies in partition 2."""
    sent = dead_letter("news.dead-letters", "normalise", read, DeadLetter(Reason.WRONG_ENCODING, "byte 0"))
    return Letter(Message(sent.value, sent.key, sent.headers, sent.topic, 2, offset))


class FakeProducer:
    """Notes what is sent; refuses values that say so, at once or later."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, bytes | None, bytes | None, Any]] = []
        self.noted: list[bytes | None] = []
        self.closed = False

    def send(self, topic: str, key: bytes | None, value: bytes | None, headers: Any = ()) -> Any:
        if value == b"at once":
            raise ValueError("refused at once")
        if topic == "news.dead-letters-retried":
            self.noted.append(key)
        else:
            self.sent.append((topic, key, value, headers))

        def get(timeout: float) -> None:
            if value == b"later":
                raise TimeoutError("refused later")

        return SimpleNamespace(get=get, is_done=True)

    def close(self, timeout: float) -> None:
        self.closed = True


@pytest.fixture
def producer(monkeypatch: pytest.MonkeyPatch) -> FakeProducer:
    fake = FakeProducer()
    monkeypatch.setattr(module, "producer", lambda settings: fake)
    monkeypatch.setattr(module, "require_topic", lambda settings, name: None)
    return fake


def test_what_a_letter_says() -> None:
    one = letter()
    assert (one.place, one.stage, one.reason, one.topic) == ("2-7", "normalise", "wrong_encoding", "news.raw")
    assert one.problem == "wrong_encoding: byte 0"


def test_a_retry_sends_value_key_and_headers_as_they_were(producer: FakeProducer) -> None:
    (done,) = retry(Settings(), [letter()])
    assert done.error is None
    assert producer.sent == [("news.raw", b"urn:x:1", b"\xff kapot", [("source", b"npd"), ("source", b"\xff")])]
    assert producer.closed


def test_a_tombstone_goes_out_as_one(producer: FakeProducer) -> None:
    assert [d.error for d in retry(Settings(), [letter(Message(None, b"k", topic="news.raw"))])] == [None]
    assert producer.sent == [("news.raw", b"k", None, [])]


@pytest.mark.parametrize(
    ("read", "error"),
    [
        (Message(b"at once", topic="news.raw"), "ValueError: refused at once"),
        (Message(b"later", topic="news.raw"), "TimeoutError: refused later"),
        (Message(b"x", topic="other.raw"), "ValueError: it came from other.raw, which no stage reads"),
        (Message(b"x"), "ValueError: it came from nowhere, which no stage reads"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_not_sent_says_why_and_the_others_go_out(producer: FakeProducer, read: Message, error: str) -> None:
    done = list(retry(Settings(), [letter(read), letter(offset=8)], ahead=1))
    assert [d.error for d in done] == [error, None]
    assert producer.noted == [b"2-8"], "what was not sent is not noted"
    assert producer.sent[-1][2] == READ.value


@pytest.mark.parametrize("place", ["3", "3-", "-4", "a-1", "3-4-5", "news.raw-3-4", ""])
def test_a_place_that_is_none(place: str) -> None:
    with pytest.raises(ValueError, match="write it as PARTITION-OFFSET"):
        list(module.read_at(Settings(), [place]))
