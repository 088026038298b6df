"""What is read of every product or decision at once is held as numbers, not as an object for each."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Connection

from prodlabel.core.edits import ImportBatch, Relabel
from prodlabel.core.products import ProductRecord
from prodlabel.project.project import Project
from prodlabel.store.opinions import read_added_edits, read_opinions
from prodlabel.store.products import read_picture_facts

COUNT = 10_000


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """So many products, each with a picture and a label by a person."""
    with Project.create(tmp_path_factory.mktemp("many") / "many", person="Ada") as project:
        source = project.register_source(kind="t", location="t", title="t")
        batch = tuple(ProductRecord(f"k{n}", "cup", category=("Cups",)) for n in range(COUNT))
        project.apply(ImportBatch(source, batch))
        ids = project.columns.product_id
        project.apply(Relabel(ids, int(project.columns.category[0])))
        project.write_picture_facts([(i, i.to_bytes(16, "big"), 8, 8, None) for i in ids.tolist()])
        return project.folder


@pytest.mark.parametrize(
    ("read", "most_bytes"),
    [(read_opinions, 120), (read_added_edits, 40), (read_picture_facts, 220)],
    ids=["opinions", "edits", "facts"],
)
def test_a_million_rows_would_fit(many: Path, read: Callable[[Connection], object], most_bytes: int) -> None:
    with Project.open(many, read_only=True) as project, project._database.read() as connection:
        read(connection)
        tracemalloc.start()
        try:
            held = read(connection)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert held is not None
    assert peak / COUNT < most_bytes


def test_the_numbers_are_those_of_the_history(many: Path) -> None:
    with Project.open(many, read_only=True) as project, project._database.read() as connection:
        opinions, (ids, added) = read_opinions(connection), read_added_edits(connection)
        facts = read_picture_facts(connection)
    assert np.array_equal(opinions.product_id, project.columns.product_id)
    assert (opinions.people, set(opinions.person.tolist())) == (("Ada",), {0})
    assert np.array_equal(opinions.category, opinions.old_category)
    assert np.array_equal(ids, opinions.product_id)
    assert set(added.tolist()) == {1}
    assert facts[7] == ((7).to_bytes(16, "big"), 8, 8, None)
    assert len(facts) == COUNT
