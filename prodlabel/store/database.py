"""Opening `project.sqlite`: safe settings, one writer, readers of their own, old versions migrated.

A project may come from a stranger: SQLite is told to trust nothing in the file, views and triggers are
refused, and the file is checked before it is used.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, bindparam, create_engine, event, insert, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.pool import StaticPool

from prodlabel.core.errors import ProjectDamagedError, ProjectError
from prodlabel.store.schema import KNOWN_TABLES, SCHEMA_VERSION, SEARCH_TABLE

DATABASE_NAME = "project.sqlite"
BACKUP_FOLDER = "backups"
_APPLICATION_ID = 0x70726C62  # "prlb": lets `file` and the opener recognise a project database
_QUICKLY_CHECKED_BYTES = 64 * 2**20


class Database:
    """The database of one open project, used by one thread; workers open a reader of their own."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path = path
        self.is_read_only = read_only
        self.engine = _engine(path, read_only=read_only)

    def close(self) -> None:
        self.engine.dispose()

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction, committed at the end or rolled back whole."""
        if self.is_read_only:
            raise ProjectError("The project is open for reading only. Close it elsewhere and open it again.")
        try:
            with self.engine.connect() as connection:
                connection.execution_options(is_writing=True)
                with connection.begin():
                    yield connection
        except OperationalError as error:
            raise _explained(error, self.path) from error

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent view: everything read inside belongs to one moment."""
        try:
            with self.engine.connect() as connection:
                yield connection
        except DatabaseError as error:
            raise _explained(error, self.path) from error


def create_database(path: Path) -> Database:
    """A new, empty database of the newest version. Raises `ProjectError` where the file exists."""
    if path.exists():
        raise ProjectError(f"{path} exists already. Choose another name or open the project.")
    from prodlabel.store.migrate import migrate

    database = Database(path)
    with database.write() as connection:
        connection.exec_driver_sql(f"PRAGMA application_id = {_APPLICATION_ID}")
        migrate(connection)
    return database


def open_database(path: Path, *, read_only: bool = False) -> Database:
    """Open an existing database after looking at it with suspicion; migrate it where it is old.

    Raises `ProjectError` where there is none or it is too new, `ProjectDamagedError` where it is not whole.
    """
    if not path.is_file():
        raise ProjectError(f"There is no project at {path.parent}. Make one with `prodlabel new`.")
    database = Database(path, read_only=read_only)
    try:
        with database.read() as connection:
            _refuse_foreign_objects(connection, path)
            _check(connection, path)
            version = _version(connection, path)
        if version != SCHEMA_VERSION:
            _upgrade(database, version)
    except BaseException:
        database.close()
        raise
    return database


def _engine(path: Path, *, read_only: bool) -> Engine:
    mode = "ro" if read_only else "rwc"
    uri = f"{path.resolve().as_uri()}?mode={mode}"

    def connect() -> sqlite3.Connection:
        try:
            connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=5.0)
            _secure(connection, read_only=read_only)
        except sqlite3.Error as error:
            raise _explained(error, path) from error
        return connection

    engine = create_engine("sqlite://", creator=connect, poolclass=StaticPool)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # The driver's own idea of transactions starts them too late for a consistent read.
        is_writing = connection.get_execution_options().get("is_writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")

    return engine


def _secure(connection: sqlite3.Connection, *, read_only: bool) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA trusted_schema = OFF")
    cursor.execute("PRAGMA cell_size_check = ON")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA mmap_size = 0")
    cursor.execute("PRAGMA cache_size = -65536")
    cursor.execute("PRAGMA temp_store = MEMORY")
    if not read_only:
        cursor.execute("PRAGMA journal_mode = WAL")
        # An acknowledged label survives a power cut: 4 ms a commit are worth it.
        cursor.execute("PRAGMA synchronous = FULL")
    cursor.close()


