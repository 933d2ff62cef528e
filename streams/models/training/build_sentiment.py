"""How the sentiment models are made, from the data to the temperature of their probabilities."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from pathlib import Path
from random import Random

import numpy as np
import torch
from tokenizers import Tokenizer

from streams.models.training.corpora import Judged, Sets
from streams.models.training.encoder import E5, Encoder, narrowed
from streams.models.training.export import write_model
from streams.models.training.train_sentiment import Recipe, SentimentNet, graded, predict, to_rows, train
from streams.models.training.validation import Scores, calibration_error, fold, temperature
from streams.models.training.vocabulary import build_tokenizer, cut_vocabulary

OWN = 2  # how often the package's own sentences are read in an epoch
KEPT = 12  # one in so many English sentences is read beside the Dutch, so that targets stay known

ENGLISH = Recipe(epochs=1, batch_pieces=700)
DUTCH = Recipe(epochs=3, batch_pieces=300)


def english(e5: E5, ids: list[int], sets: Sets) -> SentimentNet:
    """The encoder trained on sentiment towards targets in English news, its vocabulary then cut to `ids`."""
    wide = sorted({*ids, *cut_vocabulary(e5, [text.text for text in sets.newsmtsc])})
    place = {piece: i for i, piece in enumerate(wide)}
    torch.manual_seed(ENGLISH.seed)
    model = train(SentimentNet(Encoder(e5, wide)), to_rows(sets.newsmtsc, build_tokenizer(e5, wide)), ENGLISH)
    model.encoder = narrowed(model.encoder, [place[piece] for piece in ids])
    return model


def dutch(start: SentimentNet, tokenizer: Tokenizer, sets: Sets) -> SentimentNet:
    """The model `start` trained on headlines, general news and targets; `start` stays as it is."""
    again = Random(DUTCH.seed).sample(sets.newsmtsc, len(sets.newsmtsc) // KEPT)
    own = to_rows([*sets.general * OWN, *sets.targets * OWN], tokenizer)
    rows = to_rows(sets.headlines, tokenizer, graded) + own + to_rows(again, tokenizer)
    return train(copy.deepcopy(start), rows, DUTCH)


@dataclass(frozen=True)
class HeldOut:
    """What a model of one fold says of the texts that were kept from it."""

    headlines: Scores
    general: Scores
    targets: Scores

    def __add__(self, other: HeldOut) -> HeldOut:
        return HeldOut(self.headlines + other.headlines, self.general + other.general, self.targets + other.targets)

    def temperatures(self) -> dict[str, float]:
        """For the probabilities of sentences, and of targets."""
        return {
            "sentence": round(temperature(self.headlines + self.general), 3),
            "target": round(temperature(self.targets), 3),
        }

    def figures(self) -> dict[str, float]:
        """Accuracy, Krippendorff's alpha and expected calibration error."""
        figures = {
            "headlines accuracy": self.headlines.accuracy(),
            "headlines alpha": self.headlines.alpha(),
            "general news accuracy": self.general.accuracy(),
            "targets accuracy": self.targets.accuracy(),
            "calibration error": calibration_error(
                self.headlines + self.general, temperature(self.headlines + self.general)
            ),
        }
        return {name: round(figure, 3) for name, figure in figures.items()}


def held_out(model: SentimentNet, tokenizer: Tokenizer, parts: Sequence[Sequence[Judged]]) -> HeldOut:
    """The scores of the model for headlines, general sentences and targets."""
    headlines, general, targets = (to_rows(part, tokenizer) for part in parts)
    towards = [int(wanted.argmax()) for row in targets for _, wanted in row.targets]
    return HeldOut(
        Scores(predict(model, headlines)[0], np.array([text.label for text in parts[0]])),
        Scores(predict(model, general)[0], np.array([text.label for text in parts[1]])),
        Scores(predict(model, targets)[1], np.array(towards)),
    )


def build(e5: E5, ids: list[int], data: Path, out: Path, version: str, folds: int) -> None:
    """Cross-validate over the first `folds` of five, train on everything, and write the model into `out`."""
    sets, tokenizer = Sets.read(data), build_tokenizer(e5, ids)
    start, found = english(e5, ids, sets), []
    for number in range(folds):
        kept, *parts = fold(sets, number)
        found.append(held_out(dutch(start, tokenizer, kept), tokenizer, parts))
        print(f"fold {number}:", found[-1].figures(), flush=True)
    together = reduce(add, found)
    write_model(
        dutch(start, tokenizer, sets), tokenizer, out / "sentiment", name="nl_streams_sentiment", version=version,
        temperatures=together.temperatures(), cross_validated={"folds": folds, **together.figures()},
    )  # fmt: skip
