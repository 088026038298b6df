"""A clerk imports in a thread of its own while the owner of the project goes on working."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prodlabel.core.edits import AddCategory, Change, ChangeKind, ImportBatch, Relabel
from prodlabel.core.labels import Status
from prodlabel.core.products import ProductRecord
from prodlabel.core.progress import Progress
from prodlabel.operations.check import check_project
from prodlabel.project.clerk import Clerk
from prodlabel.project.project import Project
from tests.project.conftest import records


def more(start: int, count: int, category: tuple[str, ...] = ("Shop", "Jug")) -> tuple[ProductRecord, ...]:
    return tuple(ProductRecord(f"n{i}", f"jug {i}", "a jug", category) for i in range(start, start + count))


def assert_as_on_disk(project: Project) -> None:
    """What the project holds in memory is what is read by whoever opens it now."""
    with Project.open(project.folder, read_only=True) as other:
        for one in fields(project.columns):
            mine, stored = getattr(project.columns, one.name), getattr(other.columns, one.name)
            assert np.array_equal(mine, stored), one.name
        assert project.taxonomy.by_id == other.taxonomy.by_id
        assert project.last_edit == other.last_edit
    assert check_project(project.snapshot(), Progress()) == []


def test_what_a_clerk_wrote_is_told_once_when_it_is_handed_over(project: Project) -> None:
    told: list[Change] = []
    project.subscribe(told.append)
    with Clerk(project.seat) as clerk:
        clerk.project.apply(ImportBatch(1, more(0, 3)), initiator="import")
        assert len(project.columns) == 6
        handed = clerk.hand_over()
        project.take_over(handed, initiator="import")
        project.take_over(handed, initiator="import")
    assert len(project.columns) == 9
    assert [(one.initiator, ChangeKind.PRODUCTS in one.kinds) for one in told] == [("import", True)]
    assert_as_on_disk(project)


def test_a_decision_of_the_owner_s_meanwhile_stands_on_what_the_clerk_wrote(project: Project) -> None:
    told: list[Change] = []
    project.subscribe(told.append)
    with Clerk(project.seat) as clerk:
        clerk.project.apply(ImportBatch(1, more(0, 3)))
        jug = clerk.project.taxonomy.find(("Shop", "Jug"))
        made = project.apply(AddCategory("Vase", None)).new_categories[0]
        assert made != jug
        project.apply(Relabel(project.columns.product_id[:2], made, Status.CONFIRMED))
        assert ChangeKind.PRODUCTS in told[0].kinds
        clerk.project.apply(ImportBatch(1, more(3, 3, ("Vase",))))
        project.take_over(clerk.hand_over())
    assert (project.columns.category == made).sum() == 5
    assert_as_on_disk(project)


def test_an_undo_meanwhile_takes_back_the_newest_step(project: Project) -> None:
    project.apply(Relabel(project.columns.product_id[:1], 0, Status.CONFIRMED))
    with Clerk(project.seat) as clerk:
        clerk.project.apply(ImportBatch(1, more(0, 3)))
        assert project.undo() == "Import of 3 products"
        assert len(project.columns) == 6
        assert project.undo() is not None
        project.take_over(clerk.hand_over())
        clerk.project.apply(ImportBatch(1, more(3, 1)))
    project.catch_up()
    assert len(project.columns) == 7
    assert_as_on_disk(project)


def test_products_that_are_only_added_are_read_without_the_others(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    from prodlabel.project import state

    read: list[int] = []
    read_narrow = state.read_narrow

    def counted(connection: object, after_id: int = 0) -> object:
        found = read_narrow(connection, after_id)  # type: ignore[arg-type]
        read.append(len(found["product_id"]))
        return found

    with Clerk(project.seat) as clerk:
        monkeypatch.setattr(state, "read_narrow", counted)
        clerk.project.apply(ImportBatch(1, more(0, 4)))
        project.take_over(clerk.hand_over())
        assert read == [4]
        clerk.project.apply(ImportBatch(1, records(6, names="mug")))  # changes those that are there
        project.take_over(clerk.hand_over())
        assert read == [4, 10]
    assert_as_on_disk(project)


def test_owner_and_clerk_write_at_once(project: Project) -> None:
    seat, ended = project.seat, threading.Event()

    def work() -> None:
        with Clerk(seat) as clerk:
            for start in range(0, 200, 5):
                clerk.project.apply(ImportBatch(1, more(start, 5, ("Shop", f"Jug {start // 20}"))))
        ended.set()

    worker = threading.Thread(target=work)
    worker.start()
    count = 0
    while not ended.is_set():
        project.apply(AddCategory(f"Mine {count}", None))
        project.apply(Relabel(project.columns.product_id[:3], 2))
        count += 1
    worker.join()
    project.catch_up()
    assert len(project.columns) == 206
    assert_as_on_disk(project)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.sampled_from(["import", "change", "relabel", "add", "undo", "redo", "hand"]), max_size=12))
def test_whatever_the_two_do_in_turn_memory_is_what_is_on_disk(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str]
) -> None:
    with Project.create(tmp_path_factory.mktemp("clerk") / "p", person="Ada") as project:
        project.register_source(kind="table", location="shop.csv", title="shop.csv")
        project.apply(ImportBatch(1, records()))
        with Clerk(project.seat) as clerk:
            for number, step in enumerate(steps):
                ways: dict[str, Callable[[], object]] = {
                    "import": lambda at=number: clerk.project.apply(ImportBatch(1, more(10 * at, 2))),
                    "change": lambda at=number: clerk.project.apply(
                        ImportBatch(1, records(3, names=f"mug{at},pot"))
                    ),
                    "relabel": lambda: project.apply(Relabel(project.columns.product_id[-2:], 0)),
                    "add": lambda at=number: project.apply(AddCategory(f"Name {at}")),
                    "undo": project.undo,
                    "redo": project.redo,
                    "hand": lambda: project.take_over(clerk.hand_over()),
                }
                ways[step]()
            project.catch_up()
        assert_as_on_disk(project)
