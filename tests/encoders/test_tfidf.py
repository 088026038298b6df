"""TF-IDF fits any catalogue, also an odd one, and comes back from disk the same."""

from __future__ import annotations

import json

import numpy as np
import pytest

from prodlabel.encoders.text.tfidf import TfIdf

TEXTS = ["red cotton towel", "blue cotton towel", "steel watch", "steel watch for men", "", "mug"]


def test_rows_are_unit_vectors_or_empty() -> None:
    matrix = TfIdf().fit(TEXTS).transform(TEXTS)
    assert matrix.dtype == np.float32
    lengths = np.linalg.norm(matrix.toarray(), axis=1)
    np.testing.assert_allclose(lengths, [1, 1, 1, 1, 0, 0], atol=1e-6)


def test_pairs_of_words_are_words_too() -> None:
    assert "cotton towel" in TfIdf().fit(TEXTS).words()


def test_rare_words_are_left_out() -> None:
    assert "mug" not in TfIdf(min_df=2).fit(TEXTS).words()
    assert "mug" in TfIdf(min_df=1).fit(TEXTS).words()


@pytest.mark.parametrize("texts", [[""], ["", "  "], ["mug"], ["mug", "lamp"], ["a", "!"]])
def test_a_tiny_or_wordless_catalogue_is_fitted(texts: list[str]) -> None:
    matrix = TfIdf().fit(texts).transform(texts)
    assert matrix.shape[0] == len(texts)
    assert matrix.shape[1] >= 1
    assert np.isfinite(matrix.toarray()).all()


@pytest.mark.parametrize("texts", [TEXTS, ["", ""]])
def test_the_state_survives_json_and_arrays(texts: list[str]) -> None:
    fitted = TfIdf(min_df=1, is_sublinear=False).fit(texts)
    facts, arrays = fitted.state()
    again = TfIdf.from_state(json.loads(json.dumps(facts)), arrays)
    assert again.version == fitted.version
    assert (again.transform(TEXTS) != fitted.transform(TEXTS)).nnz == 0


def test_settings_show_in_the_version() -> None:
    assert len({TfIdf().version, TfIdf(min_df=1).version, TfIdf(ngrams=(1, 1)).version}) == 3
