"""A trained network back in PyTorch, from the files of run time: to make a smaller one of it, or to go on training."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor

from streams.models.network import NETWORK

EMBEDDINGS = ("encoder.words", "encoder.positions", "lexicon")  # the last in sentiment models alone


def read_weights(folder: Path) -> dict[str, Tensor]:
    """The parameters by name of the network that `write_model` wrote into `folder`, in float32.

    What the exporter leaves unnamed are the matrices of linear layers: each is told by the bias added after it.
    """
    graph = onnx.load(folder / NETWORK).graph
    arrays = {tensor.name: np.array(numpy_helper.to_array(tensor)) for tensor in graph.initializer}
    makers = {output: node for node in graph.node for output in node.output}
    state = {name: array for name, array in arrays.items() if name.endswith((".weight", ".bias"))}
    for name in EMBEDDINGS:
        if f"{name}.weight_quantized" in arrays:
            state[f"{name}.weight"] = _floats(arrays, f"{name}.weight")
    for node in graph.node:
        bias = next((name for name in node.input if name.endswith(".bias") and name in arrays), None)
        maker = node
        while bias and maker.op_type in ("Add", "Mul", "Cast"):
            # A norm's bias follows a product with its weight, a linear layer's the product of integers.
            step = next((makers[name] for name in maker.input if name in makers), None)
            if step is None or any(name.endswith(".weight") for name in step.input):
                break
            maker = step
        if bias and maker.op_type == "MatMulInteger":
            matrix = maker.input[1].removesuffix("_quantized")
            state[bias.removesuffix("bias") + "weight"] = _floats(arrays, matrix).T
    return {name: torch.from_numpy(np.ascontiguousarray(array)) for name, array in state.items()}


def _floats(arrays: dict[str, np.ndarray], name: str) -> np.ndarray:
    """Eight-bit values less their zero point, times their scale: one for each column, or for all."""
    values, zero = arrays[f"{name}_quantized"], arrays[f"{name}_zero_point"]
    return np.asarray((values.astype(np.float32) - zero) * arrays[f"{name}_scale"], dtype=np.float32)
