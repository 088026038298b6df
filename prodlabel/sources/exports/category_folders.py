"""One folder per category with the pictures of its products; taken in again, each folder is its category.

Products without a category lie at the top; products without a picture are left out and not counted. What the
licences of the pictures want said stands in a text beside them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from prodlabel.sources.exports.new_folder import NameBook, bring, new_folder
from prodlabel.sources.exports.protocol import COLUMNS, ExportRow, text
from prodlabel.sources.food.attribution import ATTRIBUTION_FILE, sentences


class CategoryFoldersExport:
    """Copies, or hard links that take no room; a link is the same file, so that to edit it edits both."""

    ending = ""

    def __init__(self, *, is_linked: bool = False) -> None:
        self._is_linked = is_linked

    @property
    def kind(self) -> str:
        return "folders-linked" if self._is_linked else "folders"

    @property
    def title(self) -> str:
        return f"one folder per category ({'links' if self._is_linked else 'copies'})"

    def write(
        self,
        path: Path,
        rows: Iterable[ExportRow],
        columns: Sequence[str] = COLUMNS,  # noqa: ARG002 - pictures have no columns
    ) -> int:
        names, count = NameBook(), 0
        credits: dict[str, None] = {}
        with new_folder(path) as folder:
            for row in rows:
                if row.picture_file is None or not row.picture_file.is_file():
                    continue
                at = ""
                for level in row.category:
                    at += "/" + names.name_for(at, text(level))
                name = names.name_for(at, text(row.key), row.picture_file.suffix.lower())
                target = folder / at.lstrip("/") / name
                target.parent.mkdir(parents=True, exist_ok=True)
                bring(row.picture_file, target, is_linked=self._is_linked)
                credits |= dict.fromkeys(sentences([row.attributes]))
                count += 1
            if credits:
                (folder / ATTRIBUTION_FILE).write_text("\n".join(credits) + "\n", "utf-8", newline="\n")
        return count
