"""CSV for spreadsheets: UTF-8 with a byte-order mark, formulas defused in a way that can be undone."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from prodlabel.sources.exports.atomic import replacing
from prodlabel.sources.exports.protocol import COLUMNS, Cell, ExportRow

# A spreadsheet takes a cell that begins so for a formula. The apostrophe is there so that undoing is exact.
_DANGEROUS = re.compile(r"['=+\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")


def defuse(cell: str) -> str:
    """Put an apostrophe before what a spreadsheet would run; signed numbers stay. `restore` undoes it."""
    if _DANGEROUS.match(cell) and not _NUMBER.fullmatch(cell):
        return "'" + cell
    return cell


def restore(cell: str) -> str:
    """The text that `defuse` was given."""
    return cell[1:] if cell.startswith("'") else cell


class CsvExport:
    """Lists and attributes are JSON within their cells."""

    kind = "csv"
    title = "CSV"
    ending = "csv"

    def write(self, path: Path, rows: Iterable[ExportRow], columns: Sequence[str] = COLUMNS) -> int:
        count = 0
        with replacing(path) as file:
            out = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
            try:
                writer = csv.writer(out, lineterminator="\r\n")
                writer.writerow([defuse(column) for column in columns])
                for row in rows:
                    writer.writerow([_said(row.cell(column)) for column in columns])
                    count += 1
            finally:
                out.detach()
        return count


def _said(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return defuse(cell)
    if isinstance(cell, float):
        return repr(cell)
    return json.dumps(cell, ensure_ascii=False) if cell else ""
