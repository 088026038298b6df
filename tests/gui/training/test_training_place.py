"""The training place with a real version that a real worker reads."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from prodlabel.core.progress import Progress
from prodlabel.gui.main_window import MainWindow
from prodlabel.gui.training.place import TrainingPlace
from prodlabel.operations.materials import Materials
from prodlabel.operations.steps import suggest_project, train_project
from prodlabel.operations.train import TrainSettings
from tests.gui.projects import make_project


def training_of(window: MainWindow) -> TrainingPlace:
    assert window.places is not None
    return window.places.training


@pytest.fixture
def trained(open_window: Callable[[], MainWindow], tmp_path: Path, qtbot: QtBot) -> MainWindow:
    """A window in the training place of a project with one version of the classifier."""
    window = open_window()
    project = make_project(tmp_path / "small")
    materials = Materials(project.snapshot())
    train_project(project, materials, TrainSettings(level=2, folds=3), Progress())
    suggest_project(project, materials, Progress())
    window.show_project(project)
    window.show_place("training")
    qtbot.waitUntil(lambda: training_of(window).evidence is not None, timeout=30_000)
    return window


def test_the_figures_are_shown_and_a_cell_opens_its_products(trained: MainWindow, qtbot: QtBot) -> None:
    place = training_of(trained)
    assert place.accuracy.text().endswith(" %")
    assert "it had not seen" in place.interval.text()
    assert place.change.text() == "the first version"
    assert place.evidence is not None
    assert trained.workplace is not None
    truth = int(place.evidence.truth[0])
    wanted = place.evidence.cell(truth, truth)
    cell = place.matrix.cell(truth, truth).center().toPoint()
    qtbot.mouseClick(place.matrix, Qt.MouseButton.LeftButton, pos=cell)
    session = trained.workplace.session
    assert trained.place == "map"
    assert sorted(session.columns.product_id[session.selected_rows].tolist()) == sorted(wanted.tolist())


def test_the_line_moves_and_says_what_it_covers(trained: MainWindow, qtbot: QtBot) -> None:
    place = training_of(trained)
    place.coverage.move_line(0.5)
    count = place.coverage.figures()[0]
    assert f"the {count} surest" in place.line.text()
    qtbot.keyClick(place.coverage, Qt.Key.Key_Right)
    assert place.coverage.line == pytest.approx(0.51)


def test_both_themes_paint_every_chart(trained: MainWindow) -> None:
    pictures = []
    for theme in ("dark", "light"):
        trained.settings.set("theme", theme)
        pictures.append(training_of(trained).grab().toImage())
    assert pictures[0] != pictures[1]


def test_without_a_version_the_place_offers_to_train(
    open_window: Callable[[], MainWindow], tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window()
    window.show_project(make_project(tmp_path / "small"))
    window.show_place("training")
    place = training_of(window)
    assert place.notice.title.text() == "No classifier yet"
    window.actions_table["train"].setEnabled(False)
    with qtbot.waitSignal(place.train_wanted):
        qtbot.mouseClick(place.notice.button, Qt.MouseButton.LeftButton)
