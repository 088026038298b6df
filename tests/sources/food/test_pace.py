"""Rates are never exceeded, whatever the server does; many faults in any order end in the same state."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prodlabel.core.errors import Cancelled
from prodlabel.core.products import ProductRecord
from prodlabel.core.progress import CancelToken, Progress, ProgressState
from prodlabel.operations.food import import_search
from prodlabel.project.project import Project
from prodlabel.sources.food.catalogue import FoodCatalogue
from prodlabel.sources.food.http import FoodClient
from prodlabel.sources.food.open_food_facts import OpenFoodFacts
from prodlabel.sources.food.pace import RATES, Kind, Pacer, Rate
from prodlabel.sources.food.pace_memory import PaceMemory
from prodlabel.sources.food.pictures_download import PictureDownloads
from prodlabel.sources.food.query import FoodQuery
from prodlabel.sources.food.troubles import FoodError
from tests.sources.food.conftest import CONTACT, QUICK, FakeClock
from tests.sources.food.fake_server import FakeServer, Fault
from tests.sources.food.test_open_food_facts import SmallPages

FAULTS = [
    "off_200_db_error_no_count", "off_200_html_instead_of_json", "off_200_short_body",
    "off_200_truncated_json", "off_429_retry_after_date", "off_429_retry_after_seconds",
    "off_429_too_many_requests", "off_500_internal_error", "off_503_page_temporarily_unavailable",
    "off_connection_reset",
]  # fmt: skip


def most_in_window(times: list[float], window_s: float) -> int:
    return max(sum(start <= at < start + window_s for at in times) for start in times)


@given(
    durations=st.lists(st.floats(0, 90), min_size=1, max_size=60),
    kind=st.sampled_from([Kind.SEARCH, Kind.PRODUCT, Kind.FACET]),
    share=st.floats(0, 1),
)
def test_server_never_sees_more_than_the_rate_however_long_answers_take(
    durations: list[float], kind: Kind, share: float
) -> None:
    clock = FakeClock()
    pacer = Pacer(clock=clock, sleep=clock.sleep)
    arrivals = []
    for duration in durations:
        with pacer.slot("host", kind, Progress()):
            clock.sleep(duration * share)
            arrivals.append(clock())
            clock.sleep(duration * (1 - share))
    assert most_in_window(arrivals, RATES[kind].window_s) <= RATES[kind].count


@pytest.mark.parametrize(("kind", "count"), [(Kind.SEARCH, 10), (Kind.PRODUCT, 15), (Kind.FACET, 2)])
def test_rates_are_those_that_the_database_publishes(kind: Kind, count: int) -> None:
    assert RATES[kind] == Rate(count, 60.0, at_once=1)


def test_forty_products_by_code_keep_the_rate_at_the_server(
    bare_server: FakeServer, client: FoodClient
) -> None:
    codes = tuple(str(3_000_000_000_000 + number) for number in range(40))
    for code in codes:
        answer = {"code": code, "status": 1, "product": {"product_name": "Tea"}}
        bare_server.pages[f"/api/v2/product/{code}"] = Fault(body=json.dumps(answer).encode())
    query = FoodQuery("openfoodfacts", barcodes=codes, wanted=40, required=("name",))
    assert len(list(FoodCatalogue(query, OpenFoodFacts(client, bare_server.url)).records(Progress()))) == 40
    times = [seen.at for seen in bare_server.log]
    assert most_in_window(times, 60.0) == 15


def test_next_run_of_the_program_remembers_what_was_asked(tmp_path: Path, clock: FakeClock) -> None:
    wall = FakeClock()
    for _ in range(2):
        pacer = Pacer(clock=clock, sleep=clock.sleep, memory=PaceMemory(tmp_path / "pace.json", wall))
        for _ in range(6):
            with pacer.slot("host", Kind.SEARCH, Progress()):
                wall.sleep(0.01)
    assert sum(clock.slept) > 50


@pytest.mark.parametrize("content", [b"", b"[]", b'{"a": 3}', b'{"search host": ["x"]}', b"\xff"])
def test_damaged_memory_costs_nothing_but_itself(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "pace.json"
    path.write_bytes(content)
    memory = PaceMemory(path)
    assert memory.ages("search host") == []
    memory.note("search host")
    assert len(memory.ages("search host")) == 1


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plan=st.lists(st.sampled_from([*FAULTS, "cancel"]), max_size=4))
def test_project_ends_in_the_same_state_whatever_the_order_of_faults_and_cancels(
    plan: list[str], recorded: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    clock = FakeClock()
    query = FoodQuery("openfoodfacts", "champagne", wanted=15, required=("name", "picture"))
    with FakeServer(recorded, clock) as server:
        pacer = Pacer(clock=clock, sleep=clock.sleep, seed=1)
        wanted = _imported(query, server, pacer, tmp_path_factory.mktemp("calm"), [])
        clock.sleep(600)
        server.log.clear()
        faults = [name for name in plan if name != "cancel"]
        server.break_next(*(Fault.load(recorded / "errors" / f"{name}.json") for name in faults))
        assert _imported(query, server, pacer, tmp_path_factory.mktemp("storm"), plan) == wanted
    pages = [seen for seen in server.log if not seen.path.startswith("/images/")]
    assert most_in_window([seen.at for seen in pages], 60.0) <= RATES[Kind.SEARCH].count
    pictures = [seen.at for seen in server.log if seen.path.startswith("/images/")]
    assert most_in_window(pictures, 60.0) <= RATES[Kind.PICTURE].count


def _imported(
    query: FoodQuery, server: FakeServer, pacer: Pacer, folder: Path, plan: list[str]
) -> list[tuple[object, ...]]:
    """What a project holds once a search got through, however often it was stopped and begun again."""
    cancels = plan.count("cancel")
    with (
        Project.create(folder / "shop", person="Ada") as project,
        FoodClient(CONTACT, pacer, timeouts=QUICK) as client,
    ):
        for attempt in range(len(plan) + 2):
            downloads = PictureDownloads(
                folder / "pictures", CONTACT, pacer, allowed_hosts=("127.0.0.1",), timeouts=QUICK
            )
            journal = folder / "one.jsonl"
            catalogue = FoodCatalogue(query, SmallPages(client, server.url), downloads, journal)
            token = CancelToken()
            progress = Progress(
                lambda state, t=token, a=attempt: _cancel_late(state, t, a < cancels), token=token
            )
            try:
                import_search(project, catalogue, progress)
            except (FoodError, Cancelled):
                continue
            finally:
                downloads.close()
            if catalogue.stopped_by is None:
                break
        rows = range(len(project.columns))
        return [
            (one.key, one.name, one.description, dict(one.attributes), one.picture, int(category))
            for one, category in zip(project.texts(list(rows)), project.columns.category, strict=True)
        ]


def _cancel_late(state: ProgressState, token: CancelToken, wants: bool) -> None:
    if wants and state.unit == "pictures" and state.done > 2:
        token.cancel()


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plan=st.lists(st.sampled_from(FAULTS), max_size=12))
def test_import_ends_in_the_same_state_whatever_the_order_of_faults(
    plan: list[str], recorded: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    clock = FakeClock()
    journal = tmp_path_factory.mktemp("journal") / "one.jsonl"
    query = FoodQuery("openfoodfacts", "champagne", wanted=500, required=("name", "picture"))
    with FakeServer(recorded, clock) as server:
        pacer = Pacer(clock=clock, sleep=clock.sleep, seed=1)
        with FoodClient(CONTACT, pacer, timeouts=QUICK) as client:
            reference = list(FoodCatalogue(query, SmallPages(client, server.url)).records(Progress()))
            clock.sleep(600)
            server.log.clear()
            server.break_next(*(Fault.load(recorded / "errors" / f"{name}.json") for name in plan))
            records: list[object] = []
            for _ in range(len(plan) + 1):
                catalogue = FoodCatalogue(query, SmallPages(client, server.url), journal_path=journal)
                try:
                    records = list(catalogue.records(Progress()))
                except FoodError:
                    continue
                if catalogue.stopped_by is None:
                    break
        assert [r for r in records if isinstance(r, ProductRecord)] == [
            r for r in reference if isinstance(r, ProductRecord)
        ]
        assert most_in_window([seen.at for seen in server.log], 60.0) <= 10
        assert [seen.query["page"] for seen in server.log if not seen.is_fault] == ["1", "2", "3"]
