"""Work for other processes to do: it notes in a file that it was done."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from prodlabel.core.errors import InputError
from prodlabel.core.progress import Progress
from prodlabel.operations.findings import Finding, Findings, Measurement
from prodlabel.operations.workers import Piece, work_side_by_side
from prodlabel.project.project import Project


def squared(number: int, log: Path) -> Finding:
    """A finding, and a line in the log."""
    with log.open("a", encoding="utf-8") as file:
        file.write(f"{number}\n")
    return Finding({"square": number * number, "spread": float("nan")})


def refused(reason: str) -> Finding:
    """What goes wrong there comes back."""
    raise InputError(reason)


def died() -> Finding:
    """As one that the system ends."""
    os._exit(9)


def named(log: Path) -> Finding:
    """Says which process it is in, and takes longer than anybody waits."""
    with log.open("a", encoding="utf-8") as file:
        file.write(f"{os.getpid()}\n")
    time.sleep(600)
    return Finding({})


def threads() -> Finding:
    """In how many threads each library of this process computes."""
    import numpy as np
    from scipy.linalg import cho_factor
    from threadpoolctl import threadpool_info

    cho_factor(np.eye(3))
    return Finding({"threads": [one["num_threads"] for one in threadpool_info()]})


def slow(number: int, log: Path, stop_at: int) -> Finding:
    """The one at `stop_at` takes longer than anybody waits."""
    if number == stop_at:
        with log.open("a", encoding="utf-8") as file:
            file.write("waiting\n")
        time.sleep(600)
    return squared(number, log)


def wanted(log: Path, stop_at: int) -> list[Measurement]:
    """Four measurements."""
    return [Measurement(f"square/{n}", "mark", slow, (n, log, stop_at)) for n in range(4)]


def main() -> None:
    """`python -m tests.operations.pieces PROJECT LOG`: measure until killed; without a project, in two other
    processes."""
    log = Path(sys.argv[-1])
    if len(sys.argv) == 2:
        list(work_side_by_side([Piece(named, (log,))] * 2, Progress(), 2))
        return
    with Project.open(Path(sys.argv[1])) as project:
        Findings(project).measure_all("Squaring", wanted(log, 2), Progress(), 1)


if __name__ == "__main__":
    main()
