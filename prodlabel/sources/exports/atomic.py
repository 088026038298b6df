"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from prodlabel.core.errors import InputError


@contextmanager
def replacing(path: Path, *, is_durable: bool = True) -> Iterator[BinaryIO]:
    """A binary file beside `path` that takes its place at the end; on any error it is removed instead.

    `is_durable` False for what can be made again: a power cut may then leave it damaged.
    Raises `InputError` where the folder cannot be written to.
    """
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name[:80]}.", suffix=".part", dir=path.parent)
    except OSError as error:
        raise InputError(f"{path} cannot be written ({error.strerror}). Choose another folder.") from error
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            if is_durable:
                file.flush()
                os.fsync(file.fileno())
        _take_rights(Path(temporary), path)
        Path(temporary).replace(path)
    except BaseException as error:
        Path(temporary).unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise InputError(
                f"{path} cannot be written ({error.strerror}). Check the free space and your rights."
            ) from error
        raise


def _take_rights(temporary: Path, path: Path) -> None:
    """A temporary file is private; the finished one has the rights of what it replaces, or the usual ones."""
    if os.name != "posix":
        return
    if path.exists():
        temporary.chmod(path.stat().st_mode & 0o777)
        return
    mask = os.umask(0)
    os.umask(mask)
    temporary.chmod(0o666 & ~mask)
