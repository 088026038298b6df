"""Reads files that may be damaged or a stranger's: sizes are looked at before contents, nothing runs code.

Invariant: whatever bytes a file holds, reading ends with a value or a `ProjectError`, and memory stays within
what the file itself explains.
"""

from __future__ import annotations

import errno
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.errors import ProjectDamagedError, ProjectError

MAX_JSON_BYTES = 64 * 2**20
MAX_ARRAY_BYTES = 8 * 2**30
PACKED_BYTES, PACKED_RATIO = 256 * 2**20, 30
"""What packed arrays may unpack to: so many bytes, or so many times the size of their file."""

_ADVICE = {
    errno.ENOSPC: "Free some disk space and try again.",
    errno.EDQUOT: "Free some disk space and try again.",
    errno.EROFS: "Copy the project to a disk that can be written.",
    errno.EACCES: "Give yourself permission for this folder, or copy the project to one of your own.",
    errno.EPERM: "Give yourself permission for this folder, or copy the project to one of your own.",
    errno.ENOENT: "Check that the disk is still connected and the folder was not moved.",
}


@contextmanager
def os_errors_explained(doing: str, path: Path) -> Iterator[None]:
    """Turns an `OSError` into a `ProjectError` that says what could not be done, why, and what helps.

    `doing` completes "Cannot ...": "write", "open", "make a backup of".
    """
    try:
        yield
    except OSError as error:
        advice = _ADVICE.get(error.errno or 0, "Check the disk and try again.")
        reason = error.strerror or str(error)
        raise ProjectError(f"Cannot {doing} {path} ({reason}). {advice}") from error


def read_json(path: Path, *, max_bytes: int = MAX_JSON_BYTES) -> Any:
    """The value in a JSON file; ProjectDamagedError where it is none, or larger than `max_bytes`."""
    with os_errors_explained("read", path):
        _refuse_large(path, path.stat().st_size, max_bytes)
        content = path.read_bytes()
    try:
        return json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise _damaged(path) from error


def load_arrays(
    path: Path, *, max_bytes: int = MAX_ARRAY_BYTES, is_packed: bool = False
) -> dict[str, NDArray[Any]]:
    """The named arrays of a `.npz` file; `is_packed`: we compress files of this kind.

    Raises ProjectDamagedError where the file is none, a member fails its checksum, or the members would
    unpack to more than `max_bytes` together, or to more than a file of its size holds (a small file may
    claim terabytes).
    """
    with os_errors_explained("read", path):
        try:
            with zipfile.ZipFile(path) as archive:
                members = archive.infolist()
                size = path.stat().st_size
                max_bytes = min(max_bytes, max(PACKED_BYTES, PACKED_RATIO * size) if is_packed else size)
                _refuse_large(path, sum(member.file_size for member in members), max_bytes)
                return {
                    member.filename.removesuffix(".npy"): _member(archive, member, path) for member in members
                }
        except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
            raise _damaged(path) from error


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, path: Path) -> NDArray[Any]:
    with archive.open(member) as file:
        array = _read_npy(file, path, member.file_size)
        # The checksum is compared when the end is reached, which np.load does not insist on.
        file.read()
        return array


def _read_npy(file: IO[bytes], path: Path, size: int) -> NDArray[Any]:
    """Reads one array after comparing what its header claims with the bytes that are there."""
    try:
        version = np.lib.format.read_magic(file)
        if version not in ((1, 0), (2, 0)):
            raise _damaged(path)
        read_header = (
            np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        )
        shape, is_fortran, dtype = read_header(file)
        count = int(np.prod(np.asarray(shape, dtype=object))) if shape else 1
        if dtype.hasobject or count < 0 or file.tell() + count * dtype.itemsize != size:
            raise _damaged(path)
        content = file.read(count * dtype.itemsize)
    except (ValueError, TypeError, SyntaxError, EOFError) as error:
        raise _damaged(path) from error
    if len(content) != count * dtype.itemsize:
        raise _damaged(path)
    return np.frombuffer(bytearray(content), dtype=dtype).reshape(shape, order="F" if is_fortran else "C")


def _refuse_large(path: Path, size: int, max_bytes: int) -> None:
    if size > max_bytes:
        raise ProjectDamagedError(
            f"{path.name} holds {size:,} bytes where at most {max_bytes:,} make sense. "
            "Take the file from a backup, or delete it and repeat the step that made it."
        )


def _damaged(path: Path) -> ProjectDamagedError:
    return ProjectDamagedError(
        f"{path.name} is not what prodlabel wrote. "
        "Take the file from a backup, or delete it and repeat the step that made it."
    )
