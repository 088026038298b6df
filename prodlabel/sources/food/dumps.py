"""Open Food Facts' nightly dumps as a catalogue: JSON lines, tab-separated CSV or Parquet, of any length.

Invariant: memory holds one product (a small batch of a Parquet file) and a mark of 8 bytes, some 90 with what
Python adds, for each one taken; a broken line costs itself.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from prodlabel.core.products import Problem, ProductRecord
from prodlabel.core.progress import Progress
from prodlabel.sources.food.barcodes import normalise
from prodlabel.sources.food.choosing import has, trimmed
from prodlabel.sources.food.dump_files import form_of, products
from prodlabel.sources.food.off_records import KEY_PREFIX, to_record
from prodlabel.sources.food.query import FoodQuery
from prodlabel.sources.food.texts import words
from prodlabel.sources.mapping import ColumnMapping
from prodlabel.sources.protocol import NO_OPTIONS, OpenOptions

_NAME = re.compile(r"openfoodfacts.*\.((jsonl|csv)(\.gz)?|parquet)$", re.IGNORECASE)


class DumpSource:
    """Recognises a dump by its name, which the database chose."""

    kind = "openfoodfacts-dump"
    title = "dump of Open Food Facts (JSONL, CSV or Parquet)"

    def recognises(self, location: Path) -> bool:
        return bool(_NAME.search(location.name)) and location.is_file()

    def open(
        self,
        location: Path,
        options: OpenOptions = NO_OPTIONS,  # noqa: ARG002 - a dump leaves nothing to decide
    ) -> DumpCatalogue:
        return DumpCatalogue(location)


def open_dump(location: Path, query: FoodQuery, limit: int | None) -> DumpCatalogue:
    """What of a dump a query picks out, `limit` products at most. Raises `InputError` for what is no dump."""
    query.check_for_dump()
    form_of(location)
    return DumpCatalogue(location, query, limit)


@dataclass(frozen=True, slots=True)
class DumpCatalogue:
    """A dump, or what of it a query picks out: words in name, brand or category, barcodes, filters, required
    fields; of what is left the attributes that it keeps.
    """

    location: Path
    query: FoodQuery | None = None
    limit: int | None = None
    kind: str = DumpSource.kind
    picture_folder: Path | None = None
    columns: tuple[str, ...] = ()
    mapping: ColumnMapping | None = None

    @property
    def title(self) -> str:
        return self.location.name

    def records(self, progress: Progress) -> Iterator[ProductRecord | Problem]:
        """Raises `InputError` where the file is no dump, or ends before its end."""
        seen: set[bytes] = set()
        incomplete = 0
        query = self.query or FoodQuery("", required=("name",))
        picks = _Picks(query)
        for number, product in products(self.location, progress):
            if product is None:
                yield Problem("line_broken", "The line holds no product and was left out.", number)
                continue
            if not picks.may_fit(product):
                continue
            record = to_record(product, query.language)
            if record is None or not picks.fits(record):
                continue
            if not all(has(record, what) for what in query.required):
                incomplete += 1
                continue
            mark = hashlib.blake2b(record.key.encode(), digest_size=8).digest()
            if mark in seen:
                continue
            seen.add(mark)
            yield trimmed(record, query.kept)
            if self.limit is not None and len(seen) >= self.limit:
                break
        if incomplete:
            message = f"{incomplete:,} products were left out because they lack one of "
            yield Problem("incomplete", message + f"{', '.join(query.required)}.")


class _Picks:
    """What a query asks for, prepared once for millions of products."""

    def __init__(self, query: FoodQuery) -> None:
        self._codes = {normalise(code) or code for code in query.barcodes}
        self._words = _folded(query.words).split()
        self._filters = [
            (_tag(wanted), attribute)
            for wanted, attribute in (
                (query.category, "category tags"),
                (query.country, "country tags"),
                (query.brand, "brand"),
            )
            if wanted.strip()
        ]

    def may_fit(self, product: dict[str, Any]) -> bool:
        """The cheap question, before a record is made."""
        return not self._codes or normalise(product.get("code", product.get("_id"))) in self._codes

    def fits(self, record: ProductRecord) -> bool:
        if self._codes and record.key.removeprefix(KEY_PREFIX) not in self._codes:
            return False
        said = record.attributes
        if self._words:
            parts = (record.name, said.get("generic name", ""), said.get("brand", ""))
            text = _folded(" ".join((*parts, said.get("category tags", ""))))
            if not all(word in text for word in self._words):
                return False
        return all(
            any(_tag(one) == wanted for one in words(said.get(attribute, "")))
            for wanted, attribute in self._filters
        )


def _folded(text: str) -> str:
    """Small letters without accents: "Moët" and "moet" are one word."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in letters if not unicodedata.combining(char))


def _tag(text: str) -> str:
    """What remains of a name, or of a tag such as `en:green-teas`, to compare by."""
    return re.sub(r"[\W_]+", "-", re.sub(r"^[a-z]{2}:", "", _folded(text.strip()))).strip("-")
