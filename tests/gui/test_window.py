"""The window itself: projects come and go, tour, theme, start page, messages."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMessageLogContext, Qt, QtMsgType
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from prodlabel import paths
from prodlabel.core.progress import Progress
from prodlabel.gui import work
from prodlabel.gui.application import take_qt_message
from prodlabel.gui.dialogs.import_dialog import ImportDialog
from prodlabel.gui.main_window import MainWindow
from prodlabel.gui.message_bar import CrashDialog
from prodlabel.project.project import Project
from prodlabel.sources.demo import write_demo_catalogue
from tests.gui.projects import make_project
from tests.gui.windows import place_of


def test_the_tour_stands_above_the_card_and_escape_closes_it(window: MainWindow, qtbot: QtBot) -> None:
    pane, session = place_of(window).map, place_of(window).session
    pane.tour.begin()
    session.select_rows(np.arange(5))
    qtbot.keyClick(window, "2")
    assert pane.card.isVisible()
    assert not pane.tour.geometry().intersects(pane.card.geometry())
    assert pane.rect().contains(pane.tour.geometry())
    pane.view.setFocus()
    qtbot.keyClick(pane.view, Qt.Key.Key_Escape)
    assert session.plan is None
    assert pane.tour.isVisible()
    qtbot.keyClick(pane.view, Qt.Key.Key_Escape)
    assert pane.tour.isHidden()
    assert session.selection.rows.count == 5


def test_thumbnails_arrive_without_a_cache(window: MainWindow, qtbot: QtBot) -> None:
    librarian = place_of(window).librarian
    qtbot.waitUntil(lambda: librarian.pixmap(30) is not None)


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


def test_what_qt_says_goes_to_the_log_but_for_what_nobody_can_mend(
    caplog: pytest.LogCaptureFixture,
) -> None:
    context = QMessageLogContext()
    with caplog.at_level("INFO", "prodlabel.qt"):
        take_qt_message(QtMsgType.QtWarningMsg, context, "This plugin does not support propagateSizeHints()")
        take_qt_message(QtMsgType.QtInfoMsg, context, "something else")
    assert [record.getMessage() for record in caplog.records] == ["something else"]


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


def test_the_name_of_the_place_that_is_shown_is_not_cut_off(window: MainWindow) -> None:
    for name, button in window.top.places.items():
        window.show_place(name)
        heavy = QFont(button.font())
        heavy.setWeight(QFont.Weight.DemiBold)
        assert button.width() >= QFontMetrics(heavy).horizontalAdvance(button.text()) + 8, button.text()


def test_in_a_narrow_window_the_choice_of_the_map_gives_way_to_the_tools(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.resize(1200, 800)
    pane = place_of(window).map
    qtbot.waitUntil(lambda: pane.active.box.geometry().left() >= pane.tools.geometry().right())
    assert pane.active.box.geometry().right() <= pane.look.geometry().left()


@pytest.mark.expects_log
def test_whatever_breaks_again_and_again_opens_one_dialog(window: MainWindow, qtbot: QtBot) -> None:
    for _ in range(20):
        window.messages.report(ZeroDivisionError("by zero"))
    assert window.crashes.dialog is None  # never in the midst of what has broken
    qtbot.waitUntil(lambda: window.crashes.dialog is not None)
    window.messages.report(KeyError("lamp"))
    qtbot.waitUntil(lambda: "lamp" in window.crashes.dialog.report.toPlainText())  # type: ignore[union-attr]
    (dialog,) = window.findChildren(CrashDialog)
    assert dialog.report.toPlainText().count("ZeroDivisionError: by zero") == 1
    dialog.accept()
    assert window.crashes.dialog is None
    window.messages.report(ZeroDivisionError("by zero"))
    qtbot.waitUntil(lambda: window.crashes.dialog is not None)


def test_the_demo_does_not_take_the_place_of_a_project_that_was_opened_since(
    open_window: Callable[[], MainWindow], qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "user_cache", lambda: tmp_path / "cache")
    monkeypatch.setattr(work, "write_demo_catalogue", partial(write_demo_catalogue, count=6))
    made = open_window()
    qtbot.mouseClick(made.start.buttons["demo"], Qt.MouseButton.LeftButton)
    own = make_project(tmp_path / "own")
    made.show_project(own)
    qtbot.waitUntil(lambda: not made.tasks.running, timeout=60_000)
    assert place_of(made).session.project is own


def test_a_window_that_is_built_anew_leaves_the_map_its_room(window: MainWindow, qtbot: QtBot) -> None:
    height, gallery = place_of(window).map.height(), window.docks["gallery"].height()
    window.rebuild()
    qtbot.waitUntil(lambda: place_of(window).map.height() == height)
    assert window.docks["gallery"].height() == gallery
    window.messages.inform("All is well.")
    qtbot.waitUntil(lambda: 0 < height - place_of(window).map.height() < 80)
