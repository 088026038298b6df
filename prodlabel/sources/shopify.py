"""Shopify's product export: a product is several rows (variants, pictures); the first has its words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from prodlabel.core.progress import Progress
from prodlabel.sources.assemble import Draft, RowsCatalogue
from prodlabel.sources.mapping import ColumnMapping
from prodlabel.sources.protocol import NO_OPTIONS, OpenOptions
from prodlabel.sources.rows import Row
from prodlabel.sources.tables import first_columns, looks_like_text_table, open_delimited

HANDLE, CATEGORY, TYPE = "Handle", "Product Category", "Type"
_ROLES = {
    "name": "Title",
    "description": "Body (HTML)",
    "picture": "Image Src",
    "brand": "Vendor",
}
_TELLING = {"Title", "Body (HTML)", "Vendor", "Variant SKU", "Option1 Name", CATEGORY, TYPE, "Image Src"}
_BREAKS = frozenset({"p", "br", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6"})
_SILENT = frozenset({"script", "style"})


class ShopifySource:
    """Recognises the export by its column names."""

    kind = "shopify"
    title = "Shopify product export (CSV)"

    def recognises(self, location: Path) -> bool:
        if not looks_like_text_table(location):
            return False
        columns = set(first_columns(location))
        return HANDLE in columns and len(columns & _TELLING) >= 2

    def open(self, location: Path, options: OpenOptions = NO_OPTIONS) -> RowsCatalogue:
        opened = open_delimited(location, options, self.kind, ShopifyLayout())
        if HANDLE not in opened.columns:
            return opened
        at = opened.columns.index(HANDLE)

        def read(progress: Progress) -> Iterator[Row]:
            before = ""
            for row in opened.read(progress):
                handle = row.values[at].strip() if at < len(row.values) else ""
                # The rows of a product stand together; a second product with its handle is a duplicate.
                if not handle or handle != before or row.flaws:
                    yield row
                before = handle

        return replace(opened, read=read)


class ShopifyLayout:
    """The handle is the key; the category is Shopify's, else the shop's own type."""

    def mapping(
        self,
        columns: tuple[str, ...],
        sample: Sequence[Sequence[str]],  # noqa: ARG002 - the names alone decide
    ) -> ColumnMapping:
        category = next((column for column in (CATEGORY, TYPE) if column in columns), None)
        roles: dict[str, Any] = {role: column for role, column in _ROLES.items() if column in columns}
        key = HANDLE if HANDLE in columns else None
        return ColumnMapping(key=key, category=category, category_separator=">", **roles)

    def refine(self, draft: Draft, cells: Mapping[str, str]) -> None:
        """Make plain text of the description; fall back on the type."""
        draft.description = plain_text(draft.description)
        if not draft.category:
            kind = cells.get(TYPE, "").split(">")
            draft.category = tuple(level for part in kind if (level := part.strip()))


def plain_text(html: str) -> str:
    """The words of a piece of HTML with a line break where a block ends; text without tags stays as it is."""
    if not re.search(r"<[a-zA-Z/!]|&[#a-zA-Z]", html):
        return html
    reader = _Words()
    reader.feed(html)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.words).split("\n"))
    return "\n".join(line for line in lines if line)


class _Words(HTMLParser):
    """Collects what is read, without what stands in scripts and styles."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self._silent += tag in _SILENT
        if tag in _BREAKS:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._silent = max(0, self._silent - (tag in _SILENT))
        if tag in _BREAKS:
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(data.replace("\n", " "))
