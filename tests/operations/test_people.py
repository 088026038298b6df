"""Two curators on the same products: kappa against scikit-learn, and disagreements until they are settled."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prodlabel.analysis.raters import cohen_kappa
from prodlabel.core.edits import AddCategory, ImportBatch, Relabel
from prodlabel.core.labels import Status
from prodlabel.core.products import ProductRecord
from prodlabel.operations.people import PeopleReport, compare_people, settle
from prodlabel.project.project import Project

judged = st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4)), min_size=2, max_size=60)


@given(judged)
@settings(deadline=None)
def test_kappa_is_that_of_scikit_learn_and_lies_within_its_bounds(views: list[tuple[int, int]]) -> None:
    from sklearn.metrics import cohen_kappa_score

    one, other = np.array(views).T
    found = cohen_kappa(one, other)
    if len(np.unique([one, other])) == 1:
        assert np.isnan(found.value)
        return
    assert found.value == pytest.approx(cohen_kappa_score(one, other))
    assert found.low <= found.value <= found.high
    assert (found.count, found.same) == (len(views), int((one == other).sum()))


def test_kappa_of_the_paper() -> None:
    # Cohen (1960), table 1: 200 patients judged by two clinicians; kappa = .29 / .59 = .49.
    table = {(0, 0): 88, (0, 1): 14, (0, 2): 18, (1, 0): 10, (1, 1): 40, (1, 2): 10}
    table |= {(2, 0): 2, (2, 1): 6, (2, 2): 12}
    views = np.array([pair for pair, count in table.items() for _ in range(count)])
    assert cohen_kappa(*views.T).value == pytest.approx(0.49, abs=0.005)


def test_no_common_products_say_nothing() -> None:
    assert np.isnan(cohen_kappa([], []).value)
    with pytest.raises(ValueError, match="equal length"):
        cohen_kappa([1], [1, 2])


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project.create(tmp_path / "two", person="Ada")
    source = made.register_source(kind="t", location="t", title="t")
    made.apply(
        ImportBatch(source, tuple(ProductRecord(f"k{i}", f"n{i}", category=("Cup",)) for i in range(6)))
    )
    made.apply(AddCategory("Bag"), AddCategory("Lamp"))
    return made


def say(project: Project, person: str, rows: list[int], name: str) -> None:
    project.person = person
    category = project.taxonomy.find((name,))
    assert category is not None
    project.apply(Relabel(project.columns.product_id[rows], category, Status.CONFIRMED))


def report(project: Project) -> PeopleReport:
    with project.snapshot().reader() as reader:
        return compare_people(reader.opinions())


def test_a_disagreement_is_open_until_it_is_settled_and_an_undo_opens_it_again(project: Project) -> None:
    ids = project.columns.product_id
    assert report(project).pairs == ()
    say(project, "Ada", [0, 1, 2, 3], "Cup")
    say(project, "Ben", [1, 2], "Cup")
    say(project, "Ben", [3], "Bag")
    found = report(project)
    (pair,) = found.pairs
    assert (pair.one, pair.other, pair.kappa.same, pair.kappa.count) == ("Ada", "Ben", 2, 3)
    assert found.agreed.tolist() == ids[[1, 2]].tolist()
    (one,) = found.open
    cup, bag = (project.taxonomy.find((name,)) for name in ("Cup", "Bag"))
    assert one.product_id == ids[3]
    assert one.views == (("Ada", cup), ("Ben", bag))
    assert cup is not None
    project.apply(settle(one.product_id, cup))
    assert report(project).settled.tolist() == [one.product_id]
    assert report(project).open == ()
    # What was settled is not an opinion: the two are counted as they were.
    assert report(project).pairs == found.pairs
    project.undo()
    assert report(project).open == found.open
    project.redo()
    say(project, "Ben", [3], "Lamp")
    assert len(report(project).open) == 1
    project.close()


def test_flags_and_undone_decisions_are_no_opinions(project: Project) -> None:
    say(project, "Ada", [0], "Cup")
    project.person = "Ben"
    project.apply(Relabel(project.columns.product_id[[0]], 2, Status.FLAGGED))
    assert report(project).pairs == ()
    say(project, "Ben", [0], "Bag")
    assert len(report(project).open) == 1
    project.undo()
    assert report(project).open == ()
    assert project.edits_of_others().tolist() == [4]
    project.close()
