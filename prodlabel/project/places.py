"""Where projects lie and what they are called on disk."""

from __future__ import annotations

from pathlib import Path

from prodlabel.core.errors import InputError
from prodlabel.store.database import DATABASE_NAME, UNFINISHED_SUFFIX
from prodlabel.store.lock import LOCK_NAME, OWNER_NAME

SUFFIX = ".prodlabel"


def is_project(folder: Path) -> bool:
    """Whether a project lies at `folder`."""
    return (folder / DATABASE_NAME).is_file()


def with_suffix(folder: Path) -> Path:
    """The folder's name with `.prodlabel` at its end. Raises `InputError` for the top of a disk."""
    if folder.name in ("", ".."):  # a folder that is called by its place has a name all the same
        folder = folder.resolve()
    if not folder.name:
        raise InputError(f"A project needs a folder with a name, and {folder} has none. Choose another.")
    return folder if folder.name.endswith(SUFFIX) else folder.with_name(folder.name + SUFFIX)


def is_unfinished(folder: Path) -> bool:
    """Whether the folder holds nothing but what a `create` left that was killed before it was through."""
    left = (LOCK_NAME, OWNER_NAME, DATABASE_NAME + UNFINISHED_SUFFIX, f".{OWNER_NAME}.")
    return folder.is_dir() and all(one.name.startswith(left) for one in folder.iterdir())
