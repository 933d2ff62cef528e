"""The Dutch chambers at the head of a word written on: `Tweede Kamerlid` mentions the Tweede Kamer."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace

from streams.contract.records import Block, EntityType
from streams.stages.entities.edges import trimmed
from streams.stages.entities.names import Found

# With both capitals only: in 'het tweede Kamerlid' somebody counts.
_CHAMBER = re.compile(r"(?<!\w)(?P<chamber>(?:Tweede|Eerste)[ -]Kamer)[a-zà-öø-ÿ]{3,}")


def with_chambers(text: str, blocks: Sequence[Block], names: Sequence[Found]) -> list[Found]:
    """The names with the chamber in place of what the recogniser made of such a word, since it stops at the
    blank (`Tweede`) or takes the whole (`Tweede Kamerleden`); what it took beside the word stays."""
    matches = [match for block in blocks for match in _CHAMBER.finditer(text, block.start, block.end)]
    if not matches:
        return list(names)
    starts, ends = [match.start() for match in matches], [match.end() for match in matches]
    chambers = [Found(m.start(), m.end("chamber"), m["chamber"], EntityType.ORG) for m in matches]
    outside: list[Found] = []
    for name in names:
        touched = matches[bisect_right(ends, name.start) : bisect_left(starts, name.end)]
        outside += _between(text, name, touched)
    return sorted([*outside, *chambers], key=lambda found: found.start)


def _between(text: str, name: Found, matches: Sequence[re.Match[str]]) -> Iterator[Found]:
    """What of a name stands outside the matches, as words of its own: not the `Oud` of `Oud-Tweede Kamerlid`."""
    edges = [name.start, *(edge for match in matches for edge in match.span()), name.end]
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        left, right = trimmed(text, start, max(start, end))
        if left < right and text[right:end] in ("", " "):
            yield replace(name, start=left, end=right, text=text[left:right])
