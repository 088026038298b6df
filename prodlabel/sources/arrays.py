"""Vectors and coordinates that were computed elsewhere: `.npy` in the order of the products, or with keys.

Invariant: a file is looked at piece by piece (it is mapped, or read by batches), and nothing of it is run.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.errors import InputError
from prodlabel.sources.parquet_table import open_parquet

MOST_NUMBERS = 16_384
_BATCH = 4_096
_KEYS = ("key", "id", "ids", "product_id", "code", "sku")
_X, _Y = ("x", "umap_x", "tsne_x", "x1"), ("y", "umap_y", "tsne_y", "x2")

Part = tuple[list[str] | None, NDArray[np.float32]]
"""Keys (None: in the order of the products) and numbers (n, d) of some rows."""


@dataclass(frozen=True, slots=True)
class NumbersFile:
    """`rows` numbers rows of `width` numbers each; `column` and `key_column` say where they stand in a table.

    `keys`: read from a file of their own.
    """

    location: Path
    rows: int
    width: int
    keys: tuple[str, ...] | None = None
    column: str | None = None
    key_column: str | None = None

    @property
    def has_keys(self) -> bool:
        """Whether each row says whose it is."""
        return self.keys is not None or self.key_column is not None

    def parts(self) -> Iterator[Part]:
        """All rows in order, piece by piece. Raises `InputError` for numbers that are none."""
        at = 0
        for keys, numbers in self._raw_parts():
            bad = np.flatnonzero(~np.isfinite(numbers).all(axis=1))
            if len(bad):
                raise InputError(
                    f"Row {at + int(bad[0]) + 1} of {self.location.name} holds what is no finite number. "
                    "Correct it, or leave the row out."
                )
            at += len(numbers)
            yield keys, numbers

    def _raw_parts(self) -> Iterator[Part]:
        if self.column is not None:
            yield from _parquet_parts(self)
            return
        array = _mapped(self.location)
        for start in range(0, self.rows, _BATCH):
            stop = min(start + _BATCH, self.rows)
            keys = None if self.keys is None else list(self.keys[start:stop])
            yield keys, np.asarray(array[start:stop], dtype=np.float32)


def open_numbers(
    location: Path, ids: Path | None = None, column: str | None = None, key_column: str | None = None
) -> NumbersFile:
    """A `.npy` of shape (n, d), its keys in `ids` (one a line, or `.npy`), or a column of lists in a Parquet
    file. Raises `InputError`.
    """
    if not location.is_file():
        raise InputError(f"{location} does not exist. Check the path.")
    if location.suffix.lower() in (".parquet", ".pq"):
        if ids is not None:
            raise InputError(f"{location.name} has its keys in a column. Leave --ids out.")
        return _open_parquet_numbers(location, column, key_column)
    array = _mapped(location)
    keys = None if ids is None else read_ids(ids)
    if keys is not None and len(keys) != len(array):
        raise InputError(
            f"{ids} names {len(keys):,} products, but {location.name} has {len(array):,} rows. "
            "Give one key for each row."
        )
    return NumbersFile(location, len(array), array.shape[1], keys)


def _mapped(location: Path) -> NDArray[Any]:
    try:
        array = np.load(location, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError, SyntaxError, OverflowError, MemoryError) as error:
        raise InputError(f"{location.name} is no .npy file of numbers. Save it with numpy.save.") from error
    if not isinstance(array, np.ndarray) or array.ndim != 2 or array.dtype.kind not in "fiu":
        raise InputError(f"{location.name} is no table of numbers. Give one row for each product (n, d).")
    if not 1 <= array.shape[1] <= MOST_NUMBERS:
        raise InputError(
            f"{location.name} has {array.shape[1]:,} numbers a row. Give up to {MOST_NUMBERS:,}."
        )
    return array


def read_ids(path: Path) -> tuple[str, ...]:
    """Keys, one a line, or from a `.npy` of texts or whole numbers. Raises `InputError`."""
    try:
        if path.suffix.lower() == ".npy":
            # Mapped: a header may claim more than there is memory for.
            array = np.load(path, mmap_mode="r", allow_pickle=False)
            if not isinstance(array, np.ndarray) or array.ndim != 1 or array.dtype.kind not in "USiu":
                raise ValueError("no list of keys")
            keys = [one.decode() if isinstance(one, bytes) else str(one) for one in array.tolist()]
        else:
            keys = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, ValueError, EOFError, SyntaxError, OverflowError, MemoryError) as error:
        raise InputError(f"{path} is no list of keys. Write one key a line.") from error
    return tuple(key.strip() for key in keys)


def _open_parquet_numbers(location: Path, column: str | None, key_column: str | None) -> NumbersFile:
    import pyarrow as pa

    with open_parquet(location) as file:
        schema = file.schema_arrow
        lists = [one.name for one in schema if _is_list_of_numbers(one.type)]
        column = column or (lists[0] if len(lists) == 1 else None)
        if column not in lists:
            told = f"Choose among {', '.join(lists)}." if lists else "Choose another file."
            raise InputError(f"{location.name} has no column of vectors that is meant alone. {told}")
        names = {name.lower(): name for name in schema.names}
        key_column = key_column or next((names[one] for one in _KEYS if one in names), None)
        if key_column is not None and key_column not in schema.names:
            raise InputError(f"{location.name} has no column {key_column}. Name the one that holds the keys.")
        try:
            first = next(file.iter_batches(batch_size=1, columns=[column]), None)
        except (pa.ArrowException, OSError) as error:
            raise InputError(f"{location.name} is damaged. Write it anew.") from error
        vector = None if first is None or not len(first) else first.column(0)[0].as_py()
        if not vector or len(vector) > MOST_NUMBERS:
            raise InputError(f"{location.name} begins without a vector. Leave out the rows that have none.")
        return NumbersFile(location, file.metadata.num_rows, len(vector), None, column, key_column)


def _is_list_of_numbers(kind: Any) -> bool:
    import pyarrow as pa

    is_list = pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind)
    return bool(is_list and (pa.types.is_floating(kind.value_type) or pa.types.is_integer(kind.value_type)))


def _parquet_parts(numbers: NumbersFile) -> Iterator[Part]:
    import pyarrow as pa

    wanted = [name for name in (numbers.column, numbers.key_column) if name is not None]
    with open_parquet(numbers.location) as file:
        try:
            for batch in file.iter_batches(batch_size=_BATCH, columns=wanted, use_threads=False):
                held = batch.column(numbers.column)
                flat = held.flatten().to_numpy(zero_copy_only=False)
                lengths = held.value_lengths().to_numpy(zero_copy_only=False) if len(held) else np.zeros(0)
                if held.null_count or not (lengths == numbers.width).all():
                    raise InputError(
                        f"The vectors in {numbers.location.name} are not all of {numbers.width:,} numbers. "
                        "Leave out the rows that have none."
                    )
                keys = None
                if numbers.key_column is not None:
                    keys = [str(one) for one in batch.column(numbers.key_column).to_pylist()]
                yield keys, np.asarray(flat, dtype=np.float32).reshape(len(held), numbers.width)
        except (pa.ArrowException, OSError) as error:
            raise InputError(f"{numbers.location.name} is damaged. Write it anew.") from error


def read_xy(location: Path, ids: Path | None = None) -> tuple[tuple[str, ...] | None, NDArray[np.float32]]:
    """Keys (None: in the order of the products) and coordinates (n, 2), from a `.npy`, or from the columns
    key, x and y of a CSV or Parquet file. Raises `InputError`.
    """
    if location.suffix.lower() == ".npy":
        numbers = open_numbers(location, ids)
        if numbers.width != 2:
            raise InputError(f"{location.name} has {numbers.width} numbers a row. Give two: x and y.")
        return numbers.keys, np.concatenate([part for _, part in numbers.parts()] or [np.zeros((0, 2), "f4")])
    table = _parquet_columns(location) if location.suffix.lower() in (".parquet", ".pq") else _csv(location)
    names = {name.strip().lower(): name for name in table}
    x, y, key = (next((names[one] for one in wanted if one in names), None) for wanted in (_X, _Y, _KEYS))
    if x is None or y is None:
        raise InputError(f"{location.name} has no columns x and y. Name them so.")
    try:
        xy = np.array([table[x], table[y]], dtype=np.float32).T
    except (ValueError, TypeError) as error:
        raise InputError(f"The columns {x} and {y} of {location.name} hold more than numbers.") from error
    if not np.isfinite(xy).all():
        raise InputError(f"{location.name} holds coordinates that are no finite numbers. Correct them.")
    return (None if key is None else tuple(str(one).strip() for one in table[key])), xy


def _parquet_columns(location: Path) -> dict[str, list[Any]]:
    import pyarrow as pa

    with open_parquet(location) as file:
        names = [name for name in file.schema_arrow.names if name.lower() in (*_X, *_Y, *_KEYS)]
        try:
            found: dict[str, list[Any]] = file.read(columns=names).to_pydict()
        except (pa.ArrowException, OSError, ValueError) as error:
            raise InputError(f"{location.name} is damaged. Write it anew.") from error
    return found


def _csv(location: Path) -> dict[str, list[Any]]:
    try:
        text = location.read_text(encoding="utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
    except (OSError, ValueError, csv.Error) as error:
        raise InputError(f"{location} is no table. Give a .npy, CSV or Parquet file.") from error
    return {name: [row.get(name) for row in rows] for name in (rows[0] if rows else {}) if name is not None}
