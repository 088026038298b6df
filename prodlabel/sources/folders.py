"""Products from a folder of pictures: each picture is a product, each folder above it a category level."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from prodlabel.core.errors import InputError
from prodlabel.core.products import Problem, ProductRecord
from prodlabel.core.progress import Progress
from prodlabel.sources.food.attribution import ATTRIBUTION_FILE
from prodlabel.sources.mapping import ColumnMapping
from prodlabel.sources.picture_files import PICTURE_SUFFIXES
from prodlabel.sources.pictures import sniff_format
from prodlabel.sources.protocol import NO_OPTIONS, OpenOptions

_SYSTEM_FILES = frozenset({"thumbs.db", "desktop.ini", "icon\r", "__macosx", ATTRIBUTION_FILE.lower()})


class FolderSource:
    """Recognises any folder; a project folder is none of its business."""

    kind = "folder"
    title = "folder of pictures"

    def recognises(self, location: Path) -> bool:
        return location.is_dir() and location.suffix != ".prodlabel"

    def open(
        self,
        location: Path,
        options: OpenOptions = NO_OPTIONS,  # noqa: ARG002 - a folder leaves nothing to decide
    ) -> FolderCatalogue:
        if not location.is_dir():
            raise InputError(f"{location} is no folder. Choose a folder that holds pictures.")
        return FolderCatalogue(location)


@dataclass(frozen=True)
class FolderCatalogue:
    """A folder of pictures; links are not followed, so nothing outside the folder is read."""

    picture_folder: Path
    kind: str = FolderSource.kind
    columns: tuple[str, ...] = ()
    mapping: ColumnMapping | None = None

    @property
    def title(self) -> str:
        return self.picture_folder.resolve().name

    def records(self, progress: Progress) -> Iterator[ProductRecord | Problem]:
        with progress.stage(f"Read {self.title}", unit="pictures"):
            waiting: list[tuple[str, ...]] = [()]
            while waiting:
                levels = waiting.pop()
                folder = self.picture_folder.joinpath(*levels)
                try:
                    with os.scandir(folder) as listing:
                        entries = sorted(listing, key=lambda entry: entry.name)
                except OSError as error:
                    yield Problem(
                        "folder_unreadable", f"The folder cannot be listed: {error.strerror}.", path=folder
                    )
                    continue
                folders = []
                for entry in entries:
                    progress.check()
                    if entry.name.startswith(".") or entry.name.lower() in _SYSTEM_FILES:
                        continue
                    if entry.is_symlink():
                        message = f"{entry.name} is a link; links are not followed."
                        yield Problem("link_ignored", message, path=Path(entry.path))
                    elif entry.is_dir():
                        folders.append((*levels, entry.name))
                    elif _is_picture(entry):
                        progress.advance()
                        yield _record(levels, entry.name)
                    else:
                        message = f"{entry.name} is no picture of a known kind."
                        yield Problem("not_a_picture", message, path=Path(entry.path))
                waiting.extend(reversed(folders))


def _is_picture(entry: os.DirEntry[str]) -> bool:
    """By its name, else by its first bytes; other files with a picture's name are found when decoded."""
    if Path(entry.name).suffix.lower() in PICTURE_SUFFIXES:
        return True
    try:
        with Path(entry.path).open("rb") as file:
            return sniff_format(file.read(16)) is not None
    except OSError:
        return False


def _record(levels: tuple[str, ...], file_name: str) -> ProductRecord:
    path = "/".join((*levels, file_name))
    stem = Path(file_name).stem if Path(file_name).suffix.lower() in PICTURE_SUFFIXES else file_name
    name = re.sub(r"[\s_-]+", " ", stem).strip() or stem
    category = tuple(" ".join(level.replace("_", " ").split()) or level for level in levels)
    return ProductRecord(key=path, name=name, category=category, picture=path)
