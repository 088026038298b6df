"""Where verbs say what came of them: sentences for people on stdout, or one JSON object for machines."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any, TextIO


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
            json.dump(dict(data), self._stdout, ensure_ascii=False, default=str)
            self._stdout.write("\n")
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
            json.dump({"error": line}, self._stdout, ensure_ascii=False)
            self._stdout.write("\n")
            self._stdout.flush()
        self._stderr.write(f"prodlabel: {line}\n")


def printable(text: str) -> str:
    """The text without characters that could drive a terminal (names come from strangers)."""
    return "".join(char if char.isprintable() or char in "\n\t" else "�" for char in text)


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
