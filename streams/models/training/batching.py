"""What the training of both models shares."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn


def pad(rows: Sequence[Sequence[int]], value: int) -> Tensor:
    """Rows of ids as one (rows, longest) tensor, filled up with `value`."""
    return nn.utils.rnn.pad_sequence([torch.tensor(row) for row in rows], batch_first=True, padding_value=value)


def schedule(optimizer: torch.optim.Optimizer, steps: int, warm_up: float) -> torch.optim.lr_scheduler.LambdaLR:
    """Linear warm-up over the share `warm_up` of the steps, then linear decay to zero."""
    first = max(1, int(steps * warm_up))
    return torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / first, max(0.0, (steps - step) / (steps - first)))
    )


def update(average: nn.Module, model: nn.Module, decay: float) -> None:
    """Move the running average of the weights towards those of the model."""
    with torch.no_grad():
        for mean, weight in zip(average.parameters(), model.parameters(), strict=True):
            if weight.requires_grad:
                mean.lerp_(weight, 1 - decay)
