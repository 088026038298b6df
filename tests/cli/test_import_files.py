"""`prodlabel import` of files: dumps, pictures by address, and what is no catalogue at all."""

from __future__ import annotations

import json
import random
from functools import partial
from pathlib import Path

import pytest

from prodlabel import paths
from prodlabel.cli.verbs import catalogue as verb
from prodlabel.project.project import Project
from prodlabel.sources.food.pace import Pacer
from prodlabel.sources.food.source import downloads
from tests.cli.conftest import Prodlabel
from tests.sources.food.conftest import FakeClock
from tests.sources.food.fake_server import FakeServer

LINES = [
    {"code": "3049610004104", "product_name": "Champagne brut", "categories_tags": ["en:champagnes"]},
    {"code": "20118207", "product_name": "Green tea", "countries_tags": ["en:france"]},
]


@pytest.fixture(autouse=True)
def _own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "user_settings", lambda: tmp_path / "settings")


def dump(folder: Path) -> Path:
    path = folder / "products.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in LINES), encoding="utf-8")
    return path


def test_words_pick_products_out_of_a_dump(prodlabel: Prodlabel, shop: Path, tmp_path: Path) -> None:
    path = dump(tmp_path)
    wanted = ["--from", "openfoodfacts", "--dump", path, "champagne", "--require", "name", "--json"]
    shown = json.loads(prodlabel("import", shop, *wanted, "--preview").out)
    assert [one["name"] for one in shown["products"]] == ["Champagne brut"]
    assert "Open Food Facts" in shown["attribution"][0]
    assert json.loads(prodlabel("import", shop, *wanted).out)["added"] == 1
    everything = ["--dump", path, "--require", "name", "--json"]
    said = json.loads(prodlabel("import", shop, *everything).out)
    assert (said["added"], said["same"]) == (1, 1)


@pytest.mark.parametrize(
    "arguments", [["--from", "edamam", "tea"], ["--wanted", "0"], ["--barcodes", "nowhere.txt"]]
)
def test_a_dump_that_cannot_be_asked_is_refused(
    arguments: list[str], prodlabel: Prodlabel, shop: Path, tmp_path: Path
) -> None:
    said = prodlabel("import", shop, "--dump", dump(tmp_path), *arguments)
    assert said.exit_code == 2
    assert said.err.count("\n") == 1


NOISE = random.Random(7).randbytes(20_000)


NO_CATALOGUES = (
    "a.csv", "a.tsv", "a.txt", "a.xlsx", "a.json", "a.jsonl", "a.parquet", "a.sqlite", "a.zip", "a.xml",
    "a.bin", "openfoodfacts.jsonl.gz",
)  # fmt: skip


@pytest.mark.parametrize(
    "content", [NOISE, NOISE[:300], b"", b"\0" * 5000], ids=["noise", "little noise", "nothing", "zeros"]
)
def test_bytes_that_are_no_catalogue_are_refused_in_one_line(
    content: bytes, prodlabel: Prodlabel, shop: Path, tmp_path: Path
) -> None:
    for name in NO_CATALOGUES:
        path = tmp_path / name
        path.write_bytes(content)
        said = prodlabel("import", shop, path)
        assert (said.exit_code, said.out) == (2, ""), name
        assert said.err.count("prodlabel: ") == 1
        assert said.err.strip().count(". ") >= 1, said.err
    assert "5 products" in prodlabel("info", shop).out


def test_rows_of_which_none_is_a_product_are_a_failure(
    prodlabel: Prodlabel, shop: Path, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("key,name\n1,2,3\n4,5,6\n", encoding="utf-8")
    listed = tmp_path / "problems.tsv"
    said = prodlabel("import", shop, path, "--problems", listed)
    assert (said.exit_code, said.out) == (2, "")
    assert "gave no product" in said.err
    assert len(listed.read_text("utf-8").splitlines()) == 3


def test_pictures_that_a_table_names_by_address_are_fetched_when_asked(
    prodlabel: Prodlabel, shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = FakeClock()
    pacer = Pacer(clock=clock, sleep=clock.sleep)
    monkeypatch.setattr(verb, "downloads", partial(downloads, pacer=pacer))
    with FakeServer() as server:
        path = tmp_path / "web.csv"
        rows = [f"w{n},Cup {n},{server.url}/food-img/{n}.jpg" for n in range(3)]
        rows.append(f"w9,Pot,{server.url}/gone.jpg")
        path.write_text("\n".join(["key,name,picture", *rows]) + "\n", encoding="utf-8")
        assert json.loads(prodlabel("import", shop, path, "--json").out)["pictures"] == 0
        assert server.log == []
        options = ["--fetch-pictures", "--contact", "me@example.org", "--allow-host", "127.0.0.1", "--json"]
        said = json.loads(prodlabel("import", shop, path, *options).out)
    assert (said["changed"], said["same"], said["pictures"]) == (3, 1, 3)
    assert [one["key"] for one in said["problems"]] == ["w9"]
    with Project.open(shop, read_only=True) as project:
        assert project.columns.has_picture.sum() == 3


def test_a_picture_in_a_private_range_is_refused(prodlabel: Prodlabel, shop: Path, tmp_path: Path) -> None:
    path = tmp_path / "web.csv"
    path.write_text("key,name,picture\nw1,Cup,http://127.0.0.1:9/a.jpg\nw2,Mug,http://[::1]/b.png\n")
    options = ["--fetch-pictures", "--contact", "me@example.org", "--json"]
    said = json.loads(prodlabel("import", shop, path, *options).out)
    assert said["problem_counts"] == {"picture_refused": 2}


def test_a_spreadsheet_runs_nothing_of_the_list_of_problems(prodlabel: Prodlabel, tmp_path: Path) -> None:
    table = tmp_path / "evil.csv"
    table.write_text("key,name\n=1+cmd,Cup\n=1+cmd,Bag\n", encoding="utf-8")
    prodlabel("new", tmp_path / "evil")
    prodlabel("import", tmp_path / "evil", table, "--problems", tmp_path / "problems.tsv")
    lines = (tmp_path / "problems.tsv").read_text(encoding="utf-8").splitlines()
    cells = [cell for line in lines[1:] for cell in line.split("\t")]
    assert "'=1+cmd" in cells
    assert not [cell for cell in cells if cell.startswith("=")]
