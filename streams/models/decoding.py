"""From the network's scores per token to entity spans."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from streams.models.labels import TAGS

Floats = NDArray[np.float32]

# May tag j follow tag i? An I- follows only the B- or I- of its own type.
_ALLOWED = np.array([[not b.startswith("I") or a[1:] == b[1:] for b in TAGS] for a in TAGS])
_PENALTY = np.where(_ALLOWED, 0.0, -np.inf).astype(np.float32)
_MAY_START = np.array([not tag.startswith("I") for tag in TAGS])


def best_tags(scores: Floats) -> list[int]:
    """The best sequence of tags for scores (tokens, tags) among those that are well-formed (Viterbi).

    Where the best tag of every token gives a well-formed sequence, that is the answer, and most are.
    """
    if not len(scores):
        return []
    greedy = scores.argmax(axis=1)
    if _MAY_START[greedy[0]] and _ALLOWED[greedy[:-1], greedy[1:]].all():
        return [int(tag) for tag in greedy]
    best = np.where(_MAY_START, scores[0], -np.inf)
    back = []
    for row in scores[1:]:
        paths = best[:, None] + _PENALTY
        back.append(paths.argmax(axis=0))
        best = paths.max(axis=0) + row
    tags = [int(best.argmax())]
    for pointers in reversed(back):
        tags.append(int(pointers[tags[-1]]))
    return tags[::-1]


def spans(tags: Sequence[int]) -> list[tuple[int, int, str]]:
    """(first token, last token + 1, label) of each entity in a well-formed sequence of tags."""
    found: list[tuple[int, int, str]] = []
    for i, tag in enumerate(tags):
        name = TAGS[tag]
        if name.startswith("B"):
            found.append((i, i + 1, name[2:]))
        elif name.startswith("I"):
            found[-1] = (found[-1][0], i + 1, name[2:])
    return found
