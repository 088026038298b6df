"""Suggestions before there are labels to learn from: the categories' names against the products' texts.

Invariant: no label is needed; the few that there are stay as they are and count with their surroundings.

Similarity of sentence vectors (Yin, Hay and Roth, "Benchmarking zero-shot text classification", EMNLP 2019,
section 4), brought to categories of similar size (Sinkhorn and Knopp, Pacific J. Math. 21, 1967, by half
steps), then spread over the graph of nearest products (Zhou, Bousquet, Lal, Weston and Schoelkopf, "Learning
with local and global consistency", NIPS 2003, section 2).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.integer[Any]]
Bools = npt.NDArray[np.bool_]

SHARPNESS = 2.0
"""Similarities, brought to unit spread, are multiplied by this before the softmax."""
SPREAD = 0.9
"""How much of a product's opinion comes from its neighbours."""
STEPS = 30
BALANCING_STEPS = 20
NAMES_COUNT = 0.1
"""How much a product without a label says, beside one with a label."""


DECIDEDNESS = 2.5
"""Shares after spreading are too even to be read as probabilities; their power comes nearer. Nothing can be
calibrated before there are labels, so no such suggestion counts as sure."""


def probabilities_from_names(blocks: Sequence[tuple[Floats, Bools]], categories: Floats) -> Floats:
    """(n, classes) from vectors of texts and of categories.

    `blocks`: vectors (n, d) of names, texts or specifications, with where they are present; `categories`
    (classes, d) vectors of the categories' names, by the same encoder. A product without any text gets equal
    shares.
    """
    count, classes = len(blocks[0][0]), len(categories)
    likeness = np.zeros((count, classes))
    seen = np.zeros(count, dtype=bool)
    for vectors, present in blocks:
        if not present.any():
            continue
        rows = _unit(vectors[present])
        rows = _unit(rows - rows.mean(axis=0))
        likeness[present] += rows @ _unit(categories).T
        seen |= present
    if not seen.any():
        return np.full((count, classes), 1.0 / classes)
    likeness[seen] -= likeness[seen].mean(axis=0)
    scale = max(float(likeness[seen].std()), 1e-9)
    shares = _softmax(SHARPNESS * likeness / scale)
    shares[seen] = _balanced(shares[seen])
    shares[~seen] = 1.0 / classes
    return shares


def spread(
    start: Floats, neighbours: Ints, similarity: Floats, rows: Ints | None = None, target: Ints | None = None
) -> Floats:
    """(n, classes) after every product listened to its nearest ones.

    `start` (n, classes) what each says by itself; `neighbours` (n, k) row numbers (-1: none) with their
    cosines `similarity`; `rows` (m,) that have a label, `target` (m,) its column. O(n k classes).
    """
    graph = _graph(neighbours, similarity)
    source = start.astype(np.float32)
    if rows is not None and target is not None and len(rows):
        source = source * np.float32(NAMES_COUNT)
        source[rows] = 0.0
        source[rows, target] = 1.0
    found = source.copy()
    for _ in range(STEPS):
        found = np.float32(SPREAD) * (graph @ found) + np.float32(1.0 - SPREAD) * source
    found = np.power(found / np.maximum(found.sum(axis=0), 1e-12) + 1e-12, DECIDEDNESS)
    shares = found / found.sum(axis=1, keepdims=True)
    if rows is not None and target is not None:
        shares[rows] = 0.0
        shares[rows, target] = 1.0
    return np.asarray(shares, dtype=np.float64)


def _graph(neighbours: Ints, similarity: Floats) -> Any:
    """Sparse (n, n), symmetric, each edge divided by the root of the degrees at its ends."""
    from scipy import sparse

    count, k = neighbours.shape
    row, column = np.repeat(np.arange(count), k), neighbours.ravel()
    held = column >= 0
    weight = np.square(np.maximum(similarity.ravel(), 0.0)).astype(np.float32)
    edges = sparse.coo_matrix((weight[held], (row[held], column[held])), shape=(count, count)).tocsr()
    edges = edges.maximum(edges.T)
    root = 1.0 / np.sqrt(np.maximum(np.asarray(edges.sum(axis=1)).ravel(), 1e-9))
    scale = sparse.diags(root.astype(np.float32))
    return scale @ edges @ scale


def _balanced(shares: Floats) -> Floats:
    """Half a step towards categories of one size, again and again: none swallows the others, and none has to
    be as large as the others."""
    for _ in range(BALANCING_STEPS):
        shares = shares / np.sqrt(np.maximum(shares.mean(axis=0) * shares.shape[1], 1e-9))
        shares = shares / shares.sum(axis=1, keepdims=True)
    return shares


def _softmax(logits: Floats) -> Floats:
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def _unit(vectors: Floats) -> Floats:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12))
