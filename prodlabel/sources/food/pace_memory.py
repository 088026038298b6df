"""Remembers over the end of the program when hosts were asked, so that two runs in a row keep the rates too.

Invariant: a lost or damaged file costs a forgotten minute, never an error.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path

_FORGOTTEN_AFTER_S = 120.0
_MOST_BYTES = 2**20


class PaceMemory:
    """Times of day (seconds since 1970) at which requests ended, by host and kind, in one small file."""

    def __init__(self, path: Path, wall_clock: Callable[[], float] = time.time) -> None:
        self._path = path
        self._wall_clock = wall_clock

    def ages(self, name: str) -> list[float]:
        """How many seconds ago each of the last requests ended, oldest first."""
        now = self._wall_clock()
        return sorted((max(0.0, now - at) for at in self._read().get(name, [])), reverse=True)

    def note(self, name: str) -> None:
        """Remember that a request ended now."""
        said = self._read()
        said.setdefault(name, []).append(self._wall_clock())
        temporary = self._path.with_name(f"{self._path.name}.{os.getpid()}.tmp")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_text(json.dumps(said), encoding="utf-8")
            temporary.replace(self._path)
        except OSError:
            # A cache that cannot be written: this process still keeps the rates by itself.
            return

    def _read(self) -> dict[str, list[float]]:
        try:
            if self._path.stat().st_size > _MOST_BYTES:
                return {}
            said = json.loads(self._path.read_text(encoding="utf-8"))
            now = self._wall_clock()
            return {
                str(name): [float(at) for at in times if 0 <= now - float(at) < _FORGOTTEN_AFTER_S]
                for name, times in said.items()
            }
        except (OSError, ValueError, TypeError, AttributeError, RecursionError):
            return {}
