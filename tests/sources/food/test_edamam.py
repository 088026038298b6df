"""Edamam: the study's ten rows byte for byte, links that are not followed, keys that stay secret."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

from prodlabel.core.products import Problem, ProductRecord
from prodlabel.core.progress import Progress
from prodlabel.sources.food.catalogue import FoodCatalogue
from prodlabel.sources.food.credentials import DirectKey, EdamamKey, RapidKey
from prodlabel.sources.food.edamam import Edamam, next_session, study_table, to_record
from prodlabel.sources.food.http import FoodClient
from prodlabel.sources.food.query import FoodQuery
from tests.sources.food.fake_server import FakeServer

CHAMPAGNE = FoodQuery("edamam", "champagne")
KEYS = [DirectKey("FAKE_APP_ID", "FAKE_APP_KEY"), RapidKey("FAKE_RAPID_KEY")]


def found(catalogue: FoodCatalogue) -> tuple[list[ProductRecord], list[Problem]]:
    items = list(catalogue.records(Progress()))
    return [r for r in items if isinstance(r, ProductRecord)], [p for p in items if isinstance(p, Problem)]


@pytest.mark.parametrize("key", KEYS, ids=["direct", "rapidapi"])
def test_first_ten_complete_products_are_the_study_s_byte_for_byte(
    key: EdamamKey, server: FakeServer, client: FoodClient, recorded: Path
) -> None:
    records, _ = found(FoodCatalogue(CHAMPAGNE, Edamam(client, key, server.url)))
    expected = (recorded / "edamam" / "expected_10_champagne_products.csv").read_bytes()
    assert study_table(records).replace(server.url.encode(), b"https://www.edamam.com") == expected
    assert [seen.query.get("session") for seen in server.log] == [None, "40", "80", "120"]


def test_all_pages_hold_fourteen_complete_products_and_the_last_has_no_link(
    server: FakeServer, client: FoodClient
) -> None:
    query = FoodQuery("edamam", "champagne", wanted=100)
    records, problems = found(FoodCatalogue(query, Edamam(client, KEYS[1], server.url)))
    assert len(records) == 14
    assert len({record.key for record in records}) == 14
    assert {problem.code for problem in problems} == {"incomplete", "repeated"}
    assert len(server.log) == 5


def test_dirty_page_yields_what_is_usable(recorded: Path) -> None:
    hints = json.loads((recorded / "edamam" / "page_dirty.json").read_text(encoding="utf-8"))["hints"]
    records = [to_record(hint["food"]) for hint in hints if isinstance(hint.get("food"), dict)]
    named = [record for record in records if record is not None]
    assert "Champagne & Honey Mustard" in [record.name for record in named]
    assert "Champagne Vinegar" in [record.name for record in named]
    relative = next(record for record in named if record.name.endswith("Honey Mustard"))
    assert "picture address" not in relative.attributes


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"_links": {}},
        {"_links": None},
        {"_links": {"next": {}}},
        {"_links": {"next": {"href": "http://[x"}}},
    ],
)
def test_missing_link_ends_the_walk(answer: dict[str, object]) -> None:
    assert next_session(answer) is None


@pytest.mark.parametrize("key", KEYS, ids=["direct", "rapidapi"])
@pytest.mark.expects_log
def test_key_is_in_no_error_log_text_or_journal(
    key: EdamamKey, server: FakeServer, client: FoodClient, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    edamam = Edamam(client, key, server.url)
    journal = tmp_path / "journal.jsonl"
    catalogue = FoodCatalogue(CHAMPAGNE, edamam, journal_path=journal)
    records, _ = found(catalogue)
    said = [repr(key), repr(edamam), repr(catalogue), repr(records), caplog.text, CHAMPAGNE.location]
    said.append(journal.read_text(encoding="utf-8"))
    said.append(repr(edamam._ask("champagne", "40")))
    assert not [text for text in said if "FAKE_" in text]


def test_rapid_key_travels_in_the_header_only(server: FakeServer, client: FoodClient) -> None:
    found(FoodCatalogue(CHAMPAGNE, Edamam(client, KEYS[1], server.url)))
    assert all(seen.headers["x-rapidapi-key"] == "FAKE_RAPID_KEY" for seen in server.log)
    assert not any("FAKE" in seen.raw for seen in server.log)
