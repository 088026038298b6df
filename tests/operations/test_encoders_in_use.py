"""Every encoder can carry map, clusters and search, stays in use, and encodes what comes later."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import prodlabel
from prodlabel import paths
from prodlabel.core.errors import Cancelled, NotReadyError
from prodlabel.core.progress import Progress, ProgressState
from prodlabel.encoders.registry import partner_of
from prodlabel.gui.jobs import MapWish, make_maps
from prodlabel.operations.encode import VECTOR_FOLDER, encode, load_block
from prodlabel.operations.layout import AXES, LayoutSettings
from prodlabel.operations.materials import Materials, encoders_in_use, remember_block_in_use
from prodlabel.operations.search import search_by_picture, search_by_text
from prodlabel.operations.spaces import PICTURE, TEXT
from prodlabel.operations.steps import cluster_project, encode_project, map_project
from prodlabel.operations.study import study
from prodlabel.project.project import Project
from prodlabel.sources.pictures import decode
from tests.encoders import networks
from tests.operations.small_shop import take_in


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "shop.prodlabel") as made:
        take_in(made, tmp_path)
        yield made


def use(project: Project, **encoders: str) -> Materials:
    """Encode with these, and let the project work with them."""
    encode_project(project, tuple(encoders.values()), Progress())
    for kind, encoder_id in encoders.items():
        remember_block_in_use(project.folder, kind, encoder_id)
    return Materials(project.snapshot())


def are_watches(project: Project, rows: np.ndarray) -> list[bool]:
    return [texts.name.split()[1] == "watch" for texts in project.texts(rows)]


def until_the_map() -> Progress:
    """Ends when all is encoded."""
    progress = Progress()

    def watch(state: ProgressState) -> None:
        if state.stage.startswith("Joining"):
            progress.token.cancel()

    progress.listener = watch
    return progress


@pytest.mark.parametrize("encoder", ["tfidf", "lsa", "word2vec"])
def test_an_encoder_that_learns_on_the_catalogue_carries_map_clusters_and_search(
    shop: Project, encoder: str
) -> None:
    materials = use(shop, text=encoder)
    settings = LayoutSettings(TEXT, method=AXES)
    assert np.isfinite(map_project(shop, materials, settings, Progress()).xy).all()
    found = cluster_project(shop, materials, settings, Progress(), count=2)
    assert set(found.cluster.tolist()) == {0, 1}
    hits = search_by_text(materials, "watch with leather strap", 5)
    assert all(are_watches(shop, hits.rows))
    assert not len(search_by_text(materials, "qwertz", 5).rows), "no product is like an unknown word"


@pytest.mark.parametrize("encoder", ["sift", "orb", "colour"])
def test_an_encoder_of_pictures_carries_a_map_and_finds_a_picture(
    shop: Project, tmp_path: Path, encoder: str
) -> None:
    materials = use(shop, picture=encoder)
    assert len(map_project(shop, materials, LayoutSettings(PICTURE, method=AXES), Progress()).xy) == 24
    hits = search_by_picture(materials, tmp_path / "images" / "5.jpg", 6)
    assert {row % 4 for row in hits.rows.tolist()} == {1}, "every fourth picture is drawn alike"


def test_what_comes_later_lies_where_the_old_lies_and_nothing_is_learnt_twice(
    shop: Project, tmp_path: Path
) -> None:
    use(shop, text="lsa")
    before = load_block(shop.snapshot(), "lsa", "text")
    assert before is not None
    take_in(shop, tmp_path, 30)
    reports = encode_project(shop, ("lsa",), Progress())
    assert [one.encoded for one in reports if one.field == "text"] == [6]
    after = load_block(shop.snapshot(), "lsa", "text")
    assert after is not None
    assert after.is_present.all()
    np.testing.assert_array_equal(after.vectors[:24], before.vectors[:24])
    assert np.argmax(before.vectors[:24] @ after.vectors[24]) % 2 == 0, "a watch is near a watch"
    anew = encode_project(shop, ("lsa",), Progress(), is_new=True)
    assert [one.encoded for one in anew if one.field == "text"] == [30]


def test_a_damaged_fit_is_made_again(shop: Project) -> None:
    use(shop, text="lsa")
    (shop.folder / VECTOR_FOLDER / "lsa.fit.npz").write_bytes(b"damaged")
    with pytest.raises(NotReadyError, match="LSA topics has not learnt"):
        search_by_text(Materials(shop.snapshot()), "watch")
    encode_project(shop, ("lsa",), Progress())
    assert len(search_by_text(Materials(shop.snapshot()), "watch", 3).rows) == 3


def test_programs_get_vectors_of_encoders_that_learn_on_the_catalogue(shop: Project) -> None:
    vectors = prodlabel.Shop(shop).encode("tfidf")
    assert vectors.shape[0] == 24
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_window_and_study_encode_what_is_new_with_the_encoders_in_use(shop: Project, tmp_path: Path) -> None:
    assert encoders_in_use(shop.folder) == ("minilm", "efficientnet-lite0")
    use(shop, text="lsa", picture="colour")
    assert encoders_in_use(shop.folder) == ("lsa", "colour")
    take_in(shop, tmp_path, 26)
    with pytest.raises(Cancelled):
        make_maps(shop.snapshot(), {}, MapWish(PICTURE), until_the_map())
    for encoder, field in (("lsa", "text"), ("colour", "picture")):
        block = load_block(shop.snapshot(), encoder, field)
        assert block is not None
        assert block.is_present[24:].all(), encoder
    take_in(shop, tmp_path, 28)
    with pytest.raises(Cancelled):
        study(shop, None, tmp_path / "report.html", until_the_map())
    block = load_block(shop.snapshot(), "lsa", "text")
    assert block is not None
    assert block.is_present[26:].all()
    assert not list((shop.folder / VECTOR_FOLDER).glob("minilm*")), "what nobody uses is not encoded"


def test_vectors_that_were_brought_along_are_not_encoded(shop: Project) -> None:
    remember_block_in_use(shop.folder, "text", "brought-mine")
    assert encoders_in_use(shop.folder) == ("efficientnet-lite0",)


@pytest.fixture
def pair(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """The ids of two encoders of one space."""
    pytest.importorskip("onnx", reason="the tiny networks are made with onnx")
    monkeypatch.setattr(paths, "user_weights", lambda: tmp_path / "weights")
    networks.write_pair(tmp_path / "weights" / "tiny")
    networks.write_pair(tmp_path / "weights" / "apart", is_shared_space=False)
    return "onnx-tiny-text", "onnx-tiny-picture"


def test_words_find_pictures_with_a_pair(shop: Project, pair: tuple[str, str]) -> None:
    text, picture = pair
    assert partner_of(picture) == text
    assert partner_of("onnx-apart-picture") is None
    materials = use(shop, picture=picture)
    assert not materials.text_blocks()
    block = materials.picture_block()
    assert block is not None
    hits = search_by_text(materials, "red towel", 23)
    cosines = np.asarray(block.vectors) @ materials.encoder(text).encode(["red towel"])[0]
    assert sorted(hits.rows.tolist()) == np.flatnonzero(block.is_present).tolist()
    assert (np.diff(cosines[hits.rows]) <= 1e-6).all(), "the pictures that fit best come first"
    np.testing.assert_allclose(hits.similarity, cosines[hits.rows], atol=1e-6)


def test_words_are_sought_in_texts_and_pictures_and_a_picture_finds_texts(
    shop: Project, tmp_path: Path, pair: tuple[str, str]
) -> None:
    text, picture = pair
    materials = use(shop, picture=picture, text="lsa")
    hits = search_by_text(materials, "watch with leather strap", 24)
    assert 3 in hits.rows.tolist(), "it has no picture, so its text was found"
    in_pictures = search_by_text(
        Materials(shop.snapshot(), text_encoder="minilm"), "watch with leather strap", 24
    )
    assert set(hits.rows[:8].tolist()) != set(in_pictures.rows[:8].tolist())
    encode(shop.snapshot(), (text,), Progress())
    file = tmp_path / "images" / "5.jpg"
    found = search_by_picture(Materials(shop.snapshot()), file, 24)
    query = materials.encoder(picture).encode([decode(file, short_side_px=32)])[0]
    texts = np.max(
        [np.asarray(one.vectors) @ query for one in Materials(shop.snapshot()).text_blocks(text)], axis=0
    )
    at = found.rows.tolist().index(3)
    assert found.similarity[at] == pytest.approx(texts[3], abs=1e-5), "only its text can have been found"
