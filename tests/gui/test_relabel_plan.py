"""A plan says exactly what applying it does, and changes nothing itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from prodlabel.core.labels import Status
from prodlabel.gui.relabel_plan import Out, plan_relabelling
from prodlabel.gui.suggestions import Suggestions
from prodlabel.project.columns import Columns


def columns(category: list[int], status: list[int]) -> Columns:
    count = len(category)
    return Columns.from_arrays(
        {
            "product_id": np.arange(1, count + 1),
            "source_id": np.ones(count, np.int32),
            "has_picture": np.zeros(count, np.bool_),
            "source_category": np.zeros(count, np.int32),
            "category": np.array(category, np.int32),
            "status": np.array(status, np.uint8),
            "edit": np.zeros(count, np.int64),
        }
    )


def test_products_that_a_person_filed_elsewhere_are_left_out_unless_forced() -> None:
    held = columns([1, 2, 1], [Status.IMPORTED, Status.IMPORTED, Status.CONFIRMED])
    plan = plan_relabelling(held, np.arange(3), 2)
    assert plan.changing.tolist() == [0]
    assert plan.confirming.tolist() == [1]
    assert plan.confirmed_elsewhere.tolist() == [2]
    assert plan.old_counts == ((1, 2), (2, 1))
    assert plan_relabelling(held, np.arange(3), 2, is_forced=True).changing.tolist() == [0, 2]


def test_what_the_classifier_is_sure_stands_out_is_left_out() -> None:
    held = columns([1] * 6, [Status.IMPORTED] * 6)
    arrays = {
        "product_id": held.product_id,
        "category": np.array([[2]] * 5 + [[3]], np.int32),
        "confidence": np.full((6, 1), 0.97, np.float32),
    }
    made = Suggestions.aligned(arrays, held.product_id)
    plan = plan_relabelling(held, np.arange(6), 2, made)
    assert plan.intruders.tolist() == [5]
    assert plan.changing.tolist() == [0, 1, 2, 3, 4]
    # The curator may know better than the classifier about all of them.
    assert plan_relabelling(held, np.arange(6), 4, made).intruders.tolist() == [5]


def test_a_suggested_category_above_the_wanted_one_agrees_with_it() -> None:
    held = columns([1] * 6, [Status.IMPORTED] * 6)
    arrays = {
        "product_id": held.product_id,
        "category": np.array([[2]] * 5 + [[3]], np.int32),
        "confidence": np.full((6, 1), 0.97, np.float32),
    }
    made = Suggestions.aligned(arrays, held.product_id)
    # 7 lies below 3, which is what is suggested for the last product.
    assert plan_relabelling(held, np.arange(6), 7, made).intruders.tolist() == [5]
    assert plan_relabelling(held, np.arange(6), 7, made, above=(3,)).intruders.tolist() == []


rows = st.lists(st.tuples(st.integers(1, 3), st.sampled_from([int(s) for s in Status])), min_size=1)


@given(rows, st.integers(1, 3), st.booleans())
def test_every_selected_product_is_in_exactly_one_part_of_the_plan(
    labels: list[tuple[int, int]], target: int, is_forced: bool
) -> None:
    held = columns([c for c, _ in labels], [s for _, s in labels])
    plan = plan_relabelling(held, np.arange(len(labels)), target, is_forced=is_forced)
    parts = (plan.changing, plan.confirming, plan.settled, plan.left_out)
    assert sorted(np.concatenate(parts).tolist()) == list(range(len(labels)))
    assert all(held.category[row] != target for row in plan.changing)
    assert not is_forced or not len(plan.left_out)


@given(rows, st.integers(1, 3), st.lists(st.integers(0, 20), max_size=8))
def test_ticking_twice_changes_nothing_and_ticks_never_lose_a_product(
    labels: list[tuple[int, int]], target: int, ticks: list[int]
) -> None:
    held = columns([c for c, _ in labels], [s for _, s in labels])
    plan = plan_relabelling(held, np.arange(len(labels)), target)
    ticked = plan
    for row in ticks:
        ticked = ticked.toggled(row)
        assert sorted({*ticked.applied, *ticked.settled, *ticked.left_out}) == list(range(len(labels)))
        assert row >= len(labels) or (row in ticked.left_out) == (ticked.why_out(row) is not Out.IN)
    for row in reversed(ticks):
        ticked = ticked.toggled(row)
    assert np.array_equal(ticked.left_out, plan.left_out)
    assert not len(plan.with_all().left_out)


def test_the_same_decision_by_a_colleague_is_an_opinion_of_its_own() -> None:
    held = columns([1, 1], [Status.CONFIRMED, Status.CONFIRMED])
    held = replace(held, edit=np.array([3, 4]))
    plan = plan_relabelling(held, np.arange(2), 1, others=np.array([4]))
    assert plan.settled.tolist() == [0]
    assert plan.confirming.tolist() == [1]
