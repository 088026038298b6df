"""The panel of networks: curves grow with epochs, a cancel ends the work, and what is missing is said."""

from __future__ import annotations

import threading
import time

import pytest
from pytestqt.qtbot import QtBot

from prodlabel.core.progress import Progress
from prodlabel.gui.main_window import MainWindow
from prodlabel.gui.tasks import Tasks
from prodlabel.gui.training import networks
from prodlabel.gui.training.networks import NetworkPanel
from prodlabel.learning.networks.plan import EpochFigures


def epoch(training: int, stage: str, number: int, accuracy: float) -> EpochFigures:
    return EpochFigures(training, 6, stage, number, 6, 0.5, accuracy - 0.1, 0.4, accuracy, True)


@pytest.fixture
def tasks() -> Tasks:
    return Tasks()


@pytest.fixture
def panel(qtbot: QtBot, tasks: Tasks, monkeypatch: pytest.MonkeyPatch) -> NetworkPanel:
    monkeypatch.setattr(networks, "what_is_missing", lambda: None)
    made = NetworkPanel(tasks)
    qtbot.addWidget(made)
    made.resize(300, 600)
    made.show()
    qtbot.waitUntil(lambda: not tasks.running)
    return made


def test_curves_grow_with_epochs_and_begin_anew_with_a_training(panel: NetworkPanel) -> None:
    assert not panel.accuracy.isVisible()
    for number in range(1, 4):
        panel.take_epoch(epoch(1, "head", number, 0.8 + 0.02 * number))
    assert panel.accuracy.checked == pytest.approx([0.82, 0.84, 0.86])
    assert panel.loss.learned == [0.5] * 3
    assert panel.accuracy.isVisible()
    assert panel.accuracy.turn == 0
    panel.take_epoch(epoch(1, "tuning", 1, 0.9))
    assert (panel.accuracy.turn, panel.loss.turn) == (4, 4)
    assert panel.accuracy.y_range == (0.6, 1.0)
    before = panel.grab().toImage()
    panel.take_epoch(epoch(2, "head", 1, 0.9))
    assert panel.accuracy.checked == [0.9]
    assert panel.grab().toImage() != before


def test_a_training_is_followed_and_can_be_cancelled(panel: NetworkPanel, tasks: Tasks, qtbot: QtBot) -> None:
    def work(progress: Progress) -> None:
        with progress.stage("Training the network", 100, "steps"):
            for _ in range(100):
                time.sleep(0.02)
                progress.advance()

    panel.follow(tasks.start("Training a network", work))
    assert not panel.train.isEnabled()
    qtbot.waitUntil(lambda: "min left" in panel.said.text())
    panel.take_epoch(epoch(2, "tuning", 3, 0.9))
    assert panel.said.text().startswith("Training 2 of 6, last blocks, epoch 3 of 6")
    panel.cancel.click()
    assert panel.train.isEnabled()
    assert not panel.cancel.isVisible()
    assert not tasks.shut_down()


def test_without_tensorflow_the_panel_says_what_to_install(
    qtbot: QtBot, tasks: Tasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = "Training a network needs tensorflow. Run: pip install tensorflow"
    looked: list[str] = []

    def look() -> str | None:
        looked.append(threading.current_thread().name)
        return said if len(looked) < 3 else None

    monkeypatch.setattr(networks, "what_is_missing", look)
    panel = NetworkPanel(tasks)
    qtbot.addWidget(panel)
    panel.show()
    qtbot.waitUntil(lambda: panel.said.text() == said)
    assert not panel.train.isEnabled()
    for showing in (2, 3):
        panel.hide()
        panel.show()
        qtbot.waitUntil(lambda showing=showing: len(looked) == showing and not tasks.running)  # type: ignore[misc]
    assert panel.train.isEnabled(), "it was installed meanwhile"
    panel.hide()
    panel.show()
    tasks.changed.emit()
    assert not tasks.running
    assert len(looked) == 3, "what is there is not looked for again"
    assert threading.current_thread().name not in looked


def test_the_button_starts_the_kind_that_is_chosen(panel: NetworkPanel, qtbot: QtBot) -> None:
    panel.kind.setCurrentIndex(panel.kind.findData("picture-network"))
    with qtbot.waitSignal(panel.train_wanted) as said:
        panel.train.click()
    assert said.args == ["picture-network"]


def test_the_training_place_has_the_panel_and_actions_for_it(window: MainWindow) -> None:
    assert window.places is not None
    place = window.places.training
    assert isinstance(place.networks, NetworkPanel)
    for name in ("train_joint", "train_joint_use", "train_picture_network"):
        assert window.actions_table[name].text()
    window.actions_table["place_training"].trigger()
    assert place.networks.isVisible(), "also before there is any classifier"
