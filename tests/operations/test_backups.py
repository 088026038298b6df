"""Backups of a project: made before bulk steps, telling what they hold, and gone back to without a loss."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from prodlabel.api import Shop
from prodlabel.core.edits import ChangeCategory, ImportBatch, Relabel
from prodlabel.core.errors import InputError, ProjectDamagedError, ProjectError, ProjectLockedError
from prodlabel.core.labels import Status
from prodlabel.core.progress import Progress
from prodlabel.learning.fusion import FusionClassifier
from prodlabel.operations.backups import back_up, choose, list_contents, restore
from prodlabel.operations.check import check_project
from prodlabel.operations.importing import ImportSettings, import_catalogue
from prodlabel.operations.repair import repair
from prodlabel.operations.steps import layout_in_use
from prodlabel.operations.suggest import classifier_in_use
from prodlabel.operations.train import TrainOutcome, TrainSettings, keep
from prodlabel.project import safety
from prodlabel.project.project import Project
from prodlabel.project.results import CLASSIFIER, LAYOUT
from prodlabel.project.safety import PendingBackup
from prodlabel.store import backups as stored_backups
from prodlabel.store.database import DATABASE_NAME
from tests.project.conftest import records


def findings(folder: Path) -> list[str]:
    with Project.open(folder) as project:
        return check_project(project.snapshot(), Progress())


def keep_version(project: Project, mark: float) -> int:
    """Keep a classifier that is known by the numbers in it."""
    classifier = FusionClassifier()
    classifier.classes_, classifier.prior_ = np.array([2, 3]), np.full(2, mark)
    classifier.held_out_probabilities_ = np.zeros((0, 2))
    classifier.experts_, classifier.combinations_ = {}, {}
    outcome = TrainOutcome(classifier, np.array([mark]), TrainSettings(), None, None, np.arange(2))
    return keep(project, outcome)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A closed project of six products of which two were decided."""
    with Project.create(tmp_path / "small", person="Ada") as project:
        source_id = project.register_source(kind="table", location="shop.csv", title="shop.csv")
        project.apply(ImportBatch(source_id, records()))
        project.apply(Relabel(project.columns.product_id[:2], 2))
        return project.folder


def test_a_backup_says_what_it_holds(folder: Path) -> None:
    with Project.open(folder) as project:
        back_up(project, Progress())
        (held,) = list_contents(folder)
    assert (held.products, held.labelled, held.decided, held.categories, held.edits) == (6, 5, 2, 4, 2)
    assert held.last_steps[0].person == "Ada"
    assert held.last_steps[0].summary.startswith("Relabel 2 products")
    assert (held.reason, held.problem) == ("by-hand", "")


def test_a_restore_brings_back_and_is_itself_taken_back_by_a_restore(folder: Path) -> None:
    with Project.open(folder) as project:
        back_up(project, Progress())
        project.apply(Relabel(project.columns.product_id[3:4], 3, Status.CONFIRMED))
        later = project.columns.category.copy()
    (held,) = list_contents(folder)
    restored = restore(folder, held.path, Progress())
    with Project.open(folder) as project:
        assert project.last_edit == 2
        assert not np.array_equal(project.columns.category, later)
    assert restored.kept is not None
    assert list_contents(folder)[0].reason == "before-restore"
    restore(folder, restored.kept, Progress())
    with Project.open(folder) as project:
        assert np.array_equal(project.columns.category, later)
        assert project.last_edit == 3
    assert findings(folder) == []
    assert not list(folder.glob("*set-aside*"))


def test_going_back_and_forth_again_finds_the_classifiers(folder: Path) -> None:
    with Project.open(folder) as project:
        back_up(project, Progress())
        keep_version(project, 7.0)
    (before,) = list_contents(folder)
    restored = restore(folder, before.path, Progress())
    with Project.open(folder) as project:
        assert project.results.list() == []
        keep_version(project, 8.0)
    assert restored.kept is not None
    restore(folder, restored.kept, Progress())
    with Project.open(folder) as project:
        (version,) = project.results.list(CLASSIFIER)
        assert classifier_in_use(project).classifier.prior_.tolist() == [7.0, 7.0]
        assert project.results.load(version)["thresholds"].tolist() == [7.0]
    assert findings(folder) == []


