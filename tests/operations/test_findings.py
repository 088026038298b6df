"""What was measured is kept: a study that was cancelled or killed goes on where it was."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from prodlabel.core.errors import Cancelled, InputError, ProjectError
from prodlabel.core.progress import Progress, ProgressState
from prodlabel.operations.findings import Finding, Findings, Measurement, Notebook, digest
from prodlabel.operations.workers import Piece, work_side_by_side
from prodlabel.project.project import Project
from prodlabel.project.results import FINDING
from tests.operations.pieces import died, refused, squared, threads, wanted

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "shop", name="Shop", person="Ada") as made:
        yield made


def lines(log: Path) -> list[str]:
    return log.read_text(encoding="utf-8").split() if log.is_file() else []


def until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def measurements(log: Path, mark: str = "mark") -> list[Measurement]:
    return [Measurement(f"square/{n}", mark, squared, (n, log), cost=n + 1) for n in range(4)]


def test_work_side_by_side_gives_every_outcome_once(tmp_path: Path) -> None:
    pieces = [Piece(squared, (number, tmp_path / "log")) for number in range(5)]
    found = dict(work_side_by_side(pieces, Progress(), 2))
    assert {at: one.figures["square"] for at, one in found.items()} == {n: n * n for n in range(5)}
    assert sorted(lines(tmp_path / "log")) == ["0", "1", "2", "3", "4"]


def test_an_error_and_a_death_in_another_process_come_back(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="too many"):
        list(work_side_by_side([Piece(refused, ("too many",))] * 2, Progress(), 2))
    with pytest.raises(ProjectError, match="start again"):
        list(work_side_by_side([Piece(died, ())] * 2, Progress(), 2))


def test_each_piece_computes_in_one_thread() -> None:
    found = dict(work_side_by_side([Piece(threads, ())] * 2, Progress(), 2))
    assert [set(one.figures["threads"]) for one in found.values()] == [{1}, {1}]


@pytest.mark.parametrize("how", ["terminate", "kill"])
def test_the_processes_leave_with_a_caller_that_is_ended_in_the_middle_of_a_piece(
    tmp_path: Path, how: str
) -> None:
    log = tmp_path / "log"
    command = [sys.executable, "-m", "tests.operations.pieces", str(log)]
    caller = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
    until(lambda: len(lines(log)) == 2)
    members = [psutil.Process(int(pid)) for pid in lines(log)]
    getattr(caller, how)()
    caller.wait()
    _, alive = psutil.wait_procs(members, timeout=30)
    assert not alive


def test_what_is_known_is_not_measured_again(project: Project, tmp_path: Path) -> None:
    log = tmp_path / "log"
    first = Findings(project).measure_all("Squaring", measurements(log), Progress(), 1)
    again = Findings(project).measure_all("Squaring", measurements(log), Progress(), 1)
    assert first == again
    assert again["square/3"].figures == {"square": 9, "spread": None}
    assert len(lines(log)) == 4
    Findings(project).measure_all("Squaring", measurements(log, "other labels"), Progress(), 1)
    assert len(lines(log)) == 8
    assert len(project.results.list(FINDING)) == 4


def test_a_cancelled_measurement_keeps_what_was_done(project: Project, tmp_path: Path) -> None:
    log = tmp_path / "log"
    progress = Progress(interval_s=0.0)

    def stop(state: ProgressState) -> None:
        if state.done:
            progress.token.cancel()

    progress.listener = stop
    with pytest.raises(Cancelled):
        Findings(project).measure_all("Squaring", measurements(log), progress, 1)
    done = lines(log)
    assert 1 <= len(done) < 4
    Findings(project).measure_all("Squaring", measurements(log), Progress(), 1)
    assert sorted(lines(log)) == ["0", "1", "2", "3"]


def test_a_killed_measurement_goes_on_where_it_was(tmp_path: Path) -> None:
    folder, log = tmp_path / "shop.prodlabel", tmp_path / "log"
    Project.create(folder, name="Shop", person="Ada").close()
    command = [sys.executable, "-m", "tests.operations.pieces", str(folder), str(log)]
    child = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
    until(lambda: lines(log)[-1:] == ["waiting"])
    child.kill()
    child.wait()
    with Project.open(folder) as project:
        found = Findings(project).measure_all("Squaring", wanted(log, -1), Progress(), 1)
    assert [one.figures["square"] for one in found.values()] == [0, 1, 4, 9]
    assert lines(log) == ["0", "1", "waiting", "2", "3"]


def test_a_damaged_finding_is_named_and_measured_again(project: Project, tmp_path: Path) -> None:
    log = tmp_path / "log"
    Findings(project).measure_all("Squaring", measurements(log), Progress(), 1)
    broken = next(one for one in project.results.list(FINDING) if one.name == "square/2")
    (project.folder / broken.file).write_bytes(b"not an archive")
    findings = Findings(project)
    assert findings.notebook(["square/2", "square/3"]).once("square/3", "mark", lambda: Finding({})).figures
    again = findings.measure_all("Squaring", measurements(log), Progress(), 1)
    assert again["square/2"].figures["square"] == 4
    assert findings.lost == ["square/2"]
    assert sorted(lines(log)) == ["0", "1", "2", "2", "3"]
    assert Findings(project).known("square/2", "mark") is not None


def test_a_project_open_for_reading_measures_and_keeps_nothing(project: Project, tmp_path: Path) -> None:
    folder = project.folder
    project.close()
    with Project.open(folder, read_only=True) as reading:
        found = Findings(reading).measure_all("Squaring", measurements(tmp_path / "log"), Progress(), 1)
        assert len(found) == 4
        assert reading.results.list(FINDING) == []


def test_a_notebook_notes_what_it_did_not_know() -> None:
    notebook = Notebook({"known": ("a", Finding({"is": 1}))})
    assert notebook.once("known", "a", lambda: Finding({"is": 2})).figures == {"is": 1}
    assert notebook.once("known", "b", lambda: Finding({"is": 3})).figures == {"is": 3}
    assert notebook.once("known", "b", lambda: Finding({"is": 4})).figures == {"is": 3}
    assert set(notebook.noted) == {"known"}


@given(st.lists(st.integers(0, 5), max_size=8), st.lists(st.integers(0, 5), max_size=8))
def test_digests_agree_exactly_where_contents_do(one: list[int], two: list[int]) -> None:
    same = digest(np.array(one, np.int64), "x") == digest(np.array(two, np.int64), "x")
    assert same == (one == two)


def test_digests_tell_kinds_shapes_and_places_apart() -> None:
    one = np.arange(6)
    others = [
        one.astype(np.int32), one.reshape(2, 3), one.tolist(), str(one.tolist()), tuple("012345"),
        sparse.csr_matrix(one), sparse.csr_matrix((one, one, np.r_[0, one + 1]), (6, 7)), {"0": 1}, None,
        [["a"], "b"], [["a", "b"]], ["ab"], 1, 1.0, True, np.float32(1),
    ]  # fmt: skip
    assert len({digest(other) for other in [one, *others]}) == 1 + len(others)
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})


@pytest.mark.parametrize("part", [object(), {1, 2}, np.array([None]), [b"bytes"]])
def test_what_has_no_contents_to_see_has_no_digest(part: object) -> None:
    with pytest.raises(TypeError):
        digest(part)
