"""Paragraphs and sentences as seen from outside the quotes: what is quoted is masked, offsets stay."""

import re
from collections.abc import Iterator, Sequence

from streams.contract.records import Block, BlockKind
from streams.stages.quotes.marks import Marked
from streams.stages.sentences import ABBREVIATIONS

OPEN, INSIDE, CLOSE = "\x02", "\x01", "\x03"

_BLANK_LINE = re.compile(r"\n[ \t\r]*\n\s*")
_SENTENCE_END = re.compile(rf"(?<![.!?…])[.!?…]++[)\]]*+{CLOSE}*+[)\]]*+\s++")
_LAST_WORD = re.compile(r"[\w.'-]{1,12}$")
_INITIALS = re.compile(r"(?:[A-Z]\.)*[A-Z]")
_CONTROL = dict.fromkeys(map(ord, OPEN + INSIDE + CLOSE), " ")


def paragraphs(text: str, blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks; without any, the parts of the text between blank lines."""
    if blocks:
        yield from blocks
        return
    start = 0
    for blank in _BLANK_LINE.finditer(text):
        yield Block(start=start, end=blank.start(), kind=BlockKind.PARAGRAPH)
        start = blank.end()
    yield Block(start=start, end=len(text), kind=BlockKind.PARAGRAPH)


def mask(text: str, start: int, end: int, marked: Sequence[Marked]) -> str:
    """The stretch with every marked part as one run: OPEN for the marks before, INSIDE, CLOSE behind.

    The last character stays where it is punctuation: sentences are cut after the mark, and a comma inside
    the marks tells as much as one behind them.
    """
    parts: list[str] = []
    position = start
    for part in marked:
        last = text[part.end - 1]
        parts += [
            text[position : part.opened].translate(_CONTROL),
            OPEN * (part.start - part.opened),
            INSIDE * (part.end - part.start - 1),
            last if last in ".!?…," else INSIDE,
            CLOSE * (part.closed - part.end),
        ]
        position = part.closed
    parts.append(text[position:end].translate(_CONTROL))
    return "".join(parts)


def sentences(masked: str) -> list[tuple[int, int]]:
    """Offsets of the sentences of a masked stretch; a quote of several sentences is never cut."""
    bounds: list[tuple[int, int]] = []
    start = 0
    for stop in _SENTENCE_END.finditer(masked):
        following = masked[stop.end() : stop.end() + 1]
        if not (following.isupper() or following.isdigit() or following in (OPEN, "'", "’", "(")):
            continue
        if CLOSE in stop.group() and masked.startswith("Aldus ", stop.end()):
            continue
        if stop.group().rstrip() == "." and _is_abbreviation(masked[max(0, stop.start() - 12) : stop.start()]):
            continue
        bounds.append((start, stop.end()))
        start = stop.end()
    bounds.append((start, len(masked)))
    return bounds


def _is_abbreviation(before: str) -> bool:
    word = _LAST_WORD.search(before)
    return bool(word and (word.group().lower() in ABBREVIATIONS or _INITIALS.fullmatch(word.group())))
