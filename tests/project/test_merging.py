"""An import again: what the source said then, says now, and what was decided here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prodlabel.core.edits import Because, ChangeCategory, ImportBatch, Relabel
from prodlabel.core.labels import Status
from prodlabel.core.merging import Difference, TakeFrom
from prodlabel.core.products import ProductRecord
from prodlabel.project.project import Project
from prodlabel.sources.assemble import PICTURE_ADDRESS
from prodlabel.store.products import ProductTexts

CUP = ProductRecord("k1", "Cup", "A cup", ("Cups",), attributes={"brand": "Acme"})
BAG = ProductRecord("k2", "Bag", "A bag", ("Bags",))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    with Project.create(tmp_path / "shop", person="Ada") as made:
        bring(made, CUP, BAG)
        yield made


def bring(project: Project, *records: ProductRecord, **said: object) -> list[Difference]:
    """Import these records from the one source."""
    source = project.register_source(kind="table", location="shop.csv", title="shop.csv")
    applied = project.apply(ImportBatch(source, records, because=Because("import"), **said))  # type: ignore[arg-type]
    assert applied.imported is not None
    return applied.imported.differences


def texts(project: Project, key: str = "k1") -> ProductTexts:
    found = project.ids_of_keys([key])
    (row,) = project.columns.rows(np.array([found[key]]))
    return project.texts([int(row)])[0]


def category(project: Project, key: str = "k1") -> str:
    found = project.ids_of_keys([key])
    (row,) = project.columns.rows(np.array([found[key]]))
    return project.taxonomy.path_text(int(project.columns.category[row]))


def relabel(project: Project, name: str, key: str = "k1") -> None:
    target = project.taxonomy.find((name,))
    assert target is not None
    project.apply(Relabel(np.array([project.ids_of_keys([key])[key]]), target))


def test_what_only_the_source_changed_follows_it_field_by_field(project: Project) -> None:
    now = ProductRecord("k1", "Cup", "A better cup", ("Bags",), attributes={"colour": "red"})
    differences = bring(project, now)
    said = {(one.field, one.then, one.now, one.mine, one.is_edited) for one in differences}
    assert said == {
        ("description", "A cup", "A better cup", "A cup", False),
        ("attribute: brand", "Acme", "", "Acme", False),
        ("attribute: colour", "", "red", "", False),
        ("category", "Cups", "Bags", "Cups", False),
    }
    assert texts(project).description == "A better cup"
    assert texts(project).attributes == {"colour": "red"}
    assert category(project) == "Bags"
    assert project.undo() == "Import of 1 products"
    assert (texts(project).description, category(project)) == ("A cup", "Cups")


def test_a_curators_label_wins_unless_the_source_is_chosen(project: Project) -> None:
    relabel(project, "Bags")
    moved = ProductRecord("k1", "Cup", "A cup", ("Mugs",), attributes=CUP.attributes)
    (one,) = bring(project, moved)
    assert (one.then, one.now, one.mine, one.is_edited) == ("Cups", "Mugs", "Bags", True)
    assert category(project) == "Bags"
    # Settled: the same catalogue is no news any more.
    assert bring(project, moved) == []
    again = ProductRecord("k1", "Cup", "A cup", ("Jugs",), attributes=CUP.attributes)
    bring(project, again, chosen={"k1": frozenset({"category"})})
    assert category(project) == "Jugs"
    project.undo()
    assert category(project) == "Bags"


def test_a_change_that_was_refused_stays_refused_until_the_source_says_something_new(
    project: Project,
) -> None:
    louder = ProductRecord("k1", "CUP!!!", "A cup", ("Cups",), attributes=CUP.attributes)
    (one,) = bring(project, louder, chosen={"k1": frozenset()})
    assert not one.is_edited
    assert texts(project).name == "Cup"
    with_brand = ProductRecord("k1", "CUP!!!", "A cup", ("Cups",), attributes={"brand": "Bolt"})
    (one,) = bring(project, with_brand)
    assert one.field == "attribute: brand"
    assert texts(project).name == "Cup"
    newer = ProductRecord("k1", "Cup, new", "A cup", ("Cups",), attributes={"brand": "Bolt"})
    (one,) = bring(project, newer)
    assert (one.then, one.now, one.mine, one.is_edited) == ("CUP!!!", "Cup, new", "Cup", True)
    assert texts(project).name == "Cup"
    bring(project, newer, take=TakeFrom.SOURCE)
    # The source says what it said: nothing is asked anew, but it was heard already.
    assert texts(project).name == "Cup"


@pytest.mark.parametrize(
    ("take", "name"), [(TakeFrom.SOURCE, "Mug"), (TakeFrom.MINE, "Cup"), (TakeFrom.EDITS_FIRST, "Mug")]
)
def test_one_word_decides_for_all(take: TakeFrom, name: str, project: Project) -> None:
    bring(project, ProductRecord("k1", "Mug", "A cup", ("Cups",), attributes=CUP.attributes), take=take)
    assert texts(project).name == name


def test_a_category_that_was_renamed_here_is_still_the_one_that_the_source_means(project: Project) -> None:
    cups = project.taxonomy.find(("Cups",))
    assert cups is not None
    project.apply(ChangeCategory(cups, {"name": "Drinking"}))
    changed = ProductRecord("k1", "Cup 2", "A cup", ("Cups",), attributes=CUP.attributes)
    new = ProductRecord("k3", "Goblet", "", ("Cups",))
    assert [one.field for one in bring(project, changed, new)] == ["name"]
    assert category(project) == category(project, "k3") == "Drinking"
    assert project.taxonomy.find(("Cups",)) is None


def test_a_picture_that_could_not_be_fetched_this_time_stays(project: Project) -> None:
    attributes = {PICTURE_ADDRESS: "https://example.org/cup.jpg"}
    bring(project, ProductRecord("k1", "Cup", "A cup", ("Cups",), "ab/cup.jpg", attributes))
    bring(project, ProductRecord("k1", "Cup", "A cup", ("Cups",), None, attributes))
    assert texts(project).picture == "ab/cup.jpg"


def test_undo_takes_back_what_was_refused_too(project: Project) -> None:
    louder = ProductRecord("k1", "CUP!!!", "A cup", ("Cups",), attributes=CUP.attributes)
    bring(project, louder, chosen={"k1": frozenset()})
    project.undo()
    (one,) = bring(project, louder)
    assert (one.then, one.is_edited) == ("Cup", False)
    assert texts(project).name == "CUP!!!"


WORDS = st.sampled_from(["a", "b", "c"])


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.one_of(
            st.tuples(st.just("import"), WORDS, WORDS, st.sampled_from(list(TakeFrom))),
            st.tuples(st.just("relabel"), WORDS),
            st.tuples(st.just("undo")),
        ),
        max_size=8,
    )
)
def test_a_decision_of_a_person_is_never_lost_and_the_same_import_twice_changes_nothing(
    steps: list[tuple[object, ...]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    with Project.create(tmp_path_factory.mktemp("merge") / "shop", person="Ada") as project:
        bring(project, *(ProductRecord(f"x{word}", word, "", (word,)) for word in "abc"))
        bring(project, ProductRecord("k1", "a", "", ("a",)))
        depth = 0  # steps that may be undone before the first import of the product
        for step in steps:
            if step[0] == "undo":
                if depth:
                    project.undo()
                    depth -= 1
                continue
            edits_before = project.last_edit
            if step[0] == "relabel":
                relabel(project, str(step[1]))
                depth += project.last_edit > edits_before
                continue
            (row,) = project.columns.rows(np.array([project.ids_of_keys(["k1"])["k1"]]))
            status, before = Status(int(project.columns.status[row])), category(project)
            record = ProductRecord("k1", str(step[1]), "", (str(step[2]),))
            bring(project, record, take=step[3])
            depth += project.last_edit > edits_before
            if status.is_decided_by_person and step[3] is not TakeFrom.SOURCE:
                assert category(project) == before
            edits, after = project.last_edit, (texts(project), category(project))
            assert bring(project, record) == []
            assert project.last_edit == edits
            assert (texts(project), category(project)) == after
