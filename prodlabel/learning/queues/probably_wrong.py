"""Probably wrong: labels that neither the classifier nor the nearest products support."""

from __future__ import annotations

import numpy as np

from prodlabel.learning.label_errors import LEAST, LEAST_VOTE, NEIGHBOUR_WEIGHT
from prodlabel.learning.noise import DOUBTED
from prodlabel.learning.queues.scene import NONE, Queue, Scene, one_by_one


def probably_wrong(scene: Scene) -> Queue:
    """Labels that nobody confirmed and that another category beats, the least supported first."""
    if not scene.best.shape[1]:
        rows = np.zeros(0, dtype=np.int64)
    else:
        differs = (scene.best[:, 0] != scene.label) & (scene.confidence[:, 0] > DOUBTED)
        rows = np.flatnonzero((scene.label != NONE) & ~scene.is_decided & differs)
    own = np.maximum(scene.own_confidence(), LEAST)
    vote = ((scene.neighbour_support + LEAST_VOTE) / (1.0 + LEAST_VOTE)) ** NEIGHBOUR_WEIGHT
    rows = rows[np.argsort((own * vote)[rows], kind="stable")]
    chance = np.maximum(scene.doubt(), scene.confidence[:, 0] if scene.best.shape[1] else 0.0)[rows]

    def reason(row: int) -> str:
        label = scene.name.get(int(scene.label[row]), "its label")
        said = f"{scene.best_name(row)} ({scene.confidence[row, 0]:.0%}) fits better than {label}"
        support = scene.neighbour_support[row]
        if support == 0:
            return f"{said}; none of the nearest products is {label}."
        return f"{said}; {support:.0%} of the nearest products are {label}."

    return Queue(rows, one_by_one(rows), chance, reason, "Stop when twenty in a row were right as they were.")
