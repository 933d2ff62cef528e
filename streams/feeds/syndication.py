"""One RSS item or Atom entry, bare or within its feed."""

import io
import re
from typing import Any

import feedparser

from streams.contract.outcome import DeadLetter, Ok, Outcome, Reason
from streams.feeds.encoding import decode, xml_charset
from streams.feeds.feedparser_limits import leave_out_authors_and_categories
from streams.feeds.item import BodyFormat, WireItem
from streams.feeds.times import from_struct

# What stands before the document's type or its root; feedparser's patterns read it with the square of its length.
_PROLOG = re.compile(r"(?:\s++|<\?.*?\?>|<!--.*?-->)++", re.DOTALL)
_BLANK_LINES = re.compile(r"\n\s++")
_FIRST_ELEMENT = re.compile(r"<\w")

leave_out_authors_and_categories()


def read_syndication(payload: bytes, charset: str | None = None) -> Outcome[WireItem]:
    """One entry as an item. Its content counts before its description; both are taken as HTML."""
    try:
        text = decode(payload, charset or xml_charset(payload.lstrip()))
    except (UnicodeDecodeError, LookupError) as error:
        return DeadLetter(Reason.WRONG_ENCODING, str(error), type(error).__name__)
    # A stream, since feedparser takes a string for a path or an address. Markup is cleaned by the stage that reads it.
    stream = io.BytesIO(_without_prolog(text).encode("utf-8", "replace"))
    try:
        feed = feedparser.parse(stream, sanitize_html=False, resolve_relative_uris=False)
    except Exception as error:  # of whatever kind: it reads what is not well-formed once more, with less care
        return DeadLetter(Reason.NOT_PARSED, str(error), type(error).__name__)
    problem = feed.get("bozo_exception")
    if problem is not None and "undefined entity" not in str(problem):  # &nbsp; is common, and harmless
        return DeadLetter(Reason.NOT_PARSED, str(problem), type(problem).__name__)
    if not feed.entries:
        return DeadLetter(Reason.UNKNOWN_FORMAT, "XML, but neither an RSS item nor an Atom entry")
    if len(feed.entries) > 1:
        return DeadLetter(Reason.WRONG_FIELD, f"one entry expected, found {len(feed.entries)}")
    return _item(feed.entries[0], feed.feed)


def _without_prolog(text: str) -> str:
    """The document without its declaration, since its bytes are UTF-8 from here on, and without blank lines ahead."""
    prolog = _PROLOG.match(text)
    text = text[prolog.end() :] if prolog else text
    element = _FIRST_ELEMENT.search(text)
    head = element.start() if element else 0
    text = _BLANK_LINES.sub("\n", text[:head]) + text[head:].rstrip()
    return f" {text}" if text.startswith("<?") else text  # never closed, and no declaration either


def _item(entry: Any, feed: Any) -> Outcome[WireItem]:
    identity = (entry.get("id") or entry.get("link") or "").strip()
    if not identity:
        return DeadLetter(Reason.WRONG_FIELD, "the entry has neither guid, id nor link")
    return Ok(
        WireItem(
            id=identity,
            headline=entry.get("title"),
            body=_body(entry),
            body_format=BodyFormat.HTML,
            language=_language(entry, feed),
            published=from_struct(entry.get("published_parsed") or entry.get("updated_parsed")),
        )
    )


def _body(entry: Any) -> str | None:
    contents = [part.get("value") for part in entry.get("content", ())]
    return next((text for text in [*contents, entry.get("summary")] if text and text.strip()), None)


def _language(entry: Any, feed: Any) -> str | None:
    details = [*entry.get("content", ()), entry.get("title_detail") or {}, feed]
    return next((part["language"] for part in details if part.get("language")), None)
