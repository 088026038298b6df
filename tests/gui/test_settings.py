"""Settings: a sheet made from the table; whatever is changed applies at once."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QPushButton
from pytestqt.qtbot import QtBot

from prodlabel.core.progress import Progress
from prodlabel.gui.application import Look
from prodlabel.gui.main_window import MainWindow
from prodlabel.gui.settings import SETTINGS, Settings
from prodlabel.gui.theme import Theme
from tests.gui.windows import place_of

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def test_every_setting_that_is_shown_has_a_field_that_applies_at_once(
    window: MainWindow, qtbot: QtBot
) -> None:
    qtbot.keyClick(window, ",", CTRL)
    sheet = window.settings_sheet
    assert sheet.isVisible()
    assert list(sheet.fields) == [one.name for one in SETTINGS if one.is_shown]
    assert all(field.accessibleName() for field in sheet.fields.values())
    legend = sheet.fields["legend"]
    assert isinstance(legend, QCheckBox)
    legend.setChecked(False)
    assert place_of(window).map.look.legend.isHidden()
    theme = sheet.fields["theme"]
    assert isinstance(theme, QComboBox)
    theme.setCurrentIndex(theme.findData("light"))
    assert not Theme.now().palette.is_dark
    qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible()


def test_another_language_is_there_at_once_and_nothing_else_changes(window: MainWindow, qtbot: QtBot) -> None:
    place = place_of(window)
    project = place.session.project
    place.session.select_rows(np.arange(7))
    place.session.look_at(3)
    qtbot.keyClick(window, Qt.Key.Key_T, SHIFT)
    qtbot.keyClick(window, ",", CTRL)
    choice = window.settings_sheet.fields["language"]
    assert isinstance(choice, QComboBox)
    choice.setCurrentIndex(choice.findData("fr"))
    qtbot.waitUntil(lambda: window.top.places["map"].text() == "Carte")
    assert window.settings_sheet.isVisible()
    again = place_of(window)
    assert again is not place
    assert again.session.project is project
    assert again.session.selected_rows.tolist() == list(range(7))
    assert again.session.focus == 3
    assert again.gallery.is_table
    assert window.actions_table["undo"].text() == "Annuler"
    assert again.map.look.colour_by.itemText(0) == "Catégorie"
    assert window.start.buttons["demo"].text() == "Ouvrir la démo"
    window.settings.set("language", "en")
    qtbot.waitUntil(lambda: window.top.places["map"].text() == "Map")
    qtbot.waitUntil(lambda: not window.tasks.running)


def test_larger_text_makes_everything_larger_at_once(window: MainWindow, qtbot: QtBot) -> None:
    height = window.status.height()
    qtbot.keyClick(window, "+", CTRL)
    qtbot.waitUntil(lambda: window.status.height() > height)
    assert window.status.font().pixelSize() == Theme.now().px(13)
    window.settings.set("font_scale", 1.0)
    qtbot.waitUntil(lambda: window.status.height() == height)
    qtbot.waitUntil(lambda: not window.tasks.running)


def test_work_on_the_project_goes_on_while_the_language_changes(window: MainWindow, qtbot: QtBot) -> None:
    may_end = threading.Event()
    ended: list[object] = []

    def wait(progress: Progress) -> str:
        while not may_end.wait(0.01):
            progress.check()
        return "done"

    window.commands.work._start("waiting", wait, ended.append)
    window.settings.set("language", "fr")
    qtbot.waitUntil(lambda: window.top.places["map"].text() == "Carte")
    may_end.set()
    qtbot.waitUntil(lambda: ended == ["done"])
    window.settings.set("language", "en")
    qtbot.waitUntil(lambda: window.top.places["map"].text() == "Map")
    qtbot.waitUntil(lambda: not window.tasks.running)


def test_the_start_page_changes_its_language_too(qtbot: QtBot, look: Look, tmp_path: Path) -> None:
    made = MainWindow(look.settings, look.appearance)
    qtbot.addWidget(made)
    look.settings.set("language", "fr")
    qtbot.waitUntil(lambda: made.start.findChildren(QPushButton)[0].text() == "Ouvrir…")
    look.settings.set("language", "en")
    qtbot.waitUntil(lambda: made.start.findChildren(QPushButton)[0].text() == "Open…")


def test_two_windows_keep_what_the_other_has_set(tmp_path: Path) -> None:
    first, second = Settings(tmp_path), Settings(tmp_path)
    first.set("theme", "light")
    second.set("language", "fr")
    first.set("legend", False)
    again = Settings(tmp_path)
    assert (again["theme"], again["language"], again["legend"]) == ("light", "fr", False)
