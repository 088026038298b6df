"""A window that is killed is told of at the next start, with all that was decided and where somebody was."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from prodlabel.gui.after_crash import show_ended
from prodlabel.gui.main_window import MainWindow
from prodlabel.gui.running import FOLDER, RunningMark, ScrubbedFormatter, take_ended
from tests.gui import killed_window
from tests.gui.conftest import OpenWindow
from tests.gui.projects import make_project

ROOT = Path(__file__).resolve().parents[2]


def start(*arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", killed_window.__name__, *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def look(settings: Path) -> dict[str, Any]:
    process = start("look", settings)
    out, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    told: dict[str, Any] = {}
    for line in out.splitlines():
        told |= json.loads(line)
    return told


def test_the_log_does_not_drive_the_terminal_that_it_is_shown_in() -> None:
    record = logging.LogRecord(
        "x", logging.WARNING, "x.py", 1, "%s is damaged", ("a\x1b]0;owned\x07\x9b31m",), None
    )
    assert not set("\x1b\x07\x9b") & set(ScrubbedFormatter().format(record))


def test_a_killed_window_comes_back_as_it_was(tmp_path: Path) -> None:
    project = make_project(tmp_path / "small")
    ids = project.columns.product_id
    project.close()
    settings = tmp_path / "settings"
    process = start("work", settings, project.folder)
    assert process.stdout is not None
    try:
        said = process.stdout.readline().strip()
    finally:
        process.kill()
        errors = process.communicate()[1]
    assert said == killed_window.READY, errors
    told = look(settings)
    assert "“small” was open" in told["said"]
    assert told["step"] in told["said"]
    assert "Relabel 3 products" in told["said"]
    assert "all 2 entries" in told["said"]
    assert "app_key=" in told["report"]
    assert "abcdef123" not in told["report"]
    assert str(Path.home()) + "/shop" not in told["report"]
    assert told["selection"] == ids[[1, 4, 7]].tolist()
    assert told["focus"] == ids[4]
    assert told["outlook"][2] == pytest.approx(3.0)
    assert told["history"]
    # That window was closed: nothing is told of it.
    assert look(settings)["said"] == ""
    assert list((settings / FOLDER).iterdir()) == []


def test_what_was_under_way_when_it_was_killed_is_named(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_window()
    window.show_project(make_project(tmp_path / "small"))
    mark = RunningMark(tmp_path / "marks")
    mark.begin()
    window.remembering.note_jobs = mark.set_jobs
    mark.set_project(str(tmp_path / "small.prodlabel"))
    go_on = threading.Event()
    task = window.tasks.start("Reading <b>shop.csv</b>", lambda _progress: go_on.wait(30))
    window.remembering.keep()
    written = next((tmp_path / "marks" / FOLDER).glob("*.json"))
    try:
        qtbot.waitUntil(lambda: "shop.csv" in written.read_text(encoding="utf-8"))
        left = written.read_text(encoding="utf-8")
    finally:
        go_on.set()
    qtbot.waitUntil(lambda: task.is_over)
    window.remembering.keep()
    qtbot.waitUntil(lambda: "shop.csv" not in written.read_text(encoding="utf-8"))
    mark.end()
    mark.set_jobs(("too late",))
    assert list((tmp_path / "marks" / FOLDER).iterdir()) == []
    written.write_text(left, encoding="utf-8")  # as if it had been killed in the middle
    written.with_suffix(".lock").touch()
    dialog = show_ended(window, take_ended(tmp_path / "marks"))
    before = dialog.height()
    qtbot.waitUntil(lambda: not window.tasks.running)
    assert "Reading <b>shop.csv</b>. Start it again" in dialog.said.text(), dialog.said.text()
    assert "the one entry" in dialog.said.text()
    assert dialog.said.textFormat() == Qt.TextFormat.PlainText
    assert dialog.height() > before
    assert dialog.said.height() >= dialog.said.heightForWidth(dialog.said.width())
    dialog.close()


def test_a_closed_project_opens_where_it_was_left(open_window: OpenWindow, tmp_path: Path) -> None:
    window = open_window()
    project = make_project(tmp_path / "small")
    window.show_project(project)
    assert window.workplace is not None
    window.workplace.session.select_rows(np.array([2, 9]))
    window.workplace.map.view.zoom_by(2.0)
    outlook = window.workplace.map.view.outlook
    assert outlook is not None
    window.show_place("review")
    window.close_project()
    assert window.open_project(project.folder)
    assert window.workplace.session.selected_rows.tolist() == [2, 9]
    assert window.place == "review"
    assert window.workplace.map.view.outlook == pytest.approx(outlook)


def test_what_cannot_be_understood_is_left_alone(window: MainWindow, tmp_path: Path) -> None:
    assert window.workplace is not None
    folder = window.workplace.session.project.folder
    window.close_project()
    for view in (tmp_path / "settings" / "views").glob("*.json"):
        view.write_text(json.dumps({"place": 3, "selection": "!!", "focus": "x", "outlook": [1, "a"]}))
    assert window.open_project(folder)
    marks = tmp_path / "marks" / FOLDER
    marks.mkdir(parents=True)
    (marks / "1-1.lock").touch()
    (marks / "1-1.json").write_text('{"project": 3}')
    assert take_ended(tmp_path / "marks") == []
    assert list(marks.iterdir()) == []


def test_the_report_is_shown_and_copied(open_window: OpenWindow, qtbot: QtBot, tmp_path: Path) -> None:
    marks = tmp_path / FOLDER
    marks.mkdir()
    (marks / "1-1.lock").touch()
    (marks / "1-1.json").write_text(json.dumps({"project": str(tmp_path / "gone"), "started": 1e9}))
    (marks / "1-1.trace").write_text("Fatal Python error: Segmentation fault")
    window = open_window()
    dialog = show_ended(window, take_ended(tmp_path))
    qtbot.waitUntil(lambda: not window.tasks.running)
    assert "There is no project at" in dialog.said.text()
    assert not dialog.report.isVisible()
    dialog.show_report.click()
    assert dialog.report.isVisible()
    dialog.copy.click()
    assert "Segmentation fault" in QApplication.clipboard().text()
    dialog.close()


def test_the_log_names_nobody() -> None:
    try:
        raise KeyError(f"{Path.home()}/shop for Grace, password=hunter2")
    except KeyError:
        record = logging.LogRecord(
            "prodlabel", logging.ERROR, "x.py", 1, "Grace at %s", ("ada@shop.org",), sys.exc_info()
        )
    line = ScrubbedFormatter(["Grace"]).format(record)
    assert "KeyError" in line
    for gone in ("Grace", "ada@", "hunter2", f"{Path.home()}/shop"):
        assert gone not in line
