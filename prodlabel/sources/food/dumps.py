"""Open Food Facts' nightly dumps as a catalogue: JSONL or tab-separated CSV, packed or not, of any length.

Invariant: memory holds one product and 8 bytes for each one taken; a broken line costs itself.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from prodlabel.core.errors import InputError
from prodlabel.core.products import Problem, ProductRecord
from prodlabel.core.progress import Progress
from prodlabel.sources.food.choosing import has
from prodlabel.sources.food.off_records import to_record
from prodlabel.sources.food.query import FoodQuery
from prodlabel.sources.mapping import ColumnMapping
from prodlabel.sources.protocol import NO_OPTIONS, OpenOptions

_NAME = re.compile(r"openfoodfacts.*\.(jsonl|csv)(\.gz)?$", re.IGNORECASE)
_LINE_LIMIT = 16 * 2**20
_REPORT_EVERY = 500


class DumpSource:
    """Recognises a dump by its name, which the database chose."""

    kind = "openfoodfacts-dump"
    title = "dump of Open Food Facts (JSONL or CSV)"

    def recognises(self, location: Path) -> bool:
        return bool(_NAME.search(location.name)) and location.is_file()

    def open(
        self,
        location: Path,
        options: OpenOptions = NO_OPTIONS,  # noqa: ARG002 - a dump leaves nothing to decide
    ) -> DumpCatalogue:
        return DumpCatalogue(location)


@dataclass(frozen=True, slots=True)
class DumpCatalogue:
    """A dump, or what of it a query picks out (words in name, brand or category; filters; required
    fields).
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
        required = self.query.required if self.query is not None else ("name",)
        language = self.query.language if self.query is not None else ""
        for number, product in self._products(progress):
            if product is None:
                yield Problem("line_broken", "The line holds no product and was left out.", number)
                continue
            record = to_record(product, language)
            if record is None or not self._is_wanted(record):
                continue
            if not all(has(record, what) for what in required):
                incomplete += 1
                continue
            mark = hashlib.blake2b(record.key.encode(), digest_size=8).digest()
            if mark in seen:
                continue
            seen.add(mark)
            yield record
            if self.limit is not None and len(seen) >= self.limit:
                break
        if incomplete:
            message = f"{incomplete:,} products were left out because they lack one of {', '.join(required)}."
            yield Problem("incomplete", message)

    def _is_wanted(self, record: ProductRecord) -> bool:
        query = self.query
        if query is None:
            return True
        said = record.attributes
        tags = said.get("category tags", "")
        text = f"{record.name} {said.get('brand', '')} {tags}".casefold()
        if not all(word in text for word in query.words.casefold().split()):
            return False
        filters = (
            (query.category, tags),
            (query.country, said.get("country tags", "")),
            (query.brand, said.get("brand", "").casefold().replace(" ", "-")),
        )
        return all(not wanted or _tag(wanted) in listed for wanted, listed in filters)

    def _products(self, progress: Progress) -> Iterator[tuple[int, dict[str, Any] | None]]:
        is_csv = ".csv" in self.location.name.lower()
        total = self.location.stat().st_size // 1024
        with self._lines() as (raw, lines), progress.stage(f"Reading {self.title}", total, "kB"):
            columns: list[str] = []
            reported = 0
            for number, line in enumerate(iter(lambda: lines.readline(_LINE_LIMIT), b""), 1):
                if number % _REPORT_EVERY == 0:
                    done = raw.tell() // 1024
                    progress.advance(done - reported)
                    reported = done
                if not is_csv:
                    if line.strip():
                        yield number, _from_json(line)
                elif not columns:
                    columns = line.decode("utf-8", "replace").lstrip("\ufeff").rstrip("\r\n").split("\t")
                    self._check(columns)
                else:
                    yield number, _from_cells(columns, line)

    def _check(self, columns: list[str]) -> None:
        if "code" not in columns or "product_name" not in columns:
            raise InputError(
                f"{self.title} has no columns code and product_name. Choose the database's dump."
            )

    @contextmanager
    def _lines(self) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
        """The file as it is, for progress, and its lines unpacked."""
        try:
            with self.location.open("rb") as raw:
                if self.location.suffix.lower() == ".gz":
                    with gzip.GzipFile(fileobj=raw) as unpacked:
                        yield raw, unpacked  # type: ignore[misc]
                else:
                    yield raw, raw
        except (OSError, EOFError, zlib.error) as error:
            raise InputError(f"{self.title} is damaged or cut off. Fetch it again.") from error


def _tag(words: str) -> str:
    return words.strip().casefold().replace(" ", "-")


def _from_json(line: bytes) -> dict[str, Any] | None:
    try:
        product = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return product if isinstance(product, dict) else None


def _from_cells(columns: list[str], line: bytes) -> dict[str, Any] | None:
    """A row of the CSV: tabs part its cells, quotation marks mean nothing in it."""
    cells = line.decode("utf-8", "replace").rstrip("\r\n").split("\t")
    if len(cells) != len(columns):
        return None
    product: dict[str, Any] = dict(zip(columns, cells, strict=True))
    product["nutriments"] = {name: cell for name, cell in product.items() if name.endswith("_100g") and cell}
    return product
