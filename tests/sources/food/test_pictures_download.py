"""Pictures: only from public addresses, only real ones, stored once, failures listed and tried again."""

from __future__ import annotations

import socket
import struct
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from prodlabel.core.errors import Cancelled
from prodlabel.core.products import ProductRecord
from prodlabel.core.progress import CancelToken, Progress
from prodlabel.sources.food.catalogue import FoodCatalogue
from prodlabel.sources.food.dialling import Dialler, is_public
from prodlabel.sources.food.http import FoodClient, Timeouts
from prodlabel.sources.food.open_food_facts import OpenFoodFacts
from prodlabel.sources.food.pace import Pacer
from prodlabel.sources.food.pictures_download import PictureDownloads
from prodlabel.sources.food.query import FoodQuery
from tests.sources.food.conftest import CONTACT, QUICK
from tests.sources.food.fake_server import FakeServer, Fault, draw_jpeg

Make = Callable[..., PictureDownloads]


@pytest.fixture
def downloads(tmp_path: Path, pacer: Pacer) -> Iterator[Make]:
    made: list[PictureDownloads] = []

    def make(**settings: object) -> PictureDownloads:
        options: dict[str, object] = {"allowed_hosts": ["127.0.0.1"], "timeouts": QUICK} | settings
        made.append(PictureDownloads(tmp_path / "pictures", CONTACT, pacer, **options))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for one in made:
        one.close()


def fetch(downloads: PictureDownloads, address: str) -> str:
    """The path of the picture, or why there is none."""
    paths, problems = downloads.fetch({"a": address}, Progress())
    return paths["a"] if paths else problems[0].code


def test_recorded_cases_come_out_as_recorded(server: FakeServer, downloads: Make, client: FoodClient) -> None:
    query = FoodQuery("openfoodfacts", "champagne", wanted=20, required=("picture",))
    fetcher = downloads()
    searched = FoodCatalogue(query, OpenFoodFacts(client, server.url), fetcher)
    records = [item for item in searched.records(Progress()) if isinstance(item, ProductRecord)]
    assert len(records) == 20
    with_picture = [record for record in records if record.picture is not None]
    assert len(with_picture) >= 15
    for record in with_picture:
        assert (fetcher.folder / str(record.picture)).is_file()
    pictures = [seen for seen in server.log if seen.path.startswith("/images/")]
    assert all(seen.headers["user-agent"].endswith(f"({CONTACT})") for seen in pictures)


EXCEPTIONS = {
    "/images/products/311/393/060/0701/front_fr.13.400.jpg": ("picture_gone", 1),
    "/images/products/376/019/420/9227/front_fr.4.400.jpg": ("picture_not_one", 1),
    "/images/products/333/089/100/0207/front_fr.4.400.jpg": ("picture_cut", 2),
    "/images/products/942/101/729/1549/front_fr.4.400.jpg": ("picture_not_fetched", 3),
    "/images/products/063/779/300/0964/front_fr.11.400.jpg": ("picture_empty", 1),
    "/images/products/541/312/135/9042/front_fr.5.400.jpg": ("picture_not_fetched", 3),
}


@pytest.mark.parametrize("path", EXCEPTIONS)
def test_recorded_picture_fault_is_named_and_asked_for_the_allowed_times(
    path: str, server: FakeServer, downloads: Make
) -> None:
    code, tries = EXCEPTIONS[path]
    fetcher = downloads()
    assert fetch(fetcher, server.url + path) == code
    assert len(server.log) == tries
    assert fetcher.failures[0].can_retry == (code != "picture_gone")
    assert "without it" in fetcher.failures[0].as_problem().message


def test_good_picture_with_an_odd_type_is_taken(server: FakeServer, downloads: Make) -> None:
    path = "/images/products/344/261/000/1515/front_fr.4.400.jpg"
    assert fetch(downloads(), server.url + path).endswith(".jpg")


