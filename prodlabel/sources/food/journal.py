"""What was found so far, page by page, so that a killed import asks for at most one page again.

Invariant: a page is in the file whole or not at all; what the file says is what the server said, less than a
day ago, to the same query. The file holds no key.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from prodlabel.core.errors import InputError
from prodlabel.core.products import Problem, ProductRecord
from prodlabel.sources.food.pages import FoundPage

MAX_AGE_S = 86_400.0
_MAX_BYTES = 256 * 2**20


@dataclass(slots=True)
class Journal:
    """The pages of one walk, in memory, and in `path` once `keep` was called. `path` None: in memory only."""

    location: str
    path: Path | None = None
    wall_clock: Callable[[], float] = time.time
    pages: list[FoundPage] = field(default_factory=list, init=False)
    _kept: int = field(default=0, init=False)
    _is_begun: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        if self.path is not None and self.path.is_file():
            self._load(self.path)

    @property
    def next_cursor(self) -> str | None:
        """The page to ask for next; None when the last one is there."""
        return self.pages[-1].next_cursor if self.pages else ""

    def add(self, page: FoundPage) -> None:
        """Take a page in."""
        self.pages.append(page)

    def keep(self) -> None:
        """Write what is not in the file yet. Raises `InputError` where that is not possible."""
        if self.path is None or (self._is_begun and self._kept == len(self.pages)):
            return
        lines = [] if self._is_begun else [{"location": self.location, "started_s": self.wall_clock()}]
        lines += [_page_to_json(page) for page in self.pages[self._kept :]]
        with _writable(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("ab" if self._is_begun else "wb") as file:
                file.writelines(json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in lines)
                file.flush()
                os.fsync(file.fileno())
        self._is_begun, self._kept = True, len(self.pages)

    def forget(self) -> None:
        """Remove the file: what it holds is in the project."""
        if self.path is not None:
            with _writable(self.path):
                self.path.unlink(missing_ok=True)
        self._is_begun, self._kept = False, 0

    def _load(self, path: Path) -> None:
        with _writable(path):
            content = path.read_bytes() if path.stat().st_size <= _MAX_BYTES else b""
        whole = content[: content.rfind(b"\n") + 1]
        first, *rest = whole.splitlines() or [b""]
        try:
            head = json.loads(first)
            age_s = self.wall_clock() - head["started_s"]
            if head["location"] != self.location or not 0 <= age_s < MAX_AGE_S:
                return
            self.pages = [_page_from_json(json.loads(line)) for line in rest]
        except (ValueError, KeyError, TypeError, RecursionError):
            # Not what was written here: the walk starts anew and replaces the file.
            self.pages = []
            return
        if len(whole) != len(content):
            # The last page was being written when the program was killed: it is asked for again.
            with _writable(path):
                os.truncate(path, len(whole))
        self._is_begun, self._kept = True, len(self.pages)


@contextmanager
def _writable(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise InputError(
            f"{path} cannot be read or written ({error.strerror}). Check the disk and its rights."
        ) from error


def _page_to_json(page: FoundPage) -> dict[str, Any]:
    records = [
        {"key": r.key, "name": r.name, "description": r.description, "category": r.category,
         "attributes": dict(r.attributes)}
        for r in page.records
    ]  # fmt: skip
    problems = [{k: v for k, v in asdict(problem).items() if v is not None} for problem in page.problems]
    return {"next": page.next_cursor, "records": records, "problems": problems}


def _page_from_json(said: dict[str, Any]) -> FoundPage:
    records = tuple(
        ProductRecord(r["key"], r["name"], r["description"], tuple(r["category"]), attributes=r["attributes"])
        for r in said["records"]
    )
    return FoundPage(records, said["next"], tuple(Problem(**problem) for problem in said["problems"]))
