"""Every way to cluster and to lay out that a user can name."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from prodlabel.analysis.agreement import measure
from prodlabel.core.errors import InputError
from prodlabel.core.progress import Cancelled, Progress
from prodlabel.operations.cluster import usual_method
from prodlabel.operations.clusterers import CLUSTERERS, find_with
from prodlabel.operations.encode import PICTURE_FIELD, VECTOR_FOLDER, remember_keys
from prodlabel.operations.layout import AXES, TSNE, UMAP, LayoutSettings, lay_out, make_view
from prodlabel.operations.materials import Materials
from prodlabel.operations.spaces import FUSED
from prodlabel.operations.steps import map_project, propose_clusters
from prodlabel.project.project import Project
from prodlabel.project.results import LAYOUT
from prodlabel.store.vectors import VectorStore, key_array
from tests.operations.report.conftest import make_project, write_vectors

TRUTH = np.repeat(np.arange(3), 40)


def heaps() -> np.ndarray:
    corners = np.array([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0]])
    found = corners[TRUTH] + np.random.default_rng(0).normal(size=(120, 2)) * 0.5
    return found.astype(np.float32) + 1.0


@pytest.mark.parametrize("method", CLUSTERERS)
def test_every_method_finds_heaps_that_lie_apart(method: str) -> None:
    points = heaps()
    axes = points - points.mean(axis=0)
    found = find_with(
        method, axes, points, lambda: [points], count=3, is_count_given=True, seed=0, progress=Progress()
    )
    assert measure(TRUTH, found.labels).ari > (0.3 if method == "graph" else 0.95)


def test_pictures_alone_are_grouped_on_their_axes_and_texts_by_vote(shop: Project) -> None:
    def methods(project: Project, *maps: str) -> list[str]:
        materials = Materials(project.snapshot())
        return [usual_method(make_view(materials, LayoutSettings(name), Progress()).name) for name in maps]

    with shop as project:
        snapshot, rng = project.snapshot(), np.random.default_rng(0)
        keys = key_array([bytes([row + 1]) * 16 for row in range(len(snapshot.columns))])
        with VectorStore.open(
            project.folder / VECTOR_FOLDER, "efficientnet-lite0", "by-hand", 8, writable=True
        ) as store:
            store.append(keys, rng.normal(size=(len(keys), 8)).astype(np.float32))
        remember_keys(snapshot, ("efficientnet-lite0", "by-hand", 8), PICTURE_FIELD, keys)
        assert methods(project, "fused", "text", "picture") == ["vote", "vote", "axes"]
        (project.folder / VECTOR_FOLDER / "minilm.text.npz").unlink()
        assert methods(project, "fused") == ["axes"], "a map of all that there is, which is pictures"


def test_an_unknown_method_is_refused_with_the_known_ones() -> None:
    points = heaps()
    with pytest.raises(InputError, match="vote, axes"):
        find_with("x", points, points, lambda: [], count=3, is_count_given=True, seed=0, progress=Progress())


@pytest.fixture
def shop(tmp_path: Path) -> Project:
    project = make_project(tmp_path / "shop")
    write_vectors(project)
    return project


def test_a_map_of_the_principal_axes_and_a_proposal_of_numbers(shop: Project) -> None:
    with shop as project:
        materials, settings = Materials(project.snapshot()), LayoutSettings(method=AXES)
        view = make_view(materials, settings, Progress())
        outcome = lay_out(materials.snapshot, view, settings, Progress())
        assert outcome.xy.shape == (72, 2)
        assert (outcome.method, outcome.placed) == (AXES, 0)
        unknown = LayoutSettings(method="spiral")
        with pytest.raises(InputError, match="t-SNE, umap, pca"):
            lay_out(materials.snapshot, view, unknown, Progress())
        proposal = propose_clusters(project, materials, settings, Progress())
        assert all(one.reason for one in proposal.candidates)


def test_another_method_lays_out_anew_and_the_map_knows_how_it_was_made(shop: Project) -> None:
    with shop as project:
        materials, progress = Materials(project.snapshot()), Progress()
        first = map_project(project, materials, LayoutSettings(seed=3, perplexity=8.0), progress)
        assert first.method == TSNE
        again = map_project(project, materials, LayoutSettings(), progress)
        np.testing.assert_array_equal(again.xy, first.xy)
        placed = project.results.current(LAYOUT, FUSED)
        assert placed is not None
        assert (placed.settings["seed"], placed.settings["perplexity"]) == (3, 8.0), "as it was laid out"
        axes = map_project(project, materials, LayoutSettings(method=AXES), progress)
        assert not np.array_equal(axes.xy, first.xy)
        assert (axes.method, axes.placed) == (AXES, 0)
        kept = map_project(project, materials, LayoutSettings(), progress)
        np.testing.assert_array_equal(kept.xy, axes.xy)
        in_use = project.results.current(LAYOUT, FUSED)
        assert in_use is not None
        assert in_use.settings["method"] == kept.method == AXES, "what was placed is on axes, whoever asked"


def test_umap_shows_the_principal_axes_at_once(shop: Project) -> None:
    with shop as project:
        materials, offered = Materials(project.snapshot()), list[np.ndarray]()
        settings = LayoutSettings(method=UMAP)
        view = make_view(materials, settings, Progress())
        progress = Progress()

        def stop_after_the_first(partial: np.ndarray) -> None:
            offered.append(partial)
            progress.token.cancel()

        progress.partial_listener = stop_after_the_first
        with pytest.raises(Cancelled):
            lay_out(materials.snapshot, view, settings, progress)
        at_once = lay_out(materials.snapshot, view, LayoutSettings(method=AXES), Progress())
    np.testing.assert_allclose(offered[0], at_once.xy, atol=1e-6)
