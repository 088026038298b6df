"""What passes between an open project and a clerk that writes beside it in another thread."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from prodlabel.project.state import State
from prodlabel.store.sources import SourceInfo

Clock = Callable[[], int]


@dataclass(frozen=True, slots=True, eq=False)
class Seat:
    """Where a clerk sits down: the project as it is now, and the `turn` that is taken to write."""

    folder: Path
    database: Path
    turn: threading.RLock
    person: str
    clock: Clock
    state: State


@dataclass(frozen=True, slots=True, eq=False)
class Handed:
    """The project after what a clerk wrote, whole, for its owner to go on from."""

    state: State
    sources: dict[int, SourceInfo]


def now_us() -> int:
    """The present moment in microseconds since 1970."""
    return time.time_ns() // 1000
