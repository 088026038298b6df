"""Turns the rows of any table into products and problems; each row yields at most one product.

A row that is wrong costs itself and is reported; the rest goes in. The first product with a key wins.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from prodlabel.core.products import Problem, ProductRecord
from prodlabel.core.progress import Progress
from prodlabel.sources.columns import guess_mapping
from prodlabel.sources.mapping import ROLES, ColumnMapping
from prodlabel.sources.picture_files import PictureIndex, find_picture_folder, is_url, relative_parts
from prodlabel.sources.protocol import OpenOptions
from prodlabel.sources.rows import FIELD_LIMIT, Row

PICTURE_ADDRESS = "picture address"
"""The attribute that keeps a picture's address where the table names one instead of a file."""
_FLAWS = {
    "field_too_long": f"A field is longer than {FIELD_LIMIT:,} characters; the rest of it was left out.",
    "unclosed_quote": "A quotation mark is never closed; it was read as an ordinary character.",
    "not_a_record": "The entry is no object with named fields; it was left out.",
    "unreadable_json": "The entry is no valid JSON; it was left out.",
    "nested_too_deeply": "The entry is nested too deeply; it was left out.",
    "record_too_long": "The entry is larger than any product; it was left out.",
    "file_cut_off": "The file breaks off or is damaged here; what follows was not read.",
    "late_field": "The entry has fields that none of the first 1,000 has; these fields were left out.",
    "several_categories": "The entry has several categories; the first one was taken.",
    "unknown_category": "The entry names a category that the file does not list; it goes in without.",
    "wrong_number": "A number in the entry is none; the entry was left out.",
    "error_value": "A cell holds an error of the spreadsheet; it was taken as empty.",
    "no_value": "A formula was never computed; its cell was taken as empty.",
    "not_text": "A field holds bytes that are no text; it was taken as empty.",
}
"""What sources say of a row by a code; a row without values is reported and yields no product."""


@dataclass(slots=True)
class Draft:
    """A product while its row is being read; `flaws` are (code, message) pairs that do not keep it out."""

    name: str
    description: str
    category: tuple[str, ...]
    picture: str
    attributes: dict[str, str]
    flaws: list[tuple[str, str]] = field(default_factory=list)


class Layout(Protocol):
    """What is special about one kind of table."""

    def mapping(self, columns: tuple[str, ...], sample: Sequence[Sequence[str]]) -> ColumnMapping:
        """The mapping where the user gives none."""

    def refine(self, draft: Draft, cells: Mapping[str, str]) -> None:
        """Change what the mapping made of the row's `cells` (by column)."""


class PlainLayout:
    """Any table: columns are guessed and taken as they are."""

    def mapping(self, columns: tuple[str, ...], sample: Sequence[Sequence[str]]) -> ColumnMapping:
        return guess_mapping(columns, sample)

    def refine(self, draft: Draft, cells: Mapping[str, str]) -> None:
        """Nothing is special."""


PLAIN = PlainLayout()


@dataclass(frozen=True)
class RowsCatalogue:
    """An opened table; `read` streams its rows without the header."""

    kind: str
    title: str
    columns: tuple[str, ...]
    mapping: ColumnMapping
    picture_folder: Path | None
    read: Callable[[Progress], Iterator[Row]]
    layout: Layout = PLAIN

    def records(self, progress: Progress) -> Iterator[ProductRecord | Problem]:
        assembler = _Assembler(self)
        for row in self.read(progress):
            yield from assembler.take(row)


def open_rows(
    location: Path,
    columns: tuple[str, ...],
    sample: Sequence[Sequence[str]],
    read: Callable[[Progress], Iterator[Row]],
    options: OpenOptions,
    *,
    kind: str,
    layout: Layout = PLAIN,
) -> RowsCatalogue:
    """Settle a table's mapping and picture folder. Raises `InputError` where a given mapping does not fit."""
    mapping = options.mapping or layout.mapping(columns, sample)
    mapping.check(columns)
    folder = options.picture_folder
    if folder is None and mapping.picture is not None:
        at = columns.index(mapping.picture)
        folder = find_picture_folder(location.parent, [row[at] for row in sample if at < len(row)])
    return RowsCatalogue(kind, location.name, columns, mapping, folder, read, layout)


def column_names(header: Sequence[str]) -> tuple[str, ...]:
    """Names that are neither empty nor alike: "column 3" for an empty one, "price (2)" for a repeated one."""
    names: dict[str, None] = {}
    counts: dict[str, int] = {}
    for number, cell in enumerate(header, 1):
        name = " ".join(cell.replace("\ufeff", "").replace("\0", "").split()) or f"column {number}"
        candidate, count = name, counts.get(name, 1)
        while candidate in names:
            count += 1
            candidate = f"{name} ({count})"
        counts[name] = count
        names[candidate] = None
    return tuple(names)


def content_key(name: str, description: str) -> str:
    """The key of a product whose source gives none: the same words give the same key in every import."""
    words = f"{name}\0{description}".encode("utf-8", "surrogatepass")
    return "content-" + hashlib.blake2b(words, digest_size=10).hexdigest()


