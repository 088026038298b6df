"""Parquet: typed columns for programs; the same bytes from the same version of pyarrow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from prodlabel.sources.exports.atomic import replacing
from prodlabel.sources.exports.protocol import COLUMNS, ExportRow

_BATCH = 10_000


class ParquetExport:
    """Texts, a nullable `confidence`, lists, and `attributes` as a map."""

    kind = "parquet"
    title = "Parquet"
    ending = "parquet"

    def write(self, path: Path, rows: Iterable[ExportRow], columns: Sequence[str] = COLUMNS) -> int:
        import pyarrow as pa
        from pyarrow import parquet

        schema = _schema(columns)
        left, count = iter(rows), 0
        with replacing(path) as file, parquet.ParquetWriter(file, schema, compression="zstd") as writer:
            while batch := list(islice(left, _BATCH)):
                listed = {column: [row.cell(column) for row in batch] for column in columns}
                if "attributes" in listed:
                    listed["attributes"] = [list(row.cell("attributes").items()) for row in batch]  # type: ignore
                writer.write_table(pa.table(listed, schema=schema))
                count += len(batch)
        return count


def _schema(columns: Sequence[str]) -> Any:
    import pyarrow as pa

    alternative = pa.struct([("category", pa.string()), ("confidence", pa.float64())])
    types = {
        "confidence": pa.float64(),
        "alternatives": pa.list_(alternative),
        "reasons": pa.list_(pa.string()),
        "attributes": pa.map_(pa.string(), pa.string()),
    }
    return pa.schema([(column, types.get(column, pa.string())) for column in columns])
