"""The open document: what is applied is committed, can be undone, and survives a restart."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import text

from prodlabel.core.edits import (
    KEEP,
    AddCategory,
    Because,
    Change,
    ChangeCategory,
    ChangeKind,
    ImportBatch,
    Relabel,
    RetireCategory,
)
from prodlabel.core.errors import InputError, ProjectError
from prodlabel.core.labels import NO_CATEGORY, Status
from prodlabel.core.products import ProductRecord
from prodlabel.project.project import Project
from tests.project.conftest import records


def category(project: Project, name: str) -> int:
    found = project.taxonomy.find_by_text(name)
    assert found is not None
    return found


def test_an_import_gives_products_labels_and_a_taxonomy(project: Project) -> None:
    assert len(project.columns) == 6
    assert [c.name for c in project.taxonomy] == ["Shop", "Cup", "Bag", "Lamp"]
    assert project.columns.status.tolist() == [Status.IMPORTED] * 5 + [Status.NONE]
    assert project.taxonomy.path_text(int(project.columns.category[0])) == "Shop > Cup"
    assert project.columns.category[-1] == NO_CATEGORY


def test_the_same_import_again_changes_nothing(project: Project) -> None:
    before = project.last_edit
    applied = project.apply(ImportBatch(1, records()))
    assert applied.imported is not None
    assert (applied.imported.added, applied.imported.changed, applied.imported.same) == (0, 0, 6)
    assert project.last_edit == before


def test_a_changed_row_updates_its_product_but_never_a_curators_label(project: Project) -> None:
    lamp, bag = category(project, "Lamp"), category(project, "Bag")
    project.apply(Relabel(project.columns.product_id[:1], lamp))
    changed = tuple(
        ProductRecord(r.key, r.name + " new", r.description, ("Shop", "Bag")) for r in records()[:2]
    )
    project.apply(ImportBatch(1, changed))
    assert [texts.name for texts in project.texts([0, 1])] == ["cup 0 new", "bag 1 new"]
    assert project.columns.category[0] == lamp
    assert project.columns.category[1] == bag
    assert project.search("new").tolist() == [0, 1]


def test_undo_restores_previous_category_status_and_author(project: Project) -> None:
    before = project.columns
    project.apply(Relabel(before.product_id[:3], category(project, "Lamp"), because=Because("looked")))
    assert project.columns.category[:3].tolist() == [category(project, "Lamp")] * 3
    assert project.undo() == "Relabel 3 products → Lamp"
    for name in ("category", "status", "edit"):
        assert np.array_equal(getattr(project.columns, name), getattr(before, name))


def test_many_steps_are_taken_back_at_once_told_of_once_and_done_again_one_by_one(project: Project) -> None:
    before, told = project.columns, list[Change]()
    for name in ("Lamp", "Cup", "Bag"):
        project.apply(Relabel(before.product_id[:3], category(project, name)))
    project.subscribe(told.append)
    assert project.undo_steps(3) == [f"Relabel 3 products → {name}" for name in ("Bag", "Cup", "Lamp")]
    assert np.array_equal(project.columns.category, before.category)
    assert len(told) == 1
    assert told[0].product_ids is not None
    assert told[0].product_ids.tolist() == before.product_id[:3].tolist()
    assert [project.redo(), project.redo()] == ["Relabel 3 products → Lamp", "Relabel 3 products → Cup"]
    assert (project.columns.category[:3] == category(project, "Cup")).all()
    assert project.undo_steps(0) == []
    with Project.open(project.folder, read_only=True) as again:
        assert np.array_equal(again.columns.category, project.columns.category)


def test_undo_and_redo_survive_a_restart(project: Project) -> None:
    lamp = category(project, "Lamp")
    project.apply(Relabel(project.columns.product_id[:2], lamp))
    project.close()
    with Project.open(project.folder) as again:
        assert again.undo_text() == "Relabel 2 products → Lamp"
        again.undo()
    with Project.open(project.folder) as third:
        assert third.redo_text() == "Relabel 2 products → Lamp"
        third.redo()
        assert third.columns.category[:2].tolist() == [lamp, lamp]


def test_a_new_edit_after_an_undo_leaves_nothing_to_redo(project: Project) -> None:
    project.apply(Relabel(project.columns.product_id[:1], category(project, "Lamp")))
    project.undo()
    project.apply(Relabel(project.columns.product_id[1:2], category(project, "Cup")))
    assert project.redo_text() is None
    assert project.undo_text() == "Relabel 1 product → Cup"


def test_undoing_an_import_takes_its_products_away_and_redo_brings_them_back(project: Project) -> None:
    names = [texts.name for texts in project.texts(list(range(6)))]
    project.undo()
    assert len(project.columns) == 0
    assert len(project.taxonomy) == 0
    assert project.search("cup").tolist() == []
    project.redo()
    assert [texts.name for texts in project.texts(list(range(6)))] == names
    assert len(project.taxonomy) == 4


def test_an_import_after_its_undo_brings_the_same_products_back(project: Project) -> None:
    project.undo()
    project.apply(ImportBatch(1, records()))
    assert len(project.columns) == 6
    assert project.columns.product_id.tolist() == [1, 2, 3, 4, 5, 6]


def test_batches_of_one_step_are_undone_together(tmp_path: Path) -> None:
    with Project.create(tmp_path / "two") as project:
        source_id = project.register_source(kind="table", location="x.csv", title="x.csv")
        both = records(8)
        first = project.apply(ImportBatch(source_id, both[:4]))
        project.apply(ImportBatch(source_id, both[4:], step=first.step))
        assert project.undo_text() == "Import of 8 products"
        project.undo()
        assert len(project.columns) == 0


def test_label_level_makes_the_first_name_of_the_path_the_label(tmp_path: Path) -> None:
    with Project.create(tmp_path / "levels") as project:
        source_id = project.register_source(kind="table", location="x.csv", title="x.csv")
        project.apply(ImportBatch(source_id, records(), label_level=1))
        assert project.taxonomy.path(int(project.columns.category[0])) == ("Shop",)
        assert project.taxonomy.path(int(project.columns.source_category[0])) == ("Shop", "Cup")


def test_a_failed_edit_leaves_no_trace(project: Project) -> None:
    before, last = project.columns, project.last_edit
    good = Relabel(before.product_id[:1], category(project, "Lamp"))
    with pytest.raises(InputError, match="no category number 99"):
        project.apply(good, Relabel(before.product_id[:1], 99))
    assert project.columns is before
    assert project.last_edit == last == project.history(limit=1)[0].id


def test_flagging_keeps_the_category(project: Project) -> None:
    before = project.columns.category.copy()
    project.apply(Relabel(project.columns.product_id[:2], KEEP, Status.FLAGGED))
    assert np.array_equal(project.columns.category, before)
    assert project.columns.status[:2].tolist() == [Status.FLAGGED] * 2


def test_each_product_may_get_a_category_of_its_own(project: Project) -> None:
    ids = project.columns.product_id[[2, 0]]
    wanted = np.array([category(project, "Cup"), category(project, "Bag")], dtype=np.int32)
    project.apply(Relabel(ids, wanted))
    assert project.columns.category[[2, 0]].tolist() == wanted.tolist()


def test_subscribers_hear_what_changed_and_who_asked(project: Project) -> None:
    heard: list[Change] = []
    end = project.subscribe(heard.append)
    project.apply(Relabel(project.columns.product_id[:2], KEEP, Status.FLAGGED), initiator="map")
    end()
    project.undo()
    assert len(heard) == 1
    assert heard[0].kinds == {ChangeKind.LABELS, ChangeKind.HISTORY}
    assert heard[0].initiator == "map"
    assert heard[0].product_ids is not None
    assert heard[0].product_ids.tolist() == [1, 2]


def test_the_label_history_says_who_when_and_why(project: Project) -> None:
    because = Because("looks like a lamp", person="Grace", classifier_version=3)
    project.apply(Relabel(project.columns.product_id[:1], category(project, "Lamp"), because=because))
    edit, category_id, status = project.label_history(1)[-1]
    assert (edit.person, edit.reason, edit.classifier_version) == ("Grace", "looks like a lamp", 3)
    assert (category_id, status) == (category(project, "Lamp"), Status.CONFIRMED)


def test_taxonomy_edits_can_be_undone_one_by_one(project: Project) -> None:
    shop = category(project, "Shop")
    applied = project.apply(AddCategory("Vase", shop))
    vase = applied.new_categories[0]
    project.apply(ChangeCategory(vase, {"name": "Vases", "parent": None}))
    assert project.taxonomy.path(vase) == ("Vases",)
    project.undo()
    assert project.taxonomy.path(vase) == ("Shop", "Vase")
    project.apply(RetireCategory(vase))
    assert vase not in project.taxonomy
    project.undo()
    assert vase in project.taxonomy
    project.undo()
    assert project.taxonomy.find(("Shop", "Vase")) is None


def test_a_category_cannot_go_below_itself_nor_be_removed_while_used(project: Project) -> None:
    shop, cup = category(project, "Shop"), category(project, "Cup")
    with pytest.raises(InputError, match="below itself"):
        project.apply(ChangeCategory(shop, {"parent": cup}))
    with pytest.raises(InputError, match="still has"):
        project.apply(RetireCategory(cup))


def test_words_are_found_whatever_characters_they_hold(project: Project) -> None:
    assert project.search("CUP").tolist() == [0, 3]
    assert project.search("fine lam").tolist() == [2, 5]
    assert project.search('"fine bag"').tolist() == [1, 4]
    for hostile in ('"', "a AND", "* OR 1=1", "name:", "(", "NEAR(", "ü'--"):
        assert isinstance(project.search(hostile).tolist(), list)


def test_reading_only_refuses_to_write(project: Project) -> None:
    project.close()
    with Project.open(project.folder, read_only=True) as reader:
        assert len(reader.columns) == 6
        with pytest.raises(ProjectError, match="reading only"):
            reader.apply(Relabel(reader.columns.product_id[:1], KEEP, Status.FLAGGED))


def test_a_snapshot_stays_as_it_was(project: Project) -> None:
    snapshot = project.snapshot()
    before = snapshot.columns.category.copy()
    project.apply(Relabel(project.columns.product_id, category(project, "Lamp")))
    assert np.array_equal(snapshot.columns.category, before)
    with snapshot.reader() as reader:
        assert [texts.key for texts in reader.all_texts()] == [f"k{i}" for i in range(6)]


def test_foreign_keys_hold_and_the_ledger_replays_to_the_state(project: Project) -> None:
    from prodlabel.store.ledger import replay_labels

    project.apply(Relabel(project.columns.product_id[:4], category(project, "Lamp")))
    project.undo()
    with project._database.read() as connection:
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
        replayed = replay_labels(connection)
    is_named = np.isin(project.columns.product_id, replayed["product_id"])
    assert np.array_equal(project.columns.category[is_named], replayed["category"])
    assert np.array_equal(project.columns.edit[is_named], replayed["edit"])


def test_results_are_as_the_last_change_left_them_also_for_who_only_reads(project: Project) -> None:
    results, arrays = project.results, {"x": np.arange(3)}
    first = results.save("clusters", "fused", arrays)
    with Project.open(project.folder, read_only=True) as reader:
        seen = reader.results.current("clusters")
        assert seen is not None
        assert seen.id == first
        second = results.save("clusters", "fused", arrays)
        for one in (results, reader.results):
            assert [info.id for info in one.list("clusters")] == [second, first]
            assert [info.is_current for info in one.list()] == [True, False]
        results.make_current(first)
        results.forget(second)
        assert [info.id for info in results.list()] == [info.id for info in reader.results.list()] == [first]
