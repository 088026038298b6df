"""Files that the window writes: products, selections, pictures of the map."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from prodlabel.gui.main_window import MainWindow
from prodlabel.gui.messages import Message
from tests.gui.windows import place_of


def test_exported_products_are_written_by_a_worker_and_the_bar_says_where(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    posted: list[Message] = []
    window.messages.posted.connect(posted.append)
    asked: list[str] = []

    def answer(_parent: object, _title: str, proposed: str, _kinds: str) -> tuple[str, str]:
        asked.append(proposed)
        return str(tmp_path / "out"), "Table (*.csv)"

    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
    place_of(window).session.select_rows(np.arange(7))
    for name, count in (("export_products", 60), ("export_selection", 7)):
        window.actions_table[name].trigger()
        qtbot.waitUntil(lambda: not window.tasks.running)
        lines = (tmp_path / "out.csv").read_text(encoding="utf-8-sig").splitlines()
        assert len(lines) == count + 1
        assert posted[-1].text == f"{count} products were written to {tmp_path / 'out.csv'}."
        assert posted[-1].offer is not None
    assert Path(asked[0]).suffix == ".csv"


def test_the_map_is_saved_as_png_and_as_svg(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for suffix, beginning in ((".png", b"\x89PNG"), (".svg", b"<?xml")):
        target = tmp_path / f"map{suffix}"
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, target=target: (str(target), ""))
        window.actions_table["export_map"].trigger()
        assert target.read_bytes().startswith(beginning)
