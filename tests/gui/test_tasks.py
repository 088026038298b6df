"""Work in the background: heard of in the GUI thread only, silent after a cancel."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, Qt, QThread
from pytestqt.qtbot import QtBot

from prodlabel.core.errors import InputError
from prodlabel.core.progress import Progress
from prodlabel.gui.aside import Aside
from prodlabel.gui.messages import Messages, crash_report
from prodlabel.gui.status_bar import StatusBar
from prodlabel.gui.tasks import Callbacks, Tasks


@pytest.fixture
def tasks(qtbot: QtBot) -> Iterator[Tasks]:
    made = Tasks()
    yield made
    assert made.shut_down() == []


def test_outcome_partials_and_progress_arrive_in_the_gui_thread(tasks: Tasks, qtbot: QtBot) -> None:
    heard: list[tuple[str, object, bool]] = []
    gui = QThread.currentThread()

    def hear(what: str) -> object:
        return lambda value: heard.append((what, value, QThread.currentThread() is gui))

    def work(progress: Progress) -> int:
        with progress.stage("Counting", total=3):
            for number in range(3):
                progress.advance()
                progress.offer(number)
        return 42

    task = tasks.start("count", work, Callbacks(hear("done"), hear("failed"), hear("partial")))  # type: ignore[arg-type]
    qtbot.waitUntil(lambda: ("done", 42, True) in heard)
    assert [value for what, value, _ in heard if what == "partial"] == [0, 1, 2]
    assert all(is_gui for _, _, is_gui in heard)
    assert task.state is not None
    assert task.state.fraction == 1.0
    assert tasks.running == []


def test_an_error_comes_back_as_a_value(tasks: Tasks, qtbot: QtBot) -> None:
    failed: list[BaseException] = []

    def work(_progress: Progress) -> None:
        raise InputError("There is no such file. Choose another.")

    tasks.start("fail", work, Callbacks(on_failed=failed.append))
    qtbot.waitUntil(lambda: bool(failed))
    assert isinstance(failed[0], InputError)


def test_after_cancel_returned_no_callback_runs(tasks: Tasks, qtbot: QtBot) -> None:
    heard: list[object] = []
    has_offered, may_end = threading.Event(), threading.Event()

    def work(progress: Progress) -> str:
        progress.offer("one")
        has_offered.set()
        may_end.wait(10)
        return "done although cancelled"

    task = tasks.start("late", work, Callbacks(heard.append, heard.append, heard.append))
    assert has_offered.wait(10)
    # The partial result is on its way: it must be dropped where it arrives.
    tasks.cancel(task)
    may_end.set()
    assert task.join(10)
    for _ in range(5):
        QCoreApplication.processEvents()
    assert heard == []
    assert tasks.running == []


def test_a_worker_notices_the_cancel_at_its_next_report(tasks: Tasks, qtbot: QtBot) -> None:
    is_running = threading.Event()

    def work(progress: Progress) -> None:
        with progress.stage("Forever"):
            while True:
                is_running.set()
                progress.advance()

    task = tasks.start("forever", work)
    assert is_running.wait(10)
    task.cancel()
    assert task.join(5)


def test_shutting_down_names_work_that_does_not_stop(qtbot: QtBot) -> None:
    tasks, may_end = Tasks(), threading.Event()
    task = tasks.start("stubborn", lambda _progress: may_end.wait(10))
    assert tasks.shut_down(timeout_s=0.05) == ["stubborn"]
    may_end.set()
    assert task.join(10)


def test_messages_tell_user_errors_in_the_bar_and_defects_in_the_crash_dialog(
    qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    messages = Messages()
    posted: list[object] = []
    crashed: list[str] = []
    messages.posted.connect(posted.append)
    messages.crashed.connect(crashed.append)
    with messages.guard():
        raise InputError("There is no such file. Choose another.")
    assert len(posted) == 1
    assert crashed == []
    assert "ZeroDivisionError" in crash_report(ZeroDivisionError("by zero"))


def test_what_is_closed_is_asked_in_vain(qtbot: QtBot) -> None:
    aside, taken = Aside("closed"), list[int]()
    aside.ask(lambda: 1, taken.append)
    qtbot.waitUntil(lambda: taken == [1])
    aside.close()
    aside.ask(lambda: 2, taken.append)
    assert not aside.is_busy
    assert not [thread for thread in threading.enumerate() if thread.name == "closed"]


def test_whoever_waits_is_told_of_a_cancel_once(tasks: Tasks, qtbot: QtBot) -> None:
    may_end, told = threading.Event(), list[str]()
    callbacks = Callbacks(
        told.append, told.append, told.append, on_cancelled=lambda: told.append("cancelled")
    )
    task = tasks.start("patient", lambda _progress: may_end.wait(10), callbacks)
    tasks.cancel(task)
    tasks.cancel(task)
    may_end.set()
    assert task.join(10)
    QCoreApplication.processEvents()
    assert told == ["cancelled"]


def test_each_of_several_jobs_is_seen_and_cancelled_by_itself(tasks: Tasks, qtbot: QtBot) -> None:
    status, gate = StatusBar(tasks), threading.Event()
    qtbot.addWidget(status)
    status.cancel_wanted.connect(tasks.cancel)
    status.show()

    def work(progress: Progress) -> None:
        with progress.stage("Counting", total=4):
            progress.advance()
            while not gate.wait(0.01):
                progress.check()

    first, second = (tasks.start(title, work) for title in ("Encode", "Train"))
    qtbot.waitUntil(lambda: first.state is not None and second.state is not None)
    assert status.more.isVisible()
    assert status.more.text() == "and 1 more"
    qtbot.mouseClick(status.more, Qt.MouseButton.LeftButton)
    assert status.jobs.isVisible()
    rows = status.jobs.rows
    assert [row.title.text() for row in rows.values()] == ["Encode · Counting", "Train · Counting"]
    qtbot.mouseClick(rows[first.number].cancel, Qt.MouseButton.LeftButton)
    assert first.is_cancelled
    assert not second.is_over
    assert list(rows) == [second.number]
    gate.set()
    qtbot.waitUntil(lambda: not tasks.running)
    assert not status.jobs.isVisible()
    assert not status.more.isVisible()
