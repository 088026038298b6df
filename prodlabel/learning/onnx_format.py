"""Writes ONNX networks: the few messages of its format that a classifier needs, with nothing installed.

Invariant: the same network gives the same bytes. The numbers of the fields are those of `onnx.proto`
(https://github.com/onnx/onnx/blob/main/onnx/onnx.proto), the encoding that of Protocol Buffers
(https://protobuf.dev/programming-guides/encoding/).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

OPSET, IR_VERSION = 17, 8
FLOAT, INT64, STRING = 1, 7, 8
_TYPES = {np.dtype(np.float32): FLOAT, np.dtype(np.int64): INT64}
Attribute = int | str | Sequence[int] | Sequence[str]


@dataclass(slots=True)
class Network:
    """Nodes, constants, inputs and outputs, in the order in which they are added."""

    name: str
    _nodes: list[bytes] = field(default_factory=list)
    _constants: list[bytes] = field(default_factory=list)
    _inputs: list[bytes] = field(default_factory=list)
    _outputs: list[bytes] = field(default_factory=list)
    _count: int = 0

    def input(self, name: str, kind: int, shape: Sequence[int | str]) -> str:
        """Declare an input; a text in the shape names a free dimension."""
        self._inputs.append(_value(name, kind, shape))
        return name

    def output(self, name: str, kind: int, shape: Sequence[int | str]) -> None:
        """Declare an output."""
        self._outputs.append(_value(name, kind, shape))

    def constant(self, values: Any, dtype: Any = np.float32) -> str:
        """An array (float32 or int64) that nodes can take as an input."""
        array = np.ascontiguousarray(values, dtype)
        self._count += 1
        name = f"constant_{self._count}"
        dims = b"".join(_number(1, size) for size in np.shape(values))
        kind = _number(2, _TYPES[array.dtype])
        raw = array.astype(array.dtype.newbyteorder("<"), copy=False).tobytes()
        self._constants.append(dims + kind + _text(8, name) + _bytes(9, raw))
        return name

    def add(self, operator: str, *inputs: str, output: str = "", **attributes: Attribute) -> str:
        """Add a node; returns the name of its output."""
        self._count += 1
        name = output or f"{operator.lower()}_{self._count}"
        said = b"".join(_text(1, one) for one in inputs) + _text(2, name) + _text(4, operator)
        said += b"".join(_bytes(5, _attribute(key, value)) for key, value in attributes.items())
        self._nodes.append(said)
        return name

    def as_bytes(self, facts: dict[str, str]) -> bytes:
        """The whole file; `facts` are kept in it for those who open it."""
        graph = b"".join(
            [
                *(_bytes(1, one) for one in self._nodes),
                _text(2, self.name),
                *(_bytes(5, one) for one in self._constants),
                *(_bytes(11, one) for one in self._inputs),
                *(_bytes(12, one) for one in self._outputs),
            ]
        )
        opset = _text(1, "") + _number(2, OPSET)
        kept = b"".join(_bytes(14, _text(1, key) + _text(2, said)) for key, said in sorted(facts.items()))
        head = _number(1, IR_VERSION) + _text(2, "prodlabel")
        return head + _bytes(7, graph) + _bytes(8, opset) + kept


def _value(name: str, kind: int, shape: Sequence[int | str]) -> bytes:
    sizes = (_text(2, one) if isinstance(one, str) else _number(1, one) for one in shape)
    dims = b"".join(_bytes(1, one) for one in sizes)
    tensor = _number(1, kind) + _bytes(2, dims)
    return _text(1, name) + _bytes(2, _bytes(1, tensor))


def _attribute(name: str, value: Attribute) -> bytes:
    head = _text(1, name)
    if isinstance(value, str):
        return head + _text(4, value) + _number(20, 3)
    if isinstance(value, int):
        return head + _number(3, value) + _number(20, 2)
    if value and isinstance(value[0], str):
        return head + b"".join(_text(9, str(one)) for one in value) + _number(20, 8)
    return head + b"".join(_number(8, int(one)) for one in value) + _number(20, 7)


def _number(number: int, value: int) -> bytes:
    return _varint(number << 3) + _varint(value & 0xFFFF_FFFF_FFFF_FFFF)


def _text(number: int, text: str) -> bytes:
    return _bytes(number, text.encode("utf-8", "surrogatepass"))


def _bytes(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
