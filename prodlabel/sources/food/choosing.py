"""Which of the products found count: complete, not seen before, and no more than wanted.

Invariant: what is chosen depends on the order of the products alone, not on how they fall into pages.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from prodlabel.core.products import Problem, ProductRecord
from prodlabel.sources.assemble import PICTURE_ADDRESS
from prodlabel.sources.food.attribution import NEVER_DROPPED
from prodlabel.sources.food.query import FoodQuery

_ALWAYS_KEPT = frozenset({*NEVER_DROPPED, PICTURE_ADDRESS})


def has(record: ProductRecord, what: str) -> bool:
    """Whether a record has a role ("name", "description", "category", "picture") or an attribute of that
    name.
    """
    if what in ("name", "description", "category"):
        return bool(getattr(record, what))
    return bool(record.attributes.get(PICTURE_ADDRESS if what == "picture" else what))


@dataclass(slots=True)
class Chooser:
    """Goes through records once; remembers keys only."""

    query: FoodQuery
    chosen: int = 0
    repeated: int = 0
    incomplete: int = 0
    lacking: Counter[str] = field(default_factory=Counter)
    _keys: set[str] = field(default_factory=set)
    _seen: set[str] = field(default_factory=set)

    @property
    def is_satisfied(self) -> bool:
        return self.chosen >= self.query.wanted

    def choose(self, records: Iterable[ProductRecord]) -> Iterator[ProductRecord]:
        """Those of `records` that count, with the attributes that shall be kept."""
        for record in records:
            if self.is_satisfied:
                return
            self._seen.add(record.key)
            if record.key in self._keys:
                self.repeated += 1
                continue
            missing = [what for what in self.query.required if not has(record, what)]
            if missing:
                self.incomplete += 1
                self.lacking.update(missing)
                continue
            self._keys.add(record.key)
            self.chosen += 1
            yield trimmed(record, self.query.kept)

    def knows_all(self, records: Iterable[ProductRecord]) -> bool:
        """Whether a page holds nothing but products that were on earlier pages."""
        return all(record.key in self._seen for record in records)

    def problems(self) -> Iterator[Problem]:
        """What was left out, in sums: a row for each would drown what matters."""
        if self.incomplete:
            lacks = ", ".join(f"{what} ({count:,})" for what, count in self.lacking.most_common())
            message = f"{self.incomplete:,} products were left out because they lack {lacks}."
            yield Problem("incomplete", message)
        if self.repeated:
            yield Problem("repeated", f"{self.repeated:,} products came twice; the first of each counts.")


def trimmed(record: ProductRecord, kept: tuple[str, ...] | None) -> ProductRecord:
    """The record with the attributes that shall be `kept` (None: all) and those that licences ask for."""
    if kept is None:
        return record
    wanted = _ALWAYS_KEPT | set(kept)
    attributes = {name: text for name, text in record.attributes.items() if name in wanted}
    return replace(record, attributes=attributes)
