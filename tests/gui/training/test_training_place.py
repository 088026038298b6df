"""The training place with a real version that a real worker reads."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from prodlabel.core.edits import Relabel
from prodlabel.core.labels import Status
from prodlabel.core.progress import Progress
from prodlabel.gui.main_window import MainWindow
from prodlabel.gui.training.place import TrainingPlace
from prodlabel.operations.materials import Materials
from prodlabel.operations.steps import suggest_project, train_project
from prodlabel.operations.train import TrainSettings, keep, train
from prodlabel.operations.versions import list_versions
from prodlabel.project.results import CLASSIFIER, SUGGESTIONS
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


@pytest.fixture
def twice_trained(trained: MainWindow, qtbot: QtBot) -> MainWindow:
    """A second version is in use, taught by three labels that say something else."""
    assert trained.workplace is not None
    session = trained.workplace.session
    ids, columns = session.columns.product_id, session.columns
    session.apply(Relabel(ids[[0, 20, 40]], columns.category[[20, 40, 0]], Status.CONFIRMED))
    project = session.project
    outcome = train(Materials(project.snapshot()), TrainSettings(level=2, folds=3), Progress())
    keep(project, outcome, fingerprint="")
    place = training_of(trained)
    number = list_versions(project)[0].number
    qtbot.waitUntil(lambda: place.evidence is not None and place.evidence.version == number, timeout=60_000)
    qtbot.waitUntil(lambda: not trained.tasks.running, timeout=60_000)
    return trained


def press(button: QAbstractButton, qtbot: QtBot) -> None:
    assert button.isVisible()
    assert button.isEnabled()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_two_versions_are_compared_and_their_flips_open_on_the_map(
    twice_trained: MainWindow, qtbot: QtBot
) -> None:
    place = training_of(twice_trained)
    assert not place.compare.isVisible()
    for row in place.versions.rows[:2]:
        press(row, qtbot)
    press(place.compare, qtbot)
    assert place.comparison.text() == "Comparing…"
    qtbot.waitUntil(lambda: "labels:" in place.comparison.text(), timeout=60_000)
    assert "won" in place.comparison.text()
    assert place.flips.isVisible() == bool(len(place.flipped))
    place.flipped = np.array([3, 4])
    place.flips.show()
    press(place.flips, qtbot)
    assert twice_trained.place == "map"
    assert twice_trained.workplace is not None
    session = twice_trained.workplace.session
    assert session.columns.product_id[session.selected_rows].tolist() == [3, 4]


def test_an_older_version_is_put_in_use_with_one_press_and_suggests_again(
    twice_trained: MainWindow, qtbot: QtBot
) -> None:
    place = training_of(twice_trained)
    assert twice_trained.workplace is not None
    results = twice_trained.workplace.session.project.results
    older = place.versions.rows[-1]
    press(older, qtbot)
    number = older.info.id
    press(place.use, qtbot)
    current = results.current(CLASSIFIER)
    assert current is not None
    assert current.id == number

    def suggests() -> bool:
        found = results.current(SUGGESTIONS)
        return found is not None and found.settings["classifier_version"] == number

    qtbot.waitUntil(suggests, timeout=60_000)
    qtbot.waitUntil(lambda: place.evidence is not None and place.evidence.version == number, timeout=60_000)
    qtbot.waitUntil(lambda: not twice_trained.tasks.running, timeout=60_000)
    assert not place.use.isVisible()


def test_the_learning_curve_is_measured_and_forecasts(trained: MainWindow, qtbot: QtBot) -> None:
    place = training_of(trained)
    press(place.measure, qtbot)
    assert not place.measure.isEnabled()
    qtbot.waitUntil(lambda: bool(place.forecast.text()), timeout=120_000)
    assert "macro-F1" in place.forecast.text()
    assert place.learning.isVisible()


def test_the_large_figure_is_the_one_that_was_kept(trained: MainWindow, qtbot: QtBot) -> None:
    place = training_of(trained)
    evidence = place.evidence
    assert evidence is not None
    assert evidence.is_as_trained
    kept = evidence.figures["accuracy"]
    assert evidence.accuracy == pytest.approx(kept, abs=1e-6)
    assert place.accuracy.text() == f"{100 * kept:.1f} %"
    assert place.accuracy.text() in place.versions.rows[0].accessibleName()
    assert "text" in place.share.text()


def test_after_corrections_both_figures_are_told(twice_trained: MainWindow, qtbot: QtBot) -> None:
    place = training_of(twice_trained)
    assert twice_trained.workplace is not None
    session = twice_trained.workplace.session
    session.undo()
    place.evidence = None
    place.enter()
    qtbot.waitUntil(lambda: place.evidence is not None, timeout=60_000)
    assert place.evidence is not None
    assert not place.evidence.is_as_trained
    assert "on the labels it was trained on" in place.others.text()


def test_keys_open_a_cell_of_the_confusion_matrix(trained: MainWindow, qtbot: QtBot) -> None:
    place = training_of(trained)
    place.matrix.setFocus()
    with qtbot.waitSignal(place.matrix.opened) as opened:
        qtbot.keyClick(place.matrix, Qt.Key.Key_Down)
        qtbot.keyClick(place.matrix, Qt.Key.Key_Right)
        qtbot.keyClick(place.matrix, Qt.Key.Key_Return)
    assert opened.args == [1, 1]


def test_when_it_trains_again_is_set_beside_the_button(trained: MainWindow, qtbot: QtBot) -> None:
    place = training_of(trained)
    place.again.after.setCurrentIndex(place.again.after.findData(100))
    assert trained.settings["retrain_after"] == 100
    trained.settings.set("retrain_minutes", 20)
    assert place.again.minutes.currentData() == 20


def test_what_was_cancelled_can_be_asked_for_again(twice_trained: MainWindow, qtbot: QtBot) -> None:
    place, cancel = training_of(twice_trained), twice_trained.actions_table["cancel_work"]
    press(place.measure, qtbot)
    cancel.trigger()
    assert place.measure.isEnabled()
    for row in place.versions.rows[:2]:
        press(row, qtbot)
    press(place.compare, qtbot)
    cancel.trigger()
    assert place.comparison.text() == ""
    place.evidence = None
    place.enter()
    assert place.notice.title.text().startswith("Reading version")
    cancel.trigger()
    assert place.notice.title.text().endswith("was not read")
    press(place.notice.button, qtbot)
    qtbot.waitUntil(lambda: place.evidence is not None, timeout=60_000)
