"""Where verbs say what came of them: sentences for people on stdout, or one JSON object for machines."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any, TextIO

import numpy as np

from prodlabel.core.terminal import printable, printable_json


class Output:
    """Prints either sentences or JSON, never both; errors go to stderr in one line."""

    def __init__(
        self, *, wants_json: bool, stdout: TextIO | None = None, stderr: TextIO | None = None
    ) -> None:
        self.wants_json = wants_json
        self._stdout = stdout or sys.stdout
        self._stderr = stderr or sys.stderr

    def show(self, sentence: str, data: Mapping[str, Any]) -> None:
        """The outcome of a verb: `sentence` for people, `data` for machines."""
        if self.wants_json:
            self._write_json(data)
        else:
            self._stdout.write(f"{printable(sentence)}\n")
        self._stdout.flush()

    def note(self, sentence: str) -> None:
        """Something worth knowing on the way; machines do not see it."""
        if not self.wants_json:
            self._stderr.write(f"{printable(sentence)}\n")

    def error(self, message: str) -> None:
        """What went wrong, in one line."""
        line = " ".join(printable(message).split())
        if self.wants_json:
            self._write_json({"error": line})
            self._stdout.flush()
        self._stderr.write(f"prodlabel: {line}\n")

    def _write_json(self, data: Mapping[str, Any]) -> None:
        # A lone surrogate (from a file name that is no text) would come out as the same escape in both ways.
        is_utf8 = (self._stdout.encoding or "").lower().replace("-", "") == "utf8"
        line = json.dumps(dict(data), ensure_ascii=not is_utf8, default=_plain)
        self._stdout.write(printable_json(line) + "\n")


def _plain(value: Any) -> Any:
    """NumPy's numbers and arrays as plain ones, everything else as text."""
    if isinstance(value, np.generic | np.ndarray):
        return value.tolist()
    return str(value)


def print_whatever_comes() -> None:
    """Let no character that the terminal's encoding lacks end the program."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def stop_printing() -> None:
    """Send what is still buffered nowhere, so that the end of the process has nothing to complain about."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:  # this is the one that nobody reads any more
            os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def table(rows: Sequence[Sequence[str]], *, right: Sequence[int] = ()) -> str:
    """Rows in aligned columns; the columns numbered in `right` are right-aligned."""
    if not rows:
        return ""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)
