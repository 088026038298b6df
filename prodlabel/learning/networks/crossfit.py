"""Trains a network on each fold and then on everything, measures it out of fold, calibrates it.

Invariant: the scores that calibrate and measure are of products whose families the network had not seen; a
fold's own figures use a calibration and thresholds fitted on the other folds' scores.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from prodlabel.core.progress import Progress
from prodlabel.learning.features import PICTURE, TEXT
from prodlabel.learning.networks.checkpoint import read_arrays, write_arrays
from prodlabel.learning.networks.classifier import Calibration, NetworkClassifier, with_bias
from prodlabel.learning.networks.heads import Heads
from prodlabel.learning.networks.lessons import Lessons
from prodlabel.learning.networks.plan import NetworkSettings

if TYPE_CHECKING:  # scikit-learn takes seconds to import
    from prodlabel.learning.evaluation import Evaluation
    from prodlabel.learning.networks.training import Training

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.integer[Any]]
Bools = npt.NDArray[np.bool_]
Tensors = dict[str, npt.NDArray[np.float32]]


@dataclass(frozen=True, eq=False)
class HeldOut:
    """Out-of-fold scores (n, classes) of each branch, and where there are such."""

    scores: dict[str, tuple[Floats, Bools]]

    def take(self, rows: npt.ArrayLike) -> HeldOut:
        """Those of some rows."""
        index = np.asarray(rows)
        taken = {name: (values[index], present[index]) for name, (values, present) in self.scores.items()}
        return HeldOut(taken)

    def __len__(self) -> int:
        return len(next(iter(self.scores.values()))[1])


class Calibrated:
    """What is fitted to scores that are there already; `evaluate` treats it as any classifier."""

    def fit(self, X: Any, y: npt.ArrayLike, *, groups: npt.ArrayLike | None = None) -> Calibrated:  # noqa: ARG002
        """Calibrate on the scores `X` (a `HeldOut`)."""
        self.classes_, target = np.unique(np.asarray(y), return_inverse=True)
        self._calibration = Calibration.fit(self._known(X), target, len(self.classes_))
        self.noise_ = self._calibration.noise
        self.held_out_probabilities_ = self.predict_proba(X)
        return self

    def predict_proba(self, X: Any) -> Floats:
        """(n, classes)"""
        return self._calibration.combine(self._known(X), len(X))

    def _known(self, X: HeldOut) -> dict[str, tuple[Floats, Bools]]:
        return {name: (values[:, self.classes_], present) for name, (values, present) in X.scores.items()}


@dataclass(frozen=True, eq=False)
class Fitted:
    """The network trained on everything, its held-out scores, the trained blocks' `tensors` and those of the
    encoder of texts."""

    classifier: NetworkClassifier
    held_out: HeldOut
    tensors: Tensors
    text_tensors: Tensors


def crossfit(
    lessons: Lessons,
    classes: npt.NDArray[Any],
    settings: NetworkSettings,
    tensors: Tensors,
    *,
    folder: Path,
    progress: Progress,
    reader: Any = None,
) -> Fitted:
    """Train `settings.folds` + 1 networks; finished ones and the one under way are kept in `folder`, and a
    later call with the same goes on there. Epochs are offered as `EpochFigures`. `reader`: the encoder of the
    lessons' `phrases` that learns along (`TrainedTexts`)."""
    from prodlabel.learning.evaluation import folds
    from prodlabel.learning.networks.training import Training, cost_of

    target, families = lessons.target, lessons.families
    parts = [(train, test) for _, train, test in folds(target, settings.folds, 1, settings.seed, families)]
    everything = np.arange(len(lessons))
    added = {name: np.zeros((len(lessons), lessons.classes)) for name in _branches(lessons)}
    bias = np.zeros((len(lessons), lessons.classes))
    with progress.stage("Training the network", (len(parts) + 1) * cost_of(settings), "steps"):
        for number, (train, test) in enumerate(parts):
            file = folder / f"fold-{number}.npz"
            kept = read_arrays(file)
            if kept is None:
                training = Training(
                    lessons, train, settings, tensors,
                    number=number, trainings=len(parts) + 1, file=_under_way(folder, number), reader=reader,
                )  # fmt: skip
                heads = training.run(progress).heads
                found = {"bias": heads.bias, **_added(lessons, heads, training, test)}
                write_arrays(file, found)
                _under_way(folder, number).unlink(missing_ok=True)
                kept = found, {}
            else:
                progress.skip(cost_of(settings))
            for name, values in added.items():
                values[test] = kept[0][name]
            bias[test] = kept[0]["bias"]
        last = Training(
            lessons, everything, settings, tensors,
            number=len(parts), trainings=len(parts) + 1, file=_under_way(folder, len(parts)), reader=reader,
        )  # fmt: skip
        trained = last.run(progress)
    present = {TEXT: lessons.has_text, PICTURE: lessons.has_picture}
    held_out = HeldOut(with_bias({name: (added[name], present[name]) for name in added}, bias))
    calibration = Calibration.fit(held_out.scores, lessons.target, lessons.classes)
    probabilities = calibration.combine(held_out.scores, len(lessons))
    made = NetworkClassifier(settings.kind, classes, trained.heads, calibration, probabilities)
    return Fitted(made, held_out, trained.tensors, trained.text_tensors)


def measure(
    fitted: Fitted,
    target: Ints,
    groups: Ints,
    settings: NetworkSettings,
    *,
    precision: float,
    measured: Floats,
) -> Evaluation:
    """The same figures as of any classifier, on the folds that the networks were trained on."""
    from prodlabel.learning.evaluation import evaluate

    held_out: Any = fitted.held_out
    return evaluate(
        held_out, target, Calibrated, count=settings.folds, repeats=1, seed=settings.seed, groups=groups,
        wished_precision=precision, measured=measured,
    )  # fmt: skip


def _under_way(folder: Path, number: int) -> Path:
    return folder / f"under-way-{number}.npz"


def _branches(lessons: Lessons) -> tuple[str, ...]:
    return (PICTURE,) if lessons.text is None else (TEXT, PICTURE)


def _added(lessons: Lessons, heads: Heads, training: Training, rows: Ints) -> dict[str, Floats]:
    found: dict[str, Floats] = {}
    if heads.picture is not None:
        found[PICTURE] = heads.picture(training.see(rows), lessons.has_picture[rows])
    vectors = training.read(rows)
    if heads.text is not None and vectors is not None:
        found[TEXT] = heads.text(vectors, lessons.has_text[rows])
    return found
