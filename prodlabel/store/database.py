"""Opening `project.sqlite`: safe settings, one writer, readers of their own, old versions migrated.

A project may come from a stranger: SQLite is told to trust nothing in the file, views and triggers are
refused, and the file is checked before it is used.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Dialect, Engine, Table, bindparam, create_engine, event, insert, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import StaticPool

from prodlabel.core.errors import ProjectDamagedError, ProjectError
from prodlabel.store.atomic import os_errors_explained, replace_file, sync_folder
from prodlabel.store.schema import KNOWN_TABLES, SCHEMA_VERSION, SEARCH_TABLE

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

DATABASE_NAME = "project.sqlite"
BACKUP_FOLDER = "backups"
UNFINISHED_SUFFIX = ".new"
_APPLICATION_ID = 0x70726C62  # "prlb": lets `file` and the opener recognise a project database
_LONGEST_BYTES = 32 * 2**20
"""Of one value: an import cuts texts at a million characters, so what is longer was not written by us."""
_QUICKLY_CHECKED_BYTES = 64 * 2**20


class Database:
    """The database of one open project, used by one thread; workers open one of their own.

    Whoever writes beside another in this process shares its `turn`: SQLite makes the second writer wait by
    sleeping longer and longer, a lock lets it go on at once.
    """

    def __init__(self, path: Path, *, read_only: bool = False, turn: threading.RLock | None = None) -> None:
        self.path = path
        self.is_read_only = read_only
        self.turn = turn or threading.RLock()
        self.engine = _engine(path, read_only=read_only)
        self._reading: Connection | None = None

    def close(self) -> None:
        self.engine.dispose()

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction, committed at the end or rolled back whole."""
        if self.is_read_only:
            raise ProjectError("The project is open for reading only. Close it elsewhere and open it again.")
        with (
            self.turn,
            sqlite_errors_explained(self.path),
            self.engine.connect() as connection,
        ):
            if not self.path.exists():
                # Some systems go on writing into a file that nobody will ever find again.
                raise ProjectError(
                    f"{self.path} is gone: moved, removed, or on a disk that is no longer there. "
                    "Bring it back; until then nothing can be changed."
                )
            connection.execution_options(is_writing=True)
            with connection.begin():
                yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent view: what is read inside belongs to one moment, also what a reading within reads."""
        if self._reading is not None:
            yield self._reading
            return
        # The transaction is begun here: not every way of reading would begin one.
        with sqlite_errors_explained(self.path), self.engine.connect() as connection, connection.begin():
            self._reading = connection
            try:
                yield connection
            finally:
                self._reading = None


def create_database(path: Path, fill: Callable[[Connection], None] = lambda _: None) -> Database:
    """A new database of the newest version, with what `fill` writes into it, in one step.

    It gets its name when it is whole: a kill on the way leaves no half project, only a file that the next
    attempt overwrites. Raises `ProjectError` where the file exists.
    """
    if path.exists():
        raise ProjectError(f"{path} exists already. Choose another name or open the project.")
    from prodlabel.store.migrate import migrate

    unnamed = path.with_name(path.name + UNFINISHED_SUFFIX)
    for ending in ("", "-wal", "-shm"):
        unnamed.with_name(unnamed.name + ending).unlink(missing_ok=True)
    database = Database(unnamed)
    try:
        with database.write() as connection:
            connection.exec_driver_sql(f"PRAGMA application_id = {_APPLICATION_ID}")
            migrate(connection)
            fill(connection)
    finally:
        database.close()  # the last one to close writes the log back into the file
    with os_errors_explained("write", path):
        replace_file(unnamed, path)
        sync_folder(path.parent)
    return Database(path)


def open_database(path: Path, *, read_only: bool = False) -> Database:
    """Open an existing database after looking at it with suspicion; migrate it where it is old.

    Raises `ProjectError` where there is none or it is too new, `ProjectDamagedError` where it is not whole.
    """
    _refuse_foreign_file(path)
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


def refuse_foreign_database(path: Path) -> None:
    """Raise `ProjectDamagedError` for a file that is no project's database or holds what we never write."""
    _refuse_foreign_file(path)
    database = Database(path, read_only=True)
    try:
        with database.read() as connection:
            _refuse_foreign_objects(connection, path)
    finally:
        database.close()


def _engine(path: Path, *, read_only: bool) -> Engine:
    mode = "ro" if read_only else "rwc"
    uri = f"{path.resolve().as_uri()}?mode={mode}"

    def connect() -> sqlite3.Connection:
        with sqlite_errors_explained(path):
            try:
                return _connected(uri, read_only=read_only)
            except sqlite3.OperationalError:
                # In a folder that cannot be written, SQLite cannot make the files it reads a log with. Where
                # there is no log, nobody writes, and the file can be read as it lies there.
                if not read_only or path.with_name(path.name + "-wal").exists():
                    raise
                return _connected(f"{uri}&immutable=1", read_only=True)

    engine = create_engine("sqlite://", creator=connect, poolclass=StaticPool)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # The driver's own idea of transactions starts them too late for a consistent read.
        is_writing = connection.get_execution_options().get("is_writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")

    return engine


def _connected(uri: str, *, read_only: bool) -> sqlite3.Connection:
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=5.0)
    try:
        _secure(connection, read_only=read_only)
        connection.execute("PRAGMA schema_version").fetchone()  # only now is the file looked at
    except BaseException:
        connection.close()
        raise
    return connection


def _secure(connection: sqlite3.Connection, *, read_only: bool) -> None:
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_BYTES)
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


