"""SIFT and ORB visual words and colour histograms: unit rows, the same vectors whatever the threads."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from prodlabel.core.errors import Cancelled
from prodlabel.core.progress import CancelToken, Progress
from prodlabel.encoders.image.colour import ColourPyramid
from prodlabel.encoders.image.grey import GreySettings, grey_and_mask
from prodlabel.encoders.image.orb import Orb
from prodlabel.encoders.image.sift import Sift
from prodlabel.encoders.image.visual_words import VisualWords
from tests.encoders.pictures import drawn_picture

PICTURES = [*(drawn_picture(i) for i in range(6)), None, np.full((60, 60, 3), 255, np.uint8)]


@pytest.fixture(params=[Sift, Orb], ids=["sift", "orb"])
def kind(request: pytest.FixtureRequest) -> type[VisualWords]:
    return request.param


@pytest.mark.parametrize(("encoding", "factor"), [("counts", 1), ("tfidf", 1), ("vlad", None)])
def test_rows_are_unit_or_zero_without_features(
    kind: type[VisualWords], encoding: str, factor: int | None
) -> None:
    vectors = kind(8, encoding).fit_transform(PICTURES)
    assert vectors.dtype == np.float32
    assert vectors.shape == (8, 8 * (factor or kind.width))
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), [1] * 6 + [0] * 2, atol=1e-5)


def test_the_number_of_threads_changes_nothing(kind: type[VisualWords]) -> None:
    one, four = kind(8, threads=1).fit_transform(PICTURES), kind(8, threads=4).fit_transform(PICTURES)
    assert np.array_equal(one, four)


def test_fit_transform_is_fit_and_then_transform(kind: type[VisualWords]) -> None:
    assert np.array_equal(kind(8).fit(PICTURES).transform(PICTURES), kind(8).fit_transform(PICTURES))


def test_the_state_survives_json_and_arrays(kind: type[VisualWords]) -> None:
    fitted = kind(8, grey=GreySettings(is_foreground=True)).fit(PICTURES)
    facts, arrays = fitted.state()
    again = kind.from_state(json.loads(json.dumps(facts)), arrays)
    assert again.version == fitted.version
    assert np.array_equal(again.transform(PICTURES), fitted.transform(PICTURES))


@pytest.mark.parametrize("pictures", [[], [None], [np.zeros((5, 3, 3), np.uint8)]])
def test_catalogues_without_features_are_fitted(kind: type[VisualWords], pictures: list[Any]) -> None:
    assert not kind(8).fit_transform(pictures).any()


def test_a_turned_disc_is_nearer_to_itself_than_to_noise() -> None:
    noise = np.random.default_rng(0).integers(0, 255, (240, 300, 3), np.uint8)
    vectors = Sift(20, "counts").fit_transform([drawn_picture(1), drawn_picture(1)[::-1], noise])
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]


def test_it_stops_when_asked() -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        Sift(8).fit(PICTURES, Progress(token=token))


def test_stretching_uses_all_of_the_scale() -> None:
    dull = (drawn_picture(1) // 4 + 90).astype(np.uint8)
    grey, mask = grey_and_mask(dull, 400, GreySettings())
    assert mask is None
    assert (grey.min(), grey.max()) == (0, 255)


def test_long_pictures_are_shrunk_to_the_side() -> None:
    grey, _ = grey_and_mask(drawn_picture(0, 900, 300), 400, GreySettings(blur_px=1.0))
    assert grey.shape == (133, 400)


def test_the_foreground_is_what_is_not_white() -> None:
    picture = drawn_picture(0)
    mask = grey_and_mask(picture, 400, GreySettings(is_foreground=True))[1]
    assert mask is not None
    assert mask[0, 0] == 0
    assert mask[120, 150] == 255
    white = np.full((50, 50, 3), 255, np.uint8)
    assert grey_and_mask(white, 400, GreySettings(is_foreground=True))[1] is None


def test_colour_histograms_tell_colours_and_places() -> None:
    red, blue = (np.zeros((60, 80, 3), np.uint8) for _ in range(2))
    red[..., 0], blue[..., 2] = 200, 200
    half = red.copy()
    half[:, 40:] = blue[:, 40:]
    vectors = ColourPyramid().encode([red, blue, half, half[:, ::-1]])
    assert vectors.shape == (4, ColourPyramid.dim)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert vectors[0] @ vectors[1] < 0.01
    assert vectors[0] @ vectors[2] > 0.3
    assert vectors[2] @ vectors[3] < 0.99, "left and right differ"


def test_a_white_picture_has_a_colour_too() -> None:
    assert ColourPyramid().encode([np.full((20, 20, 3), 255, np.uint8)]).any()
