"""A table of an SQLite file, which is opened for reading only and trusted with nothing.

Only plain tables are read: no views, no virtual tables, no functions; and nothing is ever written.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from itertools import islice
from pathlib import Path

from prodlabel.core.errors import InputError
from prodlabel.core.progress import Progress
from prodlabel.sources.assemble import RowsCatalogue, column_names, open_rows
from prodlabel.sources.cells import make_row
from prodlabel.sources.columns import guess_mapping
from prodlabel.sources.own_export import layout_of_records
from prodlabel.sources.protocol import NO_OPTIONS, OpenOptions
from prodlabel.sources.rows import Row

_SUFFIXES = frozenset({".sqlite", ".sqlite3", ".db", ".db3"})
_MAGIC = b"SQLite format 3\0"
_VALUE_LIMIT = 64 * 1024 * 1024
_SAMPLE = 200
_BATCH = 200
_OPCODES = 100_000
"""So many steps of SQLite's machine pass between two looks at a cancel: a few milliseconds."""
_DEFENCES = ("query_only = ON", "trusted_schema = OFF", "cell_size_check = ON", "mmap_size = 0")
_READS = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_PRAGMA})


class SqliteSource:
    """The table that the options name, or the only one that looks like products."""

    kind = "sqlite"
    title = "SQLite table"

    def recognises(self, location: Path) -> bool:
        if location.suffix.lower() not in _SUFFIXES or not location.is_file():
            return False
        with location.open("rb") as file:
            return file.read(len(_MAGIC)) == _MAGIC

    def open(self, location: Path, options: OpenOptions = NO_OPTIONS) -> RowsCatalogue:
        try:
            with closing(_connect(location)) as connection:
                table = _choose(connection, location, options.table)
                names = _column_names(connection, table)
                sample = [
                    row.values for row in islice(_select(connection, table, names, Progress()), _SAMPLE)
                ]
        except sqlite3.Error as error:
            raise InputError(
                f"{location.name} cannot be read as an SQLite database ({error}). Choose another file."
            ) from error
        columns = column_names(names)
        read = partial(_rows, location, table, names)
        layout = layout_of_records(columns)
        return open_rows(location, columns, sample, read, options, kind=self.kind, layout=layout)


def table_names(location: Path) -> tuple[str, ...]:
    """The plain tables of a file. Raises `InputError` where it is no database."""
    try:
        with closing(_connect(location)) as connection:
            return _tables(connection)
    except sqlite3.Error as error:
        raise InputError(
            f"{location.name} cannot be read as an SQLite database ({error}). Save it anew."
        ) from error


def _connect(location: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{location.resolve().as_uri()}?mode=ro", uri=True)
    try:
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _VALUE_LIMIT)
        connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        for defence in _DEFENCES:
            connection.execute(f"PRAGMA {defence}")
        connection.text_factory = lambda raw: raw.decode("utf-8", "prodlabel.mark")
        connection.set_authorizer(
            lambda action, *_: sqlite3.SQLITE_OK if action in _READS else sqlite3.SQLITE_DENY
        )
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _tables(connection: sqlite3.Connection) -> tuple[str, ...]:
    """By name; virtual tables would run code of extensions, shadow and system tables hold no products."""
    listed = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'table'")
    return tuple(
        sorted(
            str(name)
            for name, sql in listed
            if not str(name).lower().startswith("sqlite_") and not _is_virtual(str(sql))
        )
    )


def _is_virtual(sql: str) -> bool:
    return sql.upper().split()[:2] == ["CREATE", "VIRTUAL"]


def _choose(connection: sqlite3.Connection, location: Path, wanted: str | None) -> str:
    tables = _tables(connection)
    if wanted is not None:
        if wanted not in tables:
            raise InputError(f"{location.name} has no table named {wanted}. It has: {', '.join(tables)}.")
        return wanted
    named = [table for table in tables if _looks_like_products(connection, table)] or list(tables)
    if len(named) == 1:
        return named[0]
    if not named:
        raise InputError(f"{location.name} holds no tables. Choose another file.")
    raise InputError(f"{location.name} has several tables. Name one of: {', '.join(named)}.")


def _looks_like_products(connection: sqlite3.Connection, table: str) -> bool:
    guessed = guess_mapping(_column_names(connection, table), [])
    return guessed.name is not None and (guessed.description or guessed.category) is not None


def _column_names(connection: sqlite3.Connection, table: str) -> tuple[str, ...]:
    """Without generated columns, whose expressions would be run."""
    return tuple(
        str(row[1]) for row in connection.execute(f"PRAGMA table_xinfo({_quoted(table)})") if not row[6]
    )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _rows(location: Path, table: str, names: tuple[str, ...], progress: Progress) -> Iterator[Row]:
    with closing(_connect(location)) as connection, progress.stage(f"Read {location.name}", unit="rows"):
        connection.set_progress_handler(lambda: progress.token.is_cancelled, _OPCODES)
        yield from _select(connection, table, names, progress)


def _select(
    connection: sqlite3.Connection, table: str, names: tuple[str, ...], progress: Progress
) -> Iterator[Row]:
    """The rows in the order in which they are stored; a damaged page ends the reading and is reported."""
    listed = ", ".join(_quoted(name) for name in names)
    # The names come from the file's own list and are quoted.
    cursor = connection.execute(f"SELECT {listed} FROM {_quoted(table)}")  # noqa: S608
    number = 0
    while True:
        try:
            batch = cursor.fetchmany(_BATCH)
        except sqlite3.Error:
            progress.check()
            yield Row(number + 1, [], ("file_cut_off",))
            return
        if not batch:
            return
        for values in batch:
            number += 1
            has_bytes = any(isinstance(value, bytes) for value in values)
            yield make_row(number, values, ("not_text",) if has_bytes else ())
        progress.advance(len(batch))
