"""Finds the subject of a cue word in the masked sentence: behind it, before it, or wherever it stands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from streams.contract.records import EntityType
from streams.stages.quotes.cast import Cast, Spoken
from streams.stages.quotes.cues import WORD
from streams.stages.quotes.layout import CLOSE, INSIDE, OPEN
from streams.stages.quotes.subject import NOBODY, Subject
from streams.stages.quotes.words import (
    ADVERBS,
    ANYBODY,
    COLLECTIVES,
    CONJUNCTIONS,
    COPULAS,
    CUE_WORDS,
    DEFINITE,
    DETERMINERS,
    HE,
    LINKS,
    PREPOSITIONS,
    SHE,
    SPOKESPERSON,
    SUBJECT_PRONOUNS,
    VOICES,
    WOMAN,
    field,
    organisation_noun,
    role_noun,
)

_CLAUSE_END = re.compile(rf"[,;:!?()\n{OPEN}{CLOSE}]")
_SEGMENT = re.compile(r";|\b(?:maar|want|terwijl|waarop|waarna|en)\b")
_TAIL = re.compile(rf"-(?P<second>{WORD.pattern})|[a-zà-öø-ÿ]{{2,}}")
_LONGEST_SUBJECT = 14  # words
_PRONOUNS = (SHE | HE | {"ik", "mij"}) - {"haar"}
_DEMONYM = re.compile(r"[A-Z].*(?:aar|lander|['’]er|aan|ees|sman|Belg|Brit|Duitser)$")
_WOMAN = re.compile(r"[A-Z].*(?:se|sche|ienne)$")


@dataclass(frozen=True)
class Line:
    """A masked stretch of the text that starts at `base`; offsets are the stretch's own."""

    masked: str
    base: int
    cast: Cast

    def mentions(self, start: int, end: int) -> list[Spoken]:
        """The mentions that start between the offsets, outside quotes."""
        found = self.cast.between(self.base + start, self.base + end)
        return [m for m in found if self.masked[m.start - self.base] not in (OPEN, INSIDE, CLOSE)]

    def words(self, start: int, end: int) -> list[re.Match[str]]:
        """The words between the offsets, outside quotes."""
        return list(WORD.finditer(self.masked, start, end))


def subject_behind(line: Line, position: int, limit: int) -> Subject | None:
    """The subject that a verb, volgens or aldus at `position` has behind it."""
    ends = _CLAUSE_END.search(line.masked, position, limit)
    stop = ends.start() if ends else limit
    words = line.words(position, stop)[:_LONGEST_SUBJECT]
    while words and words[0].group().lower() in ADVERBS:
        words = words[1:]
    if not words:
        return None
    first = words[0].group().lower()
    if first in _PRONOUNS or (first in ("die", "deze", "haar") and _is_alone(words)):
        return Subject(pronoun=first)
    mentions = line.mentions(words[0].start(), stop)
    return (
        _person(line, words, mentions)
        or _organisation(line, words, mentions)
        or _noun(line, words, mentions, stop, limit)
        or _unmarked_name(line, words)
    )


def subject_before(line: Line, start: int, end: int) -> Subject | None:
    """The subject of the clause that ends at `end`: what can be one first, in the last clause that has any."""
    cuts = [start, *(cut.end() for cut in _SEGMENT.finditer(line.masked, start, end)), end]
    for left, right in reversed(list(pairwise(cuts))):
        subject = first_subject(line, left, right)
        if subject:
            return subject
    return None


def first_subject(line: Line, start: int, end: int) -> Subject | None:
    """The first name, pronoun or noun of a person in a stretch that no preposition governs."""
    named = [m for m in line.mentions(start, end) if not m.governed and not _in_compound(line, m)]
    candidates: list[tuple[int, Subject]] = [(m.phrase - line.base, Subject(entity=m.entity)) for m in named]
    candidates += _nouns_and_pronouns(line, start, end)
    return min(candidates, key=lambda candidate: candidate[0], default=(0, None))[1]


def _nouns_and_pronouns(line: Line, start: int, end: int) -> Iterator[tuple[int, Subject]]:
    """The first of each: a pronoun, a noun with its determiner; later ones cannot come first."""
    before = ""
    words = line.words(start, end)
    for number, found in enumerate(words):
        lower = found.group().lower()
        if lower in SUBJECT_PRONOUNS:
            yield found.start(), Subject(pronoun=lower)
            return
        entity = line.cast.named(found.group()) if found.group()[0].isupper() else None
        if entity and before not in PREPOSITIONS:
            yield found.start() + 1, Subject(entity=entity)
            return
        if lower in COLLECTIVES and before not in PREPOSITIONS:
            yield found.start(), NOBODY
            return
        if lower in DETERMINERS | {"enkele"} and before not in PREPOSITIONS:
            ahead = [word.group().lower() for word in words[number : number + 4]]
            if any(role_noun(word) or organisation_noun(word) or word in VOICES for word in ahead):
                yield found.start() + 1, subject_behind(line, found.start(), end) or NOBODY
                return
        elif role_noun(lower) and not _governed(words, number):
            yield found.start() + 1, subject_behind(line, found.start(), end) or NOBODY
            return
        before = lower


