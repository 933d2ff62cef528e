"""Cross-validation of the sentiment models, and the temperature of their probabilities."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import krippendorff
import numpy as np

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
    value: float = krippendorff.alpha(np.stack([predicted, labels]).astype(float), level_of_measurement="interval")
    return value


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


def temperature(held_out: Scores) -> float:
    """The temperature, on a grid of 0.02, with the lowest log loss on held-out scores."""
    grid = np.arange(0.3, 4.0, 0.02)
    return float(grid[np.argmin([_log_loss(held_out, t) for t in grid])])


def _log_loss(held_out: Scores, t: float) -> float:
    scaled = held_out.scores / t
    scaled -= scaled.max(1, keepdims=True)
    logs = scaled - np.log(np.exp(scaled).sum(1, keepdims=True))
    return float(-logs[np.arange(len(logs)), held_out.labels].mean())


def calibration_error(held_out: Scores, t: float, bins: int = 10) -> float:
    """Expected calibration error of the probability of the predicted class, in `bins` of equal width."""
    scaled = held_out.scores / t
    powers = np.exp(scaled - scaled.max(1, keepdims=True))
    probabilities = powers / powers.sum(1, keepdims=True)
    sure, right = probabilities.max(1), probabilities.argmax(1) == held_out.labels
    at = np.minimum((sure * bins).astype(int), bins - 1)
    return float(sum(abs(sure[at == i].sum() - right[at == i].sum()) for i in range(bins)) / len(sure))