def _refuse_foreign_objects(connection: Connection, path: Path) -> None:
    rows = connection.execute(text("SELECT type, name FROM sqlite_master")).all()
    for kind, name in rows:
        is_ours = (
            name in KNOWN_TABLES
            or name.startswith(("sqlite_", f"{SEARCH_TABLE}_", "ix_", "uq_"))
            or name == SEARCH_TABLE
        )
        if kind in {"trigger", "view"} or not is_ours:
            raise ProjectDamagedError(
                f"{path} holds a {kind} “{name}” that prodlabel did not write. "
                "Do not use this project, or restore a backup of it."
            )


def _check(connection: Connection, path: Path) -> None:
    """A quick look at the whole file, or at the narrow tables where the file is large."""
    tables: tuple[str | None, ...] = (None,)
    if path.stat().st_size > _QUICKLY_CHECKED_BYTES:
        tables = ("info", "edit", "category")
    for table in tables:
        statement = "PRAGMA quick_check(1)" if table is None else f"PRAGMA quick_check('{table}')"
        verdict = connection.execute(text(statement)).scalar()
        if verdict != "ok":
            raise ProjectDamagedError(
                f"{path} is damaged ({verdict}). Restore one of the backups in {path.parent / 'backups'}."
            )


def _version(connection: Connection, path: Path) -> str:
    names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
    if "alembic_version" not in names:
        raise ProjectDamagedError(f"{path} is not a prodlabel project. Open another folder.")
    version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if not isinstance(version, str):
        raise ProjectDamagedError(f"{path} does not say its version. Restore a backup.")
    if version > SCHEMA_VERSION:
        raise ProjectError(
            f"The project was written by a newer prodlabel (format {version}, this one knows "
            f"{SCHEMA_VERSION}). Update prodlabel and open it again."
        )
    return version


def _upgrade(database: Database, version: str) -> None:
    if database.is_read_only:
        raise ProjectError(
            "The project has an older format. Open it once for writing to bring it up to date."
        )
    from prodlabel.store.backups import make_backup
    from prodlabel.store.migrate import migrate

    folder = database.path.parent / BACKUP_FOLDER
    make_backup(database.path, folder, f"before-format-{SCHEMA_VERSION}-from-{version}")
    with database.write() as connection:
        migrate(connection)


def _explained(error: Exception, path: Path) -> ProjectError:
    """The project's error for what SQLite reports."""
    said = str(getattr(error, "orig", error))
    if "locked" in said or "busy" in said:
        return ProjectError(f"{path} is in use by another program. Close it there and try again.")
    if "disk is full" in said or "disk I/O" in said:
        return ProjectError(f"{path} cannot be written ({said}). Free some space and try again.")
    if "readonly" in said or "unable to open" in said:
        return ProjectError(f"{path} cannot be written ({said}). Check the folder's permissions.")
    if "malformed" in said or "not a database" in said or "corrupt" in said:
        return ProjectDamagedError(
            f"{path} is damaged ({said}). Restore one of the backups in {path.parent / 'backups'}."
        )
    return ProjectError(f"{path}: {said}")


def insert_many(
    connection: Connection, table: Table, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> None:
    """Add many rows as tuples in the order of `columns`.

    Straight to the driver: a dictionary for each of a million rows would cost more than writing them.
    """
    if not rows:
        return
    statement = insert(table).values({name: bindparam(name) for name in columns})
    compiled = statement.compile(dialect=connection.dialect, column_keys=list(columns))
    order = [columns.index(name) for name in compiled.positiontup or columns]
    if order != list(range(len(columns))):
        rows = [tuple(row[at] for at in order) for row in rows]
    connection.exec_driver_sql(str(compiled), list(rows))


def raw_cursor(connection: Connection) -> Any:
    """The driver's cursor, for reading millions of narrow rows without an object for each."""
    driver = connection.connection.driver_connection
    assert driver is not None
    return driver.cursor()


def upsert(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that may be told what to do on conflict, in the dialect of this connection."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)
