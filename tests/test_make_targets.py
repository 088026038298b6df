"""The scripts behind `make`: they say what to type where they cannot go on, and do nothing twice."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.project_files import ROOT


def script(name: str) -> ModuleType:
    """A fresh copy of one of the scripts in `.ci`, imported but not run."""
    spec = importlib.util.spec_from_file_location(f"ci_{name}", ROOT / ".ci" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def setup(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The set-up script, believing that it runs as an ordinary user on Linux."""
    module = script("setup")
    monkeypatch.setattr(module.sys, "platform", "linux")
    monkeypatch.setattr(module.os, "geteuid", lambda: 1000, raising=False)
    return module


@pytest.mark.parametrize("version", [(3, 10, 14), (3, 14, 0), (2, 7, 18)])
def test_unsuitable_python_is_refused_with_the_versions_that_suit(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch, version: tuple[int, int, int]
) -> None:
    monkeypatch.setattr(setup.sys, "version_info", version)
    with pytest.raises(
        setup.SetupError, match=r"needs Python 3\.11 to 3\.13; this is {}\.{} ".format(*version)
    ):
        setup.check_python_version()


def test_missing_library_is_named_with_the_line_to_type(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup, "qt_folder", lambda: Path("Qt"))
    monkeypatch.setattr(setup, "has_fonts", lambda: False)
    found = {setup.QT_FILES: {"libEGL.so.1", "libodd.so.9"}, setup.XCB_FILES: {"libxcb-icccm.so.4"}}
    monkeypatch.setattr(setup, "missing_libraries", lambda _, files: found[files])
    with pytest.raises(setup.SetupError) as caught:
        setup.provide_system_libraries()
    line = (
        "sudo apt-get install -y --no-install-recommends fonts-dejavu-core libegl1 libodd.so.9 libxcb-icccm4"
    )
    assert line in str(caught.value)


def test_library_that_only_a_window_needs_is_named_but_stops_nothing(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(setup, "missing_packages", lambda: (set(), {"libxcb-icccm4"}))
    setup.provide_system_libraries()
    assert "sudo apt-get install -y --no-install-recommends libxcb-icccm4" in capsys.readouterr().out


def test_only_the_part_whose_origin_changed_is_done_again(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    done: list[str] = []
    lock = tmp_path / "requirements.lock"
    lock.write_text("one==1", encoding="utf-8")
    monkeypatch.setattr(setup, "LOCK", lock)
    monkeypatch.setattr(setup, "STAMPS", tmp_path / "stamps.json")
    monkeypatch.setattr(setup, "VENV_PYTHON", lock)
    monkeypatch.setattr(setup, "make_environment", lambda: done.append("environment"))
    monkeypatch.setattr(setup, "install_locked", lambda path: done.append(path.name))
    monkeypatch.setattr(setup, "install_project", lambda: done.append("project"))
    monkeypatch.setattr(setup, "provide_system_libraries", lambda: done.append("libraries"))
    monkeypatch.setattr(setup, "provide_test_tools", lambda: done.append("tools"))
    setup.make_ready(keras=False)
    setup.make_ready(keras=False)
    assert done == ["environment", "requirements.lock", "project", "libraries", "tools"]
    lock.write_text("one==2", encoding="utf-8")
    setup.make_ready(keras=False)
    assert done[5:] == ["requirements.lock"]
    assert json.loads((tmp_path / "stamps.json").read_text(encoding="utf-8")).keys() == {
        "environment", "packages", "project", "system libraries", "tools for tests",
    }  # fmt: skip


def test_interrupted_part_is_done_again(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def interrupted(_: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(setup, "STAMPS", tmp_path / "stamps.json")
    monkeypatch.setattr(setup, "VENV_PYTHON", tmp_path)
    monkeypatch.setattr(setup, "make_environment", lambda: None)
    monkeypatch.setattr(setup, "install_locked", interrupted)
    with pytest.raises(KeyboardInterrupt):
        setup.make_ready(keras=False)
    assert setup.read_stamps().keys() == {"environment"}


def test_closing_lines_of_both_runs_are_summed() -> None:
    check = script("check")
    lines = [
        "\x1b[32m=== 3 passed, 1 skipped in 2.50s ===\x1b[0m",
        "== 1 failed, 20 passed in 62.00s (0:01:02) ==",
    ]
    counts = [check.counts_of(line) for line in lines]
    results = [check.Result(check.Step("pytest", ()), 0, 1.0, c) for c in counts]
    assert check.summary(results).splitlines()[-1] == "===== 1 failed, 23 passed, 1 skipped in 2.00s ====="


def test_ordinary_line_is_not_taken_for_a_closing_line() -> None:
    assert not script("check").counts_of("tests/core/test_progress.py ....   [ 21%]")
