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
from streams.models.training.train_sentiment import Recipe, SentimentNet, predict, taught, to_rows, train
from streams.models.training.validation import Scores, calibration_error, fold, temperature
from streams.models.training.vocabulary import build_tokenizer, cut_vocabulary

LAYERS = 6  # the first ones of the encoder
FAST_LAYERS = [0, 2, 4]  # of those
OWN = 2  # how often the package's own sentences are read in an epoch of Dutch
OWN_TARGETS = 3
ENGLISH_SHARE = 4  # one English text in so many stays in while Dutch is learned

ENGLISH = Recipe(epochs=2, rate=1e-4)
DUTCH = Recipe(epochs=3, rate=8e-5)
STUDENT = Recipe(epochs=4, rate=2e-4)


def english(e5: E5, sets: Sets, ids: list[int]) -> SentimentNet:
    """The encoder trained on NewsMTSC with a vocabulary that holds its English; then cut to `ids`."""
    wide = sorted({*ids, *cut_vocabulary(e5, [text.text for text in sets.newsmtsc])})
    torch.manual_seed(ENGLISH.seed)
    model = SentimentNet(Encoder(e5, wide, list(range(LAYERS))))
    train(model, [to_rows(sets.newsmtsc, build_tokenizer(e5, wide))] * ENGLISH.epochs, ENGLISH)
    model.encoder = narrowed(model.encoder, [wide.index(i) for i in ids])
    return model


def dutch(start: SentimentNet, sets: Sets, tokenizer: Tokenizer) -> SentimentNet:
    """The English model trained on headlines, general news and targets, and a share of the English."""
    steady = to_rows([*sets.headlines, *sets.general * OWN, *sets.targets * OWN_TARGETS], tokenizer)
    foreign = to_rows(sets.newsmtsc, tokenizer)
    return train(copy.deepcopy(start), [steady + foreign[i::ENGLISH_SHARE] for i in range(DUTCH.epochs)], DUTCH)


def student(teacher: SentimentNet, sets: Sets, tokenizer: Tokenizer) -> SentimentNet:
    """Some layers of the teacher, trained on its probabilities for the same texts and for unlabelled ones."""
    model = SentimentNet(narrowed(teacher.encoder, list(range(tokenizer.get_vocab_size())), FAST_LAYERS))
    model.head.load_state_dict(teacher.head.state_dict())
    own = taught(teacher, to_rows([*sets.general, *sets.targets], tokenizer))
    headlines = taught(teacher, to_rows(sets.headlines, tokenizer))
    others = taught(teacher, to_rows([*sets.unlabelled, *sets.articles], tokenizer))
    others = Random(STUDENT.seed).sample(others, len(others))
    epochs = [own * OWN + headlines + others[i :: STUDENT.epochs] for i in range(STUDENT.epochs)]
    return train(model, epochs, STUDENT)


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

    def report(self, name: str) -> str:
        """Accuracy, alpha and calibration in one line."""
        t = temperature(self.headlines + self.general)
        return (
            f"{name}: headlines accuracy {self.headlines.accuracy():.3f} alpha {self.headlines.alpha():.3f},"
            f" general {self.general.accuracy():.3f}, targets {self.targets.accuracy():.3f},"
            f" calibration error {calibration_error(self.headlines + self.general, t):.3f}"
        )


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
    """Cross-validate over the first `folds` of five, train both tiers on everything, write them into `out`."""
    sets, tokenizer = Sets.read(data), build_tokenizer(e5, ids)
    start = english(e5, sets, ids)
    found: dict[str, list[HeldOut]] = {"accurate": [], "fast": []}
    for number in range(folds):
        kept, *parts = fold(sets, number)
        accurate = dutch(start, kept, tokenizer)
        for tier, model in (("accurate", accurate), ("fast", student(accurate, kept, tokenizer))):
            found[tier].append(held_out(model, tokenizer, parts))
            print(found[tier][-1].report(f"fold {number}, {tier}"), flush=True)
    accurate = dutch(start, sets, tokenizer)
    for tier, model in (("accurate", accurate), ("fast", student(accurate, sets, tokenizer))):
        together = reduce(add, found[tier])
        print(together.report(f"{folds} folds, {tier}"), flush=True)
        write_model(
            model, tokenizer, out / f"sentiment-{tier}", name=f"nl_streams_sentiment_{tier}", version=version,
            temperatures=together.temperatures(),
        )  # fmt: skip
