"""Looks through an ONNX file, before anything runs it, for weights that lie in other files.

Such weights are named by paths, which a stranger may lead to anywhere. The numbers are those of the fields in
`onnx.proto` (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto), the encoding that of Protocol Buffers.
Invariant: memory holds no weight, and depth costs no stack.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from pathlib import Path

from prodlabel.core.errors import InputError

_INSIDE = {
    "model": {7: "graph", 20: "training", 25: "function"},
    "training": {1: "graph", 2: "graph"},
    "function": {7: "node", 11: "attribute"},
    "graph": {1: "node", 5: "tensor", 15: "sparse"},
    "node": {5: "attribute"},
    "attribute": {5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparse", 23: "sparse"},
    "sparse": {1: "tensor", 2: "tensor"},
    "tensor": {},
}  # fmt: skip
_EXTERNAL_DATA, _DATA_LOCATION = 13, 14
_VARINT, _EIGHT_BYTES, _BYTES, _FOUR_BYTES = 0, 1, 2, 5
Content = bytes | mmap.mmap


def refuse_foreign_weights(network: Path | bytes) -> None:
    """Raise `InputError` for a network with weights outside of its file; one that is none passes."""
    if isinstance(network, bytes):
        is_foreign = _has_foreign(network)
    elif not network.is_file() or not network.stat().st_size:  # told when it is opened
        is_foreign = False
    else:
        with network.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            is_foreign = _has_foreign(content)
    if is_foreign:
        raise InputError("The network keeps its weights in other files. Export it as one file.")


def _has_foreign(content: Content) -> bool:
    pending = [("model", 0, len(content))]
    while pending:
        kind, start, end = pending.pop()
        try:
            for number, at, until in _fields(content, start, end):
                if (
                    kind == "tensor"
                    and number in (_EXTERNAL_DATA, _DATA_LOCATION)
                    and content[at:until] != b"\0"
                ):
                    return True
                within = _INSIDE[kind].get(number)
                if within is not None:
                    pending.append((within, at, until))
        except (IndexError, ValueError):  # no such message: whoever opens it says so
            continue
    return False


def _fields(content: Content, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """The number of each field of a message, and where its value lies."""
    at = start
    while at < end:
        tag, at = _varint(content, at)
        wire = tag & 7
        begin = at
        if wire == _VARINT:
            _, at = _varint(content, at)
        elif wire == _BYTES:
            size, begin = _varint(content, at)
            at = begin + size
        elif wire in (_EIGHT_BYTES, _FOUR_BYTES):
            at += 8 if wire == _EIGHT_BYTES else 4
        else:
            raise ValueError("groups are not used")
        if at > end:
            raise ValueError("cut off")
        yield tag >> 3, begin, at


def _varint(content: Content, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = content[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at
        if shift > 63:
            raise ValueError("no number")
