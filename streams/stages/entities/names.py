"""What a name looks like: its key, its words, whether it is an abbreviation, what it may stand for."""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from streams.contract.records import EntityType

_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'"})
_GAPS = re.compile(r"[\s\-‐‑‒–—]+")
_ARTICLE = re.compile(r"(?:de|het|een|the)\s+", re.IGNORECASE)
_INITIALS = re.compile(r"(?:[^\W\d_]{1,2}\.-?)+")


@dataclass(frozen=True, slots=True)
class Found:
    """A name as found in the text. `weight` is what its type counts for in the vote of its entity."""

    start: int
    end: int
    text: str
    type: EntityType
    weight: float = 1.0


def key(name: str) -> str:
    """The name without what varies: case, hyphen or space, full stops, kind of apostrophe, composition."""
    plain = unicodedata.normalize("NFC", name).translate(_APOSTROPHES).replace(".", "")
    return _GAPS.sub(" ", plain).strip().casefold()


def words(name: str) -> tuple[str, ...]:
    """The words of the key: `Jan-Peter De Smet` gives jan, peter, de, smet."""
    return tuple(key(name).split())


def is_abbreviation(name: str) -> bool:
    """NAVO, CD&V, N-VA, PvdA, D66: one word, at most eight characters, with two capitals or one and a digit."""
    capitals = sum(c.isupper() for c in name)
    enough = capitals >= 2 or (capitals == 1 and any(c.isdigit() for c in name))
    rest = sum(c.islower() for c in name)
    return len(name) <= 8 and " " not in name and enough and name[0].isupper() and rest <= capitals


def is_shouted(text: str) -> bool:
    """All letters are capitals, and there are enough of them to be no abbreviation."""
    letters = [c for c in text if c.isalpha()]
    return len(letters) > 8 and not any(c.islower() for c in letters)


def initials(name: str) -> str | None:
    """`jp` for `J.P. Balkenende`, whose first word is initials; None for a written-out name."""
    first = name.split(maxsplit=1)[0] if name.strip() else ""
    return "".join(c for c in first if c.isalpha()).casefold() if _INITIALS.fullmatch(first) else None


def abbreviates(short: str, full: str) -> bool:
    """Whether the letters of `short` stand in `full` in order, the first ones of both alike. One of four or
    more may be missing, since the abbreviation may be another language's (ICRC for Rode Kruis)."""
    letters = [c for c in key(short) if c.isalnum()]
    text = "".join(c for c in without_article(key(full)) if c.isalnum())
    long_enough = " " in full.strip() or len(full) >= 2 * len(short)
    if not letters or not text.startswith(letters[0]) or not long_enough:
        return False
    at = missing = 0
    for letter in letters:
        found = text.find(letter, at)
        at, missing = (found + 1, missing) if found >= 0 else (at, missing + 1)
    return missing <= (len(letters) >= 4)


def without_article(name: str) -> str:
    """The name without `de` or `het` before it."""
    return _ARTICLE.sub("", name, count=1)


@cache
def data(file: str) -> dict[str, Any]:
    """A data file beside this module."""
    return tomllib.loads(resources.files(__package__).joinpath(file).read_text(encoding="utf-8"))


@cache
def organisations() -> dict[str, str]:
    """Well-known abbreviations with the full name."""
    return dict(data("abbreviations.toml")["organisations"])


@cache
def parties_and_media() -> frozenset[str]:
    """Parties and media that nothing else is written like."""
    tables = data("parties.toml")
    return frozenset(tables["parties"]["sure"] + tables["media"]["names"])


@cache
def doubtful_parties() -> frozenset[str]:
    """Parties with the name of something else as well: Vooruit, Groen."""
    return frozenset(data("parties.toml")["parties"]["doubtful"])


@cache
def common_abbreviations() -> frozenset[str]:
    """Abbreviations that name nobody: DNA, TV."""
    return frozenset(data("abbreviations.toml")["nouns"]["words"])


@cache
def common_words() -> frozenset[str]:
    """Surnames that are common words."""
    return frozenset(data("persons.toml")["common_words"])


@cache
def particles() -> frozenset[str]:
    """Words between given name and family name, in lower case."""
    return frozenset(data("persons.toml")["particles"])


@cache
def titles() -> frozenset[str]:
    """`president` and its like, in lower case."""
    return frozenset(data("persons.toml")["titles"])


@cache
def offices() -> frozenset[str]:
    """`Kamerlid` and its like, in lower case: capitals by custom, no names."""
    return frozenset(data("persons.toml")["offices"])
