"""Backups in the window: made before large steps without a wait, shown with what they hold, gone back to."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from prodlabel.core.labels import Status
from prodlabel.core.progress import Progress
from prodlabel.gui.main_window import MainWindow
from prodlabel.gui.messages import Message
from prodlabel.operations.backups import list_contents
from prodlabel.operations.check import check_project
from prodlabel.project import safety
from prodlabel.project.results import LAYOUT, SUGGESTIONS
from prodlabel.store.database import DATABASE_NAME
from tests.gui.conftest import OpenWindow
from tests.gui.projects import make_project


def wait_for_work(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not window.tasks.running, timeout=20_000)


def test_going_back_from_the_dialog_and_back_again(window: MainWindow, qtbot: QtBot) -> None:
    assert window.workplace is not None
    session = window.workplace.session
    folder, before = session.project.folder, session.columns.category.copy()
    window.actions_table["backups"].trigger()
    dialog = window.safe_keeping.dialog
    assert dialog is not None
    wait_for_work(window, qtbot)
    assert dialog.said.text() == "There is no backup yet."
    qtbot.mouseClick(dialog.back_up, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.list.count() == 1, timeout=20_000)
    assert "60 products, 60 with a category" in dialog.said.text()
    assert "Import" in dialog.said.text()
    assert dialog.said.textFormat() is Qt.TextFormat.PlainText
    session.select_rows(np.arange(10))
    session.propose(int(session.columns.category[-1]))
    session.apply_plan()
    changed = session.columns.category.copy()
    assert not np.array_equal(changed, before)
    qtbot.mouseClick(dialog.restore, Qt.MouseButton.LeftButton)
    wait_for_work(window, qtbot)
    qtbot.waitUntil(lambda: window.workplace is not None, timeout=20_000)
    wait_for_work(window, qtbot)
    assert window.workplace is not None
    assert np.array_equal(window.workplace.session.columns.category, before)
    newest = list_contents(folder)[0]
    assert newest.reason == "before-restore"
    window.safe_keeping.restore(folder, newest.path)
    qtbot.waitUntil(lambda: window.workplace is not None, timeout=20_000)
    wait_for_work(window, qtbot)
    assert np.array_equal(window.workplace.session.columns.category, changed)


def test_a_large_step_is_backed_up_behind_it(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert window.workplace is not None
    session = window.workplace.session
    monkeypatch.setattr(safety, "BULK", 10)
    edits = session.project.last_edit
    session.select_rows(np.arange(30))
    session.propose(int(session.columns.category[-1]))
    session.apply_plan()
    assert session.project.last_edit > edits
    wait_for_work(window, qtbot)
    (made,) = list_contents(session.project.folder)
    assert (made.reason, made.edits) == ("before-relabel", edits)


def test_what_changed_is_backed_up_now_and_then(window: MainWindow, qtbot: QtBot) -> None:
    assert window.workplace is not None
    for _ in range(2):
        window.safe_keeping.back_up_what_changed()
        wait_for_work(window, qtbot)
    (made,) = list_contents(window.workplace.session.project.folder)
    assert made.reason == "at-work"


def test_a_damaged_project_is_offered_to_be_rescued(
    open_window: Callable[[], MainWindow], tmp_path: Path, qtbot: QtBot
) -> None:
    project = make_project(tmp_path / "small")
    project.close()
    path = project.folder / DATABASE_NAME
    content = bytearray(path.read_bytes())
    content[4096 * 8 : 4096 * 9] = b"\xff" * 4096
    path.write_bytes(content)
    window, heard = open_window(), list[Message]()
    window.messages.posted.connect(heard.append)
    assert not window.open_project(project.folder)
    offer = heard[-1].offer
    assert offer is not None
    offer.act()
    dialog = window.safe_keeping.dialog
    assert dialog is not None
    wait_for_work(window, qtbot)
    assert dialog.rescue.isVisible()
    assert not dialog.back_up.isVisible()
    qtbot.mouseClick(dialog.rescue, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.workplace is not None, timeout=20_000)
    wait_for_work(window, qtbot)
    assert any("damaged file is kept" in one.text for one in heard)


def test_backups_asked_for_twice_are_shown_once(window: MainWindow, qtbot: QtBot) -> None:
    keeping = window.safe_keeping
    keeping.open_dialog()
    first = keeping.dialog
    assert first is not None
    keeping.open_dialog()
    assert keeping.dialog is not None
    assert not first.isVisible()
    assert keeping.dialog.isVisible()
    keeping.dialog.close()
    qtbot.waitUntil(lambda: not window.tasks.running)


def test_a_backup_is_made_even_if_the_window_is_built_anew_meanwhile(
    window: MainWindow, qtbot: QtBot
) -> None:
    heard: list[str] = []
    window.messages.posted.connect(lambda message: heard.append(message.text))
    window.safe_keeping.back_up_now()
    window.rebuild()
    qtbot.waitUntil(lambda: heard == ["The backup is made."], timeout=20_000)
    wait_for_work(window, qtbot)
    assert window.workplace is not None
    (made,) = list_contents(window.workplace.session.project.folder)
    assert made.reason == "by-hand"


def test_a_project_with_damaged_results_opens_without_them_and_says_so(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    project = make_project(tmp_path / "small")
    maps = [one for one in project.results.list() if one.kind in (LAYOUT, SUGGESTIONS)]
    project.close()
    for one in maps:
        (project.folder / one.file).write_bytes(b"rubbish")
    window = open_window()
    heard: list[Message] = []
    window.messages.posted.connect(heard.append)
    assert window.open_project(project.folder)
    qtbot.waitUntil(lambda: not window.tasks.running, timeout=20_000)
    assert window.workplace is not None
    assert len(window.workplace.session.columns) == 60
    assert window.workplace.session.computed.layouts == {}
    assert window.workplace.session.computed.suggestions is None
    said = [one.text for one in heard if "is not what prodlabel wrote" in one.text]
    assert len(said) == len(set(said)) == len(maps)


def test_a_status_that_no_label_can_have_counts_as_none(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    project = make_project(tmp_path / "small")
    project.close()
    with sqlite3.connect(project.folder / DATABASE_NAME) as connection:
        connection.execute("UPDATE label SET status = 250 WHERE product_id = 3")
    connection.close()
    window = open_window()
    assert window.open_project(project.folder)
    qtbot.waitUntil(lambda: not window.tasks.running, timeout=20_000)
    assert window.workplace is not None
    session = window.workplace.session
    assert session.columns.status[session.columns.product_id == 3].tolist() == [int(Status.NONE)]
    assert any("1 labels differ" in one for one in check_project(session.project.snapshot(), Progress()))
