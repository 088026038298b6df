"""The command line in a process of its own: stopped by Ctrl-C, on a terminal, into a pipe that closes."""

from __future__ import annotations

import json
import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from prodlabel.core.edits import ImportBatch
from prodlabel.project.project import Project
from tests.benchmarks.synthetic import write_catalogue
from tests.cli.conftest import Prodlabel
from tests.torture.worker import record

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and terminals of POSIX")


def start(*arguments: str | Path, log: Path | None = None) -> subprocess.Popen[str]:
    """`prodlabel ARGUMENTS`, with the encoder `tiny` where a log is given."""
    module = "prodlabel" if log is None else "tests.cli.slow_prodlabel"
    return subprocess.Popen(
        [sys.executable, "-m", module, *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "PRODLABEL_TEST_LOG": str(log)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_until(child: subprocess.Popen[str], is_time: Callable[[], int]) -> int:
    """What `is_time` says as soon as that is not 0."""
    while not (found := is_time()):
        assert child.poll() is None, "it ended before it could be interrupted"
        time.sleep(0.01)
    return found


def lines_in(log: Path) -> int:
    return log.read_text(encoding="utf-8").count("\n") if log.is_file() else 0


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """A project of 1,000 products: 4 seconds of encoding with `tiny`."""
    with Project.create(tmp_path / "many", person="Ada") as project:
        source_id = project.register_source(kind="table", location="x.csv", title="x.csv")
        project.apply(ImportBatch(source_id, tuple(record(number) for number in range(1000))))
        return project.folder


def test_ctrl_c_while_encoding_keeps_what_is_done_and_the_same_command_goes_on(
    many: Path, tmp_path: Path
) -> None:
    first, second = tmp_path / "first.log", tmp_path / "second.log"
    child = start("encode", many, "--with", "tiny", log=first)
    wait_until(child, lambda: lines_in(first) > 100)
    child.send_signal(signal.SIGINT)
    out, err = child.communicate()
    assert (child.returncode, out) == (130, "")
    assert err.splitlines()[-1].startswith("prodlabel: Stopped. What was done is kept")
    assert "Traceback" not in err
    again = start("encode", many, "--with", "tiny", "--json", log=second)
    out, err = again.communicate()
    assert again.returncode == 0, err
    block = json.loads(out)["blocks"][0]
    assert block["encoded"] + block["known"] == 1000
    assert block["known"] > 50
    # The batch that was in hand when the signal came is all that may be encoded a second time.
    assert lines_in(first) + lines_in(second) <= 1000 + 2 * 16


def test_ctrl_c_while_importing_keeps_whole_batches_and_the_same_command_goes_on(
    prodlabel: Prodlabel, tmp_path: Path
) -> None:
    folder, table = tmp_path / "big.prodlabel", tmp_path / "big.csv"
    write_catalogue(table, 30_000)
    assert prodlabel("new", folder).exit_code == 0
    child = start("import", folder, table)
    reached = wait_until(child, lambda: products_in(folder))
    child.send_signal(signal.SIGINT)
    _, err = child.communicate()
    assert child.returncode == 130, err
    assert "Traceback" not in err
    with Project.open(folder, read_only=True) as project:
        kept = len(project.columns)
    assert reached <= kept < 30_000
    assert prodlabel("check", folder).exit_code == 0
    again = json.loads(prodlabel("import", folder, table, "--json").out)
    assert (again["added"], again["same"]) == (30_000 - kept, kept)


def products_in(folder: Path) -> int:
    with Project.open(folder, read_only=True) as project:
        return len(project.columns)


def test_a_second_ctrl_c_ends_without_a_traceback(many: Path, tmp_path: Path) -> None:
    log = tmp_path / "twice.log"
    child = start("encode", many, "--with", "tiny", log=log)
    wait_until(child, lambda: lines_in(log))
    child.send_signal(signal.SIGINT)
    child.send_signal(signal.SIGINT)
    _, err = child.communicate()
    assert child.returncode == 130
    assert "Traceback" not in err


def test_output_into_a_pipe_that_closes_is_no_error(many: Path) -> None:
    child = start("history", many, "--json")
    assert child.stdout is not None
    assert child.stderr is not None
    child.stdout.close()  # before it has said anything, as `| head -0` does
    with child:
        assert child.stderr.read() == ""
    assert child.returncode == 0


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="pseudo-terminals as Linux has them")
def test_the_progress_line_on_a_terminal_shows_rate_and_time_left(many: Path, tmp_path: Path) -> None:
    import pty

    terminal, ours = pty.openpty()
    command = [sys.executable, "-m", "tests.cli.slow_prodlabel", "encode", str(many), "--with", "tiny"]
    environment = {**os.environ, "COLUMNS": "120", "PRODLABEL_TEST_LOG": str(tmp_path / "pty.log")}
    child = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=ours, start_new_session=True
    )
    os.close(ours)
    line = re.compile(
        r"\r\x1b\[KEncoding \w+ with Tiny  [\d,]+ of 1,000  \d+%  [\d,.]+ products/s  \d+ s left"
    )
    shown = read_terminal(terminal, line)
    child.send_signal(signal.SIGINT)
    shown += read_terminal(terminal, None)
    os.close(terminal)
    assert child.wait() == 130
    assert line.search(shown)
    assert shown.rstrip().endswith("the same command goes on from there.")
    assert all(len(part) <= 120 for part in re.split(r"\r\x1b\[K|\r\n", shown))


def read_terminal(terminal: int, until: re.Pattern[str] | None) -> str:
    """What appears until the pattern matches, or until the other side closes."""
    shown = ""
    while until is None or not until.search(shown):
        ready, _, _ = select.select([terminal], [], [], 60)
        assert ready, f"nothing came for a minute after: {shown[-500:]}"
        try:
            chunk = os.read(terminal, 4096)
        except OSError:  # how Linux says that the other side is closed
            break
        if not chunk:
            break
        shown += chunk.decode()
    return shown
