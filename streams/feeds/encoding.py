"""Bytes to text, strictly: nothing is guessed, nothing replaced."""

import codecs
import re

# What the WHATWG table says of these names; a feed that declares Latin-1 means windows-1252.
_CODECS = {
    "utf-8": "utf-8-sig",
    "utf8": "utf-8-sig",
    "utf-16": "utf-16",
    "us-ascii": "utf-8-sig",
    "ascii": "utf-8-sig",
    "windows-1252": "cp1252",
    "cp1252": "cp1252",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "iso-8859-15": "iso8859-15",
}
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"^<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.:-]{1,40})")


def declared_charset(content_type: str | None) -> str | None:
    """The charset parameter of a content type."""
    found = _CHARSET.search(content_type or "")
    return found[1] if found else None


def xml_charset(payload: bytes) -> str | None:
    """The encoding that an XML declaration names, unless a byte order mark says it already."""
    found = _XML_ENCODING.match(payload)
    return found[1].decode("ascii", "replace") if found else None


def decode(payload: bytes, charset: str | None = None) -> str:
    """The payload as text, in the declared charset or else UTF-8; a byte order mark is dropped.

    Raises `UnicodeDecodeError` where the bytes are not that encoding, `LookupError` for a charset that
    no feed is expected to use.
    """
    if payload.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        charset = "utf-16"
    return payload.decode(_CODECS[charset.lower()] if charset else "utf-8-sig")
