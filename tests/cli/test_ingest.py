"""`streams ingest`: items to news.raw, each delivery confirmed. The producer here is a fake."""

import io
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from streams.feeds.publish import Published, Publisher
from streams.feeds.raw_item import RawItem
from streams.settings import Settings
from tests.cli.commands import Done

Streams = Callable[..., Done]

FIRST = b'{"uri": "urn:x:1", "headline": "Brand in Gent"}'
SECOND = b'{"uri": "urn:x:2", "headline": "Brand in Breda"}'


@dataclass
class FakeProducer:
    """Takes what is sent; refuses payloads that hold `refused`, at once those that hold `too big`."""

    sent: list[tuple[str, bytes | None, bytes, dict[str, bytes]]] = field(default_factory=list)
    log: list[str] = field(default_factory=list)

    def send(self, topic: str, key: bytes | None, value: bytes, headers: list[tuple[str, bytes]]) -> "Acknowledgement":
        if b"too big" in value:
            raise ValueError("larger than max_request_size")
        self.sent.append((topic, key, value, dict(headers)))
        self.log.append(f"sent {len(self.sent)}")
        return Acknowledgement(self, len(self.sent), b"refused" in value)

    def close(self, timeout: float) -> None:
        self.log.append("closed")


@dataclass
class Acknowledgement:
    producer: FakeProducer
    number: int
    refused: bool
    is_done: bool = True

    def get(self, timeout: float) -> None:
        self.producer.log.append(f"confirmed {self.number}")
        if self.refused:
            raise TimeoutError("no broker")


@pytest.fixture
def producer(monkeypatch: pytest.MonkeyPatch) -> FakeProducer:
    fake = FakeProducer()
    monkeypatch.setattr("streams.feeds.publish.producer", lambda settings: fake)
    monkeypatch.setattr("streams.feeds.publish.require_topic", lambda settings, name: None)
    return fake


def test_items_of_a_file_with_key_and_headers(streams: Streams, producer: FakeProducer, tmp_path: Path) -> None:
    file = tmp_path / "wire.jsonl"
    file.write_bytes(FIRST + b"\n" + SECOND + b"\n")
    done = streams("ingest", "files", str(file), "--source", "npd", "--language", "nl")
    assert (done.status, done.err) == (0, "2 items delivered to the broker, 0 refused\n")
    assert [(topic, key, value) for topic, key, value, _ in producer.sent] == [
        ("news.raw", b"urn:x:1", FIRST),
        ("news.raw", b"urn:x:2", SECOND),
    ]
    headers = producer.sent[0][3]
    assert headers.pop("received").endswith(b"Z")
    assert headers == {
        "content-type": b"application/vnd.iptc.ninjs+json",
        "source": b"npd",
        "language": b"nl",
    }


def test_what_cannot_be_read_is_sent_all_the_same(streams: Streams, producer: FakeProducer) -> None:
    """It becomes a dead letter in the flow, where it is counted and kept; that is told."""
    done = streams("ingest", "files", stdin=io.BytesIO(b'{"uri": "urn:x:1", '))
    assert done.status == 0
    first, last = done.err.splitlines()
    assert first.startswith("standard input: delivered, and will be a dead letter: not_parsed: ")
    assert last == "1 item delivered to the broker, 0 refused; of those delivered 1 will be a dead letter"
    assert [(key, value) for _, key, value, _ in producer.sent] == [(None, b'{"uri": "urn:x:1", ')]


def test_what_the_broker_refuses_is_named_and_the_rest_goes_on(streams: Streams, producer: FakeProducer) -> None:
    lines = FIRST, FIRST.replace(b"Brand", b"refused"), FIRST.replace(b"Brand", b"too big"), SECOND
    done = streams("ingest", "files", stdin=io.BytesIO(b"\n".join(lines)))
    assert done.status == 1
    assert done.err.splitlines() == [
        "standard input, line 2: not delivered: TimeoutError: no broker",
        "standard input, line 3: not delivered: ValueError: larger than max_request_size",
        "2 items delivered to the broker, 2 refused",
    ]
    assert producer.log[-1] == "closed"


def test_what_will_be_a_dead_letter_is_counted_as_the_worker_will(
    streams: Streams, producer: FakeProducer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STREAMS_MAX_ITEM_BYTES", "1000")
    lines = [
        FIRST,
        b'{"uri": "urn:x:3", "headline": "<p> </p>"}',
        b'{"uri": "urn:x:4", "headline": "' + 1000 * b"a" + b'"}',
        b'{"uri": ["urn:x:5"], "headline": "Brand"}',
        b'{"uri": "urn:x:6", "headline": "caf\xe9"}',
    ]
    done = streams("ingest", "files", stdin=io.BytesIO(b"\n".join(lines)))
    assert (done.status, len(producer.sent)) == (0, 5)
    *told, last = done.err.splitlines()
    reasons = [line.split("will be a dead letter: ")[1].split(":")[0] for line in told]
    assert reasons == ["no_text", "too_large", "wrong_field", "wrong_encoding"]
    assert last == "5 items delivered to the broker, 0 refused; of those delivered 4 will be dead letters"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_what_was_sent_before_an_interrupt_is_confirmed_and_counted(
    streams: Streams, producer: FakeProducer, number: int
) -> None:
    class Pipe(io.BytesIO):
        """Interrupts once two lines were read."""

        def readline(self, *size: Any) -> bytes:
            line = super().readline(*size)
            if not line:
                os.kill(os.getpid(), number)
            return line

        def __next__(self) -> bytes:
            return self.readline()

    done = streams("ingest", "files", stdin=Pipe(FIRST + b"\n" + SECOND + b"\n"))
    assert (done.status, done.err) == (130, "interrupted: 2 items delivered to the broker, 0 refused\n")
    assert producer.log == ["sent 1", "sent 2", "confirmed 1", "confirmed 2", "closed"]


def test_an_interrupt_while_the_broker_is_waited_for_says_what_is_not_known(
    streams: Streams, producer: FakeProducer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hurry(self: Acknowledgement, timeout: float) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(Acknowledgement, "get", hurry)
    done = streams("ingest", "files", stdin=io.BytesIO(FIRST + b"\n" + SECOND))
    assert done.status == 130
    assert done.err == (
        "interrupted: 0 items delivered to the broker, 0 refused; of 2 nothing is known: "
        "send them again, a repeat is harmless\n"
    )


def test_a_publisher_sends_ahead_and_confirms_in_order(producer: FakeProducer) -> None:
    items = [RawItem(FIRST), RawItem(SECOND), RawItem(FIRST)]
    with Publisher(Settings()) as publisher:
        assert list(publisher.publish(items, ahead=2)) == [Published(item, None) for item in items]
    assert producer.log == [
        *("sent 1", "sent 2", "confirmed 1", "sent 3", "confirmed 2", "confirmed 3"),
        "closed",
    ]
