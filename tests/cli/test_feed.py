"""`streams ingest feed`: what it sends, what it tells, and how it ends. The producer is a fake, the feeds are not."""

import logging
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from streams.feeds.raw_item import RawItem
from tests.cli.commands import Done
from tests.cli.test_ingest import FIRST, SECOND, FakeProducer
from tests.feeds.server import Server, rss, serving

Streams = Callable[..., Done]


@pytest.fixture
def producer(monkeypatch: pytest.MonkeyPatch) -> FakeProducer:
    fake = FakeProducer()
    monkeypatch.setattr("streams.feeds.publish.producer", lambda settings: fake)
    monkeypatch.setattr("streams.feeds.publish.require_topic", lambda settings, name: None)
    return fake


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as ours:
        ours.reply("/feed.xml")
        yield ours


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name in ("kafka", "aiokafka", "faust", "mode"):
        logging.getLogger(name).setLevel(logging.NOTSET)


def told(done: Done) -> list[str]:
    """What is told, without times and names of loggers."""
    return [re.sub(r"^[\d-]+ [\d:,]+ (\w+) \S+: ", r"\1 ", line) for line in done.err.splitlines()]


def test_a_feed_is_polled_once(streams: Streams, producer: FakeProducer, server: Server) -> None:
    done = streams("ingest", "feed", server.url + "/feed.xml", "--every", "0")
    assert done.status == 0
    assert told(done) == [
        f"INFO {server.url}/feed.xml: 1 entries, 1 new or changed",
        "1 entries delivered to the broker, 0 refused",
    ]
    assert [(topic, key) for topic, key, _, _ in producer.sent] == [("news.raw", f"{server.url}/1".encode())]
    assert producer.sent[0][3]["source"] == b"127.0.0.1"


def test_one_true_line_for_a_feed_that_is_not_read(
    streams: Streams, producer: FakeProducer, server: Server, tmp_path: Path
) -> None:
    for path, problem in {
        server.reply("/empty", b""): "an empty answer",
        server.reply("/login", b"<html><form>"): "an HTML page, no feed: a login or an error page?",
        server.url + "/404": "HTTP status 404 (Not Found)",
        "http://nergens.invalid/rss": "no such host, or no name server answers",
        str(tmp_path / "missing.xml"): "No such file or directory",
    }.items():
        done = streams("ingest", "feed", path, "--every", "0")
        assert (done.status, told(done)) == (
            1,
            [
                f"WARNING {path}: not read: {problem}",
                "0 entries delivered to the broker, 0 refused; 1 of 1 feeds not read",
            ],
        )


def test_passwords_and_tokens_are_not_printed(streams: Streams, producer: FakeProducer, server: Server) -> None:
    secret = "//klant:zeer%40geheim@"
    good = server.url.replace("//", secret) + "/feed.xml?apikey=zeergeheim"
    wrong = "http:" + secret + "127.0.0.1:x/rss"
    for url in (good, good.replace("feed", "weg"), good.replace("http", "https"), wrong, wrong.replace("http", "ftp")):
        done = streams("ingest", "feed", url, "--every", "0")
        assert "geheim" not in done.out + done.err
        assert "klant" not in done.out + done.err
    assert "apikey=…" in streams("ingest", "feed", good, "--every", "0").err
    assert "geheim" not in repr(producer.sent)
    assert "address 1: " in streams("ingest", "feed", wrong, "--every", "0").err


def test_a_file_address_only_where_it_is_asked_for(streams: Streams, producer: FakeProducer, tmp_path: Path) -> None:
    file = tmp_path / "feed.xml"
    file.write_bytes(rss(("1", "Brand in Gent")))
    done = streams("ingest", "feed", f"file://{file}", "--every", "0")
    assert (done.status, told(done)) == (1, ["streams: address 1: a file: address: read only with --allow-file"])
    assert streams("ingest", "feed", f"file://{file}", "--every", "0", "--allow-file").status == 0
    assert len(producer.sent) == 1


