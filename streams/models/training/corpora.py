"""Reading the training sets, and making raw text of the tokens of CoNLL-2002."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import yaml

CLOSED_UP = frozenset([",", ".", ";", ":", "!", "?", ")", "%"])  # no space before these
CLASSES = ("negative", "neutral", "positive")
QUOTES = ('"', "'")
QUOTE_STYLES = (('"', '"', "'", "'"), ("“", "”", "‘", "’"), ("„", "”", "‚", "’"), ("‘", "’", "“", "”"))

Tagged = tuple[str, str]  # a token and its BIO tag
Span = tuple[int, int, str]  # start, end, label: characters of a text


@dataclass(frozen=True)
class Judged:
    """A text with its class (0 negative, 1 neutral, 2 positive; None: not known), and those of spans in it."""

    text: str
    label: int | None = None
    targets: tuple[tuple[int, int, int], ...] = ()


@dataclass(frozen=True)
class Style:
    """How raw text is set: the marks for quotes and the dash, and whether a sentence is changed."""

    quotes: tuple[str, str, str, str] = QUOTE_STYLES[0]
    dash: str | None = None
    upper: float = 0.0
    bare: float = 0.0  # how often the full stop at the end is left out

    @classmethod
    def draw(cls, random: Random) -> Style:
        """The style of one article: mostly as in the data, else as other papers set it."""
        quotes = QUOTE_STYLES[0] if random.random() < 0.5 else random.choice(QUOTE_STYLES[1:])
        return cls(quotes, "–" if random.random() < 0.4 else None, upper=0.02, bare=0.05)


def read_conll(path: Path) -> list[list[list[Tagged]]]:
    """Documents of sentences of (token, tag) out of a CoNLL-2002 file (`token POS tag`, BIO)."""
    documents: list[list[list[Tagged]]] = []
    sentence: list[Tagged] = []
    for line in [*path.read_text("utf-8").splitlines(), ""]:
        if line.startswith("-DOCSTART-"):
            documents.append([])
        elif line.strip():
            token, _, tag = line.split(" ")
            sentence.append((token, tag))
        elif sentence:
            documents[-1].append(sentence)
            sentence = []
    return documents


def raw_sentence(tokens: Sequence[Tagged], style: Style, random: Random) -> tuple[str, list[Span]]:
    """The text of one sentence and its entity spans: no space before `,.;:!?)%` or after `(`, quotes closed up."""
    if len(tokens) > 3 and tokens[-1][0] == "." and random.random() < style.bare:
        tokens = tokens[:-1]
    upper = random.random() < style.upper
    spans: list[Span] = []
    text, glue, opened = "", True, dict.fromkeys(QUOTES, False)
    for token, tag in tokens:
        spaced = not glue and token not in CLOSED_UP
        glue = token == "("
        if token in QUOTES:
            spaced = spaced and not opened[token]
            opened[token] = glue = not opened[token]
            token = style.quotes[2 * QUOTES.index(token) + (not glue)]
        elif token == "--" and style.dash:
            token = style.dash
        text += " " * spaced
        start = len(text)
        text += token
        if tag[0] == "I" and spans and spans[-1][2] == tag[2:]:
            spans[-1] = (spans[-1][0], len(text), tag[2:])
        elif tag != "O":
            spans.append((start, len(text), tag[2:]))
    # Upper case may change a text's length (ß): such a sentence stays as it is.
    return (text.upper() if upper and len(text.upper()) == len(text) else text), spans


def raw_document(sentences: Sequence[Sequence[Tagged]], per_paragraph: int = 4) -> tuple[str, list[Span]]:
    """The text of an article, `per_paragraph` sentences to a paragraph, and its entity spans."""
    text, spans, random = "", [], Random(0)
    for i, sentence in enumerate(sentences):
        if i:
            text += " " if i % per_paragraph else "\n\n"
        part, found = raw_sentence(sentence, Style(), random)
        spans += [(start + len(text), end + len(text), label) for start, end, label in found]
        text += part
    return text, spans


@dataclass(frozen=True)
class NewsDocument:
    """A document of the project's own annotated news: its blocks apart by a blank line, and the names in them."""

    id: str
    region: str
    month: str
    topic: str
    text: str
    entities: tuple[Span, ...]

    @property
    def held_out(self) -> bool:
        """Whether it is for testing only: one document of five, told by its id."""
        return hashlib.sha256(self.id.encode()).digest()[0] % 5 == 0


