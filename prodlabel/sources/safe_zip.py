"""Opens archives that may be hostile: what they claim and what they give is bounded, no name leads outside.

Limits: 2 GB unpacked, 200,000 members, 100 times the packed size. Links, encrypted members, overlapping
members and names that are absolute or contain `..` are refused.
"""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from prodlabel.core.errors import InputError
from prodlabel.sources.picture_files import relative_parts

TOTAL_LIMIT = 2 * 1024**3
MEMBER_LIMIT = 200_000
RATIO_LIMIT = 100
_SMALL = 1024 * 1024
"""Below this a high ratio does no harm."""
_PIECE = 256 * 1024
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError)
"""What reading a damaged member raises."""


class BombError(InputError):
    """An archive unpacks to far more than it is."""


def open_archive(location: Path) -> zipfile.ZipFile:
    """The archive, after a look at what it claims. Raises `InputError`, `BombError` for bombs."""
    try:
        size = location.stat().st_size
        archive = zipfile.ZipFile(location)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise InputError(
            f"{location.name} is no archive that can be opened ({error}). Choose another, or save it anew."
        ) from error
    try:
        _check(archive.infolist(), size, location.name)
    except BaseException:
        archive.close()
        raise
    return archive


def _check(members: list[zipfile.ZipInfo], size: int, name: str) -> None:
    if len(members) > MEMBER_LIMIT:
        raise BombError(f"{name} holds more than {MEMBER_LIMIT:,} files. Pack fewer into one archive.")
    packed = sum(member.compress_size for member in members)
    if packed > size:
        raise BombError(f"{name} is built so that its files overlap, as bombs are. Do not use it.")
    total = sum(member.file_size for member in members)
    swollen = [m for m in members if _is_swollen(m.file_size, m.compress_size)]
    if total > TOTAL_LIMIT or swollen or _is_swollen(total, packed):
        raise BombError(
            f"{name} would unpack to {total:,} bytes, more than 2 GB or {RATIO_LIMIT} times what is packed. "
            "Unpack it yourself if you trust it, and choose the folder."
        )


def _is_swollen(unpacked: int, packed: int) -> bool:
    return unpacked > _SMALL and unpacked > RATIO_LIMIT * max(1, packed)


def refusal(member: zipfile.ZipInfo) -> str | None:
    """Why a member must not be unpacked, as the end of a sentence, or None."""
    if member.flag_bits & 0x1:
        return "is encrypted"
    if stat.S_ISLNK(member.external_attr >> 16):
        return "is a link"
    if relative_parts(member.filename) is None or ":" in member.filename:
        return "has a name that leads out of the archive"
    return None


def pieces(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """The contents of a member, never more than it claims. Raises what is in `BROKEN`, or `BombError`."""
    left = member.file_size
    with archive.open(member) as file:
        while piece := file.read(_PIECE):
            left -= len(piece)
            if left < 0:
                raise BombError(f"{member.filename} holds more than its archive claims. Do not use it.")
            yield piece


def read_whole(archive: zipfile.ZipFile, name: str, limit: int) -> bytes:
    """A small member. Raises `KeyError` where there is none, `BombError` where it is larger than `limit`."""
    member = archive.getinfo(name)
    if member.file_size > limit:
        raise BombError(f"{name} is larger than {limit:,} bytes. Do not use the file.")
    return b"".join(pieces(archive, member))


def opened(archive: zipfile.ZipFile, name: str) -> IO[bytes]:
    """A member to be read piece by piece. Raises `KeyError` where there is none."""
    return archive.open(name)
