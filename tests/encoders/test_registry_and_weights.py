"""Encoders are found by their id, and say in one line what they lack."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from prodlabel import paths
from prodlabel.core.errors import InputError, WeightsMissingError
from prodlabel.encoders import registry
from prodlabel.encoders.protocol import CorpusEncoder, ItemEncoder
from prodlabel.encoders.registry import Scope
from prodlabel.encoders.weights import find_weights, what_is_missing
from tests.encoders.pictures import drawn_picture


def _folder_of_weights(parent: Path, content: bytes = b"weights") -> Path:
    folder = parent / "tiny"
    folder.mkdir(parents=True)
    (folder / "model.onnx").write_bytes(content)
    files = {"model.onnx": {"sha256": hashlib.sha256(content).hexdigest()}}
    (folder / "manifest.json").write_text(json.dumps({"name": "tiny", "version": "3", "files": files}))
    return folder


@pytest.fixture
def user_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(paths, "user_weights", lambda: tmp_path / "weights")
    return tmp_path / "weights"


@pytest.mark.parametrize("entry", registry.ENTRIES, ids=lambda entry: entry.id)
def test_every_entry_names_a_class_that_keeps_its_protocol(entry: registry.Entry) -> None:
    made = registry.encoder_class(entry.id)(**dict(entry.settings))
    assert made.kind == entry.kind
    if not entry.settings:  # one class with other settings is named by the table
        assert (made.id, made.title) == (entry.id, entry.title)
    protocol = ItemEncoder if entry.scope is Scope.ITEM else CorpusEncoder
    wanted = {name for name in {*vars(protocol), *protocol.__annotations__} if not name.startswith("_")}
    # Not isinstance: it would ask for the version, which some read from weights that may not be here.
    lacking = {name for name in wanted if not hasattr(type(made), name) and name not in vars(made)}
    assert not lacking


@pytest.mark.parametrize("encoder_id", ["sift-vlad", "sift-blur", "sift-foreground", "orb-foreground"])
def test_an_option_of_visual_words_is_an_encoder_of_its_own(encoder_id: str) -> None:
    made = registry.corpus_encoder(encoder_id)
    plain = registry.corpus_encoder(encoder_id.split("-", maxsplit=1)[0])
    pictures = [drawn_picture(number) for number in range(4)]
    assert made.id == encoder_id
    assert made.version != plain.version
    vectors = made.fit_transform(pictures)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    again = registry.encoder_class(encoder_id).from_state(*made.state())
    np.testing.assert_array_equal(again.transform(pictures), vectors)


def test_options_of_efficientnet_show_it_other_views() -> None:
    picture = drawn_picture(1, 300, 400)
    found = {}
    for option in ("", "-flips", "-letterbox", "-crops"):
        encoder = registry.item_encoder(f"efficientnet-lite0{option}")
        assert encoder.version not in found
        found[encoder.version] = encoder.encode([picture])[0]
    vectors = np.stack(list(found.values()))
    likeness = vectors @ vectors.T
    assert (likeness[np.triu_indices(4, 1)] < 0.99999).all()
    mirrored = registry.item_encoder("efficientnet-lite0-flips").encode([picture, picture[:, ::-1]])
    np.testing.assert_allclose(mirrored[0], mirrored[1], atol=1e-4)


def test_cleaned_words_are_a_row_beside_tfidf() -> None:
    encoder = registry.corpus_encoder("tfidf-clean")
    encoder.fit(["the towels of cotton", "the watches of steel", "a towel", "a watch"])
    assert encoder.words() == ["towel", "watch"]
    assert registry.corpus_encoder("tfidf").version != encoder.version


def test_ids_are_unique() -> None:
    ids = [entry.id for entry in registry.ENTRIES]
    assert len(set(ids)) == len(ids)


def test_the_encoders_whose_weights_ship_are_available() -> None:
    states = {state.entry.id: state for state in registry.available()}
    for encoder_id in ("minilm", "tfidf", "efficientnet-lite0"):
        assert states[encoder_id].is_available, states[encoder_id].missing


def test_an_unknown_encoder_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InputError, match="minilm"):
        registry.item_encoder("nonsense")


def test_a_corpus_encoder_is_not_an_item_encoder() -> None:
    with pytest.raises(InputError, match="TF-IDF"):
        registry.item_encoder("tfidf")


def test_missing_weights_are_named_with_where_to_put_them(
    user_weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "models", lambda: user_weights.parent / "nothing")
    states = {state.entry.id: state for state in registry.available()}
    assert str(user_weights) in str(states["minilm"].missing)
    with pytest.raises(WeightsMissingError, match="minilm-l6-v2"):
        registry.item_encoder("minilm")


def test_weights_of_the_user_are_found(user_weights: Path) -> None:
    folder = _folder_of_weights(user_weights)
    weights = find_weights("tiny")
    assert weights.stamp == "tiny-3"
    assert weights.file("model.onnx") == folder / "model.onnx"


def test_a_file_that_differs_from_its_checksum_is_not_used(user_weights: Path) -> None:
    folder = _folder_of_weights(user_weights)
    (folder / "model.onnx").write_bytes(b"weightz")
    with pytest.raises(InputError, match="damaged"):
        find_weights("tiny").file("model.onnx")


def test_a_file_that_is_gone_is_named(user_weights: Path) -> None:
    (_folder_of_weights(user_weights) / "model.onnx").unlink()
    assert "model.onnx" in str(what_is_missing("tiny"))
    with pytest.raises(WeightsMissingError):
        find_weights("tiny")


def test_a_broken_manifest_says_so(user_weights: Path) -> None:
    (_folder_of_weights(user_weights) / "manifest.json").write_text("{")
    with pytest.raises(InputError, match="manifest"):
        find_weights("tiny")


@pytest.mark.parametrize("folder", sorted(p.parent for p in paths.models().glob("*/manifest.json")), ids=str)
def test_shipped_weights_match_their_manifests_and_carry_a_licence(folder: Path) -> None:
    weights = find_weights(folder.name)
    manifest = weights.manifest
    assert manifest["name"] == folder.name
    assert set(manifest["files"]) == {p.name for p in folder.iterdir()} - {"manifest.json"}
    assert "LICENSE" in manifest["files"]
    for name in manifest["files"]:
        weights.file(name)
    script = paths.models() / f"make_{folder.name.replace('-', '_')}.py"
    assert script.is_file(), "the script that made the weights is kept beside them"


def test_listing_encoders_imports_nothing_heavy() -> None:
    code = (
        "import sys; from prodlabel.encoders import registry, streaming; registry.available();"
        "print([m for m in ('sklearn', 'cv2', 'onnxruntime', 'scipy', 'tokenizers') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
