"""An import in batches while somebody works: what is undone is what was done, what comes again is whole."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from prodlabel.cli.main import run_command_line
from prodlabel.core.edits import AddCategory, ImportBatch, Relabel
from prodlabel.core.labels import NO_CATEGORY, Status
from prodlabel.core.merging import TakeFrom
from prodlabel.core.products import ProductRecord
from prodlabel.core.progress import Progress
from prodlabel.operations.check import check_project
from prodlabel.operations.importing import ImportRun, ImportSettings
from prodlabel.operations.pictures import look_at_pictures
from prodlabel.project.clerk import Clerk
from prodlabel.project.project import Project
from prodlabel.sources.registry import open_catalogue
from prodlabel.store.changes import products_changed_since
from tests.project.conftest import records


def labels(project: Project) -> dict[str, str]:
    """The label of each product, by key."""
    texts = project.texts(np.arange(len(project.columns)))
    paths = map(project.taxonomy.path_text, project.columns.category.tolist())
    return {one.key: path for one, path in zip(texts, paths, strict=True)}


def import_run(project: Project, folder: Path, take: TakeFrom = TakeFrom.EDITS_FIRST) -> ImportRun:
    path = folder / "shop.csv"
    path.write_text("key,name\nx,x\n", encoding="utf-8")
    return ImportRun(project, ImportSettings(path, take=take), open_catalogue(path))


def test_only_the_products_of_the_batch_come_back_and_with_their_labels(project: Project) -> None:
    project.undo()
    project.apply(AddCategory("Elsewhere"))
    applied = project.apply(ImportBatch(1, records()[:2]))
    assert applied.imported is not None
    assert (applied.imported.added, applied.imported.product_ids) == (2, [1, 2])
    assert labels(project) == {"k0": "Shop > Cup", "k1": "Shop > Bag"}
    assert project.columns.status.tolist() == [Status.IMPORTED] * 2
    assert project.columns.source_category.tolist() == project.columns.category.tolist()
    assert project.search("cup").tolist() == [0]
    with project._database.read() as connection:
        assert products_changed_since(connection, applied.last_edit - 1)[0].tolist() == [1, 2]
    assert project.undo() == "Import of 2 products"
    assert labels(project) == {}
    project.redo()
    assert labels(project) == {"k0": "Shop > Cup", "k1": "Shop > Bag"}
    project.apply(ImportBatch(1, records()))
    assert labels(project) == {one.key: " > ".join(one.category) for one in records()}
    assert all(one in project.taxonomy for one in project.columns.source_category[:5].tolist())


def test_an_import_that_comes_again_brings_back_its_own_categories(project: Project) -> None:
    before = {one.key: one.id for one in project.taxonomy}
    project.undo()
    assert len(project.taxonomy) == 0
    project.apply(AddCategory("Elsewhere"))
    project.apply(ImportBatch(1, [*records(), ProductRecord("new", "new", category=("Shop", "Vase"))]))
    now = {one.key: one.id for one in project.taxonomy}
    assert before.items() <= now.items()
    assert now.keys() - before.keys() == {"elsewhere", "shop/vase"}
    assert len(set(now.values())) == len(now)
    project.undo()
    assert [one.key for one in project.taxonomy] == ["elsewhere"]
    project.redo()
    assert {one.key: one.id for one in project.taxonomy} == now
    project.close()
    with Project.open(project.folder) as again:
        assert {one.key: one.id for one in again.taxonomy} == now
        assert check_project(again.snapshot(), Progress()) == []


def test_a_product_that_comes_back_otherwise_than_it_went_is_as_its_source_says(project: Project) -> None:
    project.undo()
    project.apply(AddCategory("Elsewhere"))
    now = ProductRecord("k0", "a mug", "new", ("Shop", "Mug"))
    applied = project.apply(ImportBatch(1, (now, *records()[1:2])))
    assert applied.imported is not None
    assert (applied.imported.added, applied.imported.changed, applied.imported.same) == (2, 0, 0)
    assert labels(project) == {"k0": "Shop > Mug", "k1": "Shop > Bag"}
    assert project.texts([0])[0].name == "a mug"
    assert project.columns.source_category.tolist() == project.columns.category.tolist()
    project.undo()
    project.redo()
    assert labels(project) == {"k0": "Shop > Mug", "k1": "Shop > Bag"}
    project.undo()
    assert labels(project) == {}


def test_an_undo_while_an_import_runs_leaves_the_rest_a_step_of_its_own(
    project: Project, tmp_path: Path
) -> None:
    run = import_run(project, tmp_path)
    more = tuple(ProductRecord(f"n{n}", f"new {n}", category=("New",)) for n in range(6))
    run.take(more[:2], [])
    run.take(more[2:4], [])
    assert project.undo() == "Import of 4 products"
    run.take(more[4:], [])
    assert set(labels(project)) == {*(f"k{n}" for n in range(6)), "n4", "n5"}
    assert project.undo() == "Import of 2 products"
    assert len(project.columns) == 6
    assert project.redo() == "Import of 2 products"
    assert set(labels(project)) == {*(f"k{n}" for n in range(6)), "n4", "n5"}
    assert project.redo_text() is None


def test_an_undo_beside_a_clerk_leaves_the_rest_of_its_import_a_step_of_its_own(
    project: Project, tmp_path: Path
) -> None:
    more = tuple(ProductRecord(f"n{n}", f"new {n}", category=("New",)) for n in range(6))
    with Clerk(project.seat) as clerk:
        run = import_run(clerk.project, tmp_path)
        run.take(more[:2], [])
        run.take(more[2:4], [])
        project.take_over(clerk.hand_over())
        assert project.undo() == "Import of 4 products"
        run.take(more[4:], [])
        project.take_over(clerk.hand_over())
    assert set(labels(project)) == {*(f"k{n}" for n in range(6)), "n4", "n5"}
    assert project.undo() == "Import of 2 products"
    assert project.redo() == "Import of 2 products"
    assert set(labels(project)) == {*(f"k{n}" for n in range(6)), "n4", "n5"}


def test_a_relabel_while_an_import_runs_is_undone_in_its_turn(project: Project, tmp_path: Path) -> None:
    before, lamp = labels(project), project.taxonomy.find(("Shop", "Lamp"))
    assert lamp is not None
    run = import_run(project, tmp_path, TakeFrom.SOURCE)
    vases = [ProductRecord(one.key, one.name, one.description, ("Vase",)) for one in records()]
    run.take(tuple(vases[:2]), [])
    project.apply(Relabel(project.columns.product_id[[0, 3]], lamp))
    run.take(tuple(vases[2:4]), [])
    run.take(tuple(vases[4:]), [])
    assert project.undo() == "Import of 4 products"
    assert project.undo() == "Relabel 2 products → Lamp"
    assert project.undo() == "Import of 2 products"
    assert labels(project) == before
    assert all(one in project.taxonomy for one in project.columns.category.tolist() if one != NO_CATEGORY)


def test_what_was_undone_for_good_is_not_walked_with_its_step(project: Project) -> None:
    first = project.apply(ImportBatch(1, (ProductRecord("n0", "first"),)))
    project.undo()
    project.apply(ImportBatch(1, (ProductRecord("n1", "second"),), step=first.step))
    assert project.undo_text() == "Import of 1 products"
    project.undo()
    project.redo()
    assert set(labels(project)) == {*(f"k{n}" for n in range(6)), "n1"}


@pytest.fixture
def pictured(tmp_path: Path) -> Project:
    """A product with a picture that was looked at, and a second picture beside it."""
    for name, colour in (("a.png", (255, 0, 0)), ("b.png", (0, 0, 255))):
        Image.new("RGB", (32, 32), colour).save(tmp_path / name)
    with Project.create(tmp_path / "pictured") as project:
        source = project.register_source(kind="t", location="t", title="t", picture_folder=tmp_path)
        project.apply(ImportBatch(source, (ProductRecord("k", "cup", picture="a.png"),)))
        look_at_pictures(project, Progress())
        yield project


def test_what_is_known_of_a_picture_goes_and_comes_back_with_it(pictured: Project) -> None:
    def facts() -> object:
        return pictured.snapshot().read_picture_facts().get(1)

    red = facts()
    assert red is not None
    pictured.apply(ImportBatch(1, (ProductRecord("k", "cup", picture="b.png"),)))
    assert facts() is None, "nobody has looked yet"
    assert look_at_pictures(pictured, Progress()).looked_at == 1
    blue = facts()
    assert blue != red
    pictured.undo()
    assert facts() == red
    assert look_at_pictures(pictured, Progress()).known == 1
    pictured.redo()
    assert facts() is None
    look_at_pictures(pictured, Progress())
    assert facts() == blue
    pictured.apply(ImportBatch(1, (ProductRecord("k", "a cup", picture="b.png"),)))
    assert facts() == blue, "only the name changed"


def test_the_command_line_looks_at_pictures_that_come_again(pictured: Project) -> None:
    pictured.apply(ImportBatch(1, (ProductRecord("k", "cup", picture="b.png"),)))
    look_at_pictures(pictured, Progress())
    blue = pictured.snapshot().read_picture_facts()
    pictured.close()
    for verb in ("undo", "redo"):
        assert run_command_line([verb, str(pictured.folder)]) == 0
    with Project.open(pictured.folder) as again:
        assert again.snapshot().read_picture_facts() == blue


def test_a_worker_finds_all_texts_of_its_snapshot_whatever_is_undone_meanwhile(project: Project) -> None:
    more = tuple(ProductRecord(f"n{n}", f"new {n}") for n in range(3))
    project.apply(ImportBatch(1, more))
    snapshot = project.snapshot()
    project.undo()
    with snapshot.reader() as reader:
        assert [one.key for one in reader.all_texts(chunk=2)] == [f"k{n}" for n in range(6)] + [
            "n0",
            "n1",
            "n2",
        ]
    later = project.snapshot()
    project.redo()
    with later.reader() as reader:
        assert [one.key for one in reader.all_texts(chunk=4)] == [f"k{n}" for n in range(6)]


def test_a_reading_belongs_to_one_moment_whoever_writes_meanwhile(project: Project) -> None:
    from prodlabel.project.state import read_columns, read_state
    from prodlabel.store.database import DATABASE_NAME, Database

    lamp = project.taxonomy.find(("Shop", "Lamp"))
    assert lamp is not None
    beside = Database(project.folder / DATABASE_NAME, read_only=True)
    try:
        with beside.read() as connection:
            before = read_columns(connection)
            project.apply(Relabel(project.columns.product_id[:1], lamp))
            assert read_state(connection).last_edit == project.last_edit - 1
            with beside.read() as within:
                assert np.array_equal(read_columns(within).category, before.category)
        with beside.read() as connection:
            assert read_columns(connection).category[0] == lamp
    finally:
        beside.close()
