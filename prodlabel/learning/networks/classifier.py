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

ENOUGH_TO_CALIBRATE = 10


def with_bias(added: Scores, bias: Floats) -> dict[str, tuple[Floats, Bools]]:
    """What each branch added to the scores, as the scores that it would give alone."""
    return {name: (np.asarray(values + bias), present) for name, (values, present) in added.items()}


def _by_presence(scores: Scores) -> dict[tuple[str, ...], Bools]:
    """Which products have a text alone, a picture alone, or both."""
    if len(scores) < 2:
        return {(name,): present for name, (_, present) in scores.items()}
    text, picture = scores[TEXT][1], scores[PICTURE][1]
    return {(TEXT,): text & ~picture, (PICTURE,): picture & ~text, (TEXT, PICTURE): text & picture}


@dataclass
class Calibration:
    """Scores to probabilities: `parts` hold one combination for text alone, for pictures alone and for both
    ("text+picture", which weighs the two branches anew: in training each hid a part of what the other does
    on products that it has not seen). `prior` (classes,) is what a product without either gets."""

    prior: Floats
    parts: dict[str, Combination] = field(default_factory=dict)

    @classmethod
    def fit(cls, scores: Scores, target: Ints, classes: int) -> Calibration:
        """On out-of-sample scores (n, classes) and their labels `target` (n,)."""
        counts = np.bincount(target, minlength=classes) + 1.0
        made = cls(counts / counts.sum())
        for names in _by_presence(scores):
            # A product with both tells of either alone as well.
            rows = np.flatnonzero(np.logical_and.reduce([scores[name][1] for name in names]))
            if len(rows) < max(ENOUGH_TO_CALIBRATE, classes):
                found = Combination(np.ones(len(names)), np.zeros(classes))
            else:
                found = fit_combination(np.stack([scores[name][0][rows] for name in names]), target[rows])
            made.parts["+".join(names)] = found
        return made

    def combine(self, scores: Scores, n: int) -> Floats:
        """(n, classes)"""
        probabilities = np.tile(self.prior, (n, 1))
        for names, rows in _by_presence(scores).items():
            stacked = np.stack([scores[name][0][rows] for name in names])
            probabilities[rows] = np.exp(self.parts["+".join(names)].log_probabilities(stacked))
        return probabilities

    def scales(self, scores: Scores, n: int) -> dict[str, Floats]:
        """(n,) what a point of each branch's scores weighs in a product's probabilities."""
        found: dict[str, Floats] = {name: np.zeros(n) for name in scores}
        for names, rows in _by_presence(scores).items():
            for name, value in zip(names, self.parts["+".join(names)].scale, strict=True):
                found[name][rows] = value
        return found

    @property
    def noise(self) -> float:
        """The estimated share of labels that are wrong for no reason to be seen."""
        return self.parts[max(self.parts, key=len)].noise if self.parts else 0.0


class NetworkClassifier:
    """`classes_`, `held_out_probabilities_` (n, classes) and the rest as `FusionClassifier` has them.

    `kind`: "joint" or "picture-network". `picture_network`: content of the ONNX file of its picture branch
    (None: the shipped one sees for it) while it is fresh; `picture_file` that file after it was kept, and
    `stamp`, which names its content. The `picture_vectors` of the views it is shown must be that network's;
    their texts are vectors of `text_encoders`, all fields side by side; where the encoder of texts learned
    too, `text_network`, `text_file` and `text_stamp` are its trained parts in the same way, and `text_base`
    the version of what they are parts of.
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
        text_stamp: str = "",
        text_base: str = "",
        text_file: Path | None = None,
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
        self.text_stamp, self.text_base = text_stamp, text_base
        self.text_network: bytes | None = None
        self.text_file = text_file

    @property
    def noise_(self) -> float:
        """The estimated share of training labels that are wrong for no reason to be seen."""
        return self.calibration.noise

    def scores(self, X: Views) -> dict[str, tuple[Floats, Bools]]:
        """(n, classes) of the texts and of the pictures, and where there are such."""
        added: dict[str, tuple[Floats, Bools]] = {}
        for name, branch in ((TEXT, self.heads.text), (PICTURE, self.heads.picture)):
            seen = X.vectors(name)
            if branch is None:
                continue
            if seen is None:
                added[name] = (np.zeros((len(X), len(self.classes_))), np.zeros(len(X), bool))
            else:
                added[name] = (branch(*seen), seen[1])
        return with_bias(added, self.heads.bias)

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
        """(n,) what a point of each branch's scores weighs in a product's probabilities."""
        return self.calibration.scales(scores, n)

    def seen_by(self, name: str, X: Views) -> None:  # noqa: ARG002 - as FusionClassifier has it
        """No expert of its looks at a view alone."""
        return
