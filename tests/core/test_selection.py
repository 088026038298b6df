"""The algebra of row sets, checked against Python's own sets."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prodlabel.core.selection import RowSet, SelectionMode

SIZE = 40
rows = st.sets(st.integers(0, SIZE - 1))


def of(members: set[int]) -> RowSet:
    return RowSet.of_rows(SIZE, members)


def members_of(row_set: RowSet) -> set[int]:
    return set(row_set.rows.tolist())


@given(rows, rows)
def test_algebra_agrees_with_python_sets(a: set[int], b: set[int]) -> None:
    everything = set(range(SIZE))
    assert members_of(of(a) | of(b)) == a | b
    assert members_of(of(a) & of(b)) == a & b
    assert members_of(of(a) - of(b)) == a - b
    assert members_of(of(a) ^ of(b)) == a ^ b
    assert members_of(~of(a)) == everything - a


@given(rows, rows)
def test_modes_do_to_the_selection_what_their_names_say(a: set[int], b: set[int]) -> None:
    expected = {
        SelectionMode.REPLACE: b,
        SelectionMode.ADD: a | b,
        SelectionMode.REMOVE: a - b,
        SelectionMode.INTERSECT: a & b,
    }
    for mode, members in expected.items():
        assert members_of(of(a).combined(of(b), mode)) == members


@given(st.lists(st.tuples(st.sampled_from(list(SelectionMode)), rows), max_size=12))
def test_any_sequence_of_picks_agrees_with_python_sets(picks: list[tuple[SelectionMode, set[int]]]) -> None:
    selection, plain = RowSet.empty(SIZE), set[int]()
    for mode, picked in picks:
        selection = selection.combined(of(picked), mode)
        plain = {
            SelectionMode.REPLACE: lambda old, new: new,
            SelectionMode.ADD: lambda old, new: old | new,
            SelectionMode.REMOVE: lambda old, new: old - new,
            SelectionMode.INTERSECT: lambda old, new: old & new,
        }[mode](plain, picked)
        assert members_of(selection) == plain
        assert selection.count == len(selection) == len(plain)


@given(rows, st.integers(0, 2 * SIZE))
def test_resizing_keeps_the_rows_that_still_exist(a: set[int], size: int) -> None:
    assert members_of(of(a).resized(size)) == {row for row in a if row < size}


@given(rows)
def test_membership_equality_and_rows_agree(a: set[int]) -> None:
    row_set = of(a)
    assert [row for row in range(-2, SIZE + 2) if row in row_set] == sorted(a) == row_set.rows.tolist()
    assert row_set == RowSet(row_set.mask.copy())
    assert row_set != ~row_set


def test_a_row_set_cannot_be_written_to() -> None:
    row_set = RowSet.full(3)
    with pytest.raises(ValueError, match="read-only"):
        row_set.mask[0] = False


def test_rows_outside_are_refused() -> None:
    with pytest.raises(IndexError, match="do not fit"):
        RowSet.of_rows(3, [3])


def test_sets_of_different_sizes_are_refused() -> None:
    with pytest.raises(ValueError, match="cannot be combined"):
        RowSet.empty(3).combined(RowSet.empty(4), SelectionMode.REPLACE)


def test_a_mask_of_numbers_is_refused() -> None:
    with pytest.raises(ValueError, match="booleans"):
        RowSet(np.zeros(3, dtype=np.int64))
