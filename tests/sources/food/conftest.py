"""What the tests of food databases share: recorded answers, a clock that only waits when told, clients."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from prodlabel.sources.food.http import FoodClient, Timeouts
from prodlabel.sources.food.pace import Pacer
from tests.sources.food.fake_server import FakeServer

CONTACT = "curator@example.org"
QUICK = Timeouts(10.0, 10.0, 30.0)
"""Long enough for a busy machine: an answer that comes late would count as one more try."""
IMPATIENT = Timeouts(10.0, 1.5, 30.0)
"""For answers that never come."""


class FakeClock:
    """Time passes only in `sleep`, and a little with each look."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []
        self._lock = threading.Lock()

    def __call__(self) -> float:
        with self._lock:
            self.now += 1e-4
            return self.now

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.now += seconds
            self.slept.append(seconds)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def pacer(clock: FakeClock) -> Pacer:
    return Pacer(clock=clock, sleep=clock.sleep, seed=0)


@pytest.fixture(scope="session")
def recorded(shared: Path) -> Path:
    folder = shared / "food_api"
    if not folder.is_dir():
        pytest.skip("the recorded answers are not beside this checkout")
    return folder


@pytest.fixture
def server(recorded: Path, clock: FakeClock) -> Iterator[FakeServer]:
    with FakeServer(recorded, clock) as running:
        yield running


@pytest.fixture
def bare_server(clock: FakeClock) -> Iterator[FakeServer]:
    """A server without recorded pages."""
    with FakeServer(None, clock) as running:
        yield running


@pytest.fixture
def client(pacer: Pacer) -> Iterator[FoodClient]:
    with FoodClient(CONTACT, pacer, timeouts=QUICK) as opened:
        yield opened
