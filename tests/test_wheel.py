"""The wheel carries all that the program needs: from an empty environment it runs in any folder."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.project_files import ROOT, files_under

pytestmark = pytest.mark.slow

SAY_PATHS = """
import prodlabel
from prodlabel import paths
for path in (prodlabel.__file__, paths.resources(), paths.models()):
    print(path)
"""


def run(*command: str | Path, cwd: Path) -> str:
    """What the command printed; nothing of this run's own environment leaks into it."""
    environment = {
        k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "PRODLABEL", "VIRTUAL_ENV"))
    }
    environment["PYTHONUTF8"] = "1"
    answer = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr
    return answer.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder, cwd=ROOT)
    (path,) = folder.glob("prodlabel-*.whl")
    return path


@pytest.fixture(scope="module")
def scripts(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of an environment that holds the wheel, and borrows this run's packages."""
    folder = tmp_path_factory.mktemp("installed") / "environment"
    run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder.parent)
    scripts = folder / ("Scripts" if os.name == "nt" else "bin")
    python = scripts / ("python.exe" if os.name == "nt" else "python")
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", python)
    run(*pip, "install", "--quiet", "--no-deps", "--no-index", wheel, cwd=folder)
    # A path file adds its folder last and ignores the path files in there, so the checkout stays invisible.
    (installed,) = folder.rglob("site-packages")
    lines = sorted({sysconfig.get_path(name) for name in ("purelib", "platlib")})
    (installed / "borrowed.pth").write_text("\n".join(lines), encoding="utf-8")
    return scripts


def test_wheel_holds_every_resource_and_every_weight(wheel: Path) -> None:
    shipped = files_under("resources") + [p for p in files_under("models") if p.suffix != ".py"]
    with zipfile.ZipFile(wheel) as archive:
        inside = {name for name in archive.namelist() if name.startswith("prodlabel/_bundled/")}
        expected = {f"prodlabel/_bundled/{path.relative_to(ROOT).as_posix()}": path for path in shipped}
        assert inside == set(expected)
        assert all(archive.read(name) == path.read_bytes() for name, path in expected.items())


def test_installed_program_finds_its_own_files_from_another_folder(scripts: Path, tmp_path: Path) -> None:
    package, resources, models = map(
        Path, run(scripts / "python", "-c", SAY_PATHS, cwd=tmp_path).splitlines()
    )
    assert package.is_relative_to(scripts.parent)
    assert resources.is_relative_to(scripts.parent)
    assert (resources / "README.md").is_file()
    assert models.is_relative_to(scripts.parent)
    assert (models / "README.md").is_file()


def test_installed_command_shows_its_help_from_another_folder(scripts: Path, tmp_path: Path) -> None:
    assert "usage: prodlabel" in run(scripts / "prodlabel", "--help", cwd=tmp_path)
