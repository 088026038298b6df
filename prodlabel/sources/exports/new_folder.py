"""Folders that appear whole or not at all, with names that every system accepts."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from prodlabel.core.errors import InputError

_NAME_LIMIT = 80
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\..*)?", re.IGNORECASE)


@contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """A folder to fill that is called `path` at the end; on any error nothing is left of it.

    Raises `InputError` where `path` is there already and not an empty folder, or cannot be made.
    """
    if path.is_symlink() or path.is_file() or (path.is_dir() and any(path.iterdir())):
        raise InputError(f"{path} is there already and not empty. Choose a new folder.")
    try:
        temporary = Path(tempfile.mkdtemp(prefix=f".{path.name[:80]}.", suffix=".part", dir=path.parent))
    except OSError as error:
        raise InputError(f"{path} cannot be made ({error.strerror}). Choose another place.") from error
    try:
        yield temporary
        temporary.chmod(0o755)
        if path.is_dir():
            path.rmdir()
        temporary.replace(path)
    except BaseException as error:
        shutil.rmtree(temporary, ignore_errors=True)
        if isinstance(error, OSError):
            raise InputError(
                f"{path} cannot be written ({error.strerror}). Check the free space and your rights."
            ) from error
        raise


def safe_name(name: str) -> str:
    """A name for a file or folder on every system: no separators, reserved words, final dots or great length.

    Names that had to be changed get a few letters of their hash, so that two of them stay two.
    """
    clean = _FORBIDDEN.sub("_", name).rstrip(". ").lstrip(" ")
    if clean.startswith("."):
        clean = "_" + clean[1:]
    if not clean or _RESERVED.fullmatch(clean):
        clean = f"_{clean}"
    while len(clean.encode("utf-8")) > _NAME_LIMIT:
        clean = clean[: max(1, len(clean) - 1 - (len(clean.encode("utf-8")) - _NAME_LIMIT) // 4)]
    if clean == name:
        return name
    mark = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()
    return f"{clean.rstrip('. ')}-{mark}"


class NameBook:
    """Gives every name in a folder to one owner only; systems that ignore case see two names as two."""

    def __init__(self) -> None:
        self._taken: dict[tuple[str, str], str] = {}

    def name_for(self, folder: str, owner: str, suffix: str = "") -> str:
        """The name of `owner` within `folder` (a path as text); the same owner gets the same name."""
        base, count = safe_name(owner), 1
        name = base + suffix
        while self._taken.setdefault((folder, name.casefold()), owner) != owner:
            count += 1
            name = f"{base} ({count}){suffix}"
        return name


def bring(source: Path, target: Path, *, is_linked: bool) -> None:
    """Copy a picture, or make it the same file under two names (a hard link) where the disk allows that."""
    if is_linked:
        try:
            os.link(source, target)
        except OSError:  # another disk, or a file system without links: a copy does as well
            shutil.copyfile(source, target)
        return
    shutil.copyfile(source, target)
