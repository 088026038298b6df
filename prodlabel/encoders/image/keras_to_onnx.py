"""Turns weights of keras.applications into an ONNX network with its manifest, once, in a process of its own.

    python -m prodlabel.encoders.image.keras_to_onnx NAME WEIGHTS.h5 FOLDER

Importing TensorFlow takes seconds during which no window would answer, and Keras encodes two to three times
slower than ONNX Runtime: so Keras only reads its weights here. The few kinds of layers that these networks
consist of are translated one by one; anything else is refused. Needs the packages tensorflow and onnx.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

SIDE_PX = 224
_CAFFE = {"order": "bgr", "mean": [103.939 / 255, 116.779 / 255, 123.68 / 255], "std": [1 / 255] * 3}
_TF = {"order": "rgb", "mean": [0.5] * 3, "std": [0.5] * 3}
_NETWORKS: dict[str, tuple[str, dict[str, Any]]] = {
    "mobilenet-v2": ("MobileNetV2", _TF),
    "vgg16": ("VGG16", _CAFFE),
    "resnet50": ("ResNet50", _CAFFE),
}
"""The function in keras.applications, and how its pictures are prepared (its `preprocess_input`)."""


def convert(name: str, weights: Path | None, folder: Path) -> None:
    """Write `model.onnx` and `manifest.json` into `folder`. Without `weights` they are random (for tests)."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import keras

    function, prepared = _NETWORKS[name]
    model = getattr(keras.applications, function)(
        weights=None if weights is None else str(weights),
        include_top=False,
        pooling="avg",
        input_shape=(SIDE_PX, SIDE_PX, 3),
    )
    content = network_of(model)
    folder.mkdir(parents=True, exist_ok=True)
    picture = {
        "model": "model.onnx",
        "dim": int(model.output.shape[-1]),
        "side_px": SIDE_PX,
        "fit": "letterbox",
        "layout": "nchw",
        "pooling": "none",
        **prepared,
    }
    checksum = {"sha256": hashlib.sha256(content).hexdigest()}
    manifest = {"version": "1", "title": function, "picture": picture, "files": {"model.onnx": checksum}}
    _replace(folder / "model.onnx", content)
    _replace(folder / "manifest.json", json.dumps(manifest, indent=2).encode())


def network_of(model: Any) -> bytes:
    """A Keras model of pictures (n, height, width, 3) as an ONNX network of (n, 3, height, width)."""
    from onnx import TensorProto, helper

    graph = _Graph()
    for layer in model.layers:
        translate = _LAYERS.get(type(layer).__name__)
        if translate is None:
            raise ValueError(f"layers of the kind {type(layer).__name__} are not known")
        translate(graph, layer)
    (source,), dim = model.inputs, int(model.output.shape[-1])
    height, width = source.shape[1:3]
    seen = helper.make_tensor_value_info(source.name, TensorProto.FLOAT, ["n", 3, height, width])
    found = helper.make_tensor_value_info(model.output.name, TensorProto.FLOAT, ["n", dim])
    made = helper.make_graph(graph.nodes, "pictures", [seen], [found], graph.tensors)
    network = helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    return bytes(network.SerializeToString())


class _Graph:
    """Collects nodes and their numbers; tensors have the names that Keras gave them."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.tensors: list[Any] = []

    def number(self, values: Any, dtype: Any = np.float32) -> str:
        from onnx import numpy_helper

        name = f"numbers_{len(self.tensors)}"
        self.tensors.append(numpy_helper.from_array(np.ascontiguousarray(values, dtype), name))
        return name

    def add(self, kind: str, inputs: list[str], output: str, **attributes: Any) -> None:
        from onnx import helper

        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))


def _source(_graph: _Graph, _layer: Any) -> None:
    """The input is declared with the graph."""


def _convolution(graph: _Graph, layer: Any) -> None:
    is_depthwise = type(layer).__name__ == "DepthwiseConv2D"
    kernel = np.asarray(layer.get_weights()[0])
    # Keras: height, width, in, out (depthwise: height, width, channels, 1); ONNX: out, in / groups, ...
    kernel = kernel.transpose(2, 3, 0, 1) if is_depthwise else kernel.transpose(3, 2, 0, 1)
    inputs = [layer.input.name, graph.number(kernel)]
    if layer.use_bias:
        inputs.append(graph.number(layer.get_weights()[1]))
    function = layer.activation.__name__
    if function not in ("linear", "relu"):
        raise ValueError(f"the activation {function} is not known")
    output = layer.output.name if function == "linear" else f"{layer.output.name}_linear"
    graph.add(
        "Conv",
        inputs,
        output,
        strides=list(layer.strides),
        auto_pad="SAME_UPPER" if layer.padding == "same" else "VALID",
        group=len(kernel) if is_depthwise else 1,
    )
    if function == "relu":
        graph.add("Relu", [output], layer.output.name)


def _normalisation(graph: _Graph, layer: Any) -> None:
    gamma, beta, mean, variance = layer.get_weights()
    numbers = [graph.number(values) for values in (gamma, beta, mean, variance)]
    graph.add(
        "BatchNormalization", [layer.input.name, *numbers], layer.output.name, epsilon=float(layer.epsilon)
    )


def _relu(graph: _Graph, layer: Any) -> None:
    most = getattr(layer, "max_value", None)
    if type(layer).__name__ == "Activation" and layer.activation.__name__ != "relu":
        raise ValueError(f"the activation {layer.activation.__name__} is not known")
    if most is None:
        graph.add("Relu", [layer.input.name], layer.output.name)
    else:
        bounds = [graph.number(0.0), graph.number(float(most))]
        graph.add("Clip", [layer.input.name, *bounds], layer.output.name)


def _padding(graph: _Graph, layer: Any) -> None:
    (top, bottom), (left, right) = layer.padding
    pads = graph.number([0, 0, top, left, 0, 0, bottom, right], np.int64)
    graph.add("Pad", [layer.input.name, pads], layer.output.name)


def _pooling(graph: _Graph, layer: Any) -> None:
    padding = "SAME_UPPER" if layer.padding == "same" else "VALID"
    graph.add(
        "MaxPool",
        [layer.input.name],
        layer.output.name,
        kernel_shape=list(layer.pool_size),
        strides=list(layer.strides),
        auto_pad=padding,
    )


def _mean(graph: _Graph, layer: Any) -> None:
    graph.add("GlobalAveragePool", [layer.input.name], f"{layer.output.name}_places")
    graph.add("Flatten", [f"{layer.output.name}_places"], layer.output.name)


def _sum(graph: _Graph, layer: Any) -> None:
    graph.add("Add", [source.name for source in layer.input], layer.output.name)


_LAYERS: dict[str, Callable[[_Graph, Any], None]] = {
    "InputLayer": _source,
    "Conv2D": _convolution,
    "DepthwiseConv2D": _convolution,
    "BatchNormalization": _normalisation,
    "ReLU": _relu,
    "Activation": _relu,
    "ZeroPadding2D": _padding,
    "MaxPooling2D": _pooling,
    "GlobalAveragePooling2D": _mean,
    "Add": _sum,
}


def _replace(path: Path, content: bytes) -> None:
    """Whole or not at all: a half-written network must not be taken for one."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    temporary.write_bytes(content)
    temporary.replace(path)


if __name__ == "__main__":
    convert(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
