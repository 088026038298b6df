"""Tiny networks of random weights in the shapes that exporters write, and folders of weights around them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

DIM = 6
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "towel", "watch", "red", "blue", "a"]


def write_tokenizer(path: Path) -> None:
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace
    from tokenizers.processors import TemplateProcessing

    tokenizer = Tokenizer(WordLevel({word: i for i, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(path))


def _save(path: Path, nodes: list[Any], inputs: list[Any], outputs: list[Any], tensors: list[Any]) -> None:
    import onnx
    from onnx import helper

    graph = helper.make_graph(nodes, "tiny", inputs, outputs, tensors)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(model.SerializeToString())


def write_text_network(path: Path, *, is_pooled: bool = False, length: int | str = "length") -> None:
    """A table of word vectors: (batch, tokens, DIM), or (batch, DIM) where it pools itself."""
    from onnx import TensorProto, helper, numpy_helper

    table = np.random.default_rng(0).normal(size=(len(WORDS), DIM)).astype(np.float32)
    nodes = [helper.make_node("Gather", ["table", "input_ids"], ["tokens"])]
    inputs = [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["batch", length])]
    shape: list[Any] = ["batch", length, DIM]
    if is_pooled:
        nodes.append(helper.make_node("ReduceMean", ["tokens"], ["pooled"], axes=[1], keepdims=0))
        shape = ["batch", DIM]
    else:
        inputs.append(helper.make_tensor_value_info("attention_mask", TensorProto.INT64, ["batch", length]))
    output = helper.make_tensor_value_info("pooled" if is_pooled else "tokens", TensorProto.FLOAT, shape)
    _save(path, nodes, inputs, [output], [numpy_helper.from_array(table, "table")])


def write_picture_network(path: Path, batch: int | str = "batch") -> None:
    """One convolution with strides: (batch, DIM, 2, 2)."""
    from onnx import TensorProto, helper, numpy_helper

    kernel = np.random.default_rng(0).normal(size=(DIM, 3, 16, 16)).astype(np.float32)
    nodes = [helper.make_node("Conv", ["pictures", "kernel"], ["maps"], strides=[16, 16])]
    seen = helper.make_tensor_value_info("pictures", TensorProto.FLOAT, [batch, 3, 32, 32])
    maps = helper.make_tensor_value_info("maps", TensorProto.FLOAT, [batch, DIM, 2, 2])
    _save(path, nodes, [seen], [maps], [numpy_helper.from_array(kernel, "kernel")])


def write_pair(folder: Path, **changes: Any) -> Path:
    """A folder with a text and a picture encoder of one space."""
    write_tokenizer(folder / "tokenizer.json")
    write_text_network(folder / "text.onnx")
    write_picture_network(folder / "picture.onnx")
    manifest = {
        "version": "1",
        "title": "Tiny CLIP",
        "is_shared_space": True,
        "text": {"model": "text.onnx", "dim": DIM, "max_tokens": 8, "pooling": "mean"},
        "picture": {"model": "picture.onnx", "dim": DIM, "side_px": 32, "fit": "crop"},
        **changes,
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder
