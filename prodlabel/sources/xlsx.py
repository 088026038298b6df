"""Spreadsheets (XLSX): the values of one sheet, row by row; macros, links and formulas are never run.

Before the library sees the file its members are checked as those of any archive, and every part that is XML
for a document type. Texts too long for a cell are read from the sheet that prodlabel's export puts them in.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any
from xml.parsers import expat

from prodlabel.core.errors import InputError
from prodlabel.core.progress import Progress
from prodlabel.sources.assemble import RowsCatalogue, column_names, open_rows
from prodlabel.sources.cells import make_row
from prodlabel.sources.columns import looks_like_header
from prodlabel.sources.exports.csv import restore
from prodlabel.sources.exports.xlsx import LONG_TEXTS, ROW_LIMIT
from prodlabel.sources.own_export import is_own, layout_of_records
from prodlabel.sources.protocol import NO_OPTIONS, OpenOptions
from prodlabel.sources.rows import Row
from prodlabel.sources.safe_zip import BROKEN, BombError, open_archive
from prodlabel.sources.xml_items import new_parser

_SUFFIXES = frozenset({".xlsx", ".xlsm", ".xltx", ".xltm"})
_SHARED_LIMIT = 256 * 1024 * 1024
"""Bytes of the list of shared texts, which the library holds whole."""
_SMALL_PART_LIMIT = 32 * 1024 * 1024
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_ERRORS = frozenset({"#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!"})
_SAMPLE = 200
_COLUMN_LIMIT = 2_000


class XlsxSource:
    """The sheet that the options name, or the first that holds anything."""

    kind = "xlsx"
    title = "spreadsheet (XLSX)"

    def recognises(self, location: Path) -> bool:
        return location.suffix.lower() in _SUFFIXES and location.is_file()

    def open(self, location: Path, options: OpenOptions = NO_OPTIONS) -> RowsCatalogue:
        _check_parts(location)
        with _workbook(location) as book:
            sheet, head = _first_filled(book, location, options.table)
        first, *rest = head
        sample = [row.values for row in rest]
        has_header = options.has_header
        if has_header is None:
            has_header = not sample or looks_like_header(first.values, sample)
        if not has_header:
            sample.insert(0, first.values)
        columns = column_names(first.values if has_header else [""] * len(first.values))
        place = _Place(location, sheet, first.number if has_header else 0, len(columns), is_own(columns))
        layout = layout_of_records(columns)
        return open_rows(location, columns, sample, place.rows, options, kind=self.kind, layout=layout)


def sheet_names(location: Path) -> tuple[str, ...]:
    """The sheets of a workbook. Raises `InputError` where it is none."""
    _check_parts(location)
    with _workbook(location) as book:
        return tuple(book.sheetnames)


def _check_parts(location: Path) -> None:
    """Refuse bombs and document types before anything is read in earnest."""
    with open_archive(location) as archive:
        for member in archive.infolist():
            name = member.filename.lower()
            if not name.endswith((".xml", ".rels", ".vml")):
                continue
            is_sheet = "/worksheets/sheet" in name
            limit = _SHARED_LIMIT if name.endswith("sharedstrings.xml") else _SMALL_PART_LIMIT
            if member.file_size > limit and not is_sheet:
                raise BombError(
                    f"{location.name} holds a part of {member.file_size:,} bytes. Export it as CSV."
                )
            _refuse_document_type(archive, member, location.name)


class _HasBegun(Exception):  # noqa: N818 - the way to stop the parser
    """The first element is reached: no document type can follow."""


def _refuse_document_type(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> None:
    parser = new_parser(name)

    def begin(*_: object) -> None:
        raise _HasBegun

    parser.StartElementHandler = begin
    try:
        with archive.open(member) as file:
            while piece := file.read(4096):
                parser.Parse(piece, False)
    except _HasBegun:
        return
    except (*BROKEN, expat.ExpatError) as error:
        raise InputError(f"{name} is damaged ({member.filename}). Open and save it again.") from error


@contextmanager
def _workbook(location: Path) -> Iterator[Any]:
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = openpyxl.load_workbook(
            location, read_only=True, data_only=True, keep_vba=False, keep_links=False
        )
    except (*_DAMAGES, InvalidFileException) as error:
        raise InputError(f"{location.name} is no workbook that can be read. Save it anew as XLSX.") from error
    try:
        yield book
    finally:
        book.close()


def _first_filled(book: Any, location: Path, wanted: str | None) -> tuple[str, list[Row]]:
    """The sheet and its first rows that hold anything."""
    if wanted is not None and wanted not in book.sheetnames:
        raise InputError(f"{location.name} has no sheet {wanted}. It has: {', '.join(book.sheetnames)}.")
    for name in [wanted] if wanted is not None else book.sheetnames:
        rows = (row for row in _sheet_rows(book[name], 0) if any(map(str.strip, row.values)))
        head = list(islice(rows, _SAMPLE + 1))
        if head:
            return name, head
    raise InputError(f"{location.name} holds no rows. Choose a file with products.")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the products stand; `width` is the number of columns."""

    location: Path
    sheet: str
    header_number: int
    width: int
    is_own_export: bool

    def rows(self, progress: Progress) -> Iterator[Row]:
        """The rows below the header."""
        with _workbook(self.location) as book, progress.stage(f"Read {self.location.name}", unit="rows"):
            is_split = self.is_own_export and LONG_TEXTS in book.sheetnames
            long_texts = _LongTexts(book) if is_split else None
            for row in _sheet_rows(book[self.sheet], self.width):
                progress.advance()
                if row.number <= self.header_number:
                    continue
                if long_texts is not None:
                    long_texts.complete(row)
                if self.is_own_export:
                    yield row._replace(values=[restore(value) for value in row.values])
                else:
                    yield row


