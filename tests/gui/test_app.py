"""What the program decides to show: a window where there is a display, pictures of it where there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from prodlabel import app


@pytest.fixture
def no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "has_display", lambda: False)


def test_without_a_display_and_without_a_verb_the_help_is_shown(
    no_display: None, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        app.run([])
    assert ended.value.code == 0
    assert "usage: prodlabel" in capsys.readouterr().out


def test_with_a_display_a_project_folder_opens_the_window(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    opened: list[Path | None] = []
    monkeypatch.setattr(app, "has_display", lambda: True)

    def open_window(_argv: object, project: Path | None) -> int:
        opened.append(project)
        return 0

    monkeypatch.setattr("prodlabel.gui.app_main.run_window", open_window)
    folder = tmp_path / "shop.prodlabel"
    folder.mkdir()
    assert app.run([]) == 0
    assert app.run([str(folder)]) == 0
    assert opened == [None, folder]


def test_without_a_display_a_project_is_shown_as_pictures(
    no_display: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    picture = tmp_path / "screenshots" / "window.png"
    monkeypatch.setattr("prodlabel.gui.app_main.write_screenshots", lambda _folder, _out: [picture])
    assert str(picture.parent) in app.show_project(tmp_path / "shop.prodlabel")
