"""Tests of the window run without a display where there is none."""

from __future__ import annotations

import os
import sys

if (
    sys.platform.startswith("linux")
    and not os.environ.get("DISPLAY")
    and not os.environ.get("WAYLAND_DISPLAY")
):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from prodlabel.gui.application import Look
from prodlabel.gui.main_window import MainWindow
from tests.gui.projects import make_project

OpenWindow = Callable[[], MainWindow]


@pytest.fixture
def look(qapp: QApplication, tmp_path: Path) -> Iterator[Look]:
    """Settings of their own: dark, English, without motion, without a tour, and what follows them."""
    made = Look(qapp, tmp_path / "settings")
    wanted = {
        "theme": "dark", "tour_seen": True, "motion": "off", "language": "en",
        "retrain_after": 0, "retrain_minutes": 0,
    }  # fmt: skip
    for name, value in wanted.items():
        made.settings.set(name, value)
    yield made
    made.language.use("en")
    made.deleteLater()
    made.appearance.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def open_window(look: Look, qtbot: QtBot) -> Iterator[OpenWindow]:
    """Makes windows, and closes them afterwards."""
    windows: list[MainWindow] = []

    def make() -> MainWindow:
        window = MainWindow(look.settings, look.appearance)
        windows.append(window)
        window.resize(1400, 900)
        window.show()
        qtbot.waitExposed(window)
        return window

    yield make
    for window in windows:
        window.close()
        window.deleteLater()


@pytest.fixture
def window(open_window: OpenWindow, tmp_path: Path, qtbot: QtBot) -> MainWindow:
    """A window in which a small project is open and everything has been read."""
    made = open_window()
    made.show_project(make_project(tmp_path / "small"))
    qtbot.waitUntil(lambda: not made.tasks.running)
    assert made.workplace is not None
    made.workplace.map.view.settle()
    return made
