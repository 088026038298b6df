"""A project that a stranger sends: whatever paths its database and its folders hold, nothing outside is read,
overwritten, deleted or passed on."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from prodlabel.core.edits import ImportBatch
from prodlabel.core.errors import ProjectDamagedError
from prodlabel.core.products import ProductRecord
from prodlabel.core.progress import Progress
from prodlabel.operations.backups import list_contents
from prodlabel.operations.export import export_project
from prodlabel.operations.pictures import look_at_pictures, picture_loader
from prodlabel.operations.repair import repair
from prodlabel.operations.suggest import classifier_in_use
from prodlabel.project.project import Project
from prodlabel.project.results import CLASSIFIER, LAYOUT
from prodlabel.store.database import DATABASE_NAME
from prodlabel.store.vectors import VectorStore, key_array

XY = {"xy": np.zeros((6, 2), np.float32)}

needs_links = pytest.mark.skipif(sys.platform == "win32", reason="links need rights of their own there")


@pytest.fixture
def victim(tmp_path: Path) -> Iterator[Path]:
    """A file beside the project that has to be there, and the same, when the test is over."""
    path = tmp_path / "victim.txt"
    path.write_text("mine", encoding="utf-8")
    yield path
    assert path.read_text(encoding="utf-8") == "mine"


def write_sql(project: Project, statement: str) -> None:
    with closing(sqlite3.connect(project.folder / DATABASE_NAME)) as connection:
        connection.execute(statement)
        connection.commit()


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such files there")
@pytest.mark.parametrize("where", ["vectors/x/block.json", "backups/20260101-000000-000-x.sqlite"])
def test_a_pipe_is_refused_before_anybody_waits_for_it(project: Project, where: str) -> None:
    project.close()
    pipe = project.folder / where
    pipe.parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(pipe)
    with pytest.raises(ProjectDamagedError, match="neither a file nor a folder"):
        Project.open(project.folder, read_only=True)
    with pytest.raises(ProjectDamagedError, match="neither a file nor a folder"):
        list_contents(project.folder)
    with pytest.raises(ProjectDamagedError, match="neither a file nor a folder"):
        repair(project.folder, Progress())


@needs_links
@pytest.mark.parametrize("where", ["vectors/minilm-1/vectors.bin", "classifiers/fusion-1/deeper"])
def test_a_link_is_refused_however_deep_it_lies(project: Project, victim: Path, where: str) -> None:
    with VectorStore.open(project.folder / "vectors", "minilm", "1", 2, writable=True) as block:
        block.append(key_array([b"0" * 16]), np.ones((1, 2), np.float32))
    project.close()
    link = project.folder / where
    link.parent.mkdir(parents=True, exist_ok=True)
    link.unlink(missing_ok=True)
    link.symlink_to(victim)
    for read_only in (False, True):
        with pytest.raises(ProjectDamagedError, match=f"{Path(where)}.* is a link"):
            Project.open(project.folder, read_only=read_only)


@pytest.mark.parametrize("named", ["../victim.txt", DATABASE_NAME, "", "results", "results/../../victim.txt"])
def test_what_a_result_names_outside_its_folder_is_not_deleted_with_it(
    project: Project, victim: Path, named: str
) -> None:
    project.results.save(LAYOUT, "fused", XY)
    write_sql(project, f"UPDATE result SET file = '{named}', settings = '{{\"folder\": \"{named}\"}}'")
    project.close()
    with Project.open(project.folder) as theirs:
        for _ in range(4):
            theirs.results.save(LAYOUT, "fused", XY)
        assert len(theirs.results.list()) == 3
        assert len(list((project.folder / "results").iterdir())) == 3
        assert len(theirs.columns) == 6


def test_a_repair_drops_a_result_that_names_a_file_outside(project: Project, tmp_path: Path) -> None:
    project.results.save(LAYOUT, "fused", XY)
    outside = tmp_path / "outside.npz"
    next((project.folder / "results").iterdir()).rename(outside)
    write_sql(project, "UPDATE result SET file = '../outside.npz'")
    project.close()
    assert repair(project.folder, Progress()) == ["Lost and to be computed again: layout “fused”."]
    assert outside.is_file()


def test_a_classifier_outside_of_the_project_is_not_loaded(project: Project, tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    project.results.save(CLASSIFIER, "fusion", XY, settings={"folder": "../theirs"})
    with pytest.raises(ProjectDamagedError, match=r"outside of itself \(../theirs\)"):
        classifier_in_use(project)
    assert (tmp_path / "theirs").is_dir()


@needs_links
@pytest.mark.parametrize("kind", ["huggingface", "folders"])
def test_an_export_takes_along_pictures_of_the_picture_folder_and_nothing_else(
    tmp_path: Path, victim: Path, kind: str
) -> None:
    folder = tmp_path / "private"
    folder.mkdir()
    (folder / "cup.png").write_bytes(b"a picture")
    (folder / "passwords").write_text("secret", encoding="utf-8")
    (folder / "linked.png").symlink_to(victim)
    with Project.create(tmp_path / "theirs") as project:
        source = project.register_source(kind="table", location="x.csv", title="x", picture_folder=folder)
        pictures = ("cup.png", "passwords", "linked.png", "../victim.txt", str(victim))
        records = (
            ProductRecord(f"k{at}", "cup", "", ("Cups",), picture=one) for at, one in enumerate(pictures)
        )
        project.apply(ImportBatch(source, tuple(records)))
        export_project(project, tmp_path / "out", Progress(), kind=kind)
        assert [load is not None for load in map(picture_loader(project.snapshot(), 8), range(5))] == [
            False
        ] * 5
        assert look_at_pictures(project, Progress()).unusable == 5
    copied = [path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert copied.count(b"a picture") == 1
    assert not {b"secret", b"mine"} & set(copied)
