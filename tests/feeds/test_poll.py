"""RSS and Atom feeds, polled from a file and from a server on loopback."""

import logging
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from streams.contract.outcome import Ok
from streams.feeds import poll as module
from streams.feeds.item import WireItem
from streams.feeds.poll import poll
from streams.feeds.raw_item import RawItem
from streams.feeds.readers import read


def rss(*entries: tuple[str, str], language: str = "nl") -> bytes:
    """A feed of (id, title), the newest first as feeds have it."""
    items = "".join(
        f"<item><guid>{identity}</guid><title>{title}</title><link>https://nieuws.example/{identity}</link>"
        f"<description>&lt;p&gt;{title}, zegt de brandweer.&lt;/p&gt;</description>"
        "<pubDate>Mon, 02 Mar 2026 09:30:00 +0100</pubDate></item>"
        for identity, title in entries
    )
    head = f"<title>Nieuws</title><language>{language}</language>"
    return f"<rss version='2.0'><channel>{head}{items}</channel></rss>".encode()


def read_back(item: RawItem) -> WireItem:
    """The item as the first stage reads it."""
    result = read(item.payload, item.content_type)
    assert isinstance(result, Ok), result
    return result.value


def headlines(items: Iterator[RawItem], count: int = 100) -> list[str | None]:
    return [read_back(item).headline for item in islice(items, count)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "feed.xml"
    path.write_bytes(rss(("2", "Brand geblust"), ("1", "Brand in Gent")))
    return path


def test_entries_of_a_file_oldest_first(file: Path) -> None:
    first, second = poll([str(file)], every=0, source="npd")
    assert (first.source, first.language, first.content_type) == ("npd", "nl", "application/atom+xml")
    assert first.origin == f"{file}: Brand in Gent"
    assert first.key() == b"1"
    item = read_back(second)
    assert (item.id, item.headline, item.version) == ("2", "Brand geblust", 1)
    assert item.body == "<p>Brand geblust, zegt de brandweer.</p>"
    assert item.published is not None
    assert item.published.isoformat() == "2026-03-02T08:30:00+00:00"


def test_new_and_changed_entries_come_and_unchanged_ones_do_not(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    later = [
        rss(("2", "Brand geblust"), ("1", "Brand in Gent")),
        rss(("3", "Oorzaak bekend"), ("2", "Brand eindelijk geblust"), ("1", "Brand in Gent")),
    ]
    monkeypatch.setattr(time, "sleep", lambda seconds: file.write_bytes(later.pop(0)))
    items = poll([str(file)], every=60)
    assert headlines(items, 4) == ["Brand in Gent", "Brand geblust", "Brand eindelijk geblust", "Oorzaak bekend"]
    assert later == []


def test_language_where_the_feed_declares_none(file: Path) -> None:
    file.write_bytes(rss(("1", "Brand"), language=""))
    assert [item.language for item in poll([str(file)], 0, language="nl-BE")] == ["nl-BE"]
    file.write_bytes(rss(("1", "Incendie"), language="fr"))
    assert [item.language for item in poll([str(file)], 0, language="nl-BE")] == ["fr"]


def test_a_broken_feed_is_logged_and_the_others_go_on(
    file: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    broken = tmp_path / "broken.xml"
    broken.write_bytes(b"<rss><channel><item")
    with caplog.at_level(logging.WARNING):
        assert headlines(poll([str(broken), str(tmp_path / "missing.xml"), str(file)], 0)) == [
            "Brand in Gent",
            "Brand geblust",
        ]
    assert [record.getMessage().split(":")[0] for record in caplog.records] == [
        str(broken),
        str(tmp_path / "missing.xml"),
    ]


def test_a_feed_that_breaks_off_still_gives_its_whole_entries(file: Path) -> None:
    file.write_bytes(rss(("2", "Brand geblust"), ("1", "Brand in Gent")).replace(b"</channel></rss>", b""))
    assert headlines(poll([str(file)], 0)) == ["Brand in Gent", "Brand geblust"]


def test_a_date_that_no_calendar_has_is_left_out(file: Path) -> None:
    atom = (
        b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>1</id><title>Brand</title>"
        b"<published>0000-00-00T00:00:00Z</published></entry></feed>"
    )
    file.write_bytes(atom)
    (item,) = poll([str(file)], 0)
    assert read_back(item).published is None


@dataclass
class Server:
    """A feed on loopback: what it answers, and what it was asked with."""

    url: str = ""
    content: bytes = b""
    status: int = 200
    etag: str | None = None
    content_type: str = "application/rss+xml"
    silent: threading.Event | None = None
    asked: list[dict[str, str | None]] = field(default_factory=list)


@pytest.fixture
def server() -> Iterator[Server]:
    ours = Server(content=rss(("1", "Brand in Gent")))

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            ours.asked.append({"If-None-Match": self.headers["If-None-Match"]})
            if ours.silent:
                ours.silent.wait(20)
                return
            unchanged = ours.etag is not None and self.headers["If-None-Match"] == ours.etag
            self.send_response(304 if unchanged else ours.status)
            if ours.etag and not unchanged:
                self.send_header("ETag", ours.etag)
            self.send_header("Content-Type", ours.content_type)
            self.end_headers()
            self.wfile.write(b"" if unchanged else ours.content)

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    ours.url = f"http://127.0.0.1:{http.server_address[1]}/feed.xml"
    threading.Thread(target=http.serve_forever, args=(0.01,), daemon=True).start()
    yield ours
    http.shutdown()
    http.server_close()


def test_the_source_is_the_host_unless_it_is_named(server: Server) -> None:
    assert [item.source for item in poll([server.url], 0)] == ["127.0.0.1"]
    assert [item.source for item in poll([server.url], 0, source="npd")] == ["npd"]


def test_a_server_is_asked_only_for_what_changed(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where its answer 304 does not repeat the ETag."""
    server.etag = '"v1"'
    polls = []

    def sleep(seconds: float) -> None:
        polls.append(seconds)
        if len(polls) == 3:
            server.etag, server.content = '"v2"', rss(("1", "Brand in Gent geblust"))

    monkeypatch.setattr(time, "sleep", sleep)
    assert headlines(poll([server.url], 60), 2) == ["Brand in Gent", "Brand in Gent geblust"]
    assert [asked["If-None-Match"] for asked in server.asked] == [None, '"v1"', '"v1"', '"v1"']
    assert polls == [60, 60, 60]


def polled_twice(server: Server, monkeypatch: pytest.MonkeyPatch, then: bytes | None = None) -> list[str | None]:
    """Headlines of two polls, with `then` as the feed's content for the second."""
    polls: list[float] = []

    def sleep(seconds: float) -> None:
        polls.append(seconds)
        if len(polls) == 2:
            raise KeyboardInterrupt
        server.content = then or server.content

    monkeypatch.setattr(time, "sleep", sleep)
    found: list[str | None] = []
    with pytest.raises(KeyboardInterrupt):
        for item in poll([server.url], 60):
            found.append(read_back(item).headline)
    return found


@pytest.mark.parametrize(
    ("cut", "expected"),
    [
        (b"<item><guid>1", ["Brand geblust", "Brand in Gent"]),
        (b"<item><guid>2", ["Brand in Gent", "Brand geblust"]),
        (b"<rss", ["Brand in Gent", "Brand geblust"]),
    ],
    ids=["after an entry", "before the entries", "before anything"],
)
def test_the_tail_of_an_answer_that_broke_off_comes_with_the_next_poll(
    server: Server, cut: bytes, expected: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Although nothing changed in between: the ETag was that of the whole."""
    whole = rss(("2", "Brand geblust"), ("1", "Brand in Gent"))
    server.etag, server.content = '"v1"', whole[: whole.index(cut)]
    assert polled_twice(server, monkeypatch, then=whole) == expected
    assert [asked["If-None-Match"] for asked in server.asked] == [None, None]


@pytest.mark.parametrize("content_type", ["text/plain", "application/rss+xml; charset=us-ascii"])
def test_a_wrong_declaration_does_not_cost_a_feed_its_etag(
    server: Server, content_type: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.etag, server.content, server.content_type = '"v1"', rss(("1", "Café in Gent dicht")), content_type
    assert polled_twice(server, monkeypatch) == ["Café in Gent dicht"]
    assert [asked["If-None-Match"] for asked in server.asked] == [None, '"v1"']


def test_a_feed_that_is_always_malformed_is_asked_for_whole_and_sent_once(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.etag, server.content = '"v1"', rss(("1", "Brand bij Jansen & Zonen"))
    assert polled_twice(server, monkeypatch) == ["Brand bij Jansen & Zonen"]
    assert [asked["If-None-Match"] for asked in server.asked] == [None, None]


@pytest.mark.parametrize("status", [404, 500])
def test_an_error_of_the_server_is_logged(server: Server, status: int, caplog: pytest.LogCaptureFixture) -> None:
    server.status, server.content = status, rss(("1", "Niet gevonden"))
    assert list(poll([server.url], 0)) == []
    assert f"{server.url}: HTTP status {status}" in caplog.text


def test_a_server_that_does_not_answer_is_not_waited_for_for_ever(
    server: Server, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, file: Path
) -> None:
    monkeypatch.setattr(module, "_PATIENCE", 0.2)
    server.silent = threading.Event()
    try:
        assert headlines(poll([server.url, str(file)], 0)) == ["Brand in Gent", "Brand geblust"]
    finally:
        server.silent.set()
    assert "timed out" in caplog.text


def test_nobody_there_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    assert list(poll(["http://127.0.0.1:9/feed.xml"], 0)) == []
    assert "not read" in caplog.text


def test_memory_of_what_was_seen_is_bounded(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_REMEMBERED", 2)
    feed = module._Feed(str(file))
    for number in range(5):
        file.write_bytes(rss((str(number), f"Bericht {number}")))
        assert len(list(module._new_entries(feed, None, None))) == 1
    assert len(feed.seen) == 2


def test_a_connection_that_breaks_off_is_logged_and_the_others_go_on(
    server: Server, caplog: pytest.LogCaptureFixture, file: Path
) -> None:
    server.silent = threading.Event()
    server.silent.set()  # takes the request and hangs up
    assert headlines(poll([server.url, str(file)], 0)) == ["Brand in Gent", "Brand geblust"]
    assert f"{server.url}: not read" in caplog.text
