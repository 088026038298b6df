"""The shipped EfficientNet-Lite0 taken apart: its weights, its maps half way, the same with other weights.

Needs the package onnx, which the extra `keras` brings; what is written runs without it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodlabel.encoders.image.efficientnet_lite0 import EfficientNetLite0
from prodlabel.encoders.sessions import open_session
from prodlabel.encoders.weights import find_weights

_HALF = ".16"
"""Ends the names of the kernels, which are kept in 16 bits."""
_MAPS = "maps"


class Lite0Layers:
    """The shipped network as layers. `first_block` (0 to 16) is where `halfway` cuts it."""

    def __init__(self, first_block: int, threads: int | None = None) -> None:
        self.first_block = first_block
        self.threads = threads

    def tensors(self) -> dict[str, NDArray[np.float32]]:
        """Kernels (out, in / groups, height, width) and biases (out,) by name."""
        from onnx import numpy_helper

        found = {}
        for tensor in self._model().graph.initializer:
            values = numpy_helper.to_array(tensor).astype(np.float32)
            found[tensor.name.removesuffix(_HALF)] = values
        return found

    def halfway(self, squares: NDArray[np.uint8]) -> tuple[NDArray[np.float16], NDArray[np.float32]]:
        """The maps that enter block `first_block` (n, h, w, channels), and the pooled features (n, 1280)."""
        maps, pooled = self._session.run([_MAPS, "vectors"], {"pictures": squares})
        return np.ascontiguousarray(maps.transpose(0, 2, 3, 1), np.float16), pooled

    def with_tensors(self, tensors: Mapping[str, NDArray[np.float32]]) -> bytes:
        """The whole network, some of its kernels and biases exchanged, as an ONNX file."""
        from onnx import numpy_helper

        model = self._model()
        for tensor in model.graph.initializer:
            values = tensors.get(tensor.name.removesuffix(_HALF))
            if values is not None:
                shape = tuple(tensor.dims)
                if values.shape != shape:
                    raise ValueError(f"{tensor.name} is {shape}, not {values.shape}")
                tensor.CopyFrom(numpy_helper.from_array(values.astype(np.float32), tensor.name))
        return bytes(model.SerializeToString(deterministic=True))

    @cached_property
    def _session(self) -> Any:
        from onnx import helper

        model = self._model()
        name = "_conv_head" if self.first_block == 16 else f"_blocks.{self.first_block}._expand_conv"
        if self.first_block == 0:
            name = "_blocks.0._depthwise_conv"
        cast = next(node.output[0] for node in model.graph.node if node.input[0] == f"{name}.weight{_HALF}")
        entry = next(node.input[0] for node in model.graph.node if cast in list(node.input))
        model.graph.node.append(helper.make_node("Identity", [entry], [_MAPS], name=_MAPS))
        model.graph.output.append(helper.make_tensor_value_info(_MAPS, 1, ["n", "c", "h", "w"]))
        return open_session(model.SerializeToString(), self.threads)

    @staticmethod
    def _model() -> Any:
        import onnx

        return onnx.load(find_weights("efficientnet-lite0").file("model.onnx"))


class TunedLite0(EfficientNetLite0):
    """EfficientNet-Lite0 whose last blocks a network has trained. `network`: its ONNX file, or the content of
    that; `stamp` names it. An `ItemEncoder`: a picture that did not change is never looked at twice."""

    def __init__(self, network: Path | bytes, stamp: str, threads: int | None = None) -> None:
        super().__init__("one", threads)
        self._network = network
        self.id = f"network-{stamp}"
        self.title = "the network's picture branch"
        self._stamp = stamp

    @property
    def version(self) -> str:
        return f"{self.id}-1"

    @cached_property
    def _session(self) -> Any:
        return open_session(self._network, self.threads)
