"""From the recogniser's spans to names in the text."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from spacy.language import Language

from streams.contract.records import Block, BlockKind, EntityType
from streams.stages.entities.names import Found, abbreviates, is_abbreviation, particles

RawSpan = tuple[int, int, str]

_EDGES = "\"'“”„‟‘’‚‛«»‹›`´.,;:!?…()[]{}<>*|/\\_-‐‑‒–—=+~^"
_BRACKETED = re.compile(r"(.+?) \(([^()]+)\)")
_LOCATIVE = re.compile(r"(?:in|te|uit|naar|vanuit)\s+$", re.IGNORECASE)
_ARTICLES = frozenset(("de", "het", "een", "den"))
_LOWER_ARTICLE = re.compile(r"(?:de|het|een) (?=[A-ZÀ-ÖØ-Þ])")
# Without a sentence around it, a name's type is a guess.
_WEIGHT = {BlockKind.CROSSHEAD: 0.25, BlockKind.HEADLINE: 0.5}


def recognised(nlp: Language, text: str) -> list[RawSpan]:
    """The recogniser's spans, copied out of a memory zone so that its string store does not grow."""
    with nlp.memory_zone():
        return [(span.start_char, span.end_char, str(span.label_)) for span in nlp(text).ents]


def counted_blocks(text: str, blocks: Sequence[Block]) -> list[Block]:
    """The blocks whose words count: not those that repeat the body; the whole text where there are none."""
    whole = Block(start=0, end=len(text), kind=BlockKind.PARAGRAPH)
    return sorted((b for b in blocks or (whole,) if not b.repeats_body), key=lambda b: b.start)


def found_names(text: str, blocks: Sequence[Block], spans: Iterable[RawSpan]) -> list[Found]:
    """Spans as names: inside one counted block, without quotation marks and blanks at the edges, in order."""
    starts = [block.start for block in blocks]
    names: list[Found] = []
    reached = 0
    for start, end, label in sorted(spans):
        index = bisect_right(starts, start) - 1
        if label not in EntityType.__members__ or index < 0 or start >= blocks[index].end:
            continue
        for left, right in _parts(text, max(start, reached), min(end, blocks[index].end)):
            reached = right
            name = _found(text, left, right, EntityType(label), blocks[index])
            if names and _goes_on(text, names[-1], name):
                whole = text[names[-1].start : right]
                names[-1] = replace(names[-1], end=right, text=whole)
            elif name.text.casefold() not in _ARTICLES:
                names.append(name)
    return names


def _goes_on(text: str, before: Found, name: Found) -> bool:
    """`Ilse van` and `Rossem` are one person."""
    beside = before.type is EntityType.PER and text[before.end : name.start] == " "
    return beside and before.text.rsplit(" ")[-1] in particles() and " " in before.text


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The name without its edges; a name with its abbreviation in brackets is two."""
    stripped = text[start:end].strip()
    both = _BRACKETED.fullmatch(stripped)
    if both and (is_abbreviation(both[2]) or is_abbreviation(both[1])) and _either(both[1], both[2]):
        at = text.index(stripped, start)
        pieces = [(at + both.start(1), at + both.end(1)), (at + both.start(2), at + both.end(2))]
    else:
        pieces = [(start, end)]
    for piece in pieces:
        left, right = trimmed(text, *piece)
        if any(c.isalnum() for c in text[left:right]):
            yield left, right


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without blanks and punctuation at its edges; full stops that belong to the name stay."""
    while start < end and (text[start] in _EDGES or text[start].isspace()) and not _elided(text, start, end):
        start += 1
    while start < end and (text[end - 1] in _EDGES or text[end - 1].isspace()) and not _kept(text, start, end):
        end -= 1
    return start, end


def _elided(text: str, start: int, end: int) -> bool:
    """The apostrophe of 's-Hertogenbosch and 't Hooft."""
    return bool(re.match(r"['’‘][stn][- ]", text[start : min(end, start + 3)], re.IGNORECASE))


def _kept(text: str, start: int, end: int) -> bool:
    """The last character belongs to the name: J.P., N.V., Groen!, a bracket that closes one of the name's."""
    last = text[end - 1]
    if last == ".":
        return text.rfind(".", start, end - 1) >= 0 and end - 3 >= start and text[end - 3] == "."
    if last == ")":
        return "(" in text[start : end - 1]
    if last == "+":  # Erasmus+
        return end - 2 >= start and text[end - 2].isalnum()
    return last == "!" and text[start:end] == "Groen!"


def _either(one: str, other: str) -> bool:
    return abbreviates(other, one) or abbreviates(one, other)


def _found(text: str, start: int, end: int, kind: EntityType, block: Block) -> Found:
    weight = _WEIGHT.get(block.kind, 1.0)
    if kind is EntityType.LOC and _LOCATIVE.search(text, max(block.start, start - 8), start):
        weight *= 2
    if kind is not EntityType.PER and (article := _LOWER_ARTICLE.match(text, start, end)):
        start = article.end()
    return Found(start, end, text[start:end], kind, weight)
