"""Near duplicates form families, clusters get names, agreement has its level of chance."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.metrics import adjusted_rand_score

from prodlabel.analysis.agreement import bootstrap_interval, measure, over_seeds, permutation_baseline
from prodlabel.analysis.families import collapse, find_families, spread
from prodlabel.analysis.grams import count_grams, runs_of
from prodlabel.analysis.naming import distinctive_words


def _catalogue() -> tuple[list[str], np.ndarray]:
    rng = np.random.default_rng(0)
    letters = np.array(list("abcdefghijklmnopqrstuvwxyz"))
    stems = [" ".join("".join(rng.choice(letters, 7)) for _ in range(12)) for _ in range(40)]
    family = np.sort(np.arange(120) % 40)
    return [f"{stems[f]} size {i % 3}" for i, f in enumerate(family)], family


@pytest.mark.parametrize("exact_limit", [10, 10_000])
def test_texts_that_differ_in_size_alone_are_one_family(exact_limit: int) -> None:
    texts, family = _catalogue()
    np.testing.assert_array_equal(find_families(texts, exact_limit=exact_limit), family)


@given(st.lists(st.text(max_size=40), min_size=1, max_size=8))
def test_runs_of_characters_are_those_of_the_usual_library(texts: list[str]) -> None:
    cut = CountVectorizer(analyzer="char_wb", ngram_range=(3, 5)).build_analyzer()
    rows, hashed = runs_of(texts)
    for row, text in enumerate(texts):
        usual, found = Counter(cut(text)), Counter(hashed[rows == row].tolist())
        assert sorted(usual.values()) == sorted(found.values())
    assert count_grams(texts).sum() == len(rows)


def test_empty_texts_are_no_family() -> None:
    assert find_families(["", "", "a red cotton towel", "a red cotton towel"]).tolist() == [0, 1, 2, 2]


def test_family_means_go_back_to_each_member() -> None:
    families = np.array([0, 1, 0])
    means = collapse(np.array([[0.0, 2.0], [5.0, 5.0], [2.0, 4.0]]), families)
    np.testing.assert_array_equal(spread(means, families), [[1, 3], [5, 5], [1, 3]])


def test_clusters_are_named_by_what_sets_them_apart() -> None:
    texts = ["quality watch watches dial"] * 6 + ["quality towel cotton"] * 6 + ["quality mug ceramic"] * 6
    names = distinctive_words(texts, np.repeat([0, 1, 2], 6), stop_words={"ceramic"})
    assert set(names[0]) == {"watch", "dial"}
    assert names[2] == ["mug"]
    assert all("quality" not in name for name in names)


def test_plurals_are_not_repeated_in_a_name() -> None:
    name = distinctive_words(["curtain curtains door"] * 4 + ["mug"] * 4, np.repeat([0, 1], 4))[0]
    assert len(name) == 2


def test_same_partition_under_other_numbers_agrees_fully() -> None:
    found = measure([0, 0, 1, 1, 2, 2], [2, 2, 0, 0, 1, 1])
    assert (found.ari, found.v_measure) == pytest.approx((1.0, 1.0))


def test_interval_covers_the_figure_and_chance_lies_at_zero() -> None:
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 5, 400)
    found = np.where(rng.random(400) < 0.7, truth, rng.integers(0, 5, 400))
    low, high = bootstrap_interval(truth, found)
    assert low < adjusted_rand_score(truth, found) < high
    chance = permutation_baseline(truth, found, draws=50)
    assert abs(chance.mean) < 0.01
    assert chance.mean + 5 * chance.std < low


def test_spread_over_seeds_is_that_of_the_sample() -> None:
    runs = [measure([0, 0, 1, 1], [0, 0, 1, 1]), measure([0, 0, 1, 1], [0, 1, 0, 1])]
    found = over_seeds(runs)["ari"]
    assert found.mean == pytest.approx(0.25)
    assert found.std > 0
