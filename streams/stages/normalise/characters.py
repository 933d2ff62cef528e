"""Characters made uniform: NFC, one kind of space and newline, nothing invisible."""

import html
import re
import unicodedata

_NEWLINES = "\r\v\f\x85\u2028\u2029"
_SPACES = "\t\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_INVISIBLE = (
    "\xad\u034f\u061c\u180e\u200b\ufeff"  # soft hyphen, grapheme joiner, zero-width spaces
    "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # bidirectional controls
    "\u2060\u2061\u2062\u2063\u2064\ufff9\ufffa\ufffb"
)
_CONTROLS = [code for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\n\t" + _NEWLINES]

_TABLE: dict[int, str | None] = {
    **dict.fromkeys(map(ord, _NEWLINES), "\n"),
    **dict.fromkeys(map(ord, _SPACES), " "),
    **dict.fromkeys(map(ord, _INVISIBLE)),
    **dict.fromkeys(_CONTROLS),
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),  # half of a surrogate pair cannot be encoded
}

_CHARACTER_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
# Joiners belong to Persian and to emoji, not between Latin letters.
_STRAY_JOINER = re.compile(r"(?<=[A-Za-zÀ-ɏ])[\u200c\u200d]+(?=[A-Za-zÀ-ɏ])")
# Sorting a long run of combining marks takes time with its square.
_MARKS_RUN = re.compile(r"[^\w\s]{64,}")


def clean(text: str) -> str:
    """The text in NFC, with spaces and newlines of one kind, without control, zero-width and
    bidirectional control characters. Idempotent."""
    text = text.replace("\r\n", "\n").translate(_TABLE)
    if text.isascii():
        return text
    text = _MARKS_RUN.sub(_without_marks, text)
    return _STRAY_JOINER.sub("", unicodedata.normalize("NFC", text))


def clean_line(text: str) -> str:
    """The text on one line: `clean`, and every run of white space as one space."""
    return " ".join(clean(text).split())


def resolve_references(text: str) -> str:
    """Character references of HTML (`&eacute;`, `&#39;`) as characters; a bare ampersand stays."""
    return _CHARACTER_REFERENCE.sub(lambda found: html.unescape(found[0]), text) if "&" in text else text


def _without_marks(run: re.Match[str]) -> str:
    return "".join(character for character in run[0] if not unicodedata.combining(character))
