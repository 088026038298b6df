"""Where a training stands, on disk after every epoch: numbers in an .npz archive, nothing that can run code.

Invariant: a file is there whole or not at all; one that cannot be read counts as not there.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

_SAID = "said"


def write_arrays(path: Path, arrays: dict[str, npt.NDArray[Any]], said: dict[str, Any] | None = None) -> None:
    """Write arrays, and plain values beside them."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    text = np.frombuffer(json.dumps(said or {}).encode(), dtype=np.uint8)
    with temporary.open("wb") as file:
        np.savez(file, **{_SAID: text, **arrays})  # type: ignore[arg-type]
    temporary.replace(path)


def read_arrays(path: Path) -> tuple[dict[str, npt.NDArray[Any]], dict[str, Any]] | None:
    """What `write_arrays` wrote; None where there is nothing whole."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as held:
            arrays = {name: held[name] for name in held.files}
        return arrays, dict(json.loads(arrays.pop(_SAID).tobytes()))
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return None
