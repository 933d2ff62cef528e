"""The wire formats by content type. A new format is a module beside this one and a line in the table."""

from collections.abc import Callable

from streams.contract.outcome import DeadLetter, Outcome, Reason
from streams.feeds.encoding import declared_charset
from streams.feeds.item import WireItem
from streams.feeds.ninjs import read_ninjs
from streams.feeds.plain_text import read_plain_text
from streams.feeds.syndication import read_syndication

Reader = Callable[[bytes, str | None], Outcome[WireItem]]

READERS: dict[str, Reader] = {
    "application/vnd.iptc.ninjs+json": read_ninjs,
    "application/json": read_ninjs,
    "application/rss+xml": read_syndication,
    "application/atom+xml": read_syndication,
    "application/xml": read_syndication,
    "text/xml": read_syndication,
    "text/plain": read_plain_text,
}

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def read(payload: bytes, content_type: str | None = None) -> Outcome[WireItem]:
    """The payload as an item; without a content type the format is recognised from the content."""
    media_type = (content_type or "").split(";", 1)[0].strip().lower() or recognise(payload)
    reader = READERS.get(media_type)
    if reader is None:
        return DeadLetter(Reason.UNKNOWN_FORMAT, f"no reader for {media_type[:100]}")
    return reader(payload, declared_charset(content_type))


def recognise(payload: bytes) -> str:
    """The content type by the first character: `{` is ninjs, `<` RSS or Atom, anything else plain text."""
    start = payload.removeprefix(_BYTE_ORDER_MARK).lstrip()[:1]
    if start == b"{":
        return "application/vnd.iptc.ninjs+json"
    return "application/rss+xml" if start == b"<" else "text/plain"
