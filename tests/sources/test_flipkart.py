"""The Flipkart layout: trees, specifications, pictures, on real rows and on broken ones."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from prodlabel.core.products import Problem, ProductRecord
from prodlabel.core.progress import Progress
from prodlabel.sources.flipkart import category_path, specifications
from prodlabel.sources.registry import open_catalogue
from prodlabel.sources.ruby import parse_ruby


def test_the_real_table_is_read_whole(flipkart_csv: Path) -> None:
    catalogue = open_catalogue(flipkart_csv)
    told = list(catalogue.records(Progress()))
    records = [x for x in told if isinstance(x, ProductRecord)]
    problems = [x for x in told if isinstance(x, Problem)]
    assert catalogue.kind == "flipkart"
    assert catalogue.picture_folder == flipkart_csv.parent / "Images"
    assert len(records) == 703
    assert len(Counter(r.category[0] for r in records)) == 7
    assert [p.code for p in problems] == ["picture_missing"] * 3
    assert sum(r.picture is None for r in records) == 3
    assert not any(level.endswith("...") for r in records for level in r.category)
    assert records[0].category == ("Home Furnishing", "Curtains & Accessories", "Curtains")
    assert records[0].attributes["spec: Material"] == "Polyester"
    assert records[0].attributes["brand"] == "Elegance"
    assert sum(any(name.startswith("spec: ") for name in r.attributes) for r in records) > 650


@pytest.mark.parametrize(
    ("tree", "name", "path"),
    [
        ('["A >> B >> My Cup..."]', "My Cup of tea", ("A", "B")),
        ('["A >> B >> My Cup (Blue)"]', "My  cup", ("A", "B")),
        ('["A >> B >> Cups"]', "My Cup", ("A", "B", "Cups")),
        ('["A >> Cup"]', "Cup", ("A",)),
        ('["Only a product name..."]', "Only a product name and more", ("Only a product name...",)),
        ('["A>>B"]', "x", ("A", "B")),
        ("A >> B", "x", ("A", "B")),
        ("", "x", ()),
        ("[]", "x", ()),
    ],
)
def test_the_tree_becomes_a_path_without_the_product(tree: str, name: str, path: tuple[str, ...]) -> None:
    assert category_path(tree, name) == path


@pytest.mark.parametrize("tree", ['["A >> B"', "[1]", "[[]]"])
def test_a_broken_tree_is_an_error(tree: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        category_path(tree, "x")


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ('{"product_specification"=>[{"key"=>"Size", "value"=>"17\\" wide"}]}', {"spec: Size": '17" wide'}),
        (
            '{"product_specification"=>[{"key"=>"A", "value"=>"x"}, {"key"=>"A", "value"=>"y"}]}',
            {"spec: A": "x; y"},
        ),
        (
            '{"product_specification"=>[{"key"=>"A", "value"=>"x"}, {"key"=>"A", "value"=>"x"}]}',
            {"spec: A": "x"},
        ),
        ('{"product_specification"=>{"key"=>"A", "value"=>"x"}}', {"spec: A": "x"}),
        ('{"product_specification"=>[{"value"=>"x"}]}', {"spec: Other": "x"}),
        ('{"product_specification"=>nil}', {}),
        ('{"product_specification"=>[]}', {}),
        ('{"product_specification"=>[{"key"=>"A", "value"=>nil}]}', {}),
        ("", {}),
        ('{"product_specification"=>[{"key"=>"A=>B", "value"=>"[x], {y}"}]}', {"spec: A=>B": "[x], {y}"}),
    ],
)
def test_specifications_become_attributes(text: str, parsed: dict[str, str]) -> None:
    assert specifications(text) == parsed


def test_ruby_literals_of_every_kind_are_read() -> None:
    text = r"""{:a => 1.5, 'b' => 'it\'s', "c" => [true, nil, "\u00e9\n\\"], d: {}}"""
    assert parse_ruby(text) == {"a": "1.5", "b": "it's", "c": ["true", None, "é\n\\"], "d": {}}


@pytest.mark.parametrize(
    "text", ["{", '{"a"', '{"a"=>', '{"a"=>1', "[1 2]", "[1", '"open', "]", "{} {}", "[" * 5_000, "=", ""]
)
def test_broken_ruby_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_ruby(text)


def test_a_broken_cell_costs_itself_only(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text(
        "uniq_id,product_name,product_category_tree,product_specifications,product_rating\n"
        '1,Cup,"[""A >> B""","{""product_specification""=>[",No rating available\n'
        '2,Pan,"[""A >> B""]",,4\n'
    )
    told = list(open_catalogue(path).records(Progress()))
    assert [(p.code, p.row) for p in told if isinstance(p, Problem)] == [
        ("category_unreadable", 2),
        ("specifications_unreadable", 2),
    ]
    records = [r for r in told if isinstance(r, ProductRecord)]
    assert [(r.key, r.category, dict(r.attributes)) for r in records] == [
        ("1", (), {}),
        ("2", ("A", "B"), {"product_rating": "4"}),
    ]
