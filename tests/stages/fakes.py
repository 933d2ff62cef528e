"""Stand-ins for the two models: a recogniser that finds what the test says, a sentiment of a few words."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import cast

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import filter_spans

RawSpan = tuple[int, int, str]


class FakeRecogniser:
    """Sets `doc.ents` to what `find` gives for the text, moved out to token boundaries."""

    find: Callable[[str], Iterable[RawSpan]]

    def __call__(self, doc: Doc) -> Doc:
        spans = (doc.char_span(s, e, label=label, alignment_mode="expand") for s, e, label in self.find(doc.text))
        doc.set_ents(filter_spans([span for span in spans if span is not None]))
        return doc


@Language.factory("fake_recogniser")
def _make(nlp: Language, name: str) -> FakeRecogniser:
    return FakeRecogniser()


@cache
def _blank() -> Language:
    nlp = spacy.blank("nl")
    nlp.add_pipe("fake_recogniser")
    return nlp


def fake_nlp(find: Callable[[str], Iterable[RawSpan]]) -> Language:
    """A blank Dutch pipeline that finds what `find` gives; there is one, so the last caller's `find` holds."""
    nlp = _blank()
    cast(FakeRecogniser, nlp.get_pipe("fake_recogniser")).find = find
    return nlp


@dataclass(frozen=True)
class FakeJudgement:
    probabilities: tuple[float, float, float]
    targets: tuple[tuple[float, float, float], ...]


@dataclass
class FakeSentiment:
    """Judges by marked words: `goed` is positive, `slecht` negative. Remembers what it was given."""

    calls: list[tuple[list[str], list[list[tuple[int, int]]]]] = field(default_factory=list)

    def score(self, sentences: Sequence[str], targets: Sequence[Sequence[tuple[int, int]]]) -> list[FakeJudgement]:
        self.calls.append((list(sentences), [list(t) for t in targets]))
        judged = [_judge(sentence) for sentence in sentences]
        return [FakeJudgement(p, tuple(p for _ in t)) for p, t in zip(judged, targets, strict=True)]


def _judge(sentence: str) -> tuple[float, float, float]:
    if "slecht" in sentence:
        return (0.8, 0.15, 0.05)
    return (0.05, 0.15, 0.8) if "goed" in sentence else (0.05, 0.9, 0.05)
