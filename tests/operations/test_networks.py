"""A network as a version of the classifier: kept, compared, in use, and it suggests without TensorFlow."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from prodlabel.cli.main import run_command_line as main
from prodlabel.core.edits import Relabel
from prodlabel.core.errors import InputError, WeightsMissingError
from prodlabel.core.labels import NO_CATEGORY, Status
from prodlabel.core.progress import Progress
from prodlabel.learning.evaluation import folds
from prodlabel.learning.features import PICTURE, TEXT, Views
from prodlabel.learning.networks.classifier import Calibration, NetworkClassifier, with_bias
from prodlabel.learning.networks.crossfit import Calibrated, HeldOut
from prodlabel.learning.networks.heads import Branch, Heads, scale_of
from prodlabel.learning.networks.plan import JOINT, NetworkSettings
from prodlabel.learning.saving import PICTURE_NETWORK, load_classifier, save_classifier
from prodlabel.operations import networks
from prodlabel.operations.classifier_export import export_classifier
from prodlabel.operations.importing import ImportSettings, import_catalogue
from prodlabel.operations.materials import Materials
from prodlabel.operations.pictures import look_at_pictures
from prodlabel.operations.steps import encode_project, suggest_project, train_project
from prodlabel.operations.suggest import classifier_in_use, suggestions_in_use
from prodlabel.operations.train import (
    TrainOutcome,
    TrainSettings,
    keep,
    labels_at,
    thresholds_of,
)
from prodlabel.operations.truth import choose_truth
from prodlabel.operations.versions import compare_versions, list_versions, reason_to_hold_back, use_version
from prodlabel.operations.views import views_for
from prodlabel.project.project import Project
from prodlabel.sources.demo import write_demo_catalogue

SHOP, LABELLED = 90, 70
QUICK = TrainSettings(precision=0.9, repeats=0)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with texts and pictures encoded, of which 20 products have lost their label."""
    folder = tmp_path_factory.mktemp("shop")
    catalogue = write_demo_catalogue(folder, count=SHOP, progress=Progress())
    with Project.create(folder / "shop", person="ada") as project:
        import_catalogue(project, ImportSettings(catalogue), Progress())
        look_at_pictures(project, Progress())
        encode_project(project, ("minilm", "efficientnet-lite0"), Progress())
        project.apply(Relabel(project.columns.product_id[LABELLED:], NO_CATEGORY, Status.NONE))
        return project.folder


@pytest.fixture
def project(shop: Path, tmp_path: Path) -> Iterator[Project]:
    """A copy of it that a test may change."""
    shutil.copytree(shop, tmp_path / "shop.prodlabel")
    with Project.open(tmp_path / "shop.prodlabel", person="ada") as project:
        yield project


def _branch(vectors: np.ndarray, present: np.ndarray, truth: np.ndarray, known: np.ndarray) -> Branch:
    """What training would find, in a moment: random units, and their weights by least squares."""
    rng = np.random.default_rng(0)
    centre, scale = scale_of(vectors, present)
    weights = rng.normal(0, vectors.shape[1] ** -0.5, (vectors.shape[1], 64))
    branch = Branch(centre, scale, weights, np.zeros(64), np.zeros((64, truth.shape[1])))
    rows = np.flatnonzero(present & known)
    units = np.maximum((vectors[rows] - centre) * scale @ weights, 0)
    ridge = np.linalg.solve(units.T @ units + 3 * np.eye(64), units.T @ truth[rows])
    return Branch(branch.centre, branch.scale, branch.weights, branch.bias, 6 * ridge)


def _outcome(project: Project) -> TrainOutcome:
    """A joint network whose picture branch is the shipped one, and held-out scores by two folds."""
    materials = Materials(project.snapshot())
    label, rows = labels_at(materials, 1), np.flatnonzero(materials.trusted())
    classes, target = np.unique(label[rows], return_inverse=True)
    blank = NetworkClassifier(
        JOINT, classes, Heads(np.zeros(len(classes)), None, None), Calibration(np.ones(len(classes))),
        np.zeros((0, len(classes))), text_encoders=("minilm",),
    )  # fmt: skip
    views = views_for(materials, blank, Progress())
    truth = np.zeros((len(views), len(classes)))
    truth[rows, target] = 1
    parts = {name: views.vectors(name) for name in (TEXT, PICTURE)}

    def branches(taught: np.ndarray) -> dict[str, Branch]:
        known = np.isin(np.arange(len(views)), taught)
        return {name: _branch(*held, truth, known) for name, held in parts.items() if held is not None}

    added = {name: (np.zeros(truth.shape), held[1]) for name, held in parts.items() if held is not None}
    for _, train, test in folds(target, 2, 1, 0, materials.families(Progress())[rows]):
        for name, branch in branches(rows[train]).items():
            vectors, present = parts[name] or (None, None)
            added[name][0][rows[test]] = branch(vectors[rows[test]], present[rows[test]])
    held_out = {
        name: (values[rows], present[rows])
        for name, (values, present) in with_bias(added, np.zeros(len(classes))).items()
    }
    calibration = Calibration.fit(held_out, target, len(classes))
    found = branches(rows)
    classifier = NetworkClassifier(
        JOINT, classes, Heads(np.zeros(len(classes)), found[PICTURE], found[TEXT]), calibration,
        calibration.combine(held_out, len(rows)), text_encoders=("minilm",),
    )  # fmt: skip
    truths = choose_truth(materials, rows)
    limits = thresholds_of(classifier, label[rows], truths, 0.9)
    return TrainOutcome(classifier, limits, QUICK, None, None, rows, NetworkSettings())