_MARK = re.compile(r"\[(PER|ORG|LOC|MISC) ([^\[\]]+)\]")


def read_news(folder: Path) -> list[NewsDocument]:
    """The documents of a folder, as `training/data/GUIDELINES.md` has them. Raises ValueError for any other."""
    documents = []
    for file in sorted(folder.glob("*.txt")):
        for part in file.read_text("utf-8").split("== ")[1:]:
            head, *lines = (line.strip() for line in part.splitlines() if line.strip())
            if head.count(" | ") != 3:
                raise ValueError(f"{file.name}: {head!r} is not `== ID | BE or NL | YYYY-MM | topic`")
            name, region, month, topic = head.split(" | ")
            text, entities = _unmarked("\n\n".join(lines))
            if "[" in text or "]" in text:
                raise ValueError(f"{file.name}: {name} has a bracket that marks no name")
            documents.append(NewsDocument(name, region, month, topic, text, tuple(entities)))
    return documents


def _unmarked(marked: str) -> tuple[str, list[Span]]:
    """The text without its marks, and where the names stand in it."""
    text, spans, at = "", list[Span](), 0
    for found in _MARK.finditer(marked):
        text += marked[at : found.start()]
        spans.append((len(text), len(text) + len(found[2]), found[1]))
        text, at = text + found[2], found.end()
    return text + marked[at:], spans


def read_headlines(path: Path) -> list[Judged]:
    """Headlines with their class; without one where the file has no values."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [Judged(row["headline"], int(row["value"]) + 1 if "value" in row else None) for row in rows]


def read_newsmtsc(path: Path) -> list[Judged]:
    """English sentences with targets; the polarities 2, 4 and 6 of NewsMTSC are classes 0, 1 and 2."""
    texts = []
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        targets = tuple((t["from"], t["to"], int(t["polarity"]) // 2 - 1) for t in row["targets"])
        texts.append(Judged(row["sentence_normalized"], None, targets))
    return texts


def read_general(path: Path) -> list[Judged]:
    """The package's own sentences of general news."""
    return [Judged(row["text"], CLASSES.index(row["label"])) for row in yaml.safe_load(path.read_text("utf-8"))]


def read_targets(path: Path) -> list[Judged]:
    """The package's own texts with targets, all targets of a text together."""
    texts: dict[str, Judged] = {}
    for row in yaml.safe_load(path.read_text("utf-8")):
        text, start = row["text"], row["text"].index(row["target"])
        target = (start, start + len(row["target"]), CLASSES.index(row["label"]))
        before = texts[text].targets if text in texts else ()
        texts[text] = Judged(text, CLASSES.index(row["sentence"]), (*before, target))
    return list(texts.values())


@dataclass(frozen=True)
class Sets:
    """All that sentiment is trained on."""

    headlines: list[Judged]
    general: list[Judged]
    targets: list[Judged]
    newsmtsc: list[Judged]

    @classmethod
    def read(cls, data: Path) -> Sets:
        """From the folder with `sentiment/` and `ner/`, and the package's own `data/`."""
        own = Path(__file__).parent / "data"
        return cls(
            read_headlines(data / "sentiment/headlines.train.csv"),
            read_general(own / "general.nl.yaml"),
            read_targets(own / "targets.nl.yaml"),
            read_newsmtsc(data / "sentiment/newsmtsc/train.jsonl"),
        )
