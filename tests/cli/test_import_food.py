"""`prodlabel import --from openfoodfacts` against a fake server: preview, import, stop and go on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from prodlabel import paths
from prodlabel.cli.main import run_command_line
from prodlabel.cli.verbs import food
from prodlabel.project.project import Project
from prodlabel.sources.food.pace import Pacer
from prodlabel.sources.food.settings import FoodSettings, save_settings
from prodlabel.sources.food.source import open_search
from tests.sources.food.conftest import FakeClock
from tests.sources.food.fake_server import FakeServer, Fault

Run = Callable[..., int]


@pytest.fixture
def server(shared: Path) -> Iterator[FakeServer]:
    if not (shared / "food_api").is_dir():
        pytest.skip("the recorded answers are not beside this checkout")
    with FakeServer(shared / "food_api") as running:
        yield running


@pytest.fixture
def run(server: FakeServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `prodlabel import PROJECT ...` with the fake server in place of the databases."""
    clock = FakeClock()
    server.clock = clock
    pacer = Pacer(clock=clock, sleep=clock.sleep)
    monkeypatch.setattr(paths, "user_settings", lambda: tmp_path / "settings")
    monkeypatch.setattr(food, "open_search", partial(open_search, base_url=server.url, pacer=pacer))
    project = tmp_path / "shop.prodlabel"
    Project.create(project).close()
    return lambda *arguments: run_command_line(["import", str(project), *arguments])


CHAMPAGNE = (
    "--from",
    "openfoodfacts",
    "champagne",
    "--contact",
    "curator@example.org",
    "--allow-host",
    "127.0.0.1",
)


def products(folder: Path) -> list[str]:
    with Project.open(folder / "shop.prodlabel", read_only=True) as project:
        snapshot = project.snapshot()
        with snapshot.reader() as reader:
            return [texts.key for texts in reader.all_texts()]


def test_preview_shows_products_and_attribution_and_writes_nothing(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*CHAMPAGNE, "--preview") == 0
    shown = capsys.readouterr().out
    assert "openfoodfacts:3016570001030" in shown
    assert "Contains information from Open Food Facts" in shown
    assert products(tmp_path) == []
    assert not (tmp_path / "shop.prodlabel" / "downloads").exists()


def test_first_ten_complete_products_come_in_with_pictures_and_again_changes_nothing(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*CHAMPAGNE) == 0
    assert "10 products added" in capsys.readouterr().out
    assert len(products(tmp_path)) == 10
    assert list((tmp_path / "shop.prodlabel" / "downloads" / "pictures").rglob("*.jpg"))
    # Contact and allowed host are remembered, the finished search is forgotten.
    assert run("--from", "openfoodfacts", "champagne", "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["added"], said["changed"], said["same"]) == (0, 0, 10)


def test_import_that_a_busy_server_stops_keeps_what_it_has_and_goes_on_later(
    run: Run, server: FakeServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    codes = tmp_path / "codes.txt"
    codes.write_text("3049610004104\n20118207\n3560070715275\n", encoding="utf-8")
    wanted = ("--from", "openfoodfacts", "--barcodes", str(codes), "--require", "name", *CHAMPAGNE[3:])
    good = [server.answer(f"/api/v2/product/{code}", {}, {}) for code in ("3049610004104", "20118207")]
    server.break_next(*good, *[Fault(503)] * 3)
    assert run(*wanted) == 1
    error = capsys.readouterr().err
    assert "busy" in error
    assert "2 products found before are kept" in error
    assert len(products(tmp_path)) == 2
    asked = len(server.log)
    assert run(*wanted) == 0
    assert len(products(tmp_path)) == 3
    again = [seen.path for seen in server.log[asked:] if seen.path.startswith("/api/")]
    assert again == ["/api/v2/product/3560070715275"]


def test_database_that_finds_nothing_says_so(
    run: Run, server: FakeServer, capsys: pytest.CaptureFixture[str]
) -> None:
    server.break_next(Fault(body=b'{"count": 0, "page_size": 20, "products": []}'))
    assert run("--from", "openfoodfacts", "zzzqqq", *CHAMPAGNE[3:]) == 0
    assert "knows nothing like that" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [("--from", "openfoodfacts", "tea"), ("--from", "openfoodfacts"), (), (*CHAMPAGNE, "--language", "fra")],
)
def test_command_that_cannot_be_asked_names_the_remedy(
    arguments: tuple[str, ...], run: Run, server: FakeServer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*arguments) == 2
    assert ". " in capsys.readouterr().err
    assert server.log == []


class TeaServer(FakeServer):
    """Fifty teas with good pictures, twenty a page."""

    def answer(self, path: str, query: dict[str, str], headers: dict[str, str]) -> Fault:
        if path != "/cgi/search.pl":
            return super().answer(path, query, headers)
        begin = 20 * (int(query["page"]) - 1)
        rows = [
            {
                "code": str(3_000_000_000_000 + number),
                "product_name": f"Tea {number}",
                "image_url": f"{self.url}/food-img/{number}.jpg",
            }
            for number in range(begin, min(begin + 20, 50))
        ]
        return Fault(body=json.dumps({"count": 50, "page_size": 20, "products": rows}).encode())


@pytest.mark.skipif(sys.platform == "win32", reason="no kill by signal")
def test_a_killed_search_goes_on_and_asks_for_at_most_one_page_again(tmp_path: Path) -> None:
    folder = tmp_path / "shop.prodlabel"
    Project.create(folder).close()
    with TeaServer() as server:
        urls = (("openfoodfacts", server.url),)
        settings = FoodSettings("curator@example.org", ("127.0.0.1",), urls)
        save_settings(settings, tmp_path / "settings" / "food.json")
        command = [sys.executable, "-c", _IN_OTHER_FOLDERS, str(tmp_path), "import", str(folder), "--from"]
        command += ["openfoodfacts", "tea", "--wanted", "25", "--require", "name,picture"]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            until = time.monotonic() + 60
            while not _has_begun_page_2(server) and process.poll() is None and time.monotonic() < until:
                time.sleep(0.01)
            os.kill(process.pid, signal.SIGKILL)
        assert subprocess.run(command, check=False, capture_output=True).returncode == 0
        pages = Counter(one.query["page"] for one in server.log if one.path == "/cgi/search.pl")
        pictures = Counter(one.path for one in server.log if one.path.startswith("/food-img/"))
    assert set(pages) == {"1", "2"}
    assert sum(pages.values()) <= 3
    # Pictures that were under way when it was killed are asked for again, and no others.
    assert len(pictures) == 25
    assert sum(pictures.values()) <= 28
    assert len(products(tmp_path)) == 25


_IN_OTHER_FOLDERS = """
import sys
from pathlib import Path
from prodlabel import paths
folder = Path(sys.argv.pop(1))
paths.user_settings = lambda: folder / "settings"
paths.user_cache = lambda: folder / "cache"
from prodlabel.cli.main import run_command_line
sys.exit(run_command_line(sys.argv[1:]))
"""
"""Runs a command with settings and caches of the test's own."""


def _has_begun_page_2(server: FakeServer) -> bool:
    """Whether pictures of the second page are being fetched."""
    log = list(server.log)
    at = [place for place, one in enumerate(log) if one.query.get("page") == "2"]
    return bool(at) and len(log) > at[0] + 2
