"""A curator's morning: open, search, select, relabel, undo, redo, close, open again."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np

if sys.platform.startswith("linux") and not os.environ.get("DISPLAY"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from prodlabel.core.labels import Status
from prodlabel.gui.application import Look
from prodlabel.gui.main_window import MainWindow
from prodlabel.project.project import Project
from tests.gui.projects import make_project


def test_a_morning_with_the_catalogue_survives_a_restart(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = tmp_path / "shop.prodlabel"
    make_project(folder).close()
    look = Look(qapp, tmp_path / "settings")
    window = MainWindow(look.settings, look.appearance)
    window.show()
    assert window.open_project(folder)
    place = window.workplace
    assert place is not None
    session, search = place.session, window.top.search

    qtbot.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    with qtbot.waitSignal(search.answered):
        qtbot.keyClicks(search.edit, "lamp")
    assert session.visible.sum() == 20
    qtbot.keyClick(search.edit, Qt.Key.Key_Return)
    qtbot.keyClick(window, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert session.selection.rows.count == 20

    lamp = session.taxonomy.find(("Shop", "Lamp"))
    assert lamp is not None
    qtbot.keyClick(window, session.styles.digit(lamp) or "")
    qtbot.keyClick(window, Qt.Key.Key_Return)
    rows = session.selected_rows
    assert (session.columns.category[rows] == lamp).all()
    assert (session.columns.status[rows] == Status.CONFIRMED).all()
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert (session.columns.category[rows] == lamp).sum() == 19
    qtbot.keyClick(window, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    labels = session.columns.category.copy()
    window.close()

    with Project.open(folder) as again:
        assert np.array_equal(again.columns.category, labels)
        assert again.undo_text() == "Relabel 20 products → Lamp"
    assert look.settings["recent_projects"] == [str(folder)]
    window.deleteLater()
    look.appearance.deleteLater()
    look.deleteLater()
