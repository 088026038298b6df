"""Any sequence of edits, undos, redos and restarts leaves the project as a plain model says."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from prodlabel.core.edits import KEEP, AddCategory, ImportBatch, Relabel
from prodlabel.core.labels import Status
from prodlabel.core.products import ProductRecord
from prodlabel.project.project import Project
from prodlabel.store.ledger import replay_labels

Labels = dict[int, tuple[int, int]]


class ProjectAgainstModel(RuleBasedStateMachine):
    """The model is a dictionary and a list of its earlier versions."""

    @initialize(count=st.integers(1, 8))
    def begin(self, count: int) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.project = Project.create(self.folder / "p", person="Ada", clock=lambda: 1)
        self.source_id = self.project.register_source(kind="t", location="t", title="t")
        self.done: list[Labels] = []
        self.undone: list[Labels] = []
        self.labels: Labels = {}
        self.next_key = 0
        self.grow(count)

    def commit(self, labels: Labels) -> None:
        self.done.append(self.labels)
        self.undone.clear()
        self.labels = labels

    @rule(count=st.integers(1, 5))
    def grow(self, count: int) -> None:
        keys = range(self.next_key, self.next_key + count)
        self.next_key += count
        applied = self.project.apply(
            ImportBatch(self.source_id, tuple(ProductRecord(f"k{k}", f"n{k}", category=("A",)) for k in keys))
        )
        assert applied.imported is not None
        new_ids = [i for i in self.project.columns.product_id.tolist() if i not in self.labels]
        category = self.project.taxonomy.find(("A",))
        assert category is not None
        self.commit(self.labels | dict.fromkeys(new_ids, (category, int(Status.IMPORTED))))

    @rule(data=st.data())
    def bring_back(self, data: Any) -> None:
        """Products that came once and were undone for good come again, among others that are there."""
        keys = data.draw(st.lists(st.integers(0, self.next_key - 1), min_size=1, unique=True))
        self.project.apply(
            ImportBatch(self.source_id, tuple(ProductRecord(f"k{k}", f"n{k}", category=("A",)) for k in keys))
        )
        here = self.project.columns.product_id.tolist()
        back = [i for i in self.project.ids_of_keys([f"k{k}" for k in keys]).values() if i not in self.labels]
        assert set(here) == set(self.labels) | set(back)
        assert len(self.project.ids_of_keys([f"k{k}" for k in keys])) == len(keys)
        if back:
            category = self.project.taxonomy.find(("A",))
            assert category is not None
            self.commit(self.labels | dict.fromkeys(back, (category, int(Status.IMPORTED))))

    @rule()
    def new_category(self) -> None:
        self.project.apply(AddCategory(f"C{len(self.project.taxonomy.by_id)}"))
        self.commit(dict(self.labels))

    @precondition(lambda self: self.labels)
    @rule(data=st.data(), status=st.sampled_from([Status.CONFIRMED, Status.FLAGGED, Status.ACCEPTED]))
    def relabel(self, data: Any, status: Status) -> None:
        ids = data.draw(st.lists(st.sampled_from(sorted(self.labels)), min_size=1, unique=True))
        present = [c.id for c in self.project.taxonomy]
        target = data.draw(st.sampled_from([*present, None]))
        self.project.apply(Relabel(np.array(ids), KEEP if target is None else target, status))
        new = {i: (self.labels[i][0] if target is None else target, int(status)) for i in ids}
        self.commit(self.labels | new)

    @precondition(lambda self: self.labels)
    @rule(data=st.data())
    def relabel_twice_in_one_step(self, data: Any) -> None:
        ids = sorted(self.labels)
        target = data.draw(st.sampled_from([c.id for c in self.project.taxonomy]))
        self.project.apply(Relabel(np.array(ids), KEEP, Status.FLAGGED), Relabel(np.array(ids[:2]), target))
        new = {i: (self.labels[i][0], int(Status.FLAGGED)) for i in ids}
        self.commit(self.labels | new | dict.fromkeys(ids[:2], (target, int(Status.CONFIRMED))))

    @rule()
    def undo(self) -> None:
        summary = self.project.undo()
        assert (summary is None) == (not self.done)
        if self.done:
            self.undone.append(self.labels)
            self.labels = self.done.pop()

    @rule()
    def redo(self) -> None:
        summary = self.project.redo()
        assert (summary is None) == (not self.undone)
        if self.undone:
            self.done.append(self.labels)
            self.labels = self.undone.pop()

    @rule()
    def restart(self) -> None:
        self.project.close()
        self.project = Project.open(self.project.folder, person="Ada", clock=lambda: 1)

    @invariant()
    def the_project_is_what_the_model_says(self) -> None:
        columns = self.project.columns
        found = zip(columns.category.tolist(), columns.status.tolist(), strict=True)
        assert dict(zip(columns.product_id.tolist(), found, strict=True)) == self.labels
        assert all(one in self.project.taxonomy for one in columns.source_category.tolist())

    def teardown(self) -> None:
        if not hasattr(self, "project"):
            return
        with self.project._database.read() as connection:
            replayed = replay_labels(connection)
        columns = self.project.columns
        is_here = np.isin(replayed["product_id"], columns.product_id)
        assert np.array_equal(replayed["category"][is_here], columns.category)
        self.project.close()
        shutil.rmtree(self.folder)


ProjectAgainstModel.TestCase.settings = settings(
    max_examples=25, stateful_step_count=20, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
TestProjectAgainstModel = ProjectAgainstModel.TestCase
