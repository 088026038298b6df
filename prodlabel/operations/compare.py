"""Classifiers compared on the same folds: text, picture, and the ways to put the two together.

Invariant: every classifier of a comparison is trained and measured on the same rows, and whatever it learns
(scales, weights, thresholds) comes from the training part. Each repeat is a finding of its own, kept with the
project.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.errors import NotReadyError
from prodlabel.core.progress import Progress
from prodlabel.learning.contestants import CONTESTANTS, STUDIES, Contestant, Panel
from prodlabel.learning.features import Views
from prodlabel.operations.encode import load_block
from prodlabel.operations.findings import Finding, Findings, Measurement, digest
from prodlabel.operations.materials import Materials, need_products
from prodlabel.operations.train import labels_at, make_views

Split = tuple[NDArray[Any], NDArray[Any]]
VERSION = 3
"""Of the measurement itself: raised when the same input would give other figures."""
MOST_ROWS = 3_000
"""Of a larger catalogue a draw of so many labelled products is compared on."""


@dataclass(frozen=True, slots=True)
class CompareSettings:
    """`folds` x `repeats` (0 folds: `draws` random splits, `train_share` to train and `test_share` to test);
    `is_grouped`: families on one side."""

    folds: int = 5
    repeats: int = 3
    draws: int = 5
    train_share: float = 0.647
    test_share: float = 0.193
    is_grouped: bool = True
    level: int = 1
    precision: float = 0.99
    lower_precision: float = 0.98
    seed: int = 0


SETTINGS: dict[str, CompareSettings] = {
    "families": CompareSettings(),
    "families-splits": CompareSettings(folds=0),
    "apart": CompareSettings(is_grouped=False),
    "splits": CompareSettings(folds=0, is_grouped=False),
}
"""The comparisons of a study: folds, and the sizes of the published studies (679 / 168 / 203 of 1,050), near
duplicates on one side; and both once without, as the studies split."""
TEXTS_OF_THE_STUDIES = "use"
PICTURE_LENGTH = 13.9
"""Of EfficientNet-Lite0's pooled features before they are made unit vectors: 13.9 ± 1.3 on real products. The
studies' network saw pictures in their raw size, beside texts of unit length."""

