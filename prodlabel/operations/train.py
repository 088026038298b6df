"""Train: a new version of the fusion classifier from the labels as they are, with honest figures."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.errors import NotReadyError
from prodlabel.core.progress import Progress
from prodlabel.learning.features import Views
from prodlabel.learning.thresholds import choose_thresholds
from prodlabel.operations.materials import Materials, need_products
from prodlabel.project.project import Project
from prodlabel.project.results import CLASSIFIER

if TYPE_CHECKING:  # scikit-learn takes seconds to import; who only lists versions never needs it
    from prodlabel.learning.evaluation import Evaluation
    from prodlabel.learning.fusion import FusionClassifier

FUSION = "fusion"
DEFAULT_PRECISION = 0.99


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


@dataclass(frozen=True, slots=True)
class Figures:
    """How good a version is, cross-validated with near duplicates on one side. Spread is over folds."""

    products: int
    categories: int
    accuracy: float
    accuracy_std: float
    macro_f1: float
    calibration_error: float
    coverage: float
    precision: float

    def as_json(self) -> dict[str, Any]:
        """Plain values for the database and for machines; a figure that could not be measured is None."""
        return {
            name: None if isinstance(value, float) and np.isnan(value) else value
            for name, value in asdict(self).items()
        }


@dataclass(frozen=True, slots=True, eq=False)
class TrainOutcome:
    """A trained classifier; `classes` are category ids, `thresholds` (classes,) for the wished precision."""

    classifier: FusionClassifier
    thresholds: NDArray[np.float64]
    settings: TrainSettings
    figures: Figures | None
    evaluation: Evaluation | None
    rows: NDArray[np.int64]


def make_views(materials: Materials, progress: Progress) -> Views:
    """All rows as the classifier sees them."""
    texts = materials.texts(progress)
    blocks = materials.text_blocks()
    text_vectors, has_text = None, None
    if blocks:
        text_vectors = np.concatenate([block.vectors for block in blocks], axis=1)
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

    need_products(materials.snapshot)
    target = labels_at(materials, settings.level)
    rows = np.flatnonzero(materials.trusted())
    if len(np.unique(target[rows])) < 2:
        raise NotReadyError(
            "Fewer than two categories have products: there is nothing to tell apart. Label a few products."
        )
    views = materials.once("views", lambda: make_views(materials, progress)).take(rows)
    families = materials.families(progress)[rows]
    classifier = FusionClassifier().fit(views, target[rows], groups=families, progress=progress)
    columns = np.searchsorted(classifier.classes_, target[rows])
    limits = choose_thresholds(classifier.held_out_probabilities_, columns, settings.precision)
    thresholds = np.asarray(limits, dtype=np.float64)
    evaluation = _evaluate(views, target[rows], families, settings, progress) if settings.repeats else None
    figures = None if evaluation is None else summarise(evaluation, len(rows))
    return TrainOutcome(classifier, thresholds, settings, figures, evaluation, rows)


def labels_at(materials: Materials, level: int) -> NDArray[np.int32]:
    """(n,) the label of each row at a level of the taxonomy."""
    columns = materials.snapshot.columns
    return materials.snapshot.taxonomy.at_level(level)[columns.category]


def _evaluate(
    views: Views,
    target: NDArray[np.int32],
    families: NDArray[np.int64],
    settings: TrainSettings,
    progress: Progress,
) -> Evaluation | None:
    from prodlabel.learning.evaluation import evaluate

    smallest = int(np.bincount(np.unique(target, return_inverse=True)[1]).min())
    if smallest < 2:
        return None
    return evaluate(
        views,
        target,
        count=min(settings.folds, max(2, smallest)),
        repeats=settings.repeats,
        seed=settings.seed,
        groups=families,
        wished_precision=settings.precision,
        progress=progress,
    )


def summarise(evaluation: Evaluation, products: int) -> Figures:
    """The means over folds and repeats."""
    kept = evaluation.precision[~np.isnan(evaluation.precision)]
    return Figures(
        products,
        len(evaluation.classes),
        float(evaluation.accuracy.mean()),
        float(evaluation.accuracy.std(ddof=1)) if len(evaluation.accuracy) > 1 else 0.0,
        float(evaluation.macro_f1.mean()),
        float(evaluation.calibration.mean()),
        float(evaluation.coverage.mean()),
        float(kept.mean()) if len(kept) else float("nan"),
    )


def keep(project: Project, outcome: TrainOutcome) -> int:
    """Make the trained classifier the version in use; returns its number."""
    from prodlabel.learning.saving import save_classifier

    number = 1 + max((one.id for one in project.results.list(CLASSIFIER)), default=0)
    folder = f"classifiers/{FUSION}-{number:05d}-{len(outcome.rows)}"
    save_classifier(outcome.classifier, project.folder / folder)
    return project.results.save(
        CLASSIFIER,
        FUSION,
        {
            "thresholds": outcome.thresholds,
            "classes": np.asarray(outcome.classifier.classes_),
            "trained_on": project.columns.product_id[outcome.rows],
        },
        settings=asdict(outcome.settings) | {"folder": folder},
        figures=outcome.figures.as_json() if outcome.figures is not None else {},
    )


def classifier_folder(project_folder: Path, settings: dict[str, Any]) -> Path:
    """Where the files of a version lie."""
    return project_folder / str(settings["folder"])
