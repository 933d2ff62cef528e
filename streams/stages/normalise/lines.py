"""A body as lines: what any markup comes down to before its parts are recognised."""

import re
from dataclasses import dataclass
from enum import Enum, auto

from streams.feeds.plain_text import is_wrapped
from streams.stages.normalise.characters import clean, clean_line

_SENTENCE_END = (".", "!", "?", "…")
_CLOSING_MARKS = "\"'”’»“)"
_PARAGRAPH_WORDS = 12

_BULLET = re.compile(r"^\s*(?:[•·▪◦●‣■]\s*|[-–—*]\s+)(?=\S)")


class Form(Enum):
    """What the markup says of a line."""

    TEXT = auto()
    HEADING = auto()
    ITEM = auto()  # of a list
    QUOTE = auto()  # of a block that is set apart as a quote


class Break(Enum):
    """What stands before a line."""

    PARAGRAPH = auto()  # a blank line, or a new element
    NEWLINE = auto()  # a newline in plain text
    SOFT = auto()  # <br>, which may also break a line within a paragraph


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the body: clean, on one line, not empty."""

    text: str
    form: Form = Form.TEXT
    before: Break = Break.PARAGRAPH


def ends_sentence(text: str) -> bool:
    """Whether a text ends as a sentence does, closing marks aside."""
    return text.rstrip(_CLOSING_MARKS).endswith(_SENTENCE_END)


def is_running_text(line: Line) -> bool:
    """Whether a line is, by itself, a paragraph rather than a heading, a name or a role."""
    return line.form is Form.TEXT and (ends_sentence(line.text) or len(line.text.split()) > _PARAGRAPH_WORDS)


def text_lines(text: str) -> list[Line]:
    """The lines of a plain text; paragraphs broken at a right margin are joined, bullets are list items."""
    rows = [row.strip() for row in clean(text).split("\n")]
    width = max(map(len, rows))
    lines: list[Line] = []
    chunk: list[str] = []
    for row in [*rows, ""]:
        if row:
            chunk.append(row)
        elif chunk:
            lines += _chunk_lines(chunk, width)
            chunk = []
    return lines


def _chunk_lines(chunk: list[str], width: int) -> list[Line]:
    if is_wrapped(chunk, width) and not any(map(_BULLET.match, chunk)):
        chunk = [" ".join(chunk)]
    lines = []
    for number, row in enumerate(chunk):
        before = Break.NEWLINE if number else Break.PARAGRAPH
        bullet = _BULLET.match(row)
        text = clean_line(row[bullet.end() :] if bullet else row)
        if text:
            lines.append(Line(text, Form.ITEM if bullet else Form.TEXT, before))
    return lines
