"""The index of neighbours: made once for all, kept, extended, and made anew when it cannot be trusted."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from prodlabel.core.edits import ImportBatch
from prodlabel.core.errors import ProjectError
from prodlabel.core.products import ProductRecord
from prodlabel.core.progress import Progress, ProgressState
from prodlabel.operations import encode, neighbours
from prodlabel.operations.check import check_project
from prodlabel.operations.cluster import cluster
from prodlabel.operations.clusterers import GRAPH
from prodlabel.operations.first_suggestions import suggest_from_names
from prodlabel.operations.importing import ImportSettings, import_catalogue
from prodlabel.operations.layout import LayoutSettings, lay_out, make_view
from prodlabel.operations.materials import Materials
from prodlabel.operations.neighbours import kept_index, shared_index
from prodlabel.operations.pictures import look_at_pictures
from prodlabel.operations.queues import QueueSettings, make_queue, make_scene
from prodlabel.operations.repair import repair
from prodlabel.operations.search import Likeness, search_by_text, search_like
from prodlabel.operations.spaces import FUSED
from prodlabel.operations.steps import encode_project
from prodlabel.project.graphs import GRAPH_FOLDER
from prodlabel.project.project import Project
from prodlabel.sources.demo import write_demo_catalogue
from prodlabel.store.atomic import load_arrays, save_arrays

COUNT = 60


@pytest.fixture(scope="module")
def encoded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    catalogue = write_demo_catalogue(tmp_path_factory.mktemp("shop"), count=COUNT, progress=Progress())
    folder = tmp_path_factory.mktemp("made") / "shop.prodlabel"
    with Project.create(folder) as project:
        import_catalogue(project, ImportSettings(catalogue), Progress())
        look_at_pictures(project, Progress())
        encode_project(project, encode.DEFAULT_ENCODERS, Progress())
    return folder


@pytest.fixture
def folder(encoded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project that counts as a large one."""
    monkeypatch.setattr(neighbours, "EXACT_LIMIT", 30)
    return Path(shutil.copytree(encoded, tmp_path / "shop.prodlabel"))


@pytest.fixture
def project(folder: Path) -> Iterator[Project]:
    with Project.open(folder) as opened:
        yield opened


class Watched(Progress):
    """Counts how many products were linked, index by index."""

    def __init__(self) -> None:
        self.linked: list[int] = []
        super().__init__(self._note, interval_s=0)

    def _note(self, state: ProgressState) -> None:
        if state.stage == "Linking neighbours" and not state.done:
            assert state.total is not None
            self.linked.append(state.total)


def _linked(project: Project) -> list[int]:
    """What has to be linked before the index of the fused space is there."""
    said = Watched()
    assert shared_index(Materials(project.snapshot()), FUSED, said) is not None
    return said.linked


def _is_kept(project: Project) -> bool:
    return kept_index(Materials(project.snapshot()), FUSED) is not None


def _graph_file(project: Project) -> Path:
    (found,) = (project.folder / GRAPH_FOLDER).glob("*.graph")
    return found


def _add(project: Project, *records: ProductRecord) -> None:
    source_id = project.register_source(kind="table", location="more.csv", title="more.csv")
    project.apply(ImportBatch(source_id, records))
    encode_project(project, encode.DEFAULT_ENCODERS[:1], Progress())


def _lamp(number: int) -> ProductRecord:
    return ProductRecord(f"lamp{number}", f"reading lamp {number}", f"A lamp of brass, {number} cm high.")


def test_one_index_serves_map_clusters_duplicates_search_and_queues(project: Project) -> None:
    said, materials = Watched(), Materials(project.snapshot())
    families = materials.families(said)
    view = make_view(materials, LayoutSettings(), said)
    layout = lay_out(materials.snapshot, view, LayoutSettings(), said)
    found = cluster(materials, view, layout.xy, said, method=GRAPH)
    suggestions = suggest_from_names(materials, 1, said)
    queue = make_queue(make_scene(materials, suggestions, QueueSettings("ada"), said), "needs-label")
    assert said.linked == [COUNT], "linked once, for whoever came first"
    later = Materials(project.snapshot())
    assert len(search_by_text(later, "a steel watch", 5).rows) == 5
    assert len(search_like(later, 3, Likeness.BOTH, 5).rows) == 5
    assert (len(families), len(layout.xy), len(found.cluster)) == (COUNT, COUNT, COUNT)
    assert (suggestions.neighbour > 0).all(), "reasons name the nearest labelled products"
    assert len(queue) <= COUNT
    assert _linked(project) == [], "kept for the next opening"


