"""Fine-tuning the encoder to judge sentences, and the targets in them, with one pass over each.

Dutch headlines, general news and targets, and English news with targets (NewsMTSC).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from streams.models.pieces import END, PADDING, START
from streams.models.sentiment import target_pieces
from streams.models.training.batching import pad, schedule
from streams.models.training.corpora import Judged
from streams.models.training.encoder import Encoder
from streams.models.training.validation import Calibration

MAX_PIECES = 126
CLASSES = 3


@dataclass(frozen=True)
class Recipe:
    """Settings of one phase of training."""

    epochs: int = 3
    rate: float = 6e-5
    batch_pieces: int = 700
    warm_up: float = 0.1
    seed: int = 1


@dataclass
class Row:
    """A text as pieces, the probabilities to learn for it, and for each target its pieces and probabilities."""

    ids: list[int]
    wanted: np.ndarray | None
    targets: list[tuple[list[int], np.ndarray]]


class SentimentNet(nn.Module):
    """Piece ids and mask (batch, length) to scores (batch, length, 6): three for the text, three for targets.

    Those for the text may have a part that comes of the piece alone (lexicon.py).
    """

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self.encoder, self.dropout = encoder, nn.Dropout(0.1)
        self.head = nn.Linear(encoder.hidden, 2 * CLASSES)
        self.lexicon: nn.Embedding | None = None

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        scores: Tensor = self.head(self.dropout(self.encoder(ids, mask)))
        return scores if self.lexicon is None else scores + self.lexicon(ids)

    def consult(self, lexicon: Tensor) -> None:
        """Add scores (pieces, 3) of single pieces to those for the text."""
        self.lexicon = nn.Embedding.from_pretrained(nn.functional.pad(lexicon, (0, CLASSES)))

    def calibrate(self, *heads: Calibration) -> None:
        """Put the calibrations of texts and of targets into the head: a mean of its scores is then calibrated too."""
        for i, how in enumerate(heads):
            rows = slice(i * CLASSES, (i + 1) * CLASSES)
            with torch.no_grad():
                self.head.weight[rows] /= how.temperature
                self.head.bias[rows] = self.head.bias[rows] / how.temperature + torch.from_numpy(how.bias)
                if self.lexicon is not None:
                    self.lexicon.weight[:, rows] /= how.temperature


def smoothed(label: int, doubt: float = 0.1) -> np.ndarray:
    """The probabilities (3,) to learn for a label: `doubt` of it is shared by all classes."""
    return np.asarray(np.eye(CLASSES)[label] * (1 - doubt) + doubt / CLASSES, dtype=np.float32)


def graded(label: int, doubt: float = 0.2) -> np.ndarray:
    """The same, but `doubt` is of the classes next to it, so that an error is by one class rather than by two."""
    neighbours = [other for other in range(CLASSES) if abs(other - label) == 1]
    wanted = np.zeros(CLASSES, np.float32)
    wanted[label], wanted[neighbours] = 1 - doubt, doubt / len(neighbours)
    return wanted


def to_rows(
    texts: Sequence[Judged], tokenizer: Tokenizer, wanted_for: Callable[[int], np.ndarray] = smoothed
) -> list[Row]:
    """Texts as pieces, the way run time makes them. Targets of a rarer class weigh more, so that all classes
    weigh the same: among names in the news most are neutral, and a head that learned so says little else."""
    counts = np.bincount([label for text in texts for *_, label in text.targets], minlength=CLASSES)
    weights = counts.sum() / (CLASSES * np.maximum(counts, 1))
    rows = []
    for text, encoding in zip(texts, tokenizer.encode_batch([f" {t.text}" for t in texts]), strict=True):
        places = target_pieces(encoding, *((start, end) for start, end, _ in text.targets))
        found = [(pieces, label) for pieces, (_, _, label) in zip(places, text.targets, strict=True)]
        targets = [
            ([i + 1 for i in pieces if i < MAX_PIECES], np.float32(weights[label]) * smoothed(label))
            for pieces, label in found
        ]
        wanted = None if text.label is None else wanted_for(text.label)
        rows.append(Row([START, *encoding.ids[:MAX_PIECES], END], wanted, [t for t in targets if t[0]]))
    return rows


def batches(rows: Sequence[Row], size: int, random: Random) -> Iterator[list[Row]]:
    """Rows in random order, in batches of `size` pieces with padding; like lengths within every 200 rows.

    Rows with nothing to learn from (their targets are past the end of what is read) are left out.
    """
    useful = [row for row in rows if row.wanted is not None or row.targets]
    shuffled = random.sample(useful, len(useful))
    found: list[list[Row]] = []
    for start in range(0, len(shuffled), 200):
        batch: list[Row] = []
        for row in sorted(shuffled[start : start + 200], key=lambda row: len(row.ids)):
            if batch and (len(batch) + 1) * len(row.ids) > size:
                found.append(batch)
                batch = []
            batch.append(row)
        found.append(batch)
    random.shuffle(found)
    return iter(found)


def pooled(model: SentimentNet, batch: Sequence[Row]) -> tuple[Tensor, Tensor]:
    """The scores of each text (texts, 3), and of each target of each text in order (targets, 3)."""
    ids = pad([row.ids for row in batch], PADDING)
    mask = (ids != PADDING).long()
    with torch.autocast("cpu", torch.bfloat16):
        scores = model(ids, mask).float()
    texts = (scores[..., :CLASSES] * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
    spans = [scores[i, pieces, CLASSES:].mean(0) for i, row in enumerate(batch) for pieces, _ in row.targets]
    return texts, torch.stack(spans) if spans else scores.new_zeros(0, CLASSES)


def loss_of(model: SentimentNet, batch: Sequence[Row]) -> Tensor:
    """Cross-entropy, summed over texts and targets, divided by the number of texts."""
    texts, spans = pooled(model, batch)
    total = texts.new_zeros(())
    judged = [(i, row.wanted) for i, row in enumerate(batch) if row.wanted is not None]
    if judged:
        wanted = torch.from_numpy(np.stack([probabilities for _, probabilities in judged]))
        total = total + nn.functional.cross_entropy(texts[[i for i, _ in judged]], wanted, reduction="sum")
    if len(spans):
        wanted = torch.from_numpy(np.stack([probabilities for row in batch for _, probabilities in row.targets]))
        total = total + nn.functional.cross_entropy(spans, wanted, reduction="sum")
    return total / len(batch)


def train(model: SentimentNet, rows: Sequence[Row], recipe: Recipe) -> SentimentNet:
    """Train on the rows, laid out anew each epoch; the model itself is returned."""
    torch.manual_seed(recipe.seed)
    random = Random(recipe.seed)
    laid_out = [list(batches(rows, recipe.batch_pieces, random)) for _ in range(recipe.epochs)]
    optimizer = torch.optim.AdamW(model.parameters(), lr=recipe.rate, weight_decay=0.01, fused=True)
    scheduler = schedule(optimizer, sum(map(len, laid_out)), recipe.warm_up)
    for number, epoch in enumerate(laid_out, 1):
        model.train()
        losses = []
        for batch in epoch:
            loss = loss_of(model, batch)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
            scheduler.step()
            losses.append(loss.item())
        print(f"  epoch {number} of {len(laid_out)}: loss {np.mean(losses):.4f}", flush=True)
    model.eval()
    return model


def predict(model: SentimentNet, rows: Sequence[Row]) -> tuple[np.ndarray, np.ndarray]:
    """Scores of all texts (texts, 3) and of all targets (targets, 3), in order."""
    model.eval()
    with torch.no_grad():
        found = [pooled(model, rows[start : start + 32]) for start in range(0, len(rows), 32)]
    return torch.cat([texts for texts, _ in found]).numpy(), torch.cat([spans for _, spans in found]).numpy()
