"""Who can speak in an article: its persons and organisations, with the roles, gender and names it gives them."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from streams.contract.records import Entity, EntityType
from streams.stages.quotes.cues import WORD
from streams.stages.quotes.words import (
    CONJUNCTIONS,
    COPULAS,
    CUE_WORDS,
    DETERMINERS,
    PREPOSITIONS,
    SAME_FUNCTION,
    TITLES,
    Gender,
    name_gender,
    noun_gender,
    role_noun,
)

_ROLE_WITHIN = 5  # words behind a name among which its role stands
_BEARERS = 16
_WINDOW = 90  # characters read before and after a mention
_ORIGIN = ("se", "sche")
_NAME_PART = 3  # shorter parts of a name ('De', 'El') name nobody
_GENITIVE = re.compile(r"['’]s?(?= |$)")
_STOPPERS = ".,;:()?!\n\x02\x03"
_TITLES = re.compile(rf"(?<!\w)(?:(?:{'|'.join(sorted(TITLES))})\.? ?)+(?<= )$", re.IGNORECASE)


@dataclass(frozen=True)
class Spoken:
    """One mention in the text; `phrase` is where its noun phrase starts ('de Deense premier Mette S.').

    `governor`: where the preposition stands that it hangs on ('tegen An Maes'); a possessor ('Maes' plan')
    has its own start. Neither is a subject.
    """

    start: int
    end: int
    entity: str
    type: EntityType
    phrase: int
    governor: int | None

    @property
    def governed(self) -> bool:
        """Whether it cannot be a subject."""
        return self.governor is not None


@dataclass
class Person:
    """What the article says of one person."""

    roles: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    origins: set[str] = field(default_factory=set)  # among the words: Belgische, Gentse
    gender: Gender | None = None


class Cast:
    """The persons and organisations of an article; all offsets are the article's."""

    def __init__(self, text: str, entities: Sequence[Entity]) -> None:
        self.persons: dict[str, Person] = {}
        self._by_name: dict[str, str | None] = {}
        self._names: dict[str, str] = {}
        speakers = [e for e in entities if e.type in (EntityType.PER, EntityType.ORG)]
        for entity in speakers:
            self._learn_names(entity)
        found = [
            (mention.start, mention.end, entity)
            for entity in speakers
            for mention in entity.mentions
            if 0 <= mention.start < mention.end <= len(text)
        ]
        found.sort(key=lambda item: (item[0], -item[1]))
        self.mentions = [self._read_mention(text, *item) for item in found]
        self._bearers: dict[str, list[str]] = {}
        for entity_id, person in self.persons.items():
            for role in person.roles:
                self._bearers.setdefault(role, []).append(entity_id)
        self._starts = [mention.start for mention in self.mentions]

    def between(self, start: int, end: int) -> list[Spoken]:
        """The mentions that start in a stretch of the text."""
        return self.mentions[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def named(self, name: str) -> str | None:
        """The entity with that full name, or with a name part that no other entity has."""
        return self._names.get(name.casefold()) or self._by_name.get(name.casefold())

    def has_role(self, person: str, noun: str) -> bool:
        """Whether the article gives a person that role, a compound of it, or another word for it."""
        same = SAME_FUNCTION.get(noun, frozenset())
        return any(role.endswith(noun) or noun.endswith(role) or role in same for role in self.persons[person].roles)

    def bearers(self, noun: str) -> list[str]:
        """The persons with that very role."""
        return self._bearers.get(noun, [])[:_BEARERS]

    def _learn_names(self, entity: Entity) -> None:
        self._names.setdefault(entity.name.casefold(), entity.id)
        for mention in entity.mentions:
            self._names.setdefault(mention.text.casefold(), entity.id)
        if entity.type is not EntityType.PER:
            return
        parts = entity.name.split()
        self.persons[entity.id] = Person(gender=name_gender(parts[0]) if parts else None)
        for part in {part.casefold() for part in parts if len(part) > _NAME_PART}:
            self._by_name[part] = None if part in self._by_name else entity.id

    def _read_mention(self, text: str, start: int, end: int, entity: Entity) -> Spoken:
        phrase, governor, words = _phrase_before(text, start)
        possessor = _GENITIVE.match(text, end) is not None
        person = self.persons.get(entity.id)
        if person:
            about = [*words, *_apposition(text, end)]
            person.roles.update(noun for word in about if (noun := role_noun(word)))
            said = [word.lower() for word in about]
            person.words.update(said)
            person.origins.update(word for word in said if is_origin(word))
            person.gender = next(filter(None, map(noun_gender, about)), person.gender)
        return Spoken(start, end, entity.id, entity.type, phrase, start if possessor else governor)


def is_origin(word: str) -> bool:
    """Whether a word in lower case may say where somebody is from: `belgische`, `gentse`."""
    return word.endswith(_ORIGIN)


def _phrase_before(text: str, start: int) -> tuple[int, int | None, list[str]]:
    """Start of the noun phrase that a name ends, the preposition that governs it, and its words.

    In 'minister van Begroting An Maes' the preposition belongs inside, in 'moeder van An Maes' it governs:
    what lies between preposition and name decides, a complement ('Begroting') or only titles. 'mr.' and its
    like belong to the phrase, since their full stop ends no sentence.
    """
    low = max(0, start - _WINDOW)
    if shortened := _TITLES.search(text, low, start):
        start = shortened.start()
    low += max(text[low:start].rfind(stop) for stop in _STOPPERS) + 1
    phrase, words = start, list[str]()
    complement: list[str] = []  # read, but part of the phrase only once a role stands before it
    determined = False
    for found in reversed(list(WORD.finditer(text, low, start))):
        word, lower = found.group(), found.group().lower()
        if lower in PREPOSITIONS and not complement:
            return phrase, found.start(), words
        if determined or lower in CONJUNCTIONS or lower in COPULAS:
            break
        if lower in CUE_WORDS and lower not in PREPOSITIONS:
            break
        if role_noun(word) or noun_gender(word):
            if complement and complement[-1].lower() not in PREPOSITIONS:
                break  # 'volgens de coach speelt Hofman'
            words += [*complement, word]
            complement = []
            phrase = found.start()
        elif lower in DETERMINERS and not complement:
            determined = True
            phrase = found.start()
        elif words and not complement:
            if not lower.endswith("e"):
                break
            words.append(word)
            phrase = found.start()
        else:
            complement.append(word)
    return phrase, None, words


def _apposition(text: str, end: int) -> list[str]:
    """The words of ', trainer van de thuisploeg', ' (trainer)' or ' is de nieuwe trainer' after a name."""
    tail = text[end : end + _WINDOW]
    first = WORD.search(tail)
    beside = tail.startswith((", ", " ("))
    if not first or not (beside or first.group().lower() in COPULAS):
        return []
    skipped = 2 if beside else first.end()
    stop = min((at for mark in _STOPPERS if (at := tail.find(mark, skipped)) >= 0), default=len(tail))
    words = [found.group() for found in WORD.finditer(tail, skipped, stop)]
    ends = (n for n, word in enumerate(words) if word.lower() in CONJUNCTIONS or word.lower() in CUE_WORDS)
    words = words[: next(ends, None)]
    role = next((n for n, word in enumerate(words[:_ROLE_WITHIN]) if role_noun(word)), None)
    if role is None or (role == 0 and words[1:] and words[1][0].isupper()):
        return []  # the latter is the next name of a list: 'An Maes, trainer Joris Nagels'
    return words
