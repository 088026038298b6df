"""Taxonomies from elsewhere: ids are kept, what is wrong is reported by line, hostile files do no harm."""

from __future__ import annotations

from pathlib import Path

import pytest

from prodlabel.core.errors import InputError
from prodlabel.core.products import Problem
from prodlabel.core.progress import Progress
from prodlabel.sources.taxonomies.open_food_facts import tag_of
from prodlabel.sources.taxonomies.protocol import TaxonomyEntry
from prodlabel.sources.taxonomies.registry import taxonomy_source

OFF = """# comment
stopwords:fr: au, de
synonyms:en: bar, bars

en: Beverages, Drinks
fr: Boissons
wikidata:en: Q40050

< en:Beverages
en: Plant-based beverages
fr: Boissons végétales, Boissons 100\\, fruits

<en:drinks
<fr:boissons végétales
fr: Lait d'amande, lait 1,5 %

< en:Loop B
en: Loop A

< en:Loop A
en: Loop B

< en:Nowhere
en: Orphan

< en:Beverages

"""


def read(path: Path, language: str = "en") -> tuple[list[tuple[str, str]], list[tuple[str, int | None]]]:
    told = list(taxonomy_source(path).read(path, Progress(), language))
    entries = [(" > ".join(x.path), x.external_id) for x in told if isinstance(x, TaxonomyEntry)]
    return entries, [(x.code, x.row) for x in told if isinstance(x, Problem)]


@pytest.mark.parametrize("prefix", ["# Google_Product_Taxonomy_Version: 2021-09-21\n", ""])
def test_google_numbers_are_kept(tmp_path: Path, prefix: str) -> None:
    path = tmp_path / "taxonomy-with-ids.en-US.txt"
    path.write_text(prefix + "1 - Animals & Pet Supplies\n3237 - Animals & Pet Supplies > Live Animals\n")
    assert taxonomy_source(path).kind == "google"
    entries, problems = read(path)
    assert entries == [
        ("Animals & Pet Supplies", "google:1"), ("Animals & Pet Supplies > Live Animals", "google:3237"),
    ]  # fmt: skip
    assert problems == []


def test_google_without_numbers_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "taxonomy.txt"
    path.write_text(
        "# Google_Product_Taxonomy_Version: 2021\nMédias\nMédias > Livres\n > \n" + "a>" * 50 + "\n"
    )
    entries, problems = read(path)
    assert entries == [("Médias", ""), ("Médias > Livres", "")]
    assert problems == [("line_unreadable", 4), ("line_unreadable", 5)]


def test_open_food_facts_tags_are_kept_and_the_graph_becomes_a_tree(tmp_path: Path) -> None:
    path = tmp_path / "categories.txt"
    path.write_text(OFF, encoding="utf-8")
    assert taxonomy_source(path).kind == "openfoodfacts"
    entries, problems = read(path, "fr")
    assert {key: name for name, key in entries} == {
        "en:beverages": "Boissons", "en:plant-based-beverages": "Boissons > Boissons végétales",
        "fr:lait-d-amande": "Boissons > Lait d'amande", "en:loop-a": "Loop B > Loop A",
        "en:loop-b": "Loop A > Loop B", "en:orphan": "Orphan",
    }  # fmt: skip
    assert sorted(problems) == [
        ("line_unreadable", 26), ("parent_cycle", 17), ("parent_cycle", 20), ("parent_missing", 23),
        ("several_parents", 13),
    ]  # fmt: skip
    assert read(path)[0][1] == ("Beverages > Plant-based beverages", "en:plant-based-beverages")


def test_tags_are_made_as_open_food_facts_makes_them() -> None:
    assert tag_of("FR", " Crème brûlée (vanille)") == "fr:creme-brulee-vanille"


@pytest.mark.parametrize(
    "text",
    [
        "id,path\na1,Home\na2,Home > Cups\n",
        "id,level 1,level 2\na1,Home,\na2,Home,Cups\n",
        "Niveau 2;Niveau 1;Code\n;Home;a1\nCups;Home;a2\n",
    ],
)
def test_paths_and_levels_in_a_table_are_understood(tmp_path: Path, text: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(text)
    assert read(path) == ([("Home", "a1"), ("Home > Cups", "a2")], [])


def test_a_deep_chain_of_parents_is_cut(tmp_path: Path) -> None:
    path = tmp_path / "categories.txt"
    blocks = ["en: C 0\n"] + [f"< en:C {n}\nen: C {n + 1}\n" for n in range(2000)]
    path.write_text("\n".join(blocks))
    entries, problems = read(path)
    assert len(entries) == 2001
    assert max(name.count(">") for name, _ in entries) < 40
    assert {code for code, _ in problems} == {"parent_cycle"}


def test_hostile_lines_are_cut_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "t.txt"
    path.write_bytes(
        b"# Google_Product_Taxonomy_Version\n1 - A\0B\n2 - \xff\n" + b"x" * 5_000_000 + b"\n3 - C\n"
    )
    entries, _ = read(path)
    assert [name for name, _ in entries if len(name) < 9] == ["AB", "\ufffd", "C"]
    with pytest.raises(InputError, match="no taxonomy"):
        taxonomy_source(path.with_suffix(".txt"), "none")
