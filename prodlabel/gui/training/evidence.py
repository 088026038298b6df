"""What one version of the classifier says about products that it had not seen, and the figures from that.

Invariant: every figure is out of sample; labels that came from a suggestion do not count as truth. The
accuracy and its interval let the others stand for them (see `operations.truth`); charts and counts are of the
measured products as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.errors import InputError, NotReadyError
from prodlabel.core.progress import Progress
from prodlabel.project.project import Project

if TYPE_CHECKING:
    from prodlabel.learning.learning_curve import LearningCurve
    from prodlabel.operations.versions import Comparison

Floats = NDArray[np.float64]
Z95 = 1.959963984540054
BINS = 10


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """`product_id` (m,) measured products, `truth` and `said` (m,) places in `classes` (k,) of category ids,
    `confidence` (m,) of what is said, `weight` (m,) how many products each stands for (mean 1); `echoes`: how
    many labels came from suggestions and are not measured; `is_as_trained`: no label has changed since, so
    that the kept `figures` speak of the same."""

    version: int
    classes: NDArray[np.int32]
    product_id: NDArray[np.int64]
    truth: NDArray[np.int64]
    said: NDArray[np.int64]
    confidence: Floats
    weight: Floats
    echoes: int
    figures: Mapping[str, Any]
    is_as_trained: bool = True

    def __len__(self) -> int:
        return len(self.product_id)

    @property
    def is_right(self) -> NDArray[np.bool_]:
        return np.asarray(self.truth == self.said)

    @property
    def accuracy(self) -> float:
        return float(np.average(self.is_right, weights=self.weight)) if len(self) else float("nan")

    def interval(self) -> tuple[float, float]:
        """95 % of the accuracy, by the number of products that so uneven weights come to (Kish, "Survey
        sampling", 1965, section 11.7)."""
        if not len(self):
            return wilson(0, 0)
        count = float(self.weight.sum() ** 2 / np.square(self.weight).sum())
        return wilson(self.accuracy * count, count)

    def confusion(self) -> NDArray[np.int64]:
        """(k, k) counts, truth by row and suggestion by column."""
        count = len(self.classes)
        return np.bincount(self.truth * count + self.said, minlength=count * count).reshape(count, count)

    def cell(self, truth: int, said: int) -> NDArray[np.int64]:
        """The products of one cell, the surest first."""
        rows = np.flatnonzero((self.truth == truth) & (self.said == said))
        return self.product_id[rows[np.argsort(-self.confidence[rows], kind="stable")]]

    def calibration(self, bins: int = BINS) -> tuple[Floats, Floats, NDArray[np.int64]]:
        """Mean confidence, accuracy and count of bins of equal mass (Guo et al., ICML 2017, section 2)."""
        order = np.argsort(self.confidence, kind="stable")
        parts = [part for part in np.array_split(order, min(bins, max(1, len(order)))) if len(part)]
        right = self.is_right
        return (
            np.array([self.confidence[part].mean() for part in parts]),
            np.array([right[part].mean() for part in parts]),
            np.array([len(part) for part in parts]),
        )

    def coverage_curve(self) -> tuple[Floats, Floats, Floats]:
        """Coverage, precision and least confidence, when the surest products are accepted (m,)."""
        order = np.argsort(-self.confidence, kind="stable")
        count = np.arange(1, len(order) + 1)
        return count / max(len(order), 1), np.cumsum(self.is_right[order]) / count, self.confidence[order]

    def coverage_at(self, precision: float) -> int:
        """How many of the surest products can be accepted at this precision."""
        _, kept, _ = self.coverage_curve()
        enough = np.flatnonzero(kept >= precision)
        return int(enough[-1]) + 1 if len(enough) else 0


@dataclass(frozen=True, slots=True)
class CategoryFigures:
    """Precision and recall of one category, each with its 95 % interval, and how many labels it has."""

    category_id: int
    labels: int
    precision: float
    precision_range: tuple[float, float]
    recall: float
    recall_range: tuple[float, float]


def category_figures(evidence: Evidence) -> list[CategoryFigures]:
    """One line per category, in the order of `classes`."""
    confusion, lines = evidence.confusion(), []
    for at, category in enumerate(evidence.classes.tolist()):
        hits, said, labels = int(confusion[at, at]), int(confusion[:, at].sum()), int(confusion[at].sum())
        precision = hits / said if said else float("nan")
        recall = hits / labels if labels else float("nan")
        lines.append(
            CategoryFigures(category, labels, precision, wilson(hits, said), recall, wilson(hits, labels))
        )
    return lines


def wilson(hits: float, count: float) -> tuple[float, float]:
    """95 % interval of a share (Wilson, JASA 22, 1927): stays within 0..1 and holds for small counts."""
    if not count:
        return 0.0, 1.0
    share, z2 = hits / count, Z95 * Z95
    middle = (share + z2 / (2 * count)) / (1 + z2 / count)
    half = Z95 * np.sqrt(share * (1 - share) / count + z2 / (4 * count * count)) / (1 + z2 / count)
    return max(0.0, float(middle - half)), min(1.0, float(middle + half))


def read_evidence(folder: Path, number: int, progress: Progress) -> Evidence:
    """The held-out probabilities of a version against the labels of now. A worker for a process of its own.

    Raises `InputError` for an unknown version or damaged files, `NotReadyError` for one that kept none.
    """
    from prodlabel.operations.materials import Materials
    from prodlabel.operations.suggest import load_version
    from prodlabel.operations.train import labels_at
    from prodlabel.operations.truth import choose_truth
    from prodlabel.operations.versions import find_version, fingerprint
    from prodlabel.project.results import load_result

    with progress.stage(f"Reading version {number}"), Project.open(folder, read_only=True) as project:
        version = load_version(project.folder, find_version(project, number))
        materials = Materials(project.snapshot())
        columns = materials.snapshot.columns
        held_out = np.asarray(version.classifier.held_out_probabilities_)
        sureness = held_out.max(axis=1, initial=0.0)
        # What it was measured by, where that was kept: nothing shown may contradict the kept figures.
        held_out = np.asarray(load_result(folder, version.info).get("measured", held_out))
        if len(version.trained_on) != len(held_out) or not len(held_out):
            raise NotReadyError(f"Version {number} kept nothing to measure it by. Train again.")
        classes = np.asarray(version.classifier.classes_).astype(np.int32)
        rows = np.searchsorted(columns.product_id, version.trained_on)
        rows = np.minimum(rows, len(columns) - 1)
        is_here = columns.product_id[rows] == version.trained_on
        label = labels_at(materials, int(version.info.settings.get("level", 1)))[rows]
        kept = is_here & np.isin(label, classes) & materials.trusted()[rows]
        weight = np.zeros(len(kept))
        weight[kept] = choose_truth(materials, rows[kept]).weights(sureness[kept])
        echoes, kept = int((kept & (weight == 0)).sum()), weight > 0
        order = np.argsort(classes, kind="stable")
        truth = order[np.searchsorted(classes[order], label[kept])]
        chances = held_out[kept]
        return Evidence(
            number,
            classes,
            version.trained_on[kept],
            truth.astype(np.int64),
            chances.argmax(axis=1).astype(np.int64),
            chances.max(axis=1).astype(np.float64),
            weight[kept],
            echoes,
            dict(version.info.figures),
            is_as_trained=fingerprint(version.trained_on, label) == version.info.settings.get("fingerprint"),
        )


def compare(folder: Path, first: int, second: int, progress: Progress) -> Comparison:
    """Two versions on the same products. A worker for a process of its own."""
    from prodlabel.operations.materials import Materials
    from prodlabel.operations.versions import compare_versions

    if first == second:
        raise InputError("A version cannot be compared with itself. Choose another.")
    with Project.open(folder, read_only=True) as project:
        return compare_versions(project, Materials(project.snapshot()), first, second, progress)


def measure_curve(folder: Path, level: int, progress: Progress) -> LearningCurve:
    """The learning curve of the labels as they are. A worker for a process of its own."""
    from prodlabel.operations.materials import Materials
    from prodlabel.operations.versions import learning_curve

    with Project.open(folder, read_only=True) as project:
        return learning_curve(Materials(project.snapshot()), level, progress, draws=3)
