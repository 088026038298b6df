"""One product of Open Food Facts as a record: texts, languages, codes, pictures, any JSON at all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prodlabel.sources.food.barcodes import normalise
from prodlabel.sources.food.off_records import FIELDS, to_record
from prodlabel.sources.food.texts import allergens, ingredients, number, plain


@pytest.fixture(scope="module")
def products(shared: Path) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    folder = shared / "food_api" / "off"
    for path in sorted(folder.glob("search_champagne_page*.json")):
        for product in json.loads(path.read_text(encoding="utf-8"))["products"]:
            found.setdefault(product["code"], product)
    if not found:
        pytest.skip("the recorded answers are not beside this checkout")
    return found


def test_name_comes_in_the_wished_language_else_in_the_product_s(products: dict[str, dict[str, Any]]) -> None:
    jam = products["3760194209227"]
    english, own, german = to_record(jam, "en"), to_record(jam), to_record(jam, "de")
    assert english is not None
    assert english.name == "Raspberry jam with Champagne wine, violet flavour"
    assert own is not None
    assert german is not None
    assert own.name == german.name == "Confiture de framboises au vin de champagne saveur violette"


def test_empty_main_name_falls_back_and_entities_are_read(products: dict[str, dict[str, Any]]) -> None:
    record = to_record(products["2000000099927"], "en")
    assert record is not None
    assert record.name == "Sablés roses & Champagne"
    assert record.attributes["generic name"] == "Biscuits sablés <pur beurre> parfumés au marc de Champagne"
    assert record.description == "Farine de blé, sucre, beurre, marc de Champagne 2 %, poudre à lever"
    assert record.attributes["allergens"] == "blé, beurre"
    assert record.attributes["per 100 g: fat"] == "21.5"
    assert "picture address" not in record.attributes


def test_product_without_a_name_is_still_a_record(products: dict[str, dict[str, Any]]) -> None:
    record = to_record(products["2000000099910"])
    assert record is not None
    assert record.name == ""
    assert record.attributes["picture address"].endswith("/front_fr.3.400.jpg")


def test_every_recorded_text_is_clean(products: dict[str, dict[str, Any]]) -> None:
    for product in products.values():
        record = to_record(product)
        assert record is not None
        for text in (record.name, record.description):
            assert text == " ".join(text.split())
            assert "&quot;" not in text
            assert "_sulfites_" not in text


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("0072412000336", "0072412000336"), ("072412000336", "0072412000336"), ("20118207", "20118207"),
        ("151269", "00151269"), (3049610004104, "3049610004104"), ("", ""), ("00000000", ""), ("abc", ""),
        (None, ""), (True, ""), ("304 9610-004104", "3049610004104"), ("9" * 30, ""), ("\u0661\u0662", ""),
    ],
)  # fmt: skip
def test_codes_are_normalised_as_the_database_does(said: object, code: str) -> None:
    assert normalise(said) == code


@given(st.text(alphabet="0123456789", max_size=24))
def test_normalising_twice_changes_nothing(said: str) -> None:
    assert normalise(normalise(said)) == normalise(said)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dictionaries(st.sampled_from([*FIELDS, "product_name_fr", "new_field"]), JSON),
    st.sampled_from(["", "fr"]),
)
def test_no_product_whatever_it_holds_is_a_defect(product: dict[str, Any], language: str) -> None:
    record = to_record({**product, "code": "3049610004104"}, language)
    assert record is not None
    assert all(isinstance(text, str) for text in record.attributes.values())
    json.dumps(dict(record.attributes))
    record.fingerprint()


def test_allergen_marks_of_both_kinds_are_taken_away() -> None:
    assert ingredients('Lait, <span class="allergen">blé</span>, _œufs_') == "Lait, blé, œufs"
    assert allergens('Lait, <span class="allergen">blé</span>, _œufs_') == ["blé", "œufs"]
    assert ingredients("snake_case_word") == "snake_case_word"


def test_counters_may_be_numbers_or_texts() -> None:
    assert [number(said) for said in (54, "54", " 7 ", "", None, True, "4x", [1])] == [
        54, 54, 7, None, None, None, None, None,
    ]  # fmt: skip


def test_control_characters_do_not_reach_the_catalogue() -> None:
    assert plain("a\x00b\x1b[31m\u202ec") == "a b [31m c"
