"""Runs a worker in a process of its own, for work that would hold the interpreter lock for long.

Invariant: the child ends with the call, whatever happens: done, failed, or cancelled. What it reports and
offers reaches the caller's `Progress` as if it ran in the caller's thread.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from prodlabel.core.errors import Cancelled
from prodlabel.core.progress import Progress, ProgressState

_POLL_S = 0.05
_POLITENESS = 10
_BELOW_NORMAL = 0x4000
_PROGRESS, _PARTIAL, _DONE, _FAILED = "progress", "partial", "done", "failed"


class ChildDiedError(RuntimeError):
    """The child ended without a word: killed, or out of memory."""


def run_in_child(worker: Callable[..., Any], *arguments: Any, progress: Progress) -> Any:
    """`worker(*arguments, progress)` in a new process; what it returns, or raises what it raises.

    The worker is a function of a module; arguments, partial results and outcome are plain values and arrays.
    """
    # A fresh interpreter on every system: a forked one would share Qt's threads and locks.
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(theirs, worker, arguments), daemon=True)
    process.start()
    theirs.close()
    try:
        return _listen(ours, process, progress)
    finally:
        ours.close()
        if process.is_alive():
            process.terminate()
        process.join()
        process.close()


def _listen(ours: Connection, process: BaseProcess, progress: Progress) -> Any:
    """Pass on what the child says until it has said its last."""
    while True:
        progress.check()
        try:
            if not ours.poll(_POLL_S):
                continue
            kind, value = ours.recv()
        except EOFError as error:
            process.join()
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
    """Let the window go first: whoever looks at it notices a wait, nobody notices that a map takes longer."""
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
