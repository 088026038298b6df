"""Parquet, read by batches; lists and maps become JSON, pictures and vectors in it are passed over."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from prodlabel.core.errors import InputError
from prodlabel.core.progress import Progress
from prodlabel.sources.assemble import RowsCatalogue, column_names, open_rows
from prodlabel.sources.cells import COLUMNS_LIMIT, make_row
from prodlabel.sources.own_export import layout_of_records
from prodlabel.sources.protocol import NO_OPTIONS, OpenOptions
from prodlabel.sources.rows import Row

_BATCH = 512
_SAMPLE = 200
_METADATA_LIMIT = 64 * 1024 * 1024
_GROUP_LIMIT = 4 * 1024**3
"""Bytes that the texts of one group of rows may unpack to."""


class ParquetSource:
    """Any Parquet file."""

    kind = "parquet"
    title = "Parquet"

    def recognises(self, location: Path) -> bool:
        return location.suffix.lower() in (".parquet", ".pq") and location.is_file()

    def open(self, location: Path, options: OpenOptions = NO_OPTIONS) -> RowsCatalogue:
        with open_parquet(location) as file:
            names = tuple(field.name for field in file.schema_arrow if _is_text(field.type))
            if not names:
                raise InputError(f"{location.name} holds no columns of texts. Choose a table of products.")
            sample = [row.values for row in islice(_batches(file, names, Progress()), _SAMPLE)]
        columns = column_names(names)
        read = partial(_rows, location, names)
        layout = layout_of_records(columns)
        return open_rows(location, columns, sample, read, options, kind=self.kind, layout=layout)


def open_parquet(location: Path) -> Any:
    """The open file, a context manager. Raises `InputError` where it is damaged or larger than sense."""
    import pyarrow as pa
    from pyarrow import parquet

    try:
        file = parquet.ParquetFile(
            location,
            thrift_string_size_limit=_METADATA_LIMIT,
            thrift_container_size_limit=1_000_000,
            page_checksum_verification=True,
        )
    except (pa.ArrowException, OSError, ValueError) as error:
        raise InputError(
            f"{location.name} cannot be read as Parquet ({_first_line(error)}). Write it anew."
        ) from error
    metadata = file.metadata
    largest = max((metadata.row_group(i).total_byte_size for i in range(metadata.num_row_groups)), default=0)
    names = file.schema_arrow.names
    if largest > _GROUP_LIMIT or len(names) > COLUMNS_LIMIT or len(set(names)) < len(names):
        file.close()
        raise InputError(
            f"{location.name} has groups of rows above 4 GB, over {COLUMNS_LIMIT:,} columns, or two columns "
            "with one name. Write it anew with smaller groups."
        )
    return file


def _is_text(kind: Any) -> bool:
    """Whether values of this type say something in words: not bytes, and no lists of numbers."""
    import pyarrow as pa

    if pa.types.is_dictionary(kind):
        return _is_text(kind.value_type)
    if pa.types.is_struct(kind):
        return all(
            _is_text(kind.field(i).type) or _is_number(kind.field(i).type) for i in range(kind.num_fields)
        )
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
        return _is_text(kind.value_type) and not _is_number(kind.value_type)
    is_bytes = (
        pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind)
    )
    return not is_bytes


def _is_number(kind: Any) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_floating(kind) or pa.types.is_integer(kind))


def _rows(location: Path, names: tuple[str, ...], progress: Progress) -> Iterator[Row]:
    with (
        open_parquet(location) as file,
        progress.stage(f"Read {location.name}", file.metadata.num_rows, "rows"),
    ):
        yield from _batches(file, names, progress)


def _batches(file: Any, names: tuple[str, ...], progress: Progress) -> Iterator[Row]:
    import pyarrow as pa

    number = 0
    maps = {name for name in names if pa.types.is_map(file.schema_arrow.field(name).type)}
    batches = file.iter_batches(batch_size=_BATCH, columns=list(names), use_threads=False)
    while True:
        try:
            batch = next(batches, None)
            if batch is None:
                return
            columns = [batch.column(name).to_pylist() for name in names]
        except (pa.ArrowException, OSError, ValueError, OverflowError):
            yield Row(number + 1, [], ("file_cut_off",))
            return
        for at, name in enumerate(names):
            if name in maps:
                columns[at] = [None if pairs is None else dict(pairs) for pairs in columns[at]]
        for values in zip(*columns, strict=True):
            number += 1
            yield make_row(number, values)
        progress.advance(batch.num_rows)


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200].rstrip(".")
