"""From a catalogue to suggestions and an export, with the weights that ship, on a small drawn shop."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from prodlabel.core.edits import Relabel
from prodlabel.core.errors import NotReadyError
from prodlabel.core.progress import Progress
from prodlabel.operations.check import check_project
from prodlabel.operations.encode import DEFAULT_ENCODERS
from prodlabel.operations.export import export_project
from prodlabel.operations.importing import ImportSettings, import_catalogue
from prodlabel.operations.layout import LayoutSettings
from prodlabel.operations.materials import Materials
from prodlabel.operations.pictures import look_at_pictures
from prodlabel.operations.search import search_by_picture, search_by_text
from prodlabel.operations.steps import (
    encode_project,
    layout_in_use,
    map_project,
    suggest_project,
    train_project,
)
from prodlabel.operations.study import forget_damaged, study
from prodlabel.operations.suggest import suggestions_in_use
from prodlabel.operations.train import TrainSettings
from prodlabel.project.project import Project
from prodlabel.sources.demo import write_demo_catalogue

SHOP = 70


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_demo_catalogue(tmp_path_factory.mktemp("shop"), count=SHOP, progress=Progress())


@pytest.fixture(scope="module")
def studied(catalogue: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A project that was studied; tests may read it but not change it."""
    with Project.create(tmp_path_factory.mktemp("study") / "shop") as project:
        study(project, ImportSettings(catalogue), project.folder.parent / "report.html", Progress())
        yield project


def test_a_study_leaves_a_map_clusters_a_classifier_and_suggestions(studied: Project) -> None:
    kinds = {(one.kind, one.name) for one in studied.results.list() if one.is_current}
    assert {("layout", "fused"), ("layout", "text"), ("layout", "picture")} <= kinds
    assert {("clusters", "fused"), ("classifier", "fusion"), ("suggestions", "fusion")} <= kinds
    layout = layout_in_use(studied, "fused")
    assert layout is not None
    assert layout.xy.shape == (SHOP, 2)
    assert np.isfinite(layout.xy).all()


def test_a_study_ends_with_a_report_that_needs_no_other_file(studied: Project) -> None:
    page = (studied.folder.parent / "report.html").read_text(encoding="utf-8")
    assert page.lstrip().startswith("<!doctype html>") or page.lstrip().startswith("<!DOCTYPE html>")
    assert 'src="http' not in page
    assert 'href="http' not in page.replace('href="https://', "")


def test_every_product_has_a_suggestion_with_confidence_and_reasons(studied: Project) -> None:
    kept = suggestions_in_use(studied)
    assert kept is not None
    suggestions, _version = kept
    assert suggestions.product_id.tolist() == studied.columns.product_id.tolist()
    assert ((suggestions.confidence > 0) & (suggestions.confidence <= 1)).all()
    assert (suggestions.words[:, 0] != "").mean() > 0.8
    assert (suggestions.neighbour[:, 0] > 0).all()
    assert (suggestions.neighbour != suggestions.product_id[:, None]).all()


def test_the_project_is_whole_after_a_study(studied: Project) -> None:
    assert check_project(studied.snapshot(), Progress()) == []


