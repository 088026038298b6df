"""The products in a dump of Open Food Facts as the database's own objects, whichever form the dump has.

Invariant: memory holds one product, or one small batch of a Parquet file; a broken line costs itself.

JSON lines hold what the server answers; the CSV has a column for each field; the Parquet file has texts by
language, nutrients and pictures as lists of named parts (`openfoodfacts-exports`, exports/parquet/food.py).
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from prodlabel.core.errors import InputError
from prodlabel.core.progress import Progress
from prodlabel.sources.parquet_table import open_parquet

Numbered = tuple[int, dict[str, Any] | None]
"""The 1-based number of a line and its product; None where it holds none."""

_LINE_LIMIT = 16 * 2**20
_LEAST_BOMB, _MOST_RATIO = 16 * 2**20, 100
"""The database's own dumps unpack to seven to ten times their size."""
_REPORT_EVERY = 500
_BATCH = 256
_TEXTS = ("product_name", "generic_name", "ingredients_text")
_PARQUET_FIELDS = (
    "code", *_TEXTS, "brands", "categories_tags", "labels_tags", "countries_tags", "quantity", "lang",
    "nutriscore_grade", "nutriments", "images", "last_modified_t",
)  # fmt: skip


def form_of(location: Path) -> str:
    """ "jsonl", "csv" or "parquet", by the name. Raises `InputError` for anything else."""
    name = location.name.lower().removesuffix(".gz")
    for ending, form in ((".jsonl", "jsonl"), (".csv", "csv"), (".parquet", "parquet"), (".pq", "parquet")):
        if name.endswith(ending):
            return form
    raise InputError(
        f"{location.name} has not the name of a dump. Choose a .jsonl.gz, .csv.gz or .parquet file."
    )


def products(location: Path, progress: Progress) -> Iterator[Numbered]:
    """Everything in the dump. Raises `InputError` where the file is none, or ends before its end."""
    form = form_of(location)
    if form == "parquet":
        yield from _from_parquet(location, progress)
    else:
        yield from _from_lines(location, progress, is_csv=form == "csv")


def _from_lines(location: Path, progress: Progress, *, is_csv: bool) -> Iterator[Numbered]:
    with _lines(location) as (raw, lines):
        total = location.stat().st_size // 1024
        with progress.stage(f"Reading {location.name}", total, "kB"):
            columns: list[str] = []
            reported = unpacked = 0
            for number, line in enumerate(iter(lambda: lines.readline(_LINE_LIMIT), b""), 1):
                unpacked += len(line)
                if unpacked > _LEAST_BOMB and unpacked > _MOST_RATIO * raw.tell():
                    raise InputError(
                        f"{location.name} unpacks to more than {_MOST_RATIO} times its size. "
                        "No dump does: fetch it again."
                    )
                if number % _REPORT_EVERY == 0:
                    done = raw.tell() // 1024
                    progress.advance(done - reported)
                    reported = done
                if not is_csv:
                    if line.strip():
                        yield number, _from_json(line)
                elif not columns:
                    columns = line.decode("utf-8", "replace").lstrip("\ufeff").rstrip("\r\n").split("\t")
                    _check(location, columns)
                else:
                    yield number, _from_cells(columns, line)


def _check(location: Path, columns: list[str]) -> None:
    if "code" not in columns or "product_name" not in columns:
        raise InputError(f"{location.name} has no columns code and product_name. Choose the database's dump.")


@contextmanager
def _lines(location: Path) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """The file as it is, for progress, and its lines unpacked."""
    try:
        with location.open("rb") as raw:
            if location.suffix.lower() == ".gz":
                with gzip.GzipFile(fileobj=raw) as unpacked:
                    yield raw, unpacked  # type: ignore[misc]
            else:
                yield raw, raw
    except FileNotFoundError as error:
        raise InputError(f"{location} does not exist. Check the path.") from error
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{location.name} is damaged or cut off. Fetch it again.") from error


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


def _from_parquet(location: Path, progress: Progress) -> Iterator[Numbered]:
    import pyarrow as pa

    if not location.is_file():
        raise InputError(f"{location} does not exist. Check the path.")
    number = 0
    with (
        open_parquet(location) as file,
        progress.stage(f"Reading {location.name}", file.metadata.num_rows, "products"),
    ):
        names = file.schema_arrow.names
        _check(location, names)
        wanted = [name for name in _PARQUET_FIELDS if name in names]
        try:
            for batch in file.iter_batches(batch_size=_BATCH, columns=wanted, use_threads=False):
                for row in batch.to_pylist():
                    number += 1
                    yield number, _as_answered(row)
                progress.advance(batch.num_rows)
        except (pa.ArrowException, OSError, ValueError) as error:
            raise InputError(f"{location.name} is damaged or cut off. Fetch it again.") from error


def _as_answered(row: dict[str, Any]) -> dict[str, Any]:
    """A row of the Parquet file with the names and shapes that the server's answers have."""
    product = dict(row)
    for name in _TEXTS:
        for part in _parts(product.pop(name, None)):
            language = part.get("lang")
            product[name if language == "main" else f"{name}_{language}"] = part.get("text")
    product["nutriments"] = {
        f"{part.get('name')}_100g": round(part["100g"], 6)
        for part in _parts(product.get("nutriments"))
        if isinstance(part.get("100g"), float)
    }
    product["images"] = {part["key"]: part for part in _parts(product.get("images")) if part.get("key")}
    return product


def _parts(value: object) -> list[dict[str, Any]]:
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []
