"""The encoders with the weights that ship, against numbers from their float32 originals."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from prodlabel.encoders.image.efficientnet_lite0 import EfficientNetLite0
from prodlabel.encoders.protocol import ItemEncoder
from prodlabel.encoders.text.minilm import MiniLm
from prodlabel.encoders.text.use import UniversalSentenceEncoder
from tests.encoders.pictures import drawn_picture

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture(scope="module")
def minilm() -> MiniLm:
    return MiniLm(threads=1)


@pytest.fixture(scope="module")
def efficientnet() -> EfficientNetLite0:
    return EfficientNetLite0(threads=1)


@pytest.fixture(scope="module")
def use() -> UniversalSentenceEncoder:
    return UniversalSentenceEncoder(threads=1)


def _golden(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((GOLDEN / name).read_text(encoding="utf-8"))
    return content


def _cosines(a: Any, b: Any) -> NDArray[np.float64]:
    a, b = np.asarray(a, float), np.asarray(b, float)
    cosines: NDArray[np.float64] = (a * b).sum(1) / np.linalg.norm(a, axis=1) / np.linalg.norm(b, axis=1)
    return cosines


def test_minilm_gives_the_vectors_of_the_float32_network(minilm: MiniLm) -> None:
    golden = _golden("minilm.json")
    vectors = minilm.encode(golden["texts"])
    assert vectors.shape == (len(golden["texts"]), 384)
    assert _cosines(vectors[:, ::3], golden["every_third"]).min() > 0.985


def test_minilm_finds_what_means_the_same(minilm: MiniLm) -> None:
    towel, bath, router = minilm.encode(
        ["cotton bath towel", "soft towels for the bath", "WiFi router 300 Mbps"]
    )
    assert towel @ bath > 0.7 > 0.3 > towel @ router


def test_a_text_has_the_same_vector_in_any_batch(minilm: MiniLm) -> None:
    texts = ["mug", "a red mug of stoneware for coffee or tea " * 6, "watch with leather strap", "x" * 300]
    alone = np.vstack([minilm.encode([text]) for text in texts])
    together = minilm.encode(texts)
    backwards = minilm.encode(texts[::-1])[::-1]
    np.testing.assert_allclose(together, alone, atol=2e-3)
    np.testing.assert_allclose(together, backwards, atol=2e-3)
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, rtol=1e-5)


def test_texts_without_content_get_zero_vectors(minilm: MiniLm) -> None:
    vectors = minilm.encode(["", "  \n", "mug"])
    assert not vectors[:2].any()
    assert vectors[2].any()
    assert minilm.encode([]).shape == (0, 384)


def test_odd_texts_are_encoded(minilm: MiniLm) -> None:
    vectors = minilm.encode(
        ["\ud800 lone surrogate", "\x00 nul", "木の椅子です", "🙂" * 5, "word " * 2_000_000]
    )
    assert np.isfinite(vectors).all()


def test_use_gives_the_vectors_of_the_published_weights(use: UniversalSentenceEncoder) -> None:
    golden = _golden("use.json")
    vectors = use.encode(golden["texts"])
    assert vectors.shape == (len(golden["texts"]), 512)
    assert _cosines(vectors[:, ::4], golden["every_fourth"]).min() > 0.9999


def test_use_finds_the_same_thing_in_another_language(use: UniversalSentenceEncoder) -> None:
    towel, serviette, router = use.encode(["cotton bath towel", "serviette de bain en coton", "WiFi router"])
    assert towel @ serviette > 0.8 > 0.3 > towel @ router


def test_use_gives_a_text_the_same_vector_in_any_batch(use: UniversalSentenceEncoder) -> None:
    texts = ["mug", "a red mug for coffee or tea " * 60, "", "\ud800 木の椅子です"]
    vectors = use.encode(texts)
    np.testing.assert_allclose(vectors, np.vstack([use.encode([text]) for text in texts]), atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), [1, 1, 0, 1], atol=1e-5)


def test_efficientnet_gives_the_vectors_of_the_float32_network(efficientnet: EfficientNetLite0) -> None:
    golden = _golden("efficientnet_lite0.json")["every_tenth"]
    vectors = efficientnet.encode([drawn_picture(number) for number in range(len(golden))])
    assert vectors.shape == (len(golden), 1280)
    assert _cosines(vectors[:, ::10], golden).min() > 0.9999


def test_a_picture_has_the_same_vector_in_any_batch(efficientnet: EfficientNetLite0) -> None:
    pictures = [drawn_picture(number, 200 + 40 * number, 260) for number in range(6)]
    alone = np.vstack([efficientnet.encode([picture]) for picture in pictures])
    np.testing.assert_allclose(efficientnet.encode(pictures), alone, atol=1e-5)


@pytest.mark.parametrize("views", ["one", "crops", "all"])
@pytest.mark.parametrize("shape", [(1, 1), (1, 900), (900, 3), (257, 255)])
def test_pictures_of_any_shape_are_encoded(views: str, shape: tuple[int, int]) -> None:
    encoder = EfficientNetLite0(views, threads=1)
    for shade in (0, 128, 255):
        vector = encoder.encode([np.full((*shape, 3), shade, np.uint8)])[0]
        assert np.isclose(np.linalg.norm(vector), 1, rtol=1e-5)


def test_the_white_border_of_a_picture_does_not_matter(efficientnet: EfficientNetLite0) -> None:
    picture = drawn_picture(1)
    framed = np.full((500, 600, 3), 255, np.uint8)
    framed[100:340, 90:390] = picture
    a, b = efficientnet.encode([picture, framed])
    assert a @ b > 0.999


def test_settings_that_change_vectors_change_the_version() -> None:
    encoders: list[ItemEncoder] = [MiniLm(), MiniLm(64), EfficientNetLite0(), EfficientNetLite0("all")]
    versions = [encoder.version for encoder in encoders]
    assert len(set(versions)) == len(versions)
    assert all(version.replace("-", "").replace(".", "").isalnum() for version in versions)
    assert MiniLm(threads=1).version == MiniLm(threads=2).version


def test_settings_out_of_range_are_refused() -> None:
    with pytest.raises(ValueError, match="max_tokens"):
        MiniLm(1000)
    with pytest.raises(ValueError, match="views"):
        EfficientNetLite0("many")
