"""A taxonomy as a table: one column with whole paths, or one column a level; perhaps keys, sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from prodlabel.core.products import Problem
from prodlabel.core.progress import Progress
from prodlabel.sources.columns import guess_separator, plain
from prodlabel.sources.exports.csv import restore
from prodlabel.sources.protocol import NO_OPTIONS
from prodlabel.sources.tables import looks_like_text_table, open_delimited
from prodlabel.sources.taxonomies.protocol import LEVELS_LIMIT, TaxonomyEntry, clean_path
from prodlabel.sources.taxonomies.writing import DESCRIPTION, own_columns

_LEVEL = re.compile(r"(?:level|niveau|l|category|categorie|lvl)_?(\d{1,2})")
_PATHS = ("path", "category_path", "full_path", "category", "categorie", "chemin", "name", "nom")
_KEYS = ("id", "key", "code", "external_id", "category_id", "identifiant")
_DESCRIPTIONS = (DESCRIPTION, "definition", "sentence", "phrase")
_SAMPLE = 200


class CsvTaxonomy:
    """Keys are taken as they are."""

    kind = "csv"
    title = "table of category paths (CSV)"

    def recognises(self, location: Path) -> bool:
        return looks_like_text_table(location)

    def read(
        self,
        location: Path,
        progress: Progress,
        language: str = "en",  # noqa: ARG002 - one file, one language
    ) -> Iterator[TaxonomyEntry | Problem]:
        opened = open_delimited(location, NO_OPTIONS, self.kind)
        named = [plain(column) for column in opened.columns]
        levels = sorted(
            (int(found[1]), at) for at, name in enumerate(named) if (found := _LEVEL.fullmatch(name))
        )
        key_at = next((named.index(name) for name in _KEYS if name in named), -1)
        about_at = next((named.index(name) for name in _DESCRIPTIONS if name in named), -1)
        path_at = next((named.index(name) for name in _PATHS if name in named), 0 if key_at != 0 else -1)
        waiting = list(opened.read(progress))
        cells = [row.values[path_at] for row in waiting[:_SAMPLE] if path_at < len(row.values)]
        # No category's name holds the sign that parts levels: one path is enough to know it.
        separator = ">" if any(">" in cell for cell in cells) else guess_separator(cells)
        is_own = bool(levels) and tuple(opened.columns) == own_columns(
            len(levels), has_descriptions=about_at >= 0
        )
        for row in waiting:
            if not any(map(str.strip, row.values)):
                continue
            values = [restore(cell) for cell in row.values] if is_own else row.values
            names = _names(values, [at for _, at in levels], path_at, separator)
            path = clean_path(names)
            if not path or len(path) > LEVELS_LIMIT:
                message = "The row names no category; it was left out."
                yield Problem("line_unreadable", message, row.number)
                continue
            key = values[key_at].strip() if 0 <= key_at < len(values) else ""
            about = " ".join(values[about_at].split()) if 0 <= about_at < len(values) else ""
            yield TaxonomyEntry(path, key, row.number, about)


def _names(values: Sequence[str], levels: Sequence[int], path_at: int, separator: str | None) -> list[str]:
    if levels:
        return [values[at] for at in levels if at < len(values)]
    path = values[path_at] if path_at < len(values) else ""
    return [path] if separator is None else path.split(separator)