class _Assembler:
    """Reads rows one after the other; remembers keys (as hashes, 64 bits) and listed folders, no texts."""

    def __init__(self, catalogue: RowsCatalogue) -> None:
        mapping, columns = catalogue.mapping, catalogue.columns
        self._layout = catalogue.layout
        self._is_plain = type(catalogue.layout) is PlainLayout
        self._columns = columns
        self._at = {
            role: columns.index(column) if (column := mapping.column(role)) is not None else -1
            for role in ROLES
        }
        self._separator = mapping.category_separator
        kept = mapping.attributes
        used = mapping.used()
        self._attributes = [
            (at, column)
            for at, column in enumerate(columns)
            if column not in used and (kept is None or column in kept)
        ]
        if self._at["brand"] >= 0:
            self._attributes.append((self._at["brand"], "brand"))
        folder = catalogue.picture_folder
        self._pictures = None if folder is None else PictureIndex(folder)
        self._is_folder_reported = False
        self._seen: dict[int, int] = {}

    def take(self, row: Row) -> Iterator[ProductRecord | Problem]:
        values, number = row.values, row.number
        for code in row.flaws:
            yield Problem(code, _FLAWS[code], number)
        whole = "".join(values)
        if not whole or whole.isspace():
            return
        if not whole.isascii() or "\0" in whole:
            values, problems = _cleaned(values, whole, number)
            yield from problems
        width = len(self._columns)
        if len(values) != width:
            message = f"The row has {len(values)} fields where the table has {width} columns"
            if len(values) > width and any(values[width:]):
                yield Problem("too_many_fields", message + "; it was left out.", number)
                return
            if len(values) < width:
                yield Problem("too_few_fields", message + "; the missing ones are taken as empty.", number)
                values = [*values, *[""] * (width - len(values))]
        yield from self._assemble(values, number)

    def _assemble(self, values: Sequence[str], number: int) -> Iterator[ProductRecord | Problem]:
        key = self._cell(values, "key")
        draft = self._draft(values)
        if not key and not draft.name and not draft.description:
            yield Problem(
                "empty_row", "The row has neither key nor name nor description; it was left out.", number
            )
            return
        if not self._is_plain:
            self._layout.refine(draft, dict(zip(self._columns, values, strict=False)))
        if not key:
            key = content_key(draft.name, draft.description)
            if self._at["key"] >= 0:
                draft.flaws.append(("key_missing", "The key is empty; one was made from the words."))
        if not draft.name:
            draft.flaws.append(("name_missing", "The product has no name."))
        repeated = self._repeated(key, draft, number)
        if repeated is not None:
            yield repeated
            return
        picture = self._picture(draft)
        for code, message in draft.flaws:
            yield Problem(code, message, number, key)
        yield ProductRecord(
            key, draft.name, draft.description, draft.category, picture, draft.attributes, number
        )

    def _cell(self, values: Sequence[str], role: str) -> str:
        at = self._at[role]
        return values[at].strip() if at >= 0 else ""

    def _draft(self, values: Sequence[str]) -> Draft:
        attributes = {column: value for at, column in self._attributes if (value := values[at].strip())}
        category = self._cell(values, "category")
        levels: Iterable[str] = [category] if self._separator is None else category.split(self._separator)
        path = tuple(level for part in levels if (level := part.strip()))
        name, description = self._cell(values, "name"), self._cell(values, "description")
        return Draft(name, description, path, self._cell(values, "picture"), attributes)

    def _repeated(self, key: str, draft: Draft, number: int) -> Problem | None:
        said = hash(
            (draft.name, draft.description, draft.category, draft.picture, tuple(draft.attributes.items()))
        )
        hashed = hash(key)
        if hashed not in self._seen:
            self._seen[hashed] = said
            return None
        before = self._seen[hashed]
        if before == said:
            return Problem(
                "repeated_row", "The row says the same as an earlier one; it was left out.", number, key
            )
        message = "Another row has this key already and says something else; this one was left out."
        return Problem("duplicate_key", message, number, key)

    def _picture(self, draft: Draft) -> str | None:
        named = draft.picture
        if not named:
            return None
        if is_url(named) and relative_parts(named) is None:
            draft.attributes[PICTURE_ADDRESS] = named
            draft.flaws.append(
                ("picture_is_address", "The picture is an address; it was kept but not fetched.")
            )
        elif relative_parts(named) is None:
            message = f"The picture {named[:200]} is not inside the picture folder; it was not read."
            draft.flaws.append(("picture_outside", message))
        elif self._pictures is None:
            if not self._is_folder_reported:
                self._is_folder_reported = True
                message = "No folder with the pictures was found; name it to have them. This is said once."
                draft.flaws.append(("picture_folder_missing", message))
        elif (found := self._pictures.find(named)) is not None:
            return found
        else:
            draft.flaws.append(("picture_missing", f"The picture {named[:200]} does not exist."))
        return None


def _cleaned(values: list[str], whole: str, number: int) -> tuple[list[str], list[Problem]]:
    """The fields without NUL bytes and with U+FFFD for what could not be decoded, and a problem for each."""
    problems: list[Problem] = []
    if "\0" in whole:
        values = [value.replace("\0", "") for value in values]
        problems.append(Problem("nul_bytes", "The row holds NUL bytes; they were left out.", number))
    try:
        whole.encode("utf-8")
    except UnicodeEncodeError:
        values = [value.encode("utf-16", "surrogatepass").decode("utf-16", "replace") for value in values]
        message = "Some bytes of the row are no text in the file's encoding; they became U+FFFD."
        problems.append(Problem("undecodable_bytes", message, number))
    return values, problems
