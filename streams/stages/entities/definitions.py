"""Abbreviations and full names that stand in brackets behind each other."""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from streams.contract.records import EntityType
from streams.stages.entities.names import Found, abbreviates, is_abbreviation, key, without_article

_BRACKETS = re.compile(r" \(([^()\n]{2,80})\)")
_CAPITALS = re.compile(r"[^\W\d_]{2,6}")
_VOTE = 0.5


def defined_in_brackets(text: str, names: Sequence[Found]) -> Iterator[Found]:
    """`NAVO` of `Noord-Atlantische Verdragsorganisatie (NAVO)`, and the full name of `NAVO (…)`, where the
    recogniser saw only one of the two."""
    for name in names:
        match = _BRACKETS.match(text, name.end)
        if not match or name.type is EntityType.PER:
            continue
        pairs = ((name.text, match[1]), (match[1], name.text))
        if any(is_abbreviation(short) and abbreviates(short, full) for full, short in pairs):
            yield Found(match.start(1), match.end(1), match[1], name.type, _VOTE)


def without_bracketed_persons(text: str, names: Sequence[Found]) -> list[Found]:
    """The names, `WFP` no person in the whole article once it stands as `Wereldvoedselprogramma (WFP)`: capitals in
    brackets behind an organisation or a thing are its abbreviation, in whatever language."""
    short = {
        after.text: before.type
        for before, after in itertools.pairwise(names)
        if before.type in (EntityType.ORG, EntityType.MISC)
        and (text[before.end : after.start], text[after.end : after.end + 1]) == (" (", ")")
        and _CAPITALS.fullmatch(after.text)
        and after.text.isupper()
        and not _may_be_byline(text, before, after)
    }

    def sober(name: Found) -> Found:
        kind = short.get(name.text, name.type)
        return replace(name, type=kind) if name.type is EntityType.PER else name

    return [sober(name) for name in names]


def _may_be_byline(text: str, before: Found, after: Found) -> bool:
    """Whether the capitals are rather an author's: `De Morgen (BF)`, two letters or the last of a paragraph."""
    alike = after.text[0].casefold() == without_article(key(before.text))[:1]
    return not alike and (len(after.text) == 2 or text[after.end + 1 : after.end + 2] in ("", "\n"))