def test_picture_that_is_gone_is_not_asked_for_again(server: FakeServer, downloads: Make) -> None:
    fetcher = downloads()
    address = server.url + next(iter(EXCEPTIONS))
    fetch(fetcher, address)
    fetch(fetcher, address)
    assert len(server.log) == 1


def test_failed_pictures_are_tried_again_on_request(bare_server: FakeServer, downloads: Make) -> None:
    fetcher = downloads()
    bare_server.pages["/a.jpg"] = Fault(500)
    assert fetch(fetcher, f"{bare_server.url}/a.jpg") == "picture_not_fetched"
    bare_server.pages["/a.jpg"] = Fault(body=draw_jpeg("a"))
    assert set(fetcher.retry(Progress())) == {"a"}
    assert fetcher.failures == []


def test_same_content_is_stored_once_and_known_addresses_are_not_fetched_again(
    bare_server: FakeServer, downloads: Make
) -> None:
    for name in "ab":
        bare_server.pages[f"/{name}.jpg"] = Fault(body=draw_jpeg("same"))
    addresses = {name: f"{bare_server.url}/{name}.jpg" for name in "ab"}
    paths, _ = downloads().fetch(addresses, Progress())
    assert paths["a"] == paths["b"]
    later = downloads()
    assert later.fetch(addresses, Progress())[0] == paths
    assert len(bare_server.log) == 2
    assert len(list(later.folder.rglob("*.jpg"))) == 1


def test_index_cut_short_by_a_kill_costs_one_picture(bare_server: FakeServer, downloads: Make) -> None:
    bare_server.pages["/a.jpg"] = Fault(body=draw_jpeg("a"))
    address = f"{bare_server.url}/a.jpg"
    path = fetch(downloads(), address)
    index = downloads().folder / "addresses.jsonl"
    index.write_bytes(index.read_bytes()[:-10])
    assert fetch(downloads(), address) == path
    assert fetch(downloads(), address) == path
    assert len(bare_server.log) == 2


def test_index_cannot_lead_out_of_the_folder(bare_server: FakeServer, downloads: Make) -> None:
    folder = downloads().folder
    folder.mkdir()
    (folder.parent / "secret").write_text("x", encoding="utf-8")
    line = '{"address": "http://a/b", "path": "../secret"}\n'
    (folder / "addresses.jsonl").write_text(line, encoding="utf-8")
    assert downloads().store.known("http://a/b") is None


def bomb() -> bytes:
    """A PNG of 30,000 x 30,000 pixels."""
    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 0, 0, 0, 0)
    chunks = b""
    for kind, content in ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 100_000)), (b"IEND", b"")):
        chunks += struct.pack(">I", len(content)) + kind + content
        chunks += struct.pack(">I", zlib.crc32(kind + content))
    return b"\x89PNG\r\n\x1a\n" + chunks


def test_decompression_bomb_is_refused(bare_server: FakeServer, downloads: Make) -> None:
    bare_server.pages["/a.png"] = Fault(body=bomb())
    assert fetch(downloads(), f"{bare_server.url}/a.png") == "picture_too_many_pixels"
    assert not list(downloads().folder.rglob("*.png"))


def test_picture_that_is_too_large_is_given_up_while_it_comes(
    bare_server: FakeServer, downloads: Make
) -> None:
    bare_server.pages["/a.jpg"] = Fault(body=draw_jpeg("a") + b"\0" * 200_000)
    assert fetch(downloads(limit=100_000), f"{bare_server.url}/a.jpg") == "picture_too_large"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "169.254.169.254", "0.0.0.0", "100.64.0.1",
        "224.0.0.1", "::1", "fe80::1", "fc00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::",
        "fe80::1%eth0", "nonsense",
    ],
)  # fmt: skip
def test_addresses_inside_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700:4700::1111", "64:ff9b::808:808"])
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    ["{server}/a.jpg", "http://localhost:{port}/a.jpg", "http://2130706433:{port}/a.jpg"],
)
def test_private_host_is_refused_unless_the_user_allows_it(
    url: str, bare_server: FakeServer, downloads: Make
) -> None:
    bare_server.pages["/a.jpg"] = Fault(body=draw_jpeg("a"))
    address = url.format(server=bare_server.url, port=bare_server.host.rpartition(":")[2])
    assert fetch(downloads(allowed_hosts=[]), address) == "picture_refused"
    assert bare_server.log == []


