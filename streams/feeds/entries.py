"""A feed's entries, each as an Atom document of its own."""

import io
import re
from typing import Any
from xml.etree import ElementTree as Xml
from xml.sax import SAXException

import feedparser
from msgspec import Struct

from streams.feeds.answer import Answer
from streams.feeds.times import from_struct

_ATOM = "http://www.w3.org/2005/Atom"
_NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_HTML = re.compile(rb"\s*(<!--.*?-->\s*)*<(!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL)
_MEDIA_TYPE = re.compile(r"[\w.+-]{1,60}/[\w.+-]{1,60}", re.ASCII)
_REFERENCE = re.compile(rb"&#(?:[xX]0{0,8}[dD][89a-fA-F][0-9a-fA-F]{2}|0{0,8}5[5-7][0-9]{3});")
_HEAD = 2_000  # bytes in which a document says what it is


class Entry(Struct, frozen=True):
    """An entry as an Atom document (UTF-8), and its title for a person."""

    payload: bytes
    title: str


class Feed(Struct, frozen=True):
    """What a document holds: entries in its order. `whole`: it was read to its end; `problem`: why not at all."""

    entries: list[Entry] = []
    language: str | None = None
    whole: bool = False
    problem: str | None = None


def read_feed(answer: Answer) -> Feed:
    """RSS or Atom as feedparser finds it, which fetches no external entities."""
    content, location = answer.content, {"content-location": answer.base}
    headers = location | {"content-type": answer.content_type, "content-language": answer.language}
    # A stream: feedparser takes a string for a path or an address.
    found = feedparser.parse(
        io.BytesIO(_REFERENCE.sub(_possible, content)), response_headers={k: v for k, v in headers.items() if v}
    )
    if not found.entries and not _is_whole(found):
        return Feed(problem=_problem(answer, found))
    entries = [Entry(atom_entry(entry), _clean(entry.get("title", ""))) for entry in found.entries]
    return Feed(entries, _clean(found.feed.get("language") or "") or None, _is_whole(found))


def _possible(reference: re.Match[bytes]) -> bytes:
    """A reference to half a surrogate pair, on which feedparser fails, becomes one to the replacement character."""
    number = reference.group()[2:-1]
    code = int(number[1:], 16) if number[:1] in b"xX" else int(number)
    return b"&#xFFFD;" if 0xD800 <= code <= 0xDFFF else reference.group()


def _problem(answer: Answer, found: Any) -> str:
    content = answer.content
    if _HTML.match(content[:_HEAD]):
        return "an HTML page, no feed: a login or an error page?"
    if found.get("version"):
        return "a feed that breaks off or is malformed before its first entry"
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return "neither RSS nor Atom"
    declared = _MEDIA_TYPE.match(answer.content_type or "")
    return f"no feed: {len(content)} bytes of {declared.group() if declared else 'something else'}"


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
