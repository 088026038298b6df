"""Files that are either the old one or the new one, never half of each, and arrays without pickle.

Invariant: a reader never sees a partly written file, and what a call wrote before it returned survives a
power cut as far as the system keeps its word about `fsync`.
"""

from __future__ import annotations

import errno
import json
import os
import time
import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.reading import MAX_ARRAY_BYTES, load_arrays, os_errors_explained, read_json

__all__ = [
    "MAX_ARRAY_BYTES",
    "load_arrays",
    "os_errors_explained",
    "read_json",
    "remove_temporary",
    "replace_file",
    "save_arrays",
    "sync_folder",
    "write_bytes",
    "write_json",
    "write_with",
]


def sync_folder(folder: Path) -> None:
    """Make a rename or a new name in `folder` durable; Windows has no such call and needs none."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        # Some network and FUSE file systems know no fsync on folders; there is nothing else to ask.
        if error.errno not in (errno.EINVAL, errno.ENOTSUP, errno.ENOSYS):
            raise
    finally:
        os.close(descriptor)


def replace_file(source: Path, target: Path) -> None:
    """Rename over `target`. On Windows a virus scanner may hold a new file for a moment: try again."""
    for pause_s in (0.01, 0.03, 0.1, 0.3):
        try:
            source.replace(target)
            return
        except PermissionError:
            if os.name != "nt":
                raise
            time.sleep(pause_s)
    source.replace(target)


def write_with(path: Path, write: Callable[[IO[bytes]], None]) -> None:
    """Let `write` fill a temporary file beside `path`, then put it in its place in one step.

    Raises ProjectError where the folder cannot be written; the old file is then untouched.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with os_errors_explained("write", path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with temporary.open("wb") as file:
                write(file)
                file.flush()
                os.fsync(file.fileno())
            replace_file(temporary, path)
        except BaseException:
            # The first error is the one to tell; a left-over of this name is overwritten by the next attempt.
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)


def remove_temporary(folder: Path) -> None:
    """Delete what a kill left of files that `write_with` was filling. Only while nobody else writes there."""
    with os_errors_explained("tidy up", folder):
        for path in folder.glob(".*.tmp"):
            path.unlink(missing_ok=True)


def write_bytes(path: Path, content: bytes) -> None:
    """Replace `path` by `content` in one step."""

    def write(file: IO[bytes]) -> None:
        file.write(content)

    write_with(path, write)


def write_json(path: Path, value: Any) -> None:
    """Replace `path` by `value` as indented JSON in UTF-8. NaN is refused: JSON has none."""
    write_bytes(path, (json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode())


def save_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Replace `path` by named arrays as an uncompressed `.npz`; objects are refused with ValueError."""
    for name, array in arrays.items():
        if array.dtype.hasobject:
            raise ValueError(f"array {name!r} holds Python objects")

    def write(file: IO[bytes]) -> None:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            for name, array in arrays.items():
                with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                    np.save(member, array, allow_pickle=False)

    write_with(path, write)
