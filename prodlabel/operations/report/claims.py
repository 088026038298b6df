"""What a report claims and the products that each claim counts, kept beside the report for the window.

Invariant: products are named by their identities, which an import or an edit does not change.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from prodlabel.core.errors import ProjectError
from prodlabel.operations.report.behind import ProductList
from prodlabel.store.atomic import read_json, write_json

PAGE = "report.html"
"""The report that the window makes, in the folder of the project."""
MOST_PRODUCTS = 5_000
"""Of a longer list the first are kept: more cannot be looked at."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A title such as "Baby Care taken for Home Furnishing: 7 products", and which these are."""

    title: str
    product_ids: tuple[int, ...]


def claims_of(lists: Sequence[ProductList]) -> tuple[Claim, ...]:
    """The lists of a report as claims."""
    return tuple(Claim(one.title, tuple(one.product_ids[:MOST_PRODUCTS])) for one in lists)


def keep_with(folder: Path, claims: Sequence[Claim]) -> None:
    """Keep the claims of the newest report of the project in `folder` with it, wherever the report itself
    was written: there the window finds them. A folder that cannot be written to is left as it is."""
    if os.access(folder, os.W_OK):
        save_claims(folder / PAGE, claims)


def save_claims(page: Path, claims: Sequence[Claim]) -> None:
    """Keep the claims of the report at `page`."""
    said = [{"title": one.title, "products": list(one.product_ids)} for one in claims]
    write_json(_path(page), {"claims": said})


def load_claims(page: Path) -> tuple[Claim, ...]:
    """The claims of the report at `page`; none where they are not there or not readable."""
    if not _path(page).is_file():
        return ()
    try:
        said = read_json(_path(page))
        return tuple(Claim(str(one["title"]), tuple(map(int, one["products"]))) for one in said["claims"])
    except (ProjectError, KeyError, TypeError, ValueError):
        return ()  # made again with the next report


def _path(page: Path) -> Path:
    return page.with_suffix(".json")