FIGURES = (
    "accuracy", "macro_f1", "calibration", "coverage", "precision", "lower_coverage", "lower_precision",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Contest:
    """One classifier's figures, one entry a fold: accuracy, macro-F1, calibration error, share that can be
    taken at the wished precision of 99 %, and the precision that was realised there (NaN where nothing was);
    `lower_...`: the same for 98 %."""

    name: str
    title: str
    accuracy: NDArray[np.float64]
    macro_f1: NDArray[np.float64]
    calibration: NDArray[np.float64]
    coverage: NDArray[np.float64]
    precision: NDArray[np.float64]
    lower_coverage: NDArray[np.float64]
    lower_precision: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """Some splits of the same products, for all contestants; made of arrays, so that it can be sent.

    `raw`: the same products with the vectors that the published studies joined; None where there are none.
    """

    views: Views
    target: NDArray[np.int64]
    families: NDArray[np.int64] | None
    settings: CompareSettings
    only: tuple[str, ...]
    raw: Views | None = None


def compare_classifiers(
    materials: Materials,
    settings: dict[str, CompareSettings],
    findings: Findings,
    progress: Progress,
    *,
    only: Sequence[str] | None = None,
    workers: int | None = None,
) -> dict[str, list[Contest]]:
    """All contestants (or `only` some) under each of the `settings`, by their names.

    Calibration errors are of all folds of a repeat together. Raises `NotReadyError` without texts and
    pictures.
    """
    need_products(materials.snapshot)
    if not materials.text_blocks() or materials.picture_block() is None:
        raise NotReadyError("Texts and pictures are both needed to compare. Run `prodlabel encode` first.")
    names = tuple(one.name for one in CONTESTANTS if only is None or one.name in only)
    wanted: dict[str, list[Measurement]] = {}
    for title, one in settings.items():
        wanted[title] = list(_measurements(title, _task(materials, one, names, progress)))
    every = [one for some in wanted.values() for one in some]
    found = findings.measure_all("Comparing classifiers", every, progress, workers)
    return {
        title: [_contest(name, [found[one.name] for one in some]) for name in _measured_names(names, some)]
        for title, some in wanted.items()
    }


def _measured_names(names: Sequence[str], some: Sequence[Measurement]) -> tuple[str, ...]:
    task: Task = some[0].arguments[0]
    return tuple(name for name in names if name in task.only)


def _task(materials: Materials, settings: CompareSettings, only: tuple[str, ...], progress: Progress) -> Task:
    labels = labels_at(materials, settings.level)
    rows = np.flatnonzero(materials.trusted())
    ids, counts = np.unique(labels[rows], return_counts=True)
    rows = rows[np.isin(labels[rows], ids[counts > 1])]
    if len(rows) > MOST_ROWS:
        rows = np.sort(np.random.default_rng(settings.seed).choice(rows, MOST_ROWS, replace=False))
    views = materials.once("views", lambda: make_views(materials, progress)).take(rows)
    families = materials.families(progress)[rows] if settings.is_grouped else None
    target = np.unique(labels[rows], return_inverse=True)[1]
    raw = _raw(materials, rows) if STUDIES in only else None
    only = tuple(name for name in only if name != STUDIES or raw is not None)
    return Task(views.alone(), target, families, settings, only, raw)


def _raw(materials: Materials, rows: NDArray[np.int64]) -> Views | None:
    """The products as the published studies saw them: sentence vectors, and pictures in their raw size. None
    where the sentence encoder was not run."""
    texts, pictures = load_block(materials.snapshot, TEXTS_OF_THE_STUDIES, "text"), materials.picture_block()
    if texts is None or pictures is None or not texts.is_present[rows].any():
        return None
    length = np.float32(PICTURE_LENGTH if pictures.encoder == "efficientnet-lite0" else 1.0)
    return Views(
        [""] * len(rows),
        text_vectors=np.asarray(texts.vectors[rows], np.float32),
        has_text_vector=texts.is_present[rows],
        picture_vectors=length * np.asarray(pictures.vectors[rows], np.float32),
        has_picture=pictures.is_present[rows],
    )


def _measurements(title: str, task: Task) -> Iterator[Measurement]:
    """One for each repeat, or one for all random splits together."""
    views, families = task.views, task.families
    mark = digest(
        *(VERSION, asdict(task.settings), task.only, list(views.texts), list(views.names or ())),
        *(views.text_vectors, views.picture_vectors, task.target),
        *(() if task.raw is None else (task.raw.text_vectors, task.raw.picture_vectors)),
        "apart" if families is None else families,
    )
    repeats = task.settings.repeats if task.settings.folds else 1
    for repeat in range(repeats):
        name = f"classifiers/{title}/{repeat}"
        yield Measurement(name, f"{mark}{repeat}", measure_contest, (task, repeat), 20)


def measure_contest(task: Task, repeat: int) -> Finding:
    """The figures of all contestants on the splits of one repeat: a list a contestant and figure, one entry a
    split."""
    figures: dict[str, dict[str, list[float]]] = {name: {one: [] for one in FIGURES} for name in task.only}
    pooled = {name: np.zeros((len(task.target), int(task.target.max()) + 1)) for name in task.only}
    tested = []
    for train, test in _splits(task, repeat):
        groups = None if task.families is None else task.families[train]
        raw = None if task.raw is None else task.raw.take(train)
        panel = Panel(task.views.take(train), task.target[train], groups, raw)
        unseen = task.views.take(test)
        unseen_raw = None if task.raw is None else task.raw.take(test)
        for contestant in CONTESTANTS:
            if contestant.name not in task.only:
                continue
            asked = unseen_raw if contestant.sees_raw else unseen
            assert asked is not None
            found = _measured(contestant, panel, asked, task.target[test], task.settings)
            probabilities = pooled[contestant.name]
            probabilities[np.ix_(test, panel.classes)] = found.pop("probabilities")
            for name, value in found.items():
                figures[contestant.name][name].append(value)
            if not task.settings.folds:
                error = _calibration_error(probabilities[test], task.target[test])
                figures[contestant.name]["calibration"].append(error)
        tested.append(test)
    if task.settings.folds:
        rows = np.concatenate(tested)
        for name, probabilities in pooled.items():
            figures[name]["calibration"].append(_calibration_error(probabilities[rows], task.target[rows]))
    return Finding(figures)


def _splits(task: Task, repeat: int) -> Iterator[Split]:
    from prodlabel.learning.evaluation import folds

    settings, target, families = task.settings, task.target, task.families
    if settings.folds:
        for _, train, test in folds(target, settings.folds, 1, settings.seed + repeat, families):
            yield train, test
        return
    unit = np.arange(len(target)) if families is None else np.unique(families, return_inverse=True)[1]
    for draw in range(settings.draws):
        place = np.random.default_rng(settings.seed + draw).permutation(int(unit.max()) + 1)[unit]
        order = np.argsort(place, kind="stable")
        train = order[: round(settings.train_share * len(order))]
        rest = order[len(train) :]
        rest = rest[~np.isin(unit[rest], unit[train])]
        yield np.sort(train), np.sort(rest[-round(settings.test_share * len(order)) :])


def _measured(
    contestant: Contestant,
    panel: Panel,
    unseen: Views,
    truth: NDArray[np.int64],
    settings: CompareSettings,
) -> dict[str, Any]:
    from prodlabel.learning.evaluation import macro_f1
    from prodlabel.learning.noise import suspected
    from prodlabel.learning.thresholds import accepted_by, choose_thresholds

    classifier = contestant.train(panel)
    probabilities = classifier.predict_proba(unseen)
    said = panel.classes[probabilities.argmax(axis=1)]
    is_right = said == truth
    found = {
        "probabilities": probabilities,
        "accuracy": float(is_right.mean()),
        "macro_f1": macro_f1(truth, said),
    }
    held_out = classifier.held_out_probabilities_
    target = panel.target[getattr(classifier, "held_out_rows_", slice(None))]
    # As where a classifier is put to use: a label that is probably wrong says nothing about a threshold.
    kept = ~suspected(held_out, target, panel.noise)
    for prefix, wished in (("", settings.precision), ("lower_", settings.lower_precision)):
        taken = accepted_by(probabilities, choose_thresholds(held_out[kept], target[kept], wished))
        found[f"{prefix}coverage"] = float(taken.mean())
        found[f"{prefix}precision"] = float(is_right[taken].mean()) if taken.any() else float("nan")
    return found


def _calibration_error(probabilities: NDArray[np.float64], target: NDArray[np.int64]) -> float:
    from prodlabel.learning.calibration import calibration_error

    return calibration_error(probabilities, target)


def _contest(name: str, found: Sequence[Finding]) -> Contest:
    title = next(one.title for one in CONTESTANTS if one.name == name)
    values = {
        figure: np.array(
            [np.nan if value is None else value for one in found for value in one.figures[name][figure]],
            dtype=np.float64,
        )
        for figure in FIGURES
    }
    return Contest(name, title, **values)
