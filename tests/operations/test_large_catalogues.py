"""What a large catalogue does otherwise: vectors stay on disk, and a share of the labels teaches."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prodlabel.core import products
from prodlabel.core.edits import ImportBatch
from prodlabel.core.progress import Progress
from prodlabel.core.rows import SideBySide, side_by_side
from prodlabel.encoders import registry
from prodlabel.encoders.protocol import Kind
from prodlabel.operations import encode
from prodlabel.operations.importing import ImportSettings, import_catalogue
from prodlabel.operations.layout import LayoutSettings, make_view
from prodlabel.operations.materials import Materials
from prodlabel.operations.pictures import look_at_pictures
from prodlabel.operations.search import search_by_text
from prodlabel.operations.steps import encode_project, suggest_project, train_project
from prodlabel.operations.suggest import suggestions_in_use
from prodlabel.operations.texts import prepare_texts
from prodlabel.operations.train import LEAST_TAUGHT, TrainSettings, draw_per_category
from prodlabel.project.project import Project
from prodlabel.sources import picture_files
from prodlabel.sources.demo import write_demo_catalogue
from prodlabel.store.stored_rows import StoredRows
from tests.torture.worker import TinyEncoder, batch, record, vectors_of


@pytest.fixture(scope="module")
def encoded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    catalogue = write_demo_catalogue(tmp_path_factory.mktemp("shop"), count=60, progress=Progress())
    with Project.create(tmp_path_factory.mktemp("large") / "shop") as project:
        import_catalogue(project, ImportSettings(catalogue), Progress())
        look_at_pictures(project, Progress())
        encode_project(project, encode.DEFAULT_ENCODERS, Progress())
        yield project


def test_vectors_on_disk_give_the_map_the_search_and_the_suggestions_that_vectors_in_memory_give(
    encoded: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    for held_bytes in (encode.HELD_BYTES, 0):
        monkeypatch.setattr(encode, "HELD_BYTES", held_bytes)
        materials = Materials(encoded.snapshot())
        on_disk = [isinstance(block.vectors, StoredRows) for block in materials.text_blocks()]
        assert on_disk == [held_bytes == 0] * len(on_disk)
        view = make_view(materials, LayoutSettings(), Progress())
        hits = search_by_text(materials, "a watch of steel", 10)
        train_project(encoded, materials, TrainSettings(repeats=0), Progress())
        suggest_project(encoded, materials, Progress())
        kept = suggestions_in_use(encoded)
        assert kept is not None
        found.append((view.points, hits.rows, kept[0].category, kept[0].confidence))
    (points, rows, category, confidence), other = found
    np.testing.assert_allclose(points, other[0], atol=1e-4)
    np.testing.assert_array_equal(rows, other[1])
    np.testing.assert_array_equal(category[:, 0], other[2][:, 0])
    np.testing.assert_allclose(confidence, other[3], atol=1e-3)


def test_a_folder_of_pictures_is_listed_once_however_many_are_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue = write_demo_catalogue(tmp_path, count=30, progress=Progress())
    listed: list[str] = []
    scan = os.scandir

    def counted(folder: str) -> object:
        listed.append(str(folder))
        return scan(folder)

    with Project.create(tmp_path / "shop") as project:
        import_catalogue(project, ImportSettings(catalogue), Progress())
        (source,) = project.sources.values()
        monkeypatch.setattr(picture_files.os, "scandir", counted)
        look_at_pictures(project, Progress())
        assert listed.count(str(source.picture_folder)) == 1


def test_of_many_broken_pictures_the_first_are_told_and_all_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "images").mkdir()
    lines = []
    for number in range(9):
        (tmp_path / "images" / f"{number}.png").write_bytes(b"no picture")
        lines.append(f"k{number},cup {number},{number}.png\n")
    (tmp_path / "shop.csv").write_text("key,name,image\n" + "".join(lines))
    monkeypatch.setattr(products, "KEPT_PROBLEMS", 4)
    with Project.create(tmp_path / "shop") as project:
        report = import_catalogue(project, ImportSettings(tmp_path / "shop.csv"), Progress())
        seen = look_at_pictures(project, Progress())
    assert (seen.unusable, seen.problem_count, len(seen.problems)) == (9, 9, 4)
    report.note_all(seen)
    assert (report.problem_count, len(report.problems)) == (9, 4)


def test_rows_on_disk_can_be_taken_like_those_of_an_array(tmp_path: Path) -> None:
    held = np.arange(12, dtype="<f4").reshape(4, 3)
    (tmp_path / "vectors.bin").write_bytes(held.tobytes())
    rows = StoredRows(tmp_path / "vectors.bin", held.dtype, 3, np.array([2, -1, 0]))
    whole = np.array([held[2], np.zeros(3), held[0]], np.float32)
    assert (rows.shape, len(rows)) == ((3, 3), 3)
    np.testing.assert_array_equal(np.asarray(rows), whole)
    np.testing.assert_array_equal(rows[1:], whole[1:])
    np.testing.assert_array_equal(rows[np.array([True, False, True])], whole[[0, 2]])
    both = side_by_side([rows, whole])
    assert isinstance(both, SideBySide)
    np.testing.assert_array_equal(both[[2, 0]], np.hstack([whole, whole])[[2, 0]])
    assert isinstance(side_by_side([whole, whole]), np.ndarray)


def test_side_by_side_needs_the_same_products() -> None:
    with pytest.raises(ValueError, match="same number of rows"):
        SideBySide([np.zeros((2, 1), np.float32), np.zeros((3, 1), np.float32)])


@given(st.lists(st.integers(1, 3_000), min_size=1, max_size=6), st.integers(1, 5_000))
def test_the_draw_keeps_rare_categories_whole_and_common_ones_in_proportion(
    sizes: list[int], most: int
) -> None:
    target = np.random.default_rng(0).permutation(np.repeat(np.arange(len(sizes)), sizes).astype(np.int32))
    rows = draw_per_category(target, most, seed=0)
    assert (np.diff(rows) > 0).all()
    count = np.bincount(target[rows], minlength=len(sizes))
    for size, kept in zip(sizes, count.tolist(), strict=True):
        if len(target) <= most:
            assert kept == size
        else:
            assert kept == min(size, max(LEAST_TAUGHT, -(-size * most // len(target))))


def test_vectors_of_few_new_products_among_many_are_theirs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = registry.Entry("tiny", "Tiny", Kind.TEXT, registry.Scope.ITEM, "none:none")
    monkeypatch.setattr(registry, "ENTRIES", (*registry.ENTRIES, entry))
    monkeypatch.setattr(registry, "encoder_class", lambda _: lambda: TinyEncoder(tmp_path / "log"))
    with Project.create(tmp_path / "shop", person="Ada") as project:
        source_id = project.register_source(kind="table", location="x.csv", title="x.csv")
        project.apply(batch(source_id, 0))
        encode.encode(project.snapshot(), ("tiny",), Progress())
        more = tuple(record(number) for number in (90_001, 90_002, 90_003))
        changed = replace(record(7), name="another name", description="with other words")
        project.apply(ImportBatch(source_id, (*more, changed)))
        reports = encode.encode(project.snapshot(), ("tiny",), Progress())
        assert reports[0].encoded == 4
        texts = prepare_texts(project.snapshot(), Progress())
        for field in ("text", "name"):
            block = encode.load_block(project.snapshot(), "tiny", field)
            assert block is not None
            np.testing.assert_array_equal(np.asarray(block.vectors), vectors_of(texts.field(field)))
