"""Words are counted and weighted as scikit-learn counts and weighs them."""

from __future__ import annotations

import numpy as np
import pytest

from prodlabel.learning.features import Views, WordFeatures
from prodlabel.learning.tokens import (
    Tokens,
    Vocabulary,
    choose_terms,
    inverse_document_frequency,
    weighted,
)

SOME = ["red", "Mug", "ceramic", "mug", "a", "kitchen", "ÜBER", "x1", "watch", "strap", "dial"]


def _texts(n: int = 60, seed: int = 0) -> list[str]:
    rng = np.random.default_rng(seed)
    return [" ".join(rng.choice(SOME, rng.integers(0, 12))) + f" model{seed}{i}" for i in range(n)]


def test_weights_are_those_of_the_reference() -> None:
    from sklearn.feature_extraction.text import TfidfVectorizer

    texts = _texts()
    reference = TfidfVectorizer(
        ngram_range=(1, 2), sublinear_tf=True, min_df=2, token_pattern=r"(?u)\b\w\w+\b"
    )
    expected = reference.fit_transform(texts)
    tokens = Tokens.of(texts)
    vocabulary, terms = choose_terms(tokens, np.arange(len(texts)), 10_000)
    counts = vocabulary.counts(np.arange(len(texts)))
    idf = inverse_document_frequency(counts)
    assert terms == reference.get_feature_names_out().tolist()
    np.testing.assert_allclose(idf, reference.idf_)
    np.testing.assert_allclose(weighted(counts, idf).toarray(), expected.toarray(), atol=1e-6)


def test_the_most_frequent_terms_are_kept() -> None:
    from sklearn.feature_extraction.text import CountVectorizer

    texts = _texts(200)
    counted = CountVectorizer(ngram_range=(1, 2), min_df=2)
    total = np.asarray(counted.fit_transform(texts).sum(axis=0)).ravel()
    names = counted.get_feature_names_out()
    for most in (5, 20, 60):
        terms = choose_terms(Tokens.of(texts), np.arange(200), most)[1]
        assert len(terms) == most
        least = min(total[names.tolist().index(term)] for term in terms)
        assert least == np.sort(total)[-most]


def test_terms_of_some_rows_do_not_look_at_the_others() -> None:
    texts = _texts(40) + ["zebra zebra"] * 5
    assert "zebra" not in choose_terms(Tokens.of(texts), np.arange(40), 1000)[1]


def test_a_vocabulary_counts_in_texts_it_was_not_made_of() -> None:
    tokens = Tokens.of(["a ceramic mug", "", "mug ceramic"])
    counts = Vocabulary.of_terms(tokens, ["ceramic mug", "mug", "unknown", "unknown mug"]).counts(
        np.arange(3)
    )
    assert counts.toarray().tolist() == [[1, 1, 0, 0], [0, 0, 0, 0], [0, 1, 0, 0]]


@pytest.mark.parametrize("few", [1, 30])
def test_views_that_were_taken_count_as_views_of_their_own(few: int) -> None:
    texts = _texts(50)
    whole = Views(texts, [text[:9] for text in texts])
    rows = np.arange(50)[-few:]
    words = WordFeatures()
    words.fit_transform(whole)
    fresh = Views([texts[i] for i in rows], [texts[i][:9] for i in rows])
    taken, known = words.transform(whole.take(rows)), words.transform(fresh)
    np.testing.assert_array_equal(taken[0].toarray(), known[0].toarray())
