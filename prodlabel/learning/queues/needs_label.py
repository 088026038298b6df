"""Needs a label: what teaches most first, in batches that look alike.

Invariant: a batch holds products that are near each other and have the same suggestion; its first product is
the one that was chosen for what it teaches.

Choice: as long as few labels exist, the product nearest to each centre of a k-means (a seeded start: Yuan,
Lin and Boyd-Graber, "Cold-start active learning", EMNLP 2020, section 4); then of the smallest margins the
nearest to each centre of a k-means weighted by 1 - margin (Zhdanov, "Diverse mini-batch active learning",
2019, algorithm 1).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from prodlabel.learning.queues.scene import NONE, Floats, Ints, Queue, Scene

BATCHES = 20
DOUBTFUL = 5
"""Products looked at for each batch: more makes batches more different, and less uncertain."""
START_LABELS = 20
MOST_ALIKE = 12
ALIKE = 0.85
"""Cosine from which products count as looking alike, as long as few labels make suggestions unsure."""
FEW_LABELS = 60
ROUGHLY_ALIKE = 0.7
"""The same when there are more: suggestions that agree then say as much as the likeness does."""
LOOSELY_ALIKE = 0.5
"""The same for what need not be looked at to learn: large batches leave few decisions."""
GROUPED = 150
"""Batches beyond those that teach: nobody goes through more before the next training orders all anew."""
SAMPLE = 6_000


def needs_label(scene: Scene) -> Queue:
    """Products without a label, and those whose label nobody decided where there is no suggestion."""
    rows = np.flatnonzero((scene.label == NONE) & ~scene.is_decided)
    labelled = int(np.count_nonzero(scene.label != NONE))
    is_start = labelled < START_LABELS or scene.vectors is None
    chosen = choose_batches(scene, rows, BATCHES)
    order, batch = grow_batches(scene, rows, chosen)
    first = set(chosen.tolist())
    chance = scene.doubt()[order]

    def reason(row: int) -> str:
        if row not in first:
            return (
                f"Looks like the first product of its batch, and is suggested alike: {scene.best_name(row)}."
            )
        if is_start:
            return "Stands for a group of products of which none has a label."
        if scene.best.shape[1] < 2:
            return "Has no label."
        second = scene.name.get(int(scene.best[row, 1]), "another")
        return f"Between {scene.best_name(row)} and {second}: its label tells them apart."

    return Queue(order, batch, chance, reason, "Stop when the suggestions of what is left are sure enough.")


def choose_batches(scene: Scene, rows: Ints, count: int) -> Ints:
    """At most `count` of `rows`, the first to be looked at."""
    if len(rows) <= count or scene.vectors is None:
        return rows[np.argsort(scene.margin()[rows], kind="stable")][:count]
    if np.count_nonzero(scene.label != NONE) < START_LABELS:
        part = _sample(rows, SAMPLE, scene.seed)
        return part[_centres(scene.vectors[part], np.ones(len(part)), count, scene.seed)]
    margin = scene.margin()[rows]
    few = min(len(rows), DOUBTFUL * count)
    doubtful = np.argpartition(margin, few - 1)[:few]
    weight = 1.0 - margin[doubtful] + 1e-6
    chosen = doubtful[_centres(scene.vectors[rows[doubtful]], weight, count, scene.seed)]
    return rows[chosen[np.argsort(margin[chosen], kind="stable")]]


def grow_batches(scene: Scene, rows: Ints, chosen: Ints) -> tuple[Ints, Ints]:
    """All `rows`, batch by batch, and the number of each one's batch: first the `chosen` with their like,
    then the rest in larger and looser batches, the least certain first."""
    taken = np.ones(len(scene), dtype=bool)  # what is not asked for is not free either
    taken[rows] = False
    taken[chosen] = True
    labelled = int(np.count_nonzero(scene.label != NONE))
    near = ALIKE if labelled < FEW_LABELS else ROUGHLY_ALIKE
    batches = [_batch_around(scene, rows, row, taken, near) for row in chosen.tolist()]
    rest = rows[~taken[rows]]
    rest = rest[np.argsort(scene.margin()[rest], kind="stable")]
    for row in rest.tolist() if labelled >= FEW_LABELS else ():
        if len(batches) == len(chosen) + GROUPED:
            break
        if not taken[row]:
            batches.append(_batch_around(scene, rows, row, taken, LOOSELY_ALIKE))
    rest = rest[~taken[rest]]
    numbers = np.repeat(np.arange(len(batches)), [len(one) for one in batches])
    numbers = np.concatenate([numbers, len(batches) + np.arange(len(rest))])
    return np.concatenate([*batches, rest]).astype(np.int64), numbers.astype(np.int64)


def _batch_around(scene: Scene, rows: Ints, row: int, taken: npt.NDArray[np.bool_], near: float) -> Ints:
    """This product and its like, which are taken then."""
    taken[row] = True
    alike = _alike(scene, rows, row, taken, near)
    taken[alike] = True
    return np.concatenate([[row], alike])


def _alike(scene: Scene, rows: Ints, row: int, taken: npt.NDArray[np.bool_], least: float) -> Ints:
    """The nearest of `rows` that are free, near enough and suggested alike, nearest first."""
    if scene.vectors is None:
        return np.zeros(0, dtype=np.int64)
    if scene.propose is None:
        free = rows[~taken[rows]]
    else:
        proposed = scene.propose(row)
        free = proposed[~taken[proposed]]
    if scene.best.shape[1]:
        free = free[scene.best[free, 0] == scene.best[row, 0]]
    likeness = _unit(scene.vectors[free]) @ _unit(scene.vectors[row : row + 1])[0]
    near = np.flatnonzero(likeness >= least)
    near = near[np.argsort(-likeness[near], kind="stable")][: MOST_ALIKE - 1]
    return np.asarray(free[near], dtype=np.int64)


def _centres(vectors: Floats, weight: Floats, count: int, seed: int) -> Ints:
    """The number of the vector nearest to each k-means centre, without repeats, the largest group first."""
    from sklearn.cluster import KMeans

    points = _unit(vectors)
    distinct = len(np.unique(points.round(4), axis=0))
    found: Any = KMeans(min(count, distinct), n_init=2, random_state=seed).fit(points, sample_weight=weight)
    distance = found.transform(points)
    sizes = np.bincount(found.labels_, weights=weight)
    nearest = distance.argmin(axis=0)[np.argsort(-sizes, kind="stable")]
    return np.asarray(nearest[np.sort(np.unique(nearest, return_index=True)[1])])


def _sample(rows: Ints, most: int, seed: int) -> Ints:
    if len(rows) <= most:
        return rows
    return np.sort(np.random.default_rng(seed).choice(rows, most, replace=False))


def _unit(vectors: Floats) -> Floats:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12))
