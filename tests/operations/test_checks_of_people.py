"""Checks of what people decided: blindly once more, at random, and where two of them disagree."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from prodlabel.core.edits import KEEP, Because, Relabel
from prodlabel.core.labels import Status
from prodlabel.core.progress import Progress
from prodlabel.learning.queues import checks
from prodlabel.operations.importing import ImportSettings, import_catalogue
from prodlabel.operations.materials import Materials
from prodlabel.operations.queues import (
    QueueOutcome,
    QueueSettings,
    make_queue,
    make_scene,
    own_agreement,
    random_checked,
)
from prodlabel.operations.steps import encode_project
from prodlabel.project.project import Project
from prodlabel.sources.demo import write_demo_catalogue
from prodlabel.store.opinions import BLIND


@pytest.fixture(scope="module")
def encoded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shop")
    catalogue = write_demo_catalogue(folder, count=140, progress=Progress())
    with Project.create(folder / "shop", person="ada") as project:
        import_catalogue(project, ImportSettings(catalogue), Progress())
        encode_project(project, ("minilm",), Progress())
        return project.folder


@pytest.fixture
def project(encoded: Path, tmp_path: Path) -> Iterator[Project]:
    folder = tmp_path / encoded.name
    shutil.copytree(encoded, folder)
    with Project.open(folder, person="ada") as opened:
        yield opened


def test_own_agreement_is_counted_from_blind_decisions(project: Project) -> None:
    ids = project.columns.product_id
    project.apply(Relabel(ids[:60], 1))
    scene = make_scene(Materials(project.snapshot()), None, QueueSettings("ada"), Progress())
    asked = make_queue(scene, "blind").product_id
    assert len(asked) == 2
    blind = Because("queue: Blind re-check", details={BLIND: True})
    project.apply(Relabel(asked[:1], 1, because=blind))
    project.apply(Relabel(asked[1:], 2, because=blind))
    found = own_agreement(Materials(project.snapshot()), "ada", 1)
    assert (found.asked, found.same) == (2, 1)
    # Each is asked once; whoever flags one has not answered.
    assert not len(_queue(project, "blind"))
    project.apply(Relabel(ids[60:120], 1))
    more = _queue(project, "blind").product_id
    assert len(more) == 1
    project.apply(Relabel(more, KEEP, Status.FLAGGED, because=Because("queue", details={"queue": "blind"})))
    assert own_agreement(Materials(project.snapshot()), "ada", 1).asked == 2


def test_a_random_check_is_one_sample_that_ends_and_tells_how_many_are_right(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "RANDOM_CHECK", 20)
    drawn = _queue(project, "random")
    assert len(drawn) == 20
    for count, (part, category) in enumerate(((drawn.product_id[:15], KEEP), (drawn.product_id[15:18], 1))):
        project.apply(Relabel(part, category, Status.CONFIRMED, because=drawn.because()))
        left = _queue(project, "random").product_id
        assert left.tolist() == drawn.product_id[(15, 18)[count] :].tolist()
    project.apply(Relabel(drawn.product_id[18:], KEEP, Status.REJECTED, because=drawn.because()))
    assert not len(_queue(project, "random"))
    found = random_checked(Materials(project.snapshot()), 1)
    assert found.asked == 20
    assert 15 <= found.same <= 18


def test_a_disagreement_that_was_looked_at_is_settled(project: Project) -> None:
    product = project.columns.product_id[:1]
    project.apply(Relabel(product, 1))
    project.person = "grace"
    project.apply(Relabel(product, 2))
    queue = _queue(project, "colleague")
    assert queue.product_id.tolist() == product.tolist()
    project.apply(Relabel(product, KEEP, Status.CONFIRMED, because=queue.because()))
    assert not len(_queue(project, "colleague"))


def _queue(project: Project, name: str) -> QueueOutcome:
    scene = make_scene(Materials(project.snapshot()), None, QueueSettings(project.person), Progress())
    return make_queue(scene, name)
