"""The made-up catalogue is the same each time and looks like texts of a shop."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import numpy as np

from tests.benchmarks.synthetic import CATEGORY_SEPARATOR, HEADER, category_paths, vocabulary, write_catalogue


def test_same_seed_writes_the_same_file_and_more_rows_only_add(tmp_path: Path) -> None:
    for name, rows, seed in (("a", 900, 1), ("b", 900, 1), ("c", 1200, 1), ("d", 900, 2)):
        write_catalogue(tmp_path / name, rows, seed=seed)
    first = (tmp_path / "a").read_bytes()
    assert (tmp_path / "b").read_bytes() == first
    assert (tmp_path / "c").read_bytes().startswith(first)
    assert (tmp_path / "d").read_bytes() != first


def test_rows_look_like_products(tmp_path: Path) -> None:
    write_catalogue(tmp_path / "a.csv", 3000)
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, strict=True))
    assert tuple(rows[0]) == HEADER
    assert len({row["key"] for row in rows}) == 3000
    lengths = [len(row["name"]) + len(row["description"]) for row in rows]
    low, high = np.percentile(lengths, [1, 99])
    assert low >= 60
    assert high <= 200
    assert 0.07 < sum(not row["category"] for row in rows) / 3000 < 0.13
    assert {row["category"] for row in rows} <= {"", *category_paths()}
    words = Counter(word for row in rows for word in row["description"].split())
    assert words.most_common(1)[0][1] > 20 * np.median(list(words.values()))


def test_words_and_leaves_are_distinct() -> None:
    assert len(set(vocabulary())) == len(vocabulary()) == 20_000
    paths = category_paths()
    assert len(set(paths)) == 360
    assert all(path.count(CATEGORY_SEPARATOR) == 2 for path in paths)
