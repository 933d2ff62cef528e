"""A sentiment lexicon that is learned: what each piece of a word says by itself, whatever stands around it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn

from streams.models.training.train_sentiment import CLASSES, Row

STRENGTH = 30.0  # how much the texts count beside the wish for small scores (scikit-learn's C)


def lexicon(rows: Sequence[Row], pieces: int) -> Tensor:
    """Scores (pieces, 3): their mean over a text is what logistic regression on the judged rows says of it."""
    judged = [row for row in rows if row.wanted is not None]
    ids = torch.tensor([piece for row in judged for piece in row.ids])
    starts = torch.tensor(np.cumsum([0] + [len(row.ids) for row in judged[:-1]]))
    wanted = torch.from_numpy(np.stack([row.wanted for row in judged if row.wanted is not None]))
    bag = nn.EmbeddingBag.from_pretrained(torch.zeros(pieces, CLASSES), freeze=False, mode="mean")
    optimizer = torch.optim.LBFGS(bag.parameters(), max_iter=200, line_search_fn="strong_wolfe")

    def loss() -> float:
        optimizer.zero_grad()
        value = nn.functional.cross_entropy(bag(ids, starts), wanted, reduction="sum")
        value = value + bag.weight.square().sum() / (2 * STRENGTH)
        value.backward()
        return float(value.item())

    optimizer.step(loss)
    return bag.weight.detach()
