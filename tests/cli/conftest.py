"""The command line in this process, and a small project to use it on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from prodlabel.cli.main import run_command_line

CSV = """key,name,description,category
a1,Red cup,A cup for tea,Kitchen
a2,Blue cup,A cup for coffee,Kitchen
b1,Canvas bag,Carries much,Bags
b2,Leather bag,Carries more,Bags
c1,Desk lamp,Shines,
"""


@dataclass(frozen=True)
class Said:
    """How a command ended."""

    exit_code: int
    out: str
    err: str


Prodlabel = Callable[..., Said]


@pytest.fixture
def prodlabel(capsys: pytest.CaptureFixture[str]) -> Prodlabel:
    """Runs `prodlabel ARGUMENTS` in this process."""

    def run(*arguments: str | Path) -> Said:
        capsys.readouterr()
        exit_code = run_command_line([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return Said(exit_code, said.out, said.err)

    return run


@pytest.fixture
def shop(prodlabel: Prodlabel, tmp_path: Path) -> Path:
    """A project of five products, one without a category."""
    table = tmp_path / "shop.csv"
    table.write_text(CSV, encoding="utf-8")
    folder = tmp_path / "shop.prodlabel"
    assert prodlabel("new", folder, "--person", "Ada").exit_code == 0
    assert prodlabel("import", folder, table).exit_code == 0
    return folder
