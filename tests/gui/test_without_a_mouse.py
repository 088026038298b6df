"""The main tasks with keys alone, and a name for everything that the keyboard can reach."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from prodlabel.core.labels import Status
from prodlabel.gui.filters import STATUS
from prodlabel.gui.main_window import MainWindow
from prodlabel.gui.place_names import PLACES
from tests.gui.windows import category, place_of

PLAIN, CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


def press(qtbot: QtBot, key: str | Qt.Key, modifiers: Qt.KeyboardModifier = PLAIN) -> None:
    """Where the keyboard is now."""
    widget = QApplication.focusWidget()
    assert widget is not None
    qtbot.keyClick(widget, key, modifiers)


def type_words(qtbot: QtBot, words: str) -> None:
    for letter in words:
        press(qtbot, letter)


def command(window: MainWindow, qtbot: QtBot, words: str) -> None:
    """Find a command by its name."""
    press(qtbot, "k", CTRL)
    type_words(qtbot, words)
    assert window.palette_panel.titles(), words
    press(qtbot, Qt.Key.Key_Return)


def test_find_select_relabel_look_through_undo_and_rename(window: MainWindow, qtbot: QtBot) -> None:
    session, place = place_of(window).session, place_of(window)
    place.map.view.setFocus()
    press(qtbot, "/")
    with qtbot.waitSignal(window.top.search.answered):
        type_words(qtbot, "lamp")
    press(qtbot, Qt.Key.Key_Return)
    press(qtbot, "a", CTRL)
    assert session.selection.rows.count == 20
    lamp = category(window, "Lamp")
    press(qtbot, session.styles.digit(lamp) or "")
    assert place.map.card.isVisible()
    press(qtbot, Qt.Key.Key_Return)
    assert np.count_nonzero(session.columns.status == Status.CONFIRMED) == 20
    # One by one: accept, skip, flag; Backspace leads back.
    for key in ("j", "j", "f", "j"):
        press(qtbot, key)
    assert np.count_nonzero(session.columns.status == Status.FLAGGED) == 1
    before = session.focus
    press(qtbot, Qt.Key.Key_Backspace)
    assert session.focus != before
    press(qtbot, "z", CTRL)
    press(qtbot, "z", CTRL)
    assert np.count_nonzero(session.columns.status == Status.CONFIRMED) == 0
    # The whole cluster of the product looked at, and more of what lies near.
    command(window, qtbot, "show all products")
    press(qtbot, "c")
    count = session.selection.rows.count
    assert count == 20
    press(qtbot, "g")
    assert session.selection.rows.count >= count
    press(qtbot, Qt.Key.Key_Escape)
    assert session.selection.rows.count == 0
    # The taxonomy.
    press(qtbot, "c", CTRL | SHIFT)
    type_words(qtbot, "lamp")
    press(qtbot, Qt.Key.Key_Return)
    type_words(qtbot, "rename")
    press(qtbot, Qt.Key.Key_Return)
    type_words(qtbot, "Light")
    press(qtbot, Qt.Key.Key_Return)
    press(qtbot, Qt.Key.Key_Return)
    assert session.taxonomy[lamp].name == "Light"


def test_places_panels_sheets_and_back_to_the_map(window: MainWindow, qtbot: QtBot) -> None:
    place_of(window).map.view.setFocus()
    for number, name in ((2, "review"), (3, "training"), (4, "report"), (1, "map")):
        press(qtbot, str(number), ALT)
        assert window.place == name
        qtbot.waitUntil(lambda: not window.tasks.running, timeout=30_000)
    for key, name in (("1", "left"), ("2", "right"), ("3", "gallery")):
        dock = window.docks[name]
        press(qtbot, key, CTRL)
        assert dock.isHidden()
        press(qtbot, key, CTRL)
        assert dock.isVisible()
    press(qtbot, "?")
    assert window.sheet.isVisible()
    press(qtbot, Qt.Key.Key_Escape)
    assert not window.sheet.isVisible()
    assert QApplication.focusWidget() is place_of(window).map.view
    command(window, qtbot, "dark or light")
    assert not window.appearance.theme.palette.is_dark


@pytest.mark.parametrize("place", PLACES)
def test_whatever_the_keyboard_reaches_says_its_name(window: MainWindow, qtbot: QtBot, place: str) -> None:
    place_of(window).session.select_rows(np.arange(6))
    place_of(window).session.look_at(2)
    if place == "map":
        window.docks["history"].show()
        window.docks["agreement"].show()
        window.settings_sheet.open()
    window.show_place(place)
    qtbot.waitUntil(lambda: not window.tasks.running, timeout=30_000)
    nameless = []
    for widget in window.findChildren(QWidget):
        is_reached = widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible()
        interface = QAccessible.queryAccessibleInterface(widget) if is_reached else None
        if interface is not None and not interface.text(QAccessible.Text.Name).strip():
            nameless.append(
                f"{type(widget).__name__} {widget.objectName()} in {type(widget.parent()).__name__}"
            )
    assert not nameless


def test_space_and_return_press_the_button_that_tab_has_come_to(window: MainWindow, qtbot: QtBot) -> None:
    session, place = place_of(window).session, place_of(window)
    session.look_at(int(session.columns.product_id[0]))
    row = place.map.look.legend._rows[1]
    row.setFocus(Qt.FocusReason.TabFocusReason)
    for key, hidden in ((Qt.Key.Key_Space, 1), (Qt.Key.Key_Space, 0), (Qt.Key.Key_Return, 2)):
        press(qtbot, key)
        assert len(place.map.look.legend.hidden) == hidden
    assert session.focus == session.columns.product_id[0]
    line = place.side.lines[STATUS]
    line.setFocus(Qt.FocusReason.TabFocusReason)
    with qtbot.waitSignal(line.clicked):
        press(qtbot, Qt.Key.Key_Return)


def test_a_word_that_is_typed_is_deleted_and_not_the_filter(window: MainWindow, qtbot: QtBot) -> None:
    session, edit = place_of(window).session, window.top.search.edit
    session.narrow(session.filter.toggled(STATUS, int(Status.IMPORTED)))
    edit.setFocus()
    type_words(qtbot, "lamp shade")
    press(qtbot, Qt.Key.Key_Backspace, CTRL)
    assert edit.text() == "lamp "
    assert STATUS in session.filter.chosen
