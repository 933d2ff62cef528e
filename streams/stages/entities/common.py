"""Common words that have the capital of their place, and were taken for names."""

import re
from bisect import bisect_right
from collections.abc import Sequence

from streams.contract.records import Block, EntityType
from streams.stages.entities.names import Found, key, offices, words
from streams.stages.entities.places import is_place, people

WORD = re.compile(r"\w+")
_ENDS_SENTENCE = frozenset(".!?…:;•*\"“”„'‘’«»(–—")


def lower_case_words(text: str) -> frozenset[str]:
    """The words that stand in small letters somewhere in the text."""
    return frozenset(word for word in WORD.findall(text) if word.islower())


def begins_sentence(text: str, block: Block, start: int) -> bool:
    """Whether any word would have a capital here."""
    before = text[max(block.start, start - 4) : start].rstrip()
    return not before or before[-1] in _ENDS_SENTENCE


def without_common_words(
    text: str, blocks: Sequence[Block], names: Sequence[Found], lower: frozenset[str]
) -> list[Found]:
    """The names without those that are words of the language: `Hoogwater` at the start of a sentence, where
    the article also has `hoogwater` and nowhere `Hoogwater`; `bbp`; `Kamerlid`."""
    starts = [block.start for block in blocks]
    sure = set()
    for name in names:
        block = blocks[bisect_right(starts, name.start) - 1]
        if not begins_sentence(text, block, name.start):
            sure.add(key(name.text))
        if name.type is EntityType.PER and len(parts := words(name.text)) > 1:
            sure.add(parts[-1])
    return [name for name in names if not _is_common(name, lower, sure)]


def _is_common(name: Found, lower: frozenset[str], sure: set[str]) -> bool:
    word = re.sub(r"['’]s$", "", name.text.casefold())
    if word in offices() or (name.text.islower() and name.type is not EntityType.MISC):
        return True
    return word in lower and key(name.text) not in sure and not (is_place(name.text) or people(name.text))
