"""Accepting above a precision, queues, versions and first suggestions, on a small shop with real vectors."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from prodlabel.api import Shop
from prodlabel.cli.main import run_command_line as main
from prodlabel.core.edits import AddCategory, Because, Relabel, RetireCategory
from prodlabel.core.errors import InputError, NotReadyError
from prodlabel.core.labels import NO_CATEGORY, Status
from prodlabel.core.progress import Progress
from prodlabel.learning.thresholds import EVERYTHING
from prodlabel.operations.accept import accept, plan_acceptance, suggestions_to_accept
from prodlabel.operations.export import export_project
from prodlabel.operations.first_suggestions import has_few_labels, suggest_from_names
from prodlabel.operations.importing import ImportSettings, import_catalogue
from prodlabel.operations.materials import Materials
from prodlabel.operations.queues import (
    QueueSettings,
    make_queue,
    make_scene,
)
from prodlabel.operations.steps import encode_project, suggest_project, train_project
from prodlabel.operations.suggest import classifier_in_use, suggestions_in_use
from prodlabel.operations.suggest import keep as keep_suggestions
from prodlabel.operations.train import TrainSettings, labels_at, taught_rows
from prodlabel.operations.truth import Truth, choose_truth
from prodlabel.operations.versions import (
    compare_versions,
    fingerprint,
    learning_curve,
    list_versions,
    use_version,
)
from prodlabel.project.project import Project
from prodlabel.sources.demo import write_demo_catalogue

SHOP = 140
QUICK = TrainSettings(precision=0.9, repeats=0)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with encoded texts, of which 40 products have lost their label, trained and suggested for."""
    folder = tmp_path_factory.mktemp("shop")
    catalogue = write_demo_catalogue(folder, count=SHOP, progress=Progress())
    with Project.create(folder / "shop", person="ada") as project:
        import_catalogue(project, ImportSettings(catalogue), Progress())
        encode_project(project, ("minilm",), Progress())
        project.apply(Relabel(project.columns.product_id[100:], NO_CATEGORY, Status.NONE))
        materials = Materials(project.snapshot())
        train_project(project, materials, QUICK, Progress())
        suggest_project(project, materials, Progress())
        return project.folder


@pytest.fixture
def project(trained: Path, tmp_path: Path) -> Iterator[Project]:
    """A copy of it that a test may change."""
    shutil.copytree(trained, tmp_path / "shop.prodlabel")
    with Project.open(tmp_path / "shop.prodlabel", person="ada") as project:
        yield project


def _plan(project: Project, precision: float = 0.9, **how: bool):  # type: ignore[no-untyped-def]
    return plan_acceptance(Materials(project.snapshot()), *suggestions_to_accept(project), precision, **how)


def test_accepting_is_one_step_that_names_the_version_and_can_be_undone(project: Project) -> None:
    before = project.columns
    plan = _plan(project)
    assert 0 < plan.count <= plan.waiting
    accept(project, plan)
    is_new = project.columns.status == int(Status.ACCEPTED)
    assert is_new.sum() == plan.count
    assert (before.category[is_new] == NO_CATEGORY).all()
    line = project.history(limit=1)[0]
    assert line.classifier_version == plan.version
    project.undo()
    assert np.array_equal(project.columns.category, before.category)


def test_a_higher_precision_covers_no_more(project: Project) -> None:
    counts = [_plan(project, precision).count for precision in (0.7, 0.9, 0.97)]
    assert counts == sorted(counts, reverse=True)


def test_the_sample_shows_the_least_sure_and_is_above_the_line(project: Project) -> None:
    for one in _plan(project).categories:
        assert (np.diff(one.confidence) >= 0).all()
        assert (one.confidence >= one.threshold).all()
        assert np.array_equal(one.sample, one.product_id[:12])


