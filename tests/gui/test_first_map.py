"""The first map of a project: texts come before pictures are read, and nothing lies over it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QRectF
from pytestqt.qtbot import QtBot

from prodlabel.core.progress import Progress, ProgressState
from prodlabel.gui.filters import CATEGORY, Filter
from prodlabel.gui.jobs import Found, MapWish, make_maps
from prodlabel.gui.map.points import Placing
from prodlabel.operations.pictures import look_at_pictures
from prodlabel.operations.steps import layout_in_use
from prodlabel.project.project import Project
from tests.gui.conftest import OpenWindow
from tests.gui.projects import add_results, make_project


def made_of(project: Project, old: dict[str, Any]) -> list[str]:
    """What came, in its order: `text layout`, ..., and `reading pictures` where those were begun."""
    said: list[str] = []

    def hear(part: object) -> None:
        if isinstance(part, Found):
            said.append(f"{part.name} {part.kind}")

    def listen(state: ProgressState) -> None:
        if "EfficientNet" in state.stage and "reading pictures" not in said:
            said.append("reading pictures")

    make_maps(project.snapshot(), old, MapWish(), Progress(listen, hear))
    return said


def test_texts_are_on_the_map_before_pictures_are_read(tmp_path: Path) -> None:
    with make_project(tmp_path / "shop.prodlabel", with_map=False) as project:
        look_at_pictures(project, Progress())
        said = made_of(project, {})
        assert said[:3] == ["text layout", "text clusters", "reading pictures"]
        assert said[3] == "fused layout"
        assert len(said) == len(set(said)), "no map is made twice"


def test_a_project_with_a_map_goes_on_from_it(tmp_path: Path) -> None:
    with make_project(tmp_path / "shop.prodlabel") as project:
        look_at_pictures(project, Progress())
        said = made_of(project, {"fused": layout_in_use(project, "fused")})
        assert said[:2] == ["reading pictures", "fused layout"]


def test_a_map_that_comes_bit_by_bit_keeps_clear_of_what_floats_over_it(
    open_window: OpenWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window()
    window.resize(1640, 1000)
    project = make_project(tmp_path / "shop.prodlabel", with_map=False)
    window.show_project(project)
    assert window.workplace is not None
    pane, angle = window.workplace.map, np.linspace(0, 6, 60)
    for size in (1.0, 2.0):
        pane.show_partial(Placing.of(size * np.cos(angle), size * np.sin(angle)))
    add_results(project)
    assert pane.look.legend.isVisible()
    left, right = pane.tools.geometry().right(), pane.look.geometry().left()
    places = [pane.view.pixel_of(row) for row in range(60)]
    assert all(place is not None and left < place[0] < right for place in places)


def test_names_and_pictures_stand_beside_what_floats_over_the_map(
    open_window: OpenWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window()
    window.resize(900, 700)  # too narrow to bring all in view beside the legend
    window.show_project(make_project(tmp_path / "shop.prodlabel"))
    assert window.workplace is not None
    pane = window.workplace.map
    pane.view.zoom_by(1.6)
    pane.view.settle()
    floats = [QRectF(one.geometry()) for one in (pane.tools, pane.look)]
    stand = [rect for _, rect in pane.view.labels.placed]
    stand += [one.rect for one in pane.view.thumbnails.placed]
    assert stand
    assert not [rect for rect in stand if any(rect.intersects(one) for one in floats)]


def test_pictures_on_the_map_are_those_of_what_a_filter_leaves(
    open_window: OpenWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window()
    window.show_project(make_project(tmp_path / "shop.prodlabel"))
    assert window.workplace is not None
    session, view = window.workplace.session, window.workplace.map.view
    view.settle()
    everywhere = {one.row for one in view.thumbnails.placed}
    assert any(row >= 20 for row in everywhere)
    session.narrow(session.filter.with_codes(CATEGORY, [int(session.columns.category[0])]))
    qtbot.waitUntil(lambda: {one.row // 20 for one in view.thumbnails.placed} == {0})
    session.narrow(Filter().with_words("nothing"), np.empty(0, dtype=np.int64))
    qtbot.waitUntil(lambda: not view.thumbnails.placed)
    session.narrow(Filter())
    qtbot.waitUntil(lambda: {one.row // 20 for one in view.thumbnails.placed} == {0, 1, 2})
