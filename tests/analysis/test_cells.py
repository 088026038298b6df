"""Neighbours of very many products at once: most of the nearest, whatever the vectors are."""

from __future__ import annotations

import numpy as np
import pytest

from prodlabel.analysis import cells
from prodlabel.analysis.cells import near_in_cells
from prodlabel.core.errors import Cancelled
from prodlabel.core.progress import Progress, ProgressState


@pytest.fixture(scope="module")
def heaps() -> np.ndarray:
    rng = np.random.default_rng(0)
    return (rng.normal(size=(20, 12))[np.arange(4_000) % 20] * 3 + rng.normal(size=(4_000, 12))).astype("f4")


def exactly(vectors: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    squared = np.square(vectors).sum(axis=1)
    far = squared[:, None] - 2.0 * vectors @ vectors.T + squared
    np.fill_diagonal(far, np.inf)
    rows = np.argsort(far, axis=1, kind="stable")[:, :k]
    return rows, np.sqrt(np.take_along_axis(far, rows, axis=1))


def test_most_of_the_nearest_are_found_in_order_with_their_distances(
    heaps: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cells, "USUAL_CELL", 100)
    rows, distances = near_in_cells(heaps, 10)
    wanted, _ = exactly(heaps, 10)
    assert np.mean([len({*a} & {*b}) for a, b in zip(rows.tolist(), wanted.tolist(), strict=True)]) > 9
    np.testing.assert_allclose(
        distances, np.linalg.norm(heaps[rows] - heaps[:, None], axis=2), rtol=1e-3, atol=1e-3
    )
    assert (np.diff(distances, axis=1) >= 0).all()
    assert (rows != np.arange(len(rows))[:, None]).all()
    np.testing.assert_array_equal(near_in_cells(heaps, 10)[0], rows)


def test_one_cell_holds_all_of_a_few(heaps: np.ndarray) -> None:
    rows, distances = near_in_cells(heaps[:300], 5)
    wanted, far = exactly(heaps[:300], 5)
    np.testing.assert_array_equal(rows, wanted)
    np.testing.assert_allclose(distances, far, rtol=1e-3)


def test_thousands_of_equal_products_need_no_matrix_of_all_pairs(
    heaps: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cells, "USUAL_CELL", 50)
    monkeypatch.setattr(cells, "MOST_TOGETHER", 200)
    vectors = np.concatenate([np.zeros((3_000, 12), "f4"), heaps[:500], np.full((1, 12), 1e4, "f4")])
    largest = max(len(a) * len(b) for a, b in cells._pieces(*_parted(vectors), 30))
    rows, distances = near_in_cells(vectors, 30)
    assert largest <= 200 * (cells.BORDERS + 1) * 200
    assert (rows[:3_000] < 3_000).all()
    assert (distances[:3_000] == 0).all()
    assert (rows[-1] < len(vectors) - 1).all()  # all alone, and yet it has neighbours
    assert len(set(rows[-1].tolist())) == 30


def _parted(vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    centres = cells._centres(vectors, len(vectors) // cells.USUAL_CELL, np.random.default_rng(0))
    return cells._nearest_centres(vectors, centres, cells.VOTES, Progress()), centres


def test_a_cancel_ends_it(heaps: np.ndarray) -> None:
    progress = Progress(interval_s=0.0)

    def stop(state: ProgressState) -> None:
        if state.stage == "Looking for neighbours":
            progress.token.cancel()

    progress.listener = stop
    with pytest.raises(Cancelled):
        near_in_cells(heaps, 5, progress=progress)
