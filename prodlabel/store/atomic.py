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
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.errors import ProjectDamagedError, ProjectError

MAX_JSON_BYTES = 64 * 2**20
MAX_ARRAY_BYTES = 8 * 2**30

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


def read_json(path: Path, *, max_bytes: int = MAX_JSON_BYTES) -> Any:
    """The value in a JSON file; ProjectDamagedError where it is none, or larger than `max_bytes`."""
    with os_errors_explained("read", path):
        _refuse_large(path, path.stat().st_size, max_bytes)
        content = path.read_bytes()
    try:
        return json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise _damaged(path) from error


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


def load_arrays(path: Path, *, max_bytes: int = MAX_ARRAY_BYTES) -> dict[str, NDArray[Any]]:
    """The named arrays of a `.npz` file.

    Raises ProjectDamagedError where the file is none, a member fails its checksum, or the members would
    unpack to more than `max_bytes` together (a small file may claim terabytes).
    """
    with os_errors_explained("read", path):
        try:
            with zipfile.ZipFile(path) as archive:
                members = archive.infolist()
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
