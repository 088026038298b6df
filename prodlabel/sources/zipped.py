"""A table with its pictures inside a ZIP: unpacked into a folder beside it, from where it is read as usual.

The folder is `NAME (unpacked)`; what is there already with the same contents is not written again. What is
unpacked is not flushed file by file: a copy that a power cut damaged is seen by its checksum and made again.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from prodlabel.core.errors import InputError
from prodlabel.core.products import Problem, ProductRecord
from prodlabel.core.progress import Progress
from prodlabel.sources.exports.atomic import replacing
from prodlabel.sources.mapping import ColumnMapping
from prodlabel.sources.picture_files import PICTURE_SUFFIXES, relative_parts
from prodlabel.sources.protocol import NO_OPTIONS, Catalogue, OpenOptions, Source
from prodlabel.sources.safe_zip import BROKEN, open_archive, pieces, refusal

_AT_ONCE = 1_000
"""Files other than pictures that are unpacked before anything is read: a second or so."""
_SYSTEM = frozenset({"__macosx", ".ds_store", "thumbs.db", "desktop.ini"})


class ZipSource:
    """Opens the table in the archive with the source that recognises it; no table: a folder of pictures."""

    kind = "zip"
    title = "ZIP with a table and pictures"

    def __init__(self, inner: tuple[Source, ...], folder: Source) -> None:
        self._inner = inner
        self._folder = folder

    def recognises(self, location: Path) -> bool:
        return location.suffix.lower() == ".zip" and location.is_file()

    def open(self, location: Path, options: OpenOptions = NO_OPTIONS) -> ZipCatalogue:
        target = location.with_name(f"{location.stem} (unpacked)")
        with open_archive(location) as archive:
            wanted = [member for member in archive.infolist() if _is_wanted(member)]
            pictures = [m for m in wanted if Path(m.filename).suffix.lower() in PICTURE_SUFFIXES]
            others = [m for m in wanted if Path(m.filename).suffix.lower() not in PICTURE_SUFFIXES]
            # Tables are needed to know the columns; what lies deeper waits until one can see how far it is.
            for member in sorted(others, key=_depth)[:_AT_ONCE]:
                if refusal(member) is None:
                    _unpack_table(archive, member, target, location.name)
            if pictures and options.picture_folder is None:
                # The folder of the pictures is found by looking for some of them.
                for member in pictures[:200]:
                    if refusal(member) is None:
                        with suppress(*BROKEN):  # told when its turn comes
                            _unpack(archive, member, target)
        return ZipCatalogue(location, target, self._open_inner(location, target, wanted, options))

    def _open_inner(
        self, location: Path, target: Path, wanted: list[zipfile.ZipInfo], options: OpenOptions
    ) -> Catalogue:
        for member in sorted(wanted, key=_depth):
            path = _place(target, member)
            if path is None or not path.is_file() or path.suffix.lower() in PICTURE_SUFFIXES:
                continue
            for source in self._inner:
                if source.recognises(path):
                    return source.open(path, options)
        if not target.is_dir():
            raise InputError(f"{location.name} holds neither a table nor pictures. Choose another file.")
        return self._folder.open(target, options)


@dataclass(frozen=True)
class ZipCatalogue:
    """An archive whose table is unpacked; `records` unpacks the rest before it reads."""

    location: Path
    target: Path
    inner: Catalogue
    kind: str = ZipSource.kind

    @property
    def title(self) -> str:
        return self.location.name

    @property
    def picture_folder(self) -> Path | None:
        return self.inner.picture_folder

    @property
    def columns(self) -> tuple[str, ...]:
        return self.inner.columns

    @property
    def mapping(self) -> ColumnMapping | None:
        return self.inner.mapping

    def records(self, progress: Progress) -> Iterator[ProductRecord | Problem]:
        with open_archive(self.location) as archive:
            wanted = [member for member in archive.infolist() if _is_wanted(member)]
            with progress.stage(f"Unpack {self.title}", len(wanted), "files"):
                for member in wanted:
                    progress.advance()
                    yield from self._take(archive, member)
        yield from self.inner.records(progress)

    def _take(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[Problem]:
        why = refusal(member)
        if why is None:
            try:
                _unpack(archive, member, self.target)
            except BROKEN:
                why = "is damaged"
        if why is not None:
            message = f"{member.filename[:200]} in the archive {why}; it was left out."
            yield Problem("archive_member_refused", message, path=self.location)


def _depth(member: zipfile.ZipInfo) -> tuple[int, str]:
    """For an order in which the table comes before what it came with."""
    return member.filename.count("/"), member.filename


def _is_wanted(member: zipfile.ZipInfo) -> bool:
    """Files, without what systems and editors leave behind."""
    parts = [part.lower() for part in member.filename.replace("\\", "/").split("/")]
    return not member.is_dir() and not any(part in _SYSTEM for part in parts)


def _place(target: Path, member: zipfile.ZipInfo) -> Path | None:
    parts = relative_parts(member.filename)
    return None if parts is None else target.joinpath(*parts)


def _unpack_table(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, name: str) -> None:
    try:
        _unpack(archive, member, target)
    except BROKEN as error:
        raise InputError(
            f"{member.filename} in {name} is damaged ({error}). Fetch the archive again."
        ) from error


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path) -> None:
    """Write one member that is not refused below `target`. Raises what is in `BROKEN`, or `InputError`."""
    path = _place(target, member)
    assert path is not None
    if _is_there(path, member):
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            f"{target} cannot be made ({error.strerror}). Copy the archive to a folder of your own."
        ) from error
    if not path.parent.resolve().is_relative_to(target.resolve()):
        raise InputError(f"{target} holds a link that leads elsewhere. Remove that folder and try again.")
    with replacing(path, is_durable=False) as file:
        for piece in pieces(archive, member):
            file.write(piece)


def _is_there(path: Path, member: zipfile.ZipInfo) -> bool:
    if path.is_symlink() or not path.is_file() or path.stat().st_size != member.file_size:
        return False
    checksum = 0
    with path.open("rb") as file:
        while piece := file.read(1024 * 1024):
            checksum = zlib.crc32(piece, checksum)
    return checksum == member.CRC
