"""Parties and media by a list, since the recogniser misses short names and those that are words as well."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from streams.contract.records import Block, EntityType
from streams.stages.entities.compounds import MEMBERS
from streams.stages.entities.names import Found, doubtful_parties, key, parties_and_media, words

_BOUNDS = r"(?<![\w&.@/-])(?:{})(?![\w&@]|[-‐‑][A-ZÀ-ÖØ-Þ])"
_TAIL = re.compile(r"[-‐‑]([^\W\d_]+)")
_BEFORE = re.compile(r"\b(?:van|bij|partij|partijen) $", re.IGNORECASE)
_GOES_ON = re.compile(r" [A-ZÀ-ÖØ-Þ]")  # `van Groen Amsterdam`, `van Groen van Prinsterer`
_WEIGHT = 2.0  # against the recogniser, who took the word for a name of another kind elsewhere
_BRACKET_ENDS = (")", ",", ";", "/")


def with_parties(text: str, blocks: Sequence[Block], names: Sequence[Found]) -> list[Found]:
    """The names with those of the list, in place of what the recogniser found within them; a longer name that
    has one in it (`D66 Utrecht`) stays, and of doubtful ones only those that the words around them make sure."""
    starts, ends = [name.start for name in names], [name.end for name in names]
    persons = [name for name in names if name.type is EntityType.PER]
    persons_called = {part for person in persons if len(parts := words(person.text)) > 1 for part in parts}
    behind_person = {person.end + len(" (") for person in persons if text.startswith(" (", person.end)}
    listed: list[Found] = []
    inside: set[int] = set()
    for match in _listed(text, blocks):
        start, end = match.span()
        first, last = bisect_right(ends, start), bisect_left(starts, end)
        if any(name.start < start or name.end > end for name in names[first:last]):
            continue
        bracketed = start in behind_person and text.startswith(_BRACKET_ENDS, end)
        sure = match[0] not in doubtful_parties() or (
            key(match[0]) not in persons_called and _is_party(text, start, end)
        )
        if bracketed or sure:
            listed.append(Found(start, end, match[0], EntityType.ORG, _WEIGHT))
            inside.update(range(first, last))
    others = (name for number, name in enumerate(names) if number not in inside)
    return sorted([*others, *listed], key=lambda name: name.start)


def _is_party(text: str, start: int, end: int) -> bool:
    """Whether the words around a doubtful name make it a party: `van Vooruit`, `Vooruit-voorzitter`."""
    tail = _TAIL.match(text, end)
    if tail:
        return bool(MEMBERS.fullmatch(tail[1].lower()))
    return bool(_BEFORE.search(text, max(0, start - 12), start)) and not _GOES_ON.match(text, end)


def _listed(text: str, blocks: Iterable[Block]) -> Iterator[re.Match[str]]:
    for block in blocks:
        yield from _pattern().finditer(text, block.start, block.end)


@cache
def _pattern() -> re.Pattern[str]:
    longest_first = sorted(parties_and_media() | doubtful_parties(), key=len, reverse=True)
    return re.compile(_BOUNDS.format("|".join(map(re.escape, longest_first))))
