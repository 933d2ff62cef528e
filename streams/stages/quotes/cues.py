"""Finds the cue word of a quote in the masked sentence around it."""

import re
from dataclasses import dataclass
from enum import Enum

from streams.stages.quotes.layout import CLOSE
from streams.stages.quotes.words import (
    ADVERBS,
    COPULAS,
    CUE_WORDS,
    DETERMINERS,
    LEADS,
    LINKS,
    NO_SUBJECT,
    PREPOSITIONS,
    SUBJECT_PRONOUNS,
    CueKind,
)

WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_NEXT_WORD = re.compile(r" ([^\W_]+)")
_BESIDE = re.compile(rf"{CLOSE}?[\s,:;–—-]*")
_ENDS_CLAUSE = re.compile(r"[.,;]|\s*$")
_INTRODUCING = (":", ",", "-", "–", "—")
_MARKS = 4  # characters that a closing mark with spaces may take
_CLAUSE_WORDS = 25  # how far a particle may stand from its verb


class Place(Enum):
    """Where the cue stands, seen from the quote."""

    BEHIND = "behind"
    BEFORE = "before"
    FINAL = "final"  # ends a subordinate clause around the quote: 'die het "een ramp" noemt'


@dataclass(frozen=True)
class Cue:
    """A cue word at `start`..`end` of the masked stretch."""

    word: str
    start: int
    end: int
    kind: CueKind
    place: Place

    @property
    def behind(self) -> bool:
        """Whether it stands behind the quote."""
        return self.place is not Place.BEFORE


def cue_beside(line: str, closed: int, limit: int, opens_sentence: bool = False) -> Cue | None:
    """The cue right behind a closing mark: '", zegt An', '", zo luidt het', '". Aldus An'.

    Where the quote opens the sentence, any verb will do: '"…", verklapt zij'.
    """
    beside = _BESIDE.match(line, closed, limit)
    found = WORD.match(line, beside.end() if beside else closed, limit)
    if found and found.group() in LEADS:
        found = WORD.search(line, found.end(), limit)
    if not found:
        return None
    kind = _kind_at(line, found, limit, tuple(CueKind))
    if kind in (CueKind.SAY, CueKind.JUDGE) and _ENDS_CLAUSE.match(line, found.end(), limit):
        gap = line[closed : found.start()].strip(CLOSE + " ")
        return None if gap else Cue(found.group().lower(), found.start(), found.end(), kind, Place.FINAL)
    following = WORD.search(line, found.end(), limit)
    inside = line[max(0, closed - _MARKS) : closed].rstrip(CLOSE)
    paused = "," in line[closed : found.start()] or inside.endswith((",", "?", "!"))
    if kind is None and opens_sentence and paused and following and _is_any_verb(found, following):
        kind = CueKind.GESTURE
    if kind is CueKind.WRITTEN and not paused:
        return None
    if kind is None or following is None or following.group().lower() in NO_SUBJECT:
        return None
    return Cue(found.group().lower(), found.start(), found.end(), kind, Place.BEHIND)


def _is_any_verb(found: re.Match[str], following: re.Match[str]) -> bool:
    """Whether a word behind a comma can only be a verb with its subject."""
    word, subject = found.group(), following.group()
    return (
        word.islower()
        and word not in LINKS | DETERMINERS | ADVERBS | COPULAS
        and (subject in SUBJECT_PRONOUNS or subject in DETERMINERS or subject[0].isupper())
    )


def cue_behind(line: str, closed: int, limit: int) -> Cue | None:
    """The first cue further on in the sentence: '… voor de sector, vindt An', '… staat volgens An vast'."""
    for found in WORD.finditer(line, closed, limit):
        kind = _kind_at(line, found, limit, (CueKind.SOURCE, CueKind.SAY, CueKind.JUDGE, CueKind.IMPERSONAL))
        opens_clause = line.endswith((", ", ", zo "), 0, found.start()) if kind else False
        if kind is CueKind.SOURCE or (kind and opens_clause):
            return Cue(found.group().lower(), found.start(), found.end(), kind, Place.BEHIND)
    return None


def cue_before(line: str, start: int, opened: int, limit: int) -> Cue | None:
    """The last cue ahead of an opening mark. Gestures count only in 'zij zucht: "'."""
    kinds = [CueKind.SOURCE, CueKind.SAY, CueKind.JUDGE, CueKind.AUXILIARY, CueKind.IMPERSONAL]
    if line[start:opened].rstrip().endswith(_INTRODUCING):
        kinds.append(CueKind.GESTURE)
    last: Cue | None = None
    for found in WORD.finditer(line, start, opened):
        kind = _kind_at(line, found, limit, tuple(kinds))
        if kind:
            last = Cue(found.group().lower(), found.start(), found.end(), kind, Place.BEFORE)
    return last


def _kind_at(line: str, found: re.Match[str], limit: int, kinds: tuple[CueKind, ...]) -> CueKind | None:
    if line.endswith(" te ", 0, found.start()):
        return None  # an infinitive: 'minder te spreken over'
    for word in CUE_WORDS.get(found.group().lower(), ()):
        if word.kind in kinds and (not word.with_ or _follows(line, found.end(), limit, word.with_)):
            return word.kind
    return None


def _follows(line: str, position: int, limit: int, needed: frozenset[str]) -> bool:
    """Whether one of the words stands in the rest of the clause.

    One that is a preposition too ends the clause there ('legt hij uit.'), or has another behind it
    ('legt hij uit aan de krant'); 'heeft het over' alone may go on.
    """
    for number, found in enumerate(WORD.finditer(line, position, limit)):
        word = found.group().lower()
        if number > _CLAUSE_WORDS:
            return False
        if word in needed and (word not in PREPOSITIONS or word == "over"):
            return True
        if word in needed:
            following = _NEXT_WORD.match(line, found.end(), limit)
            if not following or following.group(1).lower() in PREPOSITIONS:
                return True
    return False
