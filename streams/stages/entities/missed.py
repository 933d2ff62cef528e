"""Names that the recogniser saw in one place of the article and missed in another."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from streams.contract.records import Block, EntityType
from streams.stages.entities.common import WORD, begins_sentence
from streams.stages.entities.forms import Form
from streams.stages.entities.names import Found, common_words, is_abbreviation, is_shouted, particles
from streams.stages.entities.spans import Taken

_GAP_IN_NAME = re.compile(r"[ \-‐‑.'’&/]{1,3}")
_LONGEST = 8  # words of a name that is looked for


@dataclass(frozen=True)
class Wanted:
    """A form to look for: whose it is, and whether it is a bare surname."""

    entity: int
    type: EntityType
    bare: bool


def missed(
    text: str, blocks: Sequence[Block], entities: Sequence[Sequence[Form]], lower: frozenset[str]
) -> Iterator[tuple[int, Found]]:
    """Further places of the entities' names, each with the number of its entity.

    Full names, abbreviations and surnames that only one entity bears, as written (any case where all is in
    capitals). A bare surname is left alone beside another capitalised word, which may be another first
    name. A word that the article also has in small letters (`lower`), and a bare surname that is a common
    word, is no name at the start of a sentence.
    """
    wanted = _wanted(entities)
    shouted = {name.upper(): want for name, want in wanted.items() if name not in common_words()}
    taken = Taken(place for entity in entities for form in entity for place in form.places)
    for block in blocks:
        table = shouted if is_shouted(text[block.start : block.end]) else wanted
        found_until = block.start
        tokens = [match.span() for match in WORD.finditer(text, block.start, block.end)]
        for i, (start, _) in enumerate(tokens):
            if start < found_until or (not text[start].isupper() and not text[start].isdigit()):
                continue
            hit = _longest(text, tokens, i, table)
            if hit is None:
                continue
            end, want = hit
            if taken.overlap(start, end) or not _stands_alone(text, block, start, end):
                continue
            if table is wanted and _doubtful(text, block, tokens, i, end, lower, want):
                continue
            found_until = end
            yield want.entity, Found(start, end, text[start:end], want.type, 0.0)


def _wanted(entities: Sequence[Sequence[Form]]) -> dict[str, Wanted]:
    """Forms that point to one entity only."""
    owners: defaultdict[str, set[Wanted]] = defaultdict(set)
    for number, entity in enumerate(entities):
        kind = max((form for form in entity), key=lambda form: sum(form.votes.values())).type
        for form in entity:
            for name in {place.text for place in form.places}:
                if _may_be_sought(name):
                    owners[name].add(Wanted(number, kind, " " not in name and kind is EntityType.PER))
                surname = _surname(name) if form.type is EntityType.PER else None
                if surname:
                    owners[surname].add(Wanted(number, kind, True))
    return {
        name: max(wants, key=lambda want: want.bare)
        for name, wants in owners.items()
        if len({want.entity for want in wants}) == 1
    }


def _may_be_sought(name: str) -> bool:
    return " " in name or is_abbreviation(name) or (len(name) >= 2 and name[0].isupper())


def _surname(full: str) -> str | None:
    """`De Smet` for `Jan De Smet`, `Van der Laan` for `Mark van der Laan`; None for a single word."""
    parts = full.split()
    at = len(parts) - 1
    while at > 1 and parts[at - 1].casefold() in particles():
        at -= 1
    surname = " ".join(parts[at:])
    return surname[0].upper() + surname[1:] if at > 0 and len(surname) >= 3 else None


def _longest(
    text: str, tokens: Sequence[tuple[int, int]], i: int, table: Mapping[str, Wanted]
) -> tuple[int, Wanted] | None:
    """The end of the longest wanted name that begins at token i; a possessive s does not belong to it."""
    start = tokens[i][0]
    best: tuple[int, Wanted] | None = None
    for j in range(i, min(i + _LONGEST, len(tokens))):
        if j > i and not _GAP_IN_NAME.fullmatch(text, tokens[j - 1][1], tokens[j][0]):
            break
        end = tokens[j][1]
        if want := table.get(text[start:end]):
            best = end, want
        elif text[end - 1] == "s" and (want := table.get(text[start : end - 1])) and want.type is EntityType.PER:
            best = end - 1, want
    return best


def _stands_alone(text: str, block: Block, start: int, end: int) -> bool:
    """Not a part of a longer name, an address or a hyphenated name; a compound's lower-case tail is no part."""
    before, after = text[max(block.start, start - 2) : start], text[end : min(block.end, end + 2)]
    if re.fullmatch(r"[-‐‑&/.@_#]\w|-[-‐‑]", after) and not re.fullmatch(r"[-‐‑/][^\W\d_]", after):
        return False
    if re.fullmatch(r"[-‐‑].", after) and after[1].isupper():
        return False
    return not re.search(r"\w[-‐‑&.@_'’]$|[@#_]$", before) or bool(re.search(r"[a-z][-‐‑/]$", before))


def _doubtful(
    text: str, block: Block, tokens: Sequence[tuple[int, int]], i: int, end: int, lower: frozenset[str], want: Wanted
) -> bool:
    """A common word with the capital of its place, or a bare surname beside what may be another name."""
    start = tokens[i][0]
    begins = begins_sentence(text, block, start)
    word = text[start:end]
    if begins and (word.casefold() in lower or (want.bare and word in common_words())):
        return True
    if not want.bare:
        return False
    if not begins and i and text[tokens[i - 1][1] : start] == " ":
        before = text[slice(*tokens[i - 1])]
        if before[0].isupper() and not begins_sentence(text, block, tokens[i - 1][0]):
            return True
    follows = re.compile(r" \w").match(text, end, block.end)
    return bool(follows) and text[end + 1].isupper()
