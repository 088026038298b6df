"""What every verb keeps to: an example in its help, one JSON object, one line for an error, its exit code."""

from __future__ import annotations

import json
import shlex
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from prodlabel.cli import main as cli_main
from prodlabel.cli.verbs import VERBS
from prodlabel.core.errors import NotReadyError, WeightsMissingError
from prodlabel.project.project import Project
from tests.cli.conftest import CSV, Prodlabel


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_every_verb_shows_an_example_that_it_understands(
    verb: cli_main.Verb, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        cli_main.run_command_line([verb.name, "--help"])
    assert end.value.code == 0
    shown = capsys.readouterr().out
    assert f"example:\n  prodlabel {verb.example}" in shown
    assert shlex.split(verb.example)[0] == verb.name
    cli_main._parser().parse_args(shlex.split(verb.example))


def test_the_help_lists_every_verb(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli_main.run_command_line(["--help"])
    shown = capsys.readouterr().out
    assert [verb.name for verb in VERBS if f"  {verb.name} " not in shown] == []


READING = [["info"], ["history"], ["check"], ["encode", "--list"], ["undo"], ["redo"]]


@pytest.mark.parametrize("arguments", READING, ids=" ".join)
def test_json_is_exactly_one_object_and_nothing_else(
    prodlabel: Prodlabel, shop: Path, arguments: list[str]
) -> None:
    said = prodlabel(arguments[0], shop, *arguments[1:], "--json")
    assert said.exit_code == 0
    assert isinstance(json.loads(said.out), dict)
    assert said.out.count("\n") == 1


def test_writing_verbs_answer_in_json_too(prodlabel: Prodlabel, shop: Path, tmp_path: Path) -> None:
    again = prodlabel("import", shop, tmp_path / "shop.csv", "--json")
    assert json.loads(again.out)["same"] == 5
    relabelled = prodlabel("relabel", shop, "Bags", "--key", "c1", "--reason", "looked", "--json")
    assert json.loads(relabelled.out) == {"relabelled": 1, "category": ["Bags"]}
    written = prodlabel("export", shop, tmp_path / "out.csv", "--json")
    assert json.loads(written.out)["products"] == 5
    made = prodlabel("new", tmp_path / "other", "--json")
    assert json.loads(made.out) == {"project": str(tmp_path / "other.prodlabel")}


def test_a_new_category_and_its_products_are_one_step(prodlabel: Prodlabel, shop: Path) -> None:
    before = json.loads(prodlabel("history", shop, "--json").out)["history"]
    nothing = prodlabel("relabel", shop, "Lamps", "--new", "--words", "no such words", "--json")
    assert json.loads(nothing.out) == {"relabelled": 0, "category": []}
    assert json.loads(prodlabel("history", shop, "--json").out)["history"] == before
    assert prodlabel("relabel", shop, "Lamps", "--new", "--key", "c1").out == "Relabel 1 product → Lamps\n"
    assert prodlabel("relabel", shop, "lamps", "--new", "--key", "b1").exit_code == 0
    for _ in range(2):
        assert prodlabel("undo", shop).exit_code == 0
    with Project.open(shop) as project:
        assert project.taxonomy.find_by_text("Lamps") is None
        assert project.columns.category[-1] == 0


def test_a_project_may_be_called_by_its_place(
    prodlabel: Prodlabel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "lamps" / "deeper").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "lamps")
    made = prodlabel("new", ".", "--json")
    assert json.loads(made.out) == {"project": str(tmp_path / "lamps.prodlabel")}
    monkeypatch.chdir(tmp_path / "lamps" / "deeper")
    assert prodlabel("new", "..").exit_code == 3, "it is there already"
    top = prodlabel("new", "/")
    assert (top.exit_code, "needs a folder with a name" in top.err) == (2, True)


def test_words_that_are_no_text_are_looked_for_in_vain(prodlabel: Prodlabel, shop: Path) -> None:
    for arguments in (["Bags", "--key", "a\udcff"], ["Bags\udcff", "--key", "a1"]):
        said = prodlabel("relabel", shop, *arguments)
        assert said.exit_code == 2, said.err
        assert "There is no" in said.err
    assert prodlabel("relabel", shop, "Bags", "--words", "cup\udcff", "--reason", "\udcff").exit_code == 0


def test_an_error_in_json_is_one_object_with_the_sentence(prodlabel: Prodlabel, tmp_path: Path) -> None:
    said = prodlabel("info", tmp_path / "none", "--json")
    assert said.exit_code == 3
    assert json.loads(said.out)["error"].startswith("There is no project at")


def _make_foreign(database: Path) -> None:
    database.parent.mkdir()
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("CREATE TABLE moz_places (id)")
        connection.commit()


def errors(folder: Path) -> dict[str, tuple[list[str | Path], int]]:
    """Commands that cannot be done, and the exit code of each. `folder` holds a shop."""
    shop = folder / "shop.prodlabel"
    _make_foreign(folder / "foreign.prodlabel" / "project.sqlite")
    return {
        "no verb": ([], 2),
        "unknown verb": (["sing"], 2),
        "unknown option": (["info", shop, "--loud"], 2),
        "shortened option": (["info", shop, "--js"], 2),
        "no project": (["info", folder / "none"], 3),
        "there already": (["new", shop], 3),
        "a file in the way": (["new", folder / "shop.csv" / "x"], 3),
        "no catalogue": (["import", shop, folder / "none.csv"], 2),
        "bad column": (["import", shop, folder / "shop.csv", "--column", "colour=red"], 2),
        "no such encoder": (["encode", shop, "--with", "magic"], 2),
        "no such category": (["relabel", shop, "Boats", "--key", "a1"], 2),
        "no such product": (["relabel", shop, "Bags", "--key", "zz"], 2),
        "no products named": (["relabel", shop, "Bags"], 2),
        "unknown format": (["export", shop, folder / "out.xyz"], 2),
        "foreign database": (["info", folder / "foreign.prodlabel"], 5),
        "not trained": (["suggest", shop], 6),
        "no text": (["import", shop, shop / "project.sqlite", "--kind", "table"], 2),
        "no kind": (["import", shop, folder / "shop.csv", "--kind", "magic"], 2),
        "no such column": (["import", shop, folder / "shop.csv", "--column", "name=colour"], 2),
        "no such encoding": (["import", shop, folder / "shop.csv", "--encoding", "klingon"], 2),
        "no delimiter": (["import", shop, folder / "shop.csv", "--delimiter", ";;"], 2),
        "no number": (["import", shop, "--from", "openfoodfacts", "tea", "--wanted", "many"], 2),
        "no database": (["import", shop, "--from", "nowhere", "tea"], 2),
        "no dump": (["import", shop, "--dump", folder / "none.jsonl"], 2),
        "no such table": (["import", shop, shop / "project.sqlite", "--kind", "sqlite", "--table", "x"], 2),
        "no taxonomy": (["taxonomy", shop, folder / "none.txt"], 2),
        "no vectors": (["import", shop, "--vectors", folder / "none.npy"], 2),
        "no place to write": (["export", shop, folder / "nowhere" / "out.csv"], 2),
        "a folder in the way": (["export", shop, shop, "--kind", "csv"], 2),
        "no columns": (["export", shop, folder / "o.csv", "--columns", " , "], 2),
        "no such key": (["export", shop, folder / "o.csv", "--key", "zz"], 2),
        "no list of keys": (["export", shop, folder / "o.csv", "--keys", folder / "none.txt"], 2),
        "not trained for export": (["export", shop, folder / "model", "--kind", "onnx"], 6),
        "no level": (["train", shop, "--level", "0"], 2),
        "no precision": (["train", shop, "--precision", "1.5"], 2),
        "no vectors to map": (["map", shop], 6),
        "no queue": (["queue", shop, "magic"], 2),
        "no version": (["versions", shop, "--use", "77"], 2),
    }


def test_each_error_is_one_line_that_says_what_to_do(
    prodlabel: Prodlabel, shop: Path, tmp_path: Path
) -> None:
    for name, (arguments, exit_code) in errors(tmp_path).items():
        said = prodlabel(*arguments)
        lines = [line for line in said.err.splitlines() if line.startswith("prodlabel: ")]
        assert (name, said.exit_code) == (name, exit_code), said.err
        assert len(lines) == 1, (name, said.err)
        assert "Traceback" not in said.err
        sentences = lines[0].removeprefix("prodlabel: ").rstrip(".").split(". ")
        assert len(sentences) >= 2, f"{name}: nothing says what to do: {lines[0]}"
        assert said.out == ""


def test_an_unknown_defect_is_said_in_one_line_and_shown_with_debug(
    prodlabel: Prodlabel, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("one\nby zero")

    monkeypatch.setattr(Project, "open", fail)
    said = prodlabel("info", shop)
    assert said.exit_code == 70
    assert said.err.startswith("prodlabel: prodlabel made a mistake (ZeroDivisionError: one by zero).")
    assert said.err.count("\n") == 1
    with pytest.raises(ZeroDivisionError):
        prodlabel("info", shop, "--debug")


@pytest.mark.parametrize(("error", "exit_code"), [(NotReadyError, 6), (WeightsMissingError, 7)])
def test_known_errors_have_their_documented_exit_codes(
    prodlabel: Prodlabel, shop: Path, monkeypatch: pytest.MonkeyPatch, error: type[Exception], exit_code: int
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error("It is not there. Get it.")

    monkeypatch.setattr(Project, "open", fail)
    assert prodlabel("info", shop).exit_code == exit_code
    with pytest.raises(error):
        prodlabel("info", shop, "--debug")


def test_a_second_writer_is_told_who_has_the_project_and_readers_are_let_in(
    prodlabel: Prodlabel, shop: Path
) -> None:
    with Project.open(shop, person="Ada"):
        said = prodlabel("undo", shop)
        assert said.exit_code == 4
        assert said.err.count("\n") == 1
        assert "is open for writing by" in said.err
        assert "(process " in said.err
        assert "5 products" in prodlabel("info", shop).out
        assert "Import" in prodlabel("history", shop).out
    assert prodlabel("undo", shop).exit_code == 0


def test_check_ends_with_5_where_something_is_not_as_it_was_written(prodlabel: Prodlabel, shop: Path) -> None:
    assert prodlabel("check", shop).exit_code == 0
    with closing(sqlite3.connect(shop / "project.sqlite")) as connection:
        connection.execute("UPDATE label SET category_id = 2 WHERE product_id = 1")
        connection.commit()
    said = prodlabel("check", shop)
    assert said.exit_code == 5
    assert "1 labels differ from what the history says." in said.out


def test_names_from_strangers_cannot_drive_the_terminal(prodlabel: Prodlabel, tmp_path: Path) -> None:
    hostile = "Bags\x1b]0;owned\x07\x9b31m\u202egnp"
    table = tmp_path / "hostile\x1b[2J.csv"
    try:
        table.write_text(CSV.replace("Bags", hostile), encoding="utf-8")
    except OSError:
        pytest.skip("this file system refuses such names")
    folder = tmp_path / "h.prodlabel"
    said = [prodlabel("new", folder), prodlabel("import", folder, table)]
    said += [prodlabel("info", folder), prodlabel("history", folder)]
    said += [prodlabel("relabel", folder, "No\x1b[31mne", "--key", "a1")]
    for one in said:
        assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(one.out + one.err)