def test_a_map_that_was_thinned_out_since_a_backup_is_made_again_after_going_back(folder: Path) -> None:
    xy = {"product_id": np.arange(1, 7), "xy": np.zeros((6, 2), np.float32)}
    with Project.open(folder) as project:
        project.results.save(LAYOUT, "fused", xy)
        project.results.save(LAYOUT, "text", xy)
        made = back_up(project, Progress())
        for _ in range(4):
            project.results.save(LAYOUT, "fused", xy)
    restore(folder, made.path, Progress())
    with Project.open(folder) as project:
        assert layout_in_use(project, "fused") is None
        assert layout_in_use(project, "text") is not None
    assert findings(folder) == []


def test_files_that_no_backup_names_any_more_are_deleted(folder: Path) -> None:
    with Project.open(folder) as project:
        made = back_up(project, Progress())
        keep_version(project, 7.0)
    restored = restore(folder, made.path, Progress())
    for rubbish in ("results", "classifiers/fusion-1"):
        (folder / rubbish).mkdir(parents=True, exist_ok=True)
    (folder / "results" / f"layout-{'0' * 32}.npz").write_bytes(b"left by a kill")
    (folder / "results" / "mine.npz").write_bytes(b"put there by hand")
    Project.open(folder).close()
    assert sorted(path.name for path in (folder / "results").iterdir()) == ["mine.npz"]
    assert len(list((folder / "classifiers").iterdir())) == 2, "the version's folder and its arrays"
    assert restored.kept is not None
    restored.kept.write_bytes(b"SQLite format 3\0" + bytes(200))
    Project.open(folder).close()
    assert len(list((folder / "classifiers").iterdir())) == 2, "who knows what it named"
    restored.kept.unlink()
    Project.open(folder).close()
    assert list((folder / "classifiers").iterdir()) == []


def test_a_damaged_project_that_is_set_aside_keeps_its_classifiers(folder: Path) -> None:
    with Project.open(folder) as project:
        back_up(project, Progress())
        keep_version(project, 7.0)
    database = folder / DATABASE_NAME
    whole = database.read_bytes()
    database.write_bytes(b"rubbish" * 1000)
    repair(folder, Progress())
    (aside,) = folder.glob("project.*-*.sqlite")
    Project.open(folder).close()
    aside.unlink()
    database.write_bytes(whole)  # somebody had a copy
    with Project.open(folder) as project:
        assert classifier_in_use(project).classifier.prior_.tolist() == [7.0, 7.0]


def test_an_open_project_is_not_restored_under_the_hands_of_somebody(folder: Path) -> None:
    with Project.open(folder) as project:
        made = back_up(project, Progress())
        with pytest.raises(ProjectLockedError):
            restore(folder, made.path, Progress())


def test_a_damaged_project_is_restored_and_its_file_stays(folder: Path) -> None:
    with Project.open(folder) as project:
        made = back_up(project, Progress())
    (folder / DATABASE_NAME).write_bytes(b"rubbish" * 1000)
    restored = restore(folder, made.path, Progress())
    assert findings(folder) == []
    assert restored.kept is not None
    assert restored.kept.read_bytes() == b"rubbish" * 1000


