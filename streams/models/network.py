"""A network on disk: its ONNX file, its tokenizer, and who it is."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from streams.models.pieces import PADDING, WordPieces
from streams.models.provenance import ModelInfo, digest

NETWORK: Final = "network.onnx"
TOKENIZER: Final = "tokenizer.json"
IDENTITY: Final = "model.json"
FILES: Final = (NETWORK, TOKENIZER, IDENTITY)

MAX_BATCH_PIECES: Final = 256
"""Padded pieces in one run of a network: short rows are faster together, long ones alone."""


class Network:
    """A loaded network. The scales of int8 are taken over a whole run, so a run holds one article only."""

    def __init__(self, folder: Path, threads: int = 1) -> None:
        """Load from `folder`. Raises FileNotFoundError where one of `FILES` is missing."""
        for name in FILES:
            if not (folder / name).is_file():
                raise FileNotFoundError(f"{folder} holds no {name}: not a bundled model")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        self.folder = folder
        self.identity: dict[str, Any] = json.loads((folder / IDENTITY).read_text("utf-8"))
        weights = digest(folder / name for name in FILES)
        self.info = ModelInfo(self.identity["name"], self.identity["version"], weights)
        self.words = WordPieces(folder / TOKENIZER)
        self._session = onnxruntime.InferenceSession(str(folder / NETWORK), options, providers=["CPUExecutionProvider"])

    def save(self, folder: Path) -> None:
        """Copy the files into `folder`, which is made."""
        folder.mkdir(parents=True, exist_ok=True)
        for name in FILES:
            shutil.copyfile(self.folder / name, folder / name)

    def run(self, rows: Sequence[Sequence[int]]) -> list[NDArray[np.float32]]:
        """The output for each row of piece ids, cut to the row's length; rows of like length run together."""
        outputs: list[NDArray[np.float32]] = [np.empty(0, np.float32)] * len(rows)
        for batch in batches([len(row) for row in rows]):
            ids = np.full((len(batch), len(rows[batch[0]])), PADDING, dtype=np.int64)
            for at, i in enumerate(batch):
                ids[at, : len(rows[i])] = rows[i]
            (scores,) = self._session.run(None, {"ids": ids, "mask": (ids != PADDING).astype(np.int64)})
            for at, i in enumerate(batch):
                outputs[i] = scores[at, : len(rows[i])]
        return outputs


def batches(lengths: Sequence[int]) -> list[list[int]]:
    """Indices in batches, longest first, each batch at most `MAX_BATCH_PIECES` with its padding."""
    found: list[list[int]] = []
    for i in sorted(range(len(lengths)), key=lambda i: -lengths[i]):
        if found and (len(found[-1]) + 1) * lengths[found[-1][0]] <= MAX_BATCH_PIECES:
            found[-1].append(i)
        else:
            found.append([i])
    return found