def test_a_network_is_a_version_like_any_other(project: Project) -> None:
    materials = Materials(project.snapshot())
    first, _ = train_project(project, materials, QUICK, Progress())
    outcome = _outcome(project)
    reason = reason_to_hold_back(classifier_in_use(project), materials, outcome, Progress())
    second = keep(project, outcome, held_back=reason)
    kinds = {one.number: one.settings["kind"] for one in list_versions(project)}
    assert kinds == {first: "fusion", second: "joint"}
    found = compare_versions(project, materials, first, second, Progress())
    assert 0.8 * LABELLED < found.checked <= LABELLED
    assert found.accuracy[1] > 0.3, "seven categories, some sixty labels"
    use_version(project, second)
    summary = suggest_project(project, materials, Progress())
    assert summary.products == SHOP
    kept = suggestions_in_use(project)
    assert kept is not None
    assert kept[1] == second
    suggestions = kept[0]
    assert (suggestions.confidence[:, 0] > 0).all()
    assert (suggestions.words == "").all(), "a network weighs no single words"
    assert 0 < suggestions.text_share.mean() < 1
    assert (suggestions.picture_category > 0).any()
    assert "tensorflow" not in sys.modules
    use_version(project, first)
    assert suggest_project(project, materials, Progress()).products == SHOP
    back = suggestions_in_use(project)
    assert back is not None
    assert back[1] == first
    assert (back[0].words != "").any(), "words are weighed again"
    use_version(project, second)
    with pytest.raises(InputError, match="is a network"):
        export_classifier(project, project.folder.parent / "exported", Progress())
    assert main(["versions", str(project.folder), "--json"]) == 0


def test_what_was_kept_says_the_same_and_damage_is_noticed(project: Project, tmp_path: Path) -> None:
    classifier = _outcome(project).classifier
    assert isinstance(classifier, NetworkClassifier)
    views = views_for(Materials(project.snapshot()), classifier, Progress())
    classifier.picture_network, classifier.stamp = b"a network", "0c9c2f57d2ca9ff4"
    save_classifier(classifier, tmp_path / "kept")
    with pytest.raises(InputError, match="damaged"):
        load_classifier(tmp_path / "kept")
    (tmp_path / "kept" / PICTURE_NETWORK).unlink()
    with pytest.raises(InputError, match="Train it again"):
        load_classifier(tmp_path / "kept")
    classifier.picture_network, classifier.stamp = None, ""
    save_classifier(classifier, tmp_path / "kept")
    again = load_classifier(tmp_path / "kept")
    assert np.array_equal(again.predict_proba(views), classifier.predict_proba(views))
    assert again.noise_ == classifier.noise_
    with pytest.raises(InputError, match="vectors of"):
        again.predict(Views([""], None, np.zeros((1, 3)), np.ones(1, bool)))


def test_without_a_picture_or_a_text_the_other_decides(project: Project) -> None:
    classifier = _outcome(project).classifier
    views = views_for(Materials(project.snapshot()), classifier, Progress())
    nothing = np.zeros(len(views), bool)
    text_only = replace(views, has_picture=nothing)
    neither = replace(text_only, has_text_vector=nothing)
    both, text = classifier.predict_proba(views), classifier.predict_proba(text_only)
    assert not np.allclose(both, text)
    np.testing.assert_allclose(text.sum(axis=1), 1)
    assert (classifier.predict_proba(neither) == classifier.predict_proba(neither)[0]).all()


def test_calibration_is_fitted_on_the_rows_it_is_given() -> None:
    rng = np.random.default_rng(0)
    target = rng.integers(0, 3, 400)
    scores = 20 * (np.eye(3)[target] + rng.normal(0, 0.7, (400, 3)))
    held = HeldOut({"picture": (scores, np.ones(400, bool))})
    made = Calibrated().fit(held.take(np.arange(200)), target[:200])
    found = made.predict_proba(held.take(np.arange(200, 400)))
    right = found.argmax(axis=1) == target[200:]
    assert abs(found.max(axis=1).mean() - right.mean()) < 0.08, "too large scores are brought down"


def test_without_tensorflow_the_command_says_what_to_do(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(networks, "what_is_missing", lambda: "Training a network needs tensorflow. Run: pip")
    folder = str(project.folder)
    project.close()
    assert main(["train", folder, "--with", "joint"]) == WeightsMissingError.exit_code
    assert "needs tensorflow" in capsys.readouterr().err


def test_a_stopped_training_is_not_taken_up_with_other_pictures(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    materials = Materials(project.snapshot())
    picture = materials.picture_block()
    assert picture is not None
    taught = networks._Taught(np.arange(20), np.arange(20) % 2, np.arange(20), ("minilm",))
    before = networks._work_folder(materials, taught, NetworkSettings(kind=JOINT))
    assert networks._work_folder(materials, taught, NetworkSettings(kind=JOINT)) == before
    fewer = replace(picture, is_present=picture.is_present & (np.arange(SHOP) != 7))
    monkeypatch.setattr(materials, "picture_block", lambda: fewer)
    assert networks._work_folder(materials, taught, NetworkSettings(kind=JOINT)) != before
    assert not before.exists(), "maps of other pictures are cleared away"
