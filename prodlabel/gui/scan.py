"""One pass over all texts for what the columns do not hold: brands, and articles that are listed twice.

Invariant: a worker's function: reads a snapshot, reports progress, returns arrays in the order of its rows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.progress import Progress
from prodlabel.gui.long_texts import LONGEST, cut
from prodlabel.project.snapshot import Snapshot

_BRAND = re.compile(r"^(?:spec: )?(?:brand|marke|marque)s?$", re.IGNORECASE)
_MOST_ATTRIBUTES, _LEAST_SHARE = 30, 0.02
_LOOKED_AT = 2000
_IS_ORDERED = re.compile(r"\D{0,3}-?\d[\d ,.]*\s*\D{0,8}$|\d{4}-\d{2}-\d{2}")
_NO_LETTERS = re.compile(r"[\W\d_]+")


@dataclass(frozen=True, slots=True, eq=False)
class Scan:
    """`brand` int32 (n,) places in `brands` or -1; `twice` bool (n,): another product has the same name.

    `attributes` are the names of the attributes that enough products have, most frequent first.
    """

    product_id: NDArray[np.int64]
    brand: NDArray[np.int32]
    brands: tuple[str, ...]
    twice: NDArray[np.bool_]
    attributes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Named:
    """What is known of one attribute from the first products that have it."""

    had: int = 0
    values: set[str] = field(default_factory=set)
    numbers: int = 0

    def see(self, value: str) -> None:
        self.had += 1
        if self.had <= _LOOKED_AT:
            self.values.add(value[:LONGEST])
            self.numbers += _IS_ORDERED.match(value[:LONGEST]) is not None

    @property
    def is_telling(self) -> bool:
        """Whether it parts the products: not an address or a number of its own for each."""
        looked_at = min(self.had, _LOOKED_AT)
        return 1 < len(self.values) <= looked_at / 2 or self.numbers >= 0.9 * looked_at > 1


def scan_texts(snapshot: Snapshot, progress: Progress) -> Scan:
    """Read every product's attributes and name once."""
    count = len(snapshot.columns)
    brand = np.full(count, -1, dtype=np.int32)
    names = np.zeros(count, dtype=np.int64)
    codes: dict[str, int] = {}
    spelling: list[str] = []
    named: dict[str, _Named] = {}
    with progress.stage("Reading texts", count), snapshot.reader() as reader:
        for row, texts in enumerate(reader.all_texts()):
            for name, value in texts.attributes.items():
                if value and len(name) <= LONGEST:
                    named.setdefault(name, _Named()).see(value)
            said = next((v for k, v in texts.attributes.items() if v and _BRAND.match(k)), None)
            if said is not None:
                said = cut(said.strip())
                folded = said.casefold()
                if folded not in codes:
                    codes[folded] = len(codes)
                    spelling.append(said)
                brand[row] = codes[folded]
            letters = _NO_LETTERS.sub("", texts.name.casefold())
            names[row] = hash(letters) if letters else -row - 1
            if row % 500 == 499:
                progress.advance(500)
    _, inverse, counts = np.unique(names, return_inverse=True, return_counts=True)
    telling = [name for name, one in named.items() if one.had >= _LEAST_SHARE * count and one.is_telling]
    frequent = sorted(telling, key=lambda name: -named[name].had)[:_MOST_ATTRIBUTES]
    twice = np.asarray(counts[inverse] > 1)
    return Scan(snapshot.columns.product_id, brand, tuple(spelling), twice, tuple(frequent))
