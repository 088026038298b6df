"""One process at a time writes a project; the others are told who it is.

Invariant: the lock is the operating system's and dies with its process, however that ends. The file
`project.owner.json` beside it is only for people: it may be stale for the milliseconds between another
process taking the lock and writing its name.
"""

from __future__ import annotations

import os
import socket
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from filelock import FileLock, Timeout

from prodlabel.core.errors import ProjectError, ProjectLockedError
from prodlabel.core.person import login_name
from prodlabel.store.atomic import os_errors_explained, read_json, write_json

LOCK_NAME = "project.lock"
OWNER_NAME = "project.owner.json"

_PROGRAM_STARTED = datetime.now(UTC)
_OWNER_WAIT_S = 0.2


@dataclass(frozen=True, slots=True)
class Owner:
    """Who has a project open for writing. `started` is when the program started, ISO 8601 in UTC."""

    user: str
    host: str
    pid: int
    started: str

    @classmethod
    def current(cls) -> Owner:
        """The process that asks."""
        return cls(
            login_name() or "unknown",
            socket.gethostname(),
            os.getpid(),
            _PROGRAM_STARTED.isoformat(timespec="seconds"),
        )

    def __str__(self) -> str:
        return f"{self.user} on {self.host} (process {self.pid}, started {self.started})"


def take_os_lock(path: Path) -> FileLock | None:
    """The system's lock on `path`, or None where another process or store has it.

    ProjectError where the folder cannot be written or the file system knows no locks.
    """
    # Not thread-local: a store may be closed by another thread than the one that opened it.
    lock = FileLock(path, timeout=0, thread_local=False)
    with os_errors_explained("lock", path):
        try:
            lock.acquire()
        except Timeout:
            return None
        except NotImplementedError as error:
            raise ProjectError(
                f"The disk of {path.parent} cannot lock files, so two programs could write at once. "
                "Copy the project to a local disk."
            ) from error
    return lock


class ProjectLock:
    """The right to write one project folder, held from `acquire` to `release` or to the end of the process.

    >>> with ProjectLock(folder):
    ...     write()
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock: FileLock | None = None

    def acquire(self) -> None:
        """Take the lock and write down who has it.

        Raises ProjectLockedError naming the holder where another process has it, ProjectError where the
        folder cannot be written. Holding it already is no error.
        """
        if self._lock is not None:
            return
        lock = take_os_lock(self._folder / LOCK_NAME)
        if lock is None:
            raise ProjectLockedError(self._held_message())
        try:
            write_json(self._folder / OWNER_NAME, asdict(Owner.current()))
        except BaseException:
            lock.release()
            raise
        self._lock = lock

    def release(self) -> None:
        """Give the lock back; without effect where it is not held."""
        lock, self._lock = self._lock, None
        if lock is None:
            return
        # The name goes first: a process that takes the lock next must not lose its own. That the file
        # cannot be removed (disk gone) is no reason to keep the lock; the next holder overwrites the name.
        with suppress(OSError):
            (self._folder / OWNER_NAME).unlink(missing_ok=True)
        lock.release()

    def owner(self) -> Owner | None:
        """Who is written down as the holder, or None where nobody is or the file cannot be understood."""
        try:
            return Owner(**read_json(self._folder / OWNER_NAME, max_bytes=4096))
        except (ProjectError, TypeError):
            return None

    def __enter__(self) -> ProjectLock:
        self.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def _held_message(self) -> str:
        owner, until = self.owner(), time.monotonic() + _OWNER_WAIT_S
        while owner is None and time.monotonic() < until:
            time.sleep(0.01)  # the holder has the lock but has not written its name yet
            owner = self.owner()
        return (
            f"{self._folder.name} is open for writing by {owner or 'another process'}. "
            "Close it there first, or end that process if it hangs."
        )
