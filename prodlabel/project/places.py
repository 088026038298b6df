"""Where projects lie and what they are called on disk, and who is at the keyboard."""

from __future__ import annotations

import getpass
from pathlib import Path

from prodlabel.store.database import DATABASE_NAME, UNFINISHED_SUFFIX
from prodlabel.store.lock import LOCK_NAME, OWNER_NAME

SUFFIX = ".prodlabel"


def is_project(folder: Path) -> bool:
    """Whether a project lies at `folder`."""
    return (folder / DATABASE_NAME).is_file()


def with_suffix(folder: Path) -> Path:
    """The folder's name with `.prodlabel` at its end."""
    return folder if folder.name.endswith(SUFFIX) else folder.with_name(folder.name + SUFFIX)


def is_unfinished(folder: Path) -> bool:
    """Whether the folder holds nothing but what a `create` left that was killed before it was through."""
    left = (LOCK_NAME, OWNER_NAME, DATABASE_NAME + UNFINISHED_SUFFIX, f".{OWNER_NAME}.")
    return folder.is_dir() and all(one.name.startswith(left) for one in folder.iterdir())


def default_person() -> str:
    """Who is at the keyboard, as the system knows them."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # no entry in the user database, as in some containers
        return "someone"