def test_below_the_lowest_line_is_everything_and_nothing_is_promised(project: Project) -> None:
    plan = _plan(project, EVERYTHING)
    assert plan.count == plan.waiting > 0
    assert not plan.has_line
    highest = _plan(project)
    assert plan.expected_errors >= highest.expected_errors
    accept(project, plan)
    assert (project.columns.category != NO_CATEGORY).all()
    assert project.history(limit=1)[0].reason == "all suggestions left"


def test_what_was_accepted_in_bulk_is_still_looked_for_mistakes(project: Project) -> None:
    accept(project, _plan(project, EVERYTHING))
    is_bulk = project.columns.status == int(Status.ACCEPTED)
    kept = suggestions_in_use(project)
    assert kept is not None
    wrongly = project.columns.product_id[is_bulk][0]
    best = kept[0].category[kept[0].product_id == wrongly, 0]
    others = [one for one in np.unique(kept[0].category[:, 0]).tolist() if one != best[0]]
    project.apply(Relabel(np.array([wrongly]), others[0], Status.ACCEPTED))
    scene = make_scene(Materials(project.snapshot()), kept[0], QueueSettings("ada"), Progress())
    assert wrongly in make_queue(scene, "probably-wrong").product_id.tolist()
    project.apply(Relabel(np.array([wrongly]), others[0], Status.CONFIRMED))
    scene = make_scene(Materials(project.snapshot()), kept[0], QueueSettings("ada"), Progress())
    assert wrongly not in make_queue(scene, "probably-wrong").product_id.tolist()


def test_what_another_version_suggested_is_not_accepted(project: Project) -> None:
    first = classifier_in_use(project).number
    second, _ = train_project(project, Materials(project.snapshot()), QUICK, Progress())
    for number in (first, second):
        use_version(project, number)
        if number != first:
            with pytest.raises(
                NotReadyError, match=f"made by version {first}, and version {second} is in use"
            ):
                _plan(project)
            Shop(project).suggest()
        assert _plan(project).version == number


def test_what_the_names_suggest_is_not_accepted(project: Project) -> None:
    keep_suggestions(project, suggest_from_names(Materials(project.snapshot()), 1, Progress()), None)
    with pytest.raises(NotReadyError, match="none of them counts as sure"):
        _plan(project)


def test_a_category_that_was_removed_stops_nobody_from_accepting_the_others(project: Project) -> None:
    plan = _plan(project)
    gone = max(plan.categories, key=lambda one: len(one.product_id))
    ids = project.columns.product_id[project.columns.category == gone.category_id]
    other = next(one.category_id for one in plan.categories if one is not gone)
    project.apply(Relabel(ids, other), RetireCategory(gone.category_id))
    again = _plan(project)
    assert [one.category_id for one in again.categories] == [
        one.category_id for one in plan.categories if one is not gone
    ]
    assert accept(project, again) is not None


def test_an_impossible_precision_is_refused(project: Project) -> None:
    with pytest.raises(InputError, match="cannot be promised"):
        _plan(project, 1.0)


def test_accepted_suggestions_do_not_move_the_line(project: Project) -> None:
    before = {one.category_id: one.threshold for one in _plan(project).categories}
    accept(project, _plan(project))
    after = {one.category_id: one.threshold for one in _plan(project).categories}
    assert before == after


def test_what_taught_the_classifier_is_judged_as_if_it_had_not(project: Project) -> None:
    kept = suggestions_in_use(project)
    assert kept is not None
    label = labels_at(Materials(project.snapshot()), 1)
    differs = (label != NO_CATEGORY) & (label != kept[0].category[:, 0])
    assert differs.sum() >= 2  # the falsified labels of the shop do not confirm themselves


def test_the_queues_of_a_project(project: Project) -> None:
    kept = suggestions_in_use(project)
    assert kept is not None
    scene = make_scene(Materials(project.snapshot()), kept[0], QueueSettings("ada"), Progress())
    todo = make_queue(scene, "needs-label")
    without = project.columns.category == NO_CATEGORY
    assert set(todo.product_id.tolist()) == set(project.columns.product_id[without].tolist())
    assert todo.reason(0)
    assert len(make_queue(scene, "probably-wrong")) > 0


