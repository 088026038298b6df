"""Blocks join on one scale, missing rows do not heap up, and neighbours are found."""

from __future__ import annotations

import numpy as np
import pytest

from prodlabel.analysis.blocks import Block, join_blocks, principal_components, unit_rows
from prodlabel.analysis.neighbours import NeighbourIndex
from prodlabel.core.errors import Cancelled, NotReadyError
from prodlabel.core.progress import Progress


def _heaps(n: int, d: int, seed: int = 0, heaps: int = 4) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    label = np.arange(n) % heaps
    centres = np.random.default_rng(seed + 1).normal(size=(heaps, d)) * 3
    return (centres[label] + rng.normal(size=(n, d))).astype(np.float32), label


def test_each_block_weighs_what_it_was_given_whatever_its_size() -> None:
    small, _ = _heaps(100, 5)
    large, _ = _heaps(100, 40, 3)
    joined = join_blocks([Block(small * 1000), Block(large, weight=0.5)])
    assert np.square(joined[:, :5]).sum(axis=1).mean() == pytest.approx(1.0, rel=1e-4)
    assert np.square(joined[:, 5:]).sum(axis=1).mean() == pytest.approx(0.25, rel=1e-4)


def test_products_without_picture_lie_with_their_like_and_not_together() -> None:
    text, label = _heaps(400, 10)
    picture, _ = _heaps(400, 20, 7)
    present = np.random.default_rng(0).random(400) > 0.2
    picture[~present] = np.nan
    joined = join_blocks([Block(text), Block(picture, present)])
    assert np.isfinite(joined).all()
    pictures = joined[:, 10:]
    centres = np.stack([pictures[present & (label == c)].mean(axis=0) for c in range(4)])
    nearest = np.square(pictures[~present][:, None] - centres).sum(axis=2).argmin(axis=1)
    assert (nearest == label[~present]).mean() > 0.95


def test_a_product_without_anything_becomes_the_centre() -> None:
    vectors, _ = _heaps(50, 6)
    present = np.arange(50) != 7
    np.testing.assert_array_equal(join_blocks([Block(vectors, present)])[7], 0.0)


def test_no_vector_at_all_is_said_to_be_missing() -> None:
    with pytest.raises(NotReadyError, match="Encode"):
        join_blocks([Block(np.zeros((3, 2)), np.zeros(3, bool))])


def test_principal_components_keep_the_distances_of_flat_data() -> None:
    flat = np.random.default_rng(0).normal(size=(200, 3)) @ np.random.default_rng(1).normal(size=(3, 60))
    scores = principal_components(flat, 3)
    wanted = np.linalg.norm(flat[0] - flat[1:], axis=1)
    np.testing.assert_allclose(np.linalg.norm(scores[0] - scores[1:], axis=1), wanted, rtol=1e-3)


def test_neighbours_are_exact_in_a_small_catalogue() -> None:
    vectors, _ = _heaps(300, 12)
    rows, cosines = NeighbourIndex(vectors).of_all(5)
    likeness = unit_rows(vectors) @ unit_rows(vectors).T
    np.fill_diagonal(likeness, -2)
    np.testing.assert_array_equal(rows[:, 0], likeness.argmax(axis=1))
    assert (np.diff(cosines, axis=1) <= 1e-6).all()


def test_the_graph_finds_nearly_all_neighbours() -> None:
    vectors, _ = _heaps(2000, 16, heaps=30)
    exact, _ = NeighbourIndex(vectors).of_all(10)
    found, _ = NeighbourIndex(vectors, exact_limit=100).of_all(10)
    shared = [len(set(a) & set(b)) for a, b in zip(exact, found, strict=True)]
    assert np.mean(shared) / 10 > 0.95


@pytest.mark.parametrize("exact_limit", [10, 10_000])
def test_added_products_are_found_under_the_numbers_that_follow(exact_limit: int) -> None:
    vectors, _ = _heaps(500, 8)
    index = NeighbourIndex(vectors[:400], exact_limit=exact_limit)
    index.add(vectors[400:])
    rows, _ = index.query(vectors[450:451], 1)
    assert rows[0, 0] == 450


def test_the_graph_grows_the_same_every_time() -> None:
    vectors = np.random.default_rng(0).normal(size=(1500, 12))
    first, second = (NeighbourIndex(vectors, exact_limit=0).of_all(5)[0] for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_fewer_products_than_neighbours_leave_gaps() -> None:
    rows, cosines = NeighbourIndex(np.eye(2)).of_all(5)
    assert rows[0].tolist() == [1, -1, -1, -1, -1]
    assert cosines[0, 1:].tolist() == [0, 0, 0, 0]


def test_a_search_stops_at_a_cancel() -> None:
    progress = Progress()
    progress.token.cancel()
    with pytest.raises(Cancelled):
        NeighbourIndex(np.eye(4)).of_all(2, progress)


def test_axes_by_covariances_are_those_of_scikit_learn() -> None:
    from sklearn.decomposition import PCA

    random = np.random.default_rng(0)
    vectors = (random.normal(size=(400, 20)) * np.linspace(5, 1, 20) + 30).astype(np.float32)
    wanted = PCA(4, random_state=0).fit_transform(vectors)
    np.testing.assert_allclose(principal_components(vectors, 4), wanted, atol=1e-2)


def test_the_nearest_of_many_are_exact() -> None:
    random = np.random.default_rng(0)
    vectors = random.normal(size=(2_003, 8)).astype(np.float32)
    rows, likeness = NeighbourIndex(vectors).query(vectors[:50] + 0.1, 5)
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    asked = vectors[:50] + 0.1
    every = asked / np.linalg.norm(asked, axis=1, keepdims=True) @ unit.T
    np.testing.assert_allclose(likeness, -np.sort(-every, axis=1)[:, :5], atol=1e-6)
    np.testing.assert_allclose(np.take_along_axis(every, rows, axis=1), likeness, atol=1e-6)
