"""The quick way to read Flipkart's specifications says what the parser says."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prodlabel.sources import flipkart
from prodlabel.sources.flipkart import specifications
from prodlabel.sources.ruby import parse_ruby

texts = st.text('ab "\\=>{}[],:\n é', max_size=8)


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


@given(st.lists(st.tuples(st.none() | texts, texts), min_size=1, max_size=5))
@settings(max_examples=80, deadline=None)
def test_quick_reading_and_parsing_agree(pairs: list[tuple[str | None, str]]) -> None:
    entries = [
        "{" + (f'"key"=>{quoted(key)}, ' if key is not None else "") + f'"value"=>{quoted(value)}' + "}"
        for key, value in pairs
    ]
    text = '{"product_specification"=>[' + ", ".join(entries) + "]}"
    parsed = parse_ruby(text)
    assert isinstance(parsed, dict)
    listed = parsed["product_specification"]
    assert isinstance(listed, list)
    expected = [
        (flipkart._text(one.get("key")), flipkart._text(one.get("value")))
        for one in listed
        if isinstance(one, dict)
    ]
    assert flipkart._pairs(text) == expected


@pytest.mark.parametrize("text", ["{", '{"product_specification"=>[{"value"=>"a"}', "system('x')" * 3])
def test_what_is_no_literal_is_still_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        specifications(text)
