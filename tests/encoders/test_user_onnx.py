"""The user's own ONNX encoders work by a small manifest, and bad manifests are explained."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from prodlabel import paths
from prodlabel.core.errors import InputError, WeightsMissingError
from prodlabel.core.progress import Progress
from prodlabel.encoders import registry
from prodlabel.encoders.image.crops import middle
from prodlabel.encoders.protocol import ItemEncoder
from prodlabel.encoders.streaming import encode_stream
from prodlabel.encoders.text import bert
from prodlabel.encoders.text.bert import Bert
from prodlabel.encoders.user_onnx import read_folder
from tests.encoders import networks
from tests.encoders.pictures import drawn_picture

pytest.importorskip("onnx", reason="the tiny networks are made with onnx")

TEXTS = ["red towel", "a blue watch", "", "red"]
PICTURES = [drawn_picture(i) for i in range(5)]


@pytest.fixture
def weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(paths, "user_weights", lambda: tmp_path / "weights")
    return tmp_path / "weights"


def test_a_folder_of_the_user_becomes_encoders(weights: Path) -> None:
    networks.write_pair(weights / "tiny")
    ids = {state.entry.id: state for state in registry.available()}
    assert ids["onnx-tiny-text"].is_available
    assert ids["onnx-tiny-picture"].entry.title == "Tiny CLIP (picture)"
    for encoder_id in ("onnx-tiny-text", "onnx-tiny-picture"):
        made = registry.item_encoder(encoder_id)
        assert isinstance(made, ItemEncoder)
        assert (made.id, made.dim) == (encoder_id, networks.DIM)


def test_words_and_pictures_of_a_shared_space_are_a_pair(weights: Path) -> None:
    networks.write_pair(weights / "tiny")
    networks.write_pair(weights / "apart", is_shared_space=False)
    assert [(a.id, b.id) for a, b in registry.pairs()] == [("onnx-tiny-text", "onnx-tiny-picture")]


def test_texts_become_unit_vectors_whatever_their_batch(weights: Path) -> None:
    networks.write_pair(weights / "tiny")
    encoder = registry.item_encoder("onnx-tiny-text")
    together = encoder.encode(TEXTS)
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), [1, 1, 0, 1], atol=1e-6)
    for row, text in enumerate(TEXTS):
        np.testing.assert_allclose(encoder.encode([text])[0], together[row], atol=1e-6)


@pytest.mark.parametrize(("is_pooled", "pooling"), [(True, "none"), (False, "first"), (False, "mean")])
def test_each_pooling_and_a_fixed_length_work(weights: Path, is_pooled: bool, pooling: str) -> None:
    part = {"model": "text.onnx", "dim": networks.DIM, "max_tokens": 8, "pooling": pooling}
    networks.write_pair(weights / "tiny", text=part)
    networks.write_text_network(weights / "tiny" / "text.onnx", is_pooled=is_pooled, length=6)
    vectors = registry.item_encoder("onnx-tiny-text").encode(["red towel", "a " * 50])
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)


@pytest.mark.parametrize("batch", ["batch", 1, 2])
def test_pictures_become_unit_vectors_whatever_the_batch(weights: Path, batch: int | str) -> None:
    networks.write_pair(weights / "tiny")
    networks.write_picture_network(weights / "tiny" / "picture.onnx", batch)
    encoder = registry.item_encoder("onnx-tiny-picture")
    together = encoder.encode(PICTURES)
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(encoder.encode(PICTURES[3:4])[0], together[3], atol=1e-5)


def test_they_run_in_the_stream(weights: Path) -> None:
    networks.write_pair(weights / "tiny")
    for encoder_id, items in (("onnx-tiny-text", TEXTS), ("onnx-tiny-picture", PICTURES)):
        encoder = registry.item_encoder(encoder_id)
        seen = [
            i for rows, _ in encode_stream(encoder, len(items), items.__getitem__, Progress()) for i in rows
        ]
        assert sorted(seen) == list(range(len(items)))


def test_colours_and_scale_reach_the_network_as_the_manifest_says(weights: Path) -> None:
    part = {"model": "picture.onnx", "dim": networks.DIM, "side_px": 32}
    vectors = []
    for change in ({}, {"order": "bgr"}, {"mean": [0, 0, 0]}, {"fit": "letterbox"}):
        networks.write_pair(weights / "tiny", picture={**part, **change})
        vectors.append(registry.item_encoder("onnx-tiny-picture").encode([drawn_picture(1)])[0])
    for other in vectors[1:]:
        assert abs(vectors[0] @ other) < 0.9999


def test_other_weights_make_another_version(weights: Path) -> None:
    folder = networks.write_pair(weights / "tiny")
    before = registry.item_encoder("onnx-tiny-picture").version
    networks.write_picture_network(folder / "picture.onnx", 1)
    assert registry.item_encoder("onnx-tiny-picture").version != before


@pytest.mark.parametrize(
    ("changes", "hint"),
    [
        ({"text": {"model": "../text.onnx", "dim": 6}}, "model"),
        ({"text": {"model": "text.onnx"}}, "dim"),
        ({"text": {"model": "text.onnx", "dim": True}}, "dim"),
        ({"text": {"model": "text.onnx", "dim": 6, "colour": 1}}, "colour"),
        ({"text": {"model": "text.onnx", "dim": 6, "pooling": "sum"}}, "pooling"),
        ({"picture": {"model": "p.onnx", "dim": 6, "std": [0, 1, 1]}}, "std"),
        ({"picture": {"model": "p.onnx", "dim": 6, "side_px": 10**6}}, "side_px"),
        ({"picture": {"model": "p.onnx", "dim": 7}}, "shared"),
        ({"is_shared_space": "yes"}, "is_shared_space"),
        ({"text": []}, "text"),
        ({"files": []}, "manifest"),
    ],
)
def test_a_wrong_manifest_is_told_by_the_entry(weights: Path, changes: dict[str, Any], hint: str) -> None:
    networks.write_pair(weights / "tiny", **changes)
    with pytest.raises(InputError, match=hint):
        read_folder(weights / "tiny")
    state = next(s for s in registry.available() if s.entry.id == "onnx-tiny")
    assert hint in str(state.missing)


def test_a_manifest_that_is_no_json_hides_no_other_encoder(weights: Path) -> None:
    networks.write_pair(weights / "tiny")
    (weights / "broken").mkdir()
    (weights / "broken" / "manifest.json").write_text("[" * 100_000)
    assert {"onnx-broken", "onnx-tiny-text", "minilm"} <= {s.entry.id for s in registry.available()}


def test_a_checksum_is_held_to(weights: Path) -> None:
    folder = networks.write_pair(weights / "tiny")
    right = hashlib.sha256((folder / "text.onnx").read_bytes()).hexdigest()
    networks.write_pair(folder, files={"text.onnx": {"sha256": right}, "picture.onnx": {"sha256": "0" * 64}})
    registry.item_encoder("onnx-tiny-text").encode(TEXTS)
    with pytest.raises(InputError, match="not the file"):
        registry.item_encoder("onnx-tiny-picture").encode(PICTURES)


@pytest.mark.parametrize("name", ["text.onnx", "tokenizer.json"])
def test_a_missing_or_foreign_file_is_told_in_a_sentence(weights: Path, name: str) -> None:
    folder = networks.write_pair(weights / "tiny")
    (folder / name).write_bytes(b"nonsense")
    with pytest.raises(InputError, match=name.replace(".", r"\.")):
        registry.item_encoder("onnx-tiny-text").encode(TEXTS)
    (folder / name).unlink()
    with pytest.raises(WeightsMissingError, match=name.replace(".", r"\.")):
        registry.item_encoder("onnx-tiny-text").encode(TEXTS)


def test_a_manifest_that_does_not_fit_its_network_is_told(weights: Path) -> None:
    wrong = {"model": "picture.onnx", "dim": networks.DIM, "side_px": 64}
    networks.write_pair(weights / "tiny", picture=wrong)
    with pytest.raises(InputError, match="tiny"):
        registry.item_encoder("onnx-tiny-picture").encode(PICTURES)
    networks.write_pair(
        weights / "tiny", text={"model": "text.onnx", "dim": 9, "max_tokens": 8}, is_shared_space=False
    )
    with pytest.raises(InputError, match="dim 9"):
        registry.item_encoder("onnx-tiny-text").encode(TEXTS)


@pytest.mark.parametrize("has_config", [True, False])
def test_bert_is_the_mean_of_the_tokens_that_are_there(weights: Path, has_config: bool) -> None:
    folder = weights / "bert"
    networks.write_tokenizer(folder / "tokenizer.json")
    networks.write_text_network(folder / "onnx" / "model.onnx")
    if has_config:
        config = {"hidden_size": networks.DIM, "max_position_embeddings": 8}
        (folder / "config.json").write_text(json.dumps(config))
    encoder = registry.item_encoder("bert")
    vectors = encoder.encode(["red towel", "a blue watch a blue watch", ""])
    table = np.random.default_rng(0).normal(size=(len(networks.WORDS), networks.DIM)).astype(np.float32)
    mean = table[[2, 6, 4, 3]].mean(axis=0)
    np.testing.assert_allclose(vectors[0], mean / np.linalg.norm(mean), atol=1e-5)
    assert not vectors[2].any()
    assert encoder.version.startswith("bert-1-")


def test_bert_reads_an_older_list_of_words(weights: Path) -> None:
    folder = weights / "bert"
    networks.write_text_network(folder / "model.onnx")
    (folder / "vocab.txt").write_text("\n".join(networks.WORDS) + "\n", encoding="utf-8")
    assert bert.what_is_missing(folder) is None
    encoder = registry.item_encoder("bert")
    with_file = encoder.encode(["Red towel"])
    networks.write_tokenizer(folder / "tokenizer.json")
    np.testing.assert_allclose(with_file, registry.item_encoder("bert").encode(["red towel"]), atol=1e-6)


def test_bert_says_what_it_needs(tmp_path: Path) -> None:
    assert "tokenizer.json" in str(bert.what_is_missing(tmp_path))
    (tmp_path / "model.safetensors").write_bytes(b"")
    assert "optimum-cli" in str(bert.what_is_missing(tmp_path))
    with pytest.raises(WeightsMissingError, match="safetensors"):
        Bert(tmp_path).encode(["towel"])


def test_the_middle_is_square_and_in_the_middle() -> None:
    picture = np.zeros((50, 150, 3), np.uint8)
    picture[:, 50:100] = 200
    assert middle(picture, 50).shape == (50, 50, 3)
    assert (middle(picture, 50) == 200).all()
