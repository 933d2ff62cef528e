"""How the sentiment models are made, from the data to calibrated probabilities."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import add
from pathlib import Path
from random import Random

import numpy as np
import torch
from tokenizers import Tokenizer

from streams.models.training.batching import update
from streams.models.training.corpora import Judged, Sets
from streams.models.training.encoder import E5, Encoder, narrowed
from streams.models.training.export import write_model
from streams.models.training.lexicon import lexicon
from streams.models.training.train_sentiment import Recipe, SentimentNet, graded, predict, to_rows, train
from streams.models.training.validation import Calibration, Scores, calibration, calibration_error, fold
from streams.models.training.vocabulary import build_tokenizer, cut_vocabulary

OWN = 2  # how often the package's own sentences are read in an epoch
KEPT = 12  # one in so many English sentences is read beside the Dutch, so that targets stay known

ENGLISH = Recipe(epochs=1, batch_pieces=700)
DUTCH = Recipe(epochs=3, batch_pieces=300)
SOUP = 3  # models of which the mean is kept
LEXICON = 0.45  # how much a piece's own score counts beside what the encoder makes of it


def english(e5: E5, ids: list[int], sets: Sets) -> SentimentNet:
    """The encoder trained on sentiment towards targets in English news, its vocabulary then cut to `ids`."""
    wide = sorted({*ids, *cut_vocabulary(e5, [text.text for text in sets.newsmtsc])})
    place = {piece: i for i, piece in enumerate(wide)}
    torch.manual_seed(ENGLISH.seed)
    model = train(SentimentNet(Encoder(e5, wide)), to_rows(sets.newsmtsc, build_tokenizer(e5, wide)), ENGLISH)
    model.encoder = narrowed(model.encoder, [place[piece] for piece in ids])
    return model


def dutch(start: SentimentNet, tokenizer: Tokenizer, sets: Sets) -> SentimentNet:
    """The model `start` trained on headlines, general news and targets; `start` stays as it is.

    `SOUP` times, under another seed each: the mean of the weights is better than the models are on average, at no cost
    at run time (model soups, Wortsman et al. 2022). The lexicon errs elsewhere than the encoder, so both together are
    better than either (a wide and a deep part, Cheng et al. 2016).
    """
    again = Random(DUTCH.seed).sample(sets.newsmtsc, len(sets.newsmtsc) // KEPT)
    own = to_rows([*sets.general * OWN, *sets.targets * OWN], tokenizer)
    rows = to_rows(sets.headlines, tokenizer, graded) + own + to_rows(again, tokenizer)
    mean = train(copy.deepcopy(start), rows, DUTCH)
    for number in range(1, SOUP):
        one = train(copy.deepcopy(start), rows, replace(DUTCH, seed=DUTCH.seed + number))
        update(mean, one, number / (number + 1))
    mean.consult(LEXICON * lexicon(rows, mean.encoder.words.num_embeddings))
    return mean


@dataclass(frozen=True)
class HeldOut:
    """What a model of one fold says of the texts that were kept from it."""

    headlines: Scores
    general: Scores
    targets: Scores

    def __add__(self, other: HeldOut) -> HeldOut:
        return HeldOut(self.headlines + other.headlines, self.general + other.general, self.targets + other.targets)

    def calibrations(self) -> tuple[Calibration, Calibration]:
        """For the scores of sentences, and of targets: without a bias, since all classes weigh the same there."""
        return calibration(self.headlines + self.general, biased=True), calibration(self.targets, biased=False)

    def calibrated(self, others: HeldOut) -> HeldOut:
        """As the other folds would have it."""
        sentence, target = others.calibrations()
        return HeldOut(sentence(self.headlines), sentence(self.general), target(self.targets))

    def figures(self) -> dict[str, float]:
        """Accuracy, Krippendorff's alpha and expected calibration error, of calibrated scores."""
        figures = {
            "headlines accuracy": self.headlines.accuracy(),
            "headlines alpha": self.headlines.alpha(),
            "general news accuracy": self.general.accuracy(),
            "targets accuracy": self.targets.accuracy(),
            "calibration error": calibration_error(self.headlines + self.general),
            "calibration error, targets": calibration_error(self.targets),
        }
        return {name: round(figure, 3) for name, figure in figures.items()}


def cross_calibrated(folds: Sequence[HeldOut]) -> list[HeldOut]:
    """Each fold calibrated on the other ones; a single one on itself."""
    others = [[*folds[:i], *folds[i + 1 :]] or folds for i in range(len(folds))]
    return [one.calibrated(reduce(add, rest)) for one, rest in zip(folds, others, strict=True)]


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
    publish(dutch(start, tokenizer, sets), tokenizer, found, out, version)


def publish(model: SentimentNet, tokenizer: Tokenizer, folds: Sequence[HeldOut], out: Path, version: str) -> None:
    """Write the model, calibrated on what the folds held out, into `out`, and print each fold's figures."""
    calibrated = cross_calibrated(folds)
    for number, one in enumerate(calibrated):
        print(f"fold {number}:", one.figures(), flush=True)
    model.calibrate(*reduce(add, folds).calibrations())
    write_model(
        model, tokenizer, out / "sentiment", name="nl_streams_sentiment", version=version,
        cross_validated={"folds": len(folds), **reduce(add, calibrated).figures()},
    )  # fmt: skip
