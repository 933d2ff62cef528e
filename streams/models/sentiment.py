"""Sentiment of sentences, and towards targets in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding

from streams.models.network import Network
from streams.models.pieces import END, MAX_SEGMENT_PIECES, START
from streams.models.provenance import ModelInfo

Floats = NDArray[np.float32]


class Probabilities(NamedTuple):
    """Calibrated probabilities of the three classes; they add up to 1."""

    negative: float
    neutral: float
    positive: float

    @property
    def label(self) -> str:
        """The most probable class: `negative`, `neutral` or `positive`."""
        return max(self._fields, key=lambda name: float(getattr(self, name)))

    @property
    def score(self) -> float:
        """Positive less negative, in -1..1."""
        return self.positive - self.negative


@dataclass(frozen=True)
class SentenceSentiment:
    """The sentiment of a sentence, and towards each of its targets, in the order they were given."""

    probabilities: Probabilities
    targets: tuple[Probabilities, ...]


class SentimentModel:
    """Judges sentences by one pass of an encoder, which serves the sentence and all its targets.

    The network gives six scores for each piece: three of them, averaged over the sentence, are the
    sentence's; the other three, averaged over the pieces of a target, are the target's. They are the
    logarithms of calibrated probabilities (training/validation.py), but for a constant.
    """

    def __init__(self, folder: Path, threads: int = 1) -> None:
        """Load from `folder`. Raises FileNotFoundError where a file of the model is missing."""
        self._network = Network(folder, threads)

    @property
    def info(self) -> ModelInfo:
        """Name, version and digest of the weights."""
        return self._network.info

    def score(
        self, sentences: Sequence[str], targets: Sequence[Sequence[tuple[int, int]]] = ()
    ) -> list[SentenceSentiment]:
        """The sentiment of the sentences of **one article**, to be given together.

        `targets` holds for each sentence the spans (start, end; characters of the sentence) to judge the
        sentiment towards; left out, none. Raises ValueError where there are not as many as sentences.
        """
        if not sentences:
            return []
        wanted = list(targets) or [()] * len(sentences)
        if len(wanted) != len(sentences):
            raise ValueError(f"{len(sentences)} sentences, but targets for {len(wanted)}")
        # The space in front is that of the first word; it shifts the offsets by one.
        encodings = self._network.words.tokenizer.encode_batch([f" {text}" for text in sentences])
        rows = [[START, *encoding.ids[:MAX_SEGMENT_PIECES], END] for encoding in encodings]
        return [
            SentenceSentiment(
                whole := _probabilities(scores[:, :3].mean(axis=0)),
                _towards(scores, target_pieces(encoding, *spans), whole) if spans else (),
            )
            for scores, encoding, spans in zip(self._network.run(rows), encodings, wanted, strict=True)
        ]


def _towards(scores: Floats, pieces: Sequence[Sequence[int]], whole: Probabilities) -> tuple[Probabilities, ...]:
    """Towards each target; the sentence's tone where the vocabulary knows nothing of it, or it is past what is read."""
    return tuple(
        _probabilities(scores[[i + 1 for i in indices], 3:].mean(axis=0)) if indices else whole for indices in pieces
    )


def target_pieces(encoding: Encoding, *spans: tuple[int, int]) -> list[list[int]]:
    """For each of the spans of the sentence, encoded with a space in front: the indices of those pieces that are read
    and share a character with it."""
    offsets = encoding.offsets[:MAX_SEGMENT_PIECES]
    return [[i for i, (a, b) in enumerate(offsets) if a < end + 1 and b > start + 1] for start, end in spans]


def _probabilities(scores: Floats) -> Probabilities:
    powers = np.exp(scores - scores.max())
    negative, neutral, positive = (powers / powers.sum()).tolist()
    return Probabilities(negative, neutral, positive)
