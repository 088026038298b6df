"""Texts, pictures and word vectors to encode, the same on every machine that has the same catalogue beside
it."""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np

from prodlabel.encoders.text.clean import language_of, tokens
from tests.benchmarks.synthetic import vocabulary
from tests.conftest import SHARED
from tests.encoders.pictures import drawn_picture

_SENTENCES = re.compile(r"(?<=[.!?])\s*")
_OTHER_WORDS = 40_000


def texts_of_a_catalogue(count: int, seed: int = 0) -> list[str]:
    """Half names (a sentence cut at 12 words), half descriptions of 2 to 10 sentences."""
    chance = random.Random(seed)
    pool = _sentences()
    texts = []
    for i in range(count):
        if i % 2:
            texts.append(" ".join(chance.choice(pool).split()[:12]))
        else:
            texts.append(" ".join(chance.choices(pool, k=chance.randint(2, 10))))
    return texts


@cache
def _sentences() -> list[str]:
    path = SHARED / "flipkart" / "flipkart_com-ecommerce_sample.csv"
    if path.is_file():
        with path.open(encoding="utf-8", newline="") as file:
            found = [s for row in csv.DictReader(file) for s in _SENTENCES.split(row["description"])]
        # What is taken for French is lemmatised as French here, and as English by most.
        return [one for one in found if len(one.split()) >= 3 and language_of(tokens(one)) in ("en", None)]
    chance, words = random.Random(0), vocabulary()[:5_000]
    weights = [1 / (rank + 1) for rank in range(len(words))]
    return [" ".join(chance.choices(words, weights, k=chance.randint(5, 20))) + "." for _ in range(2_000)]


def written_pictures(folder: Path, count: int, side_px: int = 1500) -> list[Path]:
    """Drawn pictures with texture, so that they have as many keypoints as photographs have."""
    import cv2

    rng = np.random.default_rng(0)
    files = []
    for i in range(count):
        noise = cv2.resize(rng.integers(0, 90, (150, 150, 3), np.uint8), (side_px, side_px))
        files.append(folder / f"{i}.jpg")
        cv2.imwrite(str(files[-1]), cv2.subtract(drawn_picture(i % 20, side_px, side_px), noise))
    return files


def written_word_vectors(folder: Path, texts: Sequence[str], dim: int = 100) -> Path:
    """A file in the text format of word2vec: the words of the texts among 40,000 others."""
    rng = np.random.default_rng(0)
    own = sorted({word for text in texts for word in re.findall(r"[^\W_]+", text.lower())})
    words = own + [f"other{i}" for i in range(_OTHER_WORDS)]
    order = rng.permutation(len(words))
    path = folder / "vectors.txt"
    with path.open("w", encoding="utf-8") as file:
        file.write(f"{len(words)} {dim}\n")
        for at in order:
            file.write(f"{words[at]} {' '.join(f'{x:.4f}' for x in rng.normal(size=dim))}\n")
    return path
