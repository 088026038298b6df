"""Counting, factors and topics give what the libraries' own slower ways give."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nltk.tokenize import RegexpTokenizer
from numpy.testing import assert_allclose
from scipy import sparse
from sklearn.decomposition import NMF, LatentDirichletAllocation
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

from prodlabel.encoders.text.clean import MAX_CHARS, TOKEN_PATTERN, Cleaner, is_idle, language_of, stop_words
from prodlabel.encoders.text.grams import Grams
from prodlabel.encoders.text.nmf import Nmf
from prodlabel.encoders.text.strongest_axes import strongest_axes
from prodlabel.encoders.text.tfidf import TfIdf
from prodlabel.encoders.text.tokens import MARK
from prodlabel.encoders.text.topic_steps import settle_topics
from prodlabel.encoders.text.word_counts import weighted

WORDS = [
    "red",
    "blue",
    "towel",
    "towels",
    "cotton-rich",
    "mug",
    "the",
    "a",
    "3",
    "serviette",
    "pour",
    "x1",
    "É",
]
# The engine that NLTK uses takes some rare signs for letters that Python does not, and the other way round.
scraps = st.text(st.characters(max_codepoint=0xFF, categories=["Lu", "Ll", "Nd", "Zs", "P"]), max_size=12)
texts = st.lists(st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join) | scraps, min_size=1, max_size=12)


@given(texts)
@settings(max_examples=60, deadline=None)
def test_many_texts_are_cut_as_nltk_cuts_each(items: list[str]) -> None:
    cleaner = Cleaner(is_lemmatised=False)
    plain = RegexpTokenizer(TOKEN_PATTERN)
    cut = [plain.tokenize(item.lower()) for item in items]
    stops = [stop_words()[language_of(words) or cleaner.language_] for words in cut]
    kept = [[word for word in words if not is_idle(word, own)] for words, own in zip(cut, stops, strict=True)]
    assert list(cleaner.all_words(items).lists()) == kept


def test_accents_that_are_signs_of_their_own_belong_to_their_letter() -> None:
    assert Cleaner(is_lemmatised=False).words("rideau e\u0301le\u0301gant") == ["rideau", "\u00e9l\u00e9gant"]


def test_a_long_text_is_read_up_to_its_limit_and_marks_in_a_text_are_spaces() -> None:
    assert len(Cleaner().words("mug " * MAX_CHARS)) == MAX_CHARS // 4
    assert list(Cleaner().all_words([f"red{MARK}mug", "", "lamp"]).lists()) == [["red", "mug"], [], ["lamp"]]


@given(texts, st.sampled_from([(1, 1), (1, 2), (2, 3)]), st.sampled_from([1, 2]))
@settings(max_examples=60, deadline=None)
def test_runs_of_words_are_counted_as_scikit_learn_counts_them(
    items: list[str], runs: tuple[int, int], least: int
) -> None:
    own = Grams(*runs, least)
    found = own.fit_counts(items)
    plain = CountVectorizer(ngram_range=runs, min_df=min(least, len(items)))
    try:
        wanted = plain.fit_transform(items)
    except ValueError:
        return  # no word is frequent enough: scikit-learn gives up
    assert own.words_ == plain.get_feature_names_out().tolist()
    assert np.array_equal(found.toarray(), wanted.toarray())
    again = Grams(*runs, least)
    again.restore(own.words_)
    others = [*items[::-1], "towel red towel mug", ""]
    assert np.array_equal(again.counts(others).toarray(), plain.transform(others).toarray())


def test_tf_idf_is_scikit_learns() -> None:
    items = [
        "red cotton towel",
        "blue cotton towel",
        "cotton towel, red cotton",
        "steel watch",
        "steel watch",
    ]
    plain = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    assert_allclose(TfIdf().fit_transform(items).toarray(), plain.fit_transform(items).toarray(), atol=1e-6)


def test_of_too_many_words_those_that_stand_most_often_are_kept() -> None:
    own = Grams(1, 1, most=2)
    own.fit_counts(["red red red mug", "blue blue lamp"])
    assert own.words_ == ["blue", "red"]


def test_runs_longer_than_three_words_are_refused() -> None:
    with pytest.raises(ValueError, match="1 to 3"):
        Grams(1, 4)


def random_counts(rows: int, columns: int, seed: int = 0) -> sparse.csr_matrix:
    rng = np.random.default_rng(seed)
    topics = rng.dirichlet(np.full(columns, 0.05), 6)
    shares = rng.dirichlet(np.full(6, 0.2), rows)
    return sparse.csr_matrix(rng.poisson(20 * shares @ topics).astype(np.float32))


def test_the_strongest_axes_span_what_the_exact_ones_do() -> None:
    matrix = random_counts(300, 120)
    left, values, right = strongest_axes(matrix, 5)
    exact = np.linalg.svd(matrix.toarray())
    assert_allclose(values, exact[1][:5], rtol=1e-3)
    assert_allclose(np.abs((exact[2][:5] @ right).diagonal()), 1, atol=1e-2)
    assert_allclose((left * values) @ right.T, matrix @ right @ right.T, atol=1e-2)


def test_a_matrix_of_one_column_or_of_lower_rank_has_axes() -> None:
    one = strongest_axes(sparse.csr_matrix(np.ones((4, 1), np.float32)), 1)
    assert_allclose(one[1], [2], rtol=1e-3)
    flat = strongest_axes(sparse.csr_matrix(np.ones((6, 5), np.float32)), 3)
    assert_allclose(flat[1], [np.sqrt(30), 0, 0], atol=1e-2)


def test_factors_fit_as_well_as_scikit_learns() -> None:
    items = [
        " ".join(f"word{j}" for j in row.indices for _ in range(int(row[0, j])))
        for row in random_counts(200, 60)
    ]
    encoder = Nmf(topics=6)
    encoder.fit(items)
    matrix = weighted(encoder.counts_.matrix(encoder.counts_.clean(items)), encoder.counts_.idf())
    plain = NMF(6, init="nndsvda", tol=1e-3, random_state=0)
    wanted = np.linalg.norm(matrix.toarray() - plain.fit_transform(matrix) @ plain.components_)
    shares, *_ = np.linalg.lstsq(encoder.topic_words_.T, matrix.toarray().T, rcond=None)
    found = np.linalg.norm(matrix.toarray() - shares.T @ encoder.topic_words_)
    assert found <= 1.01 * wanted


def test_topics_of_texts_settle_where_scikit_learns_do() -> None:
    counts = random_counts(80, 50)
    plain = LatentDirichletAllocation(6, random_state=0).fit(counts)
    shares = np.ones((80, 6))
    settle_topics(counts, np.ascontiguousarray(plain.exp_dirichlet_component_.T), 1 / 6, shares)
    assert_allclose(shares / shares.sum(axis=1, keepdims=True), plain.transform(counts), atol=1e-4)
