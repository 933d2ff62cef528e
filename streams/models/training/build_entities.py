"""How the entity models are made, from the data to the folder of the pipeline."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import torch

from streams.models.pieces import WordPieces
from streams.models.training.corpora import raw_document, read_conll, read_headlines, read_newsmtsc
from streams.models.training.encoder import E5, Encoder, narrowed
from streams.models.training.export import blank_pipeline, write_model, write_pipeline
from streams.models.training.train_entities import Recipe, Tagger, train
from streams.models.training.vocabulary import build_tokenizer, cut_vocabulary

ACCURATE = Recipe()
FAST = Recipe(rate=2e-4)
FAST_LAYERS = [0, 3, 7, 11]  # of the accurate model, which teaches them


def dutch_vocabulary(e5: E5, data: Path) -> list[int]:
    """The pieces that all models keep: of the training texts, and of the names in the English news."""
    texts = [raw_document(document)[0] for document in read_conll(data / "ner/ned.train")]
    for name in ("headlines.train.csv", "headlines.unlabelled.csv"):
        texts += [headline.text for headline in read_headlines(data / "sentiment" / name)]
    english = [sentence.text for sentence in read_newsmtsc(data / "sentiment/newsmtsc/train.jsonl")]
    return cut_vocabulary(e5, texts, names_from=english)


def build(e5: E5, ids: list[int], data: Path, out: Path, version: str) -> None:
    """Train both tiers on `ned.train`, printing F1 on `ned.testa`, and write their pipelines into `out`."""
    documents, dev = read_conll(data / "ner/ned.train"), read_conll(data / "ner/ned.testa")
    tokenizer, nlp = build_tokenizer(e5, ids), blank_pipeline()
    with TemporaryDirectory() as scratch:
        tokenizer.save(str(Path(scratch) / "tokenizer.json"))
        words = WordPieces(Path(scratch) / "tokenizer.json")
        torch.manual_seed(ACCURATE.seed)
        accurate = train(Tagger(Encoder(e5, ids)), documents, dev, nlp, words, ACCURATE)
        fast = train(student(accurate, FAST_LAYERS), documents, dev, nlp, words, FAST, teacher=accurate)
        for tier, model in (("accurate", accurate), ("fast", fast)):
            name = f"streams_entities_{tier}"
            write_model(model, tokenizer, Path(scratch) / tier, name=f"nl_{name}", version=version)
            write_pipeline(Path(scratch) / tier, out / f"entities-{tier}", name, version)


def student(teacher: Tagger, keep: list[int]) -> Tagger:
    """A tagger of the teacher's layers `keep`, to be trained with it."""
    words = teacher.encoder.words.num_embeddings
    tagger = Tagger(narrowed(teacher.encoder, list(range(words)), keep))
    tagger.head.load_state_dict(teacher.head.state_dict())
    return tagger
