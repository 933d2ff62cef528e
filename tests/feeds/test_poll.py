"""RSS and Atom feeds, polled from files and from a server on loopback."""

import time
from contextlib import closing
from itertools import islice
from pathlib import Path

import pytest

from streams.contract.outcome import Ok
from streams.feeds.address import addresses
from streams.feeds.answer import Limits
from streams.feeds.item import WireItem
from streams.feeds.poll import Items, Options, Polled, poll
from streams.feeds.raw_item import RawItem
from streams.feeds.readers import read
from tests.feeds.server import Server, drip, rss

BOTH = rss(("2", "Brand geblust"), ("1", "Brand in Gent"))


def once(*urls: str | Path, source: str | None = None, language: str | None = None, seconds: float = 20.0) -> Items:
    return poll(addresses([str(url) for url in urls]), Options(0, source, language, Limits(seconds=seconds)))


def problems(*urls: str | Path, seconds: float = 20.0) -> list[tuple[str, str | None]]:
    """What is told of a poll, by address."""
    told: list[Polled] = []
    feeds = addresses([str(url) for url in urls])
    list(poll(feeds, Options(0, limits=Limits(seconds=seconds)), told.append))
    return sorted((polled.address.shown, polled.problem) for polled in told)


def read_back(item: RawItem) -> WireItem:
    """The item as the first stage reads it."""
    result = read(item.payload, item.content_type)
    assert isinstance(result, Ok), result
    return result.value


def headlines(items: Items, count: int = 100) -> list[str | None]:
    with closing(items):
        return [read_back(item).headline for item in islice(items, count)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "feed.xml"
    path.write_bytes(BOTH)
    return path


def test_entries_of_a_file_oldest_first(file: Path) -> None:
    first, second = once(file, source="npd")
    assert (first.source, first.language, first.content_type) == ("npd", "nl", "application/atom+xml")
    assert first.origin == f"{file}: Brand in Gent"
    assert first.key() == b"1"
    item = read_back(second)
    assert (item.id, item.headline, item.version) == ("2", "Brand geblust", 1)
    assert item.body == "<p>Brand geblust, zegt de brandweer.</p>"
    assert item.published is not None
    assert item.published.isoformat() == "2026-03-02T08:30:00+00:00"


def test_language_where_the_feed_declares_none(file: Path) -> None:
    file.write_bytes(rss(("1", "Brand"), language=""))
    assert [item.language for item in once(file, language="nl-BE")] == ["nl-BE"]
    file.write_bytes(rss(("1", "Incendie"), language="fr"))
    assert [item.language for item in once(file, language="nl-BE")] == ["fr"]


def test_the_source_is_the_host_unless_it_is_named(server: Server, file: Path) -> None:
    url = server.url.replace("//", "//klant:geheim@") + "/feed.xml?token=geheim"
    (item,) = once(url)
    assert (item.source, item.origin) == ("127.0.0.1", f"{server.url}/feed.xml?token=…: Brand in Gent")
    assert "geheim" not in repr(item)
    assert [item.source for item in once(url, source="npd")] == ["npd"]
    assert {item.source for item in once(file)} == {"feed.xml"}


def test_relative_addresses_go_by_the_feeds_own_without_its_secrets(server: Server) -> None:
    atom = b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><link href='brand'/><title>Brand</title></entry></feed>"
    url = server.reply("/nieuws/atom", atom).replace("//", "//klant:geheim@") + "?token=geheim"
    (item,) = once(url)
    assert item.key() == f"{server.url}/nieuws/brand".encode()
    assert b"geheim" not in item.payload


def test_what_was_not_read_is_told_and_the_others_go_on(server: Server, tmp_path: Path, file: Path) -> None:
    broken, missing, html = tmp_path / "broken.xml", tmp_path / "missing.xml", server.reply("/in", b"<html>log in")
    broken.write_bytes(b"<rss><channel><item")
    bad: list[str | Path] = [broken, missing, tmp_path, "/dev/zero", html, server.url + "/404"]
    assert problems(*bad) == sorted(
        [
            (str(broken), "a feed that breaks off or is malformed before its first entry"),
            (str(missing), "No such file or directory"),
            (str(tmp_path), "not a file"),
            ("/dev/zero", "not a file"),
            (html, "an HTML page, no feed: a login or an error page?"),
            (server.url + "/404", "HTTP status 404 (Not Found)"),
        ]
    )
    assert headlines(once(*bad, file)) == ["Brand in Gent", "Brand geblust"]


def test_a_slow_feed_holds_up_no_other(server: Server) -> None:
    slow = [server.reply("/silent", hangs_up=True, pause=20.0), server.reply("/drip", pieces=drip, pause=0.05)]
    with closing(once(*slow, server.url + "/feed.xml")) as items:
        started = time.monotonic()
        assert read_back(next(items)).headline == "Brand in Gent"
        assert time.monotonic() - started < 10  # a process starts for parsing
    assert time.monotonic() - started < 15  # and closing waits for neither
    assert {why for _, why in problems(*slow, seconds=0.3)} == {"no whole answer within 0.3 s"}


def test_a_long_feed_does_not_crowd_out_a_short_one(server: Server) -> None:
    long = server.reply("/long", rss(*((str(number), f"Bericht {number}") for number in range(300))))
    with closing(once(long, server.url + "/feed.xml")) as items:
        taken = []
        for item in items:
            taken.append(item.origin)
            time.sleep(0.005)
    assert len(taken) == 301
    assert taken.index(f"{server.url}/feed.xml: Brand in Gent") < 290


def test_a_feed_that_breaks_off_still_gives_its_whole_entries(file: Path, server: Server) -> None:
    file.write_bytes(BOTH.replace(b"</channel></rss>", b""))
    assert headlines(once(file)) == ["Brand in Gent", "Brand geblust"]
    cut = server.reply("/cut", BOTH, headers={"Content-Length": str(len(BOTH) + 1)})
    assert headlines(once(cut)) == ["Brand in Gent", "Brand geblust"]


def test_a_date_that_no_calendar_has_is_left_out(file: Path) -> None:
    file.write_bytes(
        b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>1</id><title>Brand</title>"
        b"<published>0000-00-00T00:00:00Z</published></entry></feed>"
    )
    (item,) = once(file)
    assert read_back(item).published is None


def test_a_fault_of_ours_ends_the_polls(file: Path) -> None:
    def told(polled: Polled) -> None:
        raise ZeroDivisionError

    with pytest.raises(ExceptionGroup):
        list(poll(addresses([str(file)]), Options(0), told))
