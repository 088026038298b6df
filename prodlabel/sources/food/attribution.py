"""What the licences of food databases want said wherever their products are shown or exported.

Invariant: every record that comes from a food database carries these attributes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

SOURCE, PAGE, LICENCE, PICTURE_LICENCE = "source", "source page", "licence", "picture licence"
NEVER_DROPPED = (SOURCE, PAGE, LICENCE, PICTURE_LICENCE)
"""Attributes that stay even where the user keeps only some."""

ATTRIBUTION_FILE = "ATTRIBUTION.txt"
"""Lies in folders of pictures that are given away; no product."""

_OFF = {
    SOURCE: "Open Food Facts",
    LICENCE: "Open Database License (ODbL) 1.0; contents: Database Contents License 1.0",
    PICTURE_LICENCE: "Open Food Facts contributors, CC BY-SA",
}
_EDAMAM = {SOURCE: "Edamam", LICENCE: "No open data: the terms of your plan with Edamam apply"}
_BY_KIND = {"openfoodfacts": _OFF, "openfoodfacts-dump": _OFF, "edamam": _EDAMAM}


def open_food_facts(page: str) -> dict[str, str]:
    """The attributes for a product whose page is `page`."""
    return {**_OFF, PAGE: page}


def edamam() -> dict[str, str]:
    """The attributes for a food of Edamam."""
    return dict(_EDAMAM)


def of_kind(kind: str) -> str:
    """What a source of this kind wants said; empty where it is no food database."""
    return "".join(sentences([_BY_KIND[kind]])) if kind in _BY_KIND else ""


def sentences(attributes: Iterable[Mapping[str, str]]) -> list[str]:
    """What a screen, report or export has to say about these products: one sentence a source, each once."""
    said: dict[str, None] = {}
    for one in attributes:
        if SOURCE not in one or LICENCE not in one:
            continue
        pictures = f" Pictures: {one[PICTURE_LICENCE]}." if PICTURE_LICENCE in one else ""
        said[f"Contains information from {one[SOURCE]}. {one[LICENCE]}.{pictures}"] = None
    return list(said)
