"""The network of the published studies' early fusion: one hidden layer on vectors that nothing scaled.

Dense 256, ReLU, dropout .4, softmax, cross-entropy, Adam (Kingma and Ba, "Adam", ICLR 2015) with the
settings that Keras gives when nothing is said. Their normalisation layer was never fitted, hence left the
numbers as they were; so does this one. How long they trained is not known: here a fixed number of passes.

Invariant: the same rows, targets and seed give the same network.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.integer[Any]]

HIDDEN, DROPOUT = 256, 0.4
PASSES, BATCH = 12, 32
RATE, BETA_1, BETA_2, LEAST = 1e-3, 0.9, 0.999, 1e-7


class DenseNetwork:
    """Learned attributes: `weights_`, the two layers' weights and offsets in turn, float32."""

    def __init__(self, seed: int = 0) -> None:
        self.seed = seed

    def fit(self, rows: Floats, target: Ints, classes: int) -> DenseNetwork:
        """Learn that `rows` (n, d) are of the classes `target` (n,) in 0..classes-1."""
        rng = np.random.default_rng(self.seed)
        self.weights_ = _first_weights(rows.shape[1], classes, rng)
        wanted = np.eye(classes, dtype=np.float32)[target]
        adam = _Adam(self.weights_)
        for batch in _batches(len(rows), rng):
            adam.step(_gradients(rows[batch], wanted[batch], self.weights_, rng))
        return self

    def predict_proba(self, rows: Floats) -> npt.NDArray[np.float64]:
        """(n, classes)"""
        first, offset, second, last = self.weights_
        hidden = np.maximum(rows @ first + offset, 0)
        return _softmax((hidden @ second + last).astype(np.float64))


def _first_weights(width: int, classes: int, rng: np.random.Generator) -> list[Floats]:
    """Uniform by the sizes of the layers (Glorot and Bengio, AISTATS 2010), offsets of zero."""

    def drawn(rows: int, columns: int) -> Floats:
        limit = np.sqrt(6.0 / (rows + columns))
        return rng.uniform(-limit, limit, (rows, columns)).astype(np.float32)

    first, second = drawn(width, HIDDEN), drawn(HIDDEN, classes)
    return [first, np.zeros(HIDDEN, np.float32), second, np.zeros(classes, np.float32)]


def _batches(count: int, rng: np.random.Generator) -> Iterator[Ints]:
    for _ in range(PASSES):
        order = rng.permutation(count)
        yield from (order[start : start + BATCH] for start in range(0, count, BATCH))


def _gradients(rows: Floats, wanted: Floats, weights: list[Floats], rng: np.random.Generator) -> list[Floats]:
    """Of the mean cross-entropy, with a part of the hidden layer left out by lot."""
    first, offset, second, last = weights
    before = rows @ first + offset
    kept = (rng.random(before.shape, np.float32) >= DROPOUT) & (before > 0)
    scale = kept * np.float32(1.0 / (1.0 - DROPOUT))
    hidden = before * scale
    error = (_softmax(hidden @ second + last) - wanted) / np.float32(len(rows))
    back = (error @ second.T) * scale
    return [rows.T @ back, back.sum(axis=0), hidden.T @ error, error.sum(axis=0)]


class _Adam:
    """Changes `weights` in place."""

    def __init__(self, weights: list[Floats]) -> None:
        self._weights = weights
        self._mean = [np.zeros_like(one) for one in weights]
        self._square = [np.zeros_like(one) for one in weights]
        self._steps = 0

    def step(self, gradients: list[Floats]) -> None:
        """One step against the gradients, which are spent."""
        self._steps += 1
        unbiased = np.sqrt(1.0 - BETA_2**self._steps)
        rate = np.float32(RATE * unbiased / (1.0 - BETA_1**self._steps))
        for place, gradient in enumerate(gradients):
            mean, square = self._mean[place], self._square[place]
            np.multiply(mean, np.float32(BETA_1), out=mean)
            np.add(mean, np.float32(1.0 - BETA_1) * gradient, out=mean)
            np.multiply(square, np.float32(BETA_2), out=square)
            np.add(square, np.float32(1.0 - BETA_2) * np.square(gradient, out=gradient), out=square)
            # What is left of the gradient's memory holds the step.
            np.sqrt(square, out=gradient)
            np.add(gradient, np.float32(LEAST * unbiased), out=gradient)
            np.divide(mean, gradient, out=gradient)
            np.subtract(self._weights[place], rate * gradient, out=self._weights[place])


def _softmax(scores: npt.NDArray[Any]) -> npt.NDArray[Any]:
    grown = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(grown / grown.sum(axis=1, keepdims=True))
