"""Progress reports rate and time left, and is where a cancel is noticed."""

from __future__ import annotations

import pytest

from prodlabel.core.errors import Cancelled
from prodlabel.core.progress import CancelToken, Progress, ProgressState


class TickingClock:
    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def test_rate_and_time_left_come_from_the_work_done_since_the_stage_began() -> None:
    clock, seen = TickingClock(), list[ProgressState]()
    progress = Progress(seen.append, clock=clock)
    with progress.stage("Encoding texts", total=100):
        clock.now_s = 2.0
        progress.advance(20)
    state = seen[-1]
    assert (state.stage, state.done, state.rate_per_s, state.left_s) == ("Encoding texts", 20, 10.0, 8.0)


def test_work_found_done_does_not_flatter_the_rate() -> None:
    clock, seen = TickingClock(), list[ProgressState]()
    progress = Progress(seen.append, clock=clock)
    with progress.stage("Encoding", total=100):
        progress.skip(50)
        clock.now_s = 1.0
        progress.advance(10)
    assert seen[-1].rate_per_s == 10.0
    assert seen[-1].left_s == 4.0


def test_a_cancel_stops_the_worker_at_its_next_report() -> None:
    token = CancelToken()
    progress = Progress(token=token)
    with progress.stage("Encoding", total=2):
        progress.advance()
        token.cancel()
        with pytest.raises(Cancelled):
            progress.advance()


def test_reports_are_throttled_but_the_end_of_a_stage_is_always_seen() -> None:
    clock, seen = TickingClock(), list[ProgressState]()
    progress = Progress(seen.append, clock=clock, interval_s=0.1)
    with progress.stage("Reading", total=1000):
        for _ in range(1000):
            progress.advance()
    assert [state.done for state in seen] == [0, 1000]
