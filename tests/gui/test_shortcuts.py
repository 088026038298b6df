"""Shortcuts: from the table of actions, changed in place."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
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
