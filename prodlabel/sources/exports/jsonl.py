"""JSON Lines: one product a line, lists and attributes as such."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from prodlabel.sources.exports.atomic import replacing
from prodlabel.sources.exports.protocol import COLUMNS, ExportRow


class JsonlExport:
    """UTF-8, line feeds, entries in the order of the columns."""

    kind = "jsonl"
    title = "JSON Lines"
    ending = "jsonl"

    def write(self, path: Path, rows: Iterable[ExportRow], columns: Sequence[str] = COLUMNS) -> int:
        count = 0
        with replacing(path) as file:
            for row in rows:
                line = json.dumps({column: row.cell(column) for column in columns}, ensure_ascii=False)
                file.write(line.encode("utf-8") + b"\n")
                count += 1
        return count
