"""A taxonomy comes in as one step; exports of changes write what changed, undone decisions included."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from prodlabel.core.edits import ChangeCategory, ImportBatch, Relabel
from prodlabel.core.errors import InputError
from prodlabel.core.products import ProductRecord
from prodlabel.core.progress import Progress
from prodlabel.operations.backups import back_up, restore
from prodlabel.operations.export import export_project
from prodlabel.operations.importing import ImportSettings, import_catalogue
from prodlabel.operations.taxonomy import import_taxonomy
from prodlabel.project.project import Project


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "small", person="Ada") as project:
        source_id = project.register_source(kind="table", location="shop.csv", title="shop.csv")
        records = [ProductRecord(f"k{n}", f"cup {n}", "", ("Home", f"Kind {n % 2}")) for n in range(6)]
        project.apply(ImportBatch(source_id, tuple(records)))
        yield project


def changed_keys(project: Project, path: Path) -> list[str]:
    export_project(project, path, Progress(), only_changed=True)
    return [json.loads(line)["key"] for line in path.read_text().splitlines()]


def test_a_taxonomy_comes_in_as_one_step_with_its_keys(project: Project, tmp_path: Path) -> None:
    path = tmp_path / "taxonomy.txt"
    path.write_text("166 - Apparel > Shoes\n1 - Apparel\n2 - HOME\n3 - home > Deep > Deeper\n")
    report = import_taxonomy(project, path, Progress())
    assert (report.read, report.added) == (4, 4)
    taxonomy = project.taxonomy
    shoes = taxonomy.find(["Apparel", "Shoes"])
    assert shoes is not None
    assert taxonomy[shoes].key == "google:166"
    assert taxonomy.find_by_text("google:1") == taxonomy.find(["apparel"])
    assert taxonomy.find(["Home", "Deep", "Deeper"]) == taxonomy.find_by_text("google:3")
    assert project.undo() is not None
    assert project.taxonomy.find(["Apparel"]) is None
    assert project.redo() is not None
    assert project.taxonomy.find(["Apparel", "Shoes"]) == shoes


def test_the_same_taxonomy_again_changes_nothing_after_a_rename(project: Project, tmp_path: Path) -> None:
    path = tmp_path / "taxonomy.txt"
    path.write_text("1 - Apparel\n166 - Apparel > Shoes\n")
    import_taxonomy(project, path, Progress())
    shoes = project.taxonomy.find(["Apparel", "Shoes"])
    assert shoes is not None
    project.apply(ChangeCategory(shoes, {"name": "Footwear"}))
    assert import_taxonomy(project, path, Progress()).added == 0
    assert project.taxonomy.path(shoes) == ("Apparel", "Footwear")


def test_a_taxonomy_of_six_thousand_comes_in_quickly(project: Project, tmp_path: Path) -> None:
    path = tmp_path / "taxonomy.txt"
    lines = [f"{n} - Group {n % 20} > Part {n % 400} > Leaf {n}" for n in range(1, 6001)]
    path.write_text("\n".join(lines))
    start = time.process_time()
    report = import_taxonomy(project, path, Progress())
    assert report.added == 6000 + 20 + 400
    assert time.process_time() - start < 10


def test_a_file_without_categories_is_refused(project: Project, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("id,path\n1,\n")
    with pytest.raises(InputError, match="no categories"):
        import_taxonomy(project, path, Progress())


def test_an_export_of_changes_writes_what_changed_since_the_last(project: Project, tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    assert len(changed_keys(project, path)) == 6
    assert changed_keys(project, path) == []
    ids = project.columns.product_id
    other = int(project.columns.category[1])
    project.apply(Relabel(ids[[2]], other))
    assert changed_keys(project, path) == ["k2"]
    project.undo()
    assert changed_keys(project, path) == ["k2"]
    project.apply(ChangeCategory(other, {"name": "Other"}))
    assert changed_keys(project, path) == ["k1", "k3", "k5"]
    source_id = next(iter(project.sources))
    project.apply(ImportBatch(source_id, (ProductRecord("k4", "a new name"), ProductRecord("new", "new"))))
    assert changed_keys(project, path) == ["k4", "new"]
    assert changed_keys(project, path) == []


def test_after_going_back_to_a_backup_changes_are_not_taken_for_those_of_before(
    project: Project, tmp_path: Path
) -> None:
    path = tmp_path / "out.jsonl"
    ids, other = project.columns.product_id, int(project.columns.category[1])
    made = back_up(project, Progress())
    project.apply(Relabel(ids[[2]], other))
    changed_keys(project, path)
    project.close()
    restore(project.folder, made.path, Progress())
    with Project.open(project.folder) as again:
        again.apply(Relabel(ids[[4]], other))
        assert len(changed_keys(again, path)) == 6, "which ones the last export had is not known"
        again.apply(Relabel(ids[[0]], other))
        assert changed_keys(again, path) == ["k0"]


def test_each_kind_of_export_has_its_own_last_time_and_a_selection_is_none(
    project: Project, tmp_path: Path
) -> None:
    export_project(project, tmp_path / "a.csv", Progress())
    assert len(changed_keys(project, tmp_path / "a.jsonl")) == 6
    project.apply(Relabel(project.columns.product_id[[0]], int(project.columns.category[1])))
    rows = project.columns.rows(project.columns.product_id[[3]])
    assert export_project(project, tmp_path / "b.jsonl", Progress(), rows=rows) == 1
    assert changed_keys(project, tmp_path / "a.jsonl") == ["k0"]


def test_pictures_go_out_with_the_folders_of_categories(tmp_path: Path) -> None:
    shop = tmp_path / "shop"
    (shop / "images").mkdir(parents=True)
    (shop / "images" / "a.png").write_bytes(b"picture")
    (shop / "t.csv").write_text("id,name,category,image\n1,Cup,Kitchen > Cups,a.png\n2,Pot,Kitchen,\n")
    with Project.create(tmp_path / "p") as project:
        import_catalogue(project, ImportSettings(shop / "t.csv"), Progress())
        assert export_project(project, tmp_path / "out", Progress(), kind="folders") == 1
    assert (tmp_path / "out" / "Kitchen" / "Cups" / "1.png").read_bytes() == b"picture"