def test_a_colleague_who_decided_otherwise_is_named(project: Project) -> None:
    product = project.columns.product_id[:1]
    project.apply(Relabel(product, 1))
    project.person = "grace"
    project.apply(Relabel(product, 2))
    kept = suggestions_in_use(project)
    scene = make_scene(
        Materials(project.snapshot()), kept[0] if kept else None, QueueSettings("grace"), Progress()
    )
    queue = make_queue(scene, "colleague")
    assert queue.product_id.tolist() == product.tolist()
    assert queue.reason(0).startswith("ada said ")


def test_a_worse_version_is_kept_but_not_put_in_use(project: Project) -> None:
    good = classifier_in_use(project).number
    rng = np.random.default_rng(0)
    ids = project.columns.product_id[:100]
    right = project.columns.category[:100].copy()
    project.apply(Relabel(ids, rng.permutation(right)))
    materials = Materials(project.snapshot())
    wrong, outcome = train_project(project, materials, QUICK, Progress())
    project.undo()
    again = Materials(project.snapshot())
    # The labels are right again: what was learnt from the shuffled ones is worse than what is in use.
    use_version(project, good)
    found = compare_versions(project, again, good, wrong, Progress())
    assert found.lost > found.won
    assert len(found.flipped) > 0
    from prodlabel.operations.versions import reason_to_hold_back

    assert "stays in use" in reason_to_hold_back(classifier_in_use(project), again, outcome, Progress())


def test_rolling_back_puts_the_old_version_in_use(project: Project) -> None:
    first = classifier_in_use(project).number
    second, _ = train_project(project, Materials(project.snapshot()), QUICK, Progress())
    assert classifier_in_use(project).number == second
    use_version(project, first)
    assert [one.number for one in list_versions(project) if one.is_in_use] == [first]
    with pytest.raises(InputError, match="no classifier version 99"):
        use_version(project, 99)


def test_a_version_remembers_what_it_was_trained_on(project: Project) -> None:
    version = list_versions(project)[0]
    label = labels_at(Materials(project.snapshot()), 1)[:100]
    has_label = label != NO_CATEGORY
    ids = project.columns.product_id[:100][has_label]
    assert version.settings["fingerprint"] == fingerprint(ids, label[has_label])
    assert version.settings["products"] == has_label.sum()


def test_the_learning_curve_of_a_project_rises(project: Project) -> None:
    curve = learning_curve(Materials(project.snapshot()), 1, Progress(), draws=2)
    assert curve.f1.mean(axis=0)[-1] > curve.f1.mean(axis=0)[0]
    assert curve.sentence(0.9)


def test_before_the_first_label_suggestions_come_from_the_names(project: Project) -> None:
    truth = labels_at(Materials(project.snapshot()), 1)[:100]
    project.apply(Relabel(project.columns.product_id, NO_CATEGORY, Status.NONE))
    for info in project.results.list("classifier"):
        assert info.kind == "classifier"
    materials = Materials(project.snapshot())
    assert has_few_labels(materials, 1)
    found = suggest_from_names(materials, 1, Progress())
    assert found.source.tolist() == ["names"]
    assert not found.is_sure.any()
    known = truth != NO_CATEGORY
    assert (found.category[:100, 0] == truth)[known].mean() > 0.45