_DAMAGES = (
    *BROKEN, expat.ExpatError, SyntaxError, ValueError, TypeError, KeyError, IndexError, AttributeError,
    OverflowError,
)  # fmt: skip
"""What the library raises, sooner or later, for parts that are not what they should be."""


def _sheet_rows(sheet: Any, width: int) -> Iterator[Row]:
    """The rows of a sheet, at least `width` wide; ends with a flaw where the file is damaged."""
    if not hasattr(sheet, "reset_dimensions"):  # a sheet that is a chart
        return
    # A sheet's own word about its size may be a lie that costs memory.
    sheet.reset_dimensions()
    number = 0
    rows = sheet.iter_rows(max_row=ROW_LIMIT, values_only=True)
    while True:
        try:
            values = next(rows, None)
        except _DAMAGES:
            yield Row(number + 1, [], ("file_cut_off",))
            return
        if values is None:
            return
        number += 1
        is_blank = all(value is None for value in values)
        yield Row(number, []) if is_blank else _row(number, values[:_COLUMN_LIMIT], width)


def _row(number: int, values: tuple[Any, ...], width: int) -> Row:
    flaws: tuple[str, ...] = ()
    said = [_unescaped(value) if isinstance(value, str) else value for value in values]
    if any(isinstance(value, str) and value in _ERRORS for value in said):
        said = ["" if isinstance(value, str) and value in _ERRORS else value for value in said]
        flaws = ("error_value",)
    row = make_row(number, said, flaws)
    while len(row.values) > width > 0 and not row.values[-1]:
        row.values.pop()
    row.values.extend([""] * (width - len(row.values)))
    return row


def _unescaped(text: str) -> str:
    """`_x000D_` stands for a character that XML cannot hold (ECMA-376 part 1, 22.9.2.19)."""
    return _ESCAPE.sub(lambda found: chr(int(found.group(1), 16)), text) if "_x" in text else text


class _LongTexts:
    """Follows the sheet of long texts, which is in the order of the rows, one step ahead of them."""

    def __init__(self, book: Any) -> None:
        self._rows = _sheet_rows(book[LONG_TEXTS], 3)
        next(self._rows, None)
        self._next = next(self._rows, None)

    def complete(self, row: Row) -> None:
        while self._next is not None and len(self._next.values) == 3:
            at, column, text = self._next.values
            if not (at.isdecimal() and column.isdecimal()) or int(at) > row.number:
                return
            if int(at) == row.number and 1 <= int(column) <= len(row.values):
                row.values[int(column) - 1] += restore(text)
            self._next = next(self._rows, None)
