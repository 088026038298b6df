"""`prodlabel report` on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from prodlabel.cli.main import run_command_line
from prodlabel.core.edits import ImportBatch
from prodlabel.core.products import ProductRecord
from prodlabel.project.project import Project


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """The folder of a project with two products."""
    with Project.create(tmp_path / "shop") as project:
        source = project.register_source(kind="table", location="shop.csv", title="shop.csv")
        project.apply(ImportBatch(source, (ProductRecord("a", "Cup"), ProductRecord("b", "Bag"))))
        return project.folder


def test_report_is_written_and_summarised_for_machines(
    shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "out" / "page.html"
    assert run_command_line(["report", str(shop), str(path), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["products"] == 2
    assert said["path"] == str(path)
    assert "train" in said["missing"]
    assert path.read_text(encoding="utf-8").lstrip().startswith("<!DOCTYPE html>")


def test_report_says_which_steps_are_missing(
    shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command_line(["report", str(shop), str(tmp_path / "page.html")]) == 0
    assert "`prodlabel train`" in capsys.readouterr().out


@pytest.mark.parametrize("seconds", ["0", "-3", "nan"])
def test_impossible_time_for_a_look_is_refused(
    shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], seconds: str
) -> None:
    path = tmp_path / "page.html"
    assert run_command_line(["report", str(shop), str(path), "--seconds", seconds]) == 2
    assert "--seconds" in capsys.readouterr().err
    assert not path.exists()


def test_folder_is_no_place_for_a_page(
    shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command_line(["report", str(shop), str(tmp_path)]) == 2
    assert "is a folder" in capsys.readouterr().err
