"""Turns the values of typed formats (JSON, Parquet, SQLite, spreadsheets) into the texts that a row holds.

Nothing is lost that a text can say: numbers keep their digits, lists and objects become JSON.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from prodlabel.core.errors import InputError
from prodlabel.sources.rows import FIELD_LIMIT, Row

COLUMNS_LIMIT = 5_000


def cell_text(value: Any) -> str:
    """The text of one value; None, empty lists and objects are empty, bytes are no text and left out."""
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, bytes | bytearray | memoryview):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        # An EAN that a spreadsheet keeps as a number is still an EAN.
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
    if isinstance(value, list | tuple | Mapping):
        return json.dumps(value, ensure_ascii=False, default=str) if value else ""
    return value.isoformat() if isinstance(value, date | datetime | time) else str(value)


def make_row(number: int, values: Iterable[Any], flaws: Sequence[str] = ()) -> Row:
    """A row of texts; what is longer than `FIELD_LIMIT` is cut and marked."""
    texts = [cell_text(value) for value in values]
    if any(len(text) > FIELD_LIMIT for text in texts):
        texts = [text[:FIELD_LIMIT] for text in texts]
        flaws = (*flaws, "field_too_long")
    return Row(number, texts, tuple(flaws))


def columns_of(records: Iterable[Mapping[str, Any]], name: str) -> tuple[str, ...]:
    """All field names of some records in the order in which they first appear.

    Raises `InputError` where there are none, or more than any catalogue has.
    """
    columns: dict[str, None] = {}
    for record in records:
        columns.update(dict.fromkeys(record))
    if not columns:
        raise InputError(f"{name} holds no products. Choose a file with records that have named fields.")
    if len(columns) > COLUMNS_LIMIT:
        raise InputError(
            f"{name} has more than {COLUMNS_LIMIT:,} different fields. Choose a table of products."
        )
    return tuple(columns)


def record_row(
    number: int, record: Mapping[str, Any], columns: Sequence[str], flaws: Sequence[str] = ()
) -> Row:
    """The row of a record with named fields; fields that are no column are left out and marked."""
    if len(record) > len(columns) or not record.keys() <= set(columns):
        flaws = (*flaws, "late_field")
    return make_row(number, [record.get(column) for column in columns], flaws)


def path_of(text: str) -> tuple[str, ...] | None:
    """The levels of a category that is written as a JSON list of texts; None for anything else."""
    if not text.startswith("["):
        return None
    try:
        levels = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(levels, list) or not all(isinstance(level, str) for level in levels):
        return None
    return tuple(level for part in levels if (level := part.strip()))
