"""The key index answers like a dict, also where hashes share their first bytes."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from prodlabel.store.key_index import NO_CONTENT, KeyIndex, first_occurrences, key_array

# Keys made of few distinct halves collide in their first 8 bytes all the time, as hashes never do.
half = st.integers(0, 3).map(lambda number: number.to_bytes(8, "big"))
key = st.tuples(half, half).map(b"".join)


@settings(max_examples=150, deadline=None)
@given(batches=st.lists(st.lists(key, max_size=6), max_size=6), wanted=st.lists(key, max_size=10))
def test_index_finds_what_was_added(batches: list[list[bytes]], wanted: list[bytes]) -> None:
    index, model = KeyIndex(), dict[bytes, int]()
    for batch in batches:
        fresh = [name for name in dict.fromkeys(batch) if name not in model]
        index.add(key_array(fresh), np.arange(len(model), len(model) + len(fresh)))
        model |= {name: len(model) + i for i, name in enumerate(fresh)}
    model.pop(NO_CONTENT, None)
    assert index.find(key_array(wanted)).tolist() == [model.get(name, -1) for name in wanted]
    assert len(index) == len(model)


@given(names=st.lists(key, max_size=12))
def test_first_occurrences_are_those_of_a_dict(names: list[bytes]) -> None:
    expected = [i for i, name in enumerate(names) if name not in names[:i]]
    assert first_occurrences(key_array(names)).tolist() == expected


def test_many_small_batches_stay_few_runs() -> None:
    random = np.random.default_rng(0)
    keys = random.integers(0, 256, (3000, 16), dtype=np.uint8)
    index = KeyIndex()
    for start in range(0, 3000, 7):
        index.add(keys[start : start + 7], np.arange(start, min(start + 7, 3000)))
    assert np.array_equal(index.find(keys), np.arange(3000))
    assert len(index._runs) <= 12
