"""Every way of finding clusters finds plain heaps, repeats itself, and says when there is nothing to find."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from prodlabel.analysis.agreement import measure
from prodlabel.analysis.cluster_count import propose_count
from prodlabel.analysis.clusters import Clusters, clusters_of, find_by_cosine, find_clusters
from prodlabel.analysis.communities import find_communities, modularity
from prodlabel.analysis.consensus import agree_on_clusters
from prodlabel.analysis.density import find_dense
from prodlabel.analysis.mixture import find_mixture
from prodlabel.analysis.neighbours import NeighbourIndex
from prodlabel.analysis.ward import find_by_merging
from prodlabel.core.errors import Cancelled, InputError
from prodlabel.core.progress import Progress

HEAPS = 5


def _heaps(n: int = 300, seed: int = 0, width: float = 0.6) -> np.ndarray:
    angle = 2 * np.pi * (np.arange(n) % HEAPS) / HEAPS
    centres = 5 * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return centres + np.random.default_rng(seed).normal(scale=width, size=(n, 2))


def _communities(points: np.ndarray, resolution: float = 0.2) -> Clusters:
    # Cosines from one corner tell places on a plane apart once the plane is lifted.
    lifted = np.concatenate([points, np.full((len(points), 1), 10.0)], axis=1)
    return find_communities(points, NeighbourIndex(lifted).of_all(min(10, len(points))), resolution)


WAYS: dict[str, Callable[[np.ndarray], Clusters]] = {
    "k-means": lambda points: find_clusters(points, HEAPS),
    "by cosine": lambda points: find_by_cosine(points, HEAPS),
    "consensus": lambda points: agree_on_clusters([points, points[:, ::-1]], HEAPS),
    "mixture": lambda points: find_mixture(points, range(4, 7), starts=1)[0],
    "merging": lambda points: find_by_merging(points, HEAPS),
    "merging neighbours": lambda points: find_by_merging(points, HEAPS, exact_limit=100),
    "density": lambda points: find_dense(points, 20),
    "communities": lambda points: _communities(points),
}


@pytest.mark.parametrize("way", WAYS)
def test_plain_heaps_are_found(way: str) -> None:
    found = WAYS[way](_heaps())
    inside = found.labels >= 0
    assert inside.mean() > 0.9
    assert measure((np.arange(300) % HEAPS)[inside], found.labels[inside]).ari > 0.9


@pytest.mark.parametrize("way", WAYS)
def test_the_same_points_give_the_same_clusters_the_largest_first(way: str) -> None:
    first, second = WAYS[way](_heaps(seed=3)), WAYS[way](_heaps(seed=3))
    np.testing.assert_array_equal(first.labels, second.labels)
    size = np.bincount(first.labels[first.labels >= 0])
    assert (np.diff(size) <= 0).all()
    assert len(first.centres) == len(size)


@pytest.mark.parametrize("way", WAYS)
def test_one_product_is_no_difficulty(way: str) -> None:
    if way == "mixture":
        assert find_mixture(np.zeros((1, 2)), [1])[0].labels.tolist() == [0]
    elif way != "density":
        assert WAYS[way](np.zeros((1, 2))).labels.tolist() == [0]
    else:
        assert find_dense(np.zeros((1, 2))).labels.tolist() == [-1]


@pytest.mark.parametrize("way", WAYS)
def test_nothing_is_refused(way: str) -> None:
    with pytest.raises(InputError):
        WAYS[way](np.zeros((0, 2)))


def test_a_mixture_takes_the_number_that_the_points_bear_out() -> None:
    clusters, criteria = find_mixture(_heaps(), range(4, 7), starts=1)
    assert len(clusters.centres) == HEAPS
    assert min(criteria, key=criteria.__getitem__) == HEAPS


def test_products_between_dense_places_belong_to_none() -> None:
    between = np.array([[0.0, 0.0], [0.5, 0.3], [9.0, 9.0], [-9.0, 9.0]])
    assert (find_dense(np.concatenate([_heaps(), between]), 20).labels[300:] < 0).all()


def test_communities_beat_chance_in_modularity_and_finer_ones_are_more() -> None:
    points = _heaps(400, width=1.2)
    lifted = np.concatenate([points, np.full((len(points), 1), 10.0)], axis=1)
    neighbours = NeighbourIndex(lifted).of_all(10)
    coarse, fine = (find_communities(points, neighbours, value) for value in (0.5, 8.0))
    assert len(fine.centres) > len(coarse.centres)


def test_modularity_of_two_separate_pairs_is_a_half() -> None:
    from scipy import sparse

    graph = sparse.csr_matrix(np.kron(np.eye(2), [[0.0, 1.0], [1.0, 0.0]]))
    assert modularity(graph, np.array([0, 0, 1, 1])) == pytest.approx(0.5)


def test_many_votes_agree_better_than_one_space_of_noise() -> None:
    points, noise = _heaps(), np.random.default_rng(0).normal(size=(300, 2))
    found = agree_on_clusters([points, points * [1, 0.5], noise], HEAPS)
    assert measure(np.arange(300) % HEAPS, found.labels).ari > 0.9


def test_a_large_catalogue_links_a_part_and_the_others_join(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("prodlabel.analysis.consensus.LINKED", 100)
    found = agree_on_clusters([_heaps()], HEAPS)
    assert measure(np.arange(300) % HEAPS, found.labels).ari > 0.9


def test_the_proposed_number_is_that_of_the_heaps_and_says_why() -> None:
    proposal = propose_count(_heaps(), range(2, 10))
    assert proposal.count == HEAPS
    assert "clearest apart" in proposal.candidates[0].reason
    assert len(proposal.candidates) == 8


def test_too_few_products_are_one_cluster() -> None:
    assert propose_count(np.zeros((4, 2))).count == 1


def test_a_vote_can_be_cancelled() -> None:
    progress = Progress()
    progress.token.cancel()
    with pytest.raises(Cancelled):
        agree_on_clusters([_heaps()], HEAPS, progress=progress)


def test_products_in_no_cluster_count_for_no_centre() -> None:
    found = clusters_of(np.array([[0.0], [2.0], [9.0]]), np.array([4, 4, -1]))
    assert found.labels.tolist() == [0, 0, -1]
    assert found.centres.tolist() == [[1.0]]
    assert found.inertia == pytest.approx(2.0)
