"""Train: a new version of the fusion classifier from the labels as they are, with honest figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.errors import InputError, NotReadyError
from prodlabel.core.progress import Progress
from prodlabel.core.rows import RowSource, side_by_side
from prodlabel.learning.features import Views
from prodlabel.learning.thresholds import choose_thresholds, records_above
from prodlabel.operations.materials import Materials, need_products
from prodlabel.operations.truth import Truth, choose_truth
from prodlabel.project.project import Project
from prodlabel.project.results import CLASSIFIER, ResultInfo, outside, version_folder
from prodlabel.project.strays import CLASSIFIERS

if TYPE_CHECKING:  # scikit-learn takes seconds to import; who only lists versions never needs it
    from prodlabel.learning.evaluation import Evaluation
    from prodlabel.learning.networks.plan import NetworkSettings
    from prodlabel.learning.saving import AnyClassifier

FUSION = "fusion"
DEFAULT_PRECISION = 0.99
NO_DIGESTS: Mapping[str, str] = MappingProxyType({})
MOST_TAUGHT, LEAST_TAUGHT = 200_000, 200
"""Labels that teach at most, and of a category at least where there are more than that: the experts have a
few thousand numbers for each category, which more labels hardly change, and time and memory stay bounded."""


@dataclass(frozen=True, slots=True)
class TrainSettings:
    """`precision`: what the suggestions above each category's threshold shall keep. `level`: of the taxonomy.

    `folds` x `repeats` trainings measure the classifier; 0 repeats leave that out.
    """

    precision: float = DEFAULT_PRECISION
    level: int = 1
    folds: int = 5
    repeats: int = 1
    seed: int = 0

    def check(self) -> None:
        """Raise `InputError` for what cannot be."""
        if not 0 < self.precision < 1:
            raise InputError(f"A precision of {self.precision} cannot be. Give a share such as 0.99.")
        if self.level < 1 or self.folds < 2 or self.repeats < 0:
            raise InputError("Levels begin at 1, folds at 2, repeats at 0. Look at the numbers again.")


@dataclass(frozen=True, slots=True)
class Figures:
    """How good a version is on products it had not seen, near duplicates on one side. Spread is over folds.

    `accuracy`, `macro_f1`, `calibration_error`, `coverage`, `precision` are against the labels as they are:
    `measured` of the `products`, since a label that came from a suggestion is never truth. Where there are
    such, each measured label stands for those that are as sure as it is (`Truth.weights`). `suspected` labels
    are more probably wrong than right, `noise` is the estimated share of wrong ones; `believed_...` leave the
    suspected out.
    """

    products: int
    categories: int
    accuracy: float
    accuracy_std: float
    macro_f1: float
    calibration_error: float
    coverage: float
    precision: float
    believed_accuracy: float
    believed_calibration_error: float
    believed_precision: float
    suspected: int
    noise: float
    measured: int

    def as_json(self) -> dict[str, Any]:
        """Plain values for the database and for machines; a figure that could not be measured is None."""
        return {
            name: None if isinstance(value, float) and np.isnan(value) else value
            for name, value in asdict(self).items()
        }

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Figures | None:
        """The figures that `as_json` gave; None where nothing was measured."""
        if not said:
            return None
        values: dict[str, Any] = {
            name: float("nan") if said[name] is None else said[name] for name in cls.__slots__
        }
        return cls(**values)


@dataclass(frozen=True, slots=True, eq=False)
class TrainOutcome:
    """A trained classifier; `classes` are category ids, `thresholds` (classes,) for the wished precision;
    `network`: how it was trained, where it is a network."""

    classifier: AnyClassifier
    thresholds: NDArray[np.float64]
    settings: TrainSettings
    figures: Figures | None
    evaluation: Evaluation | None
    rows: NDArray[np.int64]
    network: NetworkSettings | None = None


def make_views(materials: Materials, progress: Progress) -> Views:
    """All rows as the classifier sees them."""
    texts = materials.texts(progress)
    blocks = materials.text_blocks()
    text_vectors: RowSource | None = None
    has_text = None
    if blocks:
        text_vectors = side_by_side([block.vectors for block in blocks])
        has_text = np.logical_or.reduce([block.is_present for block in blocks])
    picture = materials.picture_block()
    return Views(
        texts.joined(),
        texts.name,
        text_vectors,
        has_text,
        None if picture is None else picture.vectors,
        None if picture is None else picture.is_present,
    )


def train(materials: Materials, settings: TrainSettings, progress: Progress) -> TrainOutcome:
    """Fit on every trusted label. Raises `NotReadyError` where fewer than two categories have one."""
    from prodlabel.learning.fusion import FusionClassifier

    settings.check()
    need_products(materials.snapshot)
    target = labels_at(materials, settings.level)
    rows = taught_rows(materials, settings.level)
    rows = rows[draw_per_category(target[rows], MOST_TAUGHT, settings.seed)]
    if len(np.unique(target[rows])) < 2:
        raise NotReadyError(
            "Fewer than two categories have products: there is nothing to tell apart. Label a few products."
        )
    views = materials.once("views", lambda: make_views(materials, progress)).take(rows)
    families = materials.families(progress)[rows]
    truth = choose_truth(materials, rows)
    classifier = FusionClassifier().fit(views, target[rows], groups=families, progress=progress)
    thresholds = thresholds_of(classifier, target[rows], truth, settings.precision)
    evaluation = None
    if settings.repeats:
        weights = truth.weights(classifier.held_out_probabilities_.max(axis=1))
        evaluation = _evaluate(views, target[rows], families, weights, settings=settings, progress=progress)
    figures = None if evaluation is None else summarise(evaluation, len(rows), truth)
    return TrainOutcome(classifier, thresholds, settings, figures, evaluation, rows)


def taught_rows(materials: Materials, level: int) -> NDArray[np.int64]:
    """The rows whose label teaches a classifier of this level: trusted, and not of a category above others
    that have labels, which says too little."""
    rows = np.flatnonzero(materials.trusted())
    label, taxonomy = labels_at(materials, level)[rows], materials.snapshot.taxonomy
    above = {one.id for leaf in np.unique(label).tolist() for one in taxonomy.lineage(leaf)[:-1]}
    return rows[~np.isin(label, sorted(above))] if above else rows


def draw_per_category(target: NDArray[np.int32], most: int, seed: int) -> NDArray[np.int64]:
    """Ascending places of about `most` of the labels `target` (n,), or all of them: the same share of each
    category, but no fewer than `LEAST_TAUGHT` of one that has them."""
    if len(target) <= most:
        return np.arange(len(target))
    order = np.random.default_rng(seed).permutation(len(target))
    order = order[np.argsort(target[order], kind="stable")]
    _, first, count = np.unique(target[order], return_index=True, return_counts=True)
    rank = np.arange(len(order)) - np.repeat(first, count)
    wanted = np.maximum(LEAST_TAUGHT, np.ceil(count * (most / len(target))))
    return np.sort(order[rank < np.repeat(wanted, count)])


def thresholds_of(
    classifier: AnyClassifier, labels: NDArray[np.int32], truth: Truth, precision: float
) -> NDArray[np.float64]:
    """(classes,) from which confidence on suggestions keep `precision`; suspected labels are left out."""
    probabilities, columns = _believed(classifier, labels, truth)
    return np.asarray(choose_thresholds(probabilities, columns, precision), dtype=np.float64)


def records_of(
    classifier: AnyClassifier, labels: NDArray[np.int32], truth: Truth, thresholds: NDArray[np.float64]
) -> NDArray[np.int64]:
    """(classes, 2) how many of the suggestions above each threshold are right, and how many there are."""
    probabilities, columns = _believed(classifier, labels, truth)
    return np.asarray(records_above(probabilities, columns, thresholds), dtype=np.int64)


def _believed(
    classifier: AnyClassifier, labels: NDArray[np.int32], truth: Truth
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Held-out probabilities and columns of the labels that count as truth and are not suspected wrong."""
    from prodlabel.learning.noise import suspected

    columns = np.searchsorted(classifier.classes_, labels)
    held_out = classifier.held_out_probabilities_
    kept = truth.measured & ~suspected(held_out, columns, classifier.noise_)
    return held_out[kept], columns[kept]


