"""How the entity model is made, from the data to the folder of the pipeline."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import torch

from streams.models.pieces import WordPieces
from streams.models.training.corpora import raw_document, read_conll, read_headlines, read_newsmtsc
from streams.models.training.encoder import E5, Encoder
from streams.models.training.export import blank_pipeline, write_model, write_pipeline
from streams.models.training.train_entities import Recipe, Tagger, train
from streams.models.training.vocabulary import build_tokenizer, cut_vocabulary


def dutch_vocabulary(e5: E5, data: Path) -> list[int]:
    """The pieces that all models keep: of the training texts, and of the names in the English news."""
    texts = [raw_document(document)[0] for document in read_conll(data / "ner/ned.train")]
    for name in ("headlines.train.csv", "headlines.unlabelled.csv"):
        texts += [headline.text for headline in read_headlines(data / "sentiment" / name)]
    english = [sentence.text for sentence in read_newsmtsc(data / "sentiment/newsmtsc/train.jsonl")]
    return cut_vocabulary(e5, texts, names_from=english)


def build(e5: E5, ids: list[int], data: Path, out: Path, version: str) -> None:
    """Train on `ned.train`, printing F1 on `ned.testa` by epoch, and write the pipeline into `out`."""
    documents, dev = read_conll(data / "ner/ned.train"), read_conll(data / "ner/ned.testa")
    tokenizer, nlp, recipe = build_tokenizer(e5, ids), blank_pipeline(), Recipe()
    with TemporaryDirectory() as scratch:
        tokenizer.save(str(Path(scratch) / "tokenizer.json"))
        words = WordPieces(Path(scratch) / "tokenizer.json")
        torch.manual_seed(recipe.seed)
        model = train(Tagger(Encoder(e5, ids)), documents, dev, nlp, words, recipe)
        name = "streams_entities_accurate"
        write_model(model, tokenizer, Path(scratch) / "network", name=f"nl_{name}", version=version)
        write_pipeline(Path(scratch) / "network", out / "entities-accurate", name, version)
