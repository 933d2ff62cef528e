"""From a trained PyTorch model to the files of run time: ONNX in int8, tokenizer, identity."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import onnx
import spacy
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from spacy.language import Language
from tokenizers import Tokenizer
from torch import Tensor, nn

from streams.models.network import IDENTITY, NETWORK, TOKENIZER
from streams.models.training.encoder import Layer


class PlainNorm(nn.Module):
    """Layer normalisation in elementary operations, which onnxruntime runs several times as fast on a processor
    as its own kernel. The variance is written as it is so that the optimiser does not fuse them back."""

    def __init__(self, norm: nn.LayerNorm) -> None:
        super().__init__()
        self.weight, self.bias, self.eps = norm.weight, norm.bias, norm.eps

    def forward(self, x: Tensor) -> Tensor:
        mean = x.mean(-1, keepdim=True)
        variance = (x * x).mean(-1, keepdim=True) - mean * mean
        scale = (variance + self.eps).reciprocal().sqrt()
        return (x - mean) * scale * self.weight + self.bias


class RowScaled(nn.Module):
    """A linear layer whose input is divided by its largest value, for each piece by itself, and the output multiplied.

    In int8 all pieces of a run share one scale, and around the middle of the encoder's layers the marks of start and
    end hold values ten times those of words: as fine as for them is too coarse for words. Sentiment probabilities
    come four times as near to those of the floating-point network (root mean square .012 off in place of .057), and
    one headline in a hundred changes its class. The attention's layers gain nothing by it.
    """

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        self.weight, self.bias = nn.Parameter(linear.weight.detach().T.contiguous()), linear.bias

    def forward(self, x: Tensor) -> Tensor:
        largest = x.abs().amax(-1, keepdim=True).clamp(min=1e-3)
        return (x * largest.reciprocal()) @ self.weight * largest + self.bias


def for_run_time(model: nn.Module) -> nn.Module:
    """A copy of the model as it is exported: plain norms; the second half of a layer, `fi` and `fo`, scaled by row."""
    model = copy.deepcopy(model)
    for module in list(model.modules()):
        for name, child in module.named_children():
            if isinstance(child, nn.LayerNorm):
                setattr(module, name, PlainNorm(child))
            elif isinstance(module, Layer) and name in ("fi", "fo"):
                setattr(module, name, RowScaled(child))
    return model


def export_onnx(model: nn.Module, path: Path) -> None:
    """Write a model of (ids, mask) in float32; both (batch, length), both dimensions free."""
    model = for_run_time(model).eval()
    example = torch.randint(5, 100, (3, 17))
    batch, length = torch.export.Dim("batch"), torch.export.Dim("length", max=510)
    program = torch.onnx.export(
        model, (example, torch.ones_like(example)), dynamo=True, input_names=["ids", "mask"],
        output_names=["scores"], dynamic_shapes=({0: batch, 1: length}, {0: batch, 1: length}), verbose=False,
    )  # fmt: skip
    assert program is not None
    program.save(str(path))


def quantise(source: Path, target: Path) -> None:
    """Weights in int8 with a scale per output channel; activations are scaled as they come, per run."""
    with TemporaryDirectory() as folder:
        prepared = Path(folder) / "prepared.onnx"
        quant_pre_process(str(source), str(prepared), skip_symbolic_shape=True)
        quantize_dynamic(str(prepared), str(target), per_channel=True, weight_type=QuantType.QInt8)
    model = onnx.load(target)
    del model.metadata_props[:]
    for node in model.graph.node:  # the exporter's stack traces: nobody's business, and a third of the graph
        del node.metadata_props[:]
    onnx.save(model, target)


def write_model(model: nn.Module, tokenizer: Tokenizer, folder: Path, **identity: Any) -> None:
    """The folder of a bundled network; `identity` gives at least `name` and `version`."""
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as scratch:
        export_onnx(model, Path(scratch) / NETWORK)
        quantise(Path(scratch) / NETWORK, folder / NETWORK)
    tokenizer.save(str(folder / TOKENIZER), pretty=False)
    (folder / IDENTITY).write_text(json.dumps(identity, indent=2) + "\n", "utf-8")


def blank_pipeline(language: str = "nl") -> Language:
    """The tokenisation and the sentences that training and run time share: a blank line ends a sentence too."""
    nlp = spacy.blank(language)
    nlp.add_pipe("sentencizer", config={"punct_chars": [".", "!", "?", "…", "\n", "\n\n"]})
    return nlp


def write_pipeline(weights: Path, folder: Path, name: str, version: str) -> None:
    """The spaCy pipeline that holds the network in `weights`, loadable with `spacy.load(folder)`."""
    nlp = blank_pipeline()
    nlp.add_pipe("streams_entities").from_disk(weights)  # type: ignore[attr-defined]
    nlp.meta.update(
        name=name,
        version=version,
        description="Entities in Dutch news: PER, ORG, LOC, MISC",
        license="MIT code; see README for the data",
    )
    folder.mkdir(parents=True, exist_ok=True)
    nlp.to_disk(folder)
