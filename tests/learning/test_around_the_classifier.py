"""Thresholds, folds, label errors, reasons and files around the classifier."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from prodlabel.core.errors import InputError
from prodlabel.learning.calibration import calibration_error, reliability_curve
from prodlabel.learning.evaluation import evaluate, folds
from prodlabel.learning.features import Views
from prodlabel.learning.fusion import FusionClassifier
from prodlabel.learning.label_errors import find_label_errors
from prodlabel.learning.reasons import explain, explain_many
from prodlabel.learning.saving import ARRAYS, SETTINGS, load_classifier, save_classifier
from prodlabel.learning.thresholds import EVERYTHING, NEVER, accepted_by, choose_thresholds, records_above

from .conftest import WORDS, make_products


def _calibrated(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    probabilities = rng.dirichlet([0.15, 0.15, 0.15], n)
    target = np.array([rng.choice(3, p=p) for p in probabilities])
    return probabilities, target


def test_wished_precision_is_kept_on_products_that_come_later() -> None:
    kept = []
    for seed in range(10):
        limits = choose_thresholds(*_calibrated(400, seed), precision=0.95)
        probabilities, target = _calibrated(2000, 1000 + seed)
        taken = accepted_by(probabilities, limits)
        kept.append((probabilities[taken].argmax(axis=1) == target[taken]).mean())
    assert np.mean(kept) >= 0.95


def test_a_precision_out_of_reach_is_never_promised() -> None:
    probabilities, target = _calibrated(30, 0)
    assert (choose_thresholds(probabilities, target, 0.999) == NEVER).all()


def test_without_a_promise_everything_is_taken() -> None:
    probabilities, target = _calibrated(30, 0)
    assert accepted_by(probabilities, choose_thresholds(probabilities, target, EVERYTHING)).all()


def test_true_probabilities_have_nearly_no_calibration_error() -> None:
    probabilities, target = _calibrated(5000, 0)
    assert calibration_error(probabilities, target) < 0.03
    assert calibration_error(np.sqrt(probabilities), target) > 0.03


@pytest.mark.parametrize("equal_mass", [True, False])
def test_reliability_curve_counts_every_product_once(equal_mass: bool) -> None:
    probabilities, target = _calibrated(101, 0)
    right = probabilities.argmax(axis=1) == target
    assert reliability_curve(probabilities.max(axis=1), right, equal_mass=equal_mass).count.sum() == 101


def test_families_stay_on_one_side_of_each_fold() -> None:
    groups = np.arange(60) // 3
    y = np.arange(60) // 3 % 2
    for _, train, test in folds(y, 3, 2, groups=groups):
        assert not set(groups[train]) & set(groups[test])


def test_evaluation_reports_figures_per_fold(products: tuple[Views, np.ndarray]) -> None:
    found = evaluate(*products, count=3, repeats=2, wished_precision=0.9)
    assert found.accuracy.shape == (6,)
    assert found.accuracy.mean() > 0.95
    assert found.confusion.sum() == len(products[1])
    np.testing.assert_allclose(found.probabilities.sum(axis=1), 1.0)


def test_falsified_labels_come_first() -> None:
    views, y = make_products(240)
    _, target = np.unique(y, return_inverse=True)
    rng = np.random.default_rng(5)
    wrong = rng.choice(240, 20, replace=False)
    target[wrong] = (target[wrong] + rng.integers(1, 3, 20)) % 3
    classifier = FusionClassifier().fit(views, target)
    found = find_label_errors(classifier.held_out_probabilities_, target)
    assert len(set(found.rank[:20]) & set(wrong)) >= 18
    assert abs(found.expected - 20) <= 4


def test_neighbours_add_their_vote() -> None:
    target = np.array([0, 0, 0, 1])
    neighbours = np.array([[1, 2], [0, 2], [0, 1], [0, 1]])
    flat = np.full((4, 2), 0.5)
    found = find_label_errors(flat, target, neighbours, np.full((4, 2), 0.9))
    assert found.rank[0] == 3


def test_reasons_name_the_words_of_the_category(products: tuple[Views, np.ndarray]) -> None:
    views, y = products
    classifier = FusionClassifier().fit(views, y)
    reasons = explain(classifier, views, 0)
    assert reasons.words[0][0].split()[0] in WORDS[y[0]]
    assert reasons.text_share + reasons.picture_share == pytest.approx(1.0)


def test_a_product_with_nothing_has_no_reasons(products: tuple[Views, np.ndarray]) -> None:
    classifier = FusionClassifier().fit(*products)
    assert explain(classifier, Views([""]), 0).words == ()


@pytest.mark.parametrize("named", [True, False])
def test_a_saved_classifier_gives_the_same_probabilities(tmp_path: Path, named: bool) -> None:
    views, y = make_products(120)
    if named:
        views = Views(views.texts, [text.split()[0] for text in views.texts], views.text_vectors,
                      None, views.picture_vectors, views.has_picture)  # fmt: skip
    classifier = FusionClassifier().fit(views, y)
    save_classifier(classifier, tmp_path / "v1")
    loaded = load_classifier(tmp_path / "v1")
    np.testing.assert_array_equal(classifier.predict_proba(views), loaded.predict_proba(views))
    np.testing.assert_array_equal(classifier.predict(views), loaded.predict(views))


def test_a_damaged_classifier_is_refused(tmp_path: Path) -> None:
    save_classifier(FusionClassifier().fit(*make_products(30)), tmp_path)
    (tmp_path / ARRAYS).write_bytes(b"PK\x03\x04 cut short")
    with pytest.raises(InputError, match="Train it again"):
        load_classifier(tmp_path)


def test_reasons_of_many_are_those_of_each(products: tuple[Views, np.ndarray]) -> None:
    views, y = products
    classifier = FusionClassifier().fit(views, y)
    columns = classifier.predict_proba(views).argmax(axis=1)
    many = explain_many(classifier, views, columns, 4)
    for row in (0, 7, 100):
        one = explain(classifier, views, row, count=4)
        words = [many.terms[term] for term in many.term[row] if term >= 0]
        assert words == [word for word, _ in one.words]
        assert many.text_share[row] == pytest.approx(one.text_share)


def test_the_weights_of_words_add_up_to_the_score_of_the_words(products: tuple[Views, np.ndarray]) -> None:
    views, y = products
    classifier = FusionClassifier(use=("words",)).fit(views, y)
    words = classifier.experts_["words"]
    values, _ = classifier.scores(views)["words"]
    above = values[:, 0] - values[:, 1:].mean(axis=1)
    bias = words.bias[0] - words.bias[1:].mean()
    lift = (above - bias) * classifier.combinations_[("words",)].scale[0]
    many = explain_many(classifier, views, np.zeros(len(y), int), 40)
    assert (many.weight.sum(axis=1) >= lift - 1e-4).all()


def test_a_hard_category_does_not_hide_behind_the_easy_ones() -> None:
    rng = np.random.default_rng(0)
    count = 900
    target = np.repeat(np.arange(3), count // 3)
    confidence = rng.uniform(0.9, 1.0, count)
    suggested = target.copy()
    # One in twenty that are suggested the last category belongs to the first, however sure it is.
    suggested[rng.choice(count // 3, 15, replace=False)] = 2
    probabilities = np.full((count, 3), 0.0)
    probabilities[np.arange(count), suggested] = confidence
    probabilities += (1.0 - confidence[:, None]) / 2 * (probabilities == 0)
    limits = choose_thresholds(probabilities, target, 0.98)
    right, taken = records_above(probabilities, target, limits).T
    assert ((taken - right)[taken > 0] <= 0.02 * taken[taken > 0]).all()
    assert taken[0] > 200
    assert limits[2] > limits[0]


def _packed(folder: Path, size: int) -> None:
    with zipfile.ZipFile(folder / ARRAYS, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("prior.npy", bytes(size))


HARMS = {
    "brackets without end": lambda folder: (folder / SETTINGS).write_text("[" * 200_000),
    "names without end": lambda folder: (folder / SETTINGS).write_text(
        json.dumps(json.loads((folder / SETTINGS).read_text()) | {"classes": ["x" * 10**6] * 1000})
    ),
    "lists for names": lambda folder: (folder / SETTINGS).write_text(
        json.dumps(json.loads((folder / SETTINGS).read_text()) | {"classes": [[1], [2]]})
    ),
    "a list for everything": lambda folder: (folder / SETTINGS).write_text("[]"),
    "arrays that unpack to gigabytes": lambda folder: _packed(folder, 300 * 2**20),
}


@pytest.mark.parametrize("harm", HARMS.values(), ids=HARMS)
def test_a_strangers_classifier_is_refused(tmp_path: Path, harm: Callable[[Path], object]) -> None:
    save_classifier(FusionClassifier().fit(*make_products(30)), tmp_path)
    harm(tmp_path)
    with pytest.raises(InputError, match="Train it again"):
        load_classifier(tmp_path)


def test_a_line_never_runs_through_products_that_are_equally_sure() -> None:
    probabilities = np.array([[0.99, 0.01]] * 400 + [[0.8, 0.2]] * 40)
    # The first of the equal ones are right; taken alone they would lower the line to all of them.
    target = np.array([0] * 420 + [1] * 20)
    assert choose_thresholds(probabilities, target, 0.99)[0] == 0.99
