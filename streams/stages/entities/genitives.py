"""Possessives: the mention covers the name without its s (`Xi's`, `Merkels`, `België's`)."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from streams.contract.records import EntityType
from streams.stages.entities.names import Found, is_abbreviation, key, words
from streams.stages.entities.places import country, origin

_APOSTROPHE_S = re.compile(r"(.+)['’‘ʼ`´][sS]")
# Dutch writes 's after a long vowel; after a consonant it is English, and then mostly a brand's own name.
_LONG_VOWEL = re.compile(r"[aeiouyáéíóúàèäëïöü]", re.IGNORECASE)
_OWN_NAMES = frozenset(("ben & jerry's", "domino's", "levi's", "macy's", "moody's", "sotheby's", "tony's", "wendy's"))
_VOTE = 0.25  # of a possessive's type: CoNLL-2002 calls most of them MISC


def without_genitives(names: Sequence[Found]) -> list[Found]:
    """The names, possessives cut to the name."""
    types: defaultdict[str, set[EntityType]] = defaultdict(set)
    surnames = set()
    for name in names:
        types[key(name.text)].add(name.type)
        if len(parts := words(name.text)) > 1 and name.type is EntityType.PER:
            surnames.add(parts[-1])
            types[parts[-1]].add(EntityType.PER)
    return [_cut(name, types, surnames) for name in names]


def _cut(name: Found, types: defaultdict[str, set[EntityType]], surnames: set[str]) -> Found:
    if origin(name.text) or country(name.text):
        return name
    match = _APOSTROPHE_S.fullmatch(name.text)
    if match and _is_owner(name, match[1], key(match[1]) in types):
        return _shortened(name, len(match[1]))
    base = name.text[:-1]
    if name.text[-1:] in "sS" and len(base) > 2 and key(name.text) not in surnames:
        owners = types.get(key(base), set())
        if name.type in owners or (name.type is EntityType.MISC and EntityType.PER in owners) or country(base):
            return _shortened(name, len(base))
    return name


def _is_owner(name: Found, base: str, known: bool) -> bool:
    if key(name.text) in _OWN_NAMES or name.text[0].islower():  # `nazi's`: a plural
        return False
    return known or name.type is EntityType.PER or is_abbreviation(base) or bool(_LONG_VOWEL.match(base[-1]))


def _shortened(name: Found, length: int) -> Found:
    weight = name.weight * (1 if name.type is EntityType.PER else _VOTE)
    return replace(name, end=name.start + length, text=name.text[:length], weight=weight)
