"""The gallery: linked with map and table, gone through by keys whose target is always said."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from prodlabel.core.labels import Status
from prodlabel.gui.catalogue.thumbnail_grid import Mark, tick_box
from prodlabel.gui.filters import STATUS, Filter
from prodlabel.gui.main_window import MainWindow
from prodlabel.gui.relabel_plan import Out
from tests.gui.windows import category, place_of


def test_keys_are_for_the_selection_until_one_product_is_looked_at(window: MainWindow, qtbot: QtBot) -> None:
    place = place_of(window)
    session, bar = place.session, place.gallery.bar
    session.select_rows(np.arange(6))
    assert bar.all.isChecked()
    assert bar.all.text() == "all 6"
    session.look_at(3)
    assert bar.one.isChecked()
    qtbot.keyClick(window, "o")
    assert bar.all.isChecked()
    qtbot.mouseClick(bar.one, Qt.MouseButton.LeftButton)
    assert not place.deciding.is_all
    session.select_rows(np.arange(7))
    assert bar.all.text() == "all 7"
    assert bar.all.isChecked()


def test_a_digit_files_the_product_looked_at_and_goes_on(window: MainWindow, qtbot: QtBot) -> None:
    place = place_of(window)
    session = place.session
    session.select_rows(np.arange(4))
    ids = place.gallery.model.product_ids.tolist()
    session.look_at(ids[0])
    lamp = category(window, "Lamp")
    qtbot.keyClick(window, session.styles.digit(lamp) or "")
    row = session.row_of(ids[0])
    assert row is not None
    assert session.plan is None
    assert session.columns.category[row] == lamp
    assert session.columns.status[row] == Status.CONFIRMED
    assert session.focus == ids[1]
    assert place.gallery.model.product_ids.tolist() == ids
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert session.columns.category[row] != lamp


def test_suggestions_for_the_whole_selection_are_previewed_then_accepted_in_one_step(
    window: MainWindow, qtbot: QtBot
) -> None:
    place = place_of(window)
    session, card = place.session, place.map.card
    session.mark(2, Status.CONFIRMED)
    session.select_rows(np.arange(20))
    qtbot.keyClick(window, "a")
    assert card.isVisible()
    assert card.button.text().startswith("Accept 19")
    assert session.columns.status[0] == Status.IMPORTED
    qtbot.keyClick(window, Qt.Key.Key_Return)
    # The first one was filed wrongly; what a person confirmed stays confirmed.
    assert session.columns.category[0] == category(window, "Bag")
    assert session.columns.status[1] == Status.CONFIRMED
    assert (session.columns.status[2:20] == Status.ACCEPTED).all()
    session.undo()
    assert (session.columns.status[2:20] == Status.IMPORTED).all()


def test_flags_and_notes_are_for_all_where_the_bar_says_so(window: MainWindow, qtbot: QtBot) -> None:
    session = place_of(window).session
    session.select_rows(np.arange(5))
    qtbot.keyClick(window, "f")
    assert place_of(window).map.card.button.text().startswith("Flag 5")
    qtbot.keyClick(window, Qt.Key.Key_Return)
    assert (session.columns.status[:5] == Status.FLAGGED).all()
    qtbot.keyClick(window, "n")
    qtbot.keyClicks(window.palette_panel.edit, "look again")
    qtbot.keyClick(window.palette_panel.edit, Qt.Key.Key_Return)
    entry = session.project.history(limit=1)[0]
    assert (entry.reason, entry.product_count) == ("look again", 5)
    assert (session.columns.status[:5] == Status.FLAGGED).all()


def test_ticks_say_who_is_in_the_proposal_and_can_be_changed(window: MainWindow, qtbot: QtBot) -> None:
    place = place_of(window)
    session, view = place.session, place.gallery.view
    session.select_rows(np.arange(20))
    session.propose(category(window, "Lamp"))
    plan = session.plan
    assert plan is not None
    assert plan.intruders.tolist() == [0]
    assert "rather Bag (95 % sure or more)" in place.map.card.reasons
    assert view.mark_of(1) is Mark.UNTICKED
    assert view.mark_of(2) is Mark.TICKED
    index = place.gallery.model.index(place.gallery.model.row_of(2) or 0)
    rect = view.visualRect(index).toRectF()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=tick_box(rect).center().toPoint())
    assert session.plan is not None
    assert session.plan.why_out(1) is Out.BY_HAND
    session.look_at(1)
    qtbot.keyClick(window, "t")
    assert session.plan.why_out(0) is Out.IN
    qtbot.keyClick(window, Qt.Key.Key_Return)
    assert session.columns.status[0] == Status.CONFIRMED
    assert session.columns.status[1] == Status.IMPORTED
    assert view.mark_of(1) is Mark.CONFIRMED


def test_a_product_is_taken_out_of_the_selection_and_the_next_one_looked_at(
    window: MainWindow, qtbot: QtBot
) -> None:
    place = place_of(window)
    place.session.select_rows(np.arange(6))
    ids = place.gallery.model.product_ids.tolist()
    place.session.look_at(ids[0])
    qtbot.keyClick(window, Qt.Key.Key_Delete)
    assert place.session.selection.rows.count == 5
    assert place.session.focus == ids[1]


def test_a_click_on_a_picture_points_at_it_on_the_map(window: MainWindow, qtbot: QtBot) -> None:
    place = place_of(window)
    place.session.select_rows(np.arange(10, 16))
    index = place.gallery.model.index(3)
    middle = place.gallery.view.visualRect(index).center() + QPoint(4, 4)
    qtbot.mouseClick(place.gallery.view.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    assert place.session.focus == place.gallery.model.product_ids[3]
    assert place.session.selection.pointed_row == place.session.row_of(place.session.focus)


def test_the_next_picture_is_decoded_before_it_is_asked_for(window: MainWindow, qtbot: QtBot) -> None:
    place = place_of(window)
    place.session.select_rows(np.arange(8))
    ids = place.gallery.model.product_ids.tolist()
    place.session.look_at(ids[0])
    qtbot.waitUntil(lambda: place.inspector.shelf.get(ids[1]) is not None)
    qtbot.keyClick(window, Qt.Key.Key_J)
    contents = place.inspector.shelf.get(ids[1])
    assert contents is not None
    # At once, without a turn of the event loop.
    assert place.inspector.title.text() == contents.texts.name
    assert not place.inspector.picture.is_waiting


def test_pictures_grow_and_the_gallery_makes_room(window: MainWindow, qtbot: QtBot) -> None:
    gallery = place_of(window).gallery
    place_of(window).session.select_rows(np.arange(20))
    gallery.bar.sizer.setValue(128)
    assert gallery.view.gridSize().width() == gallery.view.cell_size.width() == 136
    before = gallery.height()
    qtbot.keyClick(window, "g", Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: gallery.height() > 1.3 * before, timeout=20_000)
    qtbot.keyClick(window, "g", Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: gallery.height() < 1.3 * before, timeout=20_000)


def test_deciding_in_what_a_filter_keeps_goes_on_to_the_next_one(window: MainWindow, qtbot: QtBot) -> None:
    place = place_of(window)
    session = place.session
    session.narrow(Filter().with_codes(STATUS, [int(Status.IMPORTED)]))
    ids = place.gallery.model.product_ids.tolist()
    session.look_at(ids[5])
    qtbot.keyClick(window, "f")
    # It does not fit the filter any more; the next one is looked at, and nothing else has moved.
    assert session.focus == ids[6]
    assert place.gallery.model.product_ids.tolist() == ids[:5] + ids[6:]
    qtbot.keyClick(window, "2")
    assert session.focus == ids[7]
    window.actions_table["undo"].trigger()
    window.actions_table["undo"].trigger()
    assert place.gallery.model.product_ids.tolist() == ids


def test_nothing_jumps_in_a_search_while_one_labels(window: MainWindow, qtbot: QtBot) -> None:
    place = place_of(window)
    with qtbot.waitSignal(window.top.search.answered):
        window.top.search.edit.setText("cup")
        window.top.search.search()
    ids = place.gallery.model.product_ids.tolist()
    place.session.look_at(ids[10])
    # The new category fits the suggestion less: ordered anew it would come first.
    qtbot.keyClick(window, place.session.styles.digit(category(window, "Lamp")) or "")
    assert place.gallery.model.product_ids.tolist() == ids
    assert place.session.focus == ids[11]


def test_what_is_marked_in_table_or_gallery_becomes_the_selection(window: MainWindow, qtbot: QtBot) -> None:
    place = place_of(window)
    session, gallery = place.session, place.gallery
    for is_table in (True, False):
        session.select_rows(np.arange(12))
        gallery.show_table(is_table)
        view = gallery.table if is_table else gallery.view
        view.setFocus()
        ids = (gallery.rows if is_table else gallery.model).product_ids[:3].tolist()
        session.look_at(ids[0])
        move = Qt.Key.Key_Down if is_table else Qt.Key.Key_Right
        for _ in range(2):
            qtbot.keyClick(view, move, Qt.KeyboardModifier.ShiftModifier)
        assert gallery.bar.marked.isVisible()
        assert gallery.bar.marked.text() == "select only these 3"
        qtbot.keyClick(window, "y")
        assert sorted(session.columns.product_id[session.selected_rows].tolist()) == sorted(ids)


def test_one_more_product_is_selected_by_a_key(window: MainWindow, qtbot: QtBot) -> None:
    session = place_of(window).session
    session.select_rows(np.arange(3))
    session.look_at(int(session.columns.product_id[7]))
    qtbot.keyClick(window, "p")
    assert session.selected_rows.tolist() == [0, 1, 2, 7]
    qtbot.keyClick(window, "p")
    assert session.selected_rows.tolist() == [0, 1, 2]


def test_the_picture_is_zoomed_and_moved_by_keys(window: MainWindow, qtbot: QtBot) -> None:
    place = place_of(window)
    picture, map_scale = place.inspector.picture, place.map.view.camera
    place.session.look_at(int(place.session.columns.product_id[0]))
    picture.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(picture, Qt.Key.Key_Plus)
    qtbot.keyClick(picture, Qt.Key.Key_Right)
    assert picture.zoom > 1
    qtbot.keyClick(picture, Qt.Key.Key_0)
    assert picture.zoom == 1
    assert place.map.view.camera == map_scale
    assert place.session.plan is None
