"""Universal Sentence Encoder 4 (Cer et al. 2018) as TensorFlow Hub publishes it: 512 numbers per text.

TensorFlow runs in a child process that lives as long as the encoder: its import holds the interpreter lock
for seconds, during which no window would answer. The two speak over pipes, numbers and texts only.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import weakref
from collections.abc import Sequence
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodlabel import paths
from prodlabel.core.errors import InputError, WeightsMissingError
from prodlabel.encoders.protocol import Kind
from prodlabel.encoders.text.packing import encodable
from prodlabel.encoders.user_networks import unit_rows
from prodlabel.encoders.user_onnx import digest

FOLDER = "universal-sentence-encoder-4"
_MAX_CHARS = 4_000


def what_is_missing(folder: Path | None = None) -> str | None:
    """One line about what is needed and where to put it, or None when it can run."""
    folder = folder or paths.user_weights() / FOLDER
    name = "Universal Sentence Encoder 4"
    if not (folder / "saved_model.pb").is_file():
        return (
            f"{name} needs its SavedModel. Run `prodlabel fetch use4` (1 GB), or put saved_model.pb and "
            f"variables into {folder}."
        )
    if find_spec("tensorflow") is None:
        return f"{name} needs TensorFlow, which is not installed. Run: pip install tensorflow"
    return None


class UniversalSentenceEncoder4:
    """An `ItemEncoder` of English texts. `folder` holds the SavedModel; an empty text becomes zeros."""

    id = "use4"
    title = "Universal Sentence Encoder 4 (TensorFlow Hub)"
    kind = Kind.TEXT
    dim = 512
    wanted_side_px = 0
    batch_budget = 2048

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or paths.user_weights() / FOLDER

    @property
    def version(self) -> str:
        self._need()
        files = [self.folder / "saved_model.pb", *sorted(self.folder.glob("variables/variables.data-*"))]
        return f"use4-1-{''.join(digest(path)[:8] for path in files[:4])}"

    def cost(self, item: str) -> int:
        """About the number of words."""
        return 1 + min(len(item), _MAX_CHARS) // 5

    def encode(self, batch: Sequence[str]) -> NDArray[np.float32]:
        vectors = np.zeros((len(batch), self.dim), np.float32)
        rows = [row for row, text in enumerate(batch) if text.strip()]
        if rows:
            found = self._child.ask([as_asked(batch[row]) for row in rows])
            if found.shape != (len(rows), self.dim):
                raise InputError(f"{self.folder} gives {found.shape[1:]} numbers a text where 512 are due.")
            vectors[rows] = unit_rows(found)
        return vectors

    def _need(self) -> None:
        if missing := what_is_missing(self.folder):
            raise WeightsMissingError(missing)

    @cached_property
    def _child(self) -> _Child:
        self._need()
        return _Child(self.folder)


def as_asked(text: str) -> str:
    """What of a text is shown to the model."""
    return encodable(text[:_MAX_CHARS])


class TunedUse4(UniversalSentenceEncoder4):
    """Universal Sentence Encoder 4, parts of which a network has trained further.

    `trained`: an .npz file of those, or the content of one; `stamp` names it. `base`: the version of the
    SavedModel that they belong to.
    """

    def __init__(self, trained: Path | bytes, stamp: str, base: str, folder: Path | None = None) -> None:
        super().__init__(folder)
        self._trained, self._base = trained, base
        self.id = f"network-text-{stamp}"
        self.title = "the network's text branch"

    @property
    def version(self) -> str:
        return f"{self.id}-1"

    @cached_property
    def _child(self) -> _Child:
        self._need()
        if UniversalSentenceEncoder4(self.folder).version != self._base:
            raise InputError(
                f"{self.folder} is not the model that the network was trained with. "
                "Put that one there again, or train again."
            )
        if isinstance(self._trained, Path):
            return _Child(self.folder, self._trained)
        holder = tempfile.TemporaryDirectory(prefix="prodlabel-")
        path = Path(holder.name) / "trained.npz"
        path.write_bytes(self._trained)
        child = _Child(self.folder, path)
        weakref.finalize(child, holder.cleanup)
        return child


class _Child:
    """The process that holds TensorFlow; ended with the encoder, and by itself when its pipe closes."""

    def __init__(self, folder: Path, *trained: Path) -> None:
        package = str(Path(__file__).resolve().parents[3])
        others = [part for part in [os.environ.get("PYTHONPATH")] if part]
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([package, *others]),
            "TF_CPP_MIN_LOG_LEVEL": "3",
        }
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process
        self._process: subprocess.Popen[bytes] = subprocess.Popen(
            [sys.executable, "-m", "prodlabel.encoders.text.use4_child", *map(str, (folder, *trained))],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log, env=environment,
        )  # fmt: skip
        weakref.finalize(self, _end, self._process, self._log)

    def ask(self, texts: list[str]) -> NDArray[np.float32]:
        """float32 (texts, dim)."""
        into, out = self._process.stdin, self._process.stdout
        if into is None or out is None:
            raise AssertionError("the child has pipes")
        try:
            into.write(json.dumps(texts).encode() + b"\n")
            into.flush()
            shape = json.loads(out.readline())
            content = out.read(4 * shape[0] * shape[1])
            return np.frombuffer(content, "<f4").reshape(shape)
        except (OSError, ValueError, IndexError) as error:
            raise InputError(
                f"TensorFlow could not encode ({self._last_words()}). Put the model there again."
            ) from error

    def _last_words(self) -> str:
        self._process.kill()  # its output has ended, so it said all that it had to say
        self._process.wait()
        self._log.seek(0)
        lines = self._log.read().decode("utf-8", "replace").strip().splitlines()
        return lines[-1][:200] if lines else "no reason given"


def _end(process: subprocess.Popen[bytes], log: Any) -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None and not pipe.closed:
            pipe.close()
    process.kill()
    process.wait()
    log.close()
