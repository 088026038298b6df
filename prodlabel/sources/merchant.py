"""Google Merchant product feeds: tab-separated, RSS 2.0 or Atom; the shop's own product type comes first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from prodlabel.core.errors import InputError
from prodlabel.core.progress import Progress
from prodlabel.sources.assemble import Draft, RowsCatalogue
from prodlabel.sources.cells import path_of
from prodlabel.sources.columns import plain
from prodlabel.sources.json_files import open_elements
from prodlabel.sources.json_stream import Element
from prodlabel.sources.mapping import ROLES, ColumnMapping
from prodlabel.sources.protocol import NO_OPTIONS, OpenOptions
from prodlabel.sources.tables import first_columns, looks_like_text_table, open_delimited
from prodlabel.sources.xml_items import xml_items

_ITEMS = frozenset({"item", "entry"})
_HEAD = 4_096
_NAMES = {
    "key": ("id",),
    "name": ("title",),
    "description": ("description", "summary", "content"),
    "category": ("product_type", "google_product_category"),
    "picture": ("image_link",),
    "brand": ("brand",),
}


class MerchantTableSource:
    """Recognises the tab-separated feed by its column names."""

    kind = "merchant"
    title = "Google Merchant feed (TSV)"

    def recognises(self, location: Path) -> bool:
        if not looks_like_text_table(location):
            return False
        names = {plain(column) for column in first_columns(location)}
        return "id" in names and bool(names & set(_NAMES["category"])) and len(names & _TELLING) >= 2

    def open(self, location: Path, options: OpenOptions = NO_OPTIONS) -> RowsCatalogue:
        return open_delimited(location, options, self.kind, MerchantLayout())


_TELLING = {"title", "link", "image_link", "availability", "condition", "gtin", "mpn", "product_type"}


class MerchantXmlSource:
    """RSS or Atom with the elements of Google's namespace."""

    kind = "merchant-xml"
    title = "Google Merchant feed (XML)"

    def recognises(self, location: Path) -> bool:
        if location.suffix.lower() not in (".xml", ".rss", ".atom") or not location.is_file():
            return False
        with location.open("rb") as file:
            head = file.read(_HEAD).replace(b"\0", b"")
        return b"base.google.com" in head or b"<g:" in head

    def open(self, location: Path, options: OpenOptions = NO_OPTIONS) -> RowsCatalogue:
        def read(progress: Progress) -> Iterator[Element]:
            try:
                total = location.stat().st_size
                file = location.open("rb")
            except OSError as error:
                raise InputError(
                    f"{location} cannot be read ({error.strerror}). Check its rights."
                ) from error
            with file, progress.stage(f"Read {location.name}", total // 1024, "kB"):
                yield from xml_items(file, location.name, _ITEMS, lambda: progress.advance(64))

        return open_elements(location, options, self.kind, read, MerchantLayout())


class MerchantLayout:
    """`product_type` is the category; where a row lacks it, Google's own category is."""

    def mapping(
        self,
        columns: tuple[str, ...],
        sample: Sequence[Sequence[str]],  # noqa: ARG002 - the names alone decide
    ) -> ColumnMapping:
        """Columns by Google's names for them, with or without spaces and the prefix `g:`."""
        named = {plain(column).removeprefix("g_"): column for column in reversed(columns)}
        roles: dict[str, Any] = {
            role: next((named[name] for name in _NAMES[role] if name in named), None) for role in ROLES
        }
        return replace(ColumnMapping(category_separator=">"), **roles)

    def refine(self, draft: Draft, cells: Mapping[str, str]) -> None:
        """Take the first of several product types; fall back on Google's category."""
        whole = " > ".join(draft.category)
        listed = path_of(whole)
        if listed:
            draft.category = _levels(listed[0])
            if len(listed) > 1:
                draft.flaws.append(
                    ("several_categories", "The product has several types; the first was taken.")
                )
        if not draft.category:
            named = {plain(column).removeprefix("g_"): said for column, said in cells.items()}
            draft.category = _levels(named.get("google_product_category", ""))


def _levels(text: str) -> tuple[str, ...]:
    return tuple(level for part in text.split(">") if (level := part.strip()))
