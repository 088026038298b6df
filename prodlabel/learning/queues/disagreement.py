"""Two opinions on one product: text against picture, or a colleague against the label."""

from __future__ import annotations

import numpy as np

from prodlabel.learning.queues.scene import NONE, Queue, Scene, one_by_one

CLEAR = 0.5
"""Each side must hold its category for more probable than not."""


def text_and_picture(scene: Scene) -> Queue:
    """Text and picture each clearly say something else, the clearest first.

    Such a product is often labelled rightly (its picture shows another thing): the chance is that of its
    label or suggestion, not of the conflict.
    """
    is_clear = np.minimum(scene.text_confidence, scene.picture_confidence) > CLEAR
    both = (scene.text_best != NONE) & (scene.picture_best != NONE)
    rows = np.flatnonzero(both & is_clear & (scene.text_best != scene.picture_best) & ~scene.is_decided)
    strength = (scene.text_confidence * scene.picture_confidence)[rows]
    rows = rows[np.argsort(-strength, kind="stable")]

    def reason(row: int) -> str:
        text, picture = (scene.name.get(int(one[row]), "?") for one in (scene.text_best, scene.picture_best))
        return (
            f"The text says {text} ({scene.text_confidence[row]:.0%}), the picture {picture} "
            f"({scene.picture_confidence[row]:.0%}): is it the right picture?"
        )

    return Queue(rows, one_by_one(rows), scene.doubt()[rows], reason, "Stop when pictures and texts match.")


def with_colleague(scene: Scene) -> Queue:
    """Another person decided otherwise than the label is now; the least certain first."""
    rows = np.flatnonzero(
        (scene.colleague != NONE) & (scene.label != NONE) & (scene.colleague != scene.label)
    )
    rows = rows[np.argsort(-scene.doubt()[rows], kind="stable")]

    def reason(row: int) -> str:
        theirs = scene.name.get(int(scene.colleague[row]), "another category")
        label = scene.name.get(int(scene.label[row]), "another")
        return f"{scene.colleague_name[row]} said {theirs}, the label is {label}."

    chance = np.maximum(scene.doubt()[rows], 0.5)
    return Queue(
        rows, one_by_one(rows), chance, reason, "Stop at the end: each is a question between people."
    )
