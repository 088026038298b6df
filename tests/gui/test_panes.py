"""The panes around the map show one product and one selection."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from prodlabel.core.edits import AddCategory, ChangeCategory
from prodlabel.core.labels import Status
from prodlabel.core.palette import DARK
from prodlabel.gui.catalogue.facet_list import FacetPanel
from prodlabel.gui.colouring import colouring
from prodlabel.gui.filters import Facet
from prodlabel.gui.main_window import MainWindow
from prodlabel.gui.map.tools import Tool
from prodlabel.gui.messages import Message
from tests.gui.windows import category, place_of


def test_the_inspector_shows_texts_reasons_and_the_history_of_the_label(
    window: MainWindow, qtbot: QtBot
) -> None:
    place = place_of(window)
    place.session.look_at(1)
    qtbot.waitUntil(lambda: place.inspector.title.text() == "bag 0")
    assert place.inspector.bars[0].text() == "Bag"
    assert "Text 75 %, picture 25 %" in place.inspector.because.text()
    assert "<span" in place.inspector.description.text()
    assert "Cup, imported" in place.inspector.history.label.text()
    assert "Acme" in place.inspector.what.text or "Bolt" in place.inspector.what.text


def test_the_legend_counts_hides_and_isolates(window: MainWindow, qtbot: QtBot) -> None:
    pane, session = place_of(window).map, place_of(window).session
    rows = pane.look.legend.findChildren(QAbstractButton)
    assert [row.accessibleName() for row in rows] == ["Cup, 20", "Bag, 20", "Lamp, 20"]
    qtbot.mouseClick(rows[1], Qt.MouseButton.LeftButton)
    bag = session.columns.category == category(window, "Bag")
    assert np.array_equal(pane.view.points.hidden, bag)
    session.mark(1, Status.FLAGGED)
    assert np.array_equal(pane.view.points.hidden, bag)
    qtbot.mouseDClick(pane.look.legend.findChildren(QAbstractButton)[2], Qt.MouseButton.LeftButton)
    lamp = session.columns.category == category(window, "Lamp")
    assert np.array_equal(pane.view.points.hidden, ~lamp)


def test_the_map_is_coloured_by_everything_that_is_known(window: MainWindow) -> None:
    pane = place_of(window).map
    names = [pane.look.colour_by.itemData(at) for at in range(pane.look.colour_by.count())]
    assert names[:8] == [
        "category", "suggestion", "confidence", "agreement", "views", "cluster", "status", "date",
    ]  # fmt: skip
    for at, name in enumerate(names):
        pane.look.colour_by.setCurrentIndex(at)
        made = colouring(place_of(window).session, name, DARK)
        assert sum(entry.count for entry in made.entries) == 60
        assert made.rows_of(frozenset(range(len(made.groups)))).all()


def test_the_table_and_the_map_look_at_the_same_product(window: MainWindow, qtbot: QtBot) -> None:
    session, gallery = place_of(window).session, place_of(window).gallery
    session.select_rows(np.arange(0, 60, 9))
    qtbot.keyClick(window, "t", Qt.KeyboardModifier.ShiftModifier)
    assert gallery.table.isVisible()
    gallery.table.sortByColumn(1, Qt.SortOrder.AscendingOrder)
    assert gallery.model.product_ids.tolist() == gallery.rows.product_ids.tolist()
    titles = [gallery.rows.index(row, 1).data() for row in range(gallery.rows.rowCount())]
    assert titles == sorted(titles)
    gallery.table.setCurrentIndex(gallery.rows.index(2, 0))
    assert session.focus == gallery.rows.product_ids[2]
    qtbot.keyClick(window, Qt.Key.Key_J)
    assert gallery.table.currentIndex().row() == 3
    session.select_rows(np.arange(10, 30))
    titles = [gallery.rows.index(row, 1).data() for row in range(20)]
    assert titles == sorted(titles)
    qtbot.keyClick(window, "t", Qt.KeyboardModifier.ShiftModifier)
    assert gallery.table.isHidden()


def test_all_that_is_shown_leaves_out_what_the_legend_hides(window: MainWindow, qtbot: QtBot) -> None:
    pane, session = place_of(window).map, place_of(window).session
    qtbot.mouseClick(pane.look.legend.findChildren(QAbstractButton)[1], Qt.MouseButton.LeftButton)
    bag = session.columns.category == category(window, "Bag")
    window.actions_table["select_all"].trigger()
    assert np.array_equal(session.selection.rows.mask, ~bag)
    session.select_rows(np.arange(5))
    window.actions_table["invert_selection"].trigger()
    assert not session.selection.rows.mask[bag].any()
    assert session.selection.rows.count == 35
    window.actions_table["select_neighbours"].trigger()
    assert not session.selection.rows.mask[bag].any()


def test_a_product_outside_every_cluster_has_no_cluster_to_select(window: MainWindow, qtbot: QtBot) -> None:
    session, said = place_of(window).session, list[Message]()
    window.messages.posted.connect(said.append)
    ids = session.columns.product_id
    cluster = np.where(np.arange(60) < 50, 0, -1).astype(np.int32)
    session.project.results.save(
        "clusters", "fused", {"product_id": ids, "cluster": cluster}, settings={"names": ["cup"]}
    )
    session.look_at(55)
    qtbot.keyClick(window, "c")
    assert session.selection.rows.count == 0
    assert [message.text for message in said] == ["This product belongs to no cluster."]
    session.look_at(3)
    qtbot.keyClick(window, "c")
    assert session.selection.rows.count == 50


def test_the_inspector_never_shows_one_product_beside_the_texts_of_another(
    window: MainWindow, qtbot: QtBot
) -> None:
    place, gate = place_of(window), threading.Event()
    inspector = place.inspector
    place.session.look_at(1)
    qtbot.waitUntil(lambda: inspector.title.text() == "bag 0" and not place.librarian.is_busy)
    place.librarian.ask("somebody else", lambda _desk: gate.wait(10), lambda _: None)
    try:
        place.session.look_at(50)
        assert "Lamp, imported" in inspector.history.label.text()
        assert inspector.title.text() == ""
        assert not inspector.description.isVisible()
        assert not any(value.isVisible() for _, value in inspector.attributes._lines)
    finally:
        gate.set()
    qtbot.waitUntil(lambda: inspector.title.text() == "lamp 9")
    assert inspector.description.isVisible()


def test_more_values_than_a_map_can_tell_apart_share_one_colour(window: MainWindow) -> None:
    pane, session = place_of(window).map, place_of(window).session
    # Forty products of a lot of their own, twenty of the last one of all.
    codes = np.append(np.arange(40), np.full(20, 399)).astype(np.int32)
    lots = Facet("attribute:lot", codes, tuple(f"lot {number}" for number in range(400)))
    session.computed.take_facet(lots, session.columns.product_id)
    made = colouring(session, lots.name, DARK)
    pane.sheets[0].paint_as(made, made.shapes, None)
    drawn = [pane.view.colour_of(row) for row in range(60)]
    assert drawn == [made.styles[code].colour for code in made.index.tolist()]
    # Where all four hundred occur, the most frequent keep their colours and the rare ones share one.
    every = np.append(np.repeat(np.arange(200), 2), np.arange(200, 400))
    index, colours = replace(made, index=every.astype(np.int32)).drawn
    assert len(colours) == 252
    assert [colours[at] for at in index[:400]] == [made.styles[code].colour for code in every[:400].tolist()]
    assert set(index[-148:].tolist()) == {251}
    with pytest.raises(ValueError, match="one byte"):
        pane.view.points.set_colours(np.full(60, 300))


def test_escape_ends_a_lasso_and_leaves_the_selection(window: MainWindow, qtbot: QtBot) -> None:
    session, view = place_of(window).session, place_of(window).map.view
    session.select_rows(np.arange(5))
    view.set_tool(Tool.LASSO)
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(400, 300))
    qtbot.mouseMove(view, QPoint(460, 380))
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    qtbot.mouseMove(view, QPoint(500, 300))
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(500, 300))
    assert session.selected_rows.tolist() == [0, 1, 2, 3, 4]
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert session.selection.rows.count == 0


def test_nothing_is_shown_beside_a_cursor_that_has_left(window: MainWindow, qtbot: QtBot) -> None:
    place = place_of(window)
    hover = place.map.sheets[0].hover
    hover.show_product(1, 200, 200)
    hover.leave()
    qtbot.waitUntil(lambda: not place.librarian.is_busy)
    assert not hover.isVisible()
    hover.show_product(1, 200, 200)
    qtbot.waitUntil(hover.isVisible)
    # The first time its picture comes after the card.
    qtbot.waitUntil(lambda: hover._picture.isVisible() and not hover._picture.pixmap().isNull())


def test_what_was_unfolded_stays_unfolded(window: MainWindow, qtbot: QtBot) -> None:
    place = place_of(window)
    session, tree = place.session, place.side.tree
    shop = session.taxonomy.find(("Shop",))
    session.apply(AddCategory("Other", None))
    assert shop is not None
    tree.expand(tree.tree_model.index_of(shop))
    tree.setCurrentIndex(tree.tree_model.index_of(category(window, "Lamp")))
    session.apply(AddCategory("More", None))
    assert tree.isExpanded(tree.tree_model.index_of(shop))
    assert tree.tree_model.category_id(tree.currentIndex()) == category(window, "Lamp")


def test_a_value_is_found_among_all_and_none_that_is_chosen_is_lost(window: MainWindow, qtbot: QtBot) -> None:
    codes = np.append(np.repeat(np.arange(600), 2), 600).astype(np.int32)
    facet = Facet("brand", codes, tuple(f"brand {number}" for number in range(601)))
    panel = FacetPanel(facet, frozenset({600}), window)
    qtbot.addWidget(panel)
    chosen: list[frozenset[int]] = []
    panel.codes_chosen.connect(chosen.append)
    panel._list.item(3).setCheckState(Qt.CheckState.Checked)
    assert chosen == [{3, 600}]
    panel._search.setText("brand 600")
    assert [panel._list.item(at).text() for at in range(panel._list.count())] == ["brand 600   1"]
    panel._list.item(0).setCheckState(Qt.CheckState.Unchecked)
    assert chosen[-1] == {3}


def test_the_table_is_sorted_by_any_column(window: MainWindow, qtbot: QtBot) -> None:
    place = place_of(window)
    session, rows = place.session, place.gallery.rows
    session.select_rows(np.arange(60))
    place.gallery.show_table(True)
    for column, order in ((1, Qt.SortOrder.AscendingOrder), (5, Qt.SortOrder.DescendingOrder)):
        rows.sort(column, order)
        shown = [str(rows.data(rows.index(at, column))) for at in range(60)]
        assert shown == sorted(shown, reverse=order is Qt.SortOrder.DescendingOrder)
        assert rows.product_ids.tolist() == place.gallery.model.product_ids.tolist()
    rows.sort(0)
    names = {one.product_id: one.name for one in session.project.texts(list(range(60)))}
    wanted = sorted(names.values())
    qtbot.waitUntil(lambda: [names[one] for one in rows.product_ids.tolist()] == wanted)


def test_motion_that_is_off_is_off_in_review_too(window: MainWindow) -> None:
    assert window.places is not None
    row = window.places.review.strip.row
    assert not row.moves
    window.settings.set("motion", "on")
    assert row.moves


def test_what_a_catalogue_says_is_no_rich_text_in_tool_tips(window: MainWindow, qtbot: QtBot) -> None:
    place = place_of(window)
    bag = category(window, "Bag")
    place.session.apply(ChangeCategory(bag, {"name": "Bag <b"}))
    place.session.look_at(1)
    assert "Bag &lt;b" in place.inspector.bars[0].toolTip()
