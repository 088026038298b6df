"""A dying disk, a folder that goes away, a clock that goes back, a copy made while open: nothing is lost, and
what is said helps."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from prodlabel.core.edits import AddCategory, ImportBatch, Relabel
from prodlabel.core.errors import ProjectError
from prodlabel.core.progress import Progress
from prodlabel.operations.backups import back_up, list_contents
from prodlabel.operations.check import check_project
from prodlabel.operations.repair import repair
from prodlabel.project.project import Project
from prodlabel.store import atomic
from prodlabel.store import database as store
from tests.project.conftest import records
from tests.torture.worker import digest


class Disk:
    """Counts what SQLite is asked for and lets the n-th request fail, as a dying disk does, or each wait."""

    def __init__(self) -> None:
        self.fails_at = 0
        self.code = sqlite3.SQLITE_IOERR
        self.asked = 0
        self.wait_s = 0.0

    def ask(self) -> None:
        time.sleep(self.wait_s)
        self.asked += 1
        if self.asked == self.fails_at:
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorcode = self.code
            raise error


DISK = Disk()


class _Cursor(sqlite3.Cursor):
    def execute(self, *given: Any) -> Any:
        DISK.ask()
        return super().execute(*given)

    def executemany(self, *given: Any) -> Any:
        DISK.ask()
        return super().executemany(*given)


class _Connection(sqlite3.Connection):
    def cursor(self, *_: Any) -> Any:
        return super().cursor(_Cursor)

    def commit(self) -> None:
        DISK.ask()
        super().commit()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    """Thirty products on a disk whose requests can be made to fail."""
    real = sqlite3.connect
    monkeypatch.setattr(
        store.sqlite3, "connect", lambda *given, **more: real(*given, **{"factory": _Connection, **more})
    )
    DISK.fails_at = 0
    with Project.create(tmp_path / "small", person="Ada") as made:
        source_id = made.register_source(kind="table", location="shop.csv", title="shop.csv")
        made.apply(ImportBatch(source_id, records(30)))
        made.apply(Relabel(made.columns.product_id[:3], 2))
        yield made
    DISK.fails_at = 0


ACTS: dict[str, Callable[[Project], object]] = {
    "relabel": lambda p: p.apply(Relabel(p.columns.product_id[5:15], 3)),
    "category": lambda p: p.apply(AddCategory("Vases")),
    "import": lambda p: p.apply(ImportBatch(1, records(60))),
    "undo": lambda p: p.undo(),
}


@pytest.mark.parametrize("code", [sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY])
@pytest.mark.parametrize("name", sorted(ACTS))
def test_an_error_at_any_request_leaves_no_trace_and_helps(project: Project, name: str, code: int) -> None:
    heard: list[object] = []
    project.subscribe(heard.append)
    said: list[str] = []
    before, last = digest(project), project.last_edit
    for number in count(1):
        DISK.code, DISK.asked, DISK.fails_at = code, 0, number
        try:
            ACTS[name](project)
        except ProjectError as error:
            said.append(str(error))
        else:
            break
        finally:
            DISK.fails_at = 0
        assert (digest(project), project.last_edit, heard) == (before, last, [])
        assert check_project(project.snapshot(), Progress()) == []
    assert len(said) >= 4
    assert all("Free some" in one or "permissions" in one for one in said), said
    assert project.last_edit > last
    assert check_project(project.snapshot(), Progress()) == []
    with Project.open(project.folder, read_only=True) as again:
        assert digest(again) == digest(project)


@pytest.mark.parametrize("name", sorted(ACTS))
def test_on_a_slow_disk_others_read_what_was_before_or_what_is_after(
    project: Project, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(DISK, "wait_s", 0.01)
    seen, is_over = {digest(project)}, threading.Event()

    def look() -> None:
        while not is_over.is_set():
            with Project.open(project.folder, read_only=True) as other:
                seen.add(digest(other))

    expected = set(seen)
    with ThreadPoolExecutor(1) as pool:
        looking = pool.submit(look)
        try:
            ACTS[name](project)
        finally:
            is_over.set()
        looking.result()
    expected.add(digest(project))
    assert seen <= expected
    assert len(expected) == 2
    monkeypatch.setattr(DISK, "wait_s", 0.0)
    assert check_project(project.snapshot(), Progress()) == []


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_result_that_cannot_be_written_is_not_named(
    project: Project, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        if call == "fsync":
            patch.setattr(atomic.os, "fsync", full)
        else:
            patch.setattr(atomic, "replace_file", full)
        with pytest.raises(ProjectError, match="Free some disk space"):
            project.results.save("layout", "fused", {"xy": np.zeros(3)})
    assert project.results.list() == []
    assert not list((project.folder / "results").iterdir())
    assert check_project(project.snapshot(), Progress()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps open files where they are")
def test_a_folder_that_is_removed_while_open_is_said(project: Project) -> None:
    shutil.rmtree(project.folder)
    before = project.columns
    for act in ACTS.values():
        with pytest.raises(ProjectError, match="is gone"):
            act(project)
    assert project.columns is before
    with pytest.raises(ProjectError):
        project.begin_backup("by-hand")
    with pytest.raises(ProjectError):
        project.results.save("layout", "fused", {"xy": np.zeros(3)})
    with pytest.raises(ProjectError, match="There is no project"):
        Project.open(project.folder)


def test_a_clock_that_goes_back_changes_neither_order_nor_state(tmp_path: Path) -> None:
    times = iter(range(10**15, 0, -(10**9)))
    with Project.create(tmp_path / "late", clock=lambda: next(times)) as project:
        source_id = project.register_source(kind="table", location="x.csv", title="x.csv")
        project.apply(ImportBatch(source_id, records(30)))
        project.apply(Relabel(project.columns.product_id[:3], 2))
        project.apply(Relabel(project.columns.product_id[:3], 3))
        project.undo()
        assert [entry.id for entry in project.history()] == [4, 3, 2, 1]
        assert set(project.columns.category[:3].tolist()) == {2}
        assert project.redo() is not None
        assert set(project.columns.category[:3].tolist()) == {3}
        assert check_project(project.snapshot(), Progress()) == []
        back_up(project, Progress())
        assert list_contents(project.folder)[0].edits == 5


def test_a_copy_made_while_open_is_whole_or_is_rescued(project: Project, tmp_path: Path) -> None:
    copy = tmp_path / "copy.prodlabel"
    copy.mkdir()
    (copy / "project.sqlite").write_bytes((project.folder / "project.sqlite").read_bytes())
    # Between the two files of a copy somebody went on working.
    project.apply(Relabel(project.columns.product_id[5:15], 3))
    (copy / "project.sqlite-wal").write_bytes((project.folder / "project.sqlite-wal").read_bytes())
    repair(copy, Progress())
    with Project.open(copy) as copied:
        assert len(copied.columns) == 30
        assert check_project(copied.snapshot(), Progress()) == []
