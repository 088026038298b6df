"""What tests of the window do again and again: find its parts, draw a lasso, press keys."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from prodlabel.gui.main_window import MainWindow
from prodlabel.gui.map.tools import Tool
from prodlabel.gui.workplace import Workplace


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
