"""One type for all mentions of a name in an article.

A name is hardly ever a person here and a place there within one article, but a bare surname in a title is easily
taken for a place. So each mention gets the type that all mentions of its name, taken together, are most probably
of; a surname is told by the full names that end in it as well. On the development set this is worth a point of F1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from streams.models.labels import ENTITY_TYPES


@dataclass(frozen=True)
class Mention:
    """A name in the text: its tokens (first, last + 1), its words, and how probable each type is by itself."""

    start: int
    end: int
    name: str
    types: NDArray[np.float32]


def type_probabilities(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """The probability of each type for a name, from the scores (tokens, tags) of its tokens, given it is a name."""
    begin, inside = scores[:1, 1::2], scores[1:, 2::2]
    shifted = np.concatenate([begin - _log_sum(scores[:1]), inside - _log_sum(scores[1:])])
    together = shifted.mean(axis=0)
    powers = np.exp(together - together.max())
    return np.asarray(powers / powers.sum(), dtype=np.float32)


def _log_sum(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    top = scores.max(axis=1, keepdims=True)
    return np.asarray(top + np.log(np.exp(scores - top).sum(axis=1, keepdims=True)))


def agreed_types(mentions: Sequence[Mention]) -> list[str]:
    """The type of each mention, in order."""
    votes: dict[str, NDArray[np.float32]] = {}
    for mention in mentions:
        votes[mention.name] = votes.get(mention.name, 0) + mention.types
    decided: dict[str, NDArray[np.float32]] = {name: own.copy() for name, own in votes.items()}
    for name, own in votes.items():
        words = name.split(" ")
        for first in range(1, len(words)):
            ending = " ".join(words[first:])
            if ending in decided:
                decided[ending] += own
    return [ENTITY_TYPES[int(decided[mention.name].argmax())] for mention in mentions]
