"""What a backup holds, for somebody who has to choose one: products, labels, last steps, format.

Invariant: a backup is only read, as suspiciously as a project; one that cannot be read says so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
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
    return [
        _filled(BackupContents(one.path, one.made, one.reason, one.size_bytes))
        for one in list_backups(folder)
    ]


def read_present(database: Path) -> BackupContents:
    """What the database of a project holds now; its newest steps first. The project may be open."""
    made = datetime.now().astimezone()
    if not database.is_file():
        return BackupContents(database, made, "", 0, problem=f"There is no project at {database.parent}.")
    return _filled(BackupContents(database, made, "", database.stat().st_size))


def _filled(backup: BackupContents) -> BackupContents:
    try:
        refuse_foreign_database(backup.path)
        database = Database(backup.path, read_only=True)
        try:
            with database.read() as connection, values_explained(connection):
                return _read(backup, connection)
        finally:
            database.close()
    except UserError as error:
        return replace(backup, problem=str(error))


def _read(backup: BackupContents, connection: Connection) -> BackupContents:
    return replace(
        backup,
        format=str(_one(connection, "SELECT version_num FROM alembic_version")),
        products=_one(connection, "SELECT count(*) FROM product WHERE is_present"),
        labelled=_one(connection, "SELECT count(*) FROM label WHERE category_id != 0"),
        decided=_one(
            connection,
            "SELECT count(*) FROM label WHERE status NOT IN (:none, :imported)",
            none=int(Status.NONE),
            imported=int(Status.IMPORTED),
        ),
        categories=_one(connection, "SELECT count(*) FROM category WHERE is_present"),
        edits=_one(connection, "SELECT count(*) FROM edit"),
        last_steps=_last_steps(connection),
    )


def _one(connection: Connection, statement: str, **values: int) -> Any:
    return connection.execute(text(statement), values).scalar_one()


def _last_steps(connection: Connection) -> tuple[LastStep, ...]:
    statement = text("SELECT at_us, person, summary FROM edit ORDER BY id DESC LIMIT :shown")
    rows = connection.execute(statement, {"shown": _SHOWN_STEPS})
    return tuple(LastStep(int(row.at_us), str(row.person), str(row.summary)) for row in rows)