def _refuse_foreign_file(path: Path) -> None:
    """Look at the first bytes before SQLite does: opening for writing changes whatever file it is given."""
    with os_errors_explained("open", path):
        if not path.is_file():
            raise ProjectError(f"There is no project at {path.parent}. Make one with `prodlabel new`.")
        with path.open("rb") as file:
            header = file.read(100)
    if len(header) < 100 or not header.startswith(b"SQLite format 3\0"):
        raise ProjectDamagedError(
            f"{path} is not the database that prodlabel wrote. "
            f"Restore one of the backups in {path.parent / BACKUP_FOLDER}, "
            "or rescue what is whole with `prodlabel check --repair`."
        )
    if int.from_bytes(header[68:72], "big") != _APPLICATION_ID:
        raise ProjectDamagedError(f"{path} was not made by prodlabel. Open another folder.")


def _is_ours(kind: str, name: str, sql: str | None) -> bool:
    """Whether prodlabel, or SQLite on its behalf, makes such a thing."""
    is_virtual = (sql or "").upper().startswith("CREATE VIRTUAL")
    match kind:
        case "index":
            return name.startswith(("sqlite_autoindex_", "ix_", "uq_"))
        case "table" if name == SEARCH_TABLE:
            return is_virtual and "USING FTS5(" in (sql or "").upper()
        case "table":
            is_known = name in KNOWN_TABLES or name.startswith(f"{SEARCH_TABLE}_")
            return (is_known or name.startswith("sqlite_stat")) and not is_virtual
        case _:
            return False


def _refuse_foreign_objects(connection: Connection, path: Path) -> None:
    for kind, name, sql in connection.execute(text("SELECT type, name, sql FROM sqlite_master")).all():
        if not _is_ours(kind, name, sql):
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
            raise damaged(path, str(verdict))


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
    from prodlabel.store.backups import make_backup, thin_backups
    from prodlabel.store.migrate import migrate

    folder = database.path.parent / BACKUP_FOLDER
    make_backup(database.path, folder, f"before-format-{SCHEMA_VERSION}-from-{version}")
    with database.write() as connection:
        migrate(connection)
    thin_backups(folder)


@contextmanager
def sqlite_errors_explained(path: Path) -> Iterator[None]:
    """Turns what SQLite reports of the file or the disk into the project's error; defects pass as such."""
    try:
        yield
    except (DatabaseError, sqlite3.DatabaseError) as error:
        cause = getattr(error, "orig", None) or error
        if isinstance(cause, sqlite3.IntegrityError | sqlite3.ProgrammingError):
            raise
        raise _explained(cause, path) from error
    except UnicodeDecodeError as error:  # SQLite quoted bytes of a damaged file in its message
        raise damaged(path, "it holds bytes that are no text") from error


def _explained(error: BaseException, path: Path) -> ProjectError:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    if code == sqlite3.SQLITE_IOERR_SHORT_READ:
        return damaged(path, str(error))
    match code & 0xFF:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return ProjectError(f"{path} is in use by another program. Close it there and try again.")
        case sqlite3.SQLITE_FULL | sqlite3.SQLITE_IOERR:
            return ProjectError(f"{path} cannot be read or written ({error}). Free some space and try again.")
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            return ProjectError(f"{path} cannot be written ({error}). Check the folder's permissions.")
        case _:
            # Our own statements are right: tables that are missing or bytes that are no text mean damage.
            return damaged(path, str(error))


def damaged(path: Path, found: str) -> ProjectDamagedError:
    """The error for a database that is not what prodlabel wrote."""
    return ProjectDamagedError(
        f"{path} is damaged ({found}). Restore one of the backups in {path.parent / BACKUP_FOLDER}, "
        "or rescue what is whole with `prodlabel check --repair`."
    )


@contextmanager
def values_explained(connection: Connection) -> Iterator[None]:
    """Turns a stored value that makes no sense (a text for a number, bad JSON) into the project's error."""
    try:
        yield
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
        name = str(connection.exec_driver_sql("PRAGMA database_list").all()[0][2])
        raise damaged(Path(name), f"a value makes no sense: {error}") from error


def insert_many(
    connection: Connection, table: Table, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> None:
    """Add many rows as tuples in the order of `columns`.

    Straight to the driver: a dictionary for each of a million rows would cost more than writing them.
    """
    if not rows:
        return
    statement, order = _insertion(table, tuple(columns), connection.dialect)
    if order != tuple(range(len(columns))):
        rows = [tuple(row[at] for at in order) for row in rows]
    connection.exec_driver_sql(statement, list(rows))


@lru_cache(maxsize=256)
def _insertion(table: Table, columns: tuple[str, ...], dialect: Dialect) -> tuple[str, tuple[int, ...]]:
    """The statement, and which column each of its places is for; small batches would be half compiling."""
    statement = insert(table).values({name: bindparam(name) for name in columns})
    compiled = statement.compile(dialect=dialect, column_keys=list(columns))
    return str(compiled), tuple(columns.index(name) for name in compiled.positiontup or columns)


def raw_cursor(connection: Connection) -> Any:
    """The driver's cursor, for reading millions of narrow rows without an object for each."""
    driver = connection.connection.driver_connection
    assert driver is not None
    return driver.cursor()


def rows_as_array(connection: Connection, cursor: Any, width: int) -> NDArray[np.int64]:
    """What the cursor brings, (n, `width`), without a list of all rows on the way."""
    with values_explained(connection):
        return np.fromiter(chain.from_iterable(cursor), dtype=np.int64).reshape(-1, width)


def upsert(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that may be told what to do on conflict, in the dialect of this connection."""
    if connection.dialect.name != "postgresql":
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # a sixth of a second that few need

    return postgresql.insert(table)
