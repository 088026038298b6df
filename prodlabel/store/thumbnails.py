"""Small JPEGs of the products' pictures, and what is known of picture files, in a database of their own.

Invariant: everything here can be made again from the pictures. So writes are not flushed to the disk one by
one, and a damaged file is set aside and started anew without asking.

A store belongs to the thread that opened it; other threads and processes open their own.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.errors import ProjectError
from prodlabel.store.atomic import os_errors_explained, replace_file

_log = logging.getLogger(__name__)
_T = TypeVar("_T")

SIDE_PX = 128
JPEG_QUALITY = 85
DATABASE_NAME = "thumbnails.sqlite"

_FORMAT = 1
_BATCH = 500
_BUSY_S = 10.0
_LONGEST_BYTES = 4 * 2**20
"""Of one value. A JPEG of `SIDE_PX` has some thousand; what is longer was not written by us."""
_OPENING_S = 10.0
_OPCODES = 10_000
_SCHEMA = """
CREATE TABLE IF NOT EXISTS thumbnail (
    key BLOB NOT NULL UNIQUE, width INTEGER NOT NULL, height INTEGER NOT NULL, jpeg BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS picture_file (
    path BLOB PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, key BLOB NOT NULL
) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """`key` is the content hash of the picture's file, `width` and `height` its size in pixels."""

    key: bytes
    width: int
    height: int
    jpeg: bytes


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A file as it was when read: while `size` (bytes) and `mtime_ns` stay, `key` names its content."""

    path: str
    size: int
    mtime_ns: int
    key: bytes


def make_thumbnail(rgb: NDArray[np.uint8], side_px: int = SIDE_PX, quality: int = JPEG_QUALITY) -> bytes:
    """JPEG of an (height, width, 3) RGB picture, shrunk to fit into a square of `side_px`, never enlarged."""
    import cv2

    if rgb.dtype != np.uint8 or rgb.ndim != 3 or rgb.shape[2] != 3 or not rgb.size:
        raise ValueError(f"a picture is (height, width, 3) uint8, not {rgb.shape} {rgb.dtype}")
    height, width = rgb.shape[:2]
    scale = side_px / max(height, width)
    small: NDArray[Any] = rgb
    if scale < 1:
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        # Averaging over areas is the one way of cv2.resize that does not alias when it shrinks.
        small = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
    done, jpeg = cv2.imencode(
        ".jpg", cv2.cvtColor(small, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality]
    )
    if not done:
        raise ValueError("the picture could not be written as JPEG")
    return bytes(jpeg.tobytes())


class ThumbnailStore:
    """The cache of one project. Close it after use, or use it as a context manager."""

    def __init__(self, folder: Path, *, writable: bool = True) -> None:
        """Open `thumbnails.sqlite` in `folder`, made where it is missing.

        A reader (`writable=False`) makes nothing and finds nothing where there is none. Raises ProjectError
        where the folder cannot be read or written.
        """
        self._path = folder / DATABASE_NAME
        self._is_writable = writable
        if writable:
            with os_errors_explained("write", folder):
                folder.mkdir(parents=True, exist_ok=True)
        self._connection = self._open()

    def put_many(self, thumbnails: Iterable[Thumbnail]) -> None:
        """Store thumbnails in one transaction; a key that is there already gets the new one."""
        rows = [(t.key, t.width, t.height, t.jpeg) for t in thumbnails]
        self._write(
            "INSERT INTO thumbnail (key, width, height, jpeg) VALUES (?, ?, ?, ?) ON CONFLICT (key) DO "
            "UPDATE SET width = excluded.width, height = excluded.height, jpeg = excluded.jpeg",
            rows,
        )

    def get_many(self, keys: Sequence[bytes | None]) -> list[bytes | None]:
        """The JPEG for each key, None where there is none (or the key is None)."""
        found = dict(self._select("SELECT key, jpeg FROM thumbnail WHERE key IN", keys))
        return [None if key is None else found.get(key) for key in keys]

    def has(self, keys: Sequence[bytes | None]) -> NDArray[np.bool_]:
        """(n,) bool: whether there is a thumbnail for each key."""
        found = {row[0] for row in self._select("SELECT key FROM thumbnail WHERE key IN", keys)}
        return np.fromiter((key in found for key in keys), dtype=bool, count=len(keys))

    def sizes(self, keys: Sequence[bytes | None]) -> dict[bytes, tuple[int, int]]:
        """Width and height in pixels of the pictures that are known."""
        rows = self._select("SELECT key, width, height FROM thumbnail WHERE key IN", keys)
        return {key: (width, height) for key, width, height in rows}

    def remember_files(self, files: Iterable[PictureFile]) -> None:
        """Note what is in files, so that they need not be read again while they stay unchanged."""
        rows = [(_path_bytes(f.path), f.size, f.mtime_ns, f.key) for f in files]
        self._write(
            "INSERT INTO picture_file (path, size, mtime_ns, key) VALUES (?, ?, ?, ?) ON CONFLICT (path) DO "
            "UPDATE SET size = excluded.size, mtime_ns = excluded.mtime_ns, key = excluded.key",
            rows,
        )

    def known_files(self, paths: Sequence[str]) -> dict[str, PictureFile]:
        """What was noted about files. The caller compares size and time with those on disk."""
        wanted = {_path_bytes(path): path for path in paths}
        rows = self._select("SELECT path, size, mtime_ns, key FROM picture_file WHERE path IN", list(wanted))
        return {wanted[row[0]]: PictureFile(wanted[row[0]], *row[1:]) for row in rows}

    def __len__(self) -> int:
        """How many thumbnails there are."""
        return int(self._run(lambda c: c.execute("SELECT count(*) FROM thumbnail").fetchone()[0]))

    def is_whole(self) -> bool:
        """Whether SQLite finds nothing wrong with the file; a reader of a file that is none raises before."""
        try:
            return bool(self._connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok")
        except sqlite3.DatabaseError:
            return False

    def close(self) -> None:
        """Close the database. May be called twice."""
        self._connection.close()

    def __enter__(self) -> ThumbnailStore:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _write(self, statement: str, rows: list[tuple[Any, ...]]) -> None:
        if not self._is_writable:
            raise ProjectError(f"{self._path.name} is open for reading only. Open the project for writing.")

        def work(connection: sqlite3.Connection) -> None:
            with connection:
                connection.executemany(statement, rows)

        self._run(work)

    def _select(self, statement: str, keys: Sequence[bytes | None]) -> list[tuple[Any, ...]]:
        wanted = list(dict.fromkeys(key for key in keys if key is not None))

        def work(connection: sqlite3.Connection) -> list[tuple[Any, ...]]:
            rows: list[tuple[Any, ...]] = []
            for start in range(0, len(wanted), _BATCH):
                batch = wanted[start : start + _BATCH]
                marks = ",".join("?" * len(batch))
                rows += connection.execute(f"{statement} ({marks})", batch)
            return rows

        return self._run(work)

    def _run(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        """Does `work`; where the file turns out damaged, once more on an empty one."""
        try:
            return work(self._connection)
        except sqlite3.DatabaseError as error:
            if not _is_damage(error):
                raise self._explained(error) from error
        self._connection.close()
        self._set_aside()
        self._connection = self._open()
        try:
            return work(self._connection)
        except sqlite3.DatabaseError as error:
            raise self._explained(error) from error

    def _open(self) -> sqlite3.Connection:
        try:
            return self._connect()
        except sqlite3.DatabaseError as error:
            if not _is_damage(error):
                raise self._explained(error) from error
        self._set_aside()
        try:
            return self._connect()
        except sqlite3.DatabaseError as error:
            raise self._explained(error) from error

    def _connect(self) -> sqlite3.Connection:
        if self._is_writable:
            return self._connect_patiently()
        if not self._path.exists():
            return self._nothing()
        try:
            return self._prepared(self._reader("mode=ro"))
        except sqlite3.OperationalError:
            # A folder in which SQLite cannot make its shared memory file: then nobody writes there either.
            return self._prepared(self._reader("immutable=1"))

    def _connect_patiently(self) -> sqlite3.Connection:
        """Several that make the cache at once meet while they switch to a log, where SQLite does not wait."""
        give_up_s = time.monotonic() + _BUSY_S
        while True:
            try:
                return self._prepared(sqlite3.connect(self._path, timeout=_BUSY_S))
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > give_up_s:
                    raise
                time.sleep(0.02)

    def _reader(self, option: str) -> sqlite3.Connection:
        return sqlite3.connect(f"{self._path.resolve().as_uri()}?{option}", uri=True, timeout=_BUSY_S)

    def _nothing(self) -> sqlite3.Connection:
        """What a reader finds where nothing was made yet."""
        return self._prepared(sqlite3.connect(":memory:"), makes_tables=True)

    def _prepared(
        self, connection: sqlite3.Connection, *, makes_tables: bool | None = None
    ) -> sqlite3.Connection:
        """Sets the connection up and makes the tables; closes it again where that fails."""
        makes_tables = self._is_writable if makes_tables is None else makes_tables
        try:
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_BYTES)
            give_up_s = time.monotonic() + _OPENING_S
            connection.set_progress_handler(lambda: time.monotonic() > give_up_s, _OPCODES)
            connection.executescript(
                "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0;"
                "PRAGMA synchronous = NORMAL;"
            )
            is_empty = not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
            if is_empty and not makes_tables:  # the disk was full when it was made
                connection.close()
                return self._nothing()
            if is_empty:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.executescript(
                    f"BEGIN IMMEDIATE; {_SCHEMA} PRAGMA user_version = {_FORMAT}; COMMIT;"
                )
            if _schema_of(connection) != _our_schema():
                raise _OtherFormatError("it holds what prodlabel did not write")
            if connection.execute("PRAGMA user_version").fetchone()[0] != _FORMAT:
                raise _OtherFormatError("written by another version")
            connection.set_progress_handler(None, 0)
        except BaseException:
            connection.close()
            raise
        return connection

    def _set_aside(self) -> None:
        """Out of the way with a database that is none; one such file is kept for whoever wants to look."""
        if not self._is_writable:
            raise ProjectError(
                f"{self._path} is damaged. Open the project for writing once, so that it is made anew."
            )
        aside = self._path.with_name("thumbnails.damaged.sqlite")
        _log.warning("%s is damaged: set aside as %s and made anew", self._path, aside.name)
        with os_errors_explained("set aside", self._path):
            replace_file(self._path, aside)
            for ending in ("-wal", "-shm"):
                self._path.with_name(DATABASE_NAME + ending).unlink(missing_ok=True)

    def _explained(self, error: sqlite3.DatabaseError) -> ProjectError:
        return ProjectError(
            f"The thumbnails in {self._path} cannot be used ({error}). "
            "Check that the disk is not full, the folder can be written and no other program holds it."
        )


class _OtherFormatError(sqlite3.DatabaseError):
    """The tables are there but mean something else."""


def _schema_of(connection: sqlite3.Connection) -> set[tuple[str, ...]]:
    """What is in the file: nothing of it runs by being looked at, as a view would that is read."""
    rows = connection.execute("SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_master")
    return {tuple(" ".join(str(value).split()) for value in row) for row in rows}


@lru_cache(maxsize=1)
def _our_schema() -> set[tuple[str, ...]]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(_SCHEMA)
        return _schema_of(connection)


def _path_bytes(path: str) -> bytes:
    """File names need not be valid Unicode; SQLite's texts must."""
    return path.encode("utf-8", "surrogatepass")


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    """Whether the file, not the disk or another process, is at fault."""
    if isinstance(error, _OtherFormatError):
        return True
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return False
    primary = code & 0xFF
    # SQLITE_ERROR: a table or column that ours has is missing. SQLITE_INTERRUPT: opening took too long.
    # SQLITE_TOOBIG: a value that we would not have written.
    return primary in (
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_ERROR,
        sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_TOOBIG,
    )
