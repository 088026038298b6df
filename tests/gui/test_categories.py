"""Work on the taxonomy: renaming, merging, removing, each one undoable step."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from prodlabel.core.labels import Status
from prodlabel.gui.catalogue.category_commands import CategoryCommands
from prodlabel.gui.main_window import MainWindow
from prodlabel.gui.messages import Message
from tests.gui.windows import category, place_of


def commands(window: MainWindow) -> CategoryCommands:
    place = place_of(window)
    return CategoryCommands(place.session, window.palette_panel, window.messages, place.propose, place)


def test_a_category_is_renamed_by_typing_its_new_name(window: MainWindow, qtbot: QtBot) -> None:
    bag = category(window, "Bag")
    commands(window).rename(bag)
    assert window.palette_panel.edit.text() == "Bag"
    qtbot.keyClicks(window.palette_panel.edit, "Handbag")
    qtbot.keyClick(window.palette_panel.edit, Qt.Key.Key_Return)
    assert place_of(window).session.taxonomy[bag].name == "Handbag"
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert place_of(window).session.taxonomy[bag].name == "Bag"


def test_merging_moves_the_products_keeps_their_status_and_is_one_step(
    window: MainWindow, qtbot: QtBot
) -> None:
    session = place_of(window).session
    cup, bag = category(window, "Cup"), category(window, "Bag")
    session.mark(1, Status.FLAGGED)
    commands(window).merge_into(cup, bag)
    assert cup not in session.taxonomy
    assert np.count_nonzero(session.columns.category == bag) == 40
    assert session.columns.status[0] == Status.FLAGGED
    session.undo()
    assert cup in session.taxonomy
    assert np.count_nonzero(session.columns.category == cup) == 20


def test_a_category_with_products_is_not_removed_and_the_bar_says_why(
    window: MainWindow, qtbot: QtBot
) -> None:
    posted: list[Message] = []
    window.messages.posted.connect(posted.append)
    commands(window).remove(category(window, "Bag"))
    assert "Relabel them first" in posted[0].text


def test_the_menu_of_a_category_is_made_from_its_commands(window: MainWindow, qtbot: QtBot) -> None:
    menu = commands(window).open_menu(window, category(window, "Bag"), QPoint(10, 10))
    menu.actions()[0].trigger()
    menu.close()
    assert place_of(window).session.selection.rows.count == 20
