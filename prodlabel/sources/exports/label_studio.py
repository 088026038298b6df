"""Label Studio tasks: the product as `data`, its label as an annotation, the suggestion as a prediction.

The fields fit `<Taxonomy name="category" toName="text"/>` and `<Text name="text" value="$description"/>`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from prodlabel.sources.exports.json_text import write_list
from prodlabel.sources.exports.protocol import COLUMNS, PROVENANCE, ExportRow, text

_DATA = tuple(column for column in COLUMNS if column not in PROVENANCE and column != "category")


class LabelStudioExport:
    """One task a product; products without a category have no annotation."""

    kind = "label-studio"
    title = "Label Studio tasks (JSON)"
    ending = "json"

    def write(self, path: Path, rows: Iterable[ExportRow], columns: Sequence[str] = COLUMNS) -> int:
        wanted = [column for column in columns if column in _DATA or column not in COLUMNS]
        return write_list(path, (_task(number, row, wanted) for number, row in enumerate(rows, 1)))


def _task(number: int, row: ExportRow, columns: Sequence[str]) -> dict[str, Any]:
    task: dict[str, Any] = {"id": number, "data": {column: row.cell(column) for column in columns}}
    if row.category:
        annotation = {"id": number, "result": [_choice(row.category)], "was_cancelled": False}
        for name, said in (
            ("completed_by", row.person),
            ("created_at", row.decided_at),
            ("reason", row.reason),
        ):
            if said:
                annotation[name] = text(said)
        task["annotations"] = [annotation]
    if row.suggestion:
        task["predictions"] = [
            {
                "model_version": text(row.classifier_version),
                "score": row.confidence,
                "result": [_choice(row.suggestion)],
            }
        ]
    return task


def _choice(path: Sequence[str]) -> dict[str, Any]:
    """Paths are lists: a name may hold any character."""
    value = {"taxonomy": [[text(name) for name in path]]}
    return {"from_name": "category", "to_name": "text", "type": "taxonomy", "value": value}
