"""One writer a project: the second is told who has it, and a dead one holds nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from prodlabel.core.errors import ProjectError, ProjectLockedError
from prodlabel.store.lock import OWNER_NAME, Owner, ProjectLock

HOLDER = """
import sys
from pathlib import Path
from prodlabel.store.lock import ProjectLock
with ProjectLock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.readline()
"""


@contextmanager
def held_by_a_child(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A child process that holds the lock until a line is sent to it."""
    root = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-c", HOLDER, str(folder)]
    with subprocess.Popen(
        command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        try:
            yield child
        finally:
            child.kill()


def test_second_process_is_told_who_has_the_project(tmp_path: Path) -> None:
    with held_by_a_child(tmp_path) as child:
        lock = ProjectLock(tmp_path)
        with pytest.raises(ProjectLockedError) as caught:
            lock.acquire()
        message, me = str(caught.value), Owner.current()
        assert f"by {me.user} on {me.host} (process {child.pid}, started 20" in message
        assert "Close it there" in message


def test_lock_is_free_after_the_holder_is_killed(tmp_path: Path) -> None:
    with held_by_a_child(tmp_path) as child:
        child.kill()
        child.wait()
        stale = ProjectLock(tmp_path).owner()
        assert stale is not None
        assert stale.pid == child.pid
        with ProjectLock(tmp_path) as lock:
            owner = lock.owner()
            assert owner is not None
            assert owner.pid == os.getpid()


def test_lock_is_free_after_the_holder_closes(tmp_path: Path) -> None:
    with held_by_a_child(tmp_path) as child:
        assert child.stdin is not None
        child.communicate("\n")
        assert not (tmp_path / OWNER_NAME).exists()
        with ProjectLock(tmp_path) as lock:
            assert lock.owner() == Owner.current()
        assert lock.owner() is None


def test_taking_and_releasing_twice_is_no_error(tmp_path: Path) -> None:
    lock = ProjectLock(tmp_path)
    lock.acquire()
    lock.acquire()
    lock.release()
    lock.release()
    assert lock.owner() is None


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b'{"user": "a"}', b"\xff\xfe"])
def test_unreadable_owner_is_another_process(tmp_path: Path, content: bytes) -> None:
    with ProjectLock(tmp_path):
        (tmp_path / OWNER_NAME).write_bytes(content)
        with pytest.raises(ProjectLockedError, match="by another process"):
            ProjectLock(tmp_path).acquire()
    with ProjectLock(tmp_path) as lock:
        assert lock.owner() == Owner.current()


def test_readonly_folder_gives_a_clear_error(readonly_folder: Path) -> None:
    with pytest.raises(ProjectError, match="permission"):
        ProjectLock(readonly_folder).acquire()
