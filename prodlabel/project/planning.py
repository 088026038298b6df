"""Turns an edit into what has to be written, looking only at the present state: pure, nothing is changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.edits import AddCategories, AddCategory, ChangeCategory, Relabel, RetireCategory, _Keep
from prodlabel.core.errors import InputError
from prodlabel.core.labels import NO_CATEGORY
from prodlabel.core.taxonomy import Category, Taxonomy, make_key
from prodlabel.project.columns import Columns
from prodlabel.store.ledger import Decisions

_CHANGEABLE = frozenset({"name", "parent", "position", "description", "colour", "shortcut"})


def plan_relabel(columns: Columns, taxonomy: Taxonomy, edit: Relabel) -> Decisions:
    """The decisions that a relabel comes to. Raises `InputError` for unknown products or categories."""
    product_ids = np.unique(np.asarray(edit.product_ids, dtype=np.int64))
    if len(product_ids) != len(edit.product_ids):
        raise InputError("A product stands twice in one relabel. Name each product once.")
    order = np.argsort(edit.product_ids, kind="stable")
    rows = columns.rows(product_ids)
    if isinstance(edit.category_ids, _Keep):
        category = columns.category[rows]
    elif isinstance(edit.category_ids, int | np.integer):
        category = np.full(len(rows), edit.category_ids, dtype=np.int32)
    else:
        category = np.asarray(edit.category_ids, dtype=np.int32)[order]
    for category_id in np.unique(category).tolist():
        if category_id != NO_CATEGORY and category_id not in taxonomy:
            raise InputError(f"There is no category number {category_id}. Look at the taxonomy again.")
    status = np.full(len(rows), int(edit.status), dtype=np.uint8)
    return Decisions(
        product_ids, columns.category[rows], columns.status[rows], columns.edit[rows], category, status
    )


def plan_add(taxonomy: Taxonomy, edit: AddCategory) -> Category:
    """The category that an `AddCategory` makes."""
    name = _clean_name(edit.name)
    if edit.parent is not None and edit.parent not in taxonomy:
        raise InputError(f"There is no category number {edit.parent} to put “{name}” under.")
    path = (*(taxonomy.path(edit.parent) if edit.parent is not None else ()), name)
    if taxonomy.find(path) is not None:
        raise InputError(f"“{taxonomy_text(path)}” is there already. Choose another name.")
    key = make_key(path, {category.key for category in taxonomy.by_id.values()})
    next_id = max(taxonomy.by_id, default=0) + 1
    return Category(next_id, key, edit.parent, name, len(taxonomy.children(edit.parent)), edit.description)


def plan_add_many(taxonomy: Taxonomy, edit: AddCategories) -> list[Category]:
    """The categories that an `AddCategories` makes, parents first; in time linear in their number."""
    by_key = {category.key: category.id for category in taxonomy.by_id.values()}
    by_path = {tuple(name.casefold() for name in taxonomy.path(c.id)): c.id for c in taxonomy}
    counts = Counter(category.parent for category in taxonomy)
    next_id = max(taxonomy.by_id, default=0) + 1
    made: list[Category] = []

    def find(path: tuple[str, ...], key: str, description: str = "") -> int:
        nonlocal next_id
        folded = tuple(name.casefold() for name in path)
        known = by_key.get(key) if key else None
        known = by_path.get(folded) if known is None or known not in taxonomy else known
        if known is not None:
            return by_path.setdefault(folded, known)
        parent = find(path[:-1], "") if len(path) > 1 else None
        if not key or key in by_key:
            key = make_key(path, by_key.keys())
        made.append(Category(next_id, key, parent, path[-1], counts[parent], description))
        counts[parent] += 1
        by_key[key] = by_path[folded] = next_id
        next_id += 1
        return next_id - 1

    # Those above first: their own key is then known when a deeper one asks for them.
    said = edit.descriptions or ("",) * len(edit.entries)
    entries = zip(edit.entries, said, strict=True)
    for (path, key), description in sorted(entries, key=lambda entry: len(entry[0][0])):
        clean = tuple(_clean_name(name) for name in path)
        if clean:
            find(clean, key, description)
    return made


def plan_change(taxonomy: Taxonomy, edit: ChangeCategory) -> Category:
    """The category as a `ChangeCategory` leaves it. Raises `InputError` for cycles and taken names."""
    if edit.category_id not in taxonomy:
        raise InputError(f"There is no category number {edit.category_id}. Look at the taxonomy again.")
    unknown = set(edit.changes) - _CHANGEABLE
    if unknown:
        raise InputError(f"A category has no “{min(unknown)}” to change.")
    changes = dict(edit.changes)
    if "name" in changes:
        changes["name"] = _clean_name(changes["name"])
    changed = replace(taxonomy[edit.category_id], **changes)
    if changed.parent is not None and changed.parent not in taxonomy:
        raise InputError(f"There is no category number {changed.parent} to move “{changed.name}” to.")
    after = taxonomy.with_categories([changed])
    if after.has_cycle():
        raise InputError(f"“{changed.name}” cannot lie below itself. Choose another place for it.")
    siblings = [c for c in taxonomy.children(changed.parent) if c.id != changed.id]
    if any(sibling.name.casefold() == changed.name.casefold() for sibling in siblings):
        raise InputError(f"Another “{changed.name}” is there already. Merge the two or choose another name.")
    return changed


def plan_retire(columns: Columns, taxonomy: Taxonomy, edit: RetireCategory) -> Category:
    """The category marked absent. Raises `InputError` while products or children hang on it."""
    if edit.category_id not in taxonomy:
        raise InputError(f"There is no category number {edit.category_id}. Look at the taxonomy again.")
    category = taxonomy[edit.category_id]
    if taxonomy.children(edit.category_id):
        raise InputError(f"“{category.name}” has categories below it. Move or remove them first.")
    count = int(np.count_nonzero(columns.category == edit.category_id))
    if count:
        raise InputError(f"“{category.name}” still has {count} products. Relabel them first.")
    return replace(category, is_present=False)


def sort_decisions(product_ids: Sequence[int], table: NDArray[np.int64], new_status: int) -> Decisions:
    """Decisions from a table with the columns old category, old status, old edit, new category."""
    order = np.argsort(np.asarray(product_ids, dtype=np.int64), kind="stable")
    ids = np.asarray(product_ids, dtype=np.int64)[order]
    ordered = table[order]
    return Decisions(
        ids,
        ordered[:, 0].astype(np.int32),
        ordered[:, 1].astype(np.uint8),
        ordered[:, 2],
        ordered[:, 3].astype(np.int32),
        np.full(len(ids), new_status, dtype=np.uint8),
    )


def taxonomy_text(path: Sequence[str]) -> str:
    """A path as people read it."""
    return " > ".join(path)


def _clean_name(name: str) -> str:
    clean = " ".join(name.split())
    if not clean:
        raise InputError("A category needs a name. Type one.")
    if ">" in clean:
        raise InputError(f"“{clean}”: a category's name cannot hold “>”, which separates levels.")
    return clean
