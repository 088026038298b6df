"""Every recorded fault: what the client does, how long it waits, and what the user sees."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from itertools import pairwise
from pathlib import Path

import pytest

from prodlabel.core.errors import Cancelled, InputError
from prodlabel.core.products import Problem, ProductRecord
from prodlabel.core.progress import CancelToken, Progress
from prodlabel.sources.food.catalogue import FoodCatalogue
from prodlabel.sources.food.credentials import RapidKey
from prodlabel.sources.food.edamam import Edamam
from prodlabel.sources.food.http import Ask, FoodClient, Timeouts, user_agent
from prodlabel.sources.food.open_food_facts import OpenFoodFacts
from prodlabel.sources.food.pace import Kind
from prodlabel.sources.food.query import FoodQuery
from prodlabel.sources.food.troubles import OPEN_FOOD_FACTS, FoodError, Trouble
from tests.sources.food.conftest import CONTACT, IMPATIENT, FakeClock
from tests.sources.food.fake_server import FakeServer, Fault

# Fault: how many tries are made in all, the shortest pause before each further one, what the user reads.
NO_PRODUCT = "knows nothing like that"
EXPECTED: dict[str, tuple[int, list[float], str]] = {
    "off_200_db_error_no_count": (2, [60], "a sign of trouble in its database"),
    "off_200_empty_result": (1, [], NO_PRODUCT),
    "off_200_html_instead_of_json": (3, [60, 120], "is busy"),
    "off_200_short_body": (2, [2], "incomplete answer"),
    "off_200_truncated_json": (2, [2], "incomplete answer"),
    "off_403_blocked": (1, [], "reuse@openfoodfacts.org"),
    "off_429_retry_after_date": (1, [], "asked too often"),
    "off_429_retry_after_seconds": (3, [60, 60], "asked too often"),
    "off_429_too_many_requests": (3, [60, 120], "asked too often"),
    "off_500_internal_error": (2, [10], "an error of its own"),
    "off_502_unscheduled_downtime": (3, [60, 120], "is busy"),
    "off_503_page_temporarily_unavailable": (3, [60, 120], "is busy"),
    "off_504_gateway_timeout": (3, [60, 120], "is busy"),
    "off_connection_reset": (2, [2], "cannot be reached"),
    "off_timeout": (2, [2], "did not answer in time"),
    "sal_400_error": (1, [], "could not parse request"),
    "sal_422_too_deep": (1, [], "Maximum number of returned results"),
    "edamam_200_empty_result": (1, [], NO_PRODUCT),
    "edamam_200_schema_drift": (1, [], "unexpected answer"),
    "edamam_400_bad_request": (1, [], "Either 'ingr' or 'upc' is required"),
    "edamam_401_direct": (1, [], "refused the key"),
    "edamam_401_rapidapi_invalid_key": (1, [], "refused the key"),
    "edamam_402_direct": (1, [], "refuses to answer"),
    "edamam_403_not_subscribed": (1, [], "subscribed"),
    "edamam_429_direct": (3, [60, 120], "asked too often"),
    "edamam_429_rapidapi_per_minute": (3, [60, 120], "asked too often"),
    "edamam_429_rapidapi_quota": (1, [], "Go on in 14 hours"),
    "edamam_500": (2, [10], "an error of its own"),
    "edamam_504_rapidapi": (2, [60], "its own gateway"),
}
CLOSES_HOST = {
    name for name in EXPECTED if "401" in name or "402" in name or "403" in name or "quota" in name
}


def catalogue(name: str, client: FoodClient, url: str) -> FoodCatalogue:
    if name.startswith("edamam"):
        return FoodCatalogue(FoodQuery("edamam", "champagne"), Edamam(client, RapidKey("FAKE_KEY"), url))
    service = url if name.startswith("sal") else None
    return FoodCatalogue(
        FoodQuery("openfoodfacts", "champagne"), OpenFoodFacts(client, url, service_url=service)
    )


def outcome(searched: FoodCatalogue) -> tuple[list[ProductRecord], str]:
    """The products, and what the user is told."""
    try:
        items = list(searched.records(Progress()))
    except FoodError as error:
        return [], str(error)
    said = " ".join(item.message for item in items if isinstance(item, Problem))
    return [item for item in items if isinstance(item, ProductRecord)], said


def pauses(clock: FakeClock, server: FakeServer) -> list[float]:
    times = [seen.at for seen in server.log]
    return [after - before for before, after in pairwise(times)]


def test_every_recorded_fault_is_expected_here(recorded: Path) -> None:
    assert {path.stem for path in (recorded / "errors").glob("*.json")} == set(EXPECTED)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_fault_that_stays_is_told_after_the_allowed_tries(
    name: str, server: FakeServer, client: FoodClient, clock: FakeClock, recorded: Path
) -> None:
    tries, waits, words = EXPECTED[name]
    if name == "off_timeout":
        client.timeouts = IMPATIENT
    fault = Fault.load(recorded / "errors" / f"{name}.json")
    server.break_next(*[fault] * 10)
    searched = catalogue(name, client, server.url)
    records, said = outcome(searched)
    assert records == []
    assert words in said
    assert "FAKE" not in said
    assert "http" not in said
    assert len(server.log) == tries
    for pause, least in zip(pauses(clock, server), waits, strict=True):
        assert least <= pause <= 1.25 * least + 2
    before = len(server.log)
    outcome(catalogue(name, client, server.url))
    assert (len(server.log) == before) == (name in CLOSES_HOST)


@pytest.mark.parametrize("name", sorted(name for name, (tries, _, _) in EXPECTED.items() if tries > 1))
def test_fault_that_passes_changes_nothing_in_the_outcome(
    name: str, server: FakeServer, client: FoodClient, recorded: Path
) -> None:
    name_of_search = "off" if name.startswith("off") else name
    reference, _ = outcome(catalogue(name_of_search, client, server.url))
    if name == "off_timeout":
        client.timeouts, server.hang_s = IMPATIENT, 4.0
    server.break_next(Fault.load(recorded / "errors" / f"{name}.json"))
    records, _ = outcome(catalogue(name_of_search, client, server.url))
    assert records == reference
    assert len(records) == 10


def test_every_request_names_program_and_contact(server: FakeServer, client: FoodClient) -> None:
    outcome(catalogue("off", client, server.url))
    outcome(catalogue("edamam", client, server.url))
    assert server.log
    assert all(seen.headers["user-agent"].endswith(f"({CONTACT})") for seen in server.log)


@pytest.mark.parametrize("contact", ["", "nobody", "a b@c.org", "a@b.org)\r\nX: y"])
def test_without_a_usable_contact_nobody_is_asked(contact: str) -> None:
    with pytest.raises(InputError, match="contact"):
        user_agent(contact)


def page_ask(server: FakeServer) -> Ask:
    return Ask(OPEN_FOOD_FACTS, Kind.SEARCH, server.url, "/page")


def accept(_answer: object) -> None:
    return None


def fails_with(client: FoodClient, server: FakeServer) -> Trouble:
    with pytest.raises(FoodError) as caught:
        client.get_json(page_ask(server), accept, Progress())
    return caught.value.trouble


def test_packed_answer_is_read_and_a_bomb_is_refused(bare_server: FakeServer, client: FoodClient) -> None:
    bare_server.pages["/page"] = Fault(body=b'{"a": 1}', transport="gzip")
    assert client.get_json(page_ask(bare_server), accept, Progress()) == {"a": 1}
    client._json_limit = 1_000_000
    bare_server.pages["/page"] = Fault(body=b" " * 20_000_000, transport="gzip")
    assert fails_with(client, bare_server) is Trouble.TOO_LARGE


@pytest.mark.parametrize(
    ("fault", "trouble"),
    [
        (Fault(body=b"[1, 2]"), Trouble.UNEXPECTED),
        (Fault(body=b"[" * 100_000), Trouble.CUT),
        (Fault(body=b"1" * 10_000), Trouble.CUT),
        (Fault(body=b""), Trouble.CUT),
        (Fault(body=b"not gzip", headers={"Content-Encoding": "gzip"}), Trouble.CUT),
        (Fault(302, {"Location": "http://127.0.0.1:9/elsewhere"}), Trouble.REDIRECT),
        (Fault(418, body=b"{}"), Trouble.OTHER),
        (Fault(599, body=b"{}"), Trouble.SERVER_ERROR),
    ],
    ids=str,
)
def test_odd_answers_are_named(
    fault: Fault, trouble: Trouble, bare_server: FakeServer, client: FoodClient
) -> None:
    bare_server.pages["/page"] = fault
    assert fails_with(client, bare_server) is trouble


def test_answer_that_drips_is_given_up(bare_server: FakeServer, client: FoodClient) -> None:
    client.timeouts = Timeouts(1.0, 1.0, 0.2)
    bare_server.pages["/page"] = Fault(body=b'{"a": "' + b"x" * 400 + b'"}', transport="slow")
    started = time.monotonic()
    assert fails_with(client, bare_server) is Trouble.NETWORK
    assert time.monotonic() - started < 4


@pytest.mark.parametrize("transport", ["hang_60s", "slow"])
def test_cancel_ends_a_request_long_before_its_answer(
    transport: str, bare_server: FakeServer, client: FoodClient
) -> None:
    client.timeouts = Timeouts(5.0, 30.0, 120.0)
    bare_server.pages["/page"] = Fault(body=b'{"a": "' + b"x" * 4000 + b'"}', transport=transport)
    token = CancelToken()
    cancelled_at: list[float] = []

    def cancel() -> None:
        cancelled_at.append(time.monotonic())
        token.cancel()

    timer = threading.Timer(0.3, cancel)
    timer.start()
    with pytest.raises(Cancelled):
        client.get_json(page_ask(bare_server), accept, Progress(token=token))
    # On a quiet machine it is a fraction of 0.2 s; the answer would come after a minute.
    assert time.monotonic() - cancelled_at[0] < 2.0
    timer.join()


def test_a_connection_to_another_computer_would_not_go_unseen(foreign_connections: list[str]) -> None:
    with contextlib.closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as unconnected:
        unconnected.connect(("192.0.2.1", 9))  # a datagram socket sends nothing by this
    assert foreign_connections == ["192.0.2.1"]
    foreign_connections.clear()


def test_host_that_was_not_asked_for_is_never_connected_to(
    bare_server: FakeServer, client: FoodClient
) -> None:
    client._wanted_hosts = {"world.openfoodfacts.org"}
    assert not client._dialler._allow("127.0.0.1", "127.0.0.1")
