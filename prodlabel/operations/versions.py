"""Versions of the classifier: list, compare, judge a new one against the one in use, roll back."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.errors import InputError
from prodlabel.core.labels import NO_CATEGORY
from prodlabel.core.progress import Progress
from prodlabel.operations.materials import Materials
from prodlabel.operations.suggest import ClassifierInUse, held_out_rows, load_version
from prodlabel.operations.train import TrainOutcome, labels_at, make_views, taught_rows
from prodlabel.operations.truth import choose_truth
from prodlabel.operations.views import views_for
from prodlabel.project.project import Project
from prodlabel.project.results import CLASSIFIER, ResultInfo

if TYPE_CHECKING:
    from prodlabel.learning.learning_curve import LearningCurve

BATCH = 4_000


@dataclass(frozen=True, slots=True)
class Version:
    """One training: its number, when (UTC), settings (with the fingerprint of its data) and figures."""

    number: int
    made_at: datetime
    settings: Mapping[str, Any]
    figures: Mapping[str, Any]
    is_in_use: bool

    @property
    def held_back(self) -> str:
        """Why it was not put in use by itself; empty where it was."""
        return str(self.settings.get("held_back", ""))

    def as_json(self) -> dict[str, Any]:
        """Plain values for machines."""
        return {
            "version": self.number,
            "made_at": self.made_at.isoformat(),
            "settings": dict(self.settings),
            "figures": dict(self.figures),
            "is_in_use": self.is_in_use,
        }


def list_versions(project: Project) -> list[Version]:
    """All versions that are kept, newest first."""
    return [
        Version(
            info.id,
            datetime.fromtimestamp(info.made_at_us / 1e6, UTC),
            info.settings,
            info.figures,
            info.is_current,
        )
        for info in project.results.list(CLASSIFIER)
    ]


def find_version(project: Project, number: int) -> ResultInfo:
    """The version of this number. Raises `InputError`."""
    for info in project.results.list(CLASSIFIER):
        if info.id == number:
            return info
    raise InputError(f"There is no classifier version {number}. `prodlabel versions` lists them.")


def use_version(project: Project, number: int) -> None:
    """Put a version in use (again); suggestions have to be made anew. Raises `InputError`."""
    project.results.make_current(find_version(project, number).id)


def fingerprint(product_id: NDArray[np.int64], labels: NDArray[np.int32]) -> str:
    """16 hex digits that differ when any training product or label does."""
    said = np.ascontiguousarray(product_id).tobytes() + np.ascontiguousarray(labels).tobytes()
    return hashlib.blake2b(said, digest_size=8).hexdigest()


def data_digests(materials: Materials, rows: NDArray[np.int64], progress: Progress) -> dict[str, str]:
    """Of what a version is taught beside the labels: 16 hex digits of the `texts` and `pictures` of `rows`,
    and the encoders of their vectors, which are made of nothing else."""
    prepared, facts = materials.texts(progress), materials.snapshot.read_picture_facts()
    texts, pictures = hashlib.blake2b(digest_size=8), hashlib.blake2b(digest_size=8)
    for row, product_id in zip(
        rows.tolist(), materials.snapshot.columns.product_id[rows].tolist(), strict=True
    ):
        said = (prepared.text[row], prepared.name[row], prepared.spec[row])
        texts.update("\x00".join((*said, "")).encode("utf-8", "surrogatepass"))
        pictures.update((facts[product_id][0] if product_id in facts else None) or b"-")
    return {
        "texts": texts.hexdigest(),
        "pictures": pictures.hexdigest(),
        "text_encoder": materials.text_encoder,
        "picture_encoder": materials.picture_encoder,
    }


@dataclass(frozen=True, slots=True)
class CategoryChange:
    """Per category on the checked labels: F1 before and after, and how many labels there are."""

    category_id: int
    name: str
    labels: int
    f1_before: float
    f1_after: float


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Two versions on the same products, each out of sample. `checked`: how many labels; `won` of them only
    the second version gets right, `lost` only the first. `flipped` (m,) ids of products whose suggestion
    differs, with `category_before` and `category_after`."""

    first: int
    second: int
    checked: int
    won: int
    lost: int
    accuracy: tuple[float, float]
    categories: tuple[CategoryChange, ...]
    flipped: NDArray[np.int64]
    category_before: NDArray[np.int32]
    category_after: NDArray[np.int32]


