"""EfficientNet-Lite0 (Tan and Le 2019, table 1; "lite": no squeeze and excitation, ReLU6) in Keras.

The weights are those of the shipped network, whose batch normalisation is folded into the convolutions: so
there are kernels and biases only, and nothing that behaves differently while training. Needs TensorFlow.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

Tensors = Mapping[str, npt.NDArray[Any]]

STRIDES = (1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1, 1, 1, 1)
"""Of the depthwise convolution of each of the 16 blocks."""
MEAN, STD = 0.498, 0.502
FEATURES = 1280


def features(pictures: Any, tensors: Tensors) -> Any:
    """The pooled features (n, 1280) of RGB pictures (n, height, width, 3) of 0 to 255, as a Keras graph."""
    import keras

    x = keras.layers.Rescaling(1 / (255 * STD), offset=-MEAN / STD)(pictures)
    x = _convolve(x, "_conv_stem", tensors, stride=2)
    return tail(x, tensors, 0)


def tail(x: Any, tensors: Tensors, first_block: int) -> Any:
    """From the maps that enter block `first_block` (16: the head) to the pooled features."""
    import keras

    for number in range(first_block, len(STRIDES)):
        x = _block(x, f"_blocks.{number}", STRIDES[number], tensors)
    x = _convolve(x, "_conv_head", tensors)
    # Means over places in half precision lose what tells two products apart.
    return keras.layers.GlobalAveragePooling2D(dtype="float32")(x)


def layers_from(first_block: int) -> tuple[str, ...]:
    """The names of the convolutions of a tail, in order."""
    parts = ("_expand_conv", "_depthwise_conv", "_project_conv")
    names = [f"_blocks.{number}.{part}" for number in range(first_block, len(STRIDES)) for part in parts]
    return (*(name for name in names if name != "_blocks.0._expand_conv"), "_conv_head")


def tensors_of(model: Any, first_block: int) -> dict[str, npt.NDArray[np.float32]]:
    """The kernels and biases of a tail after training, laid out as they came."""
    found = {}
    for name in layers_from(first_block):
        kernel, bias = model.get_layer(_layer_name(name)).get_weights()
        is_depthwise = "depthwise" in name
        kernel = kernel.transpose(2, 3, 0, 1) if is_depthwise else kernel.transpose(3, 2, 0, 1)
        found[f"{name}.weight"] = np.ascontiguousarray(kernel, np.float32)
        found[f"{name}.bias"] = np.asarray(bias, np.float32)
    return found


def _block(x: Any, name: str, stride: int, tensors: Tensors) -> Any:
    """Inverted residual: expand, filter each channel, project (Sandler et al. 2018, section 3)."""
    import keras

    start = x
    if f"{name}._expand_conv.weight" in tensors:
        x = _convolve(x, f"{name}._expand_conv", tensors)
    x = _convolve(x, f"{name}._depthwise_conv", tensors, stride=stride)
    x = _convolve(x, f"{name}._project_conv", tensors, is_linear=True)
    if stride == 1 and x.shape[-1] == start.shape[-1]:
        x = keras.layers.Add()([x, start])
    return x


def _convolve(x: Any, name: str, tensors: Tensors, *, stride: int = 1, is_linear: bool = False) -> Any:
    import keras

    kernel = np.asarray(tensors[f"{name}.weight"], np.float32)
    said: dict[str, Any] = {"strides": stride, "padding": "same", "name": _layer_name(name)}
    size = kernel.shape[2]
    # ONNX: out, in / groups, height, width. Keras: height, width, in, out (depthwise: ..., channels, 1).
    if "depthwise" in name:
        layer = keras.layers.DepthwiseConv2D(size, **said)
        kernel = kernel.transpose(2, 3, 0, 1)
    else:
        layer = keras.layers.Conv2D(len(kernel), size, **said)
        kernel = kernel.transpose(2, 3, 1, 0)
    x = layer(x)
    layer.set_weights([kernel, np.asarray(tensors[f"{name}.bias"], np.float32)])
    return x if is_linear else keras.layers.ReLU(max_value=6.0)(x)


def _layer_name(name: str) -> str:
    return name.lstrip("_").replace(".", "_")
