"""Facets, filters, queries, suggestions in the order of columns, and the order of the film strip."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prodlabel.gui.catalogue.marked_text import marked, shortened
from prodlabel.gui.command_palette import likeness
from prodlabel.gui.computed import agreement
from prodlabel.gui.filters import Facet, Filter
from prodlabel.gui.query import FILTER_NAMES, Query, as_text, last_part, read_query
from prodlabel.gui.suggestions import Layout, Suggestions, places_in
from prodlabel.gui.typicality import least_typical_first
from prodlabel.project.columns import NO_COLUMNS


def facet(name: str = "status", codes: tuple[int, ...] = (0, 1, 1, -1, 2)) -> Facet:
    return Facet(name, np.array(codes, dtype=np.int32), ("none", "imported", "confirmed"))


def test_values_come_most_frequent_first_and_absent_ones_not_at_all() -> None:
    assert facet().values() == [(1, "imported", 2), (0, "none", 1), (2, "confirmed", 1)]
    among = np.array([False, True, False, True, False])
    assert facet().values(among) == [(1, "imported", 1)]


def test_facets_combine_by_and_their_values_by_or() -> None:
    brand = Facet("brand", np.array([0, 0, 1, 1, 0], dtype=np.int32), ("Acme", "Bolt"))
    wanted = Filter().with_codes("status", {1, 2}).toggled("brand", 0)
    kept = wanted.mask({"status": facet(), "brand": brand}, 5)
    assert kept.tolist() == [False, True, False, False, True]
    assert wanted.toggled("brand", 0).chosen.keys() == {"status"}


def test_a_value_that_nobody_has_keeps_nothing() -> None:
    assert not Filter().with_codes("status", {-2}).mask({"status": facet()}, 5).any()


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("red curtain", Query("red curtain")),
        ('brand:"Elegance Home" curtain', Query("curtain", (("brand", "Elegance Home"),))),
        ("status:imported category:Baby", Query("", (("status", "imported"), ("category", "Baby")))),
        ("brand:", Query("")),
        ("3:4 ratio", Query("3:4 ratio")),
        ('"door curtain" x', Query('"door curtain" x')),
        ('brand:"half', Query("", (("brand", "half"),))),
    ],
)
def test_what_is_typed_is_read_as_words_and_filters(typed: str, query: Query) -> None:
    assert read_query(typed) == query


@given(st.text(max_size=60))
def test_nothing_that_can_be_typed_is_an_error(typed: str) -> None:
    query = read_query(typed)
    assert all(name in FILTER_NAMES and value for name, value in query.filters)
    before, part = last_part(typed)
    assert before + part == typed


@given(st.text(alphabet=st.characters(blacklist_characters='"', blacklist_categories=("C", "Z")), min_size=1))
def test_a_filter_written_by_a_click_reads_back_as_itself(value: str) -> None:
    assert read_query(as_text("brand", value + " x")) == Query("", (("brand", value + " x"),))


@given(st.lists(st.integers(1, 60), unique=True), st.lists(st.integers(1, 60), unique=True))
def test_places_say_where_each_id_stands(known: list[int], wanted: list[int]) -> None:
    places = places_in(np.array(known, dtype=np.int64), np.array(wanted, dtype=np.int64))
    assert places.tolist() == [known.index(one) if one in known else -1 for one in wanted]


def suggestions() -> Suggestions:
    arrays = {
        "product_id": np.array([3, 1], dtype=np.int64),
        "category": np.array([[7, 8], [8, 7]], dtype=np.int32),
        "confidence": np.array([[0.9, 0.1], [0.6, 0.4]], dtype=np.float32),
    }
    return Suggestions.aligned(arrays, np.array([1, 2, 3], dtype=np.int64))


def test_suggestions_follow_the_order_of_the_columns_and_new_products_have_none() -> None:
    made = suggestions()
    assert made.best.tolist() == [8, 0, 7]
    assert made.ranked(1) == []
    assert made.confidence_in(np.array([0, 1, 2]), np.array([7, 7, 7], dtype=np.int32)).tolist() == (
        pytest.approx([0.4, 0.0, 0.9])
    )
    assert made.reasons(0).words == ()


def test_without_suggestions_and_layout_the_order_stays() -> None:
    rows = np.array([2, 0, 1])
    assert least_typical_first(rows, NO_COLUMNS, None, None).tolist() == [2, 0, 1]


def test_layout_leaves_products_without_a_place_undefined() -> None:
    arrays = {"product_id": np.array([2]), "xy": np.array([[1.0, 2.0]], dtype=np.float32)}
    layout = Layout.aligned("fused", arrays, np.array([1, 2], dtype=np.int64))
    assert np.isnan(layout.xy[0]).all()
    assert layout.xy[1].tolist() == [1.0, 2.0]


def test_decisive_words_are_marked_and_the_rest_is_escaped() -> None:
    text = marked("A <b>Bed</b>sheet & bed", ["bed"], "#000", "#fff")
    assert text.count("<span") == 2
    assert "&lt;b&gt;" in text
    assert "&amp;" in text


def test_a_long_description_is_cut_where_the_marked_word_can_be_seen() -> None:
    text = "filler " * 300 + "curtain " + "filler " * 300
    assert "curtain" in shortened(text, ["curtain"], 200)
    assert len(shortened(text, ["curtain"], 200)) < 210


def test_beginnings_of_words_beat_letters_in_between() -> None:
    titles = ["Invert selection", "Fit selection", "Gallery", "Import products"]
    scores = {title: likeness(title, "fs") for title in titles}
    assert scores["Import products"] is None
    assert max((s, t) for t, s in scores.items() if s is not None)[1] in {"Fit selection", "Gallery"}
    word, letters = (likeness(title, "lamp") for title in ("Shop > Lamp", "Lay the map out by PCA"))
    assert word is not None
    assert letters is not None
    assert word > letters


def test_text_and_picture_that_suggest_otherwise_are_a_facet_of_their_own() -> None:
    arrays = {
        "product_id": np.array([1, 2, 3]),
        "category": np.array([[5], [5], [6]], dtype=np.int32),
        "confidence": np.ones((3, 1), dtype=np.float32),
        "text_category": np.array([5, 5, 6], dtype=np.int32),
        "picture_category": np.array([5, 6, 0], dtype=np.int32),
    }
    text, picture = Suggestions.aligned(arrays, np.array([3, 2, 9, 1])).views or ((), ())
    assert np.asarray(text).tolist() == [6, 5, 0, 5]
    assert np.asarray(picture).tolist() == [0, 6, 0, 5]
    assert agreement(np.asarray(text), np.asarray(picture)).tolist() == [-1, 1, -1, 0]


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("lamp bra", ("lamp ", "bra")),
        ('brand:"Elegance Ho', ("", 'brand:"Elegance Ho')),
        ('"a b" st', ('"a b" ', "st")),
        ("lamp ", ("lamp ", "")),
        ("", ("", "")),
    ],
)
def test_the_last_part_is_what_is_being_typed(typed: str, parts: tuple[str, str]) -> None:
    assert last_part(typed) == parts
