"""How much better more labels would make the classifier: measured on subsets, and forecast.

Invariant: every point is measured on products (and families) that the classifier of that point had not seen;
a forecast comes with an interval, or is refused where the curve does not reach the wish.

Error as a power law of the number of labels, a + b n^-c (Cortes, Jackel, Solla, Vapnik and Denker, "Learning
curves: asymptotic values and rate of convergence", NIPS 1993, equation 1); intervals by refitting on draws
drawn again (Efron and Tibshirani, "An introduction to the bootstrap", 1993, chapter 13).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from prodlabel.core.progress import Progress
from prodlabel.learning.features import Views

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.integer[Any]]

TEST_SHARE = 0.25
EXPONENTS = np.linspace(0.1, 2.0, 77)
FLOORS = np.concatenate([[0.0], np.geomspace(1e-3, 0.5, 60)])
REFITS = 300
FARTHEST = 100.0
"""Forecasts reach at most this many times the labels that there are."""


WORTH_A_TRAINING, LEAST_CORRECTIONS = 0.25, 5
"""The share of new labels from which training again pays, and how many they are at least."""


def corrections_due(taught: int, most: int) -> int:
    """After how many corrections to train again, where `taught` labels have taught so far: at most `most`.

    By the power law each step by the same factor brings the error down by the same factor: the first labels
    are worth a training each few, later ones are not.
    """
    return min(most, max(LEAST_CORRECTIONS, round(WORTH_A_TRAINING * taught)))


@dataclass(frozen=True, eq=False)
class LearningCurve:
    """`labels` (sizes,) counts of training labels, `f1` (draws, sizes) macro-F1 on held-out products.

    `floor`, `factor`, `exponent` (refits,): error = floor + factor labels^-exponent; the first entry is the
    fit to the mean, the others are of draws drawn again. `available`: how many labels there are, which is
    more than the largest of `labels`, since some must be held out to measure on (0: not said).
    """

    labels: Ints
    f1: Floats
    floor: Floats
    factor: Floats
    exponent: Floats
    available: int = field(default=0, kw_only=True)

    @property
    def there(self) -> int:
        """How many labels there are, at least those that taught the last point."""
        return max(self.available, int(self.labels[-1]))

    @property
    def now(self) -> float:
        """Macro-F1 to be expected with the labels there are."""
        return self.forecast(self.there)[0]

    def is_reached(self, f1: float) -> bool:
        """Whether the labels there are should be enough for this macro-F1."""
        found = self.labels_for(f1)
        return found is not None and found[0] <= self.there

    def forecast(self, labels: float) -> tuple[float, float, float]:
        """Macro-F1 to be expected with so many labels, and its 90 % interval."""
        found = 1.0 - (self.floor + self.factor * float(labels) ** -self.exponent)
        low, high = np.quantile(found, [0.05, 0.95])
        return float(found[0]), float(min(low, found[0])), float(max(high, found[0]))

    def labels_for(self, f1: float) -> tuple[float, float, float] | None:
        """How many labels it takes for this macro-F1, with its 90 % interval (the upper end may be infinite);
        None where no number within reach is enough."""
        room = 1.0 - f1 - self.floor
        with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
            needed = np.where(
                room > 0, (self.factor / np.maximum(room, 1e-12)) ** (1.0 / self.exponent), np.inf
            )
        if not needed[0] <= FARTHEST * self.there:
            return None
        low, high = np.quantile(np.minimum(needed, 1e12), [0.05, 0.95])
        return float(needed[0]), float(min(low, needed[0])), float(np.inf if high > 1e11 else high)

    def sentence(self, f1: float) -> str:
        """The forecast in words."""
        found, there = self.labels_for(f1), self.there
        if found is None:
            return f"More labels alone will not bring a macro-F1 of {f1:.2f}: the curve flattens below it."
        more, low, high = (max(0.0, one - there) for one in found)
        if more == 0:
            return f"A macro-F1 of {f1:.2f} is reached with the labels there are ({there:,})."
        about, least = f"{_round(more):,}", f"{_round(low):,}"
        if np.isinf(high):
            return f"About {about} more labels for a macro-F1 of {f1:.2f} (90 %: {least} or far more)."
        most = f"{_round(high):,}"
        return f"About {about} more labels for a macro-F1 of {f1:.2f} (90 %: {least} to {most})."


def measure_learning_curve(
    X: Views,
    y: npt.ArrayLike,
    groups: npt.ArrayLike,
    *,
    sizes: int = 5,
    draws: int = 4,
    seed: int = 0,
    progress: Progress | None = None,
) -> LearningCurve:
    """Train on growing subsets of three quarters of the families and measure on the rest; `sizes` x `draws`
    trainings."""
    from sklearn.metrics import f1_score

    from prodlabel.learning.fusion import FusionClassifier

    progress = progress or Progress()
    target, family = np.asarray(y), np.unique(np.asarray(groups), return_inverse=True)[1]
    most = int((1.0 - TEST_SHARE) * len(target))
    least = min(max(2 * len(np.unique(target)), 20), most)
    counts = np.unique(np.geomspace(least, most, sizes).astype(int))
    f1 = np.zeros((draws, len(counts)))
    with progress.stage("Measuring the learning curve", draws * len(counts), "trainings"):
        for draw in range(draws):
            order = np.random.default_rng(seed + draw).permutation(int(family.max()) + 1)
            place = np.argsort(order)[family]
            rows = np.lexsort((np.arange(len(target)), place))
            test, pool = rows[most:], rows[:most]
            pool = pool[family[pool] != family[test[0]]]
            for at, count in enumerate(counts):
                train = pool[:count]
                found = FusionClassifier().fit(X.take(train), target[train], groups=family[train])
                said = found.predict(X.take(test))
                f1[draw, at] = f1_score(target[test], said, average="macro", zero_division=0.0)
                progress.advance()
    return fit_learning_curve(counts, f1, seed, len(target))


def fit_learning_curve(labels: Ints, f1: Floats, seed: int = 0, available: int = 0) -> LearningCurve:
    """The power law through `f1` (draws, sizes); `available`: how many labels there are."""
    rng = np.random.default_rng(seed)
    means = [f1.mean(axis=0)]
    means += [f1[rng.integers(0, len(f1), len(f1))].mean(axis=0) for _ in range(REFITS - 1)]
    fits = np.array([_power_law(np.asarray(labels, float), 1.0 - mean) for mean in means])
    return LearningCurve(np.asarray(labels), f1, *fits.T, available=available)


def _power_law(labels: Floats, error: Floats) -> tuple[float, float, float]:
    """Least squares over a grid of exponents and floors; the factor is closed form. The larger counts, which
    the forecast stands on, weigh more."""
    weight = labels / labels.sum()
    shape = labels[None, :] ** -EXPONENTS[:, None]
    rest = error[None, :] - FLOORS[:, None]
    factor = np.maximum((shape * weight) @ rest.T / (shape**2 @ weight)[:, None], 0.0)
    fitted = factor[:, :, None] * shape[:, None, :]
    loss = (np.square(fitted - rest[None]) * weight).sum(axis=2)
    at = np.unravel_index(loss.argmin(), loss.shape)
    return float(FLOORS[at[1]]), float(factor[at]), float(EXPONENTS[at[0]])


def _round(value: float) -> int:
    """To two digits: more would pretend to know."""
    if value < 10:
        return round(value)
    step = 10 ** (int(np.log10(value)) - 1)
    return int(round(value / step) * step)
