"""The word lists beside this file (cues.toml, roles.toml, grammar.toml), and what can be asked of them."""

import tomllib
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from importlib.resources import files
from typing import Any


class CueKind(Enum):
    """How a cue word stands to the quote and to its subject."""

    SOURCE = "source"  # the source follows the word: volgens, aldus
    SAY = "say"
    JUDGE = "judge"
    GESTURE = "gesture"
    IMPERSONAL = "impersonal"
    WRITTEN = "written"
    AUXILIARY = "auxiliary"


@dataclass(frozen=True)
class CueWord:
    """Where one of `with_` must follow in the clause for the word to be a cue; empty: needs nothing."""

    kind: CueKind
    with_: frozenset[str] = frozenset()


class Gender(Enum):
    """Grammatical, as pronouns need it."""

    FEMALE = "female"
    MALE = "male"


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath(name).read_text("utf-8"))


def _words(table: dict[str, str], key: str) -> frozenset[str]:
    return frozenset(table[key].split())


_cues, _roles, _grammar = _load("cues.toml"), _load("roles.toml"), _load("grammar.toml")


def _cue_words() -> dict[str, tuple[CueWord, ...]]:
    words: dict[str, tuple[CueWord, ...]] = {}
    participles = _words(_cues, "participle")
    for kind in CueKind:
        needed = participles if kind is CueKind.AUXILIARY else frozenset[str]()
        for word in _cues[kind.value].split():
            words[word] = (*words.get(word, ()), CueWord(kind, needed))
    for forms, particles in _cues["with"].items():
        for word in forms.split():
            words[word] = (*words.get(word, ()), CueWord(CueKind.SAY, frozenset(particles.split())))
    return words


CUE_WORDS = _cue_words()

FIELD_OF: dict[str, str] = {noun: field for field, nouns in _roles["fields"].items() for noun in nouns.split()}
ORGANISATION_NOUNS = _words(_roles["sources"], "organisation")
COLLECTIVES = _words(_roles["sources"], "collective")
DOCUMENTS = _words(_roles["sources"], "document")
TERM_NOUNS = _words(_cues["terms"], "before")
VOICES = _words(_roles["sources"], "voice")
SPOKESPERSON = "spokesperson"
ANYBODY = "jarige"  # a noun that fits any person: 'de 45-jarige', 'de Gentenaar'
WOMAN = "vrouw"
PERSON = "person"

_GENDER_OF_NOUN = {noun: gender for gender in Gender for noun in _roles["gender"][gender.value].split()}
_GENDER_OF_NAME = {name: gender for gender in Gender for name in _roles["names"][gender.value].split()}
_FEMALE_ENDINGS = tuple(_roles["gender"]["female_endings"].split())
_NEUTRAL_ENDINGS = tuple(_roles["gender"]["neutral_endings"].split())
_SHORTEST_COMPOUND_PART = 4

SAME_FUNCTION = {noun: frozenset(group.split()) for group in _roles["relations"]["same"] for noun in group.split()}
FUNCTIONS = _words(_roles["relations"], "functions")
ANY_FIELD = _words(_roles["relations"], "any_field")

DETERMINERS = _words(_grammar, "determiners")
DEFINITE = _words(_grammar, "definite")
POSSESSIVES = _words(_grammar, "possessives")
PREPOSITIONS = _words(_grammar, "prepositions")
CONJUNCTIONS = _words(_grammar, "conjunctions")
LINKS = PREPOSITIONS | CONJUNCTIONS
SHE = _words(_grammar, "she")
HE = _words(_grammar, "he")
SUBJECT_PRONOUNS = _words(_grammar, "subject_pronouns")
COPULAS = _words(_grammar, "copulas")
TITLES = _words(_grammar, "titles")
ADVERBS = _words(_grammar, "adverbs")
INVERTING = _words(_grammar, "inverting") | PREPOSITIONS
LEADS = _words(_grammar, "leads")
NO_SUBJECT = _words(_grammar, "no_subject")


@lru_cache(maxsize=10_000)
def role_noun(word: str) -> str | None:
    """The known noun for a person that a word is or ends with ('bondscoach' gives 'coach'), or None."""
    word = word.lower().replace("’", "'")
    for cut in range(len(word)):
        part = word[cut:]
        if cut and len(part) < _SHORTEST_COMPOUND_PART:
            return None
        if part in FIELD_OF:
            return part
    return ANYBODY if word.endswith("-jarige") else None


def organisation_noun(word: str) -> bool:
    """Whether a word stands for an organisation named before ('de club', 'de spoorwegmaatschappij')."""
    return word.lower() in ORGANISATION_NOUNS


def field(noun: str) -> str:
    """The field of a noun that `role_noun` gave; nouns that fit anybody give PERSON."""
    return FIELD_OF.get(noun, PERSON)


def noun_gender(word: str) -> Gender | None:
    """What a noun or a form of address says of its bearer's gender; most say nothing."""
    word = word.lower()
    noun = role_noun(word) or word
    if noun in _GENDER_OF_NOUN:
        return _GENDER_OF_NOUN[noun]
    if not role_noun(word) or noun.endswith(_NEUTRAL_ENDINGS):
        return None
    if noun.endswith(_FEMALE_ENDINGS):
        return Gender.FEMALE
    return Gender.MALE if noun.endswith("man") else None


def name_gender(first_name: str) -> Gender | None:
    """The usual gender of a first name, None where it is unknown."""
    return _GENDER_OF_NAME.get(first_name)
