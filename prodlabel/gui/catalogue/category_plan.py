"""What a change of the taxonomy would do, worked out before anything is changed.

Invariant: making a plan changes nothing; its edits are one step, which can be undone. Raises `InputError` for
what cannot be done, before it is shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject

from prodlabel.core.edits import AddCategory, Because, ChangeCategory, Edit, Relabel, RetireCategory
from prodlabel.core.labels import NO_CATEGORY, Status
from prodlabel.core.taxonomy import Taxonomy
from prodlabel.project.columns import Columns
from prodlabel.project.planning import plan_add, plan_change, plan_retire


@dataclass(frozen=True, slots=True, eq=False)
class CategoryPlan:
    """`sources`: (category id, products) that it is about; `target`: the category that they go to, or else
    `name`, in words; `text` says what changes besides, `button` what Enter does."""

    title: str
    sources: tuple[tuple[int, int], ...]
    text: str
    button: str
    edits: tuple[Edit, ...]
    target: int = NO_CATEGORY
    name: str = ""


class CategoryPlans(QObject):
    """Makes plans for one state of a project: its columns and taxonomy."""

    def __init__(self, columns: Columns, taxonomy: Taxonomy) -> None:
        super().__init__()
        self._columns, self._taxonomy = columns, taxonomy

    def count(self, category_id: int) -> int:
        """Products of a category and of all below it."""
        below = self._taxonomy.descendants(category_id)
        return int(np.count_nonzero(np.isin(self._columns.category, below)))

    def add(self, name: str, parent: int | None) -> CategoryPlan:
        made = plan_add(self._taxonomy, AddCategory(name, parent))
        above = self.tr("at the top") if parent is None else self.tr("below “{0}”").format(self._name(parent))
        text = self.tr("It stands {0} and stays, also while it is empty.").format(above)
        edits = (AddCategory(name, parent),)
        return CategoryPlan(
            self.tr("New category"),
            (),
            text,
            self.tr("Make it"),
            edits,
            name=made.name,
        )

    def rename(self, category_id: int, name: str) -> CategoryPlan:
        edit = ChangeCategory(category_id, {"name": name})
        changed = plan_change(self._taxonomy, edit)
        text = self.tr("Its key stays “{0}”: exports and imports know it as before.").format(changed.key)
        return CategoryPlan(
            self.tr("Rename"),
            self._source(category_id),
            text,
            self.tr("Rename"),
            (edit,),
            name=changed.name,
        )

    def describe(self, category_id: int, sentence: str) -> CategoryPlan:
        edit = ChangeCategory(category_id, {"description": " ".join(sentence.split())})
        changed = plan_change(self._taxonomy, edit)
        text = self.tr("While there are few labels, suggestions read it together with the name.")
        return CategoryPlan(
            self.tr("Describe"),
            self._source(category_id),
            text,
            self.tr("Describe"),
            (edit,),
            name=changed.description,
        )

    def move(self, category_id: int, parent: int | None) -> CategoryPlan:
        edit = ChangeCategory(category_id, {"parent": parent})
        plan_change(self._taxonomy, edit)
        below = len(self._taxonomy.descendants(category_id)) - 1
        text = self.tr("{0:,} categories below it move along; no label changes.").format(below)
        name = "" if parent is not None else self.tr("the top")
        return CategoryPlan(
            self.tr("Move"),
            self._source(category_id),
            text,
            self.tr("Move"),
            (edit,),
            parent or NO_CATEGORY,
            name,
        )

    def merge(self, category_id: int, target: int) -> CategoryPlan:
        """Everything in and below one category goes to another; below it, what has the same name is merged
        too. Each label keeps its status."""
        edits = tuple(self._merged(category_id, target))
        text = self.tr("“{0}” is removed; labels keep their status.").format(self._name(category_id))
        return CategoryPlan(
            self.tr("Merge"),
            self._source(category_id),
            text,
            self.tr("Merge"),
            edits,
            target,
        )

    def split(self, category_id: int, selected: NDArray[np.int64], name: str) -> CategoryPlan:
        """The selected products of a category (and of what lies below it) go to a new one beside it."""
        below = self._taxonomy.descendants(category_id)
        rows = selected[np.isin(self._columns.category[selected], below)]
        add = AddCategory(name, self._taxonomy[category_id].parent, because=Because("split"))
        made = plan_add(self._taxonomy, add)
        edits = (add, *self._relabels(rows, made.id, "split"))
        rest = self.count(category_id) - len(rows)
        text = self.tr("{0:,} stay in “{1}”; labels keep their status.").format(rest, self._name(category_id))
        button = self.tr("Split off {0:,}").format(len(rows))
        return CategoryPlan(
            self.tr("Split"),
            ((category_id, len(rows)),),
            text,
            button,
            edits,
            name=made.name,
        )

    def colour(self, category_id: int, colour: str | None, name: str) -> CategoryPlan:
        edit = ChangeCategory(category_id, {"colour": colour})
        text = self.tr("What lies below it takes the colour too; its shape stays.")
        return CategoryPlan(
            self.tr("Colour"),
            self._source(category_id),
            text,
            self.tr("Change"),
            (edit,),
            name=name,
        )

    def shortcut(self, category_id: int, digit: str) -> CategoryPlan:
        """A digit of its own; whoever has chosen it before gets another one."""
        others = [one.id for one in self._taxonomy if one.shortcut == digit and one.id != category_id]
        edits = (
            *(ChangeCategory(one, {"shortcut": None}) for one in others),
            ChangeCategory(category_id, {"shortcut": digit}),
        )
        text = self.tr("The other categories share the other digits.")
        return CategoryPlan(
            self.tr("Key"),
            self._source(category_id),
            text,
            self.tr("Change"),
            edits,
            name=digit,
        )

    def remove(self, category_id: int) -> CategoryPlan:
        edit = RetireCategory(category_id)
        plan_retire(self._columns, self._taxonomy, edit)
        text = self.tr("It is empty. The history keeps it, and Ctrl+Z brings it back.")
        return CategoryPlan(
            self.tr("Remove"),
            self._source(category_id),
            text,
            self.tr("Remove"),
            (edit,),
            name=self.tr("nothing"),
        )

    def _merged(self, category_id: int, target: int) -> Iterator[Edit]:
        taxonomy, because = self._taxonomy, Because("merge")
        yield from self._relabels(np.flatnonzero(self._columns.category == category_id), target, "merge")
        there = {one.name.casefold(): one.id for one in taxonomy.children(target)}
        for child in taxonomy.children(category_id):
            twin = there.get(child.name.casefold())
            if child.id == target:
                yield ChangeCategory(child.id, {"parent": taxonomy[category_id].parent}, because)
            elif twin is not None and twin != category_id:
                yield from self._merged(child.id, twin)
            else:
                yield ChangeCategory(child.id, {"parent": target}, because)
        yield RetireCategory(category_id, because)

    def _relabels(self, rows: NDArray[np.int64], target: int, reason: str) -> Iterator[Edit]:
        """One edit for each status, so that each label keeps its own."""
        status = self._columns.status[rows]
        for one in np.unique(status).tolist():
            ids = self._columns.product_id[rows[status == one]]
            yield Relabel(ids, target, Status(one), Because(reason))

    def _source(self, category_id: int) -> tuple[tuple[int, int], ...]:
        return ((category_id, self.count(category_id)),)

    def _name(self, category_id: int) -> str:
        return self._taxonomy[category_id].name
