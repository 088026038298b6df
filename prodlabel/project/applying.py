"""Writes edits inside one transaction and says what the project is afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from prodlabel.core.edits import (
    AddCategories,
    AddCategory,
    Because,
    ChangeCategory,
    ChangeKind,
    Edit,
    EditKind,
    ImportBatch,
    Relabel,
    RetireCategory,
)
from prodlabel.core.errors import InputError
from prodlabel.core.labels import NO_CATEGORY
from prodlabel.core.taxonomy import Category, Taxonomy
from prodlabel.project import planning
from prodlabel.project.columns import Columns
from prodlabel.project.importing import (
    ImportOutcome,
    follow_wording,
    import_batch,
    known_products,
    plan_batch,
    would_change,
)
from prodlabel.store import ledger
from prodlabel.store.categories import as_values, insert_categories
from prodlabel.store.entities import CATEGORY, EntityChange, set_entity
from prodlabel.store.ledger import Decisions, EditHeader


@dataclass(slots=True, eq=False)
class Applied:
    """What a step came to. `new_categories` are ids in the order in which they were made."""

    columns: Columns
    taxonomy: Taxonomy
    step: int | None = None
    last_edit: int = 0
    kinds: frozenset[ChangeKind] = frozenset()
    product_ids: NDArray[np.int64] | None = None
    new_categories: list[int] = field(default_factory=list)
    imported: ImportOutcome | None = None
    has_imported: bool = False


def apply_edits(
    connection: Connection,
    columns: Columns,
    taxonomy: Taxonomy,
    edits: Sequence[Edit],
    *,
    person: str,
    at_us: int,
) -> Applied:
    """Write `edits` as one step. Raises before anything is committed where one of them cannot be done.

    An import does not look at `columns`; after one, `Applied.columns` is out of date.
    """
    applied = Applied(columns, taxonomy)
    writer = _Writer(connection, applied, person, at_us)
    for edit in edits:
        match edit:
            case Relabel():
                writer.relabel(edit)
            case AddCategory():
                writer.add_category(edit)
            case AddCategories():
                writer.add_categories(edit)
            case ChangeCategory():
                writer.change_category(edit)
            case RetireCategory():
                writer.retire_category(edit)
            case ImportBatch():
                writer.import_batch(edit)
    return applied


class _Writer:
    """Writes one edit after the other, each on the state that the one before left."""

    def __init__(self, connection: Connection, applied: Applied, person: str, at_us: int) -> None:
        self._connection = connection
        self._applied = applied
        self._person = person
        self._at_us = at_us

    def relabel(self, edit: Relabel) -> None:
        applied = self._applied
        if applied.has_imported:
            raise InputError("A relabel cannot be one step with an import. Apply it afterwards.")
        decisions = planning.plan_relabel(applied.columns, applied.taxonomy, edit)
        if not len(decisions.product_ids):
            return
        summary = _relabel_summary(decisions, applied.taxonomy)
        count = len(decisions.product_ids)
        edit_id = self._header(EditKind.RELABEL, edit.because, summary, count)
        ledger.write_decisions(self._connection, edit_id, decisions)
        rows = applied.columns.rows(decisions.product_ids)
        applied.columns = applied.columns.with_labels(
            rows, decisions.new_category, decisions.new_status, edit_id
        )
        touched = decisions.product_ids
        if applied.product_ids is not None:
            touched = np.union1d(applied.product_ids, touched)
        applied.product_ids = touched
        self._touch(ChangeKind.LABELS)

    def add_category(self, edit: AddCategory) -> None:
        made = planning.plan_add(self._applied.taxonomy, edit)
        edit_id = self._header(EditKind.TAXONOMY, edit.because, f"New category “{made.name}”")
        insert_categories(self._connection, [made])
        self._write_category(edit_id, made, before=None)
        self._applied.new_categories.append(made.id)

    def add_categories(self, edit: AddCategories) -> None:
        made = planning.plan_add_many(self._applied.taxonomy, edit)
        if not made:
            return
        edit_id = self._header(EditKind.TAXONOMY, edit.because, f"{len(made):,} new categories")
        insert_categories(self._connection, made)
        changes = [EntityChange(CATEGORY, one.id, None, as_values(one)) for one in made]
        ledger.write_changes(self._connection, edit_id, changes)
        self._applied.taxonomy = self._applied.taxonomy.with_categories(made)
        self._applied.new_categories += [one.id for one in made]
        self._touch(ChangeKind.TAXONOMY)

    def change_category(self, edit: ChangeCategory) -> None:
        taxonomy = self._applied.taxonomy
        changed = planning.plan_change(taxonomy, edit)
        old = taxonomy[edit.category_id]
        self._replace_category(old, changed, edit.because, _change_summary(old, changed, taxonomy))

    def retire_category(self, edit: RetireCategory) -> None:
        retired = planning.plan_retire(self._applied.columns, self._applied.taxonomy, edit)
        old = self._applied.taxonomy[edit.category_id]
        self._replace_category(old, retired, edit.because, f"Remove category “{old.name}”")

    def import_batch(self, edit: ImportBatch) -> None:
        applied = self._applied
        found = known_products(self._connection, edit)
        if not would_change(found, edit):
            applied.imported = ImportOutcome(same=len(edit.records))
            return
        plan = plan_batch(self._connection, applied.taxonomy, edit, found)
        follow_wording(self._connection, plan.reworded)
        if plan.is_nothing:
            applied.imported = ImportOutcome(same=plan.same)
            return
        step = edit.step
        if step is not None and self._applied.step is None and not ledger.may_go_on(self._connection, step):
            step = None  # somebody edited or undid meanwhile: what comes now is taken back alone
        edit_id = self._header(EditKind.IMPORT, edit.because, "Import", len(edit.records), step=step)
        outcome = import_batch(self._connection, applied.taxonomy, edit, edit_id, plan)
        ledger.write_changes(self._connection, edit_id, outcome.changes)
        if outcome.decisions is not None:
            ledger.write_decisions(self._connection, edit_id, outcome.decisions)
        ledger.set_product_count(self._connection, edit_id, outcome.added + outcome.changed)
        applied.imported = outcome
        applied.new_categories += [made.id for made in outcome.new_categories]
        applied.has_imported = True
        self._touch(ChangeKind.PRODUCTS, ChangeKind.LABELS)
        if outcome.new_categories:
            applied.taxonomy = applied.taxonomy.with_categories(outcome.new_categories)
            self._touch(ChangeKind.TAXONOMY)

    def _replace_category(self, old: Category, new: Category, because: Because, summary: str) -> None:
        edit_id = self._header(EditKind.TAXONOMY, because, summary)
        self._write_category(edit_id, new, before=old)

    def _write_category(self, edit_id: int, category: Category, *, before: Category | None) -> None:
        change = EntityChange(
            CATEGORY, category.id, None if before is None else as_values(before), as_values(category)
        )
        set_entity(self._connection, change)
        ledger.write_changes(self._connection, edit_id, [change])
        self._applied.taxonomy = self._applied.taxonomy.with_categories([category])
        self._touch(ChangeKind.TAXONOMY)

    def _header(
        self, kind: EditKind, because: Because, summary: str, count: int = 0, step: int | None = None
    ) -> int:
        if self._applied.step is not None and step not in (None, self._applied.step):
            raise InputError("Edits of two different steps cannot be applied together.")
        header = EditHeader(
            kind,
            self._at_us,
            because.person or self._person,
            because.reason,
            summary,
            count,
            because.classifier_version,
            because.details,
            step=step or self._applied.step,
        )
        edit_id = ledger.write_header(self._connection, header)
        self._applied.last_edit = edit_id
        self._applied.step = header.step or edit_id
        return edit_id

    def _touch(self, *kinds: ChangeKind) -> None:
        self._applied.kinds |= {*kinds, ChangeKind.HISTORY}


def _relabel_summary(decisions: Decisions, taxonomy: Taxonomy) -> str:
    count = len(decisions.product_ids)
    products = f"{count:,} product{'s' if count != 1 else ''}"
    targets = np.unique(decisions.new_category)
    if np.array_equal(decisions.new_category, decisions.old_category):
        return f"Mark {products}"
    if len(targets) > 1:
        return f"Relabel {products} to {len(targets)} categories"
    target = int(targets[0])
    if target == NO_CATEGORY:
        return f"Take the category off {products}"
    return f"Relabel {products} → {taxonomy[target].name}"


def _change_summary(old: Category, new: Category, taxonomy: Taxonomy) -> str:
    if old.name != new.name:
        return f"Rename “{old.name}” to “{new.name}”"
    if old.parent != new.parent:
        place = "the top" if new.parent is None else f"“{taxonomy[new.parent].name}”"
        return f"Move “{old.name}” to {place}"
    return f"Change “{old.name}”"
