"""How a network is trained: settings, learning rate, weights of categories, when to stop.

Invariant: pure functions of numbers; nothing here imports TensorFlow.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from importlib import invalidate_caches
from importlib.util import find_spec
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.integer[Any]]

JOINT, JOINT_USE, PICTURE_NETWORK = "joint", "joint-use", "picture-network"
NETWORKS = (JOINT, JOINT_USE, PICTURE_NETWORK)
HEAD, TUNING = "head", "tuning"
TUNING_COST = 20
"""An epoch that trains blocks of the picture network too takes as long as some 20 of the head alone."""
WARM_UP = 0.05
MOST_CLASS_WEIGHT = 10.0
LEAST_BATCH, LEAST_STEPS = 4, 12


@dataclass(frozen=True, slots=True)
class NetworkSettings:
    """What is trained and how.

    `kind`: "joint" (pictures and vectors of texts), "joint-use" (the same, and the Universal Sentence Encoder
    learns too) or "picture-network". `variants`: how many altered copies of each
    picture are learned from beside the plain one. First the `head` learns on features of the picture network
    as it came, then, at a rate of its own, together with the blocks from `first_block` on (16: none).
    `hidden`: units of each branch. `branch_dropout`: how often a training product is shown without its text
    or without its picture, so that either alone is understood too. `patience_...`: epochs that
    were clearly worse on products kept aside, after which training ends. `validation`: their share of the
    families.
    """

    kind: str = JOINT
    folds: int = 5
    seed: int = 0
    variants: int = 4
    first_block: int = 15
    hidden: int = 256
    dropout: float = 0.4
    branch_dropout: float = 0.1
    label_smoothing: float = 0.05
    batch: int = 32
    head_epochs: int = 40
    tuning_epochs: int = 6
    head_rate: float = 1e-3
    tuning_rate: float = 1e-4
    patience_head: int = 8
    patience_tuning: int = 2
    validation: float = 0.12

    @property
    def reads_texts(self) -> bool:
        return self.kind in (JOINT, JOINT_USE)

    def epochs(self, stage: str) -> int:
        return self.head_epochs if stage == HEAD else self.tuning_epochs

    def patience(self, stage: str) -> int:
        return self.patience_head if stage == HEAD else self.patience_tuning

    def rate(self, stage: str) -> float:
        return self.head_rate if stage == HEAD else self.tuning_rate

    def stages(self) -> tuple[str, ...]:
        """The stages that are trained at all."""
        return (HEAD, TUNING) if self.tuning_epochs and self.first_block < 16 else (HEAD,)

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class EpochFigures:
    """One epoch: `training` of `trainings` (from 1), loss and accuracy on what is learned from (altered
    pictures, dropout) and on the products kept aside; `is_best` so far."""

    training: int
    trainings: int
    stage: str
    epoch: int
    epochs: int
    loss: float
    accuracy: float
    checked_loss: float
    checked_accuracy: float
    is_best: bool


def what_is_missing() -> str | None:
    """One line about what has to be installed before a network can be trained, or None. Looks on disk, which
    takes tens of milliseconds."""
    invalidate_caches()  # so that what was installed a moment ago is found
    absent = [name for name in ("tensorflow", "onnx") if find_spec(name) is None]
    if not absent:
        return None
    return f"Training a network needs {' and '.join(absent)}. Run: pip install {' '.join(absent)}"


def cosine_rate(step: int, steps: int, rate: float) -> float:
    """The learning rate of one of `steps` steps: a short rise, then half a cosine down to nothing
    (Loshchilov and Hutter, "SGDR", ICLR 2017, section 3)."""
    rise = max(1, round(WARM_UP * steps))
    if step < rise:
        return rate * (step + 1) / rise
    return 0.5 * rate * (1.0 + math.cos(math.pi * (step - rise) / max(1, steps - rise)))


def class_weights(target: Ints, classes: int) -> Floats:
    """(classes,) weights with which each category counts alike, mean 1 over the products; a category of very
    few products counts at most ten times."""
    counts = np.bincount(target, minlength=classes).astype(np.float64)
    present = counts > 0
    weights = np.zeros(classes)
    weights[present] = np.minimum(counts.sum() / (present.sum() * counts[present]), MOST_CLASS_WEIGHT)
    mean = float(weights[target].mean()) if len(target) else 1.0
    return np.asarray(weights / mean if mean else weights, np.float64)


@dataclass(slots=True)
class EarlyStop:
    """Ends training after `patience` epochs in a row that were clearly worse than the best one.

    `best`: the losses (n,) of the products kept aside in the best epoch; empty before the first. An epoch is
    clearly worse where its losses are higher by more than one standard error of the differences, product by
    product (the rule of Breiman et al., "Classification and Regression Trees", 1984, section 3.4.3). A few
    dozen products aside cannot tell two epochs apart: then the rate goes down to its end, and the last epoch,
    which learned from everything, is kept rather than the one that these few happened to like.
    """

    patience: int
    best: Floats = field(default_factory=lambda: np.zeros(0))
    since: int = 0
    is_worse: bool = False

    def take(self, losses: Floats) -> bool:
        """Whether this epoch is the best so far."""
        if not len(self.best):
            self.best, self.since, self.is_worse = losses, 0, False
            return True
        more = losses - self.best
        self.is_worse = bool(more.mean() > more.std() / math.sqrt(len(more)))
        self.since = self.since + 1 if self.is_worse else 0
        is_best = bool(more.mean() < 0)
        if is_best:
            self.best = losses
        return is_best

    @property
    def is_over(self) -> bool:
        return self.since >= self.patience


def batch_size(products: int, wished: int) -> int:
    """As wished, or less, so that an epoch of few products still has a dozen steps."""
    return min(products, max(LEAST_BATCH, min(wished, products // LEAST_STEPS)))


def keep_aside(target: Ints, groups: Ints, share: float, seed: int) -> tuple[Ints, Ints]:
    """(training, validation) positions, whole families on one side: in each category, families drawn at
    random until `share` of it is aside; a category keeps at least one family to learn from."""
    rng = np.random.default_rng(seed)
    aside = np.zeros(len(target), bool)
    order = rng.permutation(np.unique(groups))
    members: dict[int, list[int]] = {int(group): [] for group in order}
    for position, group in enumerate(groups.tolist()):
        members[int(group)].append(position)
    wanted = np.floor(np.bincount(target) * share)
    left = np.bincount(target)
    for group in order.tolist():
        rows = np.array(members[int(group)])
        counts = np.bincount(target[rows], minlength=len(left))
        if (counts <= wanted).all() and (counts < np.maximum(left, 1)).all():
            aside[rows] = True
            wanted = wanted - counts
            left = left - counts
    return np.flatnonzero(~aside), np.flatnonzero(aside)
