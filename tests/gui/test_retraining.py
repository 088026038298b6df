"""Training by itself: when it starts, what it may put in use, and what the window says of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot
from sqlalchemy import update

from prodlabel.core.edits import KEEP, Because, Relabel
from prodlabel.core.labels import Status
from prodlabel.core.progress import Progress
from prodlabel.gui.main_window import MainWindow
from prodlabel.gui.messages import Level, Message
from prodlabel.gui.training_job import Trained, train_and_suggest
from prodlabel.operations.suggest import suggestions_in_use
from prodlabel.operations.train import FUSION
from prodlabel.operations.versions import list_versions
from prodlabel.project.project import Project
from prodlabel.project.results import CLASSIFIER, SUGGESTIONS
from prodlabel.store.database import DATABASE_NAME, Database
from prodlabel.store.schema import product_text
from tests.gui.projects import PER_CATEGORY, WORDS, make_project


def learn(project: Project) -> Trained:
    """One training as the window does it, without a process of its own."""
    parts: list[Any] = []
    number = 1 + max((one.number for one in list_versions(project)), default=0)
    in_use = project.results.current(CLASSIFIER, FUSION)
    outcome: Trained = train_and_suggest(
        project.snapshot(), in_use, number, Progress(partial_listener=parts.append)
    )
    for part in parts:
        part.keep(project)
    return outcome


def teach_wrongly(project: Project) -> None:
    """Accept a wrong category for two thirds of each: accepted labels teach, and never count as truth."""
    of_word = [project.taxonomy.find(("Shop", word.title())) or 0 for word in WORDS]
    for place in range(len(WORDS)):
        first = place * PER_CATEGORY
        ids = project.columns.product_id[first + 6 : first + PER_CATEGORY]
        wrong = of_word[(place + 1) % 3]
        project.apply(Relabel(ids, wrong, Status.ACCEPTED, Because("wrong")))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return make_project(tmp_path / "small", with_map=False)


def test_a_version_that_is_worse_on_checked_labels_is_kept_but_not_used(project: Project) -> None:
    with project:
        good = learn(project)
        teach_wrongly(project)
        worse = learn(project)
        assert "stays in use" in worse.held_back
        newest, first = list_versions(project)
        assert first.is_in_use
        assert not newest.is_in_use
        assert newest.held_back == worse.held_back
        assert newest.settings["fingerprint"] != first.settings["fingerprint"]
        found = suggestions_in_use(project)
        assert found is not None
        assert found[1] == first.number
        assert good.version == first.number


def test_before_the_first_labels_the_names_suggest(project: Project) -> None:
    with project:
        ids = project.columns.product_id
        project.apply(Relabel(ids, 0, Status.NONE, Because("clear")))
        from prodlabel.operations.encode import DEFAULT_ENCODERS, encode

        encode(project.snapshot(), DEFAULT_ENCODERS, Progress())
        assert learn(project) == Trained(0)
        found = suggestions_in_use(project)
        assert found is not None
        suggestions, version = found
        assert version == 0
        assert str(suggestions.source[0]) == "names"
        assert not list_versions(project)
        right = [
            project.taxonomy[category].name.casefold() in text.name
            for category, text in zip(
                suggestions.category[:, 0].tolist(), project.texts(np.arange(len(ids)).tolist()), strict=True
            )
        ]
        assert np.mean(right) > 0.8


def test_corrections_train_again_by_themselves(
    open_window: Callable[[], MainWindow], tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window()
    window.show_project(make_project(tmp_path / "small"))
    assert window.workplace is not None
    session, retraining = window.workplace.session, window.commands.retraining
    window.settings.set("retrain_after", 20)
    ids, category = session.columns.product_id, session.columns.category
    session.note(np.arange(30), "a note")
    session.apply(Relabel(ids[1:10], KEEP, Status.FLAGGED))
    session.apply(Relabel(ids[1:10], category[1:10], Status.CONFIRMED))
    session.apply(Relabel(ids[10:20], int(category[21]), Status.ACCEPTED))
    qtbot.waitUntil(lambda: not retraining._count.isActive())
    assert retraining.corrections == 0, "nothing of it is a correction"
    session.apply(Relabel(ids[1:10], int(category[21]), Status.CONFIRMED))
    qtbot.waitUntil(lambda: retraining.corrections == 9)
    # 51 of the 60 labels taught: a quarter more is worth a training.
    assert "9 of 13" in window.status.retraining.text()
    session.undo()
    qtbot.waitUntil(lambda: retraining.corrections == 0)
    session.apply(Relabel(ids[21:40], int(category[41]), Status.CONFIRMED))
    session.apply(Relabel(ids[41:43], int(category[21]), Status.CONFIRMED))
    results = session.project.results
    qtbot.waitUntil(lambda: results.current(CLASSIFIER) is not None, timeout=60_000)
    qtbot.waitUntil(lambda: not window.tasks.running and retraining.corrections == 0, timeout=20_000)
    assert "learned everything" in window.status.retraining.text()
    found = results.current(SUGGESTIONS)
    assert found is not None
    assert found.settings["classifier_version"] == results.list(CLASSIFIER)[0].id


def test_it_can_be_switched_off_and_says_so(window: MainWindow, qtbot: QtBot) -> None:
    retraining = window.commands.retraining
    window.actions_table["toggle_retraining"].trigger()
    assert retraining.is_on
    assert window.settings["retrain_after"] == 50
    window.actions_table["toggle_retraining"].trigger()
    assert not retraining.is_on
    qtbot.waitUntil(lambda: "only when asked" in window.status.retraining.text())


def test_a_version_that_is_held_back_is_told_with_its_reason(window: MainWindow, qtbot: QtBot) -> None:
    posted: list[Message] = []
    window.messages.posted.connect(posted.append)
    window.commands.work._tell_trained(Trained(1, "It loses 9 checked labels.", 0.9), is_asked=False)
    assert posted[-1].level is Level.WARNING
    assert "loses 9" in posted[-1].text
    assert posted[-1].offer is not None
    posted[-1].offer.act()
    assert window.place == "training"


def test_files_of_versions_that_were_thinned_out_are_gone(project: Project, monkeypatch: Any) -> None:
    from prodlabel.project import results

    monkeypatch.setitem(results._KEPT, CLASSIFIER, 1)
    with project:
        learn(project)
        first = project.folder / str(list_versions(project)[0].settings["folder"])
        assert first.is_dir()
        learn(project)
        assert len(list_versions(project)) == 1
        assert not first.exists()
        stray = project.folder / "classifiers" / "fusion-00099-5"
        stray.mkdir()
        project.results.remove_strays()
        assert not stray.exists()
        assert (project.folder / str(list_versions(project)[0].settings["folder"])).is_dir()


def test_the_ledger_names_the_version_that_suggested_not_the_one_in_use(
    open_window: Callable[[], MainWindow], tmp_path: Path
) -> None:
    project = make_project(tmp_path / "small")
    first = learn(project).version
    learn(project)
    window = open_window()
    window.show_project(project)
    assert window.workplace is not None
    session = window.workplace.session
    suggested = session.suggested_by()
    assert suggested not in (None, first)
    project.results.make_current(first)  # rolled back; its suggestions are still to be made
    assert session.accept_suggestion(int(session.columns.product_id[0]))
    assert project.history(limit=1)[0].classifier_version == suggested


def test_a_version_keeps_digests_of_what_taught_it(project: Project) -> None:
    with project:
        learn(project)
        learn(project)
        reader = Database(project.folder / DATABASE_NAME)
        with reader.write() as connection:
            connection.execute(update(product_text).values(name=product_text.c.name + " new"))
        reader.close()
        learn(project)
        third, second, first = (one.settings["data"] for one in list_versions(project))
        assert first == second
        assert third["texts"] != second["texts"]
        assert third["pictures"] == second["pictures"]
        assert set(first) == {"texts", "pictures", "text_encoder", "picture_encoder"}
