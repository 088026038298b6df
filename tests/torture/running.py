"""Runs many cases: the next worker starts while the last one's project is looked at, in several processes."""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import random
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

from tests.torture.cases import KINDS, Case, Outcome, Worker, make_template, run_case


def cases(count: int, seed: int, only: list[str]) -> list[Case]:
    """So many cases, of all kinds alike, with seeds that follow from `seed`."""
    kinds, dice = [kind for kind in KINDS if not only or kind in only], random.Random(seed)
    return [Case(kinds[number % len(kinds)], dice.randrange(10**6)) for number in range(count)]


def run_all(wanted: list[Case], folder: Path) -> Iterator[Outcome]:
    """The outcomes of these cases, one worker being made while the one before is looked at."""
    template = folder / "template"
    if not template.is_dir():
        make_template(template)
    waiting = [Worker() for _ in wanted[:2]]
    try:
        for number, case in enumerate(wanted):
            killed = waiting.pop(0)
            yield run_case(case, template, folder / f"{case.kind}-{case.seed}", killed)
            killed.close()
            if number + 2 < len(wanted):
                waiting.append(Worker())
    finally:
        for one in waiting:
            one.close()


def _share(wanted: list[Case], folder: Path, pipe: Connection) -> None:
    for outcome in run_all(wanted, folder):
        pipe.send(outcome)
    pipe.close()


def run_in_processes(wanted: list[Case], folder: Path, count: int) -> Iterator[Outcome]:
    """As `run_all`, shared between processes: each has a template of its own."""
    context = multiprocessing.get_context("spawn")
    pipes = []
    for number in range(count):
        ours, theirs = context.Pipe(duplex=False)
        place = folder / f"share-{number}"
        place.mkdir(parents=True)
        process = context.Process(target=_share, args=(wanted[number::count], place, theirs))
        process.start()
        theirs.close()
        pipes.append((ours, process))
    while pipes:
        for ready in multiprocessing.connection.wait([one for one, _ in pipes]):
            try:
                yield ready.recv()
            except EOFError:
                process = next(process for one, process in pipes if one is ready)
                process.join()
                pipes = [pair for pair in pipes if pair[0] is not ready]
