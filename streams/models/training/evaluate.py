"""The table of figures: how right the bundled models are, how fast, how large."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
import yaml
from rich.console import Console
from rich.table import Table
from spacy.language import Language

from streams.models import ENTITY_TYPES, TIERS, SentimentModel, load_pipeline, load_sentiment
from streams.models.training.corpora import CLASSES, Span, raw_document, read_conll, read_headlines
from streams.models.training.validation import alpha

BUNDLED = Path(__file__).parent.parent / "nl"
Article = tuple[str, list[Span]]
Tag = Callable[[str], Iterable[Span]]


def span_f1(articles: Sequence[Article], tag: Tag) -> dict[str, float]:
    """Span-F1 by entity type and together (`all`): a span is right when start, end and type are."""
    counts = {label: [0, 0] for label in (*ENTITY_TYPES, "all")}
    for text, gold in articles:
        found, right = set(tag(text)), set(gold)
        for label in counts:
            a = {span for span in found if label in (span[2], "all")}
            b = {span for span in right if label in (span[2], "all")}
            counts[label][0] += 2 * len(a & b)
            counts[label][1] += len(a) + len(b)
    return {label: right / max(1, total) for label, (right, total) in counts.items()}


def tag_with(nlp: Language) -> Tag:
    """The spans that a pipeline finds in a text."""
    return lambda text: {(e.start_char, e.end_char, e.label_) for e in nlp(text).ents}


def words_per_second(articles: Sequence[Article], tag: Tag) -> float:
    """Words (marks are words too, as in CoNLL) of raw text a second of processor time, one article a call."""
    texts = [text for text, _ in articles]
    words = sum(len(text.split()) for text in texts)
    tag(texts[0])
    start = time.process_time()
    for text in texts:
        tag(text)
    return words / (time.process_time() - start)


def judged(model: SentimentModel, texts: Sequence[str], labels: Sequence[int]) -> tuple[float, float]:
    """Accuracy and Krippendorff's alpha of a sentiment model, each text an article of its own."""
    guessed = np.array([CLASSES.index(model.score([text])[0].probabilities.label) for text in texts])
    return float((guessed == np.array(labels)).mean()), alpha(guessed, np.array(labels))


def towards(model: SentimentModel, pairs: Sequence[dict[str, str]]) -> float:
    """Accuracy of the sentiment towards a target: its first occurrence in the text."""
    right = 0
    for pair in pairs:
        start = pair["text"].index(pair["target"])
        (sentence,) = model.score([pair["text"]], [[(start, start + len(pair["target"]))]])
        right += sentence.targets[0].label == pair["label"]
    return right / len(pairs)


def size(folder: Path) -> float:
    """Size on disk, MB."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def peak_memory(tier: str) -> float:
    """Peak memory, MB, of a process that loads both models of a tier and reads an article."""
    code = (
        "import sys, resource; from streams.models import load_pipeline, load_sentiment;"
        "nlp, model = load_pipeline(tier=sys.argv[1]), load_sentiment(tier=sys.argv[1]);"
        "doc = nlp('De regering in Brussel vergadert. ' * 300); model.score([s.text for s in doc.sents]);"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    done = subprocess.run([sys.executable, "-c", code, tier], capture_output=True, text=True, check=True)
    return int(done.stdout) / 1e3
