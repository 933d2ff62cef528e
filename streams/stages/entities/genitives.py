"""Possessives: the mention covers the name without its s (`Xi's`, `Merkels`, `België's`)."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from streams.contract.records import EntityType
from streams.stages.entities.names import Found, is_abbreviation, key, words
from streams.stages.entities.places import country, is_capital, origin

_APOSTROPHE_S = re.compile(r"(.+)['’‘ʼ`´][sS]")
_S_BEYOND = re.compile(r"['’‘ʼ`´][sS]\b")
# Dutch writes 's after a long vowel; after a consonant it is English, and then mostly a brand's own name.
_LONG_VOWEL = re.compile(r"[aeiouyáéíóúàèäëïöü]", re.IGNORECASE)
_OWN_NAMES = frozenset(("ben & jerry's", "domino's", "levi's", "macy's", "moody's", "sotheby's", "tony's", "wendy's"))
_WORD_BEFORE = re.compile(r"([^\W\d_]+|\d+) $")
_WORD_AFTER = re.compile(r" ([a-zà-öø-ÿ]+)")
_BEFORE_PLURAL = frozenset(("het", "een", "veel", "meer", "twee", "drie", "vier", "vijf", "geen", "genoeg", "onze"))
_AFTER_PLURAL = frozenset(
    ("en", "of", "die", "in", "van", "op", "uit", "naar", "te", "om", "met", "zijn", "hebben", "worden", "voor")
)
_VOTE = 0.25  # of a possessive's type: CoNLL-2002 calls most of them MISC


def without_genitives(text: str, names: Sequence[Found]) -> list[Found]:
    """The names, possessives cut to the name."""
    types: defaultdict[str, set[EntityType]] = defaultdict(set)
    surnames = set()
    for name in names:
        types[key(name.text)].add(name.type)
        if len(parts := words(name.text)) > 1 and name.type is EntityType.PER:
            surnames.add(parts[-1])
            types[parts[-1]].add(EntityType.PER)
    persons = _persons_called(text, names)
    return [_cut(text, name, types, surnames, persons) for name in names]


def _persons_called(text: str, names: Sequence[Found]) -> set[str]:
    """First names and surnames that the article gives to persons outside possessives."""
    persons = (name for name in names if name.type is EntityType.PER and not _S_BEYOND.match(text, name.end))
    return {part for person in persons for part in (words(person.text)[0], words(person.text)[-1])}


def _cut(
    text: str, name: Found, types: defaultdict[str, set[EntityType]], surnames: set[str], persons: set[str]
) -> Found:
    if origin(name.text) or country(name.text):
        return name
    if beyond := _S_BEYOND.match(text, name.end):  # the recogniser left the s out
        return _shortened(name, len(name.text), _owner_type(text, name, name.text, beyond.end(), persons))
    match = _APOSTROPHE_S.fullmatch(name.text)
    if match and _is_owner(name, match[1], key(match[1]) in types):
        return _shortened(name, len(match[1]), _owner_type(text, name, match[1], name.end, persons))
    base = name.text[:-1]
    if name.text[-1:] in "sS" and len(base) > 2 and key(name.text) not in surnames:
        owners = types.get(key(base), set())
        if name.type in owners or (name.type is EntityType.MISC and EntityType.PER in owners) or country(base):
            return _shortened(name, len(base), name.type)
    return name


def _is_owner(name: Found, base: str, known: bool) -> bool:
    if key(name.text) in _OWN_NAMES or name.text[0].islower():  # `nazi's`: a plural
        return False
    known = known or name.type is EntityType.PER or is_abbreviation(base) or is_capital(base)
    return known or bool(_LONG_VOWEL.match(base[-1]))


def _owner_type(text: str, name: Found, base: str, end: int, persons: set[str]) -> EntityType:
    """PER for `Xi's reis`, where the recogniser says MISC: a noun follows, and no article or adjective goes
    before, as it would with a plural (`de Hutu's`). LOC for a capital (`Ankara's antwoord`), which owns things
    as a government does, unless somebody in the article is called so."""
    if is_capital(base) and key(base) not in persons:
        return EntityType.LOC
    if name.type is not EntityType.MISC or is_abbreviation(base):
        return name.type
    before = _WORD_BEFORE.search(text, max(0, name.start - 25), name.start)
    after = _WORD_AFTER.match(text, end)
    plural = before and (before[1] in _BEFORE_PLURAL or before[1].endswith("e"))
    return EntityType.PER if after and after[1] not in _AFTER_PLURAL and not plural else name.type


def _shortened(name: Found, length: int, kind: EntityType) -> Found:
    weight = name.weight * (1 if name.type is EntityType.PER else _VOTE)
    return replace(name, end=name.start + length, text=name.text[:length], type=kind, weight=weight)
