"""What a backup holds, for somebody who has to choose one: products, labels, last steps, format.

Invariant: a backup is only read, as suspiciously as a project; one that cannot be read says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from prodlabel.core.errors import UserError
from prodlabel.core.labels import Status
from prodlabel.store.backups import list_backups
from prodlabel.store.database import Database, refuse_foreign_database, values_explained

_SHOWN_STEPS = 5


@dataclass(frozen=True, slots=True)
class LastStep:
    """One line of a backup's history."""

    at_us: int
    person: str
    summary: str


@dataclass(frozen=True, slots=True)
class BackupContents:
    """One backup. `problem` says why it cannot be used, or is ""; the counts are then 0."""

    path: Path
    made: datetime
    reason: str
    size_bytes: int
    format: str = ""
    products: int = 0
    labelled: int = 0
    decided: int = 0
    """Products whose label a person confirmed, accepted, rejected or flagged."""
    categories: int = 0
    edits: int = 0
    last_steps: tuple[LastStep, ...] = ()
    problem: str = ""


def read_backups(folder: Path) -> list[BackupContents]:
    """The backups in `folder`, newest first, and what each holds."""
    found = []
    for backup in list_backups(folder):
        known = (backup.path, backup.made, backup.reason, backup.size_bytes)
        try:
            found.append(BackupContents(*known, *_contents(backup.path)))
        except UserError as error:
            found.append(BackupContents(*known, problem=str(error)))
    return found


def _contents(path: Path) -> tuple[str, int, int, int, int, int, tuple[LastStep, ...]]:
    refuse_foreign_database(path)
    database = Database(path, read_only=True)
    try:
        with database.read() as connection, values_explained(connection):
            return (
                str(_one(connection, "SELECT version_num FROM alembic_version")),
                _one(connection, _COUNTS[0]),
                _one(connection, _COUNTS[1]),
                _one(connection, _COUNTS[2], none=int(Status.NONE), imported=int(Status.IMPORTED)),
                _one(connection, _COUNTS[3]),
                _one(connection, _COUNTS[4]),
                _last_steps(connection),
            )
    finally:
        database.close()


def _one(connection: Connection, statement: str, **values: int) -> Any:
    return connection.execute(text(statement), values).scalar_one()


def _last_steps(connection: Connection) -> tuple[LastStep, ...]:
    statement = text("SELECT at_us, person, summary FROM edit ORDER BY id DESC LIMIT :shown")
    rows = connection.execute(statement, {"shown": _SHOWN_STEPS})
    return tuple(LastStep(int(row.at_us), str(row.person), str(row.summary)) for row in rows)


_COUNTS = (
    "SELECT count(*) FROM product WHERE is_present",
    "SELECT count(*) FROM label WHERE category_id != 0",
    "SELECT count(*) FROM label WHERE status NOT IN (:none, :imported)",
    "SELECT count(*) FROM category WHERE is_present",
    "SELECT count(*) FROM edit",
)
