"""Tells words that somebody says from scare quotes, titles, nicknames and terms."""

from streams.stages.quotes.cues import WORD, Cue, Place
from streams.stages.quotes.layout import CLOSE
from streams.stages.quotes.marks import Marked
from streams.stages.quotes.words import (
    ADVERBS,
    CUE_WORDS,
    DETERMINERS,
    LINKS,
    PREPOSITIONS,
    TERM_NOUNS,
)

_TERM_WITHIN = 2  # words before the mark among which a term's noun stands
_WORD_AHEAD = 30  # characters in which the next word starts
_LONG_FRAGMENT = 6  # words; no title is expected to be as long
_SENTENCE_END = (".", "!", "?", "…")
_SHORT_STATEMENT = 3  # words that make a statement without a full stop


def is_statement(line: str, start: int, end: int, marked: Marked, words: str, cue: Cue | None) -> bool:
    """Whether marked words are a statement. `line` is the masked stretch, `start`..`end` the sentence.

    `marked` has the stretch's own offsets; `words` is what stands between the marks.
    """
    before = line[start : marked.opened].rstrip()
    after = line[marked.closed : end].lstrip()
    previous = [found.group() for found in WORD.finditer(before)]
    if before.endswith(":"):
        return True
    if any(word.lower() in TERM_NOUNS for word in previous[-_TERM_WITHIN:]):
        return False
    if cue is None:
        stands_alone = not previous and not WORD.search(after)
        return after.startswith(":") or (stands_alone and _is_sentence(words))
    if not previous or before.endswith(","):
        return True
    if cue.place is Place.BEHIND and after.startswith(",") and cue.start - marked.closed < len(", zo "):
        return not _is_attributive(before, previous[-1], words, after)
    last = previous[-1].lower()
    if last in CUE_WORDS and last not in PREPOSITIONS:
        return True
    if words[0].isupper() and not _is_long(words):
        return False
    return not _is_attributive(before, previous[-1], words, after)


def _is_sentence(words: str) -> bool:
    return words.endswith(_SENTENCE_END) or len(words.split()) >= _SHORT_STATEMENT


def _is_long(words: str) -> bool:
    return len(words.split()) >= _LONG_FRAGMENT


def _is_attributive(before: str, previous: str, words: str, after: str) -> bool:
    """Whether one word is part of the sentence's own phrase: 'de "groene" stroom', 'het "paasakkoord" is'."""
    if len(words.split()) > 1 or before.endswith(CLOSE):
        return False
    following = WORD.match(after)
    next_word = following.group() if following else ""
    is_followed = bool(next_word) and next_word.lower() not in LINKS | ADVERBS
    last = previous.lower()
    if last in DETERMINERS - {"een"}:
        return is_followed
    if last in PREPOSITIONS and last != "volgens":
        return is_followed and words.endswith("e")
    return False


def is_modifier(line: str, marked: Marked, words: str) -> bool:
    """Whether one adjective colours a noun, as in 'een "technische" storing': a statement only with a source."""
    after = line[marked.closed : marked.closed + _WORD_AHEAD].lstrip()
    before = line[max(0, marked.opened - _WORD_AHEAD) : marked.opened].split()
    following = WORD.match(after)
    return (
        len(words.split()) == 1
        and words.endswith("e")
        and bool(before and before[-1].lower() in DETERMINERS | PREPOSITIONS)
        and bool(following and following.group().lower() not in LINKS)
    )


def is_nickname(line: str, marked: Marked) -> bool:
    """Whether the marked words stand within a name: 'Rik "De Beer" Vandaele'."""
    before = line[max(0, marked.opened - 40) : marked.opened]
    after = line[marked.closed : marked.closed + 2]
    previous = [found.group() for found in WORD.finditer(before)]
    return bool(
        previous
        and before.endswith(previous[-1] + " ")
        and previous[-1][0].isupper()
        and previous[-1].lower() not in CUE_WORDS
        and after[1:2].isupper()
        and after.startswith(" ")
    )
