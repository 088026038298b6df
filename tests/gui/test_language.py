"""The window speaks French where that is wanted, and no text was forgotten."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from prodlabel import paths
from prodlabel.gui.language import Language
from prodlabel.gui.main_window import MainWindow

FRENCH = paths.resources() / "translations" / "fr.ts"
ROOT = Path(__file__).resolve().parents[2]


def messages(file: Path) -> Iterator[tuple[str, str, bool]]:
    """(text, translation, whether it is finished) of every message."""
    for message in ET.parse(file).getroot().iter("message"):
        found = message.find("translation")
        assert found is not None
        yield message.findtext("source", ""), found.text or "", "type" not in found.attrib


def places(text: str) -> list[str]:
    return sorted(re.findall(r"\{[^}]*\}|\*\.\w+", text))


def test_every_text_of_the_window_has_a_translation(tmp_path: Path) -> None:
    # Beside the Python that runs: an environment need not be activated.
    lupdate = shutil.which("pyside6-lupdate", path=str(Path(sys.executable).parent))
    if lupdate is None:
        pytest.skip("pyside6-lupdate is not beside this Python")
    copy = tmp_path / "fr.ts"
    shutil.copy(FRENCH, copy)
    sources = [str(path) for path in sorted((ROOT / "prodlabel" / "gui").rglob("*.py"))]
    subprocess.run([lupdate, *sources, "-ts", str(copy)], check=True, capture_output=True)
    unfinished = [text for text, _, is_finished in messages(copy) if not is_finished]
    assert not unfinished, "run .ci/translate.py and translate these"


def test_translations_keep_what_is_filled_in() -> None:
    for text, translation, _ in messages(FRENCH):
        assert translation, text
        assert places(text) == places(translation), text


def test_the_window_is_built_in_the_language_that_was_chosen(
    qapp: QApplication, open_window: Callable[[], MainWindow]
) -> None:
    language = Language(qapp)
    assert language.use("fr") == "fr"
    made = open_window()
    assert made.actions_table["undo"].text() == "Annuler"
    assert made.start.buttons["demo"].text() == "Ouvrir la démo"
    assert QCoreApplication.translate("Colouring", "Brand") == "Marque"
    assert language.use("en") == "en"
    assert QCoreApplication.translate("Colouring", "Brand") == "Brand"
    assert language.use("xx") == "en"
    language.deleteLater()
