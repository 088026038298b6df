"""Word vectors are read from the formats of the field, keeping only words of the catalogue."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from prodlabel.core.errors import Cancelled, InputError, WeightsMissingError
from prodlabel.core.progress import CancelToken, Progress
from prodlabel.encoders.text import word_vectors
from prodlabel.encoders.text.vector_file import read_word_vectors

WORDS = {"towel": [0.5, -1.0, 2.0], "watch": [1.0, 1e-3, 0.25], "Lamp": [3.0, 3.0, -3.0]}


def lines() -> str:
    return "".join(f"{word} {' '.join(map(str, row))}\n" for word, row in WORDS.items())


def binary(newline: bytes = b"\n") -> bytes:
    rows = [word.encode() + b" " + np.array(row, "<f4").tobytes() + newline for word, row in WORDS.items()]
    return b"3 3\n" + b"".join(rows)


FILES = {
    "glove.txt": lines().encode(),
    "fasttext.vec": f"3 3\n{lines()}".encode(),
    "trailing.vec": b"3 3\n" + lines().replace("\n", " \n").encode(),
    "word2vec.bin": binary(),
    "plain.bin": binary(b""),
    "glove.txt.gz": gzip.compress(lines().encode()),
    "word2vec.bin.gz": gzip.compress(binary()),
}


@pytest.mark.parametrize("name", FILES)
def test_each_format_gives_the_wanted_words(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(FILES[name])
    vectors, dim = read_word_vectors(path, {"towel", "lamp", "unknown"})
    assert dim == 3
    assert set(vectors) == {"towel", "lamp"}
    np.testing.assert_allclose(vectors["towel"], WORDS["towel"])
    np.testing.assert_allclose(vectors["lamp"], WORDS["Lamp"])


def test_the_spelling_in_lower_case_has_precedence(tmp_path: Path) -> None:
    path = tmp_path / "v.txt"
    path.write_text("Apple 1 1\napple 2 2\nAPPLE 3 3\n")
    assert read_word_vectors(path, {"apple"})[0]["apple"].tolist() == [2, 2]


@pytest.mark.expects_log  # gensim misses counts that it does not need
def test_what_gensim_writes_is_read(tmp_path: Path) -> None:
    from gensim.models import KeyedVectors

    own = KeyedVectors(3)
    own.add_vectors(list(WORDS), np.array(list(WORDS.values()), np.float32))
    for is_binary in (False, True):
        path = tmp_path / f"own-{is_binary}"
        own.save_word2vec_format(str(path), binary=is_binary)
        vectors, _ = read_word_vectors(path, {"towel", "watch", "lamp"})
        for word, row in WORDS.items():
            np.testing.assert_allclose(vectors[word.lower()], row, rtol=1e-6)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"towel\n", b"3 99999\ntowel 1 2\n", b"3 3\ntowel 1 2\n", b"towel 1 2 3\nwatch 1 x 3\n",
        binary()[:-20], b"999999999 3\n" + binary()[4:], b"3 3\n" + b"x" * 5000, b"towel 1 2 nan\n",
        b"\x1f\x8b broken", gzip.compress(lines().encode(), mtime=0)[:-12], b"towel " + b"1" * 400_000,
    ],
)  # fmt: skip
def test_a_damaged_or_foreign_file_is_refused_with_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "v.txt"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"v\.txt"):
        read_word_vectors(path, {"towel", "watch", "lamp"})


def test_reading_can_be_stopped(tmp_path: Path) -> None:
    path = tmp_path / "v.txt"
    path.write_text("".join(f"w{i} 1 2\n" for i in range(5000)))
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        read_word_vectors(path, {"w1"}, Progress(token=token))


def test_without_a_file_it_is_said_where_to_put_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_vectors.paths, "user_weights", lambda: tmp_path)
    with pytest.raises(WeightsMissingError, match="word-vectors"):
        word_vectors.WordVectors().fit(["towel"])
    (tmp_path / "word-vectors").mkdir()
    (tmp_path / "word-vectors" / "g.txt").write_bytes(FILES["glove.txt"])
    assert word_vectors.what_is_missing() is None
    fitted = word_vectors.WordVectors().fit(["towel watch lamps", "basin"])
    assert fitted.known_share == 0.75