def test_a_damaged_map_is_named_and_forgotten_so_that_it_is_made_again(
    studied: Project, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.prodlabel"
    shutil.copytree(studied.folder, copy, ignore=shutil.ignore_patterns("project.lock"))
    with Project.open(copy) as project:
        assert forget_damaged(project) == []
        broken = project.results.current("layout", "text")
        assert broken is not None
        (copy / broken.file).write_bytes(b"no archive")
        assert forget_damaged(project) == ["layout text"]
        assert project.results.current("layout", "text") is None
        assert project.results.current("layout", "fused") is not None


def test_a_flipped_byte_in_the_vectors_is_found(studied: Project, tmp_path: Path) -> None:
    copy = tmp_path / "copy.prodlabel"
    shutil.copytree(studied.folder, copy)
    block = next((copy / "vectors").glob("minilm-*/vectors.bin"))
    content = bytearray(block.read_bytes())
    content[len(content) // 2] ^= 1
    block.write_bytes(content)
    with Project.open(copy, read_only=True) as project:
        findings = check_project(project.snapshot(), Progress())
    assert len(findings) == 1
    assert "1 vectors of minilm" in findings[0]


def test_encoding_again_encodes_nothing_and_a_changed_product_only_itself(
    catalogue: Path, tmp_path: Path
) -> None:
    with Project.create(tmp_path / "again") as project:
        import_catalogue(project, ImportSettings(catalogue), Progress())
        look_at_pictures(project, Progress())
        encode_project(project, DEFAULT_ENCODERS, Progress())
        again = encode_project(project, DEFAULT_ENCODERS, Progress())
        assert [one.encoded for one in again] == [0] * len(again)
        changed = tmp_path / "changed.csv"
        with catalogue.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        rows[0]["name"] = "A quite different teapot of stoneware"
        with changed.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows[:1])
        import_catalogue(project, ImportSettings(changed), Progress())
        third = encode_project(project, ("minilm",), Progress())
        assert {one.field: one.encoded for one in third} == {"text": 1, "name": 1, "spec": 0}


def test_a_second_catalogue_without_categories_gets_one_for_each_row(catalogue: Path, tmp_path: Path) -> None:
    with catalogue.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    known, unknown = tmp_path / "known.csv", tmp_path / "unknown.csv"
    for path, part, columns in (
        (known, rows[:50], ["key", "name", "description", "category"]),
        (unknown, rows[50:], ["key", "name", "description"]),
    ):
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, extrasaction="ignore")
            writer.writeheader()
            writer.writerows(part)
    with Project.create(tmp_path / "two") as project:
        for path in (known, unknown):
            import_catalogue(project, ImportSettings(path), Progress())
        encode_project(project, ("minilm",), Progress())
        materials = Materials(project.snapshot())
        train_project(project, materials, TrainSettings(repeats=0), Progress())
        suggest_project(project, materials, Progress())
        target = tmp_path / "labels.jsonl"
        assert export_project(project, target, Progress()) == SHOP
    lines = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    new_keys = {row["key"] for row in rows[50:]}
    suggested = {line["key"]: line["suggestion"] for line in lines if line["key"] in new_keys}
    assert set(suggested) == new_keys
    assert all(suggested.values())


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_the_same_project_exports_the_same_bytes(studied: Project, tmp_path: Path, ending: str) -> None:
    first, second = tmp_path / f"a.{ending}", tmp_path / f"b.{ending}"
    for path in (first, second):
        assert export_project(studied, path, Progress()) == SHOP
    assert first.read_bytes() == second.read_bytes()


def test_new_products_are_placed_and_old_ones_do_not_move(catalogue: Path, tmp_path: Path) -> None:
    with catalogue.open(encoding="utf-8", newline="") as file:
        lines = file.read().splitlines(keepends=True)
    most = tmp_path / "most.csv"
    most.write_text("".join(lines[:61]), encoding="utf-8")
    with Project.create(tmp_path / "grow") as project:
        import_catalogue(project, ImportSettings(most), Progress())
        encode_project(project, ("minilm",), Progress())
        before = map_project(project, Materials(project.snapshot()), LayoutSettings(), Progress())
        import_catalogue(project, ImportSettings(catalogue), Progress())
        encode_project(project, ("minilm",), Progress())
        after = map_project(project, Materials(project.snapshot()), LayoutSettings(), Progress())
    assert after.placed == len(after.xy) - len(before.xy) > 0
    rows = np.searchsorted(after.product_id, before.product_id)
    assert np.array_equal(after.xy[rows], before.xy)


def test_each_step_says_which_one_is_missing_before_it(catalogue: Path, tmp_path: Path) -> None:
    with Project.create(tmp_path / "bare") as project:
        with pytest.raises(NotReadyError, match="prodlabel import"):
            encode_project(project, ("minilm",), Progress())
        import_catalogue(project, ImportSettings(catalogue), Progress())
        materials = Materials(project.snapshot())
        with pytest.raises(NotReadyError, match="prodlabel encode"):
            map_project(project, materials, LayoutSettings(), Progress())
        with pytest.raises(NotReadyError, match="prodlabel train"):
            suggest_project(project, materials, Progress())
        project.apply(Relabel(project.columns.product_id, 0))
        with pytest.raises(NotReadyError, match="Label a few"):
            train_project(project, Materials(project.snapshot()), TrainSettings(), Progress())


def test_products_are_found_by_meaning_and_by_picture(studied: Project) -> None:
    materials = Materials(studied.snapshot())
    own = studied.texts([3])[0]
    found = search_by_text(materials, own.name, 5)
    assert 3 in found.rows
    assert (np.diff(found.similarity) <= 0).all()
    assert not len(search_by_text(materials, "  ").rows)
    row = int(np.flatnonzero(studied.columns.has_picture)[0])
    texts = studied.texts([row])[0]
    folder = studied.sources[texts.source_id].picture_folder
    assert folder is not None
    alike = search_by_picture(materials, folder / str(texts.picture), 5)
    assert alike.similarity[0] > 0.99


def test_a_search_by_meaning_before_the_map_says_what_to_do(tmp_path: Path) -> None:
    with Project.create(tmp_path / "new") as project, pytest.raises(NotReadyError, match="Make the map"):
        search_by_text(Materials(project.snapshot()), "cup")
