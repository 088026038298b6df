"""A mark for every window that runs: what is left of it when the program was killed or has crashed.

Invariant: the mark holds the system's lock, which dies with its process however that ends; so a mark whose
lock is free and that is still there belongs to a window that did not close. Its trace and its log are shown
only scrubbed, the log is scrubbed before it is written.
"""

from __future__ import annotations

import faulthandler
import logging
import os
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import IO, Any

from filelock import FileLock
from typing_extensions import override

from prodlabel.core.errors import UserError
from prodlabel.core.scrub import own_names, scrub
from prodlabel.core.terminal import printable
from prodlabel.gui.messages import report_of
from prodlabel.store.atomic import read_json, write_json
from prodlabel.store.lock import take_os_lock

FOLDER = "running"
_MOST_LOG_BYTES = 200_000
_SHOWN_CHARACTERS = 20_000
_MOST_JOBS, _LONGEST_TITLE = 5, 200
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ended:
    """A window that did not close. `project` is the one that was open, or None; `jobs`: titles of what was
    under way."""

    project: Path | None
    started: datetime
    last_seen: datetime
    report: str
    jobs: tuple[str, ...] = ()


class ScrubbedFormatter(logging.Formatter):
    """Lines of a log without home folder, names, addresses and secrets, also in their tracebacks, and without
    what could drive the terminal that they are shown in."""

    def __init__(self, names: Sequence[str] = ()) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._names = (*own_names(), *names)

    @override
    def format(self, record: logging.LogRecord) -> str:
        return printable(scrub(super().format(record), names=self._names))


class RunningMark:
    """Made when the window starts, ended when it closes."""

    def __init__(self, settings_folder: Path, names: Sequence[str] = ()) -> None:
        """`names`: what the user calls himself, kept out of the log."""
        stem = f"{time.time_ns()}-{os.getpid()}"
        self._path = settings_folder / FOLDER / f"{stem}.json"
        self._started = time.time()
        self._formatter = ScrubbedFormatter(names)
        self._lock: FileLock | None = None
        self._project = ""
        self._jobs: tuple[str, ...] = ()
        self._writing = threading.Lock()
        self._trace: IO[str] | None = None
        self._handlers: list[logging.Handler] = []

    def begin(self) -> None:
        """Leave the mark, and write what the program says from now on beside it."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._lock = take_os_lock(self._path.with_suffix(".lock"))
            self._trace = self._path.with_suffix(".trace").open("w", encoding="utf-8")
            faulthandler.enable(self._trace)
            log = RotatingFileHandler(
                self._path.with_suffix(".log"), maxBytes=_MOST_LOG_BYTES, backupCount=1, encoding="utf-8"
            )
        except (OSError, UserError) as error:
            # A read-only home is no reason not to start; only what is said after a crash is less.
            _log.info("no mark of this run can be left: %s", error)
            return
        self._handlers.append(log)
        if sys.stderr is not None:  # a window started from a menu may have none
            terminal = logging.StreamHandler()
            terminal.setLevel(logging.WARNING)
            self._handlers.append(terminal)
        program = logging.getLogger("prodlabel")
        for handler in self._handlers:
            handler.setFormatter(self._formatter)
            program.addHandler(handler)
        program.setLevel(logging.INFO)
        self.set_project("")

    def set_project(self, folder: str) -> None:
        """Which project is open from now on; "" for none."""
        with self._writing:
            self._project, self._jobs = folder, ()
            self._write()

    def set_jobs(self, titles: Sequence[str]) -> None:
        """What is under way from now on, as the status bar calls it; from any thread."""
        with self._writing:
            self._jobs = tuple(titles)
            self._write()

    def _write(self) -> None:
        if self._lock is None:
            return
        said = {"project": self._project, "jobs": self._jobs, "pid": os.getpid(), "started": self._started}
        try:
            write_json(self._path, said)
        except UserError as error:
            _log.info("the mark of this run cannot be written: %s", error)

    def end(self) -> None:
        """The window has closed as it should: nothing is left."""
        for handler in self._handlers:
            logging.getLogger("prodlabel").removeHandler(handler)
            handler.close()
        if self._trace is not None:
            faulthandler.disable()
            self._trace.close()
        with self._writing:
            if self._lock is not None:
                _remove(self._path, self._lock)
            self._handlers = []
            self._trace = self._lock = None


def take_ended(settings_folder: Path, names: Sequence[str] = ()) -> list[Ended]:
    """The windows that did not close, the last one first; their marks are then gone."""
    found = []
    for path in (settings_folder / FOLDER).glob("*.lock"):
        try:
            lock = take_os_lock(path)
        except UserError as error:
            _log.info("a mark cannot be read: %s", error)
            continue
        if lock is None:  # it still runs
            continue
        mark = path.with_suffix(".json")
        ended = _read(mark, names)
        if ended is not None:
            found.append(ended)
        _remove(mark, lock)
    return sorted(found, key=lambda one: one.last_seen, reverse=True)


def _read(mark: Path, names: Sequence[str]) -> Ended | None:
    """None where the window closed and only its lock was left."""
    if not mark.is_file():
        return None
    try:
        said: Any = read_json(mark, max_bytes=65536)
        project, started = str(said["project"]), float(said["started"])
        begun = datetime.fromtimestamp(started).astimezone()
        jobs = tuple(str(title)[:_LONGEST_TITLE] for title in list(said.get("jobs", ()))[:_MOST_JOBS])
    except (OSError, UserError, KeyError, TypeError, ValueError, OverflowError) as error:
        _log.info("a mark cannot be understood: %s", error)
        return None
    written = [mark.with_suffix(ending) for ending in (".json", ".log", ".trace")]
    seen = max(path.stat().st_mtime for path in written if path.is_file())
    parts = [
        f"The window started {begun:%Y-%m-%d %H:%M:%S} and did not close.",
        _tail(mark.with_suffix(".trace")) or "The program left no trace: it was ended from outside.",
        _tail(mark.with_suffix(".log")),
    ]
    report = report_of("\n\n".join(part for part in parts if part), names)
    last_seen = datetime.fromtimestamp(seen).astimezone()
    return Ended(Path(project) if project else None, begun, last_seen, report, jobs)


def _tail(path: Path) -> str:
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - _SHOWN_CHARACTERS, 0))
        return file.read().decode("utf-8", errors="replace").strip()


def _remove(mark: Path, lock: FileLock) -> None:
    """The mark first: without it a lock that is left means nothing."""
    with suppress(OSError):
        mark.unlink(missing_ok=True)
        for path in mark.parent.glob(f"{mark.stem}.*"):
            if path.suffix != ".lock":
                path.unlink()
    lock.release()
    with suppress(OSError):
        mark.with_suffix(".lock").unlink(missing_ok=True)