@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "ftp://a/b.jpg", "//a/b.jpg", "http://user:word@a/b.jpg", "http://", "x"],
)
def test_what_is_no_plain_web_address_is_not_asked_for(address: str, downloads: Make) -> None:
    assert fetch(downloads(), address) == "picture_address"


def test_redirect_to_a_private_address_is_refused(bare_server: FakeServer, downloads: Make) -> None:
    bare_server.pages["/a.jpg"] = Fault(302, {"Location": "http://inside.example/secret"})

    def resolve(host: str, port: int) -> list[str]:
        return ["10.0.0.1"] if host == "inside.example" else [host]

    assert fetch(downloads(resolve=resolve), f"{bare_server.url}/a.jpg") == "picture_refused"


def test_redirects_are_followed_five_times_at_most(bare_server: FakeServer, downloads: Make) -> None:
    bare_server.pages["/5"] = Fault(body=draw_jpeg("a"))
    for number in range(5):
        bare_server.pages[f"/{number}"] = Fault(302, {"Location": f"/{number + 1}"})
    assert fetch(downloads(), f"{bare_server.url}/0").endswith(".jpg")
    bare_server.pages["/5"] = Fault(302, {"Location": "/0"})
    assert fetch(downloads(), f"{bare_server.url}/1") == "picture_redirects"


def test_redirect_to_a_file_is_refused(bare_server: FakeServer, downloads: Make) -> None:
    bare_server.pages["/a.jpg"] = Fault(302, {"Location": "file:///etc/passwd"})
    assert fetch(downloads(), f"{bare_server.url}/a.jpg") == "picture_address"


def test_name_that_changes_its_address_leads_to_the_checked_one(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_up: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        looked_up.append(host)
        # Public when first looked up, inside at any later time.
        return ["8.8.8.8" if len(looked_up) == 1 else "127.0.0.1"]

    dialler = Dialler(lambda _host, address: is_public(address), resolve=resolve)
    dialled: list[str] = []

    def connect(address: str, port: int, timeout_s: float | None) -> socket.socket:
        dialled.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(dialler, "_connect", connect)
    with pytest.raises(ConnectionRefusedError):
        dialler.connect("moving.example", 80, 0.05)
    assert (looked_up, dialled) == (["moving.example"], ["8.8.8.8"])


def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    dialler = Dialler(
        lambda _host, address: is_public(address), resolve=lambda _h, _p: ["8.8.8.8", "10.0.0.1"]
    )
    with pytest.raises(Exception, match="public internet"):
        dialler.connect("mixed.example", 80, 0.05)


def test_host_that_does_not_exist_is_a_failure_of_that_picture(downloads: Make) -> None:
    def resolve(host: str, port: int) -> list[str]:
        raise socket.gaierror("no such host")

    assert fetch(downloads(resolve=resolve), "http://nowhere.example/a.jpg") == "picture_not_fetched"


def test_cancel_ends_downloads_long_before_their_answers(bare_server: FakeServer, downloads: Make) -> None:
    for number in range(4):
        bare_server.pages[f"/{number}"] = Fault(transport="hang_60s")
    token, cancelled_at = CancelToken(), []

    def cancel() -> None:
        cancelled_at.append(time.monotonic())
        token.cancel()

    timer = threading.Timer(0.3, cancel)
    timer.start()
    fetcher = downloads(timeouts=Timeouts(5.0, 30.0, 60.0))
    with pytest.raises(Cancelled):
        fetcher.fetch({str(n): f"{bare_server.url}/{n}" for n in range(4)}, Progress(token=token))
    assert time.monotonic() - cancelled_at[0] < 2.0
    timer.join()
