"""Open Food Facts: paging, duplicates, languages, barcodes, filters, resume."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from prodlabel.core.errors import Cancelled
from prodlabel.core.products import Problem, ProductRecord
from prodlabel.core.progress import CancelToken, Progress, ProgressState
from prodlabel.sources.food import attribution
from prodlabel.sources.food.catalogue import FoodCatalogue
from prodlabel.sources.food.http import FoodClient
from prodlabel.sources.food.open_food_facts import OpenFoodFacts
from prodlabel.sources.food.query import FoodQuery
from tests.sources.food.conftest import FakeClock
from tests.sources.food.fake_server import FakeServer, Fault

ALL = FoodQuery("openfoodfacts", "champagne", wanted=40, required=())


class SmallPages(OpenFoodFacts):
    """Asks for the recorded pages of 20, however many products are wanted."""

    def _ask(self, query: FoodQuery, at: int, size: int):  # type: ignore[no-untyped-def]
        return super()._ask(query, at, 20)


def found(catalogue: FoodCatalogue) -> tuple[list[ProductRecord], dict[str, str]]:
    items = list(catalogue.records(Progress()))
    problems = {item.code: item.message for item in items if isinstance(item, Problem)}
    return [item for item in items if isinstance(item, ProductRecord)], problems


def test_all_pages_are_walked_until_a_short_one_and_repeats_are_dropped(
    server: FakeServer, client: FoodClient
) -> None:
    query = FoodQuery("openfoodfacts", "champagne", wanted=500, required=())
    server_pages = SmallPages(client, server.url)
    records, problems = found(FoodCatalogue(query, server_pages))
    # 54 rows: one code twice unchanged, one twice changed, one without its leading zero.
    assert len(records) == 51
    assert "3 products came twice" in problems["repeated"]
    assert [seen.query["page"] for seen in server.log] == ["1", "2", "3"]
    mustard = next(record for record in records if record.key.endswith("3275550005394"))
    first, changed = "Moutarde au vin de Champagne", "champagne"
    assert changed in mustard.name.casefold()
    assert mustard.name != first


def test_fields_are_asked_for_with_plain_commas(server: FakeServer, client: FoodClient) -> None:
    found(FoodCatalogue(ALL, OpenFoodFacts(client, server.url)))
    assert all("fields=code,product_name," in seen.raw and "%2C" not in seen.raw for seen in server.log)


def test_first_ten_complete_products_need_no_more_pages_than_necessary(
    server: FakeServer, client: FoodClient
) -> None:
    records, _ = found(
        FoodCatalogue(FoodQuery("openfoodfacts", "champagne"), OpenFoodFacts(client, server.url))
    )
    assert len(records) == 10
    assert all(r.name and r.category and r.description and r.attributes["picture address"] for r in records)
    pages = len(server.log)
    assert pages <= 2


def test_every_record_carries_its_attribution(server: FakeServer, client: FoodClient) -> None:
    query = FoodQuery("openfoodfacts", "champagne", required=("name",), kept=("brand",))
    records, _ = found(FoodCatalogue(query, OpenFoodFacts(client, server.url)))
    for record in records:
        assert set(attribution.NEVER_DROPPED) <= set(record.attributes)
        assert "quantity" not in record.attributes
    (sentence,) = attribution.sentences(record.attributes for record in records)
    assert "Open Food Facts" in sentence
    assert "ODbL" in sentence
    assert "CC BY-SA" in sentence


def test_counters_as_texts_are_understood(server: FakeServer, client: FoodClient, recorded: Path) -> None:
    body = (recorded / "off" / "search_variant_string_counters.json").read_bytes()
    server.pages["/cgi/search.pl"] = Fault(body=body)
    query = FoodQuery("openfoodfacts", "champagne", wanted=3, required=())
    records, _ = found(FoodCatalogue(query, OpenFoodFacts(client, server.url)))
    assert len(records) == 3


def test_server_that_repeats_one_page_for_ever_is_given_up(
    server: FakeServer, client: FoodClient, recorded: Path
) -> None:
    body = (recorded / "off" / "search_variant_string_counters.json").read_bytes()
    server.pages["/cgi/search.pl"] = Fault(body=body)
    records, _ = found(FoodCatalogue(ALL, OpenFoodFacts(client, server.url)))
    assert len(records) == 3
    assert len(server.log) == 3


def test_filters_alone_go_to_the_second_interface(server: FakeServer, client: FoodClient) -> None:
    query = FoodQuery("openfoodfacts", category="champagnes", wanted=5)
    records, _ = found(FoodCatalogue(query, OpenFoodFacts(client, server.url)))
    assert len(records) == 5
    assert server.log[0].path == "/api/v2/search"


def test_words_with_filters_stay_with_the_full_text_search(server: FakeServer, client: FoodClient) -> None:
    query = FoodQuery("openfoodfacts", "champagne", category="champagnes", country="france", wanted=1)
    found(FoodCatalogue(query, OpenFoodFacts(client, server.url)))
    assert server.log[0].path == "/cgi/search.pl"
    assert server.log[0].query["tag_1"] == "france"


def test_search_service_answers_the_same_products(
    server: FakeServer, client: FoodClient, recorded: Path
) -> None:
    path = recorded / "off" / "search_a_licious_champagne_page1.json"
    server.pages["/search"] = Fault(body=path.read_bytes())
    query = FoodQuery("openfoodfacts", "champagne", wanted=10, required=("brand",))
    newer, _ = found(FoodCatalogue(query, OpenFoodFacts(client, server.url, service_url=server.url)))
    assert newer[0].attributes["brand"] == "Veuve Clicquot Ponsardin"
    assert {seen.path for seen in server.log} == {"/search"}


def test_barcodes_are_read_one_by_one_and_unknown_ones_are_listed(
    server: FakeServer, client: FoodClient
) -> None:
    codes = ("3049610004104", "7501000000012", "00000000", "20118207", "3017620422003")
    query = FoodQuery("openfoodfacts", barcodes=codes, required=("name",))
    records, problems = found(FoodCatalogue(query, OpenFoodFacts(client, server.url)))
    assert [record.attributes["barcode"] for record in records] == [codes[0], codes[3], codes[4]]
    assert "7501000000012" in problems["barcode_unknown"]
    assert "00000000" in problems["barcode_unusable"]
    assert len(server.log) == 5


@pytest.mark.parametrize("killed_after", [1, 2, 3])
def test_killed_import_asks_for_at_most_one_page_again(
    killed_after: int, server: FakeServer, client: FoodClient, tmp_path: Path
) -> None:
    query = FoodQuery("openfoodfacts", "champagne", wanted=500, required=())
    whole, _ = found(FoodCatalogue(query, SmallPages(client, server.url)))
    server.log.clear()
    journal = tmp_path / "searches" / "one.jsonl"
    walk = FoodCatalogue(query, SmallPages(client, server.url), journal_path=journal).records(Progress())
    while len(server.log) < killed_after:
        next(walk)
    walk.close()
    if killed_after == 2:
        # The kill came while the page was being written.
        journal.write_bytes(journal.read_bytes()[:-40])
    again = FoodCatalogue(query, SmallPages(client, server.url), journal_path=journal)
    records, _ = found(again)
    assert records == whole
    assert len(server.log) <= 3 + 1
    again.finish()
    assert not journal.exists()


def test_cancel_between_pages_keeps_what_was_answered(
    server: FakeServer, client: FoodClient, tmp_path: Path
) -> None:
    journal = tmp_path / "one.jsonl"
    query = FoodQuery("openfoodfacts", "champagne", wanted=500, required=())
    token = CancelToken()

    def cancel_when_found(state: ProgressState) -> None:
        if len(server.log) == 2:
            token.cancel()

    with pytest.raises(Cancelled):
        list(
            FoodCatalogue(query, SmallPages(client, server.url), journal_path=journal).records(
                Progress(cancel_when_found, token=token, interval_s=0)
            )
        )
    server.log.clear()
    records, _ = found(FoodCatalogue(query, SmallPages(client, server.url), journal_path=journal))
    assert len(records) == 51
    assert [seen.query["page"] for seen in server.log] in (["2", "3"], ["3"])


def test_old_or_foreign_journal_is_not_continued(
    server: FakeServer, client: FoodClient, tmp_path: Path
) -> None:
    journal = tmp_path / "one.jsonl"
    for head in (
        {"location": "openfoodfacts:tea", "started_s": 0},
        {"location": ALL.location, "started_s": 0},
        [],
    ):
        journal.write_text(json.dumps(head) + "\n", encoding="utf-8")
        server.log.clear()
        found(FoodCatalogue(ALL, OpenFoodFacts(client, server.url), journal_path=journal))
        assert server.log[0].query["page"] == "1"
        journal.unlink()


def test_preview_writes_nothing_and_its_pages_are_not_asked_for_again(
    server: FakeServer, client: FoodClient, tmp_path: Path
) -> None:
    journal = tmp_path / "one.jsonl"
    query = FoodQuery("openfoodfacts", "champagne")
    catalogue = FoodCatalogue(query, OpenFoodFacts(client, server.url), journal_path=journal)
    previewed = catalogue.preview(Progress())
    assert len(previewed) == 10
    assert list(tmp_path.iterdir()) == []
    asked = len(server.log)
    records, _ = found(catalogue)
    assert records == previewed
    assert len(server.log) == asked


def test_wait_for_the_rate_is_shown_as_a_stage(
    server: FakeServer, client: FoodClient, clock: FakeClock
) -> None:
    shown: list[str] = []
    catalogue = FoodCatalogue(ALL, OpenFoodFacts(client, server.url))
    server.break_next(*[Fault(503)] * 2)
    list(catalogue.records(Progress(lambda state: shown.append(state.stage))))
    assert any("busy" in stage for stage in shown)
    assert sum(clock.slept) >= 180
