"""Products from any delimited text table (CSV, TSV and their kin), streamed from the file."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from prodlabel.core.errors import InputError
from prodlabel.core.progress import Progress
from prodlabel.sources.assemble import PLAIN, Layout, RowsCatalogue, column_names, open_rows
from prodlabel.sources.columns import looks_like_header
from prodlabel.sources.protocol import NO_OPTIONS, OpenOptions
from prodlabel.sources.rows import RecordReader, Row
from prodlabel.sources.sniff import MARK_BAD_BYTES, Dialect, sniff

_SUFFIXES = frozenset({".csv", ".tsv", ".tab", ".txt", ".psv"})
_SAMPLE_ROWS = 200
_REPORT_EVERY = 64


class TableSource:
    """Any CSV or TSV; what it cannot find out, the user's options say."""

    kind = "table"
    title = "table (CSV, TSV)"

    def recognises(self, location: Path) -> bool:
        return looks_like_text_table(location)

    def open(self, location: Path, options: OpenOptions = NO_OPTIONS) -> RowsCatalogue:
        return open_delimited(location, options, self.kind)


def looks_like_text_table(location: Path) -> bool:
    """Whether the file's name is that of a delimited text."""
    return location.suffix.lower() in _SUFFIXES and location.is_file()


def first_columns(location: Path) -> tuple[str, ...]:
    """The names in the first row. Raises `InputError` where the file cannot be read as text."""
    return column_names(_head(location, sniff(location), 1)[0].values)


def open_delimited(location: Path, options: OpenOptions, kind: str, layout: Layout = PLAIN) -> RowsCatalogue:
    """Open a delimited text. Raises `InputError` where it is empty, binary or does not fit the mapping."""
    dialect = sniff(location, options.encoding, options.delimiter)
    first, *rest = _head(location, dialect, _SAMPLE_ROWS + 1)
    sample = [row.values for row in rest]
    has_header = options.has_header
    if has_header is None:
        has_header = not sample or looks_like_header(first.values, sample)
    if not has_header:
        sample.insert(0, first.values)
    columns = column_names(first.values if has_header else [""] * len(first.values))
    read = partial(_rows, location, dialect, first.number if has_header else 0)
    return open_rows(location, columns, sample, read, options, kind=kind, layout=layout)


def _head(location: Path, dialect: Dialect, count: int) -> list[Row]:
    """The first rows that hold anything: at least one."""
    with location.open("rb") as file, _text(file, dialect.encoding) as text:
        reader = RecordReader(text, dialect.delimiter)
        rows = list(islice((row for row in reader if any(map(str.strip, row.values))), count))
    if not rows:
        raise InputError(f"{location.name} holds no rows. Choose a file with products.")
    return rows


def _text(file: BinaryIO, encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(file, encoding=encoding, errors=MARK_BAD_BYTES, newline="")


def _rows(location: Path, dialect: Dialect, header_number: int, progress: Progress) -> Iterator[Row]:
    """The rows after the header; progress counts kilobytes of the file."""
    total = location.stat().st_size
    with (
        location.open("rb") as file,
        _text(file, dialect.encoding) as text,
        progress.stage(f"Read {location.name}", total // 1024, "kB"),
    ):
        reported = 0

        def report() -> None:
            nonlocal reported
            done = file.tell() // 1024
            progress.advance(done - reported)
            reported = done

        for row in RecordReader(text, dialect.delimiter, report):
            if row.number % _REPORT_EVERY == 0:
                report()
            if row.number > header_number:
                yield row
        report()
