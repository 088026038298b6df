"""Closing the window while real jobs run asks nothing and loses nothing."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from prodlabel.core.labels import Status
from prodlabel.gui.filters import DATE
from prodlabel.gui.main_window import MainWindow
from prodlabel.project.project import Project
from tests.gui.projects import make_project

OpenWindow = Callable[[], MainWindow]


def close(window: MainWindow) -> None:
    """As with the cross in its corner: it is gone at once, and nothing asks."""
    assert window.close()
    assert not [one for one in QApplication.topLevelWidgets() if isinstance(one, QDialog) and one.isVisible()]
    assert not window.tasks.running
    assert not multiprocessing.active_children()
    assert not [one.name for one in threading.enumerate() if one.name.startswith("task ")]


def test_during_an_import_what_came_in_stays_and_the_next_import_brings_the_rest(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    count = 25_000  # enough to still be coming in when the window hears of the first
    lines = ["id,name,category", *(f"P{number},cup {number},Cups {number % 40}" for number in range(count))]
    table = tmp_path / "shop.csv"
    table.write_text("\n".join(lines), encoding="utf-8")
    made = open_window()
    made.show_project(Project.create(tmp_path / "half"))
    assert made.workplace is not None
    project = made.workplace.session.project
    made.commands.study(table)
    qtbot.waitUntil(lambda: project.last_edit > 2, timeout=30_000)
    close(made)
    with Project.open(tmp_path / "half") as again:
        came_in = len(again.columns)
        assert 0 < came_in < count
        assert again.undo_text() == f"Import of {came_in} products"
        assert [text.name for text in again.texts([0])] == ["cup 0"]
    later = open_window()
    assert later.open_project(tmp_path / "half.prodlabel")
    later.commands.study(table)
    assert later.workplace is not None
    heard = later.workplace.session
    qtbot.waitUntil(lambda: len(heard.columns) == count, timeout=60_000)


@pytest.mark.slow
def test_while_a_map_is_made_decisions_stay(open_window: OpenWindow, qtbot: QtBot, tmp_path: Path) -> None:
    made = open_window()
    made.show_project(make_project(tmp_path / "busy", with_map=False))
    assert made.workplace is not None
    heard = made.workplace.session
    made.actions_table["make_map"].trigger()
    qtbot.waitUntil(lambda: any(task.state is not None for task in made.tasks.running), timeout=60_000)
    target = int(heard.columns.category[50])
    heard.select_rows(np.arange(5))
    heard.propose(target, is_forced=True)
    assert heard.apply_plan() == 5
    heard.mark(9, Status.FLAGGED)
    close(made)
    with Project.open(tmp_path / "busy") as again:
        assert (again.columns.category[:5] == target).all()
        assert again.columns.status[8] == Status.FLAGGED
        assert again.undo() is not None
        assert again.undo_text() == "Relabel 5 products → Lamp"


def test_closing_the_project_during_an_import_leaves_nothing_behind_that_reads_it(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    lines = ["id,name,category", *(f"P{number},cup {number},Cups" for number in range(4000))]
    table = tmp_path / "shop.csv"
    table.write_text("\n".join(lines), encoding="utf-8")
    made = open_window()
    made.show_project(Project.create(tmp_path / "half"))
    assert made.workplace is not None
    project = made.workplace.session.project
    made.commands.study(table)
    qtbot.waitUntil(lambda: project.last_edit > 2, timeout=30_000)
    made.actions_table["close_project"].trigger()
    assert made.workplace is None
    assert not made.tasks.running


def test_what_a_job_brings_reaches_the_panes_that_were_built_meanwhile(
    window: MainWindow, qtbot: QtBot
) -> None:
    before = window.workplace
    assert before is not None
    crashes: list[str] = []
    window.messages.crashed.connect(crashes.append)
    before.map.values_wanted.emit(DATE)
    assert window.tasks.running
    window.rebuild()
    later = window.workplace
    assert later is not None
    assert later is not before
    qtbot.waitUntil(lambda: not window.tasks.running, timeout=20_000)
    assert not crashes
    assert DATE in later.session.computed.facets


def test_another_language_waits_for_an_import_instead_of_ending_it(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    lines = ["id,name,category", *(f"P{number},cup {number},Cups" for number in range(2000))]
    table = tmp_path / "shop.csv"
    table.write_text("\n".join(lines), encoding="utf-8")
    made = open_window()
    made.show_project(Project.create(tmp_path / "half"))
    before = made.workplace
    assert before is not None
    made.commands.study(table)
    made.settings.set("language", "fr")
    qtbot.waitUntil(lambda: made.workplace is not before, timeout=60_000)
    assert made.workplace is not None
    assert len(made.workplace.session.columns) == 2000
