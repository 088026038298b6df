"""What comes from below the window is said in the window's language too."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from prodlabel.core import errors
from prodlabel.core.labels import Status
from prodlabel.gui.filters import BRAND, STATUS
from prodlabel.gui.language import Language
from prodlabel.gui.messages import Message, Messages
from prodlabel.gui.phrases import PHRASES, phrase, shown_title
from prodlabel.gui.phrases_below import ERRORS, FORECASTS, QUEUES_SAID
from prodlabel.learning.queues.broken import SAID
from prodlabel.learning.queues.registry import QUEUES

PRODUCT = Path(__file__).resolve().parents[2] / "prodlabel"

NOT_MET = (
    "cli", "gui", "api.py", "encoders", "analysis/umap_layout.py", "analysis/clusters.py", "core/plugins.py",
    "analysis/frame.py", "analysis/graph.py", "analysis/graph_file.py",
    "learning/features.py", "learning/networks", "learning/to_onnx.py", "learning/queues",
    "operations/classifier_export.py", "operations/clusterers.py", "operations/compare.py",
    "operations/corpus.py", "operations/ready_vectors.py", "project/applying.py", "sources/arrays.py",
    "sources/demo/recipe.py", "sources/food/query.py", "sources/food/barcodes.py",
    "sources/taxonomies/writing.py",
)  # fmt: skip
"""What only programs and the command line can do wrong."""
NOT_SHOWN = {
    "Food databases ask who is asking, and no e-mail address is known. Give one that you read "
    "(--contact you@example.org).",
    "Edamam answers only with a key, and this computer's keyring holds none. Enter it with --ask-key.",
    "no description",
    "There is no category with the key “{}”. `prodlabel taxonomy` lists them.",
    "{} Free some disk space or choose another folder.",
    "There is no layout called {}. Choose one of: {}.",
    "There is no classifier version {}. `prodlabel versions` lists them.",
    "No export is called {}. Choose among {}.",
    "No source is called {}. Choose among {}.",
    "“{}” names {} backups. Look at the list again.",
    "A precision of {} cannot be promised. Choose one from 0.5 to below 1.",
    "A precision of {} cannot be. Give a share such as 0.99.",
    "Levels begin at 1, folds at 2, repeats at 0. Look at the numbers again.",
    "A column mapping knows no {}. Its entries are {}.",
    "A column mapping holds something other than texts. Give column names as texts.",
    "{} has no columns code and product_name. Choose the database's dump.",
    "{} is no file. Choose a taxonomy.",
    "{} holds vectors of {} {} ({} x {}), not of {} {} ({} x {}). Move that folder out of the project and "
    "encode again.",
}
"""What the window says in its own words, or never asks for."""


def template(node: ast.expr) -> str | None:
    """A text of the code with {} where something is filled in."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return None


def error_texts() -> Iterator[str]:
    """What errors and remarks say that a curator can meet in the window."""
    names = {name for name, one in vars(errors).items() if isinstance(one, type)} - {"Cancelled"} | {
        "Problem"
    }
    for path in sorted(PRODUCT.rglob("*.py")):
        if path.relative_to(PRODUCT).as_posix().startswith(NOT_MET):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
        own = {node.name for node in classes if any(getattr(base, "id", "") in names for base in node.bases)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in names | own:
                said = [template(one) for one in (*node.args, *(word.value for word in node.keywords))]
                yield from (text for text in said if text and " " in text)


def queue_texts() -> Iterator[str]:
    """Why products stand in queues, and when to stop."""
    for path in sorted((PRODUCT / "learning" / "queues").glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            is_reason = isinstance(node, ast.FunctionDef) and node.name == "reason"
            for one in ast.walk(node) if is_reason else ():
                text = template(one.value) if isinstance(one, ast.Return) and one.value else None
                if text:
                    yield text.replace("{};", "{} ({}) fits better than {};")
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Queue":
                yield from filter(None, (template(one) for one in node.args))
    # One reason is put together of two pieces.
    yield from SAID.values()


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


def without_numbers(text: str) -> str:
    return re.sub(r"\{\d\}", "{}", text)


def test_every_error_and_reason_that_a_curator_can_meet_has_a_line_in_the_table() -> None:
    said = {*error_texts(), *queue_texts()} - NOT_SHOWN
    assert len(said) > 140
    missing = sorted(said - {without_numbers(one) for one in PHRASES})
    assert not missing, "add these to prodlabel/gui/phrases_below.py, run .ci/translate.py, translate them"


def test_in_french_no_error_and_no_reason_stays_english(french: None) -> None:
    for text in (*ERRORS, *QUEUES_SAID, *FORECASTS):
        filled = text.format("abc.csv", "7", "8", "9", "10")
        said = phrase(filled)
        assert said != filled, filled
        assert all(part in said for part in ("abc.csv", "7") if part in filled), filled


def test_an_error_is_told_in_the_language_of_the_window(french: None) -> None:
    messages, posted = Messages(), list[Message]()
    messages.posted.connect(posted.append)
    messages.report(
        errors.ProjectError("shop.sqlite is in use by another program. Close it there and try again.")
    )
    assert posted[0].text.startswith("shop.sqlite est utilisé par un autre programme.")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "Mug (93%) fits better than Lamp; none of the nearest products is Lamp.",
            "Mug (93%) convient mieux que Lamp ; aucun des produits les plus proches n'est Lamp.",
        ),
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
    filled = text.format("X", 7, 8, 9, 10)
    assert phrase(filled) == filled
