"""Feeds as documents, and a process of its own for each."""

import asyncio
import time

import pytest

from streams.feeds.answer import Answer
from streams.feeds.entries import Feed, read_feed
from streams.feeds.parsing import Parser
from tests.feeds.server import rss

EMPTY = b"<rss version='2.0'><channel><title>Nieuws</title></channel></rss>"


def read(content: bytes, content_type: str | None = None) -> Feed:
    return read_feed(Answer(content, content_type=content_type))


@pytest.mark.parametrize(
    ("content", "content_type", "told"),
    [
        (b"<!DOCTYPE html><html><body>Log in</body></html>", None, "an HTML page, no feed: a login or an error page?"),
        (b"\n<!-- x --><HTML><body><p>hallo</body></HTML>", None, "an HTML page, no feed: a login or an error page?"),
        (b"<?xml version='1.0'?><opml/>", None, "neither RSS nor Atom"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "image/png; x=\x1b[31m", "no feed: 264 bytes of image/png"),
        (b"{}", "\x1b[31m", "no feed: 2 bytes of something else"),
        (b"<rss version='2.0'><channel><item", None, "a feed that breaks off or is malformed before its first entry"),
    ],
)
def test_what_is_no_feed(content: bytes, content_type: str | None, told: str) -> None:
    assert read(content, content_type).problem == told


def test_a_feed_without_entries_is_one() -> None:
    assert read(EMPTY) == Feed(whole=True)
    assert read(EMPTY, "text/plain") == Feed(whole=True)


def test_a_wrong_content_type_costs_nothing() -> None:
    feed = read(rss(("1", "Café dicht")), "image/png")
    assert ([entry.title for entry in feed.entries], feed.whole) == (["Café dicht"], True)


def test_entities_from_elsewhere_are_not_fetched() -> None:
    entity = b"<!DOCTYPE rss [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>" + rss(("1", "Brand &x;"))
    assert b"root:" not in b"".join(entry.payload for entry in read(entity).entries)
    laughs = "".join(f"<!ENTITY a{i} '{f'&a{i - 1};' * 10}'>" for i in range(1, 10))
    bomb = f"<!DOCTYPE rss [<!ENTITY a0 'ha'>{laughs}]>".encode() + rss(("1", "Ha &a9;"))
    assert sum(len(entry.payload) for entry in read(bomb).entries) < 10_000


def test_half_a_surrogate_pair_costs_no_entry() -> None:
    feed = rss(("1", "Brand &#xD800;&#0056320;&#55000;"), ("2", "Brand"))
    parsed = asyncio.run(Parser().parse(Answer(feed)))
    assert [entry.title for entry in parsed.entries] == ["Brand \ufffd\ufffd\ud6d8", "Brand"]


def test_parsing_apart_gives_the_same() -> None:
    answer = Answer(rss(("2", "Brand geblust"), ("1", "Brand in Gent")), "https://nieuws.example/rss")
    assert asyncio.run(Parser().parse(answer)) == read_feed(answer)


def test_parsing_that_takes_too_long_is_ended_and_others_go_on() -> None:
    """An author of 100 kB, on which feedparser's pattern takes minutes."""
    slow = rss(("1", "Brand")).replace(b"</item>", b"<author>" + b"a" * 200_000 + b"</author></item>")

    async def both() -> tuple[Feed, Feed]:
        parser = Parser(seconds=2.0)
        return await asyncio.gather(parser.parse(Answer(slow)), parser.parse(Answer(rss(("2", "Brand geblust")))))

    started = time.monotonic()
    first, second = asyncio.run(both())
    assert first.problem == "parsing it takes more than 2 s"
    assert [entry.title for entry in second.entries] == ["Brand geblust"]
    assert time.monotonic() - started < 20
