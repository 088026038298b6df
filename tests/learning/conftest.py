"""Small synthetic products whose categories can be told from words, vectors and pictures, with some
missing.
"""

from __future__ import annotations

import numpy as np
import pytest

from prodlabel.learning.features import Views

WORDS = {
    "watches": ["watch", "dial", "strap", "analog", "quartz", "wrist", "steel"],
    "towels": ["towel", "cotton", "bath", "soft", "absorbent", "fabric", "wash"],
    "mugs": ["mug", "ceramic", "coffee", "tea", "kitchen", "glossy", "printed"],
}
COMMON = ["price", "best", "quality", "pack", "online", "product", "design"]


def make_products(n: int = 180, seed: int = 0, noise: float = 0.9) -> tuple[Views, np.ndarray]:
    rng = np.random.default_rng(seed)
    names = list(WORDS)
    y = np.array([names[i % len(names)] for i in range(n)])
    texts = [
        " ".join([*rng.choice(WORDS[c], 4), *rng.choice(COMMON, 6), f"model{rng.integers(10**6)}"]) for c in y
    ]
    centres = np.random.default_rng(99).normal(size=(len(names), 24))
    number = np.searchsorted(np.unique(y), y)
    text = (centres[number] + noise * rng.normal(size=(n, 24)) * 1.5).astype(np.float32)
    picture = (centres[number][:, ::-1] + noise * rng.normal(size=(n, 24)) * 3).astype(np.float32)
    has_picture = rng.random(n) > 0.1
    picture[~has_picture] = np.nan
    return Views(texts, None, text, np.ones(n, bool), picture, has_picture), y


@pytest.fixture
def products() -> tuple[Views, np.ndarray]:
    return make_products()
