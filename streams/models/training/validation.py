"""Cross-validation of the sentiment models, and what makes calibrated probabilities of their scores."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import krippendorff
import numpy as np
import torch
from torch import nn

from streams.models.training.corpora import Judged, Sets

FOLDS = 5
NEIGHBOURS = 10  # own sentences are written in contrasting groups: so many in a row stay in one fold


@dataclass(frozen=True)
class Scores:
    """Scores (rows, 3) of texts or targets that were held out, and their classes."""

    scores: np.ndarray
    labels: np.ndarray

    def __add__(self, other: Scores) -> Scores:
        return Scores(np.concatenate([self.scores, other.scores]), np.concatenate([self.labels, other.labels]))

    def accuracy(self) -> float:
        return float((self.scores.argmax(1) == self.labels).mean())

    def alpha(self) -> float:
        """Krippendorff's alpha (interval level) of the predicted and the given classes."""
        return alpha(self.scores.argmax(1), self.labels)


def alpha(predicted: np.ndarray, labels: np.ndarray) -> float:
    """Krippendorff's alpha, interval level, of two codings of the same texts in classes 0, 1, 2."""
    return float(krippendorff.alpha(np.stack([predicted, labels]).astype(float), level_of_measurement="interval"))


def fold_of_headline(text: str) -> int:
    """The fold of a headline; the same words, whatever their case and marks, are in the same fold."""
    words = "".join(c for c in text.lower() if c.isalnum())
    return int(hashlib.md5(words.encode(), usedforsecurity=False).hexdigest(), 16) % FOLDS


def split(texts: Sequence[Judged], held_out: Callable[[int, Judged], bool]) -> tuple[list[Judged], list[Judged]]:
    """(kept, held out)."""
    chosen = [held_out(i, text) for i, text in enumerate(texts)]
    kept = [text for text, out in zip(texts, chosen, strict=True) if not out]
    return kept, [text for text, out in zip(texts, chosen, strict=True) if out]


def fold(sets: Sets, number: int) -> tuple[Sets, list[Judged], list[Judged], list[Judged]]:
    """The sets without fold `number`, and what was left out of headlines, general sentences and targets."""
    headlines, out = split(sets.headlines, lambda _, text: fold_of_headline(text.text) == number)
    general, own = split(sets.general, lambda i, _: i // NEIGHBOURS % FOLDS == number)
    targets, towards = split(sets.targets, lambda i, _: i // NEIGHBOURS % FOLDS == number)
    return replace(sets, headlines=headlines, general=general, targets=targets), out, own, towards


@dataclass(frozen=True)
class Calibration:
    """Scores are divided by a temperature, and each class may have a bias (3,): bias-corrected temperature scaling
    (Alexandari, Kundaje and Shrikumar 2020)."""

    temperature: float
    bias: np.ndarray

    def __call__(self, raw: Scores) -> Scores:
        return Scores(raw.scores / self.temperature + self.bias, raw.labels)


def calibration(held_out: Scores, biased: bool) -> Calibration:
    """The one with the lowest log loss on held-out scores; the bias of the middle class is 0."""
    scores, labels = torch.from_numpy(held_out.scores).double(), torch.from_numpy(held_out.labels)
    sharpness, bias = (torch.tensor(start, dtype=torch.double, requires_grad=True) for start in (1.0, [0.0] * 3))
    optimizer = torch.optim.LBFGS([sharpness, bias][: 1 + biased], max_iter=100, line_search_fn="strong_wolfe")

    def loss() -> float:
        optimizer.zero_grad()
        value = nn.functional.cross_entropy(scores * sharpness + bias, labels)
        value.backward()
        return float(value.item())

    optimizer.step(loss)
    found = bias.detach().numpy()
    return Calibration(1 / sharpness.item(), found - found[1])


def probabilities(scores: np.ndarray) -> np.ndarray:
    """The probabilities (rows, classes) of scores (rows, classes)."""
    powers = np.exp(scores - scores.max(1, keepdims=True))
    return np.asarray(powers / powers.sum(1, keepdims=True))


def calibration_error(calibrated: Scores, bins: int = 10) -> float:
    """Expected calibration error of the probability of the predicted class, in `bins` of equal width."""
    sure, right = probabilities(calibrated.scores).max(1), calibrated.scores.argmax(1) == calibrated.labels
    at = np.minimum((sure * bins).astype(int), bins - 1)
    return float(sum(abs(sure[at == i].sum() - right[at == i].sum()) for i in range(bins)) / len(sure))
