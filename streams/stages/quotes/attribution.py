"""Walks through a paragraph and says who speaks each of its quotes."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from streams.contract.records import Quote
from streams.stages.quotes.cast import Cast
from streams.stages.quotes.cues import Cue, Place
from streams.stages.quotes.focus import Focus
from streams.stages.quotes.marks import Marked
from streams.stages.quotes.sentence import Sentence, read_sentences, shifted
from streams.stages.quotes.statements import is_modifier, is_nickname, is_statement
from streams.stages.quotes.subject import Subject
from streams.stages.quotes.subjects import Line, first_subject, subject_before, subject_behind
from streams.stages.quotes.words import COLLECTIVES, DOCUMENTS, INVERTING, SHE, CueKind

_WHERE = ("bij", "in", "op", "onder", "aan")  # klinkt het …


@dataclass(frozen=True)
class Attribution:
    """Who said it, and the cue that says so."""

    speaker: str | None
    cue: Cue | None = None


class Attributor:
    """Attributes the quotes of one article, paragraph by paragraph, in order."""

    def __init__(self, text: str, cast: Cast) -> None:
        self._text = text
        self._cast = cast
        self._focus = Focus(cast)
        self._topic: str | None = None  # who goes on speaking where a quote has no cue
        self._previous: Sentence | None = None  # the sentence before, when it has no quote

    def paragraph(self, start: int, end: int, marked: tuple[Marked, ...], flows: bool) -> Iterator[Quote]:
        """The quotes of a paragraph. One that does not flow (a headline) neither takes nor gives a speaker."""
        kept = self._topic, self._previous
        if not flows:
            self._topic = self._previous = None
        found = read_sentences(self._text, start, end, marked, self._cast)
        for sentence, following in zip_longest(found, found[1:]):
            yield from self._sentence(sentence, following)
        if not flows:
            self._topic, self._previous = kept

    def _sentence(self, sentence: Sentence, following: Sentence | None) -> Iterator[Quote]:
        read = sentence.start
        said: list[Attribution] = []
        beside: Attribution | None = None
        for number, marked in enumerate(sentence.marked):
            self._focus.read(sentence.line.mentions(read, marked.opened))
            read = marked.closed
            attribution = self._attribute(sentence, number, beside)
            beside = attribution if attribution and attribution.cue and attribution.cue.behind else None
            if attribution and attribution.cue is None and attribution.speaker is None and not marked.opened:
                attribution = Attribution(self._introduced(following)) if following else attribution
            if attribution:
                said.append(attribution)
                yield self._quote(sentence.line.base, marked, attribution)
            yield from self._inner(sentence.line.base, marked, attribution)
        self._focus.read(sentence.line.mentions(read, sentence.end))
        for attribution in said:
            self._focus.put_subject(attribution.speaker)
        self._remember_subject(sentence, said)
        if said:
            self._topic = said[-1].speaker
        self._previous = None if said else sentence

    def _remember_subject(self, sentence: Sentence, said: list[Attribution]) -> None:
        """Puts in focus whom the sentence has as subject, or as speaker without a name."""
        line, subject = sentence.line, None
        if not said:
            subject = sentence.subject()
        elif said[-1].speaker is None and said[-1].cue and said[-1].cue.behind:
            subject = subject_behind(line, said[-1].cue.end, sentence.end)
        if subject is None:
            return
        entity = self._focus.resolve(subject)
        self._focus.put_subject(entity)
        if entity is None and subject.noun and not subject.definite:
            self._focus.put_unnamed(subject.noun, subject.determiner)

    def _attribute(self, sentence: Sentence, number: int, split: Attribution | None) -> Attribution | None:
        """Who says the marked words, or None where nobody does."""
        line, marked = sentence.line, sentence.marked[number]
        words = self._text[line.base + marked.start : line.base + marked.end]
        cue = sentence.cue(number, split.cue if split else None)
        start, end = sentence.around(marked)
        if is_nickname(line.masked, marked) and not (cue and cue.behind):
            return None
        if not is_statement(line.masked, start, end, marked, words, cue):
            return None
        if split and split.cue == cue:
            return split
        if cue:
            speaker = self._speaker(sentence, marked, cue)
            if speaker is None and is_modifier(line.masked, marked, words):
                return None
            return Attribution(speaker, cue)
        return Attribution(self._without_cue(sentence, marked))

    def _speaker(self, sentence: Sentence, marked: Marked, cue: Cue, outer: str | None = None) -> str | None:
        line = sentence.line
        start, end = sentence.around(marked)
        if cue.kind in (CueKind.IMPERSONAL, CueKind.WRITTEN) and cue.behind:
            return self._impersonal(line, cue, end)
        if cue.place is Place.FINAL:
            subject = subject_before(line, start, marked.opened)
        elif cue.kind is CueKind.SOURCE or cue.behind:
            subject = subject_behind(line, cue.end, end)
        else:
            subject = _around(line, start, cue, marked.opened)
        if subject and subject.pronoun in SHE and cue.word.endswith("en"):
            return None  # 'zeggen ze' is plural
        if subject and subject.pronoun in ("ik", "mij"):
            return outer
        return self._focus.resolve(subject, but=outer)

    def _impersonal(self, line: Line, cue: Cue, end: int) -> str | None:
        """Who stands behind 'klinkt het bij …'; 'klinkt het' alone goes on with whoever was spoken of."""
        named = line.mentions(cue.end, end)
        if person := next((m.entity for m in named if m.entity in self._cast.persons), None):
            return person
        words = line.words(cue.end, end)
        where = next((n for n, word in enumerate(words) if word.group().lower() in _WHERE), None)
        if named:  # 'bij de minister van Pensioenen' is no 'bij Pensioenen'
            behind = subject_behind(line, words[where].end(), end) if where is not None else None
            return self._focus.resolve(behind) if behind and behind.noun else named[0].entity
        if where is None or any(word.group().lower() in DOCUMENTS for word in words[where:]):
            return self._focus.anybody()
        return None

    def _without_cue(self, sentence: Sentence, marked: Marked) -> str | None:
        line = sentence.line
        start, end = sentence.around(marked)
        before = line.masked[start : marked.opened].strip()
        if line.masked.startswith(":", marked.closed):
            return self._focus.resolve(first_subject(line, marked.closed + 1, end))
        if before.endswith(":"):
            return self._before_colon(line, start, marked.opened)
        if self._previous:
            earlier = self._previous
            subject = earlier.subject()
            if subject:
                return self._focus.resolve(subject)
        return self._topic

    def _before_colon(self, line: Line, start: int, end: int) -> str | None:
        """'An Maes: "…"', 'Zijn conclusie: "…"', 'De boodschap van An Maes: "…"'."""
        subject = first_subject(line, start, end)
        if subject:
            return self._focus.resolve(subject)
        named = line.mentions(start, end)
        if named:
            return named[-1].entity
        words = line.words(start, end)
        pronoun = {"zijn": "hij", "haar": "zij"}.get(words[0].group().lower()) if words else None
        return self._focus.resolve(Subject(pronoun=pronoun)) if pronoun else None

    def _introduced(self, following: Sentence) -> str | None:
        """The person that the sentence after a quote begins with: '"…" Miet Verhelst woont ernaast.'"""
        subject = following.subject()
        return subject.entity if subject else None

    def _inner(self, base: int, marked: Marked, outer: Attribution | None) -> Iterator[Quote]:
        """The quotes within a quote: only those with a cue or a colon of their own."""
        if not marked.inner:
            return
        start, end = base + marked.start, base + marked.end
        speaker = outer.speaker if outer else None
        inner = tuple(shifted(part, base) for part in marked.inner)
        for sentence in read_sentences(self._text, start, end, inner, self._cast):
            for number, part in enumerate(sentence.marked):
                line = sentence.line
                cue = sentence.cue(number)
                words = self._text[start + part.start : start + part.end]
                first, last = sentence.around(part)
                ahead = line.masked[first : part.opened].rstrip()
                stated = is_statement(line.masked, first, last, part, words, cue)
                attribution = None
                if stated and (cue or ahead.endswith(":")):
                    who = self._speaker(sentence, part, cue, speaker) if cue else None
                    attribution = Attribution(who, cue)
                    yield self._quote(start, part, attribution)
                yield from self._inner(start, part, attribution)

    def _quote(self, base: int, marked: Marked, attribution: Attribution) -> Quote:
        start, end = base + marked.start, base + marked.end
        cue = attribution.cue.word if attribution.cue else None
        return Quote(start=start, end=end, text=self._text[start:end], speaker=attribution.speaker, cue=cue)


def _around(line: Line, start: int, cue: Cue, opened: int) -> Subject | None:
    """The subject of a verb before the quote: ahead of the verb, or behind it in inversion."""
    ahead = subject_before(line, start, cue.start)
    behind = subject_behind(line, cue.end, opened)
    words = line.words(start, cue.start)
    first = words[0].group().lower() if words else ""
    comma = line.masked[start : cue.start].rstrip().endswith(",")
    if behind and (comma or first in INVERTING):
        return behind
    if ahead is None and any(word.group().lower() in COLLECTIVES for word in words):
        return None
    return ahead or behind
