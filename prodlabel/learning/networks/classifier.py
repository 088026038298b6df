"""A trained network as a classifier among the others: scores by NumPy, calibrated on products it never saw.

Invariant: `predict_proba` needs no TensorFlow; the probabilities are calibrated for products with text and
picture, with text alone and with a picture alone, each on out-of-sample scores of just that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from prodlabel.learning.combination import Combination, fit_combination
from prodlabel.learning.features import PICTURE, TEXT, Views
from prodlabel.learning.networks.heads import Heads

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.integer[Any]]
Bools = npt.NDArray[np.bool_]
Scores = Mapping[str, tuple[Floats, Bools]]

BOTH = "both"
ENOUGH_TO_CALIBRATE = 10


def scores_by_presence(added: Scores, bias: Floats) -> dict[str, tuple[Floats, Bools]]:
    """What the branches added to the scores, as scores of text alone, of pictures alone, and of both."""
    found: dict[str, tuple[Floats, Bools]] = {
        name: (np.asarray(values + bias), present) for name, (values, present) in added.items()
    }
    if len(added) == 2:
        (text, has_text), (picture, has_picture) = added[TEXT], added[PICTURE]
        found[BOTH] = (text + picture + bias, has_text & has_picture)
    return found


@dataclass
class Calibration:
    """Scores to probabilities: `parts` hold one combination for each kind of scores, `prior` (classes,) is
    what a product without text and picture gets."""

    prior: Floats
    parts: dict[str, Combination] = field(default_factory=dict)

    @classmethod
    def fit(cls, scores: Scores, target: Ints, classes: int) -> Calibration:
        """On out-of-sample scores (n, classes) and their labels `target` (n,)."""
        counts = np.bincount(target, minlength=classes) + 1.0
        made = cls(counts / counts.sum())
        for name, (values, present) in scores.items():
            rows = np.flatnonzero(present)
            if len(rows) < max(ENOUGH_TO_CALIBRATE, classes):
                made.parts[name] = Combination(np.ones(1), np.zeros(classes))
            else:
                made.parts[name] = fit_combination(values[rows][None], target[rows])
        return made

    def combine(self, scores: Scores, n: int) -> Floats:
        """(n, classes); of several kinds of scores that a product has, those of both count."""
        probabilities = np.tile(self.prior, (n, 1))
        for name in sorted(scores, key=lambda one: one == BOTH):
            values, present = scores[name]
            log_p = self.parts[name].log_probabilities(values[present][None])
            probabilities[present] = np.exp(log_p)
        return probabilities

    @property
    def noise(self) -> float:
        """The estimated share of labels that are wrong for no reason to be seen."""
        for name in (BOTH, PICTURE, TEXT):
            if name in self.parts:
                return self.parts[name].noise
        return 0.0


class NetworkClassifier:
    """`classes_`, `held_out_probabilities_` (n, classes) and the rest as `FusionClassifier` has them.

    `kind`: "joint" or "picture-network". `picture_network`: content of the ONNX file of its picture branch
    (None: the shipped one sees for it) while it is fresh; `picture_file` that file after it was kept, and
    `stamp`, which names its content. The `picture_vectors` of the views it is shown must be that network's;
    their texts are vectors of `text_encoders`, all fields side by side.
    """

    experts_: Mapping[str, Any] = {}
    """It weighs no single words."""

    def __init__(
        self,
        kind: str,
        classes: npt.NDArray[Any],
        heads: Heads,
        calibration: Calibration,
        held_out: Floats,
        *,
        text_encoders: tuple[str, ...] = (),
        stamp: str = "",
        picture_network: bytes | None = None,
        picture_file: Path | None = None,
    ) -> None:
        self.kind = kind
        self.classes_ = classes
        self.heads = heads
        self.calibration = calibration
        self.held_out_probabilities_ = held_out
        self.text_encoders = text_encoders
        self.stamp = stamp
        self.picture_network = picture_network
        self.picture_file = picture_file

    @property
    def noise_(self) -> float:
        """The estimated share of training labels that are wrong for no reason to be seen."""
        return self.calibration.noise

    def scores(self, X: Views) -> dict[str, tuple[Floats, Bools]]:
        """(n, classes) of text alone, of pictures alone and of both, and where there are such."""
        added: dict[str, tuple[Floats, Bools]] = {}
        for name, branch in ((TEXT, self.heads.text), (PICTURE, self.heads.picture)):
            seen = X.vectors(name)
            if branch is None:
                continue
            if seen is None:
                added[name] = (np.zeros((len(X), len(self.classes_))), np.zeros(len(X), bool))
            else:
                added[name] = (branch(*seen), seen[1])
        return scores_by_presence(added, self.heads.bias)

    def combine(self, scores: Scores, n: int) -> Floats:
        """Calibrated probabilities (n, classes) of these scores."""
        return self.calibration.combine(scores, n)

    def predict_proba(self, X: Views) -> Floats:
        """Calibrated probabilities (n, classes), columns in the order of `classes_`."""
        return self.combine(self.scores(X), len(X))

    def predict(self, X: Views) -> npt.NDArray[Any]:
        """The most probable category of each product (n,)."""
        return np.asarray(self.classes_[self.predict_proba(X).argmax(axis=1)])

    def expert_scales(self, scores: Scores, n: int) -> dict[str, Floats]:
        """(n,) what a point of each kind of scores weighs in the evidence of text and of picture."""
        return {
            name: np.full(n, float(self.calibration.parts[name].scale[0]) if name != BOTH else 0.0)
            * np.asarray(present)
            for name, (_, present) in scores.items()
        }

    def seen_by(self, name: str, X: Views) -> None:  # noqa: ARG002 - as FusionClassifier has it
        """No expert of its looks at a view alone."""
        return
