"""A worker in a process of its own: heard like one in a thread, ended with the call."""

from __future__ import annotations

import multiprocessing
import os
from pathlib import Path

import numpy as np
import pytest

from prodlabel.core.errors import Cancelled, InputError
from prodlabel.core.progress import CancelToken, Progress, ProgressState
from prodlabel.operations.child import ChildDiedError, run_in_child


def count_to(number: int, progress: Progress) -> tuple[int, int]:
    with progress.stage("Counting", number):
        for one in range(number):
            progress.advance()
            progress.offer(np.array([one]))
    return number, os.getpid()


def fail(progress: Progress) -> None:
    raise InputError("There is no such file. Choose another.")


def die(progress: Progress) -> None:
    os._exit(3)


def run_for_ever(started: str, progress: Progress) -> None:
    Path(started).touch()
    with progress.stage("For ever"):
        while True:
            progress.offer(1)


def test_outcome_partials_and_progress_come_from_another_process() -> None:
    states: list[ProgressState] = []
    partials: list[int] = []
    progress = Progress(states.append, lambda one: partials.append(int(one[0])))
    number, process_id = run_in_child(count_to, 4, progress=progress)
    assert number == 4
    assert process_id != os.getpid()
    assert partials == [0, 1, 2, 3]
    assert states[-1].fraction == 1.0
    assert multiprocessing.active_children() == []


def test_a_user_error_comes_back_as_itself() -> None:
    with pytest.raises(InputError, match="Choose another"):
        run_in_child(fail, progress=Progress())


def test_a_child_that_dies_is_noticed() -> None:
    with pytest.raises(ChildDiedError, match="3"):
        run_in_child(die, progress=Progress())


def test_a_cancel_ends_the_child(tmp_path: Path) -> None:
    token = CancelToken()
    progress = Progress(partial_listener=lambda _one: token.cancel(), token=token)
    with pytest.raises(Cancelled):
        run_in_child(run_for_ever, str(tmp_path / "started"), progress=progress)
    assert (tmp_path / "started").exists()
    assert multiprocessing.active_children() == []
