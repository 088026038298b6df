"""Runs a worker in a process of its own, for work that would hold the interpreter lock for long.

Invariant: the child ends with the call, whatever happens: done, failed, or cancelled. What it reports and
offers reaches the caller's `Progress` as if it ran in the caller's thread.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from types import ModuleType
from typing import Any

from prodlabel.core.errors import Cancelled, ProjectError
from prodlabel.core.progress import Progress, ProgressState
from prodlabel.operations.workers import ENDED_FROM_OUTSIDE, leave_with_the_caller

_POLL_S = 0.05
_POLITENESS = 10
_BELOW_NORMAL = 0x4000
_PROGRESS, _PARTIAL, _DONE, _FAILED = "progress", "partial", "done", "failed"
_STOPS = (-int(signal.SIGTERM), -9)
"""How a process that somebody else ended says so (9: also what the system does when memory runs out)."""
_starting = threading.Lock()


class ChildDiedError(RuntimeError):
    """The child ended without a word, by a fault of its own."""


def run_in_child(worker: Callable[..., Any], *arguments: Any, progress: Progress) -> Any:
    """`worker(*arguments, progress)` in a new process; what it returns, or raises what it raises.

    The worker is a function of a module; arguments, partial results and outcome are plain values and arrays.
    Raises `ProjectError` where the child was killed from outside.
    """
    # A fresh interpreter on every system: a forked one would share Qt's threads and locks.
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(theirs, worker, arguments), daemon=True)
    _start(process)
    theirs.close()
    try:
        return _listen(ours, process, progress)
    finally:
        ours.close()
        if process.is_alive():
            process.terminate()
        process.join()
        process.close()


def _start(process: BaseProcess) -> None:
    """Start without the script that is running: the child would run that a second time, and needs none of it.

    See "Safe importing of main module" in the documentation of `multiprocessing`.
    """
    with _starting:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            process.start()
        finally:
            sys.modules["__main__"] = main


def _listen(ours: Connection, process: BaseProcess, progress: Progress) -> Any:
    """Pass on what the child says until it has said its last."""
    while True:
        progress.check()
        try:
            if not ours.poll(_POLL_S):
                continue
            kind, value = ours.recv()
        except (EOFError, OSError) as error:
            process.join()
            progress.check()
            if process.exitcode in _STOPS:
                raise ProjectError(ENDED_FROM_OUTSIDE) from error
            raise ChildDiedError(f"the child process ended with code {process.exitcode}") from error
        if kind == _PROGRESS:
            progress.listener(value)
        elif kind == _PARTIAL:
            progress.offer(value)
        elif kind == _DONE:
            return value
        else:
            raise value


def _run(pipe: Connection, worker: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    """What the child does."""

    def say(kind: str, value: Any) -> None:
        pipe.send((kind, value))

    def report(state: ProgressState) -> None:
        say(_PROGRESS, state)

    # Ctrl-C in a terminal reaches every process; the one that started this one decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=leave_with_the_caller, name="caller", daemon=True).start()
    _step_back()
    progress = Progress(listener=report, partial_listener=lambda partial: say(_PARTIAL, partial))
    try:
        say(_DONE, worker(*arguments, progress))
    except (BrokenPipeError, Cancelled):
        return  # nobody listens any more
    except Exception as error:  # noqa: BLE001 - errors travel as values
        say(_FAILED, _sendable(error))
    finally:
        pipe.close()


def _step_back() -> None:
    """Let windows go first: whoever looks at one notices a wait, nobody notices that a map takes longer."""
    if hasattr(os, "nice"):
        os.nice(_POLITENESS)
    elif sys.platform == "win32":
        import ctypes

        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), _BELOW_NORMAL)


def _sendable(error: Exception) -> Exception:
    """The error with its trace as a note, since traces cannot be sent."""
    import traceback

    error.add_note("".join(traceback.format_exception(error)))
    return error
