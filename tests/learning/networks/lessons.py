"""Small lessons: two kinds of products that text and picture both tell apart, some without one of them."""

from __future__ import annotations

import numpy as np

from prodlabel.learning.networks.lessons import Lessons
from prodlabel.learning.networks.plan import NetworkSettings

MAPS = (4, 4, 192)
QUICK = NetworkSettings(
    folds=2,
    hidden=8,
    head_epochs=3,
    tuning_epochs=2,
    batch=8,
    patience_head=3,
    patience_tuning=2,
    dropout=0.2,
)


def make_lessons(count: int = 32, *, with_text: bool = True) -> Lessons:
    rng = np.random.default_rng(0)
    target = np.arange(count) % 2
    side = 2.0 * target - 1
    has_picture = np.arange(count) % 7 != 3
    place = np.where(has_picture, np.cumsum(has_picture) - 1, -1)
    seen = int(has_picture.sum())
    maps = rng.normal(0, 0.3, (2, seen, *MAPS)) + 0.3 * side[has_picture][None, :, None, None, None]
    pooled = np.abs(rng.normal(1, 0.3, (2, seen, 1280)) + 0.2 * side[has_picture][None, :, None])
    text = rng.normal(0, 1, (count, 12)) + side[:, None]
    has_text = np.arange(count) % 5 != 4
    return Lessons(
        target,
        np.arange(count) // 2,
        2,
        text.astype(np.float32) if with_text else None,
        has_text,
        maps.astype(np.float16),
        pooled.astype(np.float32),
        place,
    )