def test_agreeing_labels_that_were_imported_stay_truth_when_their_suggestions_are_accepted(
    project: Project,
) -> None:
    rows = np.flatnonzero(Materials(project.snapshot()).trusted())
    imported = project.columns.product_id[rows]
    before = choose_truth(Materials(project.snapshot()), rows)
    assert before.measured.all()
    plan = _plan(project, EVERYTHING, with_imported=True)
    accept(project, plan)
    agreeing = np.intersect1d(np.concatenate([one.product_id for one in plan.categories]), imported)
    assert len(agreeing) > len(imported) / 2
    again = project.columns.category[project.columns.rows(agreeing[:9])]
    project.apply(Relabel(agreeing[:9], again, Status.ACCEPTED, Because("accepted twice")))
    project.undo()
    project.redo()
    materials = Materials(project.snapshot())
    rows = np.flatnonzero(materials.trusted())
    truth = choose_truth(materials, rows)
    assert project.columns.product_id[rows[truth.measured]].tolist() == imported.tolist()
    weights = truth.weights(np.linspace(0, 1, len(rows)))
    assert (weights > 0).tolist() == truth.measured.tolist()
    assert np.isclose(weights[truth.measured].mean(), 1)


def test_a_label_that_a_suggestion_brought_is_never_truth(project: Project) -> None:
    ids = project.columns.product_id
    first = int(project.columns.category[0])
    count = int(Materials(project.snapshot()).trusted().sum())
    project.apply(Relabel(ids[120:], first, Status.ACCEPTED))
    project.apply(Relabel(ids[120:], first, Status.ACCEPTED))
    other = next(one.id for one in project.taxonomy.children(None) if one.id != first)
    moved = ids[:100][~np.isin(project.columns.category[:100], [other, NO_CATEGORY])][:5]
    project.apply(Relabel(moved, other, Status.ACCEPTED))
    materials = Materials(project.snapshot())
    rows = np.flatnonzero(materials.trusted())
    measured = ids[rows[choose_truth(materials, rows).measured]]
    assert not np.isin(measured, np.concatenate([ids[120:], moved])).any()
    assert len(measured) == count - len(moved)


def test_measuring_the_doubtful_alone_does_not_make_the_classifier_look_worse() -> None:
    rng = np.random.default_rng(0)
    confidence = rng.uniform(0.3, 1.0, 4000)
    is_right = rng.random(4000) < confidence
    looked_at = rng.random(4000) < np.where(confidence < 0.7, 0.6, 0.08)
    weights = Truth(looked_at).weights(confidence)
    assert is_right[looked_at].mean() < is_right.mean() - 0.08
    assert abs(np.average(is_right, weights=weights) - is_right.mean()) < 0.03


def test_names_go_on_suggesting_the_categories_that_nobody_labelled(project: Project) -> None:
    ids, tops = project.columns.product_id, [one.id for one in project.taxonomy.children(None)]
    truth = project.columns.category.copy()
    project.apply(Relabel(ids, NO_CATEGORY, Status.NONE))
    taught = np.concatenate([ids[truth == one][:3] for one in tops[:2]])
    project.apply(Relabel(taught, truth[project.columns.rows(taught)]))
    assert has_few_labels(Materials(project.snapshot()), 1), "six labels in two of seven categories"
    taught = ids[np.isin(truth, tops[:4])]
    project.apply(Relabel(taught, truth[project.columns.rows(taught)]))
    materials = Materials(project.snapshot())
    assert not has_few_labels(materials, 1), "a category in use need not wait for every other"
    train_project(project, materials, QUICK, Progress())
    suggest_project(project, materials, Progress())
    kept = suggestions_in_use(project)
    assert kept is not None
    best = kept[0].category[:, 0]
    is_other = np.isin(truth, tops[4:])
    assert (best == truth)[is_other].mean() > 0.2, "never, where only taught categories are suggested"
    assert np.isin(best[np.isin(truth, tops[:4])], tops[:4]).mean() > 0.95
    assert not kept[0].is_sure[np.isin(best, tops[4:])].any()


def test_materials_are_renewed_without_reading_texts_again(project: Project) -> None:
    materials = Materials(project.snapshot())
    texts = materials.texts(Progress())
    project.apply(Relabel(project.columns.product_id[:1], 1))
    renewed = materials.renewed(project.snapshot())
    assert renewed.texts(Progress()) is texts
    assert labels_at(renewed, 1)[0] == renewed.snapshot.taxonomy.at_level(1)[1]


