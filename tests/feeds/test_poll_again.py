"""Polling a feed more than once: what is new, what is asked for, and when to stop."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from streams.feeds.address import addresses
from streams.feeds.poll import Options, Polled, poll
from tests.feeds.server import Server, rss
from tests.feeds.test_poll import BOTH, headlines


def polled(url: str | Path, times: int, then: Callable[[int], object] = lambda number: None) -> list[str]:
    """Titles of so many polls, `then` called with the number of each before the next."""
    told: list[Polled] = []
    found: list[str] = []

    def note(one: Polled) -> None:
        then(len(told))
        told.append(one)
        if len(told) == times:
            raise EndError

    with pytest.raises(ExceptionGroup) as ended:
        for item in poll(addresses([str(url)]), Options(0.05), note):
            found.append(item.origin.rpartition(": ")[2])
    assert ended.group_contains(EndError)
    return found


class EndError(Exception):
    """Enough polls."""


def test_new_and_changed_entries_come_and_unchanged_ones_do_not(tmp_path: Path) -> None:
    file, later = tmp_path / "feed.xml", rss(("3", "Oorzaak"), ("2", "Brand eindelijk geblust"), ("1", "Brand in Gent"))
    file.write_bytes(BOTH)

    def change(number: int) -> None:
        if number == 2:
            file.write_bytes(later)

    assert polled(file, 6, change) == ["Brand in Gent", "Brand geblust", "Brand eindelijk geblust", "Oorzaak"]


def test_a_feed_of_5600_entries_is_sent_once(server: Server) -> None:
    """Also where its server has no validators, and something else in it changes each time."""
    entries = [(str(number), f"Bericht {number}") for number in range(5_600)]
    url = server.reply("/long", rss(*entries))

    def change(number: int) -> None:
        server.replies["/long"].body = rss(*entries).replace(b"<title>Nieuws", b"<title>Nieuws %d" % number)

    assert len(polled(url, 2, change)) == 5_600


def test_a_server_is_asked_only_for_what_changed(server: Server) -> None:
    """Also where its answer 304 does not repeat the ETag."""
    server.etag = '"v1"'

    def change(number: int) -> None:
        if number == 2:
            server.etag = '"v2"'
            server.reply("/feed.xml", rss(("1", "Brand in Gent geblust")))

    assert polled(server.url + "/feed.xml", 5, change) == ["Brand in Gent", "Brand in Gent geblust"]
    assert server.headers("If-None-Match") == [None, '"v1"', '"v1"', '"v1"', '"v2"']


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
    server: Server, cut: bytes, expected: list[str]
) -> None:
    """Although nothing changed in between: the ETag was that of the whole."""
    server.etag, url = '"v1"', server.reply("/feed.xml", BOTH[: BOTH.index(cut)])
    assert polled(url, 3, lambda number: server.reply("/feed.xml", BOTH)) == expected
    assert server.headers("If-None-Match") == [None, None, '"v1"']


@pytest.mark.parametrize("content_type", ["text/plain", "application/rss+xml; charset=us-ascii"])
def test_a_wrong_declaration_does_not_cost_a_feed_its_etag(server: Server, content_type: str) -> None:
    server.etag = '"v1"'
    url = server.reply("/x", rss(("1", "Café in Gent dicht")), headers={"Content-Type": content_type})
    assert polled(url, 2) == ["Café in Gent dicht"]
    assert server.headers("If-None-Match") == [None, '"v1"']


def test_a_feed_that_is_always_malformed_is_asked_for_whole_and_sent_once(server: Server) -> None:
    server.etag, url = '"v1"', server.reply("/x", rss(("1", "Brand bij Jansen & Zonen")))
    assert polled(url, 2) == ["Brand bij Jansen & Zonen"]
    assert server.headers("If-None-Match") == [None, None]


def test_a_feed_that_comes_back_is_read_again(server: Server) -> None:
    url = server.reply("/x", b"", 500)
    assert polled(url, 3, lambda number: server.reply("/x", BOTH)) == ["Brand in Gent", "Brand geblust"]


def test_a_feed_that_is_gone_is_asked_once(server: Server) -> None:
    assert headlines(poll(addresses([server.reply("/gone", b"", 410)]), Options(0.01))) == []
    assert len(server.asked) == 1


def test_a_server_that_asks_for_time_gets_it(server: Server) -> None:
    url = server.reply("/busy", b"", 429, {"Retry-After": "2"})
    told: list[float] = []

    def note(one: Polled) -> None:
        told.append(time.monotonic())
        server.reply("/busy", b"", 410)

    assert headlines(poll(addresses([url]), Options(0.01), note)) == []
    assert told[1] - told[0] >= 2
