"""A sentence with its quotes, and which cue belongs to which quote."""

from dataclasses import dataclass, replace

from streams.stages.quotes.cast import Cast
from streams.stages.quotes.cues import WORD, Cue, cue_before, cue_behind, cue_beside
from streams.stages.quotes.layout import mask, sentences
from streams.stages.quotes.marks import Marked
from streams.stages.quotes.subject import Subject
from streams.stages.quotes.subjects import Line, first_subject, subject_behind
from streams.stages.quotes.words import CueKind

_REACH = 400  # characters of the sentence read before and behind a quote; keeps long sentences linear


@dataclass(frozen=True)
class Sentence:
    """A sentence of a masked line and the marked parts in it, offsets the line's own."""

    line: Line
    start: int
    end: int
    marked: tuple[Marked, ...]

    def around(self, marked: Marked) -> tuple[int, int]:
        """What is read of the sentence for one of its marked parts."""
        return max(self.start, marked.opened - _REACH), min(self.end, marked.closed + _REACH)

    def subject(self) -> Subject | None:
        """Who tells it, in 'Het plan is dood, zegt An Maes'; else the first that can be a subject."""
        end = min(self.end, self.start + _REACH)
        told = None if self.marked else cue_behind(self.line.masked, self.start, end)
        teller = subject_behind(self.line, told.end, end) if told and told.kind is CueKind.SAY else None
        return teller or first_subject(self.line, self.start, end)

    def cue(self, number: int, split: Cue | None = None) -> Cue | None:
        """The cue of a marked part: beside it; else before it; else further on in the sentence.

        `split` is the cue behind the part before: it goes for both halves, unless another follows it.
        """
        line, marked = self.line.masked, self.marked[number]
        start, end = self.around(marked)
        limit = min(end, self.marked[number + 1].opened) if number + 1 < len(self.marked) else end
        ahead = cue_before(line, split.end if split else start, marked.opened, end) or split
        opens_sentence = split is not None or not WORD.search(line, start, marked.opened)
        beside = cue_beside(line, marked.closed, limit, opens_sentence)
        return beside or ahead or cue_behind(line, marked.closed, end)


def read_sentences(text: str, start: int, end: int, marked: tuple[Marked, ...], cast: Cast) -> list[Sentence]:
    """The sentences of a stretch of the text, each with its marked parts."""
    line = Line(mask(text, start, end, marked), start, cast)
    local = [shifted(part, -start) for part in marked]
    found: list[Sentence] = []
    position = 0
    for left, right in sentences(line.masked):
        first = position
        while position < len(local) and local[position].opened < right:
            position += 1
        found.append(Sentence(line, left, right, tuple(local[first:position])))
    return found


def shifted(marked: Marked, by: int) -> Marked:
    """The same marked part with all its offsets moved."""
    return replace(
        marked,
        start=marked.start + by,
        end=marked.end + by,
        opened=marked.opened + by,
        closed=marked.closed + by,
        inner=tuple(shifted(part, by) for part in marked.inner),
    )
