"""The fusion classifier learns, stays calibrated, and copes with what is missing."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.base import clone

from prodlabel.core.errors import Cancelled, InputError, NotReadyError
from prodlabel.core.progress import Progress
from prodlabel.learning.calibration import calibration_error
from prodlabel.learning.features import Views
from prodlabel.learning.fusion import FusionClassifier

from .conftest import make_products


def test_unseen_products_are_told_apart() -> None:
    train, y = make_products(180, seed=0)
    test, truth = make_products(90, seed=1)
    classifier = FusionClassifier().fit(train, y)
    assert (classifier.predict(test) == truth).mean() > 0.95
    assert (
        calibration_error(classifier.predict_proba(test), np.searchsorted(classifier.classes_, truth)) < 0.06
    )


def test_probabilities_are_finite_and_sum_to_one(products: tuple[Views, np.ndarray]) -> None:
    views, y = products
    probabilities = FusionClassifier().fit(views, y).predict_proba(views)
    assert np.isfinite(probabilities).all()
    np.testing.assert_allclose(probabilities.sum(axis=1), 1.0)


def test_training_twice_gives_the_same_probabilities(products: tuple[Views, np.ndarray]) -> None:
    views, y = products
    first, second = (FusionClassifier().fit(views, y).predict_proba(views) for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_it_can_be_cloned_with_its_settings() -> None:
    copy = clone(FusionClassifier(penalty=2.0, use=("words",)))
    assert copy.get_params() == {"penalty": 2.0, "use": ("words",)}


def test_a_product_without_picture_is_judged_by_its_text(products: tuple[Views, np.ndarray]) -> None:
    views, y = products
    classifier = FusionClassifier().fit(views, y)
    row = views.take([4])
    without = Views(row.texts, None, row.text_vectors, None, None, None)
    blind = Views(row.texts, None, row.text_vectors, None, row.picture_vectors, np.array([False]))
    np.testing.assert_array_equal(classifier.predict_proba(without), classifier.predict_proba(blind))
    assert classifier.predict(without)[0] == y[4]


def test_a_product_without_text_is_judged_by_its_picture(products: tuple[Views, np.ndarray]) -> None:
    views, y = products
    classifier = FusionClassifier().fit(views, y)
    rows = np.flatnonzero(views.has_picture)
    blank = views.take(rows)
    silent = Views([""] * len(rows), None, blank.text_vectors, np.zeros(len(rows), bool),
                   blank.picture_vectors, blank.has_picture)  # fmt: skip
    assert (classifier.predict(silent) == y[rows]).mean() > 0.6


def test_a_product_with_nothing_gets_the_shares_of_the_categories(products: tuple[Views, np.ndarray]) -> None:
    views, y = products
    classifier = FusionClassifier().fit(views, y)
    nothing = Views([""], None, None, None, None, None)
    np.testing.assert_allclose(classifier.predict_proba(nothing)[0], classifier.prior_)


def test_one_category_is_always_suggested() -> None:
    views, _ = make_products(12)
    classifier = FusionClassifier().fit(views, ["only"] * 12)
    np.testing.assert_allclose(classifier.predict_proba(views), 1.0)


@pytest.mark.parametrize("n", [2, 3, 5])
def test_a_handful_of_products_is_enough_to_train(n: int) -> None:
    views, y = make_products(n)
    probabilities = FusionClassifier().fit(views, y).predict_proba(views)
    assert np.isfinite(probabilities).all()


def test_a_category_of_one_product_does_no_harm() -> None:
    views, y = make_products(91)
    labels = y.astype(object)
    labels[0] = "rare"
    classifier = FusionClassifier().fit(views, labels.astype(str))
    assert (classifier.predict(views)[1:] == labels[1:]).mean() > 0.95


def test_no_label_at_all_is_said_to_be_too_few() -> None:
    with pytest.raises(NotReadyError, match="Label some"):
        FusionClassifier().fit(Views([]), [])


def test_weights_of_zero_are_as_if_the_product_were_absent() -> None:
    views, y = make_products(120)
    wrong = np.where(np.arange(120) < 30, "mugs", y)
    weight = np.where(np.arange(120) < 30, 0.0, 1.0)
    with_zero = FusionClassifier(use=("text",)).fit(views, wrong, weight).experts_["text"]
    assert np.isfinite(with_zero.weights).all()
    others = FusionClassifier(use=("text",)).fit(views.take(np.arange(30, 120)), y[30:])
    test, truth = make_products(90, seed=3)
    assert (others.predict(test) == truth).mean() > 0.9


def test_vectors_of_another_encoder_are_refused(products: tuple[Views, np.ndarray]) -> None:
    views, y = products
    classifier = FusionClassifier().fit(views, y)
    with pytest.raises(InputError, match="train again"):
        classifier.predict_proba(Views(["mug"], None, np.ones((1, 5)), None, None, None))


def test_training_stops_at_a_cancel(products: tuple[Views, np.ndarray]) -> None:
    progress = Progress()
    progress.token.cancel()
    with pytest.raises(Cancelled):
        FusionClassifier().fit(*products, progress=progress)


def test_views_of_different_length_are_refused() -> None:
    with pytest.raises(InputError, match="one row in every view"):
        Views(["a", "b"], None, np.ones((3, 2)))
