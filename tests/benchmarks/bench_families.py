"""Prints how many near-duplicate pairs the proposing search finds of all there are, and what it costs.

Run as `python -m tests.benchmarks.bench_families [PRODUCTS] [--exact-at N]` (default 100,000 and 20,000).
Texts are made: a third of the products are variants of another, a few words exchanged.
"""

from __future__ import annotations

import sys
import time

import numpy as np

from prodlabel.analysis.families import find_families
from tests.benchmarks.figures import figure

WORDS, LENGTH = 20_000, 30


def made_texts(n: int, seed: int = 0) -> list[str]:
    """`n` texts of 30 words drawn by Zipf's law; a third repeat an earlier one with one to six exchanged."""
    rng = np.random.default_rng(seed)
    letters = np.array(list("abcdefghijklmnopqrstuvwxyz"))
    vocabulary = ["".join(rng.choice(letters, rng.integers(3, 10))) for _ in range(WORDS)]
    share = 1 / (np.arange(WORDS) + 10.0)
    drawn = rng.choice(WORDS, (n, LENGTH), p=share / share.sum())
    for row in np.flatnonzero(rng.random(n) < 1 / 3):
        if row == 0:
            continue
        drawn[row] = drawn[rng.integers(0, row)]
        at = rng.choice(LENGTH, rng.integers(1, 7), replace=False)
        drawn[row, at] = rng.choice(WORDS, len(at), p=share / share.sum())
    return [" ".join(vocabulary[word] for word in words) for words in drawn]


def pairs_together(families: np.ndarray) -> int:
    size = np.bincount(families).astype(np.int64)
    return int((size * (size - 1) // 2).sum())


def pairs_shared(first: np.ndarray, second: np.ndarray) -> int:
    return pairs_together(
        np.unique(np.stack([first, second], axis=1), axis=0, return_inverse=True)[1].ravel()
    )


def main(arguments: list[str] | None = None) -> int:
    given = sys.argv[1:] if arguments is None else arguments
    small = int(given[given.index("--exact-at") + 1]) if "--exact-at" in given else 20_000
    sizes = [int(one) for one in given[:1] if one.isdigit()]
    n = sizes[0] if sizes else 100_000
    texts = made_texts(small)
    worked = time.process_time()
    exact = find_families(texts, exact_limit=small)
    by_all = time.process_time() - worked
    worked = time.process_time()
    found = find_families(texts, exact_limit=0)
    proposed = time.process_time() - worked
    recall = pairs_shared(exact, found) / max(1, pairs_together(exact))
    print(f"{small} texts: all pairs {by_all:.1f} s, proposed {proposed:.1f} s (processor)")
    beside = f"of {pairs_together(exact)} pairs"
    print(figure("recall of pairs in a family", recall, "", bar=">= 0.99", beside=beside), flush=True)
    texts = made_texts(n)
    began, worked = time.perf_counter(), time.process_time()
    families = find_families(texts)
    print(f"{n} texts: {time.perf_counter() - began:.1f} s, processor {time.process_time() - worked:.1f} s, "
          f"{families.max() + 1} families")  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
