"""Polls RSS and Atom feeds and gives each entry as an Atom document of its own."""

import logging
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from urllib.request import BaseHandler, Request
from xml.etree import ElementTree as Xml
from xml.sax import SAXException

import feedparser

from streams.feeds.raw_item import RawItem
from streams.feeds.times import from_struct

log = logging.getLogger(__name__)
_ATOM = "http://www.w3.org/2005/Atom"
_REMEMBERED = 5_000  # entries per feed; a feed shows far fewer at a time
_PATIENCE = 30.0  # seconds that a feed's server has to answer
_NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class _InTime(BaseHandler):
    """Limits how long a request may take: feedparser itself waits for ever."""

    def http_request(self, request: Request) -> Request:
        request.timeout = _PATIENCE
        return request

    https_request = http_request


@dataclass
class _Feed:
    url: str
    etag: str | None = None
    modified: str | None = None
    seen: dict[bytes, None] = field(default_factory=dict)


def poll(
    urls: Sequence[str], every: float, source: str | None = None, language: str | None = None
) -> Iterator[RawItem]:
    """Entries that are new or changed, oldest first, for ever; once where `every` (seconds) is 0.

    A feed that does not answer or is no feed is logged and tried again at the next poll. What was seen is
    kept in memory: after a restart entries are sent again, and come out under the same `ce_id`.
    """
    feeds = [_Feed(url) for url in urls]
    while True:
        for feed in feeds:
            yield from _new_entries(feed, source, language)
        if not every:
            return
        time.sleep(every)


def _new_entries(feed: _Feed, source: str | None, language: str | None) -> Iterator[RawItem]:
    try:
        found = feedparser.parse(feed.url, etag=feed.etag, modified=feed.modified, handlers=[_InTime()])
    except Exception as error:  # a connection that breaks off, or whatever else a server may do to the parser
        log.warning("%s: not read: %s: %s", feed.url, type(error).__name__, error)
        return
    if found.get("bozo") and not found.entries:
        log.warning("%s: not read: %s", feed.url, found.get("bozo_exception"))
        return
    if found.get("status", 200) >= 400:
        log.warning("%s: HTTP status %s", feed.url, found.status)
        return
    if found.get("status") == 304:  # unchanged, and the answer need not repeat its validators
        return
    if _is_whole(found):
        feed.etag, feed.modified = found.get("etag"), found.get("modified")
    declared = found.feed.get("language") or language
    name = source or urlsplit(feed.url).hostname or feed.url
    for entry in reversed(found.entries):
        payload = atom_entry(entry)
        if payload not in feed.seen:
            feed.seen[payload] = None
            yield RawItem(payload, "application/atom+xml", name, declared, f"{feed.url}: {entry.get('title', '')}")
    while len(feed.seen) > _REMEMBERED:
        del feed.seen[next(iter(feed.seen))]


def _is_whole(found: Any) -> bool:
    """Whether a feed was read to its end, so that its validators may stand for all of its entries.

    One that broke off looks like one that is always malformed: both go to feedparser's lenient parser. Neither
    keeps validators: the first would be answered 304 until its next change, without its tail; the second costs
    its server a whole answer at every poll, but no poll more, and what was seen is not sent again. A wrong
    encoding or content type is no matter: the strict parser still came to the end. An empty answer has no version.
    """
    return bool(found.get("version")) and not isinstance(found.get("bozo_exception"), SAXException)


def atom_entry(entry: Any) -> bytes:
    """A feedparser entry as an Atom entry document (UTF-8): id, title, content, link and times.

    Characters that XML does not know are left out, so that a feed with one still gives a readable entry.
    """
    root = Xml.Element("entry", {"xmlns": _ATOM})
    link = entry.get("link")
    identity = entry.get("id") or link
    if identity:
        Xml.SubElement(root, "id").text = _clean(identity)
    if link:
        Xml.SubElement(root, "link", {"href": _clean(link)})
    Xml.SubElement(root, "title", {"type": "html"}).text = _clean(entry.get("title", ""))
    for name, parsed in (("published", "published_parsed"), ("updated", "updated_parsed")):
        moment = from_struct(entry[parsed]) if parsed in entry else None
        if moment:
            Xml.SubElement(root, name).text = moment.isoformat().replace("+00:00", "Z")
    contents = [*(c.get("value") for c in entry.get("content", ())), entry.get("summary")]
    body = next((content for content in contents if content), None)
    if body:
        Xml.SubElement(root, "content", {"type": "html"}).text = _clean(body)
    document: bytes = Xml.tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _clean(text: str) -> str:
    return _NOT_IN_XML.sub("", text)
