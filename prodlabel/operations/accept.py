"""Accept all above the line: choose a precision, see what it covers, apply it as one undoable step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.edits import Because, Relabel
from prodlabel.core.errors import InputError, NotReadyError
from prodlabel.core.labels import NO_CATEGORY, Status
from prodlabel.core.taxonomy import Taxonomy
from prodlabel.learning.thresholds import EVERYTHING
from prodlabel.operations.materials import Materials
from prodlabel.operations.suggest import (
    ClassifierInUse,
    Suggestions,
    classifier_in_use,
    suggestions_in_use,
)
from prodlabel.operations.train import labels_at, records_of, thresholds_of
from prodlabel.operations.truth import choose_truth
from prodlabel.project.applying import Applied
from prodlabel.project.project import Project

SAMPLE = 12
"""The least sure products of each category that are shown before anything is done."""


@dataclass(frozen=True, slots=True, eq=False)
class CategoryPlan:
    """One category: `product_id` (m,) of what would be accepted, the least sure first; `threshold`: the
    confidence from which it is (above 1: the precision cannot be promised); `record`: how many suggestions
    of labelled products above it are right, and how many there are ((0, 0): not known)."""

    category_id: int
    name: str
    threshold: float
    product_id: NDArray[np.int64]
    confidence: NDArray[np.float32]
    record: tuple[int, int] = (0, 0)

    @property
    def sample(self) -> NDArray[np.int64]:
        """The least sure of them."""
        return self.product_id[:SAMPLE]


@dataclass(frozen=True, slots=True, eq=False)
class AcceptPlan:
    """What accepting at `precision` (`EVERYTHING`: all that is suggested) comes to. `waiting`: products
    without a decision, accepted or not; `expected_errors`: how many of the accepted will be wrong, by their
    confidences."""

    precision: float
    version: int
    categories: tuple[CategoryPlan, ...]
    waiting: int
    expected_errors: float

    @property
    def count(self) -> int:
        return sum(len(one.product_id) for one in self.categories)

    @property
    def has_line(self) -> bool:
        """Whether a precision is promised at all."""
        return self.precision > EVERYTHING

    def edit(self) -> Relabel:
        """The plan as one edit, with the version of the classifier."""
        ids = [one.product_id for one in self.categories]
        categories = [np.full(len(one.product_id), one.category_id, np.int32) for one in self.categories]
        return Relabel(
            np.concatenate([np.zeros(0, np.int64), *ids]),
            np.concatenate([np.zeros(0, np.int32), *categories]),
            Status.ACCEPTED,
            Because(
                f"suggestions above {self.precision:.1%} precision"
                if self.has_line
                else "all suggestions left",
                classifier_version=self.version,
                details={"precision": self.precision},
            ),
        )


def suggestions_to_accept(project: Project) -> tuple[Suggestions, ClassifierInUse]:
    """The suggestions in use and the version that made them. Raises `NotReadyError` where that is not the
    version in use: its thresholds promise nothing about what another one, or the names, are sure of."""
    version, kept = classifier_in_use(project), suggestions_in_use(project)
    if kept is None:
        raise NotReadyError("There are no suggestions yet. Suggest first (`prodlabel suggest`).")
    suggestions, made_by = kept
    if not made_by:
        raise NotReadyError(
            "The suggestions come from the names of the categories, and none of them counts as sure. "
            "Label a few more products, then train and suggest again."
        )
    if made_by != version.number:
        raise NotReadyError(
            f"The suggestions were made by version {made_by}, and version {version.number} is in use. "
            "Suggest again first (`prodlabel suggest`)."
        )
    return suggestions, version


def plan_acceptance(
    materials: Materials,
    suggestions: Suggestions,
    version: ClassifierInUse,
    precision: float,
    *,
    with_imported: bool = False,
) -> AcceptPlan:
    """What can be accepted: products that no person decided and that have no label yet, by the categories
    that there still are; where only the category above is sure, that one.

    `with_imported`: products whose imported label agrees with the suggestion are accepted too; a label is
    never replaced, and these stay truth (see `truth`): they were there before the suggestion. Raises
    `InputError` for a precision outside 0.5..1 that is not `EVERYTHING`.
    """
    if precision != EVERYTHING and not 0.5 <= precision < 1.0:
        raise InputError(f"A precision of {precision} cannot be promised. Choose one from 0.5 to below 1.")
    columns = materials.snapshot.columns
    if not np.array_equal(suggestions.product_id, columns.product_id):
        raise NotReadyError("There are products without a suggestion. Run `prodlabel suggest` first.")
    level = int(version.info.settings.get("level", 1))
    label, best = labels_at(materials, level), suggestions.category[:, 0]
    is_waiting = (label == NO_CATEGORY) & (columns.status == int(Status.NONE))
    if with_imported:
        is_waiting |= (columns.status == int(Status.IMPORTED)) & (columns.category == best)
    thresholds = _thresholds(materials, version, label, precision)
    confidence, taxonomy = suggestions.confidence[:, 0], materials.snapshot.taxonomy
    plans = []
    for category_id, (threshold, record) in thresholds.items():
        if category_id not in taxonomy:  # removed since this version was trained
            continue
        rows = np.flatnonzero(is_waiting & (best == category_id) & (confidence >= threshold))
        rows = rows[np.argsort(confidence[rows], kind="stable")]
        name = taxonomy[category_id].name
        plans.append(
            CategoryPlan(category_id, name, threshold, columns.product_id[rows], confidence[rows], record)
        )
    if EVERYTHING < precision <= float(version.info.settings.get("precision", 0.0)):
        taken = np.concatenate([np.zeros(0, np.int64), *(one.product_id for one in plans)])
        left = (label == NO_CATEGORY) & is_waiting & ~np.isin(columns.product_id, taken)
        plans += _parents(suggestions, left, taxonomy)
    expected = sum(float((1.0 - one.confidence).sum()) for one in plans)
    return AcceptPlan(precision, version.number, tuple(plans), int(is_waiting.sum()), expected)


def _parents(suggestions: Suggestions, is_left: NDArray[np.bool_], taxonomy: Taxonomy) -> list[CategoryPlan]:
    """For products whose category is not sure: the one above it, where that is. It is sure at the precision
    that the version was trained for, and so at every lower one."""
    sure = suggestions.sure_category
    is_above = is_left & (sure != NO_CATEGORY) & (sure != suggestions.category[:, 0])
    plans = []
    for parent in np.unique(sure[is_above]).tolist():
        if parent not in taxonomy:
            continue
        rows = np.flatnonzero(is_above & (sure == parent))
        inside = np.isin(suggestions.category[rows], taxonomy.descendants(parent))
        confidence = (suggestions.confidence[rows] * inside).sum(axis=1)
        order = np.argsort(confidence, kind="stable")
        rows, confidence = rows[order], confidence[order]
        name = taxonomy[parent].name
        threshold = float(confidence[0])
        plans.append(CategoryPlan(parent, name, threshold, suggestions.product_id[rows], confidence))
    return plans


def accept(project: Project, plan: AcceptPlan, *, initiator: str = "") -> Applied | None:
    """Apply the plan as one undoable step; None where it covers nothing."""
    if not plan.count:
        return None
    project.prepare_bulk("before-accept")
    return project.apply(plan.edit(), initiator=initiator)


def _thresholds(
    materials: Materials, version: ClassifierInUse, label: NDArray[np.int32], precision: float
) -> dict[int, tuple[float, tuple[int, int]]]:
    """The confidence of each category that keeps `precision`, on the labels as they are now, and its record
    above that."""
    columns, classifier = materials.snapshot.columns, version.classifier
    classes: list[int] = np.asarray(classifier.classes_).tolist()
    settled = float(version.info.settings.get("precision", 0.0))
    rows = np.searchsorted(columns.product_id, version.trained_on)
    is_same = (
        len(rows) == len(classifier.held_out_probabilities_)
        and bool((rows < len(columns)).all())
        and np.array_equal(columns.product_id[rows], version.trained_on)
        and bool(np.isin(label[rows], classes).all())
    )
    if not is_same:
        if precision != EVERYTHING and abs(settled - precision) > 1e-9:
            raise NotReadyError(
                "The labels have changed too much since this version was trained. Run `prodlabel train`."
            )
        limits = version.thresholds if precision != EVERYTHING else np.zeros(len(classes))
        return _named(classes, limits, np.zeros((len(classes), 2), dtype=np.int64))
    truth = choose_truth(materials, rows)
    limits = thresholds_of(classifier, label[rows], truth, precision)
    return _named(classes, limits, records_of(classifier, label[rows], truth, limits))


def _named(
    classes: list[int], thresholds: NDArray[Any], records: NDArray[np.int64]
) -> dict[int, tuple[float, tuple[int, int]]]:
    return {
        category: (float(limit), (int(right), int(count)))
        for category, limit, (right, count) in zip(
            classes, thresholds.tolist(), records.tolist(), strict=True
        )
    }
