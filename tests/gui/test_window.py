"""The window by mouse and keyboard, with a real project and real threads."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMessageLogContext, QPoint, Qt, QtMsgType
from PySide6.QtGui import QGuiApplication, QImage, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from prodlabel import paths
from prodlabel.core.labels import Status
from prodlabel.core.palette import DARK
from prodlabel.core.progress import Progress
from prodlabel.gui import seeking, work
from prodlabel.gui.actions import ACTIONS
from prodlabel.gui.application import take_qt_message
from prodlabel.gui.catalogue.category_commands import CategoryCommands
from prodlabel.gui.colouring import colouring
from prodlabel.gui.dialogs.import_dialog import ImportDialog
from prodlabel.gui.main_window import MainWindow
from prodlabel.gui.map.tools import Tool
from prodlabel.gui.messages import Message
from prodlabel.gui.workplace import Workplace
from prodlabel.operations.search import Found
from prodlabel.project.project import Project
from prodlabel.sources.demo import write_demo_catalogue
from tests.gui.projects import make_project


def place_of(window: MainWindow) -> Workplace:
    assert window.workplace is not None
    return window.workplace


def category(window: MainWindow, name: str) -> int:
    found = place_of(window).session.taxonomy.find(("Shop", name))
    assert found is not None
    return found


def draw_lasso(window: MainWindow, qtbot: QtBot, rows: np.ndarray) -> None:
    """Around these rows with the mouse."""
    view = place_of(window).map.view
    view.set_tool(Tool.LASSO)
    at = np.array([view.pixel_of(int(row)) for row in rows])
    (left, top), (right, bottom) = at.min(axis=0) - 12, at.max(axis=0) + 12
    corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
    points = [QPoint(round(x), round(y)) for x, y in corners]
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=points[0])
    for point in points[1:]:
        qtbot.mouseMove(view, point)
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=points[-1])


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


def test_accept_reject_and_flag_decide_and_go_on_to_the_next(window: MainWindow, qtbot: QtBot) -> None:
    session, strip = place_of(window).session, place_of(window).strip
    session.select_rows(np.arange(4))
    ids = strip.model.product_ids.tolist()
    # The one that is filed wrongly fits least.
    assert ids[0] == 1
    session.look_at(ids[0])
    for key in ("a", "x", "f"):
        qtbot.keyClick(window, key)
    rows = [session.row_of(one) for one in ids[:3]]
    assert [Status(int(session.columns.status[row])) for row in rows if row is not None] == [
        Status.ACCEPTED, Status.REJECTED, Status.FLAGGED,
    ]  # fmt: skip
    assert session.columns.category[0] == category(window, "Bag")
    assert session.focus == ids[3]
    assert strip.model.product_ids.tolist() == ids
    qtbot.keyClick(window, Qt.Key.Key_Backspace)
    assert session.focus == ids[2]


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


def test_thumbnails_arrive_without_a_cache(window: MainWindow, qtbot: QtBot) -> None:
    librarian = place_of(window).librarian
    qtbot.waitUntil(lambda: librarian.pixmap(30) is not None)


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


def test_products_that_go_away_leave_the_selection(window: MainWindow, qtbot: QtBot) -> None:
    session = place_of(window).session
    session.select_rows(np.arange(3))
    session.look_at(2)
    session.undo()
    assert len(session.columns) == 0
    assert session.selection.rows.count == 0
    assert session.focus == 0
    session.redo()
    assert len(session.columns) == 60
    assert place_of(window).side.model.index(0, 0).data() == "Shop"


def test_a_key_without_a_selection_says_what_to_do(window: MainWindow, qtbot: QtBot) -> None:
    posted: list[Message] = []
    window.messages.posted.connect(posted.append)
    qtbot.keyClick(window, "1")
    assert "Select products first" in posted[0].text
    assert window.message_bar.isVisible()


def test_closing_and_opening_another_project_leaves_nothing_behind(window: MainWindow, qtbot: QtBot) -> None:
    folder = place_of(window).session.project.folder
    widths = {name: dock.width() for name, dock in window.docks.items()}
    window.close_project()
    window.show_start()
    assert window.workplace is None
    assert window.start.recent.count() == 1
    assert window.open_project(folder)
    assert len(place_of(window).session.columns) == 60
    qtbot.waitUntil(lambda: window.docks["left"].width() == widths["left"])
    assert window.docks["right"].width() == widths["right"]


def test_both_themes_repaint_everything(window: MainWindow, qtbot: QtBot) -> None:
    place_of(window).session.look_at(1)
    dark = window.grab().toImage().pixelColor(20, 400)
    qtbot.keyClick(window, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    light = window.grab().toImage().pixelColor(20, 400)
    assert light.lightness() > dark.lightness() + 100


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


def test_a_table_dropped_on_an_empty_project_is_imported_with_its_pictures(
    open_window: Callable[[], MainWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    table = tmp_path / "shop.csv"
    lines = [f"k{i},cup {i},Shop > Cup,Acme" for i in range(1200)]
    table.write_text("\n".join(["id,name,category,brand", *lines]), encoding="utf-8")
    made = open_window()
    made.show_project(Project.create(tmp_path / "new"))
    assert made.workplace is not None
    session = made.workplace.session
    posted: list[str] = []
    made.messages.posted.connect(lambda message: posted.append(message.text))
    made.messages.crashed.connect(posted.append)
    dialog = made.commands.import_products(table)
    qtbot.waitUntil(dialog.next.isEnabled)
    dialog.next.click()
    dialog.run.make_map.setChecked(False)
    dialog.next.click()
    qtbot.waitUntil(lambda: len(session.columns) == 1200 and not made.tasks.running, timeout=20_000)
    assert [c.name for c in session.taxonomy] == ["Shop", "Cup"]
    assert session.project.undo_text() == "Import of 1200 products"
    assert not made.workplace.map.view.isVisible()
    qtbot.waitUntil(lambda: "brand" in session.computed.facets)
    assert posted == ["1,200 products are new, 0 changed."]


def test_closing_the_window_during_work_loses_nothing(
    open_window: Callable[[], MainWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    made = open_window()
    made.show_project(make_project(tmp_path / "busy"))
    assert made.workplace is not None
    made.workplace.session.select_rows(np.arange(5))
    made.workplace.session.propose(int(made.workplace.session.columns.category[40]), is_forced=True)
    made.workplace.session.apply_plan()
    has_begun = threading.Event()

    def endless(progress: Progress) -> None:
        with progress.stage("Endless"):
            while True:
                has_begun.set()
                progress.advance()

    made.tasks.start("endless", endless)
    assert has_begun.wait(10)
    made.close()
    with Project.open(tmp_path / "busy") as again:
        assert again.undo_text() == "Relabel 5 products → Lamp"


def test_exported_products_are_written_by_a_worker_and_the_bar_says_where(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    posted: list[Message] = []
    window.messages.posted.connect(posted.append)
    asked: list[str] = []

    def answer(_parent: object, _title: str, proposed: str, _kinds: str) -> tuple[str, str]:
        asked.append(proposed)
        return str(tmp_path / "out"), "Table (*.csv)"

    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
    place_of(window).session.select_rows(np.arange(7))
    for name, count in (("export_products", 60), ("export_selection", 7)):
        window.actions_table[name].trigger()
        qtbot.waitUntil(lambda: not window.tasks.running)
        lines = (tmp_path / "out.csv").read_text(encoding="utf-8-sig").splitlines()
        assert len(lines) == count + 1
        assert posted[-1].text == f"{count} products were written to {tmp_path / 'out.csv'}."
        assert posted[-1].offer is not None
    assert Path(asked[0]).suffix == ".csv"


def test_the_map_is_saved_as_png_and_as_svg(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for suffix, beginning in ((".png", b"\x89PNG"), (".svg", b"<?xml")):
        target = tmp_path / f"map{suffix}"
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, target=target: (str(target), ""))
        window.actions_table["export_map"].trigger()
        assert target.read_bytes().startswith(beginning)


def test_what_qt_says_goes_to_the_log_but_for_what_nobody_can_mend(
    caplog: pytest.LogCaptureFixture,
) -> None:
    context = QMessageLogContext()
    with caplog.at_level("INFO", "prodlabel.qt"):
        take_qt_message(QtMsgType.QtWarningMsg, context, "This plugin does not support propagateSizeHints()")
        take_qt_message(QtMsgType.QtInfoMsg, context, "something else")
    assert [record.getMessage() for record in caplog.records] == ["something else"]


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
        "category", "suggestion", "confidence", "agreement", "cluster", "status", "date", "brand",
    ]  # fmt: skip
    for at, name in enumerate(names):
        pane.look.colour_by.setCurrentIndex(at)
        made = colouring(place_of(window).session, name, DARK)
        assert sum(entry.count for entry in made.entries) == 60
        assert made.rows_of(frozenset(range(len(made.groups)))).all()


def test_the_tour_has_five_hints_and_is_shown_once(
    open_window: Callable[[], MainWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    made = open_window()
    made.settings.set("tour_seen", False)
    made.show_project(make_project(tmp_path / "first"))
    tour = place_of(made).map.tour
    assert tour.isVisible()
    assert not tour.isAncestorOf(QApplication.focusWidget())
    titles = []
    for _ in range(5):
        titles.append(tour.title.text())
        qtbot.mouseClick(tour.next, Qt.MouseButton.LeftButton)
    assert len(set(titles)) == 5
    assert tour.isHidden()
    assert made.settings["tour_seen"]
    made.show_project(make_project(tmp_path / "second"))
    assert place_of(made).map.tour.isHidden()
    made.actions_table["show_tour"].trigger()
    qtbot.mouseClick(place_of(made).map.tour.close_button, Qt.MouseButton.LeftButton)
    assert place_of(made).map.tour.isHidden()


def test_an_empty_project_offers_to_import(
    open_window: Callable[[], MainWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    made = open_window()
    made.show_project(Project.create(tmp_path / "new"))
    button = next(
        one for one in place_of(made).map.empty.findChildren(QPushButton) if one.text() == "Import products"
    )
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    dialog = made.findChild(ImportDialog)
    assert dialog is not None
    assert dialog.page is dialog.choose


@pytest.mark.slow
def test_the_demo_opens_from_the_start_page_and_studies_itself(
    open_window: Callable[[], MainWindow], qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "user_cache", lambda: tmp_path / "cache")
    # As many as a quick test allows; the recipe is the same.
    monkeypatch.setattr(work, "write_demo_catalogue", partial(write_demo_catalogue, count=60))
    made = open_window()
    made.show_start()
    said: list[str] = []
    made.messages.crashed.connect(said.append)
    made.messages.posted.connect(lambda message: said.append(message.text))
    jobs: set[str] = set()
    made.tasks.changed.connect(lambda: jobs.update(task.title for task in made.tasks.running))
    qtbot.mouseClick(made.start.buttons["demo"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "Suggestions are ready." in said, timeout=120_000)
    assert jobs >= {"Drawing the demo", "Importing", "Looking at pictures", "Making the map", "Training"}
    assert len(place_of(made).session.columns) == 60
    made.close_project()
    made.show_start()
    qtbot.mouseClick(made.start.buttons["demo"], Qt.MouseButton.LeftButton)
    assert place_of(made).session.computed.suggestions is not None
    qtbot.waitUntil(lambda: not made.tasks.running)


def test_the_table_and_the_map_look_at_the_same_product(window: MainWindow, qtbot: QtBot) -> None:
    session, strip = place_of(window).session, place_of(window).strip
    session.select_rows(np.arange(0, 60, 9))
    qtbot.keyClick(window, "t", Qt.KeyboardModifier.ShiftModifier)
    assert strip.table.isVisible()
    strip.table.sortByColumn(1, Qt.SortOrder.AscendingOrder)
    assert strip.model.product_ids.tolist() == strip.rows.product_ids.tolist()
    titles = [strip.rows.index(row, 1).data() for row in range(strip.rows.rowCount())]
    assert titles == sorted(titles)
    strip.table.setCurrentIndex(strip.rows.index(2, 0))
    assert session.focus == strip.rows.product_ids[2]
    qtbot.keyClick(window, Qt.Key.Key_J)
    assert strip.table.currentIndex().row() == 3
    session.select_rows(np.arange(10, 30))
    titles = [strip.rows.index(row, 1).data() for row in range(20)]
    assert titles == sorted(titles)
    qtbot.keyClick(window, "t", Qt.KeyboardModifier.ShiftModifier)
    assert strip.table.isHidden()


def test_settings_apply_to_what_is_open_at_once(window: MainWindow, qtbot: QtBot) -> None:
    pane = place_of(window).map
    assert pane.view.reduced_motion
    window.settings.set("motion", "on")
    assert not pane.view.reduced_motion
    assert pane.card.moves
    height = pane.look.legend.height()
    pane.look.colour_by.setCurrentIndex(pane.look.colour_by.findData("brand"))
    assert 20 < pane.look.legend.height() < height
    qtbot.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ShiftModifier)
    assert pane.look.legend.isHidden()
    assert not window.settings["legend"]


def test_meaning_and_pictures_narrow_the_map(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, search = place_of(window).session, window.top.search
    asked: list[object] = []

    def find(_materials: object, wanted: object) -> Found:
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
