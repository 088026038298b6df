"""What the tests of the import dialog share: a food database on this computer and a keyring in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import keyring
import keyring.backend
import pytest

from prodlabel.operations.food import FoodDesk
from prodlabel.sources.food.pace import Pacer
from prodlabel.sources.food.settings import FoodSettings, save_settings
from tests.sources.food.conftest import CONTACT, FakeClock
from tests.sources.food.fake_server import FakeServer

MakeDesk = Callable[..., FoodDesk]


class MemoryKeyring(keyring.backend.KeyringBackend):
    """Keeps keys as long as the test runs."""

    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@pytest.fixture
def memory_keyring() -> Iterator[MemoryKeyring]:
    before = keyring.get_keyring()
    made = MemoryKeyring()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def server(shared: Path, clock: FakeClock) -> Iterator[FakeServer]:
    if not (shared / "food_api").is_dir():
        pytest.skip("the recorded answers are not beside this checkout")
    with FakeServer(shared / "food_api", clock, seconds=0.3) as running:
        yield running


@pytest.fixture
def make_desk(server: FakeServer, clock: FakeClock, tmp_path: Path) -> MakeDesk:
    """Makes desks that ask the fake server, as the settings say, without waiting for the clock."""
    pacer = Pacer(clock=clock, sleep=clock.sleep, seed=0)
    path = tmp_path / "food.json"

    def make(contact: str = CONTACT) -> FoodDesk:
        urls = (("openfoodfacts", server.url), ("edamam", server.url))
        save_settings(FoodSettings(contact, ("127.0.0.1",), urls), path)
        return FoodDesk(pacer=pacer, settings_path=path)

    return make
