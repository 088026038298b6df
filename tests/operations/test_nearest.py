"""The neighbour index of a project is built once, kept, and made anew when it does not fit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from prodlabel.core.progress import Progress, ProgressState
from prodlabel.operations.encode import VECTOR_FOLDER
from prodlabel.operations.layout import TEXT, View
from prodlabel.operations.materials import Materials
from prodlabel.operations.nearest import neighbour_index
from prodlabel.project.project import Project

COUNT = 200


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "shop", name="Shop", person="Ada") as made:
        yield made


def _view(seed: int = 0) -> View:
    points = np.random.default_rng(seed).normal(size=(COUNT, 8)).astype(np.float32)
    return View(TEXT, points, np.arange(COUNT), np.ones(COUNT, bool))


def _indexed(project: Project, view: View) -> tuple[np.ndarray, int]:
    """The neighbours, and how many products had to be linked."""
    linked: list[int] = []

    def note(state: ProgressState) -> None:
        if state.stage == "Linking neighbours":
            linked.append(state.done)

    index = neighbour_index(Materials(project.snapshot()), view, Progress(note, interval_s=0), exact_limit=50)
    return index.of_all(5)[0], max(linked, default=0)


def test_an_index_is_built_once_and_then_read_back(project: Project) -> None:
    first, linked = _indexed(project, _view())
    again, linked_again = _indexed(project, _view())
    assert (linked, linked_again) == (COUNT, 0)
    np.testing.assert_array_equal(first, again)


def test_other_vectors_get_an_index_of_their_own(project: Project) -> None:
    _indexed(project, _view(0))
    assert _indexed(project, _view(1))[1] == COUNT
    assert _indexed(project, _view(1))[1] == 0


def test_a_damaged_index_is_made_anew(project: Project) -> None:
    first, _ = _indexed(project, _view())
    (project.folder / VECTOR_FOLDER / f"neighbours.{TEXT}.npz").write_bytes(b"no archive")
    again, linked = _indexed(project, _view())
    assert linked == COUNT
    np.testing.assert_array_equal(first, again)


def test_the_index_is_shared_within_a_snapshot(project: Project) -> None:
    materials, view = Materials(project.snapshot()), _view()
    assert neighbour_index(materials, view, Progress()) is neighbour_index(materials, view, Progress())