def labels_at(materials: Materials, level: int) -> NDArray[np.int32]:
    """(n,) the label of each row at a level of the taxonomy."""
    columns = materials.snapshot.columns
    return materials.snapshot.taxonomy.at_level(level)[columns.category]


def _evaluate(
    views: Views,
    target: NDArray[np.int32],
    families: NDArray[np.int64],
    weights: NDArray[np.float64],
    *,
    settings: TrainSettings,
    progress: Progress,
) -> Evaluation | None:
    from prodlabel.learning.evaluation import evaluate

    smallest = int(np.bincount(np.unique(target, return_inverse=True)[1]).min())
    separate = len(np.unique(families))
    if smallest < 2 or separate < 2:
        return None
    return evaluate(
        views,
        target,
        count=min(settings.folds, max(2, smallest), separate),
        repeats=settings.repeats,
        seed=settings.seed,
        groups=families,
        wished_precision=settings.precision,
        measured=weights,
        progress=progress,
    )


def summarise(evaluation: Evaluation, products: int, truth: Truth | None = None) -> Figures:
    """The means over folds and repeats; `truth` None: every label was measured on."""
    believed = evaluation.believed
    truth = truth or Truth(np.ones(products, dtype=bool))
    return Figures(
        products,
        len(evaluation.classes),
        # Of all folds together, as the confusion matrix has it: the two shall never say different things.
        float(np.trace(evaluation.confusion) / max(evaluation.confusion.sum(), 1.0)),
        float(evaluation.accuracy.std(ddof=1)) if len(evaluation.accuracy) > 1 else 0.0,
        _mean(evaluation.macro_f1),
        _mean(evaluation.calibration),
        _mean(evaluation.coverage),
        _mean(evaluation.precision),
        _mean(believed.accuracy),
        _mean(believed.calibration),
        _mean(believed.precision),
        int((evaluation.is_suspected & truth.measured).sum()),
        evaluation.noise,
        int(truth.measured.sum()),
    )


