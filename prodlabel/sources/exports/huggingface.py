"""A Hugging Face `imagefolder`: copies of the pictures and a `metadata.jsonl` with one line a product."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from prodlabel.sources.exports.json_text import encoded
from prodlabel.sources.exports.new_folder import NameBook, bring, new_folder
from prodlabel.sources.exports.protocol import COLUMNS, ExportRow, text

PICTURES = "images"


class HuggingFaceExport:
    """`file_name` names the picture; a product without one has null there."""

    kind = "huggingface"
    title = "Hugging Face image folder"
    ending = ""

    def write(self, path: Path, rows: Iterable[ExportRow], columns: Sequence[str] = COLUMNS) -> int:
        wanted = [column for column in columns if column != "picture"]
        names, count = NameBook(), 0
        with new_folder(path) as folder:
            (folder / PICTURES).mkdir()
            with (folder / "metadata.jsonl").open("wb") as file:
                for row in rows:
                    line = {"file_name": _bring(row, folder, names)}
                    line |= {column: row.cell(column) for column in wanted}  # type: ignore[misc]
                    file.write(encoded(line) + b"\n")
                    count += 1
        return count


def _bring(row: ExportRow, folder: Path, names: NameBook) -> str | None:
    if row.picture_file is None or not row.picture_file.is_file():
        return None
    name = names.name_for("", text(row.key), row.picture_file.suffix.lower())
    bring(row.picture_file, folder / PICTURES / name, is_linked=False)
    return f"{PICTURES}/{name}"
