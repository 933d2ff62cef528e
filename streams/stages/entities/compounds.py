"""Hyphen compounds: `NAVO-lidmaatschap` mentions NAVO and is no entity of its own."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from streams.contract.records import Block, EntityType
from streams.stages.entities.gazetteer import Gazetteer
from streams.stages.entities.names import (
    Found,
    common_abbreviations,
    is_abbreviation,
    key,
    organisations,
    parties_and_media,
    words,
)
from streams.stages.entities.places import country, region, wider_origin

KnownType = Callable[[str], EntityType | None]

_COMPOUND = re.compile(r"(?P<head>.*[\w!])[-‐‑](?P<tail>(?:[a-zà-öø-ÿ]|(?:Kamer|Staten)[a-z])[^\W\d_]*)")
_NAMED_AFTER = re.compile(r"[a-zà-öø-ÿ]{3,}[-‐‑](?P<name>[A-ZÀ-ÖØ-Þ].*)")  # kabinet-Rutte
_PREFIXED = re.compile(r"(?:anti|pro|ex|oud|niet|mede)[-‐‑](?=[A-ZÀ-ÖØ-Þ])|(?:Anti|Pro|Niet)[-‐‑](?=[A-ZÀ-ÖØ-Þ])")
_IN_TEXT = re.compile(
    r"(?<![\w&.@/-])(?P<head>[A-ZÀ-ÖØ-Þ][\w&]*(?:-[A-ZÀ-ÖØ-Þ][\w&]*)*)-(?=(?:Kamer|Staten)?[a-zà-öø-ÿ]{2})"
)
# What such a compound names is a thing of its own, when the recogniser calls it a place or an organisation.
_THINGS = re.compile(
    r"(arena|beurs|beweging|brug|centrum|club|college|eiland|eilanden|fonds|gebergte|gebouw|groep|hotel|instituut|"
    r"kanaal|kliniek|laan|meer|museum|park|plein|prijs|renbaan|rivier|school|stadion|stichting|straat|theater|"
    r"toren|tunnel|universiteit|wijk|zender|ziekenhuis)"
)
# Who belongs to an organisation: the head of such a compound is one, even if the article has it nowhere else.
MEMBERS = re.compile(
    r".*(aanvaller|aandeel|aandelen|baas|bestuur|bestuurder|ceo|chef|coach|directeur|directie|doelman|fabriek|"
    r"filiaal|fractie|fractieleider|kamerleden|kamerlid|kern|kopstuk|leden|leider|leiding|lid|lidmaatschap|lijst|lijsttrekker|"
    r"manager|medewerker|medewerkers|minister|ondervoorzitter|parlementslid|personeel|ploeg|politicus|"
    r"schepen|secretaris|senator|statenlid|speler|spelers|spits|staking|supporter|supporters|top|topman|topvrouw|"
    r"trainer|verdediger|verslaggever|volksvertegenwoordiger|voorman|voorzitter|voorzitster|wethouder|"
    r"winkel|winkels|woordvoerder|woordvoerster)"
)
_VOTE = 0.1  # the head's own type was never judged


def well_known(gazetteer: Gazetteer | None) -> KnownType:
    """The type of a name that needs no article to be known: the user's, a country, NAVO and its like."""

    def type_of(name: str) -> EntityType | None:
        entry = gazetteer.find(name) if gazetteer else None
        if entry:
            return entry.type or EntityType.MISC
        if country(name) or region(name):
            return EntityType.LOC
        return EntityType.ORG if name in organisations() or name in parties_and_media() else None

    return type_of


def without_compounds(names: Sequence[Found], known: KnownType) -> list[Found]:
    """The names, compounds cut to the name in them; those that hold a mere noun (`DNA-test`) are gone."""
    here: dict[str, EntityType] = {}
    for name in names:
        if not _COMPOUND.fullmatch(name.text):
            here.setdefault(key(name.text), name.type)
            if name.type is EntityType.PER:
                for at in range(1, len(parts := words(name.text))):
                    here.setdefault(" ".join(parts[at:]), name.type)

    def type_of(head: str) -> EntityType | None:
        return here.get(key(head)) or known(head)

    return [part for name in names for part in _cut(_unprefixed(name), type_of)]


def compounds_in_text(text: str, blocks: Sequence[Block], known: KnownType) -> Iterator[Found]:
    """Well-known names at the head of a compound, whatever the recogniser saw."""
    for block in blocks:
        for match in _IN_TEXT.finditer(text, block.start, block.end):
            kind = known(match["head"])
            if kind:
                yield Found(match.start("head"), match.end("head"), match["head"], kind, _VOTE)


def _unprefixed(name: Found) -> Found:
    """`pro-Russische` without its prefix."""
    match = _PREFIXED.match(name.text)
    if not match or (name.text[0].isupper() and not wider_origin(name.text)):
        return name
    return replace(name, start=name.start + match.end(), text=name.text[match.end() :])


def _cut(name: Found, type_of: KnownType) -> Iterator[Found]:
    match = _COMPOUND.fullmatch(name.text)
    named = _NAMED_AFTER.fullmatch(name.text)
    if named and (kind := type_of(named["name"])):
        yield Found(name.start + named.start("name"), name.end, named["name"], kind, _VOTE * name.weight)
        return
    if not match or type_of(name.text):
        yield name
        return
    head, tail = match["head"], match["tail"].casefold()
    if head in common_abbreviations() and not type_of(head):
        return
    if name.type in (EntityType.LOC, EntityType.ORG) and _THINGS.fullmatch(tail):
        yield name
        return
    parts = _names_in(head, type_of)
    kinds = [type_of(part) or _guess(part, tail) for part in parts]
    if None in kinds:
        yield name
        return
    start = name.start
    for part, kind in zip(parts, kinds, strict=True):
        if kind:
            yield Found(start, start + len(part), part, kind, _VOTE * name.weight)
        start += len(part) + 1


def _names_in(head: str, type_of: KnownType) -> list[str]:
    """Two names for `VLD-CVP` or `Rusland-NAVO`, one for `N-VA`."""
    parts = re.split(r"[-‐‑]", head)
    apart = len(parts) > 1 and not type_of(head) and all(type_of(p) or (len(p) > 2 and p.isupper()) for p in parts)
    return parts if apart else [head]


def _guess(head: str, tail: str) -> EntityType | None:
    member = MEMBERS.fullmatch(tail) and head[0].isupper() and " " not in head
    return EntityType.ORG if is_abbreviation(head) or member else None
