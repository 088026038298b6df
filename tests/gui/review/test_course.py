"""Going through a queue: order, batches, pace, and decisions that are taken back."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from prodlabel.gui.review.board import ReviewQueue
from prodlabel.gui.review.course import FIRST_PACE_S, Course, Decision


class Clock:
    """Time that passes when told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def queue(batch: tuple[int, ...] = (0, 0, 0, 1, 1, 2)) -> ReviewQueue:
    count = len(batch)
    chance = np.linspace(0.9, 0.1, count)
    ids = np.arange(10, 10 + count)
    return ReviewQueue("q", "Queue", False, ids, np.array(batch), chance, ("why",) * count, 3, "Stop.")


def decide(course: Course, count: int | None = None) -> Decision:
    ids = course.batch()[:count]
    decision = Decision(course.at, ids, np.ones(len(ids), dtype=np.int32), 2)
    course.decide(decision)
    return decision


def test_a_decision_goes_on_to_the_next_undecided_product() -> None:
    course = Course(queue(), Clock())
    course.in_batches = True
    decide(course)
    assert course.product_id == 13
    assert course.decided == 3
    assert course.coming(5) == [15, 14]


def test_what_was_left_out_of_a_batch_comes_next() -> None:
    course = Course(queue(), Clock())
    course.in_batches = True
    decide(course, 1)
    assert course.product_id == 11
    assert course.batch().tolist() == [11, 12]


def test_skipping_keeps_a_product_undecided() -> None:
    course = Course(queue(), Clock())
    course.step(1)
    assert (course.product_id, course.left()) == (11, 6)
    course.step(-1)
    course.step(-1)
    assert course.product_id == 10


def test_an_undone_decision_leads_back_to_its_product() -> None:
    course = Course(queue(), Clock())
    first = decide(course)
    second = decide(course)
    assert not course.forget_undone(lambda _: True)
    assert course.forget_undone(lambda decision: decision is first)
    assert course.product_id == int(second.product_ids[0])
    assert course.decided == 1


def test_time_left_follows_the_pace() -> None:
    clock = Clock()
    course = Course(queue(), clock)
    assert course.pace_s() == FIRST_PACE_S
    for _ in range(3):
        clock.now += 2.0
        decide(course)
    assert course.pace_s() == 2.0
    assert course.left_s() == 6.0


def test_whoever_was_away_did_not_become_slow() -> None:
    clock = Clock()
    course = Course(queue(), clock)
    for wait in (1.0, 3600.0, 1.0):
        clock.now += wait
        decide(course)
    assert course.pace_s() == 1.0


def test_errors_left_count_what_is_not_decided() -> None:
    course = Course(queue(), Clock())
    before = course.errors_left()
    decide(course)
    assert np.isclose(before - course.errors_left(), 0.9)


def test_the_queue_is_over_after_its_last_product() -> None:
    course = Course(queue((0,)), Clock())
    decide(course)
    assert course.is_over
    assert course.product_id == 0
    assert len(course.batch()) == 0


def test_a_new_order_keeps_what_is_looked_at_and_what_was_just_decided() -> None:
    course = Course(queue(), Clock())
    course.in_batches = True
    first = decide(course)
    assert course.product_id == 13
    fresh = replace(queue((0, 1, 2, 3)), product_id=np.array([15, 14, 20, 10]), reasons=("new",) * 4)
    again = course.renewed(fresh, keeps_present=True)
    assert again.queue.product_id.tolist() == [10, 11, 12, 13, 14, 15, 20]
    assert again.batch().tolist() == [13, 14]
    assert [again.queue.reason(at) for at in (3, 5)] == ["why", "new"]
    second = decide(again)
    assert again.product_id == 15
    assert (again.decided, again.key_presses) == (5, 2)
    assert again.forget_undone(lambda decision: decision is not second)
    assert again.product_id == 13
    assert again.forget_undone(lambda decision: False)
    assert again.product_id == int(first.product_ids[0])


def test_decisions_that_are_no_longer_in_view_still_count() -> None:
    course = Course(queue(tuple(range(30))), Clock())
    for _ in range(25):
        decide(course)
    again = course.renewed(queue((0, 1)), keeps_present=False)
    assert (again.decided, again.key_presses) == (25, 25)
    assert len(again.queue) == 20
    assert again.is_over


@given(st.data())
def test_what_is_left_is_told_right_after_any_keys(data: st.DataObject) -> None:
    numbers = data.draw(st.lists(st.integers(0, 4), min_size=1, max_size=14))
    course = Course(queue(tuple(numbers)), Clock())
    course.in_batches = data.draw(st.booleans())
    everything = set(course.queue.product_id.tolist())
    decided: list[set[int]] = []
    for key in data.draw(st.lists(st.sampled_from(["decide", "skip", "undo", "kin"]), max_size=12)):
        if key == "undo" and decided:
            held = [False, *[True] * len(decided)]
            course.forget_undone(lambda _decision, held=held: held.pop(0))  # type: ignore[misc]
            decided.pop()
        elif key == "skip":
            course.step(1)
        elif key == "kin" and not course.is_over:
            course.offer(
                np.array(data.draw(st.lists(st.sampled_from(sorted(everything)), unique=True))), 3, ""
            )
        elif key == "decide" and not course.is_over:
            decided.append(set(decide(course).product_ids.tolist()))
        gone = set().union(*decided)
        chance = dict(zip(course.queue.product_id.tolist(), course.queue.chance.tolist(), strict=True))
        assert chance.keys() == everything
        assert course.left() == len(everything - gone)
        assert np.isclose(course.errors_left(), sum(chance[one] for one in everything - gone))
        assert gone.isdisjoint(course.coming(20))
        after = set(course.queue.product_id[course.at + 1 :].tolist()) - gone
        assert set(course.coming(20)) <= after
        assert course.in_batches or set(course.coming(20)) == after


def test_a_key_in_a_huge_queue_walks_no_further_than_it_must() -> None:
    count = 200_000
    ids = np.arange(1, count + 1)
    huge = replace(queue(), product_id=ids, batch=ids // 3, chance=np.full(count, 0.5))
    course = Course(huge, Clock())
    course.in_batches = True
    decide(course)

    def cost(act: Callable[[], object]) -> float:
        begun = time.process_time()
        for _ in range(20):
            act()
        return time.process_time() - begun

    # Even listing the queue once would hold up who decides a product each second.
    listing = cost(lambda: (huge.product_id.tolist(), huge.batch.tolist()))
    assert cost(lambda: course.coming(4)) < listing / 10
    assert cost(lambda: (course.errors_left(), course.left_s(), course.batch())) < listing
