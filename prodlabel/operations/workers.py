"""Independent pieces of work side by side, in processes of their own: one for each core.

Invariant: the processes end with the call, whatever happens: done, failed, cancelled, or the caller killed,
in the middle of a piece too. Each piece computes in one thread, so that its last digits do not depend on how
many run beside it.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from typing import Any

from prodlabel.core.errors import ProjectError
from prodlabel.core.progress import Progress

MOST_WORKERS = 8
"""Each holds some 300 MB of libraries."""
ENDED_FROM_OUTSIDE = (
    "A part of the work was ended from outside, perhaps for want of memory. "
    "What was done is kept: close other programs and start again."
)
_POLL_S = 0.1
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
"""Read by libraries when they are loaded, which a limit that is set before does not reach."""


@dataclass(frozen=True, slots=True)
class Piece:
    """`work(*arguments)` with `work` a function of a module, and arguments and outcome that can be sent."""

    work: Callable[..., Any]
    arguments: tuple[Any, ...]


def usual_workers() -> int:
    """One for each core that this process may use; 1 in a process that may not start others."""
    if multiprocessing.current_process().daemon:
        return 1
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(MOST_WORKERS, cores)


def work_side_by_side(
    pieces: Sequence[Piece], progress: Progress, workers: int | None = None
) -> Generator[tuple[int, Any], None, None]:
    """(position, outcome) of each piece as it is done; what a piece raises is raised here.

    Close the iterator to end the processes early. Raises `Cancelled` within a moment of a cancel.
    """
    count = min(usual_workers() if workers is None else workers, len(pieces))
    if count <= 1:
        for position, piece in enumerate(pieces):
            progress.check()
            with _one_thread():
                outcome = piece.work(*piece.arguments)
            yield position, outcome
        return
    team = _Team(count)
    with closing(team):
        yield from team.outcomes(pieces, progress)


class _Team:
    """The processes and the pipes to them."""

    def __init__(self, count: int) -> None:
        # A fresh interpreter on every system: a forked one would share threads and locks.
        context = multiprocessing.get_context("spawn")
        self._members: dict[Any, BaseProcess] = {}
        for _ in range(count):
            ours, theirs = context.Pipe()
            process = context.Process(target=_serve, args=(theirs,), daemon=True)
            process.start()
            theirs.close()
            self._members[ours] = process

    def outcomes(self, pieces: Sequence[Piece], progress: Progress) -> Iterator[tuple[int, Any]]:
        """Hand out the pieces in their order, one to each process at a time."""
        waiting = iter(enumerate(pieces))
        busy: dict[Any, int] = {}
        for pipe in self._members:
            self._hand_out(pipe, waiting, busy, progress)
        while busy:
            progress.check()
            ready: list[Any] = wait(list(busy), _POLL_S)
            for pipe in ready:
                position = busy.pop(pipe)
                with _loss_explained(progress):
                    outcome, error = pipe.recv()
                if error is not None:
                    raise error
                # First what is done, so that a loss on the other side costs none of it.
                yield position, outcome
                self._hand_out(pipe, waiting, busy, progress)

    @staticmethod
    def _hand_out(
        pipe: Any, waiting: Iterator[tuple[int, Piece]], busy: dict[Any, int], progress: Progress
    ) -> None:
        following = next(waiting, None)
        if following is not None:
            with _loss_explained(progress):
                pipe.send(following[1])
            busy[pipe] = following[0]

    def close(self) -> None:
        """End all processes."""
        for pipe, process in self._members.items():
            pipe.close()
            if process.is_alive():
                process.terminate()
            process.join()
            process.close()
        self._members.clear()


@contextmanager
def _loss_explained(progress: Progress) -> Iterator[None]:
    """A broken pipe as an error that says what to do, or as the cancel that led to it."""
    try:
        yield
    except (EOFError, OSError) as lost:
        progress.check()
        raise ProjectError(ENDED_FROM_OUTSIDE) from lost


def _serve(pipe: Any) -> None:
    """What a process does: one piece after the other until nobody hands out any."""
    # Ctrl-C in a terminal reaches every process; the one that started this one decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=leave_with_the_caller, name="caller", daemon=True).start()
    os.environ.update(dict.fromkeys(_ONE_THREAD, "1"))
    while True:
        try:
            piece: Piece = pipe.recv()
        except (EOFError, OSError):
            return
        answer: tuple[Any, Exception | None]
        try:
            with _one_thread():
                answer = piece.work(*piece.arguments), None
        except Exception as error:  # noqa: BLE001 - errors travel as values
            answer = None, _sendable(error)
        try:
            pipe.send(answer)
        except OSError:
            return  # whoever asked is gone


def leave_with_the_caller() -> None:
    """End this process, whatever it is doing, as soon as the one that started it is gone: the pipe would tell
    only after the piece, which may take minutes."""
    caller = multiprocessing.parent_process()
    assert caller is not None
    caller.join()
    os._exit(1)


def _one_thread() -> Any:
    from threadpoolctl import threadpool_limits

    return threadpool_limits(1)


def _sendable(error: Exception) -> Exception:
    """The error with its trace as a note, since traces cannot be sent."""
    import traceback

    error.add_note("".join(traceback.format_exception(error)))
    return error
