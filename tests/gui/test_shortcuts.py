"""Shortcuts: from the table of actions, changed in place."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLabel, QToolButton
from pytestqt.qtbot import QtBot

from prodlabel.gui.actions import ACTIONS
from prodlabel.gui.main_window import MainWindow
from tests.gui.windows import place_of


def test_every_listed_action_does_something_and_no_two_share_a_key() -> None:
    keys = [QKeySequence(key).toString() for spec in ACTIONS for key in spec.keys]
    assert len(keys) == len(set(keys))


def test_a_changed_key_is_used_at_once_and_remembered(window: MainWindow, qtbot: QtBot) -> None:
    window.sheet.open()
    window.sheet.key_changed.emit("select_all", "Ctrl+Shift+A")
    window.sheet.hide()
    modifiers = Qt.KeyboardModifier.ControlModifier
    qtbot.keyClick(window, Qt.Key.Key_A, modifiers | Qt.KeyboardModifier.ShiftModifier)
    assert place_of(window).session.selection.rows.count == 60
    assert window.settings["shortcuts"] == {"select_all": "Ctrl+Shift+A"}


def test_a_key_that_is_taken_is_named_and_taken_only_when_that_is_said(
    window: MainWindow, qtbot: QtBot
) -> None:
    sheet = window.sheet
    sheet.open()
    edit = sheet.edits["redo"]
    edit.setKeySequence(QKeySequence("Ctrl+H"))
    edit.editingFinished.emit()
    assert sheet.conflict.text() == "Ctrl+H is the key of “History”."
    assert window.actions_table["redo"].shortcut().toString() == "Ctrl+Shift+Z"
    qtbot.mouseClick(sheet.leave, Qt.MouseButton.LeftButton)
    assert edit.keySequence().toString() == "Ctrl+Shift+Z"
    edit.setKeySequence(QKeySequence("Ctrl+H"))
    edit.editingFinished.emit()
    qtbot.mouseClick(sheet.take, Qt.MouseButton.LeftButton)
    assert window.actions_table["redo"].shortcut().toString() == "Ctrl+H"
    assert window.actions_table["show_history"].shortcuts() == []
    assert sheet.edits["show_history"].keySequence().isEmpty()
    sheet.reset_wanted.emit()
    assert window.settings["shortcuts"] == {}
    assert window.actions_table["show_history"].shortcut().toString() == "Ctrl+H"


def test_a_category_key_is_never_given_away_unnoticed(window: MainWindow) -> None:
    assert window.actions_table.owner_of("3", but="undo") == "category_3"
    assert window.actions_table.owner_of("Ctrl+Alt+9", but="undo") is None


def test_every_text_field_of_the_window_keeps_its_keys() -> None:
    """A plain `QLineEdit` would let letters through to the shortcuts of the window."""
    folder = Path(__file__).resolve().parents[2] / "prodlabel" / "gui"
    plain = re.compile(r"\b(?:QLineEdit|QTextEdit)\(")
    found = [
        path.name
        for path in folder.rglob("*.py")
        if path.parent.name != "dialogs" and plain.search(path.read_text(encoding="utf-8"))
    ]
    assert found in ([], ["typing_edit.py"])


def test_backspace_takes_a_key_away_and_escape_closes_the_sheet(window: MainWindow, qtbot: QtBot) -> None:
    sheet = window.sheet
    sheet.open()
    edit = sheet.edits["redo"]
    edit.setFocus()
    qtbot.keyClick(edit, Qt.Key.Key_Backspace)
    assert window.actions_table["redo"].shortcuts() == []
    assert edit.keySequence().isEmpty()
    qtbot.keyClick(edit, Qt.Key.Key_Escape)
    assert not sheet.isVisible()
    assert window.actions_table["redo"].shortcuts() == []


def test_whatever_shows_a_key_shows_the_new_one(window: MainWindow) -> None:
    place = place_of(window)
    lasso = next(one for one in place.map.tools.findChildren(QToolButton) if "Lasso" in one.toolTip())
    for name, key in (("accept", "Y"), ("tool_lasso", "Z"), ("palette", "Ctrl+J")):
        window.sheet.key_changed.emit(name, key)
    assert "Y" in [cap.text() for cap in place.gallery.bar.findChildren(QLabel)]
    assert lasso.toolTip() == "Lasso  Z"
    assert window.top.search._key.text() == "Ctrl+J"
