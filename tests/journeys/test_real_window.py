"""One story in a real window on a display of its own: mouse and keys come from outside, as a person's do."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.gui.projects import make_project

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 90.0

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (sys.platform.startswith("linux") and shutil.which("Xvfb") and shutil.which("xdotool")),
        reason="a real window needs Xvfb and xdotool (Debian: apt-get install xvfb xdotool)",
    ),
]


def until(is_so: Callable[[], object], what: str) -> None:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if is_so():
            return
        time.sleep(0.1)
    pytest.fail(f"waited in vain until {what}")


@pytest.fixture
def display() -> Iterator[str]:
    """The name of a screen that nobody else has."""
    read, write = os.pipe()
    with subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1500x950x24", "-nolisten", "tcp"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    ) as server:
        os.close(write)
        with os.fdopen(read) as told:
            yield f":{told.readline().strip()}"
        server.terminate()


class Hands:
    """Mouse and keyboard of one screen, pointed at one window."""

    def __init__(self, display: str) -> None:
        self._environment = {**os.environ, "DISPLAY": display}
        self._window = ""

    def __call__(self, *words: str | int) -> str:
        command = ["xdotool", *(str(word) for word in words)]
        answer = subprocess.run(command, env=self._environment, capture_output=True, text=True, check=False)
        return answer.stdout.strip()

    def take(self, title: str) -> None:
        """Wait for the window with this title and turn to it."""
        until(lambda: self("search", "--onlyvisible", "--name", title), f"there is a window “{title}”")
        self._window = self("search", "--onlyvisible", "--name", title).splitlines()[-1]
        self("windowmove", self._window, 0, 0)
        self("windowsize", "--sync", self._window, 1500, 950)
        self("windowfocus", "--sync", self._window)

    def key(self, *keys: str) -> None:
        self("key", "--delay", "60", *keys)

    def draw(self, corners: list[tuple[int, int]]) -> None:
        """Press at the first corner, go along the others, let go at the last."""
        self("mousemove", *corners[0], "mousedown", 1)
        for x, y in corners[1:]:
            self("mousemove", x, y, "sleep", "0.05")
        self("mouseup", 1)


def history(project: Path) -> list[tuple[str, str, str]]:
    """(summary, state, details) of the ledger, newest first, as any program could read it."""
    with sqlite3.connect(f"file:{project / 'project.sqlite'}?mode=ro", uri=True) as connection:
        return connection.execute("SELECT summary, state, details FROM edit ORDER BY id DESC").fetchall()


def test_lasso_relabel_undo_and_quit_in_a_real_window(tmp_path: Path, display: str) -> None:
    project = tmp_path / "shop.prodlabel"
    make_project(project).close()
    config = tmp_path / "config"
    (config / "prodlabel").mkdir(parents=True)
    settings = {
        "tour_seen": True,
        "motion": "off",
        "language": "en",
        "retrain_after": 0,
        "retrain_minutes": 0,
    }
    (config / "prodlabel" / "settings.json").write_text(json.dumps(settings), encoding="utf-8")
    environment = {
        **os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "XDG_CONFIG_HOME": str(config),
        "PYTHONPATH": str(ROOT), "HOME": str(tmp_path),
    }  # fmt: skip
    hands = Hands(display)
    with subprocess.Popen(
        [sys.executable, "-m", "prodlabel", str(project)], env=environment, stderr=subprocess.PIPE, text=True
    ) as program:
        try:
            hands.take("shop — prodlabel")
            time.sleep(1.0)
            hands.key("q")
            # All around the map: everything is selected, and the polygon is kept.
            hands.draw([(330, 130), (1000, 130), (1000, 560), (330, 560), (330, 140)])
            hands.key("3")
            hands.key("Return")
            until(lambda: history(project)[0][0].startswith("Relabel"), "the relabelling is in the ledger")
            summary, state, details = history(project)[0]
            assert state == "done"
            assert len(json.loads(details)["polygon"]) >= 4
            hands.key("ctrl+z")
            until(lambda: history(project)[0][0] == f"Undo: {summary}", "it is undone")
            hands.key("ctrl+q")
            assert program.wait(PATIENCE_S) == 0
        finally:
            program.kill()
        said = "" if program.stderr is None else program.stderr.read()
    assert "Traceback" not in said
