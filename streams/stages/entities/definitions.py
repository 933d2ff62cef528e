"""Abbreviations and full names that stand in brackets behind each other, where only one was recognised."""

import re
from collections.abc import Iterator, Sequence

from streams.contract.records import EntityType
from streams.stages.entities.names import Found, abbreviates, is_abbreviation

_BRACKETS = re.compile(r" \(([^()\n]{2,80})\)")
_VOTE = 0.5


def defined_in_brackets(text: str, names: Sequence[Found]) -> Iterator[Found]:
    """`NAVO` of `Noord-Atlantische Verdragsorganisatie (NAVO)`, and the full name of `NAVO (…)`."""
    for name in names:
        match = _BRACKETS.match(text, name.end)
        if not match or name.type is EntityType.PER:
            continue
        pairs = ((name.text, match[1]), (match[1], name.text))
        if any(is_abbreviation(short) and abbreviates(short, full) for full, short in pairs):
            yield Found(match.start(1), match.end(1), match[1], name.type, _VOTE)
