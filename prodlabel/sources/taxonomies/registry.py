"""The formats of taxonomies that prodlabel reads. A new one is a file and a line in `TAXONOMIES`."""

from __future__ import annotations

from pathlib import Path

from prodlabel.core.errors import InputError
from prodlabel.sources.taxonomies.csv_paths import CsvTaxonomy
from prodlabel.sources.taxonomies.google import GoogleTaxonomy
from prodlabel.sources.taxonomies.open_food_facts import OpenFoodFactsTaxonomy
from prodlabel.sources.taxonomies.protocol import TaxonomySource

TAXONOMIES: tuple[TaxonomySource, ...] = (
    # Asked in this order: a particular format before the general one.
    GoogleTaxonomy(),
    OpenFoodFactsTaxonomy(),
    CsvTaxonomy(),
)


def taxonomy_source(location: Path, kind: str | None = None) -> TaxonomySource:
    """The format of that kind, or the one that recognises the file. Raises `InputError` for none."""
    if not location.is_file():
        raise InputError(f"{location} is no file. Choose a taxonomy.")
    for candidate in TAXONOMIES:
        if candidate.kind == kind or (kind is None and candidate.recognises(location)):
            return candidate
    kinds = "; ".join(f"{one.kind} ({one.title})" for one in TAXONOMIES)
    raise InputError(f"{location.name} is no taxonomy that can be read. Choose one of these: {kinds}.")