def test_without_room_for_the_present_state_nothing_is_restored(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Project.open(folder) as project:
        made = back_up(project, Progress())
        project.undo()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(stored_backups, "_flush", full)
    with pytest.raises(ProjectError, match=r"nothing was changed.*Free some disk space"):
        restore(folder, made.path, Progress())
    monkeypatch.undo()
    with Project.open(folder) as project:
        assert project.last_edit == 3


def test_a_backup_of_a_stranger_is_refused(folder: Path, tmp_path: Path) -> None:
    with Project.open(folder) as project:
        made = back_up(project, Progress())
    with pytest.raises(InputError, match="no backup of this project"):
        restore(folder, tmp_path / made.path.name, Progress())
    with closing(sqlite3.connect(made.path)) as connection:
        connection.execute("CREATE TRIGGER t AFTER INSERT ON label BEGIN DELETE FROM label; END")
        connection.commit()
    (held,) = list_contents(folder)
    assert "that prodlabel did not write" in held.problem
    with pytest.raises(ProjectDamagedError):
        restore(folder, made.path, Progress())


def test_a_backup_is_chosen_by_number_or_name(folder: Path) -> None:
    with Project.open(folder) as project:
        back_up(project, Progress())
    contents = list_contents(folder)
    assert choose(contents, "1") is contents[0]
    assert choose(contents, contents[0].path.name) is contents[0]
    for name in ("2", "", "x", "0"):
        with pytest.raises(InputError, match="list"):
            choose(contents, name)


def test_an_import_is_preceded_by_a_backup_unless_nothing_changed_since(folder: Path, tmp_path: Path) -> None:
    catalogue = tmp_path / "more.csv"
    catalogue.write_text("key,name,category\nz1,Vase 1,Vases\n", encoding="utf-8")
    with Project.open(folder) as project:
        import_catalogue(project, ImportSettings(catalogue), Progress())
        import_catalogue(project, ImportSettings(catalogue), Progress())
        import_catalogue(project, ImportSettings(catalogue), Progress())
    held = list_contents(folder)
    assert [(one.reason, one.products) for one in held] == [("before-import", 7), ("before-import", 6)]


def test_the_first_import_needs_none(tmp_path: Path) -> None:
    catalogue = tmp_path / "more.csv"
    catalogue.write_text("key,name,category\nz1,Vase 1,Vases\n", encoding="utf-8")
    with Project.create(tmp_path / "new") as project:
        import_catalogue(project, ImportSettings(catalogue), Progress())
        assert list_contents(project.folder) == []


def test_the_moment_of_a_backup_is_before_the_step_however_late_it_is_copied(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(safety, "BULK", 4)
    with Project.open(folder) as project:
        source_id = next(iter(project.sources))
        waiting: list[PendingBackup] = []
        project.keep_backup = waiting.append
        before = project.columns.category.copy()
        project.apply(Relabel(project.columns.product_id[:3], 1))
        assert not waiting
        project.apply(Relabel(project.columns.product_id[:5], 2))
        project.apply(ImportBatch(source_id, records(20)))
        waiting[0].keep(Progress())
        (held,) = list_contents(folder)
        assert (held.reason, held.products, held.edits) == ("before-relabel", 6, 3)
        project.apply(Relabel(project.columns.product_id[:5], 3))
        assert len(waiting) == 1, "one backup in ten minutes is enough"
    restore(folder, held.path, Progress())
    with Project.open(folder) as project:
        assert project.undo() is not None
        assert np.array_equal(project.columns.category, before)


def _undo(project: Project) -> None:
    project.undo()


def _accept_in_the_api(project: Project) -> None:
    Shop(project).apply(Relabel(project.columns.product_id[:5], 3))


def _move(project: Project) -> None:
    project.apply(Relabel(project.columns.product_id[:3], 2))
    project.apply(ChangeCategory(2, {"parent": None if project.taxonomy[2].parent else 3}))


@pytest.mark.parametrize("step", [_undo, _accept_in_the_api, _move])
def test_every_way_to_change_much_is_preceded_by_a_backup(
    folder: Path, step: Callable[[Project], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    with Project.open(folder) as project:
        project.apply(Relabel(project.columns.product_id, 1))
        monkeypatch.setattr(safety, "BULK", 3)
        waiting: list[PendingBackup] = []
        project.keep_backup = waiting.append
        step(project)
        assert len(waiting) == 1
        waiting[0].close()


def test_a_restore_that_was_killed_is_finished_by_opening(folder: Path) -> None:
    with Project.open(folder) as project:
        made = back_up(project, Progress())
        project.undo()
    (folder / "project.sqlite.restoring").write_bytes(made.path.read_bytes())
    (folder / DATABASE_NAME).rename(folder / "project.set-aside-20260101-000000.sqlite")
    (folder / "backups" / "20260101-000000-000-x.sqlite.partial").write_bytes(b"half")
    with pytest.raises(ProjectError):
        Project.open(folder, read_only=True)
    with Project.open(folder) as project:
        assert project.last_edit == 2
    assert findings(folder) == []
    assert not list((folder / "backups").glob("*.partial"))


def test_old_backups_go_when_all_together_are_too_large(folder: Path) -> None:
    with Project.open(folder) as project:
        for _ in range(5):
            made = back_up(project, Progress())
    assert len(stored_backups.thin_backups(folder / "backups", most_bytes=1)) == 2
    assert list_contents(folder)[0].path == made.path
