"""Takes a batch of records into the project: new ones added, changed ones updated, same ones left alone.

A curator's label is never overwritten: only a label that itself came from an import follows its source.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from sqlalchemy import Connection, func, select

from prodlabel.core.edits import ImportBatch
from prodlabel.core.labels import NO_CATEGORY, Status
from prodlabel.core.products import ProductRecord
from prodlabel.core.taxonomy import Category, Taxonomy, make_key
from prodlabel.project.planning import sort_decisions
from prodlabel.store.categories import as_values, insert_categories
from prodlabel.store.entities import CATEGORY, PRESENCE, PRODUCT, EntityChange, set_entity
from prodlabel.store.ledger import Decisions
from prodlabel.store.products import (
    NewProduct,
    ProductTexts,
    StoredProduct,
    find_products,
    insert_products,
    read_texts,
)
from prodlabel.store.schema import label, product

_JSON = json.JSONEncoder(ensure_ascii=False)  # `json.dumps` makes a new one for each of a million rows


@dataclass(slots=True)
class ImportOutcome:
    """What one batch did, and what the ledger has to be told about it."""

    added: int = 0
    changed: int = 0
    same: int = 0
    changes: list[EntityChange] = field(default_factory=list)
    decisions: Decisions | None = None
    new_categories: list[Category] = field(default_factory=list)

    @property
    def is_nothing(self) -> bool:
        return not (self.added or self.changed or self.new_categories)


@dataclass(slots=True)
class _Sorted:
    new: list[ProductRecord]
    changed: list[tuple[ProductRecord, StoredProduct]]
    returned: list[StoredProduct]


def known_products(connection: Connection, batch: ImportBatch) -> dict[str, StoredProduct]:
    """What the project knows already of the products of a batch, by key."""
    return find_products(connection, [record.key for record in batch.records])


def would_change(found: Mapping[str, StoredProduct], batch: ImportBatch) -> bool:
    """Whether the batch brings anything beyond `found`, what the project knows of its products."""
    for record in batch.records:
        known = found.get(record.key)
        if known is None or not known.is_present or known.fingerprint != record.fingerprint():
            return True
    return False


def import_batch(
    connection: Connection,
    taxonomy: Taxonomy,
    batch: ImportBatch,
    edit_id: int,
    found: Mapping[str, StoredProduct],
) -> ImportOutcome:
    """Write products, texts and categories of a batch; the caller writes changes and decisions."""
    writer = _BatchWriter(connection, taxonomy, batch, edit_id)
    sorted_records = _sort(found, batch.records, writer.outcome)
    writer.add(sorted_records.new)
    writer.bring_back(sorted_records.returned)
    writer.update(sorted_records.changed)
    if writer.labels:
        table = np.array(writer.labels, dtype=np.int64)
        writer.outcome.decisions = sort_decisions(table[:, 0].tolist(), table[:, 1:], int(Status.IMPORTED))
    return writer.outcome


def _sort(
    found: Mapping[str, StoredProduct], records: Iterable[ProductRecord], outcome: ImportOutcome
) -> _Sorted:
    records = list({record.key: record for record in records}.values())
    result = _Sorted([], [], [])
    for record in records:
        known = found.get(record.key)
        if known is None:
            result.new.append(record)
            continue
        if not known.is_present:
            result.returned.append(known)
        if known.fingerprint != record.fingerprint():
            result.changed.append((record, known))
        elif known.is_present:
            outcome.same += 1
    return result


class _CategoryFinder:
    """Finds the category of a path, making what is missing of it."""

    def __init__(self, connection: Connection, taxonomy: Taxonomy, outcome: ImportOutcome) -> None:
        self._connection = connection
        self._taxonomy = taxonomy
        self._outcome = outcome
        # Kept up to date here: a taxonomy is immutable, and making one for each new category of a large
        # import would take longer than writing the products.
        self._known: dict[tuple[str, ...], int] = {}
        self._keys: set[str] | None = None
        self._children: Counter[int | None] = Counter()
        self._pending: list[Category] = []
        # The path as the source spells it: most rows of a batch share few of them.
        self._spelt: dict[tuple[str, ...], int] = {}

    def find(self, path: tuple[str, ...]) -> int:
        """The id of the category with this path; `NO_CATEGORY` for an empty one."""
        known = self._spelt.get(path)
        if known is None:
            known = self._spelt[path] = self._find(path)
        return known

    def _find(self, path: tuple[str, ...]) -> int:
        clean = tuple(name for name in (" ".join(part.split()).replace(">", "›") for part in path) if name)
        if not clean:
            return NO_CATEGORY
        key = tuple(name.casefold() for name in clean)
        if key not in self._known:
            found = self._taxonomy.find(clean)
            self._known[key] = found if found is not None else self._make(clean)
        return self._known[key]

    def _make(self, path: tuple[str, ...]) -> int:
        parent = self.find(path[:-1]) or None
        by_id = self._taxonomy.by_id
        if self._keys is None:
            self._keys = {category.key for category in by_id.values()}
            self._children.update(category.parent for category in by_id.values() if category.is_present)
        made_before = len(self._outcome.new_categories)
        category_id = max(by_id, default=0) + 1 + made_before
        key = make_key(path, self._keys)
        made = Category(category_id, key, parent, path[-1], self._children[parent])
        self._pending.append(made)
        self._keys.add(key)
        self._children[parent] += 1
        self._outcome.new_categories.append(made)
        self._outcome.changes.append(EntityChange(CATEGORY, made.id, None, as_values(made)))
        return made.id

    def write(self) -> None:
        """Write the categories that were made: once for many, since most of a first batch are new."""
        if self._pending:
            insert_categories(self._connection, self._pending)
            self._pending.clear()


class _BatchWriter:
    """Writes the three kinds of records, collecting what the ledger must be told.

    `labels` gathers (product id, old category, old status, old edit, new category).
    """

    def __init__(self, connection: Connection, taxonomy: Taxonomy, batch: ImportBatch, edit_id: int) -> None:
        self.outcome = ImportOutcome()
        self.labels: list[tuple[int, int, int, int, int]] = []
        self._connection = connection
        self._batch = batch
        self._edit_id = edit_id
        self._finder = _CategoryFinder(connection, taxonomy, self.outcome)

    def add(self, records: list[ProductRecord]) -> None:
        if not records:
            return
        highest = self._connection.execute(select(func.coalesce(func.max(product.c.id), 0))).scalar_one()
        new = [self._new(product_id, record) for product_id, record in enumerate(records, int(highest) + 1)]
        for one, record in zip(new, records, strict=True):
            category = self._label_of(record)
            if category != NO_CATEGORY:
                self.labels.append((one.id, NO_CATEGORY, int(Status.NONE), 0, category))
        self._finder.write()
        insert_products(self._connection, new, self._edit_id)
        self.outcome.added += len(new)
        present, absent = {"is_present": True}, {"is_present": False}
        self.outcome.changes.append(EntityChange(PRESENCE, self._edit_id, absent, present))

    def _new(self, product_id: int, record: ProductRecord) -> NewProduct:
        return NewProduct(
            product_id,
            record.key,
            self._batch.source_id,
            record.picture is not None,
            self._finder.find(record.category),
            record.fingerprint(),
            record.name,
            record.description,
            _attributes(record),
            record.picture,
        )

    def _label_of(self, record: ProductRecord) -> int:
        return self._finder.find(record.category[: self._batch.label_level])

    def bring_back(self, returned: list[StoredProduct]) -> None:
        """Products whose import was undone, then overtaken: the source still has them."""
        ids = [known.id for known in returned]
        added_edits: set[int] = set()
        for start in range(0, len(ids), 5000):
            chunk = product.c.id.in_(ids[start : start + 5000])
            added_edits |= set(
                self._connection.execute(select(product.c.added_edit).where(chunk).distinct()).scalars()
            )
        for added_edit in sorted(added_edits):
            back = EntityChange(PRESENCE, added_edit, {"is_present": False}, {"is_present": True})
            set_entity(self._connection, back)
            self.outcome.changes.append(back)
        self.outcome.added += len(returned)

    def update(self, changed: list[tuple[ProductRecord, StoredProduct]]) -> None:
        ids = [known.id for _, known in changed]
        texts = {one.product_id: one for one in read_texts(self._connection, ids)}
        standing = _standing_labels(self._connection, ids)
        for record, known in changed:
            change = EntityChange(
                PRODUCT, known.id, _stored_values(known, texts[known.id]), self._new_values(record)
            )
            self._finder.write()
            set_entity(self._connection, change)
            self.outcome.changes.append(change)
            category, status, edit = standing[known.id]
            wanted = self._label_of(record)
            follows_source = status in (Status.NONE, Status.IMPORTED)
            if follows_source and wanted not in (NO_CATEGORY, category):
                self.labels.append((known.id, category, status, edit, wanted))
        self._finder.write()
        self.outcome.changed += len(changed)

    def _new_values(self, record: ProductRecord) -> dict[str, object]:
        return {
            "source_id": self._batch.source_id,
            "source_category": self._finder.find(record.category),
            "has_picture": record.picture is not None,
            "fingerprint": record.fingerprint().hex(),
            "name": record.name,
            "description": record.description,
            "attributes": _attributes(record),
            "picture": record.picture,
        }


def _standing_labels(connection: Connection, product_ids: list[int]) -> dict[int, tuple[int, int, int]]:
    standing: dict[int, tuple[int, int, int]] = {}
    for start in range(0, len(product_ids), 5000):
        chunk = product_ids[start : start + 5000]
        for row in connection.execute(select(label).where(label.c.product_id.in_(chunk))):
            standing[row.product_id] = (row.category_id, row.status, row.edit_id)
    return standing


def _stored_values(known: StoredProduct, texts: ProductTexts) -> dict[str, object]:
    return {
        "source_id": known.source_id,
        "source_category": known.source_category,
        "has_picture": known.has_picture,
        "fingerprint": known.fingerprint.hex(),
        "name": texts.name,
        "description": texts.description,
        "attributes": _JSON.encode(dict(texts.attributes)),
        "picture": texts.picture,
    }


def _attributes(record: ProductRecord) -> str:
    return _JSON.encode(dict(record.attributes))
