"""Searching: by words and filters, by meaning, by picture; the palette."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from prodlabel.core.labels import Status
from prodlabel.gui import seeking
from prodlabel.gui.filters import BRAND, STATUS
from prodlabel.gui.main_window import MainWindow
from prodlabel.operations.search import Found
from tests.gui.projects import import_more
from tests.gui.windows import category, place_of


def test_search_narrows_by_words_and_filters(window: MainWindow, qtbot: QtBot) -> None:
    session, search = place_of(window).session, window.top.search
    with qtbot.waitSignal(search.answered):
        search.edit.setText("lamp status:imported brand:Bolt")
        search.search()
    kept = session.project.texts(np.flatnonzero(session.visible))
    assert len(kept) == 10
    assert all("lamp" in text.name and text.attributes["brand"] == "Bolt" for text in kept)
    assert place_of(window).map.view.points.hidden.sum() == 50
    qtbot.keyClick(search.edit, Qt.Key.Key_Escape)
    assert session.visible.all()


def test_the_palette_finds_actions_and_categories(window: MainWindow, qtbot: QtBot) -> None:
    session = place_of(window).session
    session.select_rows(np.arange(3))
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert window.palette_panel.isVisible()
    qtbot.keyClicks(window.palette_panel.edit, "lamp")
    assert window.palette_panel.titles()[0] == "Shop > Lamp"
    qtbot.keyClick(window.palette_panel.edit, Qt.Key.Key_Return)
    assert not window.palette_panel.isVisible()
    assert session.plan is not None
    assert session.plan.target == category(window, "Lamp")


def test_meaning_and_pictures_narrow_the_map(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, search = place_of(window).session, window.top.search
    asked: list[object] = []

    def find(_materials: object, wanted: object, **_options: object) -> Found:
        asked.append(wanted)
        return Found(np.array([41, 2]), np.array([0.9, 0.5], dtype=np.float32))

    monkeypatch.setattr(seeking, "search_by_text", find)
    monkeypatch.setattr(seeking, "search_by_picture", find)
    with qtbot.waitSignal(search.answered):
        search.edit.setText("~ something to read by")
        search.search()
    assert asked == ["something to read by"]
    assert np.flatnonzero(session.visible).tolist() == [2, 41]
    qtbot.keyClick(search.edit, Qt.Key.Key_Escape)
    assert session.visible.all()
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    image.fill(0)
    QGuiApplication.clipboard().setImage(image)
    with qtbot.waitSignal(search.answered):
        window.actions_table["paste_picture"].trigger()
    assert session.visible.sum() == 2


def test_show_all_products_empties_the_search_box_too(window: MainWindow, qtbot: QtBot) -> None:
    session, search = place_of(window).session, window.top.search
    with qtbot.waitSignal(search.answered):
        search.edit.setText("lamp")
        search.search()
    assert session.visible.sum() == 20
    window.actions_table["clear_filter"].trigger()
    assert session.visible.all()
    assert search.edit.text() == ""


def test_a_search_holds_while_an_import_brings_more(window: MainWindow, qtbot: QtBot) -> None:
    session, search = place_of(window).session, window.top.search
    with qtbot.waitSignal(search.answered):
        search.edit.setText("lamp")
        search.search()
    session.narrow(session.filter.with_codes(STATUS, [int(Status.IMPORTED)]))
    kept: list[int] = []
    session.filter_changed.connect(lambda: kept.append(int(session.visible.sum())))
    import_more(session.project, "cup")
    import_more(session.project, "lamp")
    qtbot.waitUntil(lambda: kept[-1:] == [23])
    # Nothing was let through meanwhile that does not hold the word.
    assert len(session.columns) == 66
    assert set(kept) <= {20, 23}
    assert search.edit.text() == "lamp"
    assert session.filter.chosen.keys() == {STATUS}


def test_what_is_ticked_stays_while_words_are_typed(window: MainWindow, qtbot: QtBot) -> None:
    session, search = place_of(window).session, window.top.search
    session.narrow(session.filter.toggled(BRAND, session.computed.facets[BRAND].titles.index("Bolt")))
    ticked = session.filter.chosen
    for typed in ("lamp", "lamp status:imported"):
        with qtbot.waitSignal(search.answered):
            search.edit.setText(typed)
            search.search()
        assert session.visible.sum() == 10
    assert session.filter.chosen.keys() == {BRAND, STATUS}
    qtbot.keyClick(search.edit, Qt.Key.Key_Escape)
    assert session.filter.chosen == ticked


def test_the_part_that_is_being_typed_is_completed_wherever_it_stands(
    window: MainWindow, qtbot: QtBot
) -> None:
    edit = window.top.search.edit
    edit.setFocus()
    qtbot.keyClicks(edit, "lamp status:imported bra")
    completer = edit.completer()
    completer.setCompletionPrefix(edit.text())
    shown = [completer.completionModel().index(k, 0).data() for k in range(completer.completionCount())]
    assert "brand:Bolt" in shown
    known = [completer.model().index(k, 0) for k in range(completer.model().rowCount())]
    chosen = next(index for index in known if index.data() == "brand:Bolt")
    assert completer.pathFromIndex(chosen) == "lamp status:imported brand:Bolt"
    # Chosen with the mouse it is looked for like what is typed.
    with qtbot.waitSignal(window.top.search.answered):
        edit.setText("lamp brand:Bolt")
        completer.activated.emit("lamp brand:Bolt")
    assert place_of(window).session.visible.sum() == 10


def test_a_copied_picture_is_looked_for_from_the_search_box_too(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []

    def find(_materials: object, wanted: object, **_options: object) -> Found:
        asked.append(wanted)
        return Found(np.array([41, 2]), np.array([0.9, 0.5], dtype=np.float32))

    monkeypatch.setattr(seeking, "search_by_picture", find)
    copied = QMimeData()
    copied.setUrls([QUrl.fromLocalFile(str(tmp_path / "lamp.JPG"))])
    QGuiApplication.clipboard().setMimeData(copied)
    edit = window.top.search.edit
    edit.setFocus()
    with qtbot.waitSignal(window.top.search.answered):
        qtbot.keyClick(edit, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert asked == [tmp_path / "lamp.JPG"]
    assert edit.text() == "~ lamp.JPG"
    window.top.search.search()
    assert place_of(window).session.visible.sum() == 2
    # The clipboard must not hold it longer than this program runs.
    QGuiApplication.clipboard().clear()


def test_only_what_is_shown_is_selected_with_its_category_or_cluster(window: MainWindow) -> None:
    session = place_of(window).session
    session.look_at(int(session.columns.product_id[0]))
    session.narrow(session.filter.toggled(BRAND, int(session.computed.facets[BRAND].codes[0])))
    for action in ("select_category", "select_cluster"):
        window.actions_table[action].trigger()
        assert 0 < session.selection.rows.count < 20
        assert session.visible[session.selected_rows].all()
