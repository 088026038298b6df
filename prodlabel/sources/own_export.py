"""Takes prodlabel's own CSV export in again without loss: apostrophes before formulas are taken away."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from prodlabel.core.progress import Progress
from prodlabel.sources.assemble import Draft, Layout, PlainLayout, RowsCatalogue
from prodlabel.sources.cells import path_of
from prodlabel.sources.exports.csv import restore
from prodlabel.sources.exports.protocol import PATH_SEPARATOR
from prodlabel.sources.mapping import ColumnMapping
from prodlabel.sources.protocol import NO_OPTIONS, OpenOptions
from prodlabel.sources.rows import Row
from prodlabel.sources.tables import first_columns, looks_like_text_table, open_delimited

_NEEDED = {"key", "name", "category", "status", "classifier_version", "suggestion"}
_PROVENANCE = {
    "status", "person", "decided_at", "reason", "classifier_version", "suggestion", "confidence",
    "alternatives", "reasons", "source", "attributes",
}  # fmt: skip


class OwnExportSource:
    """Recognises the export by its column names."""

    kind = "prodlabel"
    title = "CSV that prodlabel exported"

    def recognises(self, location: Path) -> bool:
        return looks_like_text_table(location) and is_own(first_columns(location))

    def open(self, location: Path, options: OpenOptions = NO_OPTIONS) -> RowsCatalogue:
        opened = open_delimited(location, options, self.kind, OwnExportLayout())

        def read(progress: Progress) -> Iterator[Row]:
            for row in opened.read(progress):
                yield Row(row.number, [restore(value) for value in row.values], row.flaws)

        return replace(opened, read=read)


class OwnExportLayout:
    """Provenance stays behind: who decided what belongs to the project that exported it."""

    def mapping(
        self,
        columns: tuple[str, ...],
        sample: Sequence[Sequence[str]],  # noqa: ARG002 - the names alone decide
    ) -> ColumnMapping:
        roles = {role: role if role in columns else None for role in ("description", "picture")}
        used = {"key", "name", "category", *roles}
        return ColumnMapping(
            key="key",
            name="name",
            category="category",
            category_separator=PATH_SEPARATOR.strip(),
            attributes=tuple(column for column in columns if column not in _PROVENANCE | used),
            **roles,
        )

    def refine(self, draft: Draft, cells: Mapping[str, str]) -> None:
        """Unfold the attributes."""
        said = cells.get("attributes", "")
        if not said:
            return
        try:
            attributes = json.loads(said)
        except ValueError:
            attributes = None
        if isinstance(attributes, dict) and all(isinstance(value, str) for value in attributes.values()):
            draft.attributes.update(attributes)
        else:
            message = "The attributes are no JSON object of texts; the product goes in without them."
            draft.flaws.append(("attributes_unreadable", message))


class RecordsLayout(PlainLayout):
    """Typed formats: a category may be a list of its levels."""

    def refine(
        self,
        draft: Draft,
        cells: Mapping[str, str],  # noqa: ARG002 - what became of the cells is enough
    ) -> None:
        """Unfold such a list."""
        if len(draft.category) == 1 and (levels := path_of(draft.category[0])) is not None:
            draft.category = levels


def layout_of_records(columns: Sequence[str]) -> Layout:
    """prodlabel's own layout where the columns are those of its exports, else the plain one."""
    return OwnExportLayout() if is_own(columns) else RecordsLayout()


def is_own(columns: Sequence[str]) -> bool:
    """Whether these are the columns of one of prodlabel's exports."""
    return set(columns) >= _NEEDED
