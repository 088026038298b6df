"""Near-duplicate families: products whose texts are nearly the same, found without comparing all pairs.

Invariant: two products are linked only if the cosine of their character 3- to 5-gram TF-IDF, computed
exactly on the hashed grams, reaches the threshold; a family is a connected component of these links.

Up to `EXACT_LIMIT` products every pair is compared. Above, a random projection of the same vectors to 128
numbers (Achlioptas, JCSS 66, 2003) tells which pairs are worth it. They are proposed by the catalogue's index
of neighbours where there is one, else by an index of the projections.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from prodlabel.analysis.grams import BATCH, BUCKETS, Grams
from prodlabel.analysis.neighbours import NeighbourIndex
from prodlabel.core.progress import Progress

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.integer[Any]]

Propose = Callable[[int, Progress], Ints]
"""The so many nearest others of each product (n, k), -1 for none."""

EXACT_LIMIT = 10_000
PROJECTED = 128
CANDIDATES = 12


def find_families(
    texts: Sequence[str], threshold: float = 0.7, seed: int = 0, progress: Progress | None = None,
    *, exact_limit: int = EXACT_LIMIT, propose: Propose | None = None,
) -> Ints:  # fmt: skip
    """(n,) family numbers, 0.. in order of first member; an empty text is a family of its own. `propose`: who
    knows the nearest products by something else.

    Memory beyond the result: up to `EXACT_LIMIT` products their grams (about 8 bytes x grams); above, a
    kilobyte a product, with grams made again batch by batch.
    """
    from scipy import sparse
    from scipy.sparse.csgraph import connected_components

    progress = progress or Progress()
    n = len(texts)
    if n == 0:
        return np.zeros(0, np.int64)
    grams = Grams(texts, progress)
    if n <= exact_limit:
        first, second = _all_links(grams, n, threshold, progress)
    else:
        projected = _projected(grams, n, seed, progress)
        pairs = _near_pairs(projected, texts, threshold, propose, progress)
        first, second = _verified(grams, *pairs, threshold, progress)
    links = sparse.coo_matrix((np.ones(len(first), np.int8), (first, second)), shape=(n, n))
    _, family = connected_components(links, directed=False)
    return renumbered(family)


def collapse(vectors: Floats, families: Ints) -> Floats:
    """The mean vector (families, d) of each family."""
    count = np.bincount(families).astype(np.float64)
    total = np.zeros((len(count), vectors.shape[1]))
    np.add.at(total, families, vectors)
    return np.asarray(total / count[:, None], dtype=np.float32)


def spread(values: npt.NDArray[Any], families: Ints) -> npt.NDArray[Any]:
    """What was found per family, given to each of its products."""
    return np.asarray(values[families])


def renumbered(labels: Ints) -> Ints:
    """The same partition numbered 0.. in order of first appearance."""
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    position = np.empty(len(first), np.int64)
    position[np.argsort(first, kind="stable")] = np.arange(len(first))
    return np.asarray(position[inverse])


def _all_links(grams: Grams, n: int, threshold: float, progress: Progress) -> tuple[Ints, Ints]:
    from scipy import sparse

    def work() -> Iterator[Any]:
        held = sparse.vstack(
            [grams.rows(range(i, min(i + BATCH, n))) for i in range(0, n, BATCH)], format="csr"
        )
        turned = held.T.tocsr()
        step = max(32, 4_000_000 // n)
        for start in range(0, n, step):
            likeness = (held[start : start + step] @ turned).tocoo()
            strong = (likeness.data >= threshold) & (likeness.col > likeness.row + start)
            yield min(step, n - start), likeness.row[strong] + start, likeness.col[strong]

    return _collected(work, n, progress)


def _projected(grams: Grams, n: int, seed: int, progress: Progress) -> Floats:
    rng = np.random.default_rng(seed)
    signs = rng.integers(0, 2, (BUCKETS, PROJECTED), dtype=np.int8).astype(np.float32) * 2 - 1
    projected = np.empty((n, PROJECTED), np.float32)
    with progress.stage("Projecting texts", total=n):
        for start in range(0, n, BATCH):
            rows = range(start, min(start + BATCH, n))
            projected[start : start + BATCH] = grams.rows(rows) @ signs
            progress.advance(len(rows))
    return projected


def _near_pairs(
    projected: Floats, texts: Sequence[str], threshold: float, propose: Propose | None, progress: Progress
) -> tuple[Ints, Ints]:
    """The pairs, each once, whose projections are near enough to be worth a comparison."""
    n = len(projected)
    if propose is None:
        neighbours, cosines = NeighbourIndex(projected, progress=progress).of_all(CANDIDATES, progress)
    else:
        neighbours = _with_same_text(propose(CANDIDATES, progress), texts)
        cosines = _cosines(projected, neighbours)
    # Three standard deviations of the projected cosine below the threshold: nearly no pair is lost.
    slack = 3.0 * (1.0 - threshold**2) / np.sqrt(PROJECTED)
    near = cosines >= threshold - slack
    first = np.repeat(np.arange(n), near.sum(axis=1))
    second = neighbours[near]
    low, high = np.minimum(first, second), np.maximum(first, second)
    pairs = np.unique(low * n + high)
    return pairs // n, pairs % n


def _verified(
    grams: Grams, first: Ints, second: Ints, threshold: float, progress: Progress
) -> tuple[Ints, Ints]:
    def work() -> Iterator[Any]:
        for start in range(0, len(first), BATCH):
            a, b = first[start : start + BATCH], second[start : start + BATCH]
            likeness = np.asarray(grams.rows(a).multiply(grams.rows(b)).sum(axis=1)).ravel()
            strong = likeness >= threshold
            yield len(a), a[strong], b[strong]

    return _collected(work, len(first), progress)


def _with_same_text(neighbours: Ints, texts: Sequence[str]) -> Ints:
    """One column more: the product before with just the same text, whatever else they are like."""
    last: dict[str, int] = {}
    before = np.full((len(texts), 1), -1, np.int64)
    for row, text in enumerate(texts):
        before[row] = last.get(text, -1) if text else -1
        last[text] = row
    return np.concatenate([neighbours, before], axis=1)


def _cosines(vectors: Floats, neighbours: Ints) -> Floats:
    """(n, k) of each row to its neighbours; -1 where there is none."""
    found = np.full(neighbours.shape, -1.0, np.float32)
    length = np.maximum(np.linalg.norm(vectors, axis=1), 1e-12)
    for start in range(0, len(vectors), BATCH):
        part = slice(start, start + BATCH)
        there = np.maximum(neighbours[part], 0)
        likeness = np.einsum("id,ijd->ij", vectors[part], vectors[there], optimize=True)
        likeness /= length[part][:, None] * length[there]
        found[part] = np.where(neighbours[part] >= 0, likeness, -1.0)
    return found


def _collected(work: Callable[[], Iterator[Any]], total: int, progress: Progress) -> tuple[Ints, Ints]:
    first: list[Ints] = [np.zeros(0, np.int64)]
    second: list[Ints] = [np.zeros(0, np.int64)]
    with progress.stage("Comparing texts", total=total, unit="comparisons"):
        for done, a, b in work():
            first.append(a)
            second.append(b)
            progress.advance(done)
    return np.concatenate(first), np.concatenate(second)
