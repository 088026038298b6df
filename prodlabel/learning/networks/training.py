"""Trains one network: the head first, then the last blocks with it; resumable after every epoch.

Invariant: a training that was stopped and resumed gives the same numbers as one that was not (on one
machine's processor), because all randomness comes from the seed, the stage and the epoch, or is kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from prodlabel.core.progress import Progress
from prodlabel.learning.networks.checkpoint import read_arrays, write_arrays
from prodlabel.learning.networks.heads import Heads
from prodlabel.learning.networks.keras_network import KerasNetwork
from prodlabel.learning.networks.lessons import Lessons
from prodlabel.learning.networks.plan import (
    HEAD,
    TUNING,
    TUNING_COST,
    EarlyStop,
    EpochFigures,
    NetworkSettings,
    batch_size,
    class_weights,
    cosine_rate,
    keep_aside,
)

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.integer[Any]]
Tensors = dict[str, npt.NDArray[np.float32]]
_ASKED = 64
"""Products asked about at a time: bounds memory."""


@dataclass(frozen=True, eq=False)
class Trained:
    """`heads`, the trained blocks' `tensors` and those of the encoder of texts (none where they stay as they
    came), and every epoch."""

    heads: Heads
    tensors: Tensors
    text_tensors: Tensors
    course: tuple[EpochFigures, ...]


def cost_of(settings: NetworkSettings) -> int:
    """The units of work of one training, as progress counts them."""
    return sum(settings.epochs(stage) * _epoch_cost(stage) for stage in settings.stages())


def _epoch_cost(stage: str) -> int:
    return 1 if stage == HEAD else TUNING_COST


class Training:
    """One training of `trainings` (`number` from 0), on `rows` of the lessons; its checkpoint is `file`.
    `reader`: as `KerasNetwork` has it."""

    def __init__(
        self,
        lessons: Lessons,
        rows: Ints,
        settings: NetworkSettings,
        tensors: Tensors,
        *,
        number: int,
        trainings: int,
        file: Path,
        reader: Any = None,
    ) -> None:
        self._lessons, self._settings, self._tensors = lessons, settings, tensors
        self._number, self._trainings, self._file = number, trainings, file
        self._reader = reader if lessons.phrases is not None and TUNING in settings.stages() else None
        self._all = lessons.taught(rows)
        families = lessons.families[self._all]
        inside, aside = keep_aside(
            lessons.target[self._all], families, settings.validation, settings.seed + number
        )
        self._rows = self._all[inside]
        # Too few products to keep any aside: it is stopped by what it says of those it learns from.
        self._aside = self._all[aside] if len(aside) else self._rows
        self._weights = class_weights(lessons.target[self._rows], lessons.classes)
        self._course: list[EpochFigures] = []
        self._is_tuned = False

    def run(self, progress: Progress) -> Trained:
        """Train, or go on where the checkpoint says."""
        seed = self._settings.seed + self._number
        self._network = KerasNetwork(
            self._lessons, self._all, self._settings, self._tensors, seed, reader=self._reader
        )
        kept = read_arrays(self._file)
        stages = self._settings.stages()
        before: Floats = np.zeros(0)
        begun = stages.index(kept[1]["stage"]) if kept is not None else 0
        for position, stage in enumerate(stages):
            if position < begun:
                progress.skip(self._settings.epochs(stage) * _epoch_cost(stage))
                continue
            before = self._train(stage, before, kept, progress)
            kept = None
        network, course = self._network, tuple(self._course)
        if not self._is_tuned:
            return Trained(network.heads(), {}, {}, course)
        return Trained(network.heads(), network.tensors(), network.text_tensors(), course)

    def see(self, rows: Ints) -> Floats:
        """(rows, 1280) the plain pictures as the trained blocks see them; any row where there is none."""
        if not self._is_tuned:
            return self._lessons.features(rows, np.zeros(len(rows), np.int64))
        seen = np.zeros((len(rows), self._lessons.pooled.shape[2]), np.float32)
        plain = np.zeros(_ASKED, np.int64)
        for start, part in _filled(rows):
            found = self._network.see(self._lessons.maps_of(part, plain))
            seen[start : start + _ASKED] = found[: len(rows) - start]
        return seen

    def read(self, rows: Ints) -> Floats | None:
        """(rows, d) the texts as the network's encoder of texts reads them; None without texts."""
        lessons = self._lessons
        if not self._is_tuned or self._reader is None or lessons.phrases is None:
            return None if lessons.text is None else lessons.text[rows]
        parts = [self._network.read(lessons.phrases[part]) for _, part in _filled(rows)]
        return np.concatenate(parts)[: len(rows)]

    def _train(self, stage: str, before: Floats, kept: Any, progress: Progress) -> Floats:
        """One stage, from losses `before` on the products aside (none: the first) to those after it."""
        network, settings = self._network, self._settings
        network.begin(stage)
        stop = EarlyStop(settings.patience(stage), before)
        begun, best, losses, start = network.state(), network.state(), before, 0
        if kept is not None:
            arrays, said = kept
            network.restore(_listed(arrays, "v"), _listed(arrays, "o"))
            begun, best, start = _listed(arrays, "s"), _listed(arrays, "b"), int(said["epoch"]) + 1
            before, losses, stop.best = arrays["before"], arrays["losses"], arrays["best"]
            stop.since, stop.is_worse = int(said["since"]), bool(said["is_worse"])
            self._course = [EpochFigures(**one) for one in said["course"]]
            progress.skip(start * _epoch_cost(stage))
        epochs = settings.epochs(stage)
        for epoch in range(start, epochs):
            if stop.is_over:
                progress.skip((epochs - epoch) * _epoch_cost(stage))
                break
            loss, accuracy = self._epoch(stage, epoch, progress)
            losses, checked_accuracy = self._check(stage)
            is_best = stop.take(losses)
            if is_best:
                best = network.state()
            figures = EpochFigures(
                self._number + 1, self._trainings, stage, epoch + 1, epochs, loss, accuracy,
                float(losses.mean()), checked_accuracy, is_best,
            )  # fmt: skip
            self._course.append(figures)
            kept_losses = {"before": before, "losses": losses, "best": stop.best}
            self._keep(stage, epoch, stop, {"s": begun, "b": best}, kept_losses)
            progress.offer(figures)
            progress.advance(_epoch_cost(stage))
        if stop.is_worse:
            network.restore(best)
            losses = stop.best
        if len(before) and losses.mean() >= before.mean():
            network.restore(begun)  # what the stage did is not worth another look at every picture
            return before
        self._is_tuned = stage == TUNING
        return losses

    def _epoch(self, stage: str, epoch: int, progress: Progress) -> tuple[float, float]:
        """Learn from every product once, each in a variant drawn at random; the mean loss and accuracy."""
        settings, lessons = self._settings, self._lessons
        rng = np.random.default_rng([settings.seed, self._number, len(stage), epoch])
        # What does not fill a batch waits for the next epoch: each size of batch would be compiled anew.
        size = batch_size(len(self._rows), settings.batch)
        order = rng.permutation(self._rows)
        batches = [order[start : start + size] for start in range(0, len(order) - size + 1, size)]
        figures = []
        for at, rows in enumerate(batches):
            progress.check()
            variant = rng.integers(0, len(lessons.maps), len(rows))
            inputs = self._inputs(stage, rows, variant, rng)
            rate = cosine_rate(
                epoch * len(batches) + at, settings.epochs(stage) * len(batches), settings.rate(stage)
            )
            truth = np.eye(lessons.classes, dtype=np.float32)[lessons.target[rows]]
            weight = self._weights[lessons.target[rows]].astype(np.float32)
            figures.append(self._network.learn(inputs, truth, weight, rate))
        loss, accuracy = np.mean(figures, axis=0).tolist()
        return loss, accuracy

    def _inputs(
        self, stage: str, rows: Ints, variant: Ints, rng: np.random.Generator | None = None
    ) -> list[npt.NDArray[Any]]:
        lessons = self._lessons
        pictures = lessons.features if stage == HEAD else lessons.maps_of
        has_picture = lessons.has_picture[rows].copy()
        if lessons.text is None:
            return [pictures(rows, variant), has_picture[:, None].astype(np.float32)]
        has_text = lessons.has_text[rows].copy()
        if rng is not None:
            drawn, share = rng.random(len(rows)), self._settings.branch_dropout
            both = has_picture & has_text
            has_picture &= ~(both & (drawn < share))
            has_text &= ~(both & (drawn > 1 - share))
        flags = [one[:, None].astype(np.float32) for one in (has_picture, has_text)]
        is_reading = self._reader is not None and lessons.phrases is not None and stage != HEAD
        texts = lessons.phrases[rows] if is_reading and lessons.phrases is not None else lessons.text[rows]
        return [pictures(rows, variant), flags[0], texts, flags[1]]

    def _check(self, stage: str) -> tuple[Floats, float]:
        """Losses (n,) and accuracy on plain pictures of the products kept aside."""
        from scipy.special import log_softmax

        losses, hits = [], 0
        plain = np.zeros(_ASKED, np.int64)
        for start, rows in _filled(self._aside):
            count = min(_ASKED, len(self._aside) - start)
            scores = self._network.ask(self._inputs(stage, rows, plain))[:count]
            target = self._lessons.target[rows[:count]]
            losses.append(-log_softmax(scores.astype(np.float64), axis=1)[np.arange(count), target])
            hits += int((scores.argmax(axis=1) == target).sum())
        return np.concatenate(losses), hits / len(self._aside)

    def _keep(
        self,
        stage: str,
        epoch: int,
        stop: EarlyStop,
        states: dict[str, list[npt.NDArray[Any]]],
        losses: dict[str, Floats],
    ) -> None:
        from dataclasses import asdict

        network = self._network
        held = {"v": network.state(), "o": network.optimizer_state(), **states}
        arrays = {f"{key}{at}": value for key, values in held.items() for at, value in enumerate(values)}
        course = [asdict(one) for one in self._course]
        said = {
            "stage": stage, "epoch": epoch, "since": stop.since, "is_worse": stop.is_worse, "course": course
        }  # fmt: skip
        write_arrays(self._file, {**arrays, **losses}, said)


def _filled(rows: Ints) -> Iterator[tuple[int, Ints]]:
    """(start, `_ASKED` rows from there); the last lot is filled up with its first row, to be cut off."""
    for start in range(0, len(rows), _ASKED):
        part = rows[start : start + _ASKED]
        yield start, np.concatenate([part, np.full(_ASKED - len(part), part[0])])


def _listed(arrays: dict[str, npt.NDArray[Any]], key: str) -> list[npt.NDArray[Any]]:
    count = sum(name[0] == key and name[1:].isdigit() for name in arrays)
    return [arrays[f"{key}{at}"] for at in range(count)]
