"""`prodlabel export`: all, a selection, chosen columns, what changed, and the classifier."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from tests.cli.conftest import Prodlabel


def exported(prodlabel: Prodlabel, shop: Path, path: Path, *options: str | Path) -> list[str]:
    """The keys that an export with these options writes."""
    said = prodlabel("export", shop, path, *options)
    assert said.exit_code == 0, said.err
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [row["key"] for row in csv.DictReader(file)]


def test_a_selection_is_written_by_words_category_and_keys(
    prodlabel: Prodlabel, shop: Path, tmp_path: Path
) -> None:
    path, keys = tmp_path / "out.csv", tmp_path / "keys.txt"
    keys.write_text("b1\na2\n\n", encoding="utf-8")
    assert exported(prodlabel, shop, path) == ["a1", "a2", "b1", "b2", "c1"]
    assert exported(prodlabel, shop, path, "--words", "cup") == ["a1", "a2"]
    assert exported(prodlabel, shop, path, "--from", "Bags") == ["b1", "b2"]
    assert exported(prodlabel, shop, path, "--keys", keys) == ["a2", "b1"]
    assert exported(prodlabel, shop, path, "--keys", keys, "--from", "Bags", "--key", "b2") == ["b1", "b2"]


def test_only_what_changed_since_the_last_whole_export_is_written(
    prodlabel: Prodlabel, shop: Path, tmp_path: Path
) -> None:
    path = tmp_path / "out.csv"
    exported(prodlabel, shop, path)
    assert exported(prodlabel, shop, path, "--changed") == []
    prodlabel("relabel", shop, "Bags", "--key", "c1", "--reason", "=looked")
    assert exported(prodlabel, shop, path, "--changed", "--words", "cup") == []
    assert exported(prodlabel, shop, path, "--changed") == ["c1"]
    with path.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["category"], row["status"], row["reason"]) == ("Bags", "confirmed", "'=looked")
    assert row["person"]
    assert row["decided_at"].endswith("+00:00")


def test_chosen_columns_stand_in_their_order(prodlabel: Prodlabel, shop: Path, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    exported(prodlabel, shop, path, "--columns", "category, key,category")
    assert path.read_text("utf-8-sig").splitlines()[:2] == ["category,key", "Kitchen,a1"]


def test_the_classifier_goes_into_a_folder(prodlabel: Prodlabel, shop: Path, tmp_path: Path) -> None:
    assert prodlabel("train", shop, "--repeats", "0").exit_code == 0
    said = json.loads(prodlabel("export", shop, tmp_path / "model", "--kind", "onnx", "--json").out)
    assert said["categories"] == 2
    assert {one.name for one in (tmp_path / "model").iterdir()} >= {"classifier.onnx", "example.py"}
    labels = json.loads((tmp_path / "model" / "labels.json").read_text("utf-8"))
    assert list(labels["inputs"]) == ["words", "name_words"]
    again = prodlabel("export", shop, tmp_path / "model", "--kind", "onnx")
    assert again.exit_code == 2
    assert prodlabel("export", shop, tmp_path / "m.csv", "--version", "1").exit_code == 2
