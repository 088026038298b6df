"""One pass over all texts for what the columns do not hold: brands, and articles that are listed twice.

Invariant: a worker's function: reads a snapshot, reports progress, returns arrays in the order of its rows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.progress import Progress
from prodlabel.project.snapshot import Snapshot

_BRAND = re.compile(r"^(?:spec: )?(?:brand|marke|marque)s?$", re.IGNORECASE)
_NO_LETTERS = re.compile(r"[\W\d_]+")


@dataclass(frozen=True, slots=True, eq=False)
class Scan:
    """`brand` int32 (n,) places in `brands` or -1; `twice` bool (n,): another product has the same name."""

    product_id: NDArray[np.int64]
    brand: NDArray[np.int32]
    brands: tuple[str, ...]
    twice: NDArray[np.bool_]


def scan_texts(snapshot: Snapshot, progress: Progress) -> Scan:
    """Read every product's attributes and name once."""
    count = len(snapshot.columns)
    brand = np.full(count, -1, dtype=np.int32)
    names = np.zeros(count, dtype=np.int64)
    codes: dict[str, int] = {}
    spelling: list[str] = []
    with progress.stage("Reading texts", count), snapshot.reader() as reader:
        for row, texts in enumerate(reader.all_texts()):
            said = next((v for k, v in texts.attributes.items() if v and _BRAND.match(k)), None)
            if said is not None:
                folded = said.strip().casefold()
                if folded not in codes:
                    codes[folded] = len(codes)
                    spelling.append(said.strip())
                brand[row] = codes[folded]
            letters = _NO_LETTERS.sub("", texts.name.casefold())
            names[row] = hash(letters) if letters else -row - 1
            if row % 500 == 499:
                progress.advance(500)
    _, inverse, counts = np.unique(names, return_inverse=True, return_counts=True)
    return Scan(snapshot.columns.product_id, brand, tuple(spelling), np.asarray(counts[inverse] > 1))
