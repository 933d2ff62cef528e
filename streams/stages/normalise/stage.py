"""The stage `normalise`: one wire item, of any format, as an article."""

from collections.abc import Collection
from datetime import datetime
from hashlib import sha256

from streams.contract.message import Message
from streams.contract.outcome import DeadLetter, Ok, Outcome, Reason
from streams.contract.records import Article, Change, Dateline, Skipped, Times
from streams.feeds.item import BodyFormat, WireItem
from streams.feeds.readers import read
from streams.feeds.times import parse_time
from streams.stages.normalise.characters import clean_line, resolve_references
from streams.stages.normalise.dateline import split_dateline
from streams.stages.normalise.furniture import without_furniture
from streams.stages.normalise.gathering import gathered
from streams.stages.normalise.language import language_of
from streams.stages.normalise.layout import lay_out
from streams.stages.normalise.lines import Form, Line, text_lines
from streams.stages.normalise.markup import has_markup, html_lines, html_text
from streams.stages.normalise.signals import change_of, without_signal
from streams.stages.normalise.structure import recognise

_HEADERS_IN_DIGEST = ("content-type", "source", "language")
_DATELINE_LINES = 3  # the dateline stands on one of the first lines, if there is one
OTHER_SOURCE = "other"
UNKNOWN_SOURCE = "unknown"


class Normalise:
    """Wire payload to `Article`.

    `languages` are those that the later stages can enrich; an article in another one is marked `skipped`.
    `sources` are the configured names of feeds: any other name becomes `other`; without any, names are kept.
    `max_item_bytes` is the largest payload taken.
    """

    def __init__(
        self,
        *,
        languages: Collection[str] = ("nl",),
        default_language: str = "nl",
        max_item_bytes: int = 1_000_000,
        sources: Collection[str] = (),
    ) -> None:
        self._languages = frozenset(languages)
        self._default_language = default_language
        self._max_item_bytes = max_item_bytes
        self._sources = frozenset(sources)

    def __call__(self, message: Message) -> Outcome[Article]:
        """The article, or why there is none: empty, too large, not readable, without any text."""
        payload = message.value
        if not payload:
            return DeadLetter(Reason.EMPTY_PAYLOAD, "the record has no value")
        if len(payload) > self._max_item_bytes:
            return DeadLetter(Reason.TOO_LARGE, f"{len(payload)} bytes, more than the limit of {self._max_item_bytes}")
        item = read(payload, message.header("content-type"))
        return item if isinstance(item, DeadLetter) else self._article(item.value, payload, message)

    def _article(self, item: WireItem, payload: bytes, message: Message) -> Outcome[Article]:
        change = change_of(item)
        headline = _headline(item, change)
        lines, stamp = without_furniture(_lines(item), headline)
        headline, lines, dateline = _split_off_dateline(headline, lines, item.place, stamp)
        text, blocks = lay_out(headline, recognise(gathered(lines)))
        if not text and change is not Change.KILL:
            return DeadLetter(Reason.NO_TEXT, "neither headline nor body")
        language = language_of(text, item.language or message.header("language"), self._default_language)
        supported = language.code in self._languages or change is Change.KILL
        return Ok(
            Article(
                id=item.id,
                version=item.version,
                status=item.status,
                change=change,
                headline=headline,
                source=self._source(message.header("source")),
                dateline=dateline,
                embargo=item.embargo,
                skipped=None if supported else Skipped.UNSUPPORTED_LANGUAGE,
                language=language,
                text=text,
                text_sha256=sha256(text.encode()).hexdigest(),
                wire_sha256=_wire_digest(payload, message),
                blocks=blocks,
                times=Times(published=item.published, received=_received(message)),
                produced_by=(),
            )
        )

    def _source(self, name: str | None) -> str:
        if not name:
            return UNKNOWN_SOURCE
        return name if not self._sources or name in self._sources else OTHER_SOURCE


def _headline(item: WireItem, change: Change) -> str | None:
    raw = item.headline or ""
    text = html_text(raw) if has_markup(raw) else clean_line(resolve_references(raw))
    return without_signal(text, change) or None


def _lines(item: WireItem) -> list[Line]:
    if not item.body:
        return []
    if item.body_format is BodyFormat.HTML:
        return html_lines(item.body)
    return text_lines(resolve_references(item.body))


def _split_off_dateline(
    headline: str | None, lines: list[Line], located: str | None, stamp: str | None
) -> tuple[str | None, list[Line], Dateline | None]:
    """Headline and lines without the dateline, and the dateline: as the text has it, completed by what the
    feed and a time stamp say. A flash without a body may have it in its headline."""
    place, date = None, None
    if not lines and headline:
        found, rest = split_dateline(headline, located)
        if found and rest:
            headline, place, date = rest, found.place, found.date
    for number, line in enumerate(lines[:_DATELINE_LINES]):
        found, rest = split_dateline(line.text, located) if line.form is not Form.ITEM else (None, "")
        if found:
            place, date = found.place, found.date
            kept = [Line(rest, Form.TEXT, line.before)] if rest else []
            lines = [*lines[:number], *kept, *lines[number + 1 :]]
            break
    place, date = place or clean_line(located or "") or None, date or stamp
    return headline, lines, Dateline(place=place, date=date) if place or date else None


def _received(message: Message) -> datetime:
    header = message.header("received")
    try:
        return parse_time(header) if header else message.timestamp
    except ValueError:  # the record's own time is as good
        return message.timestamp


def _wire_digest(payload: bytes, message: Message) -> str:
    digest = sha256()
    for name in _HEADERS_IN_DIGEST:
        digest.update(f"{name}:{message.header(name) or ''}\n".encode())
    digest.update(payload)
    return digest.hexdigest()
