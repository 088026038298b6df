"""The demo catalogue: the same for a seed, varied, wrong exactly where it says so, and readable."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from prodlabel.core.errors import Cancelled, InputError
from prodlabel.core.progress import CancelToken, Progress, ProgressState
from prodlabel.sources.demo import write_demo_catalogue

COUNT = 100
Rows = list[dict[str, str]]


def _rows(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_demo_catalogue(tmp_path_factory.mktemp("demo"), seed=7, count=COUNT, progress=Progress())


@pytest.fixture(scope="module")
def rows(made: Path) -> Rows:
    return _rows(made)


@pytest.fixture(scope="module")
def truth(made: Path) -> dict[str, dict[str, str]]:
    return {row["key"]: row for row in _rows(made.parent / "truth.csv")}


def test_same_seed_gives_the_same_bytes_and_pixels(tmp_path: Path) -> None:
    first, again = (
        write_demo_catalogue(tmp_path / name, seed=3, count=20, progress=Progress()) for name in ("a", "b")
    )
    for name in ("catalogue.csv", "truth.csv", "README.txt"):
        assert (first.parent / name).read_bytes() == (again.parent / name).read_bytes()
    pictures = sorted(path.name for path in (first.parent / "pictures").iterdir())
    assert pictures == sorted(path.name for path in (again.parent / "pictures").iterdir())
    for name in pictures:
        one, two = first.parent / "pictures" / name, again.parent / "pictures" / name
        assert one.stat().st_size == two.stat().st_size
        if _opens(one):
            assert np.array_equal(np.asarray(Image.open(one)), np.asarray(Image.open(two)))


def test_another_seed_gives_another_catalogue(rows: Rows, tmp_path: Path) -> None:
    other = _rows(write_demo_catalogue(tmp_path, seed=8, count=20, progress=Progress()))
    assert not {row["name"] for row in other} & {row["name"] for row in rows}


def test_every_count_is_as_promised(rows: Rows, truth: dict[str, dict[str, str]]) -> None:
    assert len(rows) == COUNT == len({row["key"] for row in rows})
    said = [fault for row in truth.values() for fault in row["what was done"].split("; ")]
    assert said.count("wrong label") == 4
    assert said.count("no category") == 6
    assert sum(fault.startswith("near duplicate of ") for fault in said) == 5
    assert said.count("no picture named") + said.count("picture file missing") == 4
    assert sum(row["language"] == "fr" for row in rows) == pytest.approx(0.2 * COUNT, abs=4)


def test_truth_says_what_the_catalogue_says(rows: Rows, truth: dict[str, dict[str, str]]) -> None:
    for row in rows:
        told = truth[row["key"]]
        assert row["category"] == told["label"]
        is_wrong = bool(row["category"]) and row["category"] != told["true category"]
        assert is_wrong == ("wrong label" in told["what was done"])
        assert (not row["category"]) == ("no category" in told["what was done"])


def test_categories_are_seven_and_about_equally_large(truth: dict[str, dict[str, str]]) -> None:
    sizes = Counter(row["true category"] for row in truth.values())
    assert len(sizes) == 7
    assert min(sizes.values()) >= 10


def test_every_picture_opens_but_for_the_broken_ones(
    made: Path, rows: Rows, truth: dict[str, dict[str, str]]
) -> None:
    for row in rows:
        faults, path = truth[row["key"]]["what was done"], made.parent / row["picture"]
        if "no picture named" in faults:
            assert row["picture"] == ""
        elif "picture file missing" in faults:
            assert not path.exists()
        else:
            assert _opens(path) == ("picture file broken" not in faults)


def test_near_duplicates_share_their_original_words(rows: Rows, truth: dict[str, dict[str, str]]) -> None:
    by_key = {row["key"]: row for row in rows}
    for key, told in truth.items():
        if told["what was done"].startswith("near duplicate of "):
            original = by_key[told["what was done"].split("; ")[0].removeprefix("near duplicate of ")]
            assert by_key[key]["brand"] == original["brand"]
            assert by_key[key]["name"].split()[0] == original["name"].split()[0]
            assert told["true category"] == truth[original["key"]]["true category"]


def test_texts_have_both_languages_boilerplate_and_gaps(rows: Rows) -> None:
    texts = [row["description"] for row in rows]
    assert any("Free shipping" in text for text in texts)
    assert any("Livraison gratuite" in text for text in texts)
    assert any(not text for text in texts)
    assert len({len(text) for text in texts}) > COUNT / 3
    assert not any("{" in row["name"] + row["description"] for row in rows)


def test_readme_says_that_it_is_drawn(made: Path) -> None:
    assert "Nothing here was photographed" in (made.parent / "README.txt").read_text(encoding="utf-8")


def test_progress_counts_every_product(tmp_path: Path) -> None:
    states: list[ProgressState] = []
    write_demo_catalogue(tmp_path, count=20, progress=Progress(listener=states.append))
    assert (states[-1].done, states[-1].total) == (20, 20)


def test_cancel_stops_and_leaves_no_catalogue(tmp_path: Path) -> None:
    token = CancelToken()
    progress = Progress(
        listener=lambda state: token.cancel() if state.done else None, token=token, interval_s=0
    )
    with pytest.raises(Cancelled):
        write_demo_catalogue(tmp_path, count=20, progress=progress)
    assert not (tmp_path / "catalogue.csv").exists()


def test_too_small_a_count_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Ask for 20 or more"):
        write_demo_catalogue(tmp_path, count=3, progress=Progress())


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(InputError, match="Choose another folder"):
        write_demo_catalogue(tmp_path / "file", count=20, progress=Progress())


def _opens(path: Path) -> bool:
    try:
        with Image.open(path) as image:
            image.load()
    except OSError:
        return False
    return True
