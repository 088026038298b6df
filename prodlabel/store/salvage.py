"""Reads what is whole out of a damaged database into a new one, page by page around the damage.

Invariant: the damaged file is only read; what is written is a database of the same format in which every row
was either whole in the damaged file or whole in a backup of the same history.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from prodlabel.core.progress import Progress
from prodlabel.store.atomic import os_errors_explained
from prodlabel.store.schema import SEARCH_TABLE

RESCUED = "project.rescued.sqlite"
"""What is being rescued, until it is whole and takes the place of the damaged file."""
_WORK = ".rescue-"
_CHUNK = 2000
_INTERIOR_PAGE = 5
_FARTHEST = 2**40
_AT_DAMAGE, _AT_THE_END, _THERE_IS_MORE = "damage", "end", "more"
LEDGER_TABLES = ("edit", "decision", "change")
_NOT_FROM_BACKUPS = frozenset({"result", "alembic_version"})


@dataclass(slots=True)
class Salvaged:
    """Rows by table: read from the damaged file, and added from a backup."""

    read: dict[str, int] = field(default_factory=dict)
    from_backup: dict[str, int] = field(default_factory=dict)
    gaps: dict[str, int] = field(default_factory=dict)
    """Places by table at which rows could not be read."""


def connect_suspiciously(path: Path) -> sqlite3.Connection:
    """A connection that reads and trusts nothing in the file; its texts need not be text."""
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None)
    connection.text_factory = lambda content: content.decode("utf-8", "replace")
    for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "mmap_size = 0", "query_only = ON"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


@contextmanager
def readable_copy(damaged: Path, fresh: sqlite3.Connection) -> Iterator[Path]:
    """The damaged file, or, where its list of tables is damaged too, a copy with the list of a fresh one.

    A table begins at the same page in every database that was made by the same statements, and stays there.
    """
    if _knows_its_tables(damaged, tables_of(fresh)):
        yield damaged
        return
    (path,) = (row[2] for row in fresh.execute("PRAGMA database_list") if row[1] == "main")
    fresh.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with tempfile.TemporaryDirectory(dir=damaged.parent, prefix=_WORK) as folder:
        copy = Path(folder) / "copy.sqlite"
        shutil.copyfile(damaged, copy)
        _transplant(Path(path), copy)
        yield copy


def remove_half_rescued(folder: Path) -> None:
    """Delete what a kill left of a rescue. Only while nobody else is at one."""
    with os_errors_explained("tidy up", folder):
        for path in folder.glob(f"{RESCUED}*"):
            path.unlink(missing_ok=True)
        for path in folder.glob(f"{_WORK}*"):
            shutil.rmtree(path)


def _knows_its_tables(damaged: Path, wanted: list[str]) -> bool:
    try:
        with closing(connect_suspiciously(damaged)) as connection:
            return set(wanted) <= set(tables_of(connection))
    except sqlite3.DatabaseError:
        return False


def _transplant(fresh: Path, copy: Path) -> None:
    """Put the pages that hold the list of tables into `copy`, which keeps its own header.

    Format: https://www.sqlite.org/fileformat2.html, section 1.6 (b-tree pages).
    """
    content = fresh.read_bytes()
    size = int.from_bytes(content[16:18], "big")
    pages = [1]
    if content[100] == _INTERIOR_PAGE:
        count = int.from_bytes(content[103:105], "big")
        cells = [int.from_bytes(content[112 + 2 * n : 114 + 2 * n], "big") for n in range(count)]
        pages += [int.from_bytes(content[108:112], "big")]
        pages += [int.from_bytes(content[cell : cell + 4], "big") for cell in cells]
    with copy.open("r+b") as file:
        for page in pages:
            start = 100 if page == 1 else 0
            file.seek((page - 1) * size + start)
            file.write(content[(page - 1) * size + start : page * size])


def salvage(damaged: Path, target: sqlite3.Connection, progress: Progress) -> Salvaged:
    """Copy every readable row of `damaged` into the empty tables of `target`, which has the same format."""
    found = Salvaged()
    with closing(connect_suspiciously(damaged)) as source:
        for table in tables_of(target):
            columns = columns_of(target, table)
            marks = ", ".join("?" * len(columns))
            names = ", ".join(columns)
            statement = f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 - our names
            with progress.stage(f"Rescuing {table}", unit="rows"):
                for rows in _rows(source, target, table, columns, found):
                    found.read[table] = found.read.get(table, 0) + len(rows)
                    target.executemany(statement, rows)
                    progress.advance(len(rows))
    return found


def add_from_backup(target: sqlite3.Connection, backup: Path, found: Salvaged) -> bool:
    """Add what is missing from a backup of the same history; whether it was one."""
    target.execute("ATTACH DATABASE ? AS backup", (f"{backup.resolve().as_uri()}?mode=ro&immutable=1",))
    try:
        newest = newest_edit(target)
        is_other = target.execute(
            "SELECT EXISTS (SELECT 1 FROM edit AS e JOIN backup.edit AS b ON b.id = e.id "
            "WHERE b.at_us != e.at_us OR b.summary != e.summary)"
        ).fetchone()[0]
        if is_other:
            return False
        for table in tables_of(target):
            if table in _NOT_FROM_BACKUPS:
                continue
            columns = columns_of(target, table)
            if columns != columns_of(target, table, "backup"):
                return False
            names, limit = ", ".join(columns), ""
            if newest and (key := {"edit": "id", "product": "added_edit"}.get(table, "edit_id")) in columns:
                limit = f" WHERE {key} <= {newest}"
            before = target.total_changes
            target.execute(
                f"INSERT OR IGNORE INTO {table} ({names}) SELECT {names} FROM backup.{table}{limit}"  # noqa: S608
            )
            found.from_backup[table] = target.total_changes - before
    except sqlite3.DatabaseError:  # not whole either: an older one may be
        return False
    finally:
        target.execute("DETACH DATABASE backup")
    return True


def newest_edit(connection: sqlite3.Connection) -> int:
    """The newest line of the history that anything speaks of."""
    statement = (
        "SELECT max((SELECT coalesce(max(id), 0) FROM edit), "
        "(SELECT coalesce(max(edit_id), 0) FROM decision), "
        "(SELECT coalesce(max(edit_id), 0) FROM change), (SELECT coalesce(max(edit_id), 0) FROM label))"
    )
    return int(connection.execute(statement).fetchone()[0])


def tables_of(connection: sqlite3.Connection) -> list[str]:
    """The tables that hold rows of ours, without the search index."""
    rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
    names = [row[0] for row in rows if not row[0].startswith((SEARCH_TABLE, "sqlite_"))]
    # The history first: what it names is looked for in the rest.
    return sorted(names, key=lambda name: (name not in LEDGER_TABLES, name))


def columns_of(connection: sqlite3.Connection, table: str, schema: str = "main") -> list[str]:
    """The columns of a table, in their order."""
    return [row[1] for row in connection.execute(f"PRAGMA {schema}.table_info({table})")]


def _rows(
    source: sqlite3.Connection,
    target: sqlite3.Connection,
    table: str,
    columns: Sequence[str],
    found: Salvaged,
) -> Iterator[list[tuple[Any, ...]]]:
    (made,) = target.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    try:
        kinds = source.execute("SELECT type, sql FROM sqlite_master WHERE name = ?", (table,)).fetchall()
        theirs = columns_of(source, table)
    except sqlite3.DatabaseError:
        kinds, theirs = [], []
    is_ours = len(kinds) == 1 and kinds[0][0] == "table" and "VIRTUAL" not in str(kinds[0][1]).upper()
    if not is_ours or theirs != list(columns):
        found.gaps[table] = 1
        return
    key = columns[0] if "WITHOUT ROWID" in made.upper() else "rowid"
    names = ", ".join(columns)
    reader = _Reader(source, f"SELECT {key}, {names} FROM {table} WHERE {key}", key)  # noqa: S608 - our names
    yield from reader.rows()
    if reader.gaps:
        found.gaps[table] = reader.gaps


class _Reader:
    """Walks along the first column of a table's key and steps over what cannot be read."""

    def __init__(self, source: sqlite3.Connection, select: str, key: str) -> None:
        self._source = source
        self._select = select
        self._key = key
        self.gaps = 0

    def rows(self) -> Iterator[list[tuple[Any, ...]]]:
        """Chunks of rows without the key that was put in front."""
        start: int | None = -_FARTHEST
        while start is not None:
            rows, ending = self._read(start)
            if rows:
                yield [row[1:] for row in rows]
                start = int(rows[-1][0]) + 1
            if ending == _AT_DAMAGE:
                self.gaps += 1
                start = self._beyond(start)
            elif ending == _AT_THE_END:
                return

    def _read(self, start: int) -> tuple[list[tuple[Any, ...]], str]:
        """Rows from `start` on, as far as they can be read, and how that ended.

        A key without rowids may have many rows with the same first column: these come in one piece.
        """
        rows: list[tuple[Any, ...]] = []
        try:
            for row in self._source.execute(f"{self._select} >= ? ORDER BY {self._key}", (start,)):
                # Pages that damage has made point to each other lead back, perhaps for ever.
                if not isinstance(row[0], int) or row[0] < (rows[-1][0] if rows else start):
                    return rows, _AT_DAMAGE
                if len(rows) >= _CHUNK and row[0] != rows[-1][0]:
                    return rows, _THERE_IS_MORE
                rows.append(row)
        except (sqlite3.DatabaseError, OverflowError):
            return rows, _AT_DAMAGE
        return rows, _AT_THE_END

    def _beyond(self, start: int) -> int | None:
        """The smallest key from `start` on at which reading works again; None where it never does."""
        step, failing = 1, start
        while not self._works(start + step):
            failing, step = start + step, step * 2
            if step > _FARTHEST:
                return None
        working = start + step
        while working - failing > 1:
            middle = (working + failing) // 2
            if self._works(middle):
                working = middle
            else:
                failing = middle
        return working

    def _works(self, start: int) -> bool:
        statement = f"{self._select} >= ? ORDER BY {self._key} LIMIT 1"
        try:
            row = self._source.execute(statement, (start,)).fetchone()
        except (sqlite3.DatabaseError, OverflowError):
            return False
        return row is None or (isinstance(row[0], int) and row[0] >= start)
