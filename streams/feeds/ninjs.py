"""IPTC ninjs 1.x, 2.x and 3.x: a news item as one JSON object (https://iptc.org/standards/ninjs/)."""

import re
from collections.abc import Sequence
from datetime import datetime

import msgspec

from streams.contract.outcome import DeadLetter, Ok, Outcome, Reason
from streams.contract.records import Status
from streams.feeds.encoding import decode
from streams.feeds.item import BodyFormat, WireItem
from streams.feeds.times import parse_time

# Schema versions differ in the case of their names (versioncreated, versionCreated): keys are compared
# in lower case, and these fields stand for all of them.
_MARKUP = re.compile(r"<(?:p|div|section|br|h[1-6]|ul|ol|strong|em|blockquote)\b", re.IGNORECASE)
_VERSION = re.compile(r"\d{1,15}")
_LARGEST_VERSION = 10**15 - 1
# Half of a surrogate pair, as those leave behind who cut a text within an emoji; whole pairs are escapes like others.
_ESCAPE = re.compile(r"\\(?:u[dD][89abAB]\w\w\\u[dD][c-fC-F]\w\w|(?P<half>u[dD][89a-fA-F]\w\w)|.)")


class _Text(msgspec.Struct):
    value: str | None = None
    role: str | None = None
    contenttype: str | None = None


class _Ninjs(msgspec.Struct):
    uri: str
    version: int | str | None = None
    versioncreated: str | None = None
    firstcreated: str | None = None
    pubstatus: str | None = None
    language: str | None = None
    located: str | None = None
    ednote: str | None = None
    embargoed: str | None = None  # 1.x and 2.x
    embargoeduntil: str | None = None  # 3.x
    headline: str | None = None  # 1.x
    body_html: str | None = None
    body_xhtml: str | None = None
    body_text: str | None = None
    headlines: list[_Text] | None = None  # 2.x and 3.x
    bodies: list[_Text] | None = None


_FIELDS = frozenset(_Ninjs.__struct_fields__)


def read_ninjs(payload: bytes, charset: str | None = None) -> Outcome[WireItem]:
    """One ninjs object as an item. `charset` is ignored: JSON is UTF-8."""
    try:
        return Ok(_item(_decoded(decode(payload))))
    except UnicodeDecodeError as error:
        return DeadLetter(Reason.WRONG_ENCODING, str(error), type(error).__name__)
    except msgspec.ValidationError as error:
        return DeadLetter(Reason.WRONG_FIELD, str(error), type(error).__name__)
    except (msgspec.DecodeError, RecursionError) as error:
        return DeadLetter(Reason.NOT_PARSED, str(error), type(error).__name__)
    except ValueError as error:
        return DeadLetter(Reason.WRONG_FIELD, str(error), type(error).__name__)


def _decoded(text: str) -> _Ninjs:
    """The fields that are read; what others hold, a number beyond all limits even, is of no account."""
    try:
        document = msgspec.json.decode(text, type=dict[str, msgspec.Raw])
    except msgspec.ValidationError:
        raise
    except msgspec.DecodeError as error:
        mended = _ESCAPE.sub(lambda found: "\\ufffd" if found["half"] else found[0], text)
        document = msgspec.json.decode(mended, type=dict[str, msgspec.Raw])
        if any(name.lower() == "uri" and b"\\ufffd" in bytes(value) for name, value in document.items()):
            raise error  # whose item it is cannot be read
    fields = {name.lower(): value for name, value in document.items()}
    return msgspec.convert(
        {name: _with_lower_keys(msgspec.json.decode(fields[name])) for name in _FIELDS if name in fields}, _Ninjs
    )


def _with_lower_keys(value: object) -> object:
    """A list whose objects have keys in lower case (no deeper is read); any other value as it is."""
    if not isinstance(value, list):
        return value
    return [{key.lower(): of for key, of in part.items()} if isinstance(part, dict) else part for part in value]


def _item(ninjs: _Ninjs) -> WireItem:
    if not ninjs.uri.strip():
        raise ValueError("uri is empty")
    body, body_format = _body(ninjs)
    return WireItem(
        id=ninjs.uri.strip(),
        version=_version(ninjs.version),
        status=_status(ninjs.pubstatus),
        headline=ninjs.headline or _best(ninjs.headlines or (), "main"),
        body=body,
        body_format=body_format,
        language=ninjs.language,
        place=ninjs.located,
        published=_time("versioncreated", ninjs.versioncreated or ninjs.firstcreated),
        embargo=_time("embargoed", ninjs.embargoed or ninjs.embargoeduntil),
        note=ninjs.ednote,
    )


def _version(value: int | str | None) -> int:
    if value is None or value == "":
        return 1
    if isinstance(value, int) and 0 <= value <= _LARGEST_VERSION:
        return value
    if isinstance(value, str) and _VERSION.fullmatch(value.strip()):
        return int(value)
    raise ValueError("version is not a whole number of at most 15 digits")


def _status(value: str | None) -> Status:
    if not value:
        return Status.USABLE
    try:
        return Status(value.strip().lower())
    except ValueError:
        raise ValueError("pubstatus is not one of usable, withheld, canceled") from None


def _time(name: str, value: str | None) -> datetime | None:
    if not value or not value.strip():
        return None
    try:
        return parse_time(value)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from error


def _best(texts: Sequence[_Text], role: str) -> str | None:
    """The text of that role, else the first that is not empty."""
    filled = [text for text in texts if text.value and text.value.strip()]
    chosen = [text for text in filled if text.role == role] or filled
    return chosen[0].value if chosen else None


def _body(ninjs: _Ninjs) -> tuple[str | None, BodyFormat]:
    """Markup before plain text: it tells crossheads and lists."""
    bodies = ninjs.bodies or []
    html = ninjs.body_html or ninjs.body_xhtml or _best([b for b in bodies if _is_html(b)], "main")
    if html and html.strip():
        return html, BodyFormat.HTML
    return ninjs.body_text or _best([b for b in bodies if _is_text(b)], "main"), BodyFormat.TEXT


def _is_html(body: _Text) -> bool:
    if body.contenttype:
        return "html" in body.contenttype.lower()
    return body.role == "html" or bool(_MARKUP.search(body.value or ""))


def _is_text(body: _Text) -> bool:
    return not _is_html(body) and (body.contenttype or "text/").lower().startswith("text/")
