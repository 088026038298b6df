"""How networks are trained, without TensorFlow: rates, weights, stopping, altered pictures."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prodlabel.learning.networks.augment import altered
from prodlabel.learning.networks.heads import Branch, Heads, scale_of
from prodlabel.learning.networks.plan import (
    EarlyStop,
    NetworkSettings,
    batch_size,
    class_weights,
    cosine_rate,
    keep_aside,
    what_is_missing,
)


def test_the_rate_rises_shortly_and_falls_to_nothing() -> None:
    rates = [cosine_rate(step, 200, 0.01) for step in range(200)]
    assert max(rates) == pytest.approx(0.01)
    assert int(np.argmax(rates)) == 9
    assert rates[10:] == sorted(rates[10:], reverse=True)
    assert rates[-1] < 1e-5


@given(st.lists(st.integers(0, 4), min_size=1, max_size=60))
def test_categories_count_alike_and_products_once_on_average(labels: list[int]) -> None:
    target = np.array(labels)
    weights = class_weights(target, 5)
    assert weights[target].mean() == pytest.approx(1)
    counts = np.bincount(target, minlength=5)
    assert (weights[counts == 0] == 0).all()
    # The rarer a category, the more each of its products counts.
    present = np.flatnonzero(counts)
    order = present[np.argsort(counts[present], kind="stable")]
    assert (np.diff(weights[order]) <= 1e-12).all()


def test_training_stops_when_it_gets_clearly_worse() -> None:
    losses = np.random.default_rng(0).exponential(1, 400)
    stop = EarlyStop(2)
    assert [stop.take(losses * share) for share in (1, 0.5, 0.6, 0.4, 0.45)] == [
        True,
        True,
        False,
        True,
        False,
    ]
    assert stop.is_worse
    assert not stop.is_over
    stop.take(losses * 0.41)
    assert stop.is_over
    assert np.array_equal(stop.best, losses * 0.4)


def test_what_a_few_products_happen_to_like_does_not_end_training() -> None:
    rng = np.random.default_rng(0)
    stop = EarlyStop(1)
    stop.take(rng.exponential(1, 20))
    stop.take(stop.best + rng.permutation(np.r_[np.full(10, 0.5), np.full(10, -0.4)]))
    assert not stop.is_worse
    assert not stop.is_over
    assert [batch_size(count, 32) for count in (3, 45, 200, 560, 9_000)] == [3, 4, 16, 32, 32]


@given(st.integers(0, 50), st.integers(2, 40))
def test_families_are_kept_aside_whole_and_no_category_is_emptied(seed: int, count: int) -> None:
    target, groups = np.arange(count) % 3, np.arange(count) // 2 % 9
    inside, aside = keep_aside(target, groups, 0.3, seed)
    assert sorted([*inside, *aside]) == list(range(count))
    assert not set(groups[inside]) & set(groups[aside])
    assert set(target[inside]) == set(target)
    assert (np.bincount(target[aside], minlength=3) <= 0.3 * np.bincount(target, minlength=3)).all()


def test_an_altered_picture_is_another_of_the_same_size_and_comes_again() -> None:
    picture = np.full((48, 48, 3), 255, np.uint8)
    picture[10:40, 16:30] = (200, 30, 60)
    first, again, other = altered(picture, (0, 1)), altered(picture, (0, 1)), altered(picture, (0, 2))
    assert first.shape == picture.shape
    assert first.dtype == np.uint8
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert not np.array_equal(first, picture)
    assert first[0, 0].min() > 200, "the ground stays light"


def test_alterations_flip_turn_zoom_crop_and_colour() -> None:
    picture = np.full((64, 64, 3), 255, np.uint8)
    picture[24:40, 12:44] = (180, 60, 60)  # a bar, with a mark at its left end
    picture[18:24, 12:18] = (180, 60, 60)
    edge = picture.copy()
    edge[:3] = (60, 60, 180)
    flipped, turned, area, bright, colour, cut = [], [], [], [], [], []
    for seed in range(80):
        variant = altered(picture, (seed,)).astype(float)
        ink = variant.min(axis=2) < 200
        down, across = np.nonzero(ink)
        spread = np.cov(across, down)
        turned.append(np.degrees(0.5 * np.arctan2(2 * spread[0, 1], spread[0, 0] - spread[1, 1])))
        middle = np.median(across)
        flipped.append(np.mean((across - middle) ** 3 * (down < np.median(down))) > 0)
        area.append(ink.sum())
        inked = variant[ink].mean(axis=0)
        bright.append(inked.mean())
        colour.append(inked[0] - inked[1])
        cut.append((altered(edge, (seed,))[..., 0] < 200).sum() / area[-1])
    assert 20 < sum(flipped) < 60
    assert -30 < min(turned) < -10 < 10 < max(turned) < 30
    assert max(area) > 1.5 * min(area), "brought nearer or farther"
    assert max(cut) > 1.1 * min(cut), "the border comes and goes"
    assert np.ptp(bright) > 20
    assert max(colour) > 1.3 * min(colour)


def test_what_is_missing_adds_nothing_whatever_its_vector_holds() -> None:
    rng = np.random.default_rng(0)
    centre, scale = scale_of(rng.normal(3, 2, (50, 6)).astype(np.float32), np.ones(50, bool))
    branch = Branch(centre, scale, rng.normal(size=(6, 4)), rng.normal(size=4), rng.normal(size=(4, 3)))
    vectors = rng.normal(3, 2, (2, 6))
    vectors[1] = np.nan
    added = branch(vectors, np.array([True, False]))
    assert (added[1] == 0).all()
    scores = Heads(np.array([1.0, 2, 3]), branch, None).scores([added], 2)
    assert scores[1].tolist() == [1, 2, 3]
    assert np.square((rng.normal(3, 2, (2000, 6)) - centre) * scale).mean() == pytest.approx(1, abs=0.2)


def test_without_tensorflow_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "prodlabel.learning.networks.plan.find_spec",
        lambda name: None if name == "tensorflow" else importlib.util.find_spec("numpy"),
    )
    assert what_is_missing() == "Training a network needs tensorflow. Run: pip install tensorflow"


def test_a_network_whose_blocks_stay_as_they_are_trains_its_head_alone() -> None:
    assert NetworkSettings(first_block=16).stages() == ("head",)
    assert NetworkSettings().stages() == ("head", "tuning")
