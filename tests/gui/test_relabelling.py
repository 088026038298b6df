"""Relabelling by lasso, keys and card, and the history that it makes."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from prodlabel.core.labels import Status
from prodlabel.gui.main_window import MainWindow
from prodlabel.gui.messages import Message
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
    assert "Relabel 20 products → Bag" in window.status.undo.text()
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
