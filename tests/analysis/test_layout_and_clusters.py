"""Layouts are seeded, keep heaps together, place new products without moving old ones, and can be
cancelled.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from prodlabel.analysis.agreement import measure
from prodlabel.analysis.clusters import central_members, find_clusters
from prodlabel.analysis.layout import _Course, _Plan, _tsne, align, make_layout, place_new, principal_layout
from prodlabel.analysis.umap_layout import make_umap_layout
from prodlabel.core.errors import Cancelled, InputError, NotReadyError
from prodlabel.core.progress import Progress, ProgressState

HEAPS = 5


@pytest.fixture(scope="module")
def vectors() -> np.ndarray:
    rng = np.random.default_rng(0)
    return (rng.normal(size=(HEAPS, 12))[np.arange(200) % HEAPS] * 4 + rng.normal(size=(200, 12))).astype(
        np.float32
    )


@pytest.fixture(scope="module")
def layout(vectors: np.ndarray) -> np.ndarray:
    return make_layout(vectors, seed=3)


def test_the_same_seed_gives_the_same_layout(vectors: np.ndarray, layout: np.ndarray) -> None:
    np.testing.assert_array_equal(make_layout(vectors, seed=3), layout)


def test_heaps_stay_together_on_the_layout(layout: np.ndarray) -> None:
    found = find_clusters(layout, HEAPS)
    assert measure(np.arange(200) % HEAPS, found.labels).ari > 0.95


def test_new_products_land_with_their_like(vectors: np.ndarray, layout: np.ndarray) -> None:
    before = layout.copy()
    rng = np.random.default_rng(1)
    places = place_new(vectors, layout, vectors[:20] + rng.normal(scale=0.3, size=(20, 12)))
    nearest = np.square(places[:, None] - layout).sum(axis=2).argmin(axis=1)
    assert (nearest % HEAPS == np.arange(20) % HEAPS).all()
    np.testing.assert_array_equal(layout, before)


def test_a_duplicate_lands_on_its_twin(vectors: np.ndarray, layout: np.ndarray) -> None:
    assert np.linalg.norm(place_new(vectors, layout, vectors[7:8])[0] - layout[7]) < 0.05


def test_a_turned_layout_is_turned_back(layout: np.ndarray) -> None:
    turn = np.array([[0.0, 1.0], [1.0, 0.0]])
    rows = np.arange(0, 200, 2)
    np.testing.assert_allclose(align(layout @ turn + 5, rows, layout[rows]), layout, atol=1e-4)


def test_landmarks_carry_the_others(vectors: np.ndarray) -> None:
    found = make_layout(vectors, landmarks_from=100, landmarks=100)
    assert measure(np.arange(200) % HEAPS, find_clusters(found, HEAPS).labels).ari > 0.9


def test_a_large_catalogue_shows_axes_then_landmarks_then_all_refined(vectors: np.ndarray) -> None:
    offered: list[Any] = []
    progress = Progress(partial_listener=offered.append)
    found = make_layout(vectors, landmarks_from=100, landmarks=100, progress=progress)
    np.testing.assert_array_equal(offered[0], principal_layout(vectors))
    assert len(offered) > 3
    assert measure(np.arange(200) % HEAPS, find_clusters(offered[1], HEAPS).labels).ari > 0.9
    np.testing.assert_array_equal(offered[-1], found)


def test_the_number_of_threads_changes_nothing(vectors: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("prodlabel.analysis.layout.EXACT_TO", 0)
    course, few = _Course(3, 30.0, None, Progress()), _Plan(((10, 12.0, 0.5), (15, 1.0, 0.8)))
    by_one = _tsne(vectors, course, few)
    monkeypatch.setattr("prodlabel.analysis.layout.ONE_THREAD_TO", 0)
    np.testing.assert_array_equal(_tsne(vectors, course, few), by_one)


@pytest.mark.slow
def test_umap_keeps_heaps_together_in_a_process_of_its_own(vectors: np.ndarray) -> None:
    found = make_umap_layout(vectors)
    assert measure(np.arange(200) % HEAPS, find_clusters(found, HEAPS).labels).ari > 0.9


def test_umap_ends_at_a_cancel(vectors: np.ndarray) -> None:
    progress = Progress()

    def stop(state: ProgressState) -> None:
        if state.elapsed_s > 0:
            progress.token.cancel()

    progress.listener = stop
    with pytest.raises(Cancelled):
        make_umap_layout(vectors, progress=progress)


def test_umap_of_a_handful_is_refused() -> None:
    with pytest.raises(InputError, match="t-SNE"):
        make_umap_layout(np.eye(3))


@pytest.mark.parametrize("n", [1, 2, 4, 7])
def test_a_handful_of_products_has_a_layout(n: int) -> None:
    found = make_layout(np.random.default_rng(0).normal(size=(n, 6)))
    assert found.shape == (n, 2)
    assert np.isfinite(found).all()


def test_exact_duplicates_are_laid_out() -> None:
    assert np.isfinite(make_layout(np.repeat(np.eye(8), 12, axis=0))).all()


def test_nothing_to_lay_out_is_said() -> None:
    with pytest.raises(NotReadyError):
        make_layout(np.zeros((0, 4)))


def test_partial_layouts_are_offered_and_a_cancel_stops(vectors: np.ndarray) -> None:
    offered: list[Any] = []
    progress = Progress(partial_listener=offered.append, interval_s=0.0)

    def stop_when_laying_out(state: ProgressState) -> None:
        if state.stage == "Laying out" and state.done >= 100:
            progress.token.cancel()

    progress.listener = stop_when_laying_out
    with pytest.raises(Cancelled):
        make_layout(vectors, progress=progress)
    assert len(offered) >= 2
    assert all(partial.shape == (200, 2) for partial in offered)


def test_clusters_are_numbered_by_size_and_repeat() -> None:
    points = np.concatenate([np.zeros((5, 2)), np.ones((9, 2)) * 9]) + np.arange(14)[:, None] * 1e-3
    first, second = (find_clusters(points, 2, seed=1) for _ in range(2))
    assert np.bincount(first.labels).tolist() == [9, 5]
    np.testing.assert_array_equal(first.labels, second.labels)


def test_more_clusters_than_distinct_points_are_not_made_up() -> None:
    assert len(find_clusters(np.repeat(np.eye(3), 2, axis=0), 5).centres) == 3


def test_no_cluster_is_refused() -> None:
    with pytest.raises(InputError, match="at least one"):
        find_clusters(np.eye(3), 0)


def test_the_central_member_lies_in_the_middle() -> None:
    points = np.array([[0.0, 0], [1, 0], [2, 0], [9, 9]])
    assert central_members(points, np.array([0, 0, 0, 1]), 1)[0].tolist() == [1]
