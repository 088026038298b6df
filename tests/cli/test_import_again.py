"""`prodlabel import` of a catalogue that came in before: the differences, and whose values win."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from prodlabel.cli.main import run_command_line
from prodlabel.core.edits import Relabel
from prodlabel.project.project import Project

HEADER = "id,name,category"


@pytest.fixture
def folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A project with three products, of which a curator filed the first elsewhere."""
    folder = tmp_path / "shop.prodlabel"
    (tmp_path / "shop.csv").write_text(
        f"{HEADER}\nk1,Cup,Cups\nk2,Bag,Bags\nk3,Lamp,Lamps\n", encoding="utf-8"
    )
    Project.create(folder).close()
    assert run_command_line(["import", str(folder), str(tmp_path / "shop.csv")]) == 0
    with Project.open(folder) as project:
        bags = project.taxonomy.find(("Bags",))
        assert bags is not None
        project.apply(Relabel(np.array([project.ids_of_keys(["k1"])["k1"]]), bags))
    (tmp_path / "shop.csv").write_text(
        f"{HEADER}\nk1,Cup,Mugs\nk2,Tote,Bags\nk4,Jug,Cups\n", encoding="utf-8"
    )
    capsys.readouterr()
    return folder


def shown(folder: Path) -> dict[str, tuple[str, str]]:
    with Project.open(folder, read_only=True) as project:
        rows = np.arange(len(project.columns))
        paths = [project.taxonomy.path_text(int(one)) for one in project.columns.category]
        return {one.key: (one.name, path) for one, path in zip(project.texts(rows), paths, strict=True)}


def test_what_would_change_is_shown_and_nothing_is_written(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = shown(folder)
    assert run_command_line(["import", str(folder), str(folder.parent / "shop.csv"), "--preview"]) == 0
    said = capsys.readouterr().out
    assert "1 products would be new, 2 changed, 0 are as before." in said
    assert "1 products are no longer in the source; they would stay." in said
    assert "k1, category: “Cups” -> “Mugs” (yours: “Bags”)" in said
    assert "k2, name: “Bag” -> “Tote” (the source's)" in said
    assert shown(folder) == before


@pytest.mark.parametrize(
    ("take", "cup", "bag"),
    [((), "Bags", "Tote"), (("--take", "source"), "Mugs", "Tote"), (("--take", "mine"), "Bags", "Bag")],
    ids=["edits", "source", "mine"],
)
def test_the_curators_edit_wins_unless_told_otherwise(
    take: tuple[str, ...], cup: str, bag: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command_line(["import", str(folder), str(folder.parent / "shop.csv"), *take, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert {(one["key"], one["field"]) for one in said["differences"]} == {("k1", "category"), ("k2", "name")}
    found = shown(folder)
    assert found["k1"] == ("Cup", cup)
    assert found["k2"] == (bag, "Bags")
    assert set(found) == {"k1", "k2", "k3", "k4"}
    with Project.open(folder) as project:
        project.undo()
    assert shown(folder)["k1"] == ("Cup", "Bags")
    assert "k4" not in shown(folder)


@pytest.mark.skipif(sys.platform == "win32", reason="no kill by signal")
def test_an_import_that_is_killed_goes_on_and_ends_as_if_nothing_had_been(tmp_path: Path) -> None:
    table = tmp_path / "long.csv"
    lines = [f"k{n},cup {n},Cups" for n in range(30_000)]
    table.write_text("\n".join([HEADER, *lines]), encoding="utf-8")
    folder = tmp_path / "shop.prodlabel"
    Project.create(folder).close()
    command = [sys.executable, "-m", "prodlabel", "import", str(folder), str(table)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        until = time.monotonic() + 60
        while count(folder) == 0 and process.poll() is None and time.monotonic() < until:
            time.sleep(0.01)
        os.kill(process.pid, signal.SIGKILL)
    came = count(folder)
    assert came > 0
    assert run_command_line(["import", str(folder), str(table)]) == 0
    with Project.open(folder) as project:
        assert len(project.columns) == 30_000
        steps = {entry.step: 0 for entry in project.history(limit=500)}
        for entry in project.history(limit=500):
            steps[entry.step] += entry.product_count
        # No product twice in the history: what was committed was not written again.
        assert sum(steps.values()) == 30_000


def count(folder: Path) -> int:
    with Project.open(folder, read_only=True) as project:
        return len(project.columns)
