"""The edges of a name: what the recogniser took with it and does not belong to it."""

import re
from collections.abc import Iterator

from streams.stages.entities.names import abbreviates, is_abbreviation

_EDGES = "\"'“”„‟‘’‚‛«»‹›`´.,;:!?…()[]{}<>*|/\\_-‐‑‒–—=+~^"
_LAST_INITIAL = re.compile(r"(?<!\S)[^\W\d_]$")
_BRACKETED = re.compile(r"(.+?) \(([^()]+)\)")


def name_parts(text: str, start: int, end: int, person: bool) -> Iterator[tuple[int, int]]:
    """The name without its edges; two for a name with its abbreviation in brackets, none without a letter."""
    stripped = text[start:end].strip()
    both = _BRACKETED.fullmatch(stripped)
    if both and (is_abbreviation(both[2]) or is_abbreviation(both[1])) and _either(both[1], both[2]):
        at = text.index(stripped, start)
        pieces = [(at + both.start(1), at + both.end(1)), (at + both.start(2), at + both.end(2))]
    else:
        pieces = [(start, end)]
    for piece in pieces:
        left, right = trimmed(text, *piece, person)
        if any(c.isalpha() for c in text[left:right]):
            yield left, right


def trimmed(text: str, start: int, end: int, person: bool = False) -> tuple[int, int]:
    """The span without blanks and punctuation at its edges; full stops that belong to the name stay."""
    while start < end and (text[start] in _EDGES or text[start].isspace()) and not _elided(text, start, end):
        start += 1
    while start < end and (text[end - 1] in _EDGES or text[end - 1].isspace()) and not _kept(text, start, end, person):
        end -= 1
    return start, end


def _elided(text: str, start: int, end: int) -> bool:
    """The apostrophe of 's-Hertogenbosch and 't Hooft."""
    return bool(re.match(r"['’‘][stn][- ]", text[start : min(end, start + 3)], re.IGNORECASE))


def _kept(text: str, start: int, end: int, person: bool) -> bool:
    """The last character belongs to the name: J.P., N.V., Groen!, a bracket that closes one of the name's; of a
    person also the full stop of a last initial, as suspects are named: `Ridouan T.`"""
    last = text[end - 1]
    if last == ".":
        dotted = end - 3 >= start and text[end - 3] == "."
        return dotted or (person and _LAST_INITIAL.search(text, start, end - 1) is not None)
    if last == ")":
        return "(" in text[start : end - 1]
    if last == "+":  # Erasmus+
        return end - 2 >= start and text[end - 2].isalnum()
    return last == "!" and text[start:end] == "Groen!"


def _either(one: str, other: str) -> bool:
    return abbreviates(other, one) or abbreviates(one, other)
