"""What people would train instead: spaCy's small convolutional entity recogniser, from scratch, on the same data."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import spacy
from spacy.cli.init_config import init_config
from spacy.cli.train import train
from spacy.tokens import DocBin

from streams.models.training.corpora import raw_document, read_conll

FOLDER = Path(".cache/spacy-cnn")
EPOCHS = 12


def build(data: Path, out: Path = FOLDER) -> None:
    """Train with the settings of `spacy init config --lang nl --pipeline ner --optimize efficiency`."""
    with TemporaryDirectory() as scratch:
        paths = {}
        for part, name in (("train", "ned.train"), ("dev", "ned.testa")):
            paths[f"paths.{part}"] = str(Path(scratch) / f"{part}.spacy")
            _write(data / "ner" / name, Path(paths[f"paths.{part}"]))
        config = Path(scratch) / "config.cfg"
        init_config(lang="nl", pipeline=["ner"], optimize="efficiency").to_disk(config)
        train(config, out, overrides={**paths, "training.max_epochs": EPOCHS, "training.seed": 1})


def _write(source: Path, target: Path) -> None:
    """Articles as raw text with their entities, in spaCy's format; an entity is widened to whole tokens."""
    nlp, docs = spacy.blank("nl"), DocBin()
    for document in read_conll(source):
        for at in range(0, len(document), 10):
            text, entities = raw_document(document[at : at + 10])
            doc = nlp(text)
            spans = [doc.char_span(start, end, label, alignment_mode="expand") for start, end, label in entities]
            doc.set_ents(spacy.util.filter_spans([span for span in spans if span]))
            docs.add(doc)
    docs.to_disk(target)