def test_entries_are_counted_also_when_interrupted(
    streams: Streams, producer: FakeProducer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def entries(*_: Any) -> Iterator[RawItem]:
        yield RawItem(FIRST)
        yield RawItem(SECOND)
        raise KeyboardInterrupt

    monkeypatch.setattr("streams.feeds.poll.poll", entries)
    done = streams("ingest", "feed", "https://nieuws.example/rss")
    assert (done.status, told(done)) == (0, ["2 entries delivered to the broker, 0 refused"])
    assert producer.log == ["sent 1", "confirmed 1", "sent 2", "confirmed 2", "closed"]


def test_what_the_broker_refuses_is_told_without_controls(
    streams: Streams, producer: FakeProducer, server: Server
) -> None:
    url = server.reply("/x", rss(("1", "refused \u202e\u009b31m [red]\n2026-01-01 CRITICAL x")))
    done = streams("ingest", "feed", url, "--every", "0")
    assert done.status == 1
    assert f"{url}: refused �" in done.err
    assert "31m [red]␊2026-01-01 CRITICAL x: not delivered: TimeoutError: no broker\n" in done.err
    assert done.err.endswith("\n0 entries delivered to the broker, 1 refused\n")
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]|^2026-01-01", done.err, re.MULTILINE)


def test_a_quiet_feed_and_a_dead_one_differ_on_the_screen_and_in_metrics(
    streams: Streams, producer: FakeProducer, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until SIGTERM, which ends it in order."""
    monkeypatch.setattr("streams.cli.feed._REMINDER", 0.3)
    dead = server.reply("/dead", b"", 404)
    seen: list[str] = []
    ports: list[int] = []

    def start_http_server(port: int, *args: Any) -> Any:
        server, thread = real(port, *args)
        ports.append(server.server_port)
        return server, thread

    import prometheus_client

    real = prometheus_client.start_http_server
    monkeypatch.setattr(prometheus_client, "start_http_server", start_http_server)

    def look() -> None:
        while not ports:
            time.sleep(0.1)
        time.sleep(3)
        seen.append(urllib.request.urlopen(f"http://127.0.0.1:{ports[0]}/metrics").read().decode())
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=look).start()
    urls = (server.url + "/feed.xml", dead)
    done = streams("ingest", "feed", *urls, "--every", "0.2", "--metrics-port", "0", "--source", "npd")
    assert done.status == 0
    assert f"INFO {server.url}/feed.xml: read, nothing new for " in "\n".join(told(done))
    assert re.search(rf"WARNING {dead}: not read: HTTP status 404 \(Not Found\); never read", "\n".join(told(done)))
    quiet = f'{{feed="{server.url}/feed.xml",source="npd"}}'
    failed = f'{{feed="{dead}",outcome="failed",source="npd"}}'
    dead = failed.replace('outcome="failed",', "")
    values = dict(line.rsplit(" ", 1) for line in seen[0].splitlines() if line.startswith("news_feed"))
    now = time.time()
    assert now - float(values["news_feed_last_read_timestamp_seconds" + quiet]) < 60
    assert float(values["news_feed_last_read_timestamp_seconds" + dead]) == 0
    assert float(values["news_feed_polls_total" + failed]) > 1
    assert float(values["news_feed_entries_total" + quiet]) == 1
    assert 'news_feed_deliveries_total{outcome="ok"}' in values
    assert "news_stage" not in seen[0]


def test_a_port_that_is_taken_is_named(streams: Streams, producer: FakeProducer, server: Server) -> None:
    done = streams("ingest", "feed", server.url, "--metrics-port", str(server.port))
    assert (done.status, told(done)) == (
        1,
        [f"streams: metrics on 127.0.0.1:{server.port}: Address already in use; choose another --metrics-port"],
    )


def test_no_model_is_loaded_for_a_feed() -> None:
    code = "import streams.cli.feed, streams.feeds.poll, sys; print({'spacy', 'faust', 'torch'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout == "set()\n", done.stderr
