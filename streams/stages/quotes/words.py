"""The word lists beside this file (cues.toml, roles.toml), and what can be asked of them."""

import tomllib
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from importlib.resources import files


class CueKind(Enum):
    """How a cue word stands to the quote and to its subject."""

    SOURCE = "source"  # the source follows the word: volgens, aldus
    SAY = "say"
    JUDGE = "judge"
    GESTURE = "gesture"
    IMPERSONAL = "impersonal"
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


_cues = tomllib.loads(files(__package__).joinpath("cues.toml").read_text("utf-8"))
_roles = tomllib.loads(files(__package__).joinpath("roles.toml").read_text("utf-8"))


def _cue_words() -> dict[str, tuple[CueWord, ...]]:
    words: dict[str, tuple[CueWord, ...]] = {}
    participles = frozenset(_cues["participle"].split())
    for kind in CueKind:
        needed = participles if kind is CueKind.AUXILIARY else frozenset[str]()
        for word in _cues[kind.value].split():
            words[word] = (*words.get(word, ()), CueWord(kind, needed))
    for forms, particles in _cues["with"].items():
        for word in forms.split():
            words[word] = (*words.get(word, ()), CueWord(CueKind.SAY, frozenset(particles.split())))
    return words


CUE_WORDS = _cue_words()

FIELD_OF = {noun: field for field, nouns in _roles["fields"].items() for noun in nouns.split()}
ORGANISATION_NOUNS = frozenset(_roles["sources"]["organisation"].split())
COLLECTIVES = frozenset(_roles["sources"]["collective"].split())
DOCUMENTS = frozenset(_roles["sources"]["document"].split())
TERM_NOUNS = frozenset(_cues["terms"]["before"].split())
VOICES = frozenset(_roles["sources"]["voice"].split())
SPOKESPERSON = "spokesperson"
PERSON = "person"

_GENDER_OF_NOUN = {noun: gender for gender in Gender for noun in _roles["gender"][gender.value].split()}
_GENDER_OF_NAME = {name: gender for gender in Gender for name in _roles["names"][gender.value].split()}
_FEMALE_ENDINGS = tuple(_roles["gender"]["female_endings"].split())
_NEUTRAL_ENDINGS = tuple(_roles["gender"]["neutral_endings"].split())
_SHORTEST_COMPOUND_PART = 4

SAME_FUNCTION = {
    noun: frozenset(group.split()) for group in _roles["relations"]["same"] for noun in group.split()
}
FUNCTIONS = frozenset(_roles["relations"]["functions"].split())

DETERMINERS = frozenset("de het een 't zijn haar hun onze ons mijn deze die dit dat".split())
DEFINITE = frozenset("de het deze die dit".split())
POSSESSIVES = frozenset("zijn haar hun onze ons mijn".split())
PREPOSITIONS = frozenset(
    """van voor bij uit in op aan over tegen met naar door na tijdens naast tussen zonder onder sinds rond
    achter volgens namens binnen buiten tot om via jegens richting""".split()
)
CONJUNCTIONS = frozenset("en maar of want dat die terwijl toen waarop waarna als omdat doordat".split())
SHE = frozenset("zij ze haar".split())
HE = frozenset("hij ie hem".split())
ADVERBS = frozenset(
    """ook nog dan daarop daarover vandaag gisteren nu er eraan erbij zich later eerder woensdag maandag dinsdag
    donderdag vrijdag zaterdag zondag meteen intussen toch wel alvast zelf al even daarna vervolgens bijvoorbeeld
    hierover gisteravond vanochtend vanmiddag onder meer meteen""".split()
)
SUBORDINATORS = frozenset(
    """toen als wanneer omdat nadat terwijl hoewel voordat zodra sinds nu doordat ook gisteren vandaag toch daarop
    daarom daarna later eerder intussen ondertussen zo""".split()
)


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
    return "jarige" if word.endswith("-jarige") else None


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
