"""Stand-ins for the two models: a recogniser that finds what the test says, a sentiment of a few words."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import filter_spans

RawSpan = tuple[int, int, str]


def fake_nlp(find: Callable[[str], Iterable[RawSpan]]) -> Language:
    """A blank Dutch pipeline whose `doc.ents` are what `find(text)` gives, moved out to token boundaries."""
    nlp = spacy.blank("nl")

    @Language.component("fake_entities")
    def tag(doc: Doc) -> Doc:
        spans = (doc.char_span(s, e, label=label, alignment_mode="expand") for s, e, label in find(doc.text))
        doc.ents = filter_spans([span for span in spans if span is not None])
        return doc

    nlp.add_pipe("fake_entities")
    return nlp


def names_in_order(names: Iterable[tuple[str, str]]) -> Callable[[str], list[RawSpan]]:
    """Spans of (text, label) pairs, each looked for behind the one before."""
    pairs = list(names)

    def find(text: str) -> list[RawSpan]:
        spans, at = [], 0
        for name, label in pairs:
            start = text.index(name, at)
            at = start + len(name)
            spans.append((start, at, label))
        return spans

    return find


@dataclass(frozen=True)
class FakeJudgement:
    probabilities: tuple[float, float, float]
    targets: tuple[tuple[float, float, float], ...]


@dataclass
class FakeSentiment:
    """Judges by marked words: `goed` is positive, `slecht` negative. Remembers what it was given."""

    calls: list[tuple[list[str], list[list[tuple[int, int]]]]]

    def score(
        self, sentences: Sequence[str], targets: Sequence[Sequence[tuple[int, int]]]
    ) -> list[FakeJudgement]:
        self.calls.append((list(sentences), [list(t) for t in targets]))
        judged = [_judge(sentence) for sentence in sentences]
        return [FakeJudgement(p, tuple(p for _ in t)) for p, t in zip(judged, targets, strict=True)]


def _judge(sentence: str) -> tuple[float, float, float]:
    if "slecht" in sentence:
        return (0.8, 0.15, 0.05)
    return (0.05, 0.15, 0.8) if "goed" in sentence else (0.05, 0.9, 0.05)
