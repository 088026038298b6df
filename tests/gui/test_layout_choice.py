"""How a map is laid out is said on it, chosen there, remembered, and done beside the window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from prodlabel.core.progress import Progress
from prodlabel.gui.jobs import MapWish, make_maps
from prodlabel.gui.main_window import MainWindow
from prodlabel.gui.map_pane import MapPane
from prodlabel.operations.layout import AXES, LAYOUTS, TSNE, UMAP, LayoutOutcome
from tests.gui.projects import make_project


@pytest.fixture
def window(open_window: Callable[[], MainWindow], tmp_path: Path, qtbot: QtBot) -> MainWindow:
    made = open_window()
    project = make_project(tmp_path / "shop")
    kept = project.results.load(next(one for one in project.results.list("layout")))
    project.results.save("layout", "picture", kept, settings={"method": UMAP})
    made.show_project(project)
    qtbot.waitUntil(lambda: not made.tasks.running)
    return made


def pane_of(window: MainWindow) -> MapPane:
    assert window.workplace is not None
    return window.workplace.map


def test_a_map_says_how_it_was_made(window: MainWindow) -> None:
    pane = pane_of(window)
    (sheet,) = pane.sheets
    assert sheet.method.text().startswith("t-SNE")
    assert sheet.chooser.itemText(sheet.chooser.findData("picture")) == "Picture · UMAP"
    sheet.chooser.setCurrentIndex(sheet.chooser.findData("picture"))
    assert sheet.method.text().startswith("UMAP")
    assert [name for name, entry in sheet.method.entries.items() if entry.isChecked()] == [UMAP]
    assert all(len(entry.text()) < 80 for entry in sheet.method.entries.values())


def test_another_way_makes_the_map_anew_and_is_remembered(window: MainWindow) -> None:
    (sheet,) = pane_of(window).sheets
    sheet.method.entries[TSNE].trigger()
    assert not window.tasks.running, "it is made like that already"
    sheet.method.entries[AXES].trigger()
    assert [task.title for task in window.tasks.running] == ["Making the map"]
    assert sheet.method.text().startswith("t-SNE"), "until it is made"
    assert window.settings["layout_method"] == AXES
    window.tasks.shut_down()


def test_the_palette_lays_out_the_map_that_is_worked_in(window: MainWindow) -> None:
    window.actions_table["lay_out_umap"].trigger()
    assert [task.title for task in window.tasks.running] == ["Making the map"]
    assert window.settings["layout_method"] == UMAP
    window.tasks.shut_down()


def test_before_the_first_map_the_choice_is_only_remembered(
    open_window: Callable[[], MainWindow], tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window()
    project = make_project(tmp_path / "bare")
    for one in project.results.list("layout"):
        project.results.forget(one.id)
    window.show_project(project)
    qtbot.waitUntil(lambda: not window.tasks.running)
    pane = pane_of(window)
    assert not pane.method.isHidden()
    pane.method.entries[UMAP].trigger()
    assert not window.tasks.running
    assert pane.method.text().startswith("UMAP")
    assert window.settings["layout_method"] == UMAP


@pytest.mark.parametrize("wish", [MapWish("fused", AXES), MapWish("fused", None, AXES)])
def test_a_wish_decides_over_a_map_that_is_there_and_the_memory_over_a_new_one(
    tmp_path: Path, wish: MapWish
) -> None:
    with make_project(tmp_path / "shop") as project:
        found: list[str] = []
        progress = Progress(partial_listener=lambda one: found.append(_method_of(one)))
        old: dict[str, LayoutOutcome | None] = {}
        make_maps(project.snapshot(), old, wish, progress)
    assert AXES in found


def _method_of(partial: object) -> str:
    settings = getattr(partial, "settings", {})
    return str(settings.get("method", "")) if isinstance(settings, dict) else ""


def test_the_settings_know_every_way() -> None:
    from prodlabel.gui.settings import SETTINGS

    (setting,) = [one for one in SETTINGS if one.name == "layout_method"]
    assert (setting.default, set(setting.choices)) == (TSNE, set(LAYOUTS))
