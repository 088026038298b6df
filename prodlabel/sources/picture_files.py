"""Finds the picture that a source names, and nothing outside the folder that it was given."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path
from threading import Lock

PICTURE_SUFFIXES = frozenset({".jpg", ".jpeg", ".jpe", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff"})
USUAL_FOLDERS = ("Images", "images", "pictures", "Pictures", "photos", "Photos", "img")
_DRIVE = re.compile(r"[A-Za-z]:")
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")


def is_url(text: str) -> bool:
    """Whether a picture is named by an address rather than by a path."""
    return bool(_URL.match(text.strip()))


def relative_parts(text: str) -> tuple[str, ...] | None:
    """The parts of a relative path written with either slash; None for anything that could lead elsewhere.

    Refused: absolute paths, drive letters, UNC paths, addresses, `..`, NUL bytes, empty texts.
    """
    text = text.strip().replace("\\", "/")
    if not text or "\0" in text or text.startswith("/") or _DRIVE.match(text) or is_url(text):
        return None
    parts = tuple(part for part in text.split("/") if part not in ("", "."))
    # A colon names an alternate stream of a file on Windows.
    if not parts or any(part == ".." or (os.name == "nt" and ":" in part) for part in parts):
        return None
    return parts


def resolve_inside(folder: Path, relative: str) -> Path | None:
    """The existing file that `relative` names inside `folder`, or None.

    A part is matched without regard to case only where no exact match exists. Symbolic links that lead out of
    the folder are refused.
    """
    found = PictureIndex(folder).find(relative)
    return None if found is None else folder / found


class PictureIndex:
    """Answers which files exist below a folder with one listing per folder instead of a question per file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._root = folder.resolve()
        self._exact: dict[str, dict[str, int]] = {}
        self._folded: dict[str, dict[str, str]] = {}

    def find(self, relative: str) -> str | None:
        """The posix path, relative to the folder and with its true case, of an existing file; else None."""
        parts = relative_parts(relative)
        if parts is None:
            return None
        at, is_linked = "", False
        for part in parts[:-1]:
            name = self._entry(at, part)
            if name is None:
                return None
            is_linked |= bool(self._exact[at][name] & _LINK)
            at = f"{at}/{name}" if at else name
            if is_linked and not self._is_inside(at):
                return None
        name = self._entry(at, parts[-1])
        if name is None:
            return None
        kind = self._exact[at][name]
        found = f"{at}/{name}" if at else name
        if (is_linked or kind & _LINK) and not self._is_inside(found):
            return None
        is_file = kind == 0 or (kind == _LINK and (self._folder / found).is_file())
        return found if is_file else None

    def _entry(self, at: str, part: str) -> str | None:
        listing = self._exact.get(at)
        if listing is None:
            listing = self._exact[at] = _listing(self._folder / at)
        if part in listing:
            return part
        folded = self._folded.get(at)
        if folded is None:
            folded = self._folded[at] = {name.casefold(): name for name in sorted(listing, reverse=True)}
        return folded.get(part.casefold())

    def _is_inside(self, relative: str) -> bool:
        try:
            return (self._folder / relative).resolve(strict=True).is_relative_to(self._root)
        except (OSError, RuntimeError):
            # A dangling or circular link leads nowhere.
            return False


class PictureFolders:
    """`resolve_inside` for many pictures of several folders, from any thread: each folder is listed once."""

    def __init__(self) -> None:
        self._indexes: dict[Path, PictureIndex] = {}
        self._lock = Lock()

    def find(self, folder: Path, relative: str) -> Path | None:
        """The existing file that `relative` names inside `folder`, or None."""
        with self._lock:
            index = self._indexes.get(folder)
            if index is None:
                index = self._indexes[folder] = PictureIndex(folder)
            found = index.find(relative)
        return None if found is None else folder / found


_LINK, _FOLDER = 1, 2


def _listing(folder: Path) -> dict[str, int]:
    """The names in a folder, each with `_LINK` and `_FOLDER` bits; empty where there is no such folder."""
    try:
        with os.scandir(folder) as entries:
            return {
                entry.name: _LINK * entry.is_symlink() + _FOLDER * entry.is_dir(follow_symlinks=False)
                for entry in entries
            }
    except OSError:
        # What cannot be listed holds no pictures for us; the products that name one are reported.
        return {}


def find_picture_folder(beside: Path, named: Iterable[str]) -> Path | None:
    """The folder beside a table in which most of the named pictures exist; None where none exists."""
    wanted = [name for name in named if relative_parts(name)]
    if not wanted:
        return None
    candidates = [beside, *(beside / name for name in USUAL_FOLDERS if (beside / name).is_dir())]
    best, most = None, 0
    for folder in candidates:
        index = PictureIndex(folder)
        count = sum(index.find(name) is not None for name in wanted)
        if count > most:
            best, most = folder, count
    return best
