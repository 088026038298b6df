"""Relabelling by lasso, keys and card, and the history that it makes."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from prodlabel.core.labels import Status
from prodlabel.gui.main_window import MainWindow
from prodlabel.gui.messages import Message
from tests.gui.projects import import_more
from tests.gui.windows import category, draw_lasso, place_of


def test_lasso_digit_enter_relabels_and_ctrl_z_takes_it_back(window: MainWindow, qtbot: QtBot) -> None:
    session = place_of(window).session
    before = session.columns.category.copy()
    cluster = session.computed.clusters
    assert cluster is not None
    draw_lasso(window, qtbot, np.flatnonzero(cluster.cluster == 1))
    assert session.selection.rows.count == 20
    digit = session.styles.digit(category(window, "Bag"))
    assert digit is not None
    qtbot.keyClick(window, digit)
    assert place_of(window).map.card.isVisible()
    assert "Relabel 1" in place_of(window).map.card.button.text()
    assert np.array_equal(session.columns.category, before)
    qtbot.keyClick(window, Qt.Key.Key_Return)
    assert not place_of(window).map.card.isVisible()
    assert (session.columns.category[session.selected_rows] == category(window, "Bag")).all()
    qtbot.waitUntil(lambda: "Relabel 20 products → Bag" in window.status.undo.text())
    entry = session.project.history(limit=1)[0]
    assert len(entry.details["polygon"]) >= 4
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert np.array_equal(session.columns.category, before)


def test_escape_drops_the_proposal_first_and_the_selection_next(window: MainWindow, qtbot: QtBot) -> None:
    session = place_of(window).session
    session.select_rows(np.arange(5))
    qtbot.keyClick(window, "2")
    assert session.plan is not None
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert session.plan is None
    assert session.selection.rows.count == 5
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert session.selection.rows.count == 0


def test_keys_never_fire_while_typing(window: MainWindow, qtbot: QtBot) -> None:
    session = place_of(window).session
    session.select_rows(np.arange(5))
    session.look_at(1)
    edits = session.project.last_edit
    qtbot.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(window.top.search.edit, "1 ax? f i")
    assert window.top.search.edit.text() == "1 ax? f i"
    assert session.plan is None
    assert session.project.last_edit == edits
    assert not window.sheet.isVisible()


def test_accept_reject_and_flag_decide_and_go_on_to_the_next(window: MainWindow, qtbot: QtBot) -> None:
    session, gallery = place_of(window).session, place_of(window).gallery
    session.select_rows(np.arange(4))
    ids = gallery.model.product_ids.tolist()
    # The one that is filed wrongly fits least.
    assert ids[0] == 1
    session.look_at(ids[0])
    for key in ("a", "x", "f"):
        qtbot.keyClick(window, key)
    rows = [session.row_of(one) for one in ids[:3]]
    assert [Status(int(session.columns.status[row])) for row in rows if row is not None] == [
        Status.CONFIRMED, Status.REJECTED, Status.FLAGGED,
    ]  # fmt: skip
    assert session.columns.category[0] == category(window, "Bag")
    assert session.focus == ids[3]
    assert gallery.model.product_ids.tolist() == ids
    qtbot.keyClick(window, Qt.Key.Key_Backspace)
    assert session.focus == ids[2]


def test_going_back_in_the_history_undoes_step_by_step(window: MainWindow, qtbot: QtBot) -> None:
    place = place_of(window)
    point = place.session.project.last_edit
    before = place.session.columns.category.copy()
    for digit in "123":
        place.session.select_rows(np.arange(6))
        qtbot.keyClick(window, digit)
        place.session.propose(place.session.plan.target, is_forced=True)  # type: ignore[union-attr]
        qtbot.keyClick(window, Qt.Key.Key_Return)
    place.history.go_back_wanted.emit(point)
    assert np.array_equal(place.session.columns.category, before)
    assert place.session.project.redo_text() is not None


def test_a_key_without_a_selection_says_what_to_do(window: MainWindow, qtbot: QtBot) -> None:
    posted: list[Message] = []
    window.messages.posted.connect(posted.append)
    qtbot.keyClick(window, "1")
    assert "Select products first" in posted[0].text
    assert window.message_bar.isVisible()


@pytest.mark.parametrize("place", ["training", "report"])
def test_nobody_decides_about_products_that_are_not_to_be_seen(
    window: MainWindow, qtbot: QtBot, place: str
) -> None:
    session = place_of(window).session
    session.look_at(7)
    session.select_rows(np.arange(20))
    session.propose_accepting()
    plan, edits = session.plan, session.project.last_edit
    assert plan is not None
    window.show_place(place)
    qtbot.waitUntil(lambda: not window.tasks.running, timeout=20_000)
    for key in ("a", "x", "f", "1", "l", Qt.Key.Key_Return, Qt.Key.Key_Delete, Qt.Key.Key_Space):
        qtbot.keyClick(window, key)
    assert session.project.last_edit == edits
    assert session.plan is plan
    assert session.selection.rows.count == 20
    assert session.focus == 7
    assert not window.palette_panel.isVisible()
    window.actions_table["palette"].trigger()
    assert "Shop > Lamp" not in window.palette_panel.titles()
    window.palette_panel.hide()
    window.show_place("map")
    qtbot.keyClick(window, Qt.Key.Key_Return)
    assert session.project.last_edit == edits + 1


def test_a_proposal_and_who_the_keys_are_for_survive_an_import(window: MainWindow, qtbot: QtBot) -> None:
    place = place_of(window)
    session, bar = place.session, place.gallery.bar
    session.select_rows(np.arange(5, 15))
    session.look_at(8)
    assert bar.one.isChecked()
    import_more(session.project, "bag")
    qtbot.waitUntil(lambda: len(session.columns) == 63)
    assert bar.one.isChecked()
    assert session.selection.rows.count == 10
    place.deciding.toggle_aim()
    qtbot.keyClick(window, session.styles.digit(category(window, "Lamp")) or "")
    session.toggle_in_plan(8)
    import_more(session.project, "cup", begin=200)
    qtbot.waitUntil(lambda: len(session.columns) == 66)
    assert place.map.card.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_Return)
    lamp = category(window, "Lamp")
    changed = session.columns.product_id[session.columns.status == int(Status.CONFIRMED)]
    assert changed.tolist() == [6, 7, 9, 10, 11, 12, 13, 14, 15]
    assert (session.columns.category[changed - 1] == lamp).all()


def test_a_proposal_about_a_product_that_goes_away_is_dropped(window: MainWindow, qtbot: QtBot) -> None:
    place = place_of(window)
    session = place.session
    import_more(session.project, "bag")
    qtbot.waitUntil(lambda: len(session.columns) == 63)
    session.look_at(61)
    session.propose(category(window, "Lamp"))
    assert session.plan is not None
    session.project.undo()
    assert len(session.columns) == 60
    assert session.plan is None
    assert not place.map.card.isVisible()
