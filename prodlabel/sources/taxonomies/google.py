"""Google's product taxonomy as text: `166 - Apparel & Accessories > Clothing`, with or without numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from prodlabel.core.products import Problem
from prodlabel.core.progress import Progress
from prodlabel.sources.taxonomies.protocol import LEVELS_LIMIT, TaxonomyEntry, clean_path, first_lines, lines

_LINE = re.compile(r"\s*(?:(?P<id>\d{1,9})\s+-\s+)?(?P<path>\S.*)")
_VERSION = "# Google_Product_Taxonomy_Version"


class GoogleTaxonomy:
    """Keys are `google:166`."""

    kind = "google"
    title = "Google product taxonomy (text)"

    def recognises(self, location: Path) -> bool:
        if location.suffix.lower() != ".txt":
            return False
        head = first_lines(location)
        if head and head[0].startswith(_VERSION):
            return True
        told = [line for line in head if line.strip() and not line.startswith("#")]
        return bool(told) and all((found := _LINE.match(line)) and found["id"] for line in told)

    def read(
        self,
        location: Path,
        progress: Progress,
        language: str = "en",  # noqa: ARG002 - one file, one language
    ) -> Iterator[TaxonomyEntry | Problem]:
        for number, line in lines(location, progress):
            if not line.strip() or line.startswith("#"):
                continue
            found = _LINE.match(line)
            path = clean_path(found["path"].split(">")) if found else ()
            if not found or not path or len(path) > LEVELS_LIMIT:
                yield Problem("line_unreadable", "The line names no category; it was left out.", number)
                continue
            yield TaxonomyEntry(path, f"google:{found['id']}" if found["id"] else "", number)
