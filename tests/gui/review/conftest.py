"""A window in the review place, with a board that was made by a real worker."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from prodlabel.core.progress import Progress
from prodlabel.gui.main_window import MainWindow
from prodlabel.gui.review.board import make_board
from prodlabel.gui.review.place import ReviewPlace
from tests.gui.projects import make_project


@pytest.fixture
def reviewing(open_window: Callable[[], MainWindow], tmp_path: Path, qtbot: QtBot) -> MainWindow:
    """The queue of products that are probably wrong is open, its first card is there."""
    window = open_window()
    project = make_project(tmp_path / "small")
    board = make_board(project.folder, project.person, Progress())
    window.show_project(project)
    assert window.workplace is not None
    window.workplace.map.view.reduced_motion = True
    place = review_of(window)
    place.strip.row.moves = False
    place.take_board(board)
    window.show_place("review")
    place.open_queue("probably-wrong")
    wait_for_cards(window, qtbot)
    return window


def review_of(window: MainWindow) -> ReviewPlace:
    assert window.places is not None
    return window.places.review


def wait_for_cards(window: MainWindow, qtbot: QtBot) -> None:
    """Until everything that was asked of the librarian is there."""
    assert window.workplace is not None
    librarian = window.workplace.librarian
    qtbot.waitUntil(lambda: not window.tasks.running and not librarian.is_busy, timeout=30_000)
