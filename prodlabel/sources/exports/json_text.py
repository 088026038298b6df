"""JSON lists that are written element by element, so that memory does not grow."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

from prodlabel.sources.exports.atomic import replacing


def encoded(value: Any) -> bytes:
    """One value as UTF-8. Texts must be encodable (`protocol.text`)."""
    return json.dumps(value, ensure_ascii=False).encode("utf-8")


def write_elements(file: IO[bytes], elements: Iterable[Any]) -> int:
    """A list with one element a line; returns their number."""
    count = 0
    file.write(b"[")
    for element in elements:
        file.write((b",\n" if count else b"\n") + encoded(element))
        count += 1
    file.write(b"\n]")
    return count


def write_list(path: Path, elements: Iterable[Any]) -> int:
    """A file that is one list; returns the number of elements."""
    with replacing(path) as file:
        count = write_elements(file, elements)
        file.write(b"\n")
    return count
