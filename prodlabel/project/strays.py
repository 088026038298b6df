"""Files of results in the project's folder: where each may lie, and which of them nobody names any more.

Invariant: a file that the project, a backup or a database that was set aside names is never deleted here, so
that going back to any of them finds all that it had.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, text

from prodlabel.core.errors import UserError
from prodlabel.store.atomic import read_json
from prodlabel.store.database import (
    BACKUP_FOLDER,
    DATABASE_NAME,
    Database,
    refuse_foreign_database,
    values_explained,
)

CLASSIFIERS, RESULTS, VECTORS = "classifiers", "results", "vectors"
_NETWORK_BLOCK = re.compile(r"network-([0-9a-f]{16})[.-]")
_WRITTEN = f"*-{'[0-9a-f]' * 32}.npz"
"""What `write_result` calls the files that it writes."""


def inside(folder: Path, home: str, named: str) -> Path | None:
    """What a database calls `named`, where that lies directly in `folder`/`home`; None for anything else.

    Whoever sends a project writes its database: no path from there is read, written or deleted unasked.
    """
    try:
        path = (folder / named).resolve()
        return path if path.parent == (folder / home).resolve() else None
    except (OSError, ValueError, RuntimeError):  # too long, a NUL, a circle of links
        return None


def remove_strays(folder: Path, connection: Connection) -> None:
    """Delete files of results that were written and never registered. Only while nobody else writes any."""
    named = _names(connection)
    strays = {name: path for name, path in _files(folder) if name not in named}
    for database in _other_databases(folder) if strays else ():
        kept = _names_in(database)
        if kept is None:  # it may name any of them, and may be rescued yet
            return
        strays = {name: path for name, path in strays.items() if name not in kept}
    for path in strays.values():
        _remove(path)
    _remove_blocks_of_gone_networks(folder)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _remove_blocks_of_gone_networks(folder: Path) -> None:
    """Delete vectors of pictures by networks of which no version is left: nobody can ask for them."""
    seen = [
        (path, found[1])
        for path in (folder / VECTORS).glob("network-*")
        if (found := _NETWORK_BLOCK.match(path.name))
    ]
    if not seen:
        return
    try:
        versions = [read_json(path) for path in (folder / CLASSIFIERS).glob("*/classifier.json")]
    except UserError:  # it cannot be told whose they are
        return
    stamps = {str(said.get("stamp", "")) for said in versions if isinstance(said, dict)}
    for path, stamp in seen:
        if stamp not in stamps:
            _remove(path)


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Everything that a result may name, and how it would name it."""
    for home, pattern in ((RESULTS, _WRITTEN), (CLASSIFIERS, _WRITTEN), (CLASSIFIERS, "fusion-*/")):
        for path in (folder / home).glob(pattern):
            yield f"{home}/{path.name}", path


def _other_databases(folder: Path) -> Iterator[Path]:
    """Backups, and databases that another one took the place of."""
    yield from (folder / BACKUP_FOLDER).glob("*.sqlite")
    stem, _, ending = DATABASE_NAME.rpartition(".")
    yield from folder.glob(f"{stem}.*.{ending}")


def _names_in(path: Path) -> set[str] | None:
    """What the results of a database that is not open name; None where it cannot be read."""
    try:
        refuse_foreign_database(path)
        database = Database(path, read_only=True)
        try:
            with database.read() as connection:
                return _names(connection)
        finally:
            database.close()
    except UserError:
        return None


def _names(connection: Connection) -> set[str]:
    names = set()
    with values_explained(connection):
        for file, settings in connection.execute(text("SELECT file, settings FROM result")).all():
            names |= {str(file), str(dict(json.loads(settings)).get("folder", ""))}
    return names
