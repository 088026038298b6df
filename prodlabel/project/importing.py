"""Takes a batch of records into the project: new ones added, changed ones updated, same ones left alone.

A curator's label is never overwritten: only a label that itself came from an import follows its source.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from sqlalchemy import Connection, func, select, update

from prodlabel.core.edits import ImportBatch
from prodlabel.core.labels import NO_CATEGORY, Status
from prodlabel.core.merging import Difference
from prodlabel.core.products import ProductRecord
from prodlabel.core.taxonomy import Category, Taxonomy, make_key
from prodlabel.project.merging import (
    SAID,
    Merged,
    Merger,
    clean_path,
    first_paths,
    folded,
    has_changed_categories,
    standing_labels,
)
from prodlabel.project.planning import sort_decisions
from prodlabel.store.categories import as_values, insert_categories
from prodlabel.store.entities import (
    CATEGORY,
    FACT,
    PRESENCE,
    PRODUCT,
    RETURN,
    EntityChange,
    facts_to_keep,
    set_entity,
)
from prodlabel.store.ledger import Decisions
from prodlabel.store.products import (
    NewProduct,
    StoredProduct,
    find_products,
    insert_products,
)
from prodlabel.store.schema import product

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
    product_ids: list[int] = field(default_factory=list)
    """Those that were added, changed or brought back."""
    differences: list[Difference] = field(default_factory=list)
    """Where the source changed what it had said."""

    @property
    def is_nothing(self) -> bool:
        return not (self.added or self.changed or self.new_categories)


@dataclass(slots=True)
class Plan:
    """The records of a batch by what becomes of them."""

    new: list[ProductRecord] = field(default_factory=list)
    returned: list[tuple[ProductRecord, StoredProduct]] = field(default_factory=list)
    """Those whose import was undone, then overtaken, and whose source still has them."""
    described_anew: list[tuple[ProductRecord, StoredProduct]] = field(default_factory=list)
    merged: list[Merged] = field(default_factory=list)
    reworded: list[Merged] = field(default_factory=list)
    unchanged: int = 0
    known_ids: list[int] = field(default_factory=list)
    """All products of the batch that the project has."""

    @property
    def same(self) -> int:
        """Products that stay as they are."""
        return self.unchanged + sum(one.known.is_present for one in self.reworded)

    @property
    def is_nothing(self) -> bool:
        return not (self.new or self.returned or self.merged)


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


def plan_batch(
    connection: Connection,
    taxonomy: Taxonomy,
    batch: ImportBatch,
    found: Mapping[str, StoredProduct],
) -> Plan:
    """What a batch would do; nothing is written."""
    plan = _sort(found, batch.records)
    merger = Merger(connection, taxonomy, batch)
    for one in merger.merge(plan.described_anew):
        (plan.reworded if one.is_nothing else plan.merged).append(one)
    return plan


def follow_wording(connection: Connection, reworded: list[Merged]) -> None:
    """Remember what sources say, where nothing of it concerns the project: it is not compared again."""
    for one in reworded:
        connection.execute(
            update(product).where(product.c.id == one.known.id).values(fingerprint=one.record.fingerprint())
        )


def import_batch(
    connection: Connection,
    taxonomy: Taxonomy,
    batch: ImportBatch,
    edit_id: int,
    plan: Plan,
) -> ImportOutcome:
    """Write products, texts and categories of a batch; the caller writes changes and decisions."""
    writer = _BatchWriter(connection, taxonomy, batch, edit_id)
    writer.outcome.same = plan.same
    writer.add(plan.new)
    writer.bring_back(plan.returned)
    writer.update(plan.merged)
    if writer.labels:
        table = np.array(writer.labels, dtype=np.int64)
        writer.outcome.decisions = sort_decisions(table[:, 0].tolist(), table[:, 1:], int(Status.IMPORTED))
    return writer.outcome


def _sort(found: Mapping[str, StoredProduct], records: Iterable[ProductRecord]) -> Plan:
    records = list({record.key: record for record in records}.values())
    result = Plan()
    for record in records:
        known = found.get(record.key)
        if known is None:
            result.new.append(record)
            continue
        result.known_ids.append(known.id)
        if not known.is_present:
            result.returned.append((record, known))
        if known.fingerprint != record.fingerprint():
            result.described_anew.append((record, known))
        elif known.is_present:
            result.unchanged += 1
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
        self._made = 0
        # The path as the source spells it: most rows of a batch share few of them.
        self._spelt: dict[tuple[str, ...], int] = {}

    def find(self, path: tuple[str, ...]) -> int:
        """The id of the category with this path; `NO_CATEGORY` for an empty one."""
        known = self._spelt.get(path)
        if known is None:
            known = self._spelt[path] = self._find(path)
        return known

    def _find(self, path: tuple[str, ...]) -> int:
        clean = clean_path(path)
        if not clean:
            return NO_CATEGORY
        key = folded(clean)
        if key not in self._known:
            found = self._taxonomy.find(clean)
            if found is None:
                found = self._renamed.get(key)
            self._known[key] = found if found is not None else self._make(clean)
        return self._known[key]

    @cached_property
    def _renamed(self) -> dict[tuple[str, ...], int]:
        """Present categories by the path that sources know them by, where somebody has ever changed one."""
        if not has_changed_categories(self._connection):
            return {}
        by_id = self._taxonomy.by_id
        return {
            folded(path): category_id
            for category_id, path in first_paths(self._connection).items()
            if category_id in by_id and by_id[category_id].is_present
        }

    def _make(self, path: tuple[str, ...]) -> int:
        parent = self.find(path[:-1]) or None
        gone = self._gone.get((parent, path[-1].casefold()))
        if gone is not None:
            return self._bring_back(gone)
        by_id = self._taxonomy.by_id
        if self._keys is None:
            self._keys = {category.key for category in by_id.values()}
            self._children.update(category.parent for category in by_id.values() if category.is_present)
        category_id = max(by_id, default=0) + 1 + self._made
        key = make_key(path, self._keys)
        made = Category(category_id, key, parent, path[-1], self._children[parent])
        self._pending.append(made)
        self._made += 1
        self._keys.add(key)
        self._children[parent] += 1
        self._outcome.new_categories.append(made)
        self._outcome.changes.append(EntityChange(CATEGORY, made.id, None, as_values(made)))
        return made.id

    @cached_property
    def _gone(self) -> dict[tuple[int | None, str], Category]:
        """Categories that were taken away, by what they lay below and their name; the first of equal ones."""
        gone = [one for one in self._taxonomy.by_id.values() if not one.is_present]
        return {(one.parent, one.name.casefold()): one for one in sorted(gone, key=lambda one: -one.id)}

    def _bring_back(self, gone: Category) -> int:
        """The same category as before an undone import, not a second one of its name."""
        back = replace(gone, is_present=True)
        change = EntityChange(CATEGORY, back.id, as_values(gone), as_values(back))
        set_entity(self._connection, change)
        self._outcome.new_categories.append(back)
        self._outcome.changes.append(change)
        return back.id

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
        self._merger = Merger(connection, taxonomy, batch)
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
        self.outcome.product_ids += [one.id for one in new]
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

    def bring_back(self, returned: list[tuple[ProductRecord, StoredProduct]]) -> None:
        """Products whose import was undone: their categories may be gone since, and labels with them."""
        if not returned:
            return
        ids = [known.id for _, known in returned]
        standing = standing_labels(self._connection, ids)
        for record, known in returned:
            category, status, edit = standing[known.id]
            wanted = self._label_of(record)
            if category == NO_CATEGORY and Status(status) is Status.NONE and wanted != NO_CATEGORY:
                self.labels.append((known.id, category, status, edit, wanted))
        before = [known.source_category for _, known in returned]
        after = [self._finder.find(record.category) for record, _ in returned]
        self._finder.write()
        back = EntityChange(
            RETURN,
            self._edit_id,
            {"is_present": False, "ids": ids, "source_category": before},
            {"is_present": True, "ids": ids, "source_category": after},
        )
        set_entity(self._connection, back)
        self.outcome.changes.append(back)
        self.outcome.added += len(ids)
        self.outcome.product_ids += ids

    def update(self, merged: list[Merged]) -> None:
        """Products that the source describes anew, as the merge decided."""
        ids = [one.known.id for one in merged]
        standing = standing_labels(self._connection, ids)
        facts = facts_to_keep(self._connection, [one.known.id for one in merged if one.has_new_picture])
        for one in merged:
            known = one.known
            before = _stored_values(one, facts.get(known.id))
            change = EntityChange(PRODUCT, known.id, before, self._new_values(one))
            self._finder.write()
            set_entity(self._connection, change)
            self.outcome.changes.append(change)
            wanted = self._label_of(one.record)
            category, status, edit = standing[known.id]
            if known.is_present and one.takes_category and wanted not in (NO_CATEGORY, category):
                self.labels.append((known.id, category, status, edit, wanted))
            self.outcome.differences += one.differences
        stayed = [one for one in merged if one.known.is_present]  # the others were counted as they came back
        visible = [one.known.id for one in stayed if one.is_visible]
        self.outcome.changed += len(visible)
        self.outcome.same += len(stayed) - len(visible)
        self.outcome.product_ids += visible
        self._finder.write()

    def _new_values(self, one: Merged) -> dict[str, object]:
        record, values = one.record, one.values
        said = {SAID: dict(one.said)} if one.said else {}
        return {
            "source_id": self._batch.source_id,
            "source_category": self._source_category(one),
            "has_picture": values["picture"] is not None,
            "fingerprint": record.fingerprint().hex(),
            "name": values["name"],
            "description": values["description"],
            "attributes": _JSON.encode(values["attributes"]),
            "picture": values["picture"],
            **said,
        }

    def _source_category(self, one: Merged) -> int:
        """The category that the source names: the one it named before, where only people renamed it."""
        spelt = folded(self._merger.spelt_by_source(one.known.source_category))
        if one.known.is_present and folded(clean_path(one.record.category)) == spelt:
            return one.known.source_category
        return self._finder.find(one.record.category)


def _stored_values(one: Merged, fact: list[Any] | None) -> dict[str, object]:
    known, texts = one.known, one.texts
    seen = {} if fact is None else {FACT: fact}
    said = {SAID: dict(one.was_said)} if one.was_said else {}
    return {
        "source_id": known.source_id,
        "source_category": known.source_category,
        "has_picture": known.has_picture,
        "fingerprint": known.fingerprint.hex(),
        "name": texts.name,
        "description": texts.description,
        "attributes": _JSON.encode(dict(texts.attributes)),
        "picture": texts.picture,
        **seen,
        **said,
    }


def _attributes(record: ProductRecord) -> str:
    return _JSON.encode(dict(record.attributes))
