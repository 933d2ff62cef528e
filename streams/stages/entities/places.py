"""Countries, regions and words of origin, with their ISO 3166 codes."""

import re
from functools import cache

from babel import Locale

from streams.stages.entities.names import data, key

# CLDR lists these beside the codes of ISO 3166-1. XK (Kosovo) stays: everybody uses it, for want of another.
_NOT_ISO = frozenset(["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"])
_DIRECTION = re.compile(r"(noord|oost|zuid|west|centraal)[- ]", re.IGNORECASE)
_PREFIX = re.compile(r"(anti|pro|ex|oud|niet)[- ]", re.IGNORECASE)


@cache
def _countries() -> dict[str, str]:
    territories = Locale("nl").territories
    names = {key(name): code for code, name in territories.items() if len(code) == 2 and code not in _NOT_ISO}
    more = {key(name): code for code, many in data("places.toml")["countries"].items() for name in many}
    return names | more


@cache
def _regions() -> dict[str, str]:
    return {key(name): code for code, many in data("places.toml")["regions"].items() for name in many}


@cache
def _capitals() -> frozenset[str]:
    return frozenset(map(key, data("places.toml")["capitals"]["names"]))


@cache
def _origins() -> dict[str, str]:
    tables = data("demonyms.toml")
    entries = [entry for table in ("adjectives", "more") for entry in tables[table].items()]
    return {key(form): code for code, entry in entries for form in _inflected(*entry)}


@cache
def _wider_peoples() -> dict[str, str]:
    return {key(form): name for name, entry in data("demonyms.toml")["wider"].items() for form in _inflected(*entry)}


@cache
def _not_origin() -> frozenset[str]:
    return frozenset(key(form) for word in data("places.toml")["not_origin"]["words"] for form in (word, word + "e"))


def country(name: str) -> str | None:
    """ISO 3166-1 alpha-2 code of a country by any of its Dutch names (CLDR's, and places.toml)."""
    return _countries().get(key(name))


def region(name: str) -> str | None:
    """ISO 3166-2 code of a part of a country; `Engeland` gives GB."""
    return _regions().get(key(name))


def is_capital(name: str) -> bool:
    """The seat of a government: `Ankara`."""
    return key(name) in _capitals()


def is_place(name: str) -> bool:
    """A country, a region that is known, or a part of the world."""
    return bool(country(name) or region(name)) or name in data("demonyms.toml")["wider"]


def origin(word: str) -> str | None:
    """The place that an adjective or inhabitant belongs to: `Belgische` BE, `Amerikanen` US, `Vlaming` BE-VLG."""
    return _origins().get(key(word)) if word[:1].isupper() else None


def people(word: str) -> str | None:
    """As `origin`, also for a part of the world that has no code: all with one answer are one entity."""
    return origin(word) or (_wider_peoples().get(key(word)) if word[:1].isupper() else None)


def wider_origin(word: str) -> str | None:
    """As `origin`, also for a part of the country or with a prefix: `Zuid-Franse` FR, `pro-Russische` RU."""
    if key(word) in _not_origin():
        return None
    bare = _DIRECTION.sub("", _PREFIX.sub("", word, count=1), count=1)
    return origin(word) or origin(bare)


def _inflected(adjective: str, inhabitant: str | None = None, plural: str | None = None) -> list[str]:
    forms = [adjective, re.sub(r"([aeou])\1s$", r"\1s", adjective) + "e"]
    if inhabitant:
        forms += [inhabitant, plural or _plural(inhabitant)]
    return forms


def _plural(noun: str) -> str:
    """The regular Dutch plural: Belgen, Amerikanen, Chinezen, Nederlanders, Israëli's."""
    if noun.endswith("i"):
        return noun + "'s"
    if noun.endswith(("er", "ër")):
        return noun + "s"
    if noun.endswith("ees"):
        return noun[:-3] + "ezen"
    if re.search(r"([aeou])\1[^aeiou]$", noun):
        return noun[:-2] + noun[-1] + "en"
    return noun + "en"
