"""`prodlabel taxonomy`: shown, taken in with its keys, and written so that it comes in again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Prodlabel

GOOGLE = "# Google_Product_Taxonomy_Version: 2021-09-21\n166 - Apparel\n1604 - Apparel > Clothing\n"
OFF = "en:Beverages\nfr:Boissons\n\n<en:Beverages\nen:Teas, Tea drinks\nfr:Thés\n"
CSV = "id,path\nx1,Home\nx2,Home > Cups\n"
NASTY = ["=cmd()", "'quoted'", 'a "b", c', "שלום", "🫖", "-5", "a;b", "Tom & Jerry\\n"]


def categories(prodlabel: Prodlabel, project: Path) -> dict[str, list[str]]:
    said = json.loads(prodlabel("taxonomy", project, "--json").out)
    return {one["key"]: one["path"] for one in said["categories"]}


@pytest.fixture
def project(prodlabel: Prodlabel, tmp_path: Path) -> Path:
    folder = tmp_path / "a.prodlabel"
    assert prodlabel("new", folder).exit_code == 0
    return folder


@pytest.mark.parametrize(
    ("name", "content", "wanted"),
    [
        ("g.txt", GOOGLE, {"google:166": ["Apparel"], "google:1604": ["Apparel", "Clothing"]}),
        ("o.txt", OFF, {"en:beverages": ["Boissons"], "en:teas": ["Boissons", "Thés"]}),
        ("c.csv", CSV, {"x1": ["Home"], "x2": ["Home", "Cups"]}),
    ],
)
def test_each_format_comes_in_with_its_ids_and_again_changes_nothing(
    name: str, content: str, wanted: dict[str, list[str]], prodlabel: Prodlabel, project: Path, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    said = prodlabel("taxonomy", project, path, "--language", "fr")
    assert said.exit_code == 0
    assert "2 categories, 2 of them new" in said.out
    assert categories(prodlabel, project) == wanted
    assert json.loads(prodlabel("taxonomy", project, path, "--language", "fr", "--json").out)["added"] == 0


@pytest.mark.parametrize("ending", ["csv", "txt"])
def test_what_is_written_comes_in_again_with_names_and_ids(
    ending: str, prodlabel: Prodlabel, project: Path, tmp_path: Path
) -> None:
    given = tmp_path / "given.txt"
    lines = [f"{n} - Home > {name}" for n, name in enumerate(NASTY, 2)]
    given.write_text("\n".join(["1 - Home", *lines]) + "\n", encoding="utf-8")
    assert prodlabel("taxonomy", project, given, "--kind", "google").exit_code == 0
    before = categories(prodlabel, project)
    assert len(before) == len(NASTY) + 1
    out = [tmp_path / f"out{n}.{ending}" for n in range(2)]
    for path in out:
        assert prodlabel("taxonomy", project, "--write", path).exit_code == 0
    assert out[0].read_bytes() == out[1].read_bytes()
    other = tmp_path / "b.prodlabel"
    prodlabel("new", other)
    assert prodlabel("taxonomy", other, out[0]).exit_code == 0
    assert categories(prodlabel, other) == before


def test_sentences_about_categories_come_in_are_given_and_written(
    prodlabel: Prodlabel, project: Path, tmp_path: Path
) -> None:
    given, out = tmp_path / "given.csv", tmp_path / "out.csv"
    given.write_text("id,path,description\nx1,Home,=What is used  at home.\nx2,Home > Cups,\n")
    assert prodlabel("taxonomy", project, given).exit_code == 0
    assert prodlabel("taxonomy", project, "--describe", "x2", "Cups to drink from.").exit_code == 0
    assert prodlabel("taxonomy", project, "--describe", "x9", "Nothing.").exit_code != 0
    assert "Cups to drink from." in prodlabel("taxonomy", project).out
    assert prodlabel("taxonomy", project, "--write", out).exit_code == 0
    other = tmp_path / "b.prodlabel"
    prodlabel("new", other)
    assert prodlabel("taxonomy", other, out).exit_code == 0
    said = [json.loads(prodlabel("taxonomy", one, "--json").out)["categories"] for one in (project, other)]
    assert said[0] == said[1]
    assert [one["description"] for one in said[0]] == ["=What is used at home.", "Cups to drink from."]
    given.write_text("id,path,description\nx2,Home > Cups,Cups and mugs.\n")
    assert json.loads(prodlabel("taxonomy", other, given, "--json").out)["described"] == 1


def test_a_table_with_few_deep_paths_is_still_read_as_paths(
    prodlabel: Prodlabel, project: Path, tmp_path: Path
) -> None:
    path = tmp_path / "flat.csv"
    path.write_text("path\n" + "".join(f"Kind {n}\n" for n in range(30)) + "Kind 3 > Small\n")
    prodlabel("taxonomy", project, path)
    assert ["Kind 3", "Small"] in categories(prodlabel, project).values()


def test_the_tree_is_shown_with_how_many_products_each_has(prodlabel: Prodlabel, shop: Path) -> None:
    shown = prodlabel("taxonomy", shop).out
    assert "Kitchen" in shown
    assert " 2  " in shown


@pytest.mark.parametrize(
    "arguments", [["none.csv"], ["--write", "out.xlsx"], ["a.csv", "--write", "b.csv"], ["--kind", "magic"]]
)
def test_what_cannot_be_done_is_one_line(arguments: list[str], prodlabel: Prodlabel, shop: Path) -> None:
    said = prodlabel("taxonomy", shop, *arguments)
    assert (said.exit_code, said.out) == (2, "")
    assert said.err.count("\n") == 1
    assert ". " in said.err
