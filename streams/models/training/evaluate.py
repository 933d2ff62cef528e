"""The table of figures: how right the bundled models are, how fast, how large."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import spacy
import yaml
from rich.console import Console
from rich.table import Table
from spacy.language import Language

from streams.enrich import enrich_text
from streams.models import ENTITY_TYPES, TIERS, SentimentModel, load_pipeline, load_sentiment
from streams.models.training.build_cnn import FOLDER as CNN
from streams.models.training.comparisons import Tag, frog, lexicon
from streams.models.training.corpora import (
    CLASSES,
    Judged,
    Span,
    raw_document,
    read_conll,
    read_general,
    read_headlines,
)
from streams.models.training.validation import alpha

BUNDLED = Path(__file__).parent.parent / "nl"
FOLDERS = (*(f"entities-{tier}" for tier in TIERS), "sentiment")
Article = tuple[str, list[Span]]
Judge = Callable[[str], int]


def span_f1(articles: Sequence[Article], tagged: Sequence[Iterable[Span]]) -> dict[str, float]:
    """Span-F1 by entity type and together (`all`): a span is right when start, end and type are."""
    counts = {label: [0, 0] for label in (*ENTITY_TYPES, "all")}
    for (_, gold), spans in zip(articles, tagged, strict=True):
        found, right = set(spans), set(gold)
        for label in counts:
            a = {span for span in found if label in (span[2], "all")}
            b = {span for span in right if label in (span[2], "all")}
            counts[label][0] += 2 * len(a & b)
            counts[label][1] += len(a) + len(b)
    return {label: right / max(1, total) for label, (right, total) in counts.items()}


def tag_with(nlp: Language) -> Tag:
    """The spans that a pipeline finds, one article a call."""

    def tag(texts: Sequence[str]) -> tuple[list[list[Span]], float]:
        start = time.process_time()
        docs = [nlp(text) for text in texts]
        seconds = time.process_time() - start
        return [[(e.start_char, e.end_char, e.label_) for e in doc.ents] for doc in docs], seconds

    return tag


def judge_with(model: SentimentModel) -> Judge:
    """The class that a model gives a text, read as an article of its own."""
    return lambda text: CLASSES.index(model.score([text])[0].probabilities.label)


def judged(judge: Judge, texts: Sequence[Judged]) -> tuple[float, float]:
    """Accuracy and Krippendorff's alpha."""
    guessed, labels = np.array([judge(text.text) for text in texts]), np.array([text.label for text in texts])
    return float((guessed == labels).mean()), alpha(guessed, labels)


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
    """Peak memory, MB, of a process that loads both models of a tier and reads an article; by Linux's `VmHWM`, since
    `ru_maxrss` of a new process begins at that of the one it was started from.

    Without torch: spaCy imports it where it is installed, and no worker has it.
    """
    code = (
        "import sys; sys.modules['torch'] = None; from streams.models import load_pipeline, load_sentiment;"
        "nlp, model = load_pipeline(tier=sys.argv[1]), load_sentiment(tier=sys.argv[1]);"
        "doc = nlp('De regering in Brussel vergadert. ' * 300); model.score([s.text for s in doc.sents]);"
        "print(*(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))"
    )
    done = subprocess.run([sys.executable, "-c", code, tier], capture_output=True, text=True, check=True)
    return int(done.stdout) / 1e3


def entity_rows(data: Path, test: Path | None, taggers: dict[str, Tag]) -> Iterator[list[str]]:
    """A row for each tagger and set: F1 together and by type, and words (what stands between spaces) a second."""
    sets = {"ned.testa": data / "ner/ned.testa"}
    if test and (held_out := next(test.rglob("ned.testb"), None)):
        sets["ned.testb"] = held_out
    for name, path in sets.items():
        articles = [raw_document(document) for document in read_conll(path)]
        texts = [text for text, _ in articles]
        for tagger, tag in taggers.items():
            tagged, seconds = tag(texts)
            f1 = span_f1(articles, tagged)
            speed = sum(len(text.split()) for text in texts) / seconds
            yield [name, tagger, *(f"{f1[label]:.3f}" for label in ("all", *ENTITY_TYPES)), f"{speed:,.0f}"]


def sentiment_rows(test: Path | None, cases: Path, model: SentimentModel) -> Iterator[list[str]]:
    """A row for each judge and set: accuracy and alpha, or accuracy alone towards targets."""
    judges = {"bundled": judge_with(model)}
    if pattern := lexicon():
        judges["Pattern's lexicon"] = pattern
    sets = {"general news (own, held out)": read_general(cases / "sentiment.yaml")}
    if test and (gold := next(test.rglob("sentiment.gold.csv"), None)):
        sets["headlines (held out)"] = read_headlines(gold)
    for set_name, texts in sets.items():
        for name, judge in judges.items():
            accuracy, agreement = judged(judge, texts)
            yield [set_name, name, f"{accuracy:.3f}", f"{agreement:.3f}"]
    pairs = yaml.safe_load((cases / "entity_sentiment.yaml").read_text("utf-8"))
    yield ["towards targets (own, held out)", "bundled", f"{towards(model, pairs):.3f}", ""]


def right_speakers(cases: Path) -> tuple[int, int]:
    """Quotes found with the right speaker by all stages from plain text, and quotes that there are."""
    found = right = 0
    for case in yaml.safe_load((cases / "quotes.yaml").read_text("utf-8")):
        event = enrich_text(case["text"])
        names = {entity.id: entity.name for entity in event.entities}
        said = {(quote.text, names.get(quote.speaker or "")) for quote in event.quotes}
        wanted = [(quote["text"], quote["speaker"]) for quote in (*case["quotes"], *case.get("pull_quotes", ()))]
        found, right = found + len(wanted), right + sum(quote in said for quote in wanted)
    return right, found


def print_table(data: Path, test: Path | None, cases: Path) -> None:
    """Print all figures. Sets that are not there are left out."""
    taggers = {tier: tag_with(load_pipeline(tier=tier)) for tier in TIERS}
    if (CNN / "model-best").is_dir():
        taggers["spaCy CNN"] = tag_with(spacy.load(CNN / "model-best"))
    if other := frog():
        taggers["Frog"] = other
    console = Console(width=120)
    table = Table("set", "model", "F1", *ENTITY_TYPES, "words/s", title="Entities: span-F1 from raw text, one core")
    for row in entity_rows(data, test, taggers):
        table.add_row(*row)
    console.print(table)
    table = Table("set", "model", "accuracy", "alpha", title="Sentiment")
    for row in sentiment_rows(test, cases, load_sentiment()):
        table.add_row(*row)
    console.print(table)
    trained = json.loads((BUNDLED / "sentiment/model.json").read_text("utf-8"))["cross_validated"]
    console.print("Sentiment, cross-validated when it was trained:", trained)
    right, quotes = right_speakers(cases)
    console.print(f"Quotes with the right speaker, from plain text, own {quotes}: {right / quotes:.3f}")
    table = Table("tier", "entities, MB", "sentiment, MB", "worker with both, MB at its peak", title="Size and memory")
    for tier in TIERS:
        sizes = [f"{size(BUNDLED / name):.1f}" for name in (f"entities-{tier}", "sentiment")]
        table.add_row(tier, *sizes, f"{peak_memory(tier):.0f}")
    console.print(table)
    console.print(f"All weights together: {sum(size(BUNDLED / folder) for folder in FOLDERS):.1f} MB")
