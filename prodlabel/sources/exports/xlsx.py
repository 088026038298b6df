"""XLSX for spreadsheets: every cell a text, formulas defused as in CSV, the same rows give the same bytes.

A cell holds at most 32,767 characters; the rest of a longer text stands in pieces on a second sheet.
"""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from prodlabel.core.errors import InputError
from prodlabel.sources.exports.atomic import replacing
from prodlabel.sources.exports.csv import defuse
from prodlabel.sources.exports.protocol import COLUMNS, Cell, ExportRow

SHEET, LONG_TEXTS = "products", "long texts"
ROW_LIMIT = 1_048_576
_CELL_LIMIT = 32_000
_MOMENT = (1980, 1, 1, 0, 0, 0)
# What XML 1.0 cannot hold, carriage returns (which parsers change), and what looks like such an escape.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

_PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet2.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        "</Types>"
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
        "</Relationships>"
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        f'<sheet name="{SHEET}" sheetId="1" r:id="rId1"/><sheet name="{LONG_TEXTS}" sheetId="2" r:id="rId2"/>'
        "</sheets></workbook>"
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_OFFICE}/worksheet" Target="worksheets/sheet2.xml"/>'
        "</Relationships>"
    ),
}


class XlsxExport:
    """Lists and attributes are JSON within their cells."""

    kind = "xlsx"
    title = "spreadsheet (XLSX)"
    ending = "xlsx"

    def write(self, path: Path, rows: Iterable[ExportRow], columns: Sequence[str] = COLUMNS) -> int:
        with (
            replacing(path) as file,
            TemporaryFile() as long_texts,
            zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
        ):
            for name, content in _PARTS.items():
                archive.writestr(_member(name), _HEAD + content)
            overflow = _Sheet(long_texts)
            overflow.add(["row", "column", "text"])
            with archive.open(_member("xl/worksheets/sheet1.xml"), "w", force_zip64=True) as sheet:
                count = _write_products(_Sheet(sheet), overflow, rows, columns)
            overflow.close()
            long_texts.seek(0)
            with archive.open(_member("xl/worksheets/sheet2.xml"), "w", force_zip64=True) as sheet:
                shutil.copyfileobj(long_texts, sheet)
        return count


def _member(name: str) -> zipfile.ZipInfo:
    """The same on every day and system."""
    member = zipfile.ZipInfo(name, _MOMENT)
    member.compress_type = zipfile.ZIP_DEFLATED
    member.create_system = 0
    return member


def _write_products(
    sheet: _Sheet, overflow: _Sheet, rows: Iterable[ExportRow], columns: Sequence[str]
) -> int:
    count = 0
    sheet.add([defuse(column) for column in columns])
    for row in rows:
        count += 1
        if count >= ROW_LIMIT:
            raise InputError("A spreadsheet holds at most 1,048,576 rows. Export as CSV or Parquet instead.")
        cells = [_said(row.cell(column)) for column in columns]
        sheet.add([cell[:_CELL_LIMIT] for cell in cells])
        for column, cell in enumerate(cells, 1):
            for start in range(_CELL_LIMIT, len(cell), _CELL_LIMIT):
                # The mark keeps a piece that begins like a formula from being one; it is part of no text.
                overflow.add([str(count + 1), str(column), "'" + cell[start : start + _CELL_LIMIT]])
    sheet.close()
    return count


class _Sheet:
    """Writes the XML of one sheet."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._number = 0
        file.write(f'{_HEAD}<worksheet xmlns="{_MAIN}"><dimension ref="A1"/><sheetData>'.encode())

    def add(self, cells: Iterable[str]) -> None:
        self._number += 1
        parts = [
            f'<c r="{_letters(at)}{self._number}" t="inlineStr"><is>'
            f'<t xml:space="preserve">{_escaped(cell)}</t></is></c>'
            for at, cell in enumerate(cells, 1)
            if cell
        ]
        self._file.write(f'<row r="{self._number}">{"".join(parts)}</row>'.encode())

    def close(self) -> None:
        self._file.write(b"</sheetData></worksheet>")


def _letters(column: int) -> str:
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _escaped(text: str) -> str:
    text = _UNSAFE.sub(lambda found: f"_x{ord(found.group()):04X}_", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _said(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return defuse(cell)
    if isinstance(cell, float):
        return repr(cell)
    return json.dumps(cell, ensure_ascii=False) if cell else ""
