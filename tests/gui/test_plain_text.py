"""What strangers wrote is never read as rich text: no label or tool tip of the window shows it as HTML."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from prodlabel.core.edits import ImportBatch
from prodlabel.core.products import ProductRecord
from prodlabel.gui.main_window import MainWindow
from prodlabel.gui.place_names import REVIEW, TRAINING
from prodlabel.project.project import Project
from tests.gui.projects import add_results, make_pictures

MARK = "<b>EVIL"
EVIL = "<b>EVIL</b><img src='file:///x.png'>"


def widgets() -> Iterator[QWidget]:
    for top in QApplication.topLevelWidgets():
        yield top
        yield from top.findChildren(QWidget)


def read_as_html() -> set[str]:
    """Widgets that would show the evil text as rich text: Qt guesses where it was not told."""
    found = set()
    for one in widgets():
        name = f"{type(one).__name__} {one.objectName()}"
        is_evil = isinstance(one, QLabel) and MARK in one.text()
        if is_evil and one.textFormat() is not Qt.TextFormat.PlainText:
            found.add(f"{name}: {one.text()[:60]}")
        if MARK in one.toolTip() and not one.toolTip().startswith("<qt>"):
            found.add(f"tool tip of {name}: {one.toolTip()[:60]}")
        if isinstance(one, QMessageBox) and MARK in one.text():
            found.add(f"a message box: {one.text()[:60]}")
    return found


def evil_project(folder: Path) -> Project:
    """Sixty products in which every text is markup."""
    pictures = make_pictures(folder.parent)
    project = Project.create(folder, person=EVIL)
    source = project.register_source(
        kind="table", location=f"{EVIL}.csv", title=f"{EVIL}.csv", picture_folder=pictures
    )
    words = ("cup", "bag", "lamp")
    made = tuple(
        ProductRecord(
            f"{EVIL}{number}",
            f"{words[number % 3]} {EVIL} {number}",
            f"{EVIL} described {number}",
            ("Shop", words[number % 3].title()),
            picture=f"{words[number % 3]}.png",
            attributes={"brand": EVIL, f"spec: {EVIL}": EVIL},
        )
        for number in range(60)
    )
    project.apply(ImportBatch(source, made))
    add_results(project)
    return project


def test_no_widget_reads_texts_of_products_as_html(
    open_window: Callable[[], MainWindow], tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window()
    window.show_project(evil_project(tmp_path / "evil"))
    qtbot.waitUntil(lambda: not window.tasks.running, timeout=20_000)
    assert window.workplace is not None
    session, found = window.workplace.session, set[str]()
    session.select_rows(np.arange(6))
    session.look_at(int(session.columns.product_id[0]))
    qtbot.wait(300)
    found |= read_as_html()
    session.propose(int(session.columns.category[-1]))
    found |= read_as_html()
    session.apply_plan()
    window.toggle_panel("history")
    window.messages.inform(EVIL)
    window.messages.warn(EVIL)
    window.status.grab()
    found |= read_as_html()
    for place in (REVIEW, TRAINING):
        window.show_place(place)
        qtbot.waitUntil(lambda: not window.tasks.running, timeout=20_000)
        found |= read_as_html()
    assert found == set()
