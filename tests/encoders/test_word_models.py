"""Counts, topics and word vectors fitted to a catalogue, saved and loaded without pickle."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from prodlabel.core.errors import Cancelled
from prodlabel.core.progress import CancelToken, Progress
from prodlabel.encoders.text.counts import Counts
from prodlabel.encoders.text.lda import Lda
from prodlabel.encoders.text.lsa import Lsa
from prodlabel.encoders.text.nmf import Nmf
from prodlabel.encoders.text.tfidf import TfIdf
from prodlabel.encoders.text.word2vec import Word2Vec
from prodlabel.encoders.text.word_counts import WordCounts
from prodlabel.encoders.text.word_vectors import WordVectors

BATH = ["soft cotton towel for bath", "cotton bath towel in blue", "large bath towel, cotton"]
TIME = ["steel watch with date", "wrist watch of steel", "analog steel watch"]
TEXTS = [*BATH * 4, *TIME * 4]


def vectors_of(path: Path) -> Path:
    words = ["cotton", "towel", "bath", "steel", "watch", "wrist"]
    numbers = np.random.default_rng(0).normal(size=(len(words), 5)).round(4)
    lines = [f"{word} {' '.join(map(str, row))}" for word, row in zip(words, numbers, strict=True)]
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture(params=["counts", "tfidf", "lsa", "lda", "nmf", "word2vec", "word-vectors"])
def encoder(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    made = {
        "counts": lambda: Counts(),
        "tfidf": lambda: TfIdf(is_cleaned=True),
        "lsa": lambda: Lsa(dim=8),
        "lda": lambda: Lda(topics=4, epochs=5),
        "nmf": lambda: Nmf(topics=3),
        "word2vec": lambda: Word2Vec(dim=12, epochs=20),
        "word-vectors": lambda: WordVectors(vectors_of(tmp_path / "glove.txt")),
    }
    return made[request.param]()


def dense(matrix: Any) -> NDArray[np.float32]:
    return matrix.toarray() if hasattr(matrix, "toarray") else matrix


def test_vectors_are_float32_and_like_texts_lie_nearer_than_others(encoder: Any) -> None:
    vectors = dense(encoder.fit_transform(TEXTS))
    assert vectors.dtype == np.float32
    assert np.isfinite(vectors).all()
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    likeness = unit @ unit.T
    assert likeness[:12, :12].mean() > likeness[:12, 12:].mean() + 0.1


def test_fit_transform_is_fit_and_then_transform(encoder: Any) -> None:
    together = dense(encoder.fit_transform(TEXTS))
    np.testing.assert_allclose(dense(encoder.fit(TEXTS).transform(TEXTS)), together, atol=1e-5)


def test_a_second_fit_gives_the_same_vectors(encoder: Any) -> None:
    first = dense(encoder.fit_transform(TEXTS))
    assert np.array_equal(dense(encoder.fit_transform(TEXTS)), first)


def test_the_state_survives_json_and_arrays(encoder: Any) -> None:
    vectors = dense(encoder.fit_transform(TEXTS))
    facts, arrays = encoder.state()
    facts = json.loads(json.dumps(facts))
    if isinstance(encoder, WordVectors):
        assert "glove.txt" not in json.dumps(facts), "where a file lay on this machine is nobody's business"
    again = type(encoder).from_state(facts, arrays)
    np.testing.assert_allclose(dense(again.transform(TEXTS)), vectors, atol=1e-5)


@pytest.mark.parametrize("texts", [[""], ["", "  "], ["mug"], ["the", "!"], ["mug", "mug"]])
def test_a_tiny_or_wordless_catalogue_is_fitted(encoder: Any, texts: list[str]) -> None:
    vectors = dense(encoder.fit_transform(texts))
    assert len(vectors) == len(texts)
    assert np.isfinite(vectors).all()


def test_a_text_without_known_words_is_zero(encoder: Any) -> None:
    encoder.fit(TEXTS)
    assert not dense(encoder.transform(["zzz qqq", ""])).any()


def test_the_version_is_fit_for_a_file_name(encoder: Any) -> None:
    assert all(char.isalnum() or char in ".-" for char in encoder.version)


def test_settings_show_in_the_version() -> None:
    versions = {Lsa().version, Lsa(dim=50).version, Lsa(seed=1).version, Lsa(least_count=1).version}
    assert len(versions) == 4


@pytest.mark.expects_log  # gensim finds fewer texts than were promised
def test_a_cancel_stops_the_learning_of_word_vectors() -> None:
    token = CancelToken()

    def on_report(state: Any) -> None:
        if state.stage == "Learning word vectors" and state.done:
            token.cancel()

    with pytest.raises(Cancelled):
        Word2Vec(dim=12, epochs=500).fit(TEXTS, Progress(on_report, token=token, interval_s=0))


def test_word_vectors_do_not_depend_on_the_hash_seed() -> None:
    code = (
        "import hashlib; from tests.encoders.test_word_models import TEXTS;"
        "from prodlabel.encoders.text.word2vec import Word2Vec;"
        "print(hashlib.sha256(Word2Vec(dim=8, epochs=3).fit_transform(TEXTS).tobytes()).hexdigest())"
    )
    found = set()
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
        )
        found.add(done.stdout)
    assert len(found) == 1


def test_words_seen_fewer_than_three_times_are_dropped() -> None:
    counts = WordCounts()
    counts.fit([*TEXTS, "porcelain mug"])
    assert "mug" not in counts.words_
    assert "towel" in counts.words_


def test_words_of_every_text_are_dropped() -> None:
    counts = WordCounts(max_share=0.9)
    counts.fit([f"shop {text}" for text in TEXTS])
    assert "shop" not in counts.words_


def test_counts_count() -> None:
    encoder = Counts(least_count=1)
    row = encoder.fit_transform(["towel towel mug", "lamp"]).toarray()[0]
    assert dict(zip(encoder.words(), row.tolist(), strict=True)) == {"lamp": 0, "mug": 1, "towel": 2}


def test_a_word_is_looked_up_by_its_lemma_in_the_language_of_its_products(tmp_path: Path) -> None:
    """The catalogue is mostly English, and the file knows only the singulars."""
    file = tmp_path / "glove.txt"
    file.write_text("rideau 1 0\ncurtain 0 1\n", encoding="utf-8")
    texts = [
        "rideaux pour la chambre",
        "the curtains of a room",
        "curtains for you",
        "the curtains in the hall",
    ]
    encoder = WordVectors(file)
    vectors = encoder.fit_transform(texts)
    assert encoder.counts_.cleaner.language_ == "en"
    np.testing.assert_allclose(vectors[:2], [[1, 0], [0, 1]], atol=1e-6)
