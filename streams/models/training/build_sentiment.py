"""How the sentiment models are made, from the data to the temperature of their probabilities."""

from __future__ import annotations

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
from streams.models.training.train_sentiment import Recipe, SentimentNet, predict, to_rows, train
from streams.models.training.validation import Scores, calibration_error, fold, temperature
from streams.models.training.vocabulary import build_tokenizer, cut_vocabulary

OWN = 2  # how often the package's own sentences are read in an epoch
OWN_TARGETS = 4  # how often those with targets are, in the second phase

FIRST = Recipe(epochs=3, rate=6e-5)
SECOND = Recipe(epochs=1, rate=4e-5, seed=2)


def train_on(e5: E5, ids: list[int], sets: Sets) -> SentimentNet:
    """The encoder trained on headlines, general news and targets; on English news with targets in between.

    In the first phase the vocabulary holds the English of NewsMTSC beside `ids`, and half of it is read; Dutch is
    segmented with `ids` alone, as at run time. Then the vocabulary is cut to `ids`, and one more epoch reads the
    other half, and the Dutch targets more often.
    """
    tokenizer = build_tokenizer(e5, ids)
    wide = sorted({*ids, *cut_vocabulary(e5, [text.text for text in sets.newsmtsc])})
    place = {piece: i for i, piece in enumerate(wide)}
    narrow = [place[piece] for piece in ids]
    dutch = to_rows([*sets.headlines, *sets.general * OWN, *sets.targets * OWN], tokenizer)
    for row in dutch:
        row.ids = [narrow[i] for i in row.ids]
    half = set(Random(FIRST.seed).sample(range(len(sets.newsmtsc)), len(sets.newsmtsc) // 2))
    first = to_rows([text for i, text in enumerate(sets.newsmtsc) if i in half], build_tokenizer(e5, wide))
    torch.manual_seed(FIRST.seed)
    model = SentimentNet(Encoder(e5, wide))
    train(model, [dutch + first, *[dutch] * (FIRST.epochs - 1)], FIRST)
    model.encoder = narrowed(model.encoder, narrow)
    again = to_rows([*sets.headlines, *sets.general, *sets.targets * OWN_TARGETS], tokenizer)
    again += to_rows([text for i, text in enumerate(sets.newsmtsc) if i not in half], tokenizer)
    return train(model, [again], SECOND)


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
    found = []
    for number in range(folds):
        kept, *parts = fold(sets, number)
        found.append(held_out(train_on(e5, ids, kept), tokenizer, parts))
        print(f"fold {number}:", found[-1].figures(), flush=True)
    together = reduce(add, found)
    write_model(
        train_on(e5, ids, sets), tokenizer, out / "sentiment", name="nl_streams_sentiment", version=version,
        temperatures=together.temperatures(), cross_validated={"folds": folds, **together.figures()},
    )  # fmt: skip
