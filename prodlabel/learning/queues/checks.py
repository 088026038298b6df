"""Checks: new products, a random sample, one's own decisions blindly, and what was flagged."""

from __future__ import annotations

import numpy as np

from prodlabel.learning.queues.scene import NONE, Queue, Scene, one_by_one

OWN_SHARE = 0.02
"""Share of one's own decisions that come back without being shown."""
RANDOM_CHECK = 200
"""A random check of 200 tells a share of 5 % to within about 3 points (95 % interval)."""


def new_products(scene: Scene) -> Queue:
    """What came since last time, the least certain suggestion first."""
    rows = np.flatnonzero(scene.is_new & ~scene.is_decided)
    rows = rows[np.argsort(-scene.doubt()[rows], kind="stable")]

    def reason(row: int) -> str:
        if not scene.best.shape[1]:
            return "Is new."
        return f"Is new; suggested is {scene.best_name(row)} ({scene.confidence[row, 0]:.0%})."

    return Queue(rows, one_by_one(rows), scene.doubt()[rows], reason, "Stop where the suggestions are sure.")


def random_check(scene: Scene) -> Queue:
    """A random sample of the labels that nobody confirmed: the only queue that tells how good all are. What
    was checked counts to the sample and does not come again."""
    pool = (scene.label != NONE) & (~scene.is_decided | scene.was_checked)
    sample = scene.stable_order(np.flatnonzero(pool))[:RANDOM_CHECK]
    rows = sample[~scene.was_checked[sample]]

    def reason(_row: int) -> str:
        return "Was drawn at random, to tell how many labels are right."

    stop = f"{len(sample)} tell the share of wrong labels to within about 3 points; fewer tell less."
    return Queue(rows, one_by_one(rows), scene.doubt()[rows], reason, stop)


def blind_recheck(scene: Scene) -> Queue:
    """A fixed 2 % of one's own decisions (at least one), without showing what was decided; each once."""
    own = np.flatnonzero(scene.is_own & (scene.label != NONE))
    sample = scene.stable_order(own)[: int(np.ceil(OWN_SHARE * len(own)))]
    rows = sample[~scene.was_asked_blindly[sample]]

    def reason(_row: int) -> str:
        return "You decided this one before; what you said is not shown."

    return Queue(rows, one_by_one(rows), scene.doubt()[rows], reason, "Stop at the end: it is short.")


def flagged(scene: Scene) -> Queue:
    """What somebody marked for a second look."""
    rows = np.flatnonzero(scene.is_flagged)
    rows = rows[np.argsort(-scene.doubt()[rows], kind="stable")]

    def reason(_row: int) -> str:
        return "Was flagged for a second look."

    return Queue(rows, one_by_one(rows), np.maximum(scene.doubt()[rows], 0.5), reason, "Stop at the end.")
