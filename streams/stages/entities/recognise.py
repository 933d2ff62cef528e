"""From the recogniser's spans to names in the text."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace

from spacy.language import Language

from streams.contract.records import Block, BlockKind, EntityType
from streams.models.entities import READ
from streams.models.renewal import bound_vocabulary
from streams.models.tokens import tokenised
from streams.stages.entities.edges import name_parts
from streams.stages.entities.names import Found, key, particles, titles
from streams.stages.entities.places import country

RawSpan = tuple[int, int, str]

_LOCATIVE = re.compile(r"(?:in|te|uit|naar|vanuit)\s+$", re.IGNORECASE)
_ARTICLES = frozenset(("de", "het", "een", "den"))
_LOWER_ARTICLE = re.compile(r"(?:de|het|een) (?=[A-ZÀ-ÖØ-Þ])")
# Not a bare `van`, which may be the preposition.
_PARTICLES_BETWEEN = re.compile(r"(?:van )?(?:de|den|der|ter|ten|te|'t|het|la|le|du|di|da|del)|von|bin")
_TITLE = re.compile(rf"\b(?:{'|'.join(sorted(titles()))}) $", re.IGNORECASE)  # `president` Xi
# Without a sentence around it, a name's type is a guess.
_WEIGHT = {BlockKind.CROSSHEAD: 0.25, BlockKind.HEADLINE: 0.5}
_LONGEST = 100  # characters of a name that may go on


def recognised(nlp: Language, text: str) -> tuple[list[RawSpan], int]:
    """The recogniser's spans, copied out of a memory zone so that its string store does not grow; and how many
    characters it read."""
    with nlp.memory_zone():
        doc = nlp(tokenised(nlp, text))
        spans = [(span.start_char, span.end_char, str(span.label_)) for span in doc.ents]
        read = int(doc.user_data.get(READ, len(text)))
    bound_vocabulary(nlp)
    return spans, read


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
        person = label == EntityType.PER
        for left, right in name_parts(text, max(start, reached), min(end, blocks[index].end), person):
            reached = right
            name = _found(text, left, right, EntityType(label), blocks[index])
            if names and names[-1].start >= blocks[index].start and _goes_on(text, names[-1], name):
                whole = text[names[-1].start : right]
                names[-1] = replace(names[-1], end=right, text=whole)
            elif name.text.casefold() not in _ARTICLES:
                names.append(name)
    return names


def _goes_on(text: str, before: Found, name: Found) -> bool:
    """`Ilse van` and `Rossem`, or `Gert-Jan` and `Spijker` with `van 't` between them, are one name."""
    gap = text[before.end : name.start]
    if before.end - before.start > _LONGEST:
        return False
    if gap == " ":
        return " " in before.text and key(before.text.rsplit(" ")[-1]) in particles()
    if before.type is not EntityType.PER or gap[:1] != " " or gap[-1:] != " ":
        return False
    return name.type is EntityType.PER and bool(_PARTICLES_BETWEEN.fullmatch(key(gap)))


def _found(text: str, start: int, end: int, kind: EntityType, block: Block) -> Found:
    weight = _WEIGHT.get(block.kind, 1.0)
    if kind is EntityType.LOC and _LOCATIVE.search(text, max(block.start, start - 8), start):
        weight *= 2
    if _TITLE.search(text, max(block.start, start - 20), start) and not country(text[start:end]):
        kind = EntityType.PER
    if kind is not EntityType.PER and (article := _LOWER_ARTICLE.match(text, start, end)):
        start = article.end()
    return Found(start, end, text[start:end], kind, weight)