def test_what_the_index_proposes_is_what_comparing_all_finds(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answers() -> list[np.ndarray]:
        materials = Materials(project.snapshot())
        like = [search_like(materials, row, Likeness.BOTH, 5).rows for row in range(0, COUNT, 10)]
        words = [search_by_text(materials, what, 10).rows for what in ("a steel watch", "towel", "red shoes")]
        families = materials.families(Progress())
        return [families, np.concatenate(like), np.concatenate(words)]

    shared_index(Materials(project.snapshot()), FUSED, Progress())
    by_index = answers()
    monkeypatch.setattr(neighbours, "EXACT_LIMIT", 10_000)
    for found, wanted in zip(by_index, answers(), strict=True):
        np.testing.assert_array_equal(found, wanted)


def test_an_index_is_kept_from_one_opening_to_the_next(folder: Path) -> None:
    for linked in ([COUNT], []):
        with Project.open(folder) as project:
            assert _linked(project) == linked


def test_only_new_products_are_linked(project: Project) -> None:
    _linked(project)
    _add(project, *(_lamp(number) for number in range(5)))
    assert _linked(project) == [5]
    index = shared_index(Materials(project.snapshot()), FUSED, Progress())
    assert index is not None
    near = index.proposals.near_rows(np.array([COUNT + 2]), 4)[0]
    assert set(near) == {COUNT, COUNT + 1, COUNT + 3, COUNT + 4}
    _graph_file(project)  # the one before is gone


def test_a_product_that_changed_is_linked_anew_and_found_where_it_is_now(project: Project) -> None:
    _add(project, *(_lamp(number) for number in range(5)))
    _linked(project)
    changed = replace(_lamp(3), name="bath towel", description="A soft cotton towel for the bath.")
    _add(project, changed)
    assert _linked(project) == [1]
    index = shared_index(Materials(project.snapshot()), FUSED, Progress())
    assert index is not None
    near = index.proposals.near_rows(np.array([COUNT + 1]), COUNT)[0].tolist()
    assert COUNT + 3 in near, "it is still there, once"
    assert near.index(COUNT + 3) > near.index(COUNT + 4) + 1, "but no longer among the lamps"
    assert len({row for row in near if row >= 0}) == sum(row >= 0 for row in near)


def test_where_much_has_changed_all_is_made_anew(project: Project) -> None:
    lamps = [_lamp(number) for number in range(40)]
    _add(project, *lamps)
    _linked(project)
    _add(project, *(replace(lamp, description=f"{lamp.name} of glass") for lamp in lamps))
    assert _linked(project) == [COUNT + 40]


def test_what_came_since_is_found_before_it_is_linked(project: Project) -> None:
    _linked(project)
    _add(project, *(_lamp(number) for number in range(5)))
    found = search_by_text(Materials(project.snapshot()), "reading lamp of brass", 5).rows
    assert set(found) == set(range(COUNT, COUNT + 5))


def test_an_index_may_be_deleted_at_any_time(project: Project) -> None:
    _linked(project)
    shutil.rmtree(project.folder / GRAPH_FOLDER)
    assert not _is_kept(project)
    assert _linked(project) == [COUNT]
    _graph_file(project).unlink()
    assert not _is_kept(project)


def test_a_damaged_graph_is_made_anew(project: Project) -> None:
    _linked(project)
    path = _graph_file(project)
    whole = path.read_bytes()
    flipped = bytearray(whole)
    flipped[len(whole) // 3] ^= 0x40
    for content in (b"", whole[:-100], b"x", flipped):
        path.write_bytes(content)
        assert not _is_kept(project)
    assert _linked(project) == [COUNT]
    assert _is_kept(project)


def test_what_stands_beside_a_graph_is_not_trusted(project: Project) -> None:
    _linked(project)
    path = project.folder / GRAPH_FOLDER / f"{FUSED}.npz"
    whole = load_arrays(path)
    for name in ("ids", "marks", "said", "frame.turn", "frame.donors", "frame.axes_0", "frame.mean"):
        others = {other: array for other, array in whole.items() if other != name}
        flat = np.zeros((), np.float32)
        for wrong in (whole[name][..., :-1], whole[name].astype(np.complex128), flat, np.zeros((0, 3)), None):
            save_arrays(path, others if wrong is None else others | {name: wrong})
            assert not _is_kept(project), name
    for content in (b"", b"PK", b"{}"):
        path.write_bytes(content)
        assert not _is_kept(project)
    assert _linked(project) == [COUNT]


def test_a_graph_outside_of_the_project_is_not_read(project: Project) -> None:
    _linked(project)
    path = project.folder / GRAPH_FOLDER / f"{FUSED}.npz"
    arrays = load_arrays(path)
    whole = json.loads(arrays["said"].tobytes())
    for wrong in (
        {"digest": "../../x"},
        {"digest": "0" * 32},
        {"digest": 7},
        {"fitted": "x"},
        {"made_of": 3},
    ):
        said = json.dumps(whole | wrong).encode()
        save_arrays(path, arrays | {"said": np.frombuffer(said, np.uint8)})
        assert not _is_kept(project)


def test_products_that_a_stranger_names_lead_nowhere(project: Project) -> None:
    _linked(project)
    path = project.folder / GRAPH_FOLDER / f"{FUSED}.npz"
    arrays = load_arrays(path)
    ids, marks = arrays["ids"].copy(), arrays["marks"].copy()
    ids[:10], marks[:10] = ids[20], marks[20]
    ids[10:15] = [-5, 2**62, 0, 10**9, -(2**63)]
    save_arrays(path, arrays | {"ids": ids, "marks": marks})
    index = kept_index(Materials(project.snapshot()), FUSED)
    assert index is not None
    assert np.count_nonzero(~index.proposals.is_known()) == 15
    near = index.proposals.near_rows(np.array([30]), COUNT)[0]
    assert near.max() < COUNT


def test_other_encoders_need_another_index(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    _linked(project)
    monkeypatch.setattr(neighbours, "COMPONENTS", 20)
    assert _linked(project) == [COUNT]


def test_a_small_catalogue_keeps_nothing(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbours, "EXACT_LIMIT", COUNT)
    assert shared_index(Materials(project.snapshot()), FUSED, Progress()) is None
    assert not (project.folder / GRAPH_FOLDER).exists()


def test_where_nothing_can_be_written_the_index_is_used_all_the_same(
    project: Project, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object) -> None:
        raise ProjectError("the disk is full")

    monkeypatch.setattr("prodlabel.project.graphs.write_with", refuse)
    with caplog.at_level("CRITICAL", "prodlabel.project.graphs"):
        assert _linked(project) == [COUNT]
    monkeypatch.setattr("prodlabel.project.graphs.take_os_lock", refuse)
    assert _linked(project) == [COUNT]


def test_two_who_need_it_at_once_make_it_once(project: Project) -> None:
    from concurrent.futures import ThreadPoolExecutor

    materials = [Materials(project.snapshot()) for _ in range(3)]
    said = [Watched() for _ in materials]
    with ThreadPoolExecutor(3) as pool:
        made = list(pool.map(lambda one, by: shared_index(one, FUSED, by), materials, said))
    assert sorted(one.linked for one in said) == [[], [], [COUNT]]
    near = [one.proposals.near_rows(np.arange(COUNT), 5) for one in made if one is not None]
    np.testing.assert_array_equal(near[0], near[1])
    np.testing.assert_array_equal(near[0], near[2])


def test_check_names_a_damaged_index_and_repair_drops_it(project: Project) -> None:
    _linked(project)
    assert check_project(project.snapshot(), Progress()) == []
    path, folder = _graph_file(project), project.folder
    path.write_bytes(path.read_bytes()[:-1])
    (finding,) = check_project(project.snapshot(), Progress())
    assert "neighbours" in finding
    project.close()
    assert any("neighbours" in one for one in repair(folder, Progress()))
    assert not list((folder / GRAPH_FOLDER).glob("*.graph"))
    with Project.open(folder) as again:
        assert check_project(again.snapshot(), Progress()) == []


def test_what_a_kill_left_is_tidied_up(folder: Path) -> None:
    with Project.open(folder) as project:
        _linked(project)
        kept = _graph_file(project)
        left = kept.with_name(f"{FUSED}-{'0' * 32}.graph")
        left.write_bytes(b"half")
        kept.with_name(f"{FUSED}.graph.new").write_bytes(b"half")
    with Project.open(folder) as project:
        assert _graph_file(project) == kept
        assert not list(kept.parent.glob("*.new"))
