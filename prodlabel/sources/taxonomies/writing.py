"""Writes a taxonomy so that it comes in again as it was: a table with a column a level, or Google's text.

Invariant: the same categories give the same bytes; formulas in names are defused, and reading undoes that.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path

from prodlabel.core.errors import InputError
from prodlabel.sources.exports.atomic import replacing
from prodlabel.sources.exports.csv import defuse
from prodlabel.sources.taxonomies.protocol import TaxonomyEntry

KEY, LEVEL, DESCRIPTION = "key", "level", "description"
FORMATS = ("csv", "txt")
_GOOGLE_KEY = re.compile(r"google:(\d{1,9})")


def write_taxonomy(path: Path, entries: Sequence[TaxonomyEntry]) -> int:
    """Write all categories, those above first; the format follows from the ending. Returns how many.

    `.csv`: key, a sentence about it where any has one, then a column a level. `.txt`: Google's lines, with
    the number where the key is one of Google's; other keys, and sentences, have no place there. Raises
    `InputError` for other endings.
    """
    ending = path.suffix.lower().lstrip(".")
    if ending not in FORMATS:
        raise InputError(f"A taxonomy cannot be written as {path.name}. Let it end in .csv or .txt.")
    with replacing(path) as file:
        out = io.TextIOWrapper(file, encoding="utf-8-sig" if ending == "csv" else "utf-8", newline="")
        try:
            (_write_table if ending == "csv" else _write_lines)(out, entries)
        finally:
            out.detach()
    return len(entries)


def _write_table(out: io.TextIOWrapper, entries: Sequence[TaxonomyEntry]) -> None:
    depth = max((len(entry.path) for entry in entries), default=1)
    writer = csv.writer(out, lineterminator="\r\n")
    has_descriptions = any(entry.description for entry in entries)
    writer.writerow(own_columns(depth, has_descriptions=has_descriptions))
    for entry in entries:
        names = [defuse(name) for name in entry.path]
        said = [defuse(entry.description)] if has_descriptions else []
        writer.writerow([defuse(entry.external_id), *said, *names, *[""] * (depth - len(names))])


def own_columns(depth: int, *, has_descriptions: bool) -> tuple[str, ...]:
    """The columns of a taxonomy of so many levels that prodlabel writes."""
    said = (DESCRIPTION,) if has_descriptions else ()
    return (KEY, *said, *(f"{LEVEL} {number}" for number in range(1, depth + 1)))


def _write_lines(out: io.TextIOWrapper, entries: Sequence[TaxonomyEntry]) -> None:
    out.write("# Google_Product_Taxonomy_Version: written by prodlabel\n")
    for entry in entries:
        found = _GOOGLE_KEY.fullmatch(entry.external_id)
        # Each name on its one line, without the sign that parts levels.
        path = " > ".join(" ".join(name.replace(">", "›").split()) for name in entry.path)
        out.write(f"{found[1]} - {path}\n" if found else f"{path}\n")
