"""What comes from below the window is said in the window's language too."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from prodlabel.core.labels import Status
from prodlabel.gui.filters import BRAND, STATUS
from prodlabel.gui.language import Language
from prodlabel.gui.phrases import PHRASES, phrase, shown_title
from prodlabel.learning.queues.registry import QUEUES

PRODUCT = Path(__file__).resolve().parents[2] / "prodlabel"


@pytest.fixture
def french(qapp: QApplication) -> Iterator[None]:
    language = Language(qapp)
    assert language.use("fr") == "fr"
    yield
    language.use("en")
    language.deleteLater()


def stage_titles() -> Iterator[str]:
    """The titles of all stages in the code, with places for what is filled in."""
    for path in sorted(PRODUCT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            is_stage = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            if not is_stage or node.func.attr != "stage" or not node.args:  # type: ignore[union-attr, attr-defined]
                continue
            title = node.args[0]  # type: ignore[attr-defined]
            if isinstance(title, ast.Constant):
                yield title.value
            elif isinstance(title, ast.JoinedStr):
                places = iter(range(9))
                yield "".join(
                    part.value if isinstance(part, ast.Constant) else f"{{{next(places)}}}"
                    for part in title.values
                )


def test_every_stage_status_and_queue_has_a_line_in_the_table() -> None:
    said = {*stage_titles(), *(status.word for status in Status), *(queue.title for queue in QUEUES)}
    assert len(said) > 60
    missing = sorted(said - set(PHRASES))
    assert not missing, "add these to prodlabel/gui/phrases.py, run .ci/translate.py and translate them"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("imported", "importé"),
        ("Relabel 12 products → Lamp", "Réétiqueter 12 produits → Lamp"),
        ("Undo: Relabel 1 product → Lamp and 2 more", "Annuler : Réétiqueter 1 produit → Lamp et 2 autres"),
        ("Reading shop.csv", "Lecture de shop.csv"),
        ("a reason of a person's own", "a reason of a person's own"),
    ],
)
def test_what_is_kept_in_english_is_shown_in_french(french: None, text: str, said: str) -> None:
    assert phrase(text) == said


def test_words_of_the_catalogue_are_never_translated(french: None) -> None:
    assert shown_title(STATUS, "imported") == "importé"
    assert shown_title(BRAND, "imported") == "imported"


@pytest.mark.parametrize("text", PHRASES)
def test_in_english_every_phrase_is_itself(qapp: QApplication, text: str) -> None:
    filled = text.format("X", 7)
    assert phrase(filled) == filled
