"""What Open Food Facts' licence wants said is kept with the source and said in info, report and exports."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from prodlabel.core.products import ProductRecord
from prodlabel.core.progress import Progress
from prodlabel.sources.exports.protocol import ExportRow
from prodlabel.sources.exports.registry import export
from prodlabel.sources.food import attribution
from prodlabel.sources.registry import open_catalogue
from tests.cli.conftest import Prodlabel

SENTENCE = "Contains information from Open Food Facts. Open Database License (ODbL) 1.0"


@pytest.fixture
def foods(prodlabel: Prodlabel, tmp_path: Path) -> Path:
    dump = tmp_path / "openfoodfacts.jsonl"
    dump.write_text(json.dumps({"code": "20118207", "product_name": "Tea"}) + "\n", encoding="utf-8")
    folder = tmp_path / "foods.prodlabel"
    prodlabel("new", folder)
    assert prodlabel("import", folder, dump).exit_code == 0
    return folder


def test_info_report_and_export_say_it(prodlabel: Prodlabel, foods: Path, tmp_path: Path) -> None:
    assert SENTENCE in prodlabel("info", foods).out
    assert SENTENCE in json.loads(prodlabel("info", foods, "--json").out)["attribution"][0]
    page = tmp_path / "page.html"
    assert prodlabel("report", foods, page).exit_code == 0
    assert SENTENCE in page.read_text("utf-8")
    said = prodlabel("export", foods, tmp_path / "out.csv")
    assert SENTENCE in said.out
    assert "ODbL" in (tmp_path / "out.csv").read_text("utf-8-sig")


def test_columns_that_the_licence_covers_take_it_along(
    prodlabel: Prodlabel, foods: Path, tmp_path: Path
) -> None:
    path = tmp_path / "names.csv"
    prodlabel("export", foods, path, "--columns", "key,name")
    header, row = path.read_text("utf-8-sig").splitlines()
    assert header == "key,name,source,source page,licence,picture licence"
    assert "https://world.openfoodfacts.org/product/20118207" in row
    prodlabel("export", foods, path, "--columns", "key,category")
    assert path.read_text("utf-8-sig").splitlines()[0] == "key,category"


def test_an_export_taken_in_elsewhere_still_says_it(
    prodlabel: Prodlabel, foods: Path, tmp_path: Path
) -> None:
    path, other = tmp_path / "out.jsonl", tmp_path / "other.prodlabel"
    prodlabel("export", foods, path)
    prodlabel("new", other)
    prodlabel("import", other, path)
    assert SENTENCE in prodlabel("info", other).out


def test_a_shop_of_ones_own_says_nothing(prodlabel: Prodlabel, shop: Path, tmp_path: Path) -> None:
    assert json.loads(prodlabel("info", shop, "--json").out)["attribution"] == []
    assert "Open Food Facts" not in prodlabel("export", shop, tmp_path / "a.csv").out


def test_folders_of_pictures_hold_it_as_a_text_and_come_in_again(tmp_path: Path) -> None:
    picture = tmp_path / "a.png"
    Image.new("RGB", (4, 4)).save(picture)
    page = "https://world.openfoodfacts.org/product/1"
    row = ExportRow(
        "k", category=("Tea",), picture_file=picture, attributes=attribution.open_food_facts(page)
    )
    export("folders").write(tmp_path / "out", [row])
    assert SENTENCE in (tmp_path / "out" / "ATTRIBUTION.txt").read_text("utf-8")
    (record,) = open_catalogue(tmp_path / "out").records(Progress())
    assert isinstance(record, ProductRecord)