def compare_versions(
    project: Project, materials: Materials, first: int, second: int, progress: Progress
) -> Comparison:
    """What got better and worse from `first` to `second`. Raises `InputError` for versions of two levels."""
    versions = [load_version(project.folder, find_version(project, number)) for number in (first, second)]
    levels = {int(one.info.settings.get("level", 1)) for one in versions}
    if len(levels) > 1:
        raise InputError(f"Versions {first} and {second} suggest at different levels. Compare others.")
    label = labels_at(materials, levels.pop())
    before, after = (_said(materials, one, progress) for one in versions)
    rows = np.flatnonzero(materials.trusted())
    rows = rows[choose_truth(materials, rows).measured]
    right = before[rows] == label[rows], after[rows] == label[rows]
    flips = np.flatnonzero(before != after)
    return Comparison(
        first,
        second,
        len(rows),
        int((right[1] & ~right[0]).sum()),
        int((right[0] & ~right[1]).sum()),
        (float(right[0].mean()), float(right[1].mean())) if len(rows) else (float("nan"), float("nan")),
        _by_category(materials, label[rows], before[rows], after[rows]),
        materials.snapshot.columns.product_id[flips],
        before[flips],
        after[flips],
    )


def reason_to_hold_back(
    current: ClassifierInUse | None, materials: Materials, outcome: TrainOutcome, progress: Progress
) -> str:
    """Why a fresh training should not be put in use by itself; empty where nothing speaks against it.

    Both versions are asked out of sample about the labels that count as truth. It is worse where it loses
    more of them than it wins by more than chance would have it (McNemar, Psychometrika 12, 1947: beyond one
    standard deviation).
    """
    if current is None or int(current.info.settings.get("level", 1)) != outcome.settings.level:
        return ""
    columns = materials.snapshot.columns
    rows = outcome.rows[choose_truth(materials, outcome.rows).measured]
    label = labels_at(materials, outcome.settings.level)
    taught = np.full(len(columns), NO_CATEGORY, dtype=np.int32)
    best = outcome.classifier.held_out_probabilities_.argmax(axis=1)
    taught[outcome.rows] = np.asarray(outcome.classifier.classes_)[best]
    old = _said(materials, current, progress, rows)[rows]
    won = int(((taught[rows] == label[rows]) & (old != label[rows])).sum())
    lost = int(((taught[rows] != label[rows]) & (old == label[rows])).sum())
    if lost - won <= np.sqrt(lost + won):
        return ""
    return (
        f"Of {len(rows):,} checked labels it gets {lost:,} wrong that version {current.number} gets right, "
        f"and only {won:,} the other way round: version {current.number} stays in use."
    )


def learning_curve(materials: Materials, level: int, progress: Progress, *, draws: int = 4) -> LearningCurve:
    """How macro-F1 grows with labels, on the labels that there are."""
    from prodlabel.learning.learning_curve import measure_learning_curve

    rows = taught_rows(materials, level)
    views = materials.once("views", lambda: make_views(materials, progress)).take(rows)
    label = labels_at(materials, level)[rows]
    families = materials.families(progress)[rows]
    return measure_learning_curve(views, label, families, draws=draws, progress=progress)


def _said(
    materials: Materials, version: ClassifierInUse, progress: Progress, rows: NDArray[np.int64] | None = None
) -> NDArray[np.int32]:
    """(n,) what a version suggests for these rows (all by default) without having seen their labels."""
    columns, classifier = materials.snapshot.columns, version.classifier
    rows = np.arange(len(columns)) if rows is None else rows
    held_out = held_out_rows(version, columns.product_id)[rows]
    said = np.full(len(columns), NO_CATEGORY, dtype=np.int32)
    known = held_out >= 0
    best = classifier.held_out_probabilities_[held_out[known]].argmax(axis=1)
    said[rows[known]] = np.asarray(classifier.classes_)[best]
    views = views_for(materials, classifier, progress)
    others = rows[~known]
    with progress.stage(f"Asking version {version.number}", len(others)):
        for start in range(0, len(others), BATCH):
            part = others[start : start + BATCH]
            said[part] = classifier.predict(views.take(part))
            progress.advance(len(part))
    return said


def _by_category(
    materials: Materials, label: NDArray[np.int32], before: NDArray[np.int32], after: NDArray[np.int32]
) -> tuple[CategoryChange, ...]:
    changes = []
    for category in np.unique(label).tolist():
        name = materials.snapshot.taxonomy[category].name
        is_it = label == category
        scores = []
        for said in (before, after):
            hits = int((is_it & (said == category)).sum())
            scores.append(2 * hits / max(1, int(is_it.sum()) + int((said == category).sum())))
        changes.append(CategoryChange(category, name, int(is_it.sum()), scores[0], scores[1]))
    return tuple(sorted(changes, key=lambda one: one.f1_after - one.f1_before))
