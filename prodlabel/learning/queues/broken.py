"""Broken or out of place: products that no category will make right, and those that are like no other."""

from __future__ import annotations

import numpy as np

from prodlabel.learning.oddness import robust
from prodlabel.learning.queues.scene import Queue, Scene, one_by_one

FAR = 3.5
"""Robust standard deviations farther from its nearest products than usual (Iglewicz and Hoaglin, 1993)."""
SAID = {
    1: "Has no text to speak of.",
    2: "Its picture cannot be read.",
    3: "Its picture is shared by products that have nothing in common: a placeholder?",
    4: "Its text is foreign or garbled beside the others.",
    5: "Has no picture, while most products have one.",
}


def broken(scene: Scene) -> Queue:
    """What has a trouble first, then what is far from everything, the farthest first."""
    has_trouble = scene.trouble > 0
    distance = robust(1.0 - scene.nearness, scene.nearness > 0)
    is_far = (distance > FAR) & (scene.nearness > 0)
    rows = np.flatnonzero((has_trouble | is_far) & ~scene.is_flagged & ~scene.is_own)
    order = np.lexsort((-distance[rows], np.where(has_trouble[rows], scene.trouble[rows], 99)))
    rows = rows[order]

    def reason(row: int) -> str:
        if scene.trouble[row]:
            return SAID[int(scene.trouble[row])]
        return f"Is like no other product: {scene.nearness[row]:.2f} to the nearest ones."

    chance = np.where(has_trouble[rows], 0.9, 0.3)
    return Queue(rows, one_by_one(rows), chance, reason, "Stop when five in a row are as they should be.")