def _mean(values: NDArray[Any]) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")


def keep(
    project: Project,
    outcome: TrainOutcome,
    *,
    held_back: str = "",
    fingerprint: str = "",
    data: Mapping[str, str] = NO_DIGESTS,
) -> int:
    """Keep the trained classifier as a version and return its number; it is then in use, unless it is
    `held_back` for a reason. `fingerprint`: of the labels that it was trained on; `data`: digests of the rest
    that it was taught."""
    folder = write_version(project.folder, outcome.classifier)
    return project.results.save(
        CLASSIFIER,
        FUSION,
        kept_arrays(outcome, project.columns.product_id),
        settings=version_settings(outcome, folder, held_back=held_back, fingerprint=fingerprint, data=data),
        figures=outcome.figures.as_json() if outcome.figures is not None else {},
        is_current=not held_back,
    )


def version_settings(
    outcome: TrainOutcome, folder: str, *, held_back: str, fingerprint: str, data: Mapping[str, str]
) -> dict[str, Any]:
    """What is kept of how a version was trained; `folder` holds its files."""
    network = outcome.network
    return asdict(outcome.settings) | {
        "folder": folder,
        "fingerprint": fingerprint,
        "data": dict(data),
        "products": len(outcome.rows),
        "held_back": held_back,
        "kind": FUSION if network is None else network.kind,
        "network": None if network is None else network.as_json(),
    }


def kept_arrays(outcome: TrainOutcome, product_id: NDArray[np.int64]) -> dict[str, NDArray[Any]]:
    """What is kept of a version beside the classifier: thresholds, classes, the products that taught it, and
    the probabilities (n, classes) by which it was measured, each from a classifier without the product."""
    arrays: dict[str, NDArray[Any]] = {
        "thresholds": outcome.thresholds,
        "classes": np.asarray(outcome.classifier.classes_),
        "trained_on": product_id[outcome.rows],
    }
    if outcome.evaluation is not None:
        arrays["measured"] = outcome.evaluation.probabilities.astype(np.float32)
    return arrays


def write_version(project_folder: Path, classifier: AnyClassifier) -> str:
    """Write the files of a classifier into a folder of their own, which is returned; safe from any thread.

    Never into one that was there before: a backup may name it.
    """
    from prodlabel.learning.saving import save_classifier

    folder = f"{CLASSIFIERS}/{FUSION}-{uuid4().hex}"
    save_classifier(classifier, project_folder / folder)
    return folder


def classifier_folder(project_folder: Path, info: ResultInfo) -> Path:
    """Where the files of a version lie. Raises `ProjectDamagedError` where that is outside of the project."""
    found = version_folder(project_folder, info)
    if found is None:
        raise outside(str(info.settings.get("folder", "")))
    return found
