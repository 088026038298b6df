"""The live line of a running verb: what, how far, how fast, how long yet.

On a terminal one line is redrawn; a stage that took a while is said once when it ends, there and in a log.
"""

from __future__ import annotations

import shutil
import sys
import time
from types import TracebackType
from typing import Self, TextIO

from prodlabel.core.progress import ProgressState
from prodlabel.core.terminal import printable

_REDRAW_S = 0.1
_WORTH_SAYING_S = 0.5


class ProgressLine:
    """Shows progress on stderr; used as a context, at whose end the line is cleared."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._is_live = self._stream.isatty()
        self._drawn_at_s = 0.0
        self._last: ProgressState | None = None

    def show(self, state: ProgressState) -> None:
        """Take note of a new state; may be called from any thread."""
        if self._last is not None and self._last.stage != state.stage:
            self._finish(self._last)
        self._last = state
        now = time.monotonic()
        if self._is_live and (now - self._drawn_at_s >= _REDRAW_S or state.done == state.total):
            self._drawn_at_s = now
            width = shutil.get_terminal_size().columns - 1
            self._stream.write("\r\x1b[K" + describe(state)[:width])
            self._stream.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._last is not None:
            self._finish(self._last)
            self._last = None

    def _finish(self, state: ProgressState) -> None:
        if self._is_live:
            self._stream.write("\r\x1b[K")
        if state.done and state.elapsed_s >= _WORTH_SAYING_S:
            stage = printable(state.stage)  # it may hold the name of a stranger's file
            self._stream.write(f"{stage}: {state.done:,} {state.unit} in {state.elapsed_s:.1f} s\n")
        self._stream.flush()


def describe(state: ProgressState) -> str:
    """One line: `Encoding texts  434 of 703  62 %  120 products/s  2 s left`."""
    parts = [printable(state.stage)]
    if state.total is not None:
        parts.append(f"{state.done:,} of {state.total:,}")
        if state.fraction is not None:
            parts.append(f"{state.fraction:.0%}")
    elif state.done:
        parts.append(f"{state.done:,} {state.unit}")
    if state.rate_per_s:
        rate = f"{state.rate_per_s:,.0f}" if state.rate_per_s >= 10 else f"{state.rate_per_s:.1f}"
        parts.append(f"{rate} {state.unit}/s")
    if state.left_s is not None:
        parts.append(f"{duration(state.left_s)} left")
    return "  ".join(parts)


def duration(seconds: float) -> str:
    """`8 s`, `3 min 20 s`, `2 h 5 min`."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
