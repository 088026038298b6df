"""COCO with categories of whole pictures: an image a product, an annotation (without a box) for its label.

Products without a picture are images without a file name; `key`, `name` and the rest stand with the image.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from prodlabel.sources.exports.atomic import replacing
from prodlabel.sources.exports.json_text import encoded, write_elements
from prodlabel.sources.exports.protocol import COLUMNS, PATH_SEPARATOR, PROVENANCE, ExportRow, text

_IMAGE = tuple(
    column for column in COLUMNS if column not in PROVENANCE and column not in ("category", "picture")
)


class CocoExport:
    """Categories are numbered in the order in which they are met."""

    kind = "coco"
    title = "COCO categories (JSON)"
    ending = "json"

    def write(self, path: Path, rows: Iterable[ExportRow], columns: Sequence[str] = COLUMNS) -> int:
        wanted = [column for column in columns if column in _IMAGE or column not in COLUMNS]
        categories: dict[tuple[str, ...], int] = {}
        with replacing(path) as file, TemporaryFile() as annotations:
            file.write(b'{"images": ')
            count = write_elements(file, _images(rows, wanted, categories, annotations))
            annotations.seek(0)
            file.write(b',\n"annotations": [')
            shutil.copyfileobj(annotations, file)
            file.write(b'\n],\n"categories": ')
            write_elements(file, (_category(number, names) for names, number in categories.items()))
            file.write(b"}\n")
        return count


def _images(
    rows: Iterable[ExportRow],
    columns: Sequence[str],
    categories: dict[tuple[str, ...], int],
    annotations: IO[bytes],
) -> Iterator[dict[str, Any]]:
    is_first = True
    for number, row in enumerate(rows, 1):
        if row.category:
            category = categories.setdefault(row.category, len(categories) + 1)
            annotation = {"id": number, "image_id": number, "category_id": category}
            annotations.write((b"\n" if is_first else b",\n") + encoded(annotation))
            is_first = False
        said: dict[str, Any] = {column: row.cell(column) for column in columns}
        yield {**said, "id": number, "file_name": text(row.picture) or None}


def _category(number: int, names: tuple[str, ...]) -> dict[str, Any]:
    above = text(PATH_SEPARATOR.join(names[:-1])) or "none"
    return {"id": number, "name": text(names[-1]), "supercategory": above}
