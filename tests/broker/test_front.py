"""The front of the embedded broker: what it answers itself, what goes through, and kcat."""

import shutil
import socket
import struct
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from streams.broker.admin import create_topics
from streams.broker.embedded import EmbeddedBrokerError, embedded_broker, free_port
from streams.broker.front import front
from streams.settings import Settings


def question(version: int, software: bytes = b"librdkafka") -> bytes:
    """ApiVersions, as a client begins with."""
    body = (
        struct.pack(">hhih", 18, version, 7, 4)
        + b"desk"
        + b"\0"
        + bytes([len(software) + 1])
        + software
        + b"\x062.0.2\0"
    )
    return struct.pack(">i", len(body)) + body


@pytest.fixture
def port() -> Iterator[int]:
    """A front before a broker that echoes all it gets."""
    with socket.create_server(("127.0.0.1", 0)) as broker:

        def echo() -> None:
            while True:
                try:
                    client, _ = broker.accept()
                except OSError:
                    return
                while chunk := client.recv(65_536):
                    client.sendall(chunk)
                client.close()

        threading.Thread(target=echo, daemon=True).start()
        port = free_port()
        with front(port, broker.getsockname()[1]):
            yield port
        broker.shutdown(socket.SHUT_RDWR)


def exchanged(port: int, sent: bytes, size: int) -> bytes:
    """The first bytes that come back."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
        client.sendall(sent)
        found = b""
        while len(found) < size and (chunk := client.recv(65_536)):
            found += chunk
    return found


def test_librdkafka_is_told_to_ask_in_an_older_version(port: int) -> None:
    answer = exchanged(port, question(3), 20)
    assert struct.unpack(">iihihhh", answer) == (16, 7, 35, 1, 18, 0, 2)
    later = exchanged(port, question(3) + question(0), 20 + len(question(0)))
    assert later[20:] == question(0), "and what it asks then goes to the broker"


@pytest.mark.parametrize(
    "sent",
    [question(0), question(3, b"kafka-python"), b"\0\0\0\2hi", struct.pack(">i", 500_000) + 500_000 * b"x"],
    ids=["older version", "another client", "short", "large"],
)
def test_all_else_goes_through_as_it_is(port: int, sent: bytes) -> None:
    assert exchanged(port, sent, len(sent)) == sent


@pytest.mark.broker
def test_kcat_sends_and_reads(tmp_path: Path) -> None:
    kcat = shutil.which("kcat")
    if not kcat:
        pytest.skip("needs kcat")
    port = free_port()
    try:
        with ExitStack() as stack:
            broker = stack.enter_context(embedded_broker(tmp_path / "broker.log", f"127.0.0.1:{port}"))
            stack.enter_context(front(port, int(broker.rsplit(":", 1)[1])))
            create_topics(Settings(broker=f"127.0.0.1:{port}", partitions=1))
            call = [kcat, "-b", f"127.0.0.1:{port}", "-q", "-t", "news.raw"]
            subprocess.run([*call, "-P", "-H", "source=desk"], input=b"Brand in Gent", check=True, timeout=30)
            read = subprocess.run([*call, "-C", "-e", "-f", "%h %s"], capture_output=True, check=True, timeout=30)
    except EmbeddedBrokerError as error:
        pytest.skip(str(error))
    assert read.stdout == b"source=desk Brand in Gent"