def test_the_verbs_of_review_run(trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(shutil.copytree(trained, tmp_path / "verbs.prodlabel"))
    with Project.open(Path(folder)) as project:
        number = classifier_in_use(project).number
    assert main(["accept", folder, "--precision", "0.9", "--dry-run"]) == 0
    assert "Would accept" in capsys.readouterr().out
    assert main(["accept", folder, "--precision", "0.9"]) == 0
    assert "takes it back" in capsys.readouterr().out
    assert main(["queue", folder, "probably-wrong", "--limit", "3"]) == 0
    assert "fits better than" in capsys.readouterr().out
    assert main(["versions", folder]) == 0
    assert "in use" in capsys.readouterr().out
    assert main(["versions", folder, "--compare", str(number), str(number)]) == 0
    assert "0 suggestions differ" in capsys.readouterr().out


def test_accepting_without_suggestions_says_what_is_missing(tmp_path: Path) -> None:
    with Project.create(tmp_path / "bare") as project, pytest.raises(NotReadyError, match="prodlabel train"):
        classifier_in_use(project)


def test_where_only_the_category_above_is_sure_that_one_is_accepted_and_exported(
    project: Project, tmp_path: Path
) -> None:
    tops = [one.id for one in project.taxonomy.children(None)][:3]
    made = project.apply(*(AddCategory(f"Side {side}", parent=top) for top in tops for side in "ab"))
    ids, category = project.columns.product_id, project.columns.category
    known = np.flatnonzero(np.isin(category, tops))
    of_top = np.searchsorted(tops, category[known])
    side = np.random.default_rng(0).integers(0, 2, len(known))
    given = np.array(made.new_categories, dtype=np.int32).reshape(3, 2)[of_top, side]
    project.apply(Relabel(ids[known], given))
    materials = Materials(project.snapshot())
    train_project(project, materials, TrainSettings(precision=0.8, level=2, repeats=0), Progress())
    suggest_project(project, materials, Progress())
    plan = _plan(project, 0.8)
    parents = {one.category_id: one for one in plan.categories if one.category_id in tops}
    assert parents, "which side it is nobody can know"
    accepted_ids = np.concatenate([one.product_id for one in parents.values()])
    assert not {one.category_id for one in _plan(project, 0.9).categories} & set(tops), "promised for 80 %"
    accept(project, plan)
    assert np.isin(project.columns.category[project.columns.rows(accepted_ids)], tops).all()
    export_project(project, tmp_path / "all.csv", Progress())
    assert "sure of " in (tmp_path / "all.csv").read_text(encoding="utf-8")
    second = Materials(project.snapshot())
    assert not np.isin(labels_at(second, 2)[taught_rows(second, 2)], tops).any(), "a parent teaches no leaf"


def test_what_is_sure_is_the_suggested_leaf_or_lies_above_it(project: Project) -> None:
    tops = [one.id for one in project.taxonomy.children(None)]
    edits = [AddCategory(f"Side {side}", parent=top) for top in tops[:3] for side in ("a", "b")]
    leaves = project.apply(*edits).new_categories
    ids, category = project.columns.product_id, project.columns.category.copy()
    rng = np.random.default_rng(0)
    for number, top in enumerate(tops[:3]):
        rows = category == top
        category[rows] = rng.choice(leaves[2 * number : 2 * number + 2], rows.sum())
    project.apply(Relabel(ids, category))
    materials = Materials(project.snapshot())
    train_project(project, materials, TrainSettings(precision=0.8, level=2, repeats=0), Progress())
    suggest_project(project, materials, Progress())
    kept = suggestions_in_use(project)
    assert kept is not None
    found, best = kept[0].sure_category, kept[0].category[:, 0]
    assert (found != NO_CATEGORY).any()
    above = project.taxonomy.at_level(1)
    assert ((found == NO_CATEGORY) | (found == best) | (above[found] == above[best])).mean() > 0.9
