"""What would hold the window up is done beside it; panes are refreshed in turns, hidden ones when shown."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from prodlabel.gui.aside import Aside
from prodlabel.gui.turns import Turns


@pytest.fixture
def aside(qtbot: QtBot) -> Iterator[Aside]:
    made = Aside("test")
    yield made
    made.close()


def test_an_answer_arrives_in_the_thread_that_asked(aside: Aside, qtbot: QtBot) -> None:
    heard: list[tuple[object, int]] = []
    aside.ask(threading.get_ident, lambda worker: heard.append((worker, threading.get_ident())))
    qtbot.waitUntil(lambda: bool(heard))
    assert heard[0][0] != heard[0][1] == threading.get_ident()
    assert not aside.is_busy


def test_only_the_newest_asking_is_answered(aside: Aside, qtbot: QtBot) -> None:
    may_go = threading.Event()
    heard: list[str] = []
    aside.ask(lambda: may_go.wait() and "old", heard.append)
    aside.ask(lambda: "skipped", heard.append)
    aside.ask(lambda: "new", heard.append)
    may_go.set()
    qtbot.waitUntil(lambda: bool(heard))
    qtbot.wait(10)
    assert heard == ["new"]


def test_an_error_is_told_and_nothing_arrives_after_closing(aside: Aside, qtbot: QtBot) -> None:
    failed: list[object] = []
    aside.failed.connect(failed.append)
    aside.ask(lambda: 1 // 0, failed.append)
    qtbot.waitUntil(lambda: bool(failed))
    assert isinstance(failed[0], ZeroDivisionError)
    aside.ask(lambda: "late", failed.append)
    aside.close()
    qtbot.wait(10)
    assert len(failed) == 1


def test_a_hidden_pane_is_refreshed_once_when_it_is_shown(qtbot: QtBot) -> None:
    turns, pane = Turns(), QWidget()
    qtbot.addWidget(pane)
    done: list[int] = []

    def refresh() -> None:
        done.append(1)

    turns.ask(pane, refresh)
    turns.ask(pane, refresh)
    assert not done
    pane.show()
    assert len(done) == 1
    turns.ask(pane, refresh)
    assert len(done) == 2
    pane.hide()
    pane.show()
    assert len(done) == 2


def test_patient_panes_take_turns_of_the_event_loop(qtbot: QtBot) -> None:
    turns, pane = Turns(), QWidget()
    qtbot.addWidget(pane)
    pane.show()
    turns.is_patient = True
    order: list[str] = []
    QTimer.singleShot(0, lambda: order.append("other"))

    def first() -> None:
        order.append("first")

    def second() -> None:
        order.append("second")

    for refresh in (first, second, first):
        turns.ask(pane, refresh)
    assert order == []
    qtbot.waitUntil(lambda: "second" in order)
    assert order == ["other", "first", "second"]
    turns.ask(pane, first)
    turns.settle()
    assert order[-1] == "first"


def test_what_is_asked_for_later_never_happens_at_once(qtbot: QtBot) -> None:
    turns, pane = Turns(), QWidget()
    qtbot.addWidget(pane)
    pane.show()
    done: list[int] = []

    def refresh() -> None:
        done.append(1)

    for _ in range(3):
        turns.ask_later(pane, refresh)
    assert not done
    qtbot.waitUntil(lambda: bool(done))
    qtbot.wait(5)
    assert len(done) == 1
