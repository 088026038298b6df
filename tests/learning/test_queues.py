"""Queues order products honestly and say why each is there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from prodlabel.core.errors import InputError
from prodlabel.learning.oddness import text_oddness
from prodlabel.learning.queues.registry import QUEUES, queue_kind
from prodlabel.learning.queues.scene import NONE, Scene

NAMES = {1: "Mugs", 2: "Towels", 3: "Watches"}


def make_scene(n: int = 120, seed: int = 0) -> Scene:
    """Products in three heaps; suggestions are right and sure, labels are there and right."""
    rng = np.random.default_rng(seed)
    truth = np.arange(n) % 3 + 1
    centres = rng.normal(size=(4, 12)) * 4
    best = np.stack([truth, truth % 3 + 1, (truth + 1) % 3 + 1], axis=1)
    confidence = np.tile([0.96, 0.03, 0.01], (n, 1))
    no, zero = np.zeros(n, bool), np.zeros(n)
    return Scene(
        np.arange(1, n + 1), best, confidence, 3, truth.copy(), no, no, no, no, truth.copy(), zero + 0.9,
        truth.copy(), zero + 0.8, zero + 1.0, np.zeros(n, int), np.full(n, "", object), 0.02, NAMES,
        centres[truth] + rng.normal(size=(n, 12)), seed,
    )  # fmt: skip


def _with(array: np.ndarray, rows: list[int], value: object) -> np.ndarray:
    changed = array.copy()
    changed[rows] = value
    return changed


@pytest.mark.parametrize("kind", QUEUES, ids=lambda kind: kind.name)
def test_every_queue_holds_each_product_once_and_has_a_reason_for_it(kind: object) -> None:
    scene = make_scene()
    scene = replace(
        scene,
        label=_with(_with(scene.label, list(range(0, 60)), NONE), [70, 71], 2),
        is_flagged=_with(scene.is_flagged, [5], True),
        is_new=_with(scene.is_new, [6, 7], True),
        is_own=_with(scene.is_own, list(range(80, 120)), True),
        picture_best=_with(scene.picture_best, [8], 1),
        colleague=_with(scene.colleague, [90], 1 + int(scene.label[90]) % 3),
        trouble=_with(scene.trouble, [3, 4], 3),
        nearness=_with(np.full(120, 0.8) + np.arange(120) / 4000, [9], 0.1),
    )
    queue = queue_kind(kind.name).make(scene)  # type: ignore[attr-defined]
    assert len(np.unique(queue.rows)) == len(queue.rows) == len(queue.batch) == len(queue.chance)
    assert ((queue.chance >= 0) & (queue.chance <= 1)).all()
    assert all(queue.reason(int(row)).endswith((".", "?")) for row in queue.rows)
    assert queue.errors_left(len(queue)) == 0.0
    assert len(queue) > 0


def test_an_unknown_queue_is_refused_with_the_names_of_all() -> None:
    with pytest.raises(InputError, match="probably-wrong"):
        queue_kind("nonsense")


def test_a_wrong_label_is_probably_wrong_and_a_confirmed_one_is_left_alone() -> None:
    scene = make_scene()
    wrong = _with(scene.label, [10, 11], 3)
    wrong[11] = 1
    scene = replace(scene, label=wrong)
    rows = queue_kind("probably-wrong").make(scene).rows
    assert set(rows.tolist()) == {row for row in (10, 11) if wrong[row] != scene.best[row, 0]}
    decided = replace(scene, is_decided=np.ones(120, bool))
    assert len(queue_kind("probably-wrong").make(decided)) == 0


def test_the_reason_names_both_categories() -> None:
    scene = make_scene()
    scene = replace(scene, label=_with(scene.label, [0], 2), neighbour_support=np.zeros(120))
    said = queue_kind("probably-wrong").make(scene).reason(0)
    assert said == "Mugs (96%) fits better than Towels; none of the nearest products is Towels."


def test_before_the_first_label_each_heap_is_asked_about() -> None:
    scene = make_scene()
    heap = scene.label.copy()
    scene = replace(
        scene, label=np.zeros(120, int), best=np.zeros((120, 0), int), confidence=np.zeros((120, 0))
    )
    queue = queue_kind("needs-label").make(scene)
    first = [int(queue.rows[queue.batch == number][0]) for number in range(6)]
    assert set(heap[first]) == {1, 2, 3}
    assert len(queue) == 120


def test_products_of_a_batch_look_alike_and_are_suggested_alike() -> None:
    scene = make_scene()
    heap = scene.label.copy()
    queue = queue_kind("needs-label").make(replace(scene, label=np.zeros(120, int)))
    sizes = np.bincount(queue.batch)
    assert sizes.max() > 3
    for number in np.flatnonzero(sizes > 1):
        assert len(set(heap[queue.rows[queue.batch == number]])) == 1


def test_the_doubtful_come_before_the_sure() -> None:
    scene = make_scene()
    confidence = scene.confidence.copy()
    doubtful = list(range(100, 110))
    confidence[doubtful] = [0.4, 0.35, 0.25]
    label = _with(scene.label, list(range(60, 120)), NONE)
    queue = queue_kind("needs-label").make(replace(scene, label=label, confidence=confidence))
    heads = [int(queue.rows[queue.batch == number][0]) for number in range(5)]
    assert set(heads) <= set(doubtful)


def test_the_blind_queue_is_a_stable_share_of_ones_own() -> None:
    scene = replace(make_scene(), is_own=np.arange(120) < 100)
    first = queue_kind("blind").make(scene).rows
    assert len(first) == 2
    assert (first < 100).all()
    assert np.array_equal(first, queue_kind("blind").make(replace(scene, noise=0.3)).rows)


def test_the_random_check_depends_on_the_seed_alone() -> None:
    scene = make_scene(400)
    first = queue_kind("random").make(scene).rows
    assert len(first) == 200
    assert not np.array_equal(first, queue_kind("random").make(replace(scene, seed=1)).rows)
    assert abs(np.mean(first) - 200) < 30


def test_a_queue_says_when_to_stop() -> None:
    scene = make_scene()
    label = scene.label.copy()
    label[:15] = label[:15] % 3 + 1
    queue = queue_kind("probably-wrong").make(replace(scene, label=label))
    assert queue.stop_at() == len(queue) == 15
    assert queue.errors_left() > 12


def test_what_is_broken_comes_before_what_is_only_far_away() -> None:
    scene = make_scene()
    nearness = _with(np.full(120, 0.8) + np.arange(120) / 4000, [9, 10], 0.1)
    scene = replace(scene, trouble=_with(scene.trouble, [30], 4), nearness=nearness)
    queue = queue_kind("broken").make(scene)
    assert queue.rows.tolist() == [30, 9, 10]
    assert "foreign" in queue.reason(30)
    assert "no other product" in queue.reason(9)


def test_a_text_in_another_language_is_odder_than_any_other() -> None:
    rng = np.random.default_rng(0)
    words = ["cotton", "towel", "soft", "bath", "ceramic", "mug", "kitchen", "steel", "watch", "leather"]
    texts = [" ".join(rng.choice(words, 12)) for _ in range(200)]
    odd = text_oddness([*texts, "Лампа настольная светодиодная с регулировкой", "qxz jkq vvx zzq wqj xkz"])
    assert (odd[200:] > 4).all()
    assert (odd[:200] < 4).all()
    assert text_oddness([]).shape == (0,)
    assert text_oddness(["", "cotton towel"])[0] == 0