def _governed(words: list[re.Match[str]], number: int) -> bool:
    return any(word.group().lower() in PREPOSITIONS for word in words[max(0, number - 3) : number])


def _is_alone(words: list[re.Match[str]]) -> bool:
    """Whether 'die', 'deze' or 'haar' stands for the person: no noun behind it."""
    if len(words) < 2:
        return True
    following = words[1].group().lower()
    return following in LINKS | ADVERBS | COPULAS | {"laatste", "toe", "weten"} or following in CUE_WORDS


def _person(line: Line, words: list[re.Match[str]], mentions: list[Spoken]) -> Subject | None:
    for mention in mentions:
        if mention.type is EntityType.PER and not _governed_since(mention, line.base + words[0].start()):
            ahead = [w.group() for w in words if w.start() < mention.phrase - line.base]
            if not any(word.lower() in CONJUNCTIONS or role_noun(word) for word in ahead):
                return Subject(entity=mention.entity)
    return None


def _governed_since(mention: Spoken, start: int) -> bool:
    """Whether a preposition from `start` on governs the mention; 'volgens An' before it does not count."""
    return mention.governor is not None and mention.governor >= start


def _organisation(line: Line, words: list[re.Match[str]], mentions: list[Spoken]) -> Subject | None:
    for mention in mentions:
        ahead = [w.group().lower() for w in words if w.start() < mention.start - line.base]
        if mention.type is not EntityType.ORG or any(word in LINKS or role_noun(word) for word in ahead):
            continue
        compound = _in_compound(line, mention)
        if not compound or field(role_noun(compound) or "") == SPOKESPERSON:
            return Subject(entity=mention.entity)
    return None


def _in_compound(line: Line, mention: Spoken) -> str:
    """The second part of a compound that a mention begins: 'topman' in 'NMBS-topman', 'lid' in 'Tweede Kamerlid',
    or nothing; a single letter behind it is a genitive."""
    found = _TAIL.match(line.masked, mention.end - line.base)
    return found["second"] or found.group() if found else ""


def _noun(line: Line, words: list[re.Match[str]], mentions: list[Spoken], stop: int, limit: int) -> Subject | None:
    for number, found in enumerate(words):
        word = found.group()
        lower = word.lower()
        if lower in LINKS and lower != "die":
            return None
        if lower in COLLECTIVES:
            return NOBODY
        whose = next((m.entity for m in mentions if m.start - line.base > found.start()), None)
        if lower in VOICES:
            return Subject(entity=whose)
        noun = role_noun(word) or (lower if organisation_noun(word) else None)
        if not noun and number and words[0].group().lower() in DEFINITE:
            noun = _demonym(words, number)
        if noun:
            apposed = _apposed(line, stop, limit)
            owner = next((m for m in mentions if m.start == m.governor and m.start - line.base < found.start()), None)
            if not apposed and owner and field(noun) == SPOKESPERSON:  # "NMBS' woordvoerder", "An Maes' woordvoerster"
                return Subject(entity=owner.entity) if owner.type is EntityType.ORG else NOBODY
            return apposed or Subject(
                noun=noun,
                determiner=words[0].group().lower(),
                words=frozenset(w.group().lower() for w in words),
                instead=whose if field(noun) == SPOKESPERSON else None,
            )
    return None


def _demonym(words: list[re.Match[str]], number: int) -> str | None:
    """The noun that 'de Gentenaar' or 'de Italiaanse' stands for; not the adjective of a noun behind it."""
    word = words[number].group()
    if _DEMONYM.match(word):
        return ANYBODY
    is_last = number + 1 == len(words) or words[number + 1].group().lower() in LINKS | ADVERBS
    return WOMAN if is_last and _WOMAN.match(word) else None


def _apposed(line: Line, stop: int, limit: int) -> Subject | None:
    """The name right behind a noun, with its titles or a role: 'zijn advocaat, mr. Ludo Geerts'."""
    if line.masked[stop : stop + 1] != ",":
        return None
    beside = [m for m in line.mentions(stop, limit) if m.phrase - line.base <= stop + len(", ")]
    return next((Subject(entity=m.entity) for m in beside if m.type is EntityType.PER and not m.governed), None)


def _unmarked_name(line: Line, words: list[re.Match[str]]) -> Subject | None:
    """A part of a person's name that the entity recogniser left unmarked."""
    for found in words:
        if found.group() in LINKS:
            return None
        entity = line.cast.named(found.group()) if found.group()[0].isupper() else None
        if entity:
            return Subject(entity=entity)
    return None
