"""Texts without boilerplate: what is taken out, what stays, and what must not be harmed."""

from __future__ import annotations

import csv
import json
import random
import time
from pathlib import Path

import pytest

from prodlabel.encoders.text.prepare import Boilerplate, spec_text

_WORDS = [a + b for a in ("ba", "co", "du", "fi", "ga", "lo") for b in ("rin", "tel", "mas", "nok", "vip")]
_THINGS = ["chair", "lamp", "towel", "mug", "watch", "router", "curtain", "soap"]


def _catalogue(count: int) -> tuple[list[str], list[str]]:
    names = [f"Acme {_THINGS[i % 8]} X{i}" for i in range(count)]
    chance = random.Random(1)
    own = [f"{' '.join(chance.choices(_WORDS, k=12))} {_THINGS[i % 8]}" for i in range(count)]
    texts = [
        f"Buy {name} online for Rs.{100 + i} at ourshop.com. {text}. Free delivery within 30 days."
        for i, (name, text) in enumerate(zip(names, own, strict=True))
    ]
    return names, texts


def test_phrases_that_most_descriptions_share_are_removed() -> None:
    names, texts = _catalogue(200)
    cleaned = Boilerplate().fit(names, texts).clean(names[0], texts[0])
    assert cleaned.startswith("Acme chair X0. ")
    assert len(set(_WORDS) & set(cleaned.lower().split())) >= 5
    for phrase in ("Buy", "online", "Rs", "ourshop", "delivery", "30"):
        assert phrase not in cleaned


def test_the_name_is_not_said_twice_whatever_its_case() -> None:
    boilerplate = Boilerplate().fit([], [])
    assert boilerplate.clean("Blue Mug", "This BLUE MUG is blue. Blue Mug!") == "Blue Mug. This is blue"


def test_numbers_make_no_difference_between_phrases() -> None:
    names, texts = _catalogue(100)
    assert any("#" in gram for gram in Boilerplate().fit(names, texts).phrases_)


@pytest.mark.parametrize("count", [0, 1, 10, 19])
def test_a_small_catalogue_keeps_its_texts(count: int) -> None:
    names, texts = _catalogue(count)
    boilerplate = Boilerplate().fit(names, texts)
    assert boilerplate.phrases_ == frozenset()
    for name, text in zip(names, texts, strict=True):
        assert "Free delivery within 30 days" in boilerplate.clean(name, text)


@pytest.mark.parametrize(
    ("name", "description", "expected"),
    [
        ("", "", ""),
        ("Mug", "", "Mug"),
        ("", "A mug", "A mug"),
        ("  Big \n mug ", " \t ", "Big mug"),
        ("İstanbul mug", "İSTANBUL MUG and İstanbul mug", "İstanbul mug. İSTANBUL MUG and"),
        ("M", "M is for mug \x01", "M. M is for mug"),
        ("椅子", "木の椅子です", "椅子. 木の椅子です"),
    ],
)
def test_odd_texts_are_cleaned_without_harm(name: str, description: str, expected: str) -> None:
    assert Boilerplate().fit([name], [description]).clean(name, description) == expected


def test_the_state_survives_json() -> None:
    names, texts = _catalogue(60)
    fitted = Boilerplate().fit(names, texts)
    again = Boilerplate.from_state(json.loads(json.dumps(fitted.state())))
    assert again.phrases_ == fitted.phrases_
    assert again.clean(names[3], texts[3]) == fitted.clean(names[3], texts[3])


def test_ten_thousand_descriptions_take_seconds() -> None:
    names, texts = _catalogue(10_000)
    started = time.process_time()
    boilerplate = Boilerplate().fit(names, texts)
    for name, text in zip(names, texts, strict=True):
        boilerplate.clean(name, text)
    assert time.process_time() - started < 6


def test_a_description_of_megabytes_is_read_only_so_far() -> None:
    boilerplate = Boilerplate().fit([], [])
    assert len(boilerplate.clean("Mug", "word " * 1_000_000)) < 25_000


def test_the_shop_phrases_of_real_products_go_and_their_words_stay(flipkart_csv: Path) -> None:
    with flipkart_csv.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names, texts = [r["product_name"] for r in rows], [r["description"] for r in rows]
    boilerplate = Boilerplate().fit(names, texts)
    cleaned = [boilerplate.clean(n, t) for n, t in zip(names, texts, strict=True)]
    assert sum("30 Day Replacement Guarantee" in text for text in texts) > 50
    assert sum("30 Day Replacement Guarantee" in text for text in cleaned) == 0
    kept = sum(map(len, cleaned)) / (sum(map(len, texts)) + sum(map(len, names)))
    assert 0.3 < kept < 0.95


def test_specifications_become_sentences_without_those_that_name_the_product() -> None:
    attributes = {
        "brand": "Acme",
        "spec: Brand": "Acme",
        "spec: Model ID": "X1",
        "spec: Style Code": "7",
        "spec: Material": "solid \n oak",
        "spec: ": "loose word",
        "spec: Colour": " ",
    }
    assert spec_text(attributes) == "Material: solid oak. loose word."
    assert spec_text({}) == ""
