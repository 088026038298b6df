"""Takes files out of an archive of weights: only files, only inside the folder, and no more than is sensible.

Invariant: a file appears under its name when all of it is there; links, and names that lead elsewhere, are
left out.
"""

from __future__ import annotations

import gzip
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import IO

from prodlabel.core.errors import InputError
from prodlabel.core.progress import Progress

_CHUNK_BYTES = 1 << 20
_MOST_BYTES = 16 << 30
_Member = tuple[str, int, Callable[[], IO[bytes] | None]]


def unpacked(archive: Path, wanted: tuple[str, ...], progress: Progress) -> list[Path]:
    """The files of a .zip or .tar.gz whose names fit, beside the archive, which is then removed.

    Raises `InputError` where it is no archive or holds none of them.
    """
    found = []
    try:
        with _members(archive) as members:
            for name, size, read in members:
                path = _inside(archive.parent, name)
                if path is None or not any(fnmatch(name.removeprefix("./"), one) for one in wanted):
                    continue
                _write(path, read, size, progress)
                found.append(path)
    except (tarfile.TarError, zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, EOFError) as error:
        archive.unlink()
        raise InputError(
            f"{archive.name} is no whole archive ({error}). It was thrown away: try again."
        ) from error
    if not found:
        raise InputError(f"{archive.name} holds none of {', '.join(wanted)}. Give another address.")
    archive.unlink()
    return found


@contextmanager
def _members(archive: Path) -> Iterator[Iterator[_Member]]:
    if archive.suffix == ".zip":
        with zipfile.ZipFile(archive) as held:
            yield (
                (one.filename, one.file_size, lambda one=one: held.open(one))  # type: ignore[misc]
                for one in held.infolist()
                if not one.is_dir()
            )
        return
    with tarfile.open(archive) as packed:
        yield (
            (one.name, one.size, lambda one=one: packed.extractfile(one))  # type: ignore[misc]
            for one in packed
            if one.isreg()
        )


def _inside(folder: Path, name: str) -> Path | None:
    """Where the member goes; None for a name that leads out of the folder."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    is_plain = bool(parts) and all(part not in ("", "..", "/") and ":" not in part for part in parts)
    return folder.joinpath(*parts) if is_plain else None


def _write(path: Path, read: Callable[[], IO[bytes] | None], size: int, progress: Progress) -> None:
    if size > _MOST_BYTES:
        raise InputError(f"{path.name} is larger than weights should be. Give another address.")
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    source = read()
    if source is None:
        raise InputError(f"{path.name} cannot be read from its archive. Fetch it in another way.")
    with closing(source), part.open("wb") as file, progress.stage(f"Unpacking {path.name}", size, "bytes"):
        left = size
        while left > 0 and (chunk := source.read(min(_CHUNK_BYTES, left))):
            file.write(chunk)
            left -= len(chunk)
            progress.advance(len(chunk))
    part.replace(path)
