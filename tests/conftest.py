"""What every test stands on: no warning, no leaked thread, no unexpected log record goes unseen."""

from __future__ import annotations

import importlib.abc
import ipaddress
import logging
import os
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType, ModuleType

import pytest

_QT_SETTINGS = (
    "qt_api",
    "qt_default_raising",
    "qt_no_exception_capture",
    "qt_log_level_fail",
    "qt_log_ignore",
)
PROGRAM = str(Path(__file__).resolve().parents[1] / "prodlabel") + os.sep
TESTS = str(Path(__file__).resolve().parent) + os.sep
SHARED = Path(__file__).resolve().parents[2] / "shared"


class _QtBlocker(importlib.abc.MetaPathFinder):
    """Makes Qt not importable, to prove that the layers below the window do not need it."""

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:
        if fullname.partition(".")[0] in {"PySide6", "shiboken6", "pyqtgraph"}:
            raise ModuleNotFoundError(f"{fullname} is blocked in this run", name=fullname)


if os.environ.get("PRODLABEL_TEST_WITHOUT_QT"):
    sys.meta_path.insert(0, _QtBlocker())


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Keep pytest-qt's settings in pyproject.toml known where its plugin is left out (it imports Qt)."""
    if not pluginmanager.hasplugin("pytest-qt"):
        for name in _QT_SETTINGS:
            parser.addini(name, "a setting of pytest-qt, unused in this run")


@pytest.fixture(autouse=True)
def no_leaked_threads() -> Iterator[None]:
    """Fails a test that leaves a thread behind, and names it."""
    before = set(threading.enumerate())
    yield
    leaked = [t for t in threading.enumerate() if t not in before and t.is_alive() and not _is_a_pool(t)]
    for thread in leaked:
        thread.join(timeout=2.0)
    alive = [thread.name for thread in leaked if thread.is_alive()]
    assert not alive, f"threads left behind: {alive}"


class _Connections:
    """Where this process connected to, and what could be connected to from elsewhere or was offered by the
    program itself; an audit hook cannot be taken out again, so there is one for all."""

    def __init__(self) -> None:
        self.foreign: list[str] = []
        self.offered: list[str] = []
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple[object, ...]) -> None:
        if event not in ("socket.connect", "socket.bind"):
            return
        address = arguments[1]
        if not isinstance(address, tuple):  # of a file system: nobody outside can reach it
            return
        is_here = _is_this_computer(str(address[0]))
        if event == "socket.connect" and not is_here:
            self.foreign.append(str(address[0]))
        if event == "socket.bind" and (not is_here or _is_of_the_program(sys._getframe(1))):
            self.offered.append(f"{address[0]}:{address[1]}")


def _is_of_the_program(frame: FrameType | None) -> bool:
    """Whether the program, not a server of a test, called what came to this frame."""
    while frame is not None:
        if "urllib3" in frame.f_code.co_filename:
            return False  # when it is imported it binds once, to see whether this computer knows IPv6
        if PROGRAM in frame.f_code.co_filename:
            return True
        if TESTS in frame.f_code.co_filename:
            return False
        frame = frame.f_back
    return False


def _is_this_computer(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return host == "localhost"


_CONNECTIONS = _Connections()


@pytest.fixture(autouse=True)
def nobody_outside_is_contacted() -> Iterator[None]:
    """Fails a test in which anything connects to another computer, or the program waits for connections: what
    tests ask runs on this one, and only servers of tests answer."""
    _CONNECTIONS.foreign.clear()
    _CONNECTIONS.offered.clear()
    yield
    assert _CONNECTIONS.foreign == []
    assert _CONNECTIONS.offered == [], "something listens"


@pytest.fixture
def foreign_connections() -> list[str]:
    """The hosts outside that were connected to; a test that wants to see the guard at work empties it."""
    return _CONNECTIONS.foreign


@pytest.fixture
def offered_connections() -> list[str]:
    """The addresses that somebody else could connect to; a test of the guard empties it."""
    return _CONNECTIONS.offered


def _is_a_pool(thread: threading.Thread) -> bool:
    """Threads that a library keeps for the life of the process."""
    return thread.name.startswith(("tokio", "pymp-", "Dummy-"))


@pytest.fixture(autouse=True)
def no_unexpected_log_records(
    request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture
) -> Iterator[None]:
    """Fails a test in which anything logs a warning or worse, unless it is marked `expects_log`."""
    yield
    if request.node.get_closest_marker("expects_log"):
        return
    records = [
        r for when in ("setup", "call") for r in caplog.get_records(when) if r.levelno >= logging.WARNING
    ]
    assert not records, f"unexpected log records: {[r.getMessage() for r in records]}"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real products beside the project; tests that need it skip, saying so, without it."""
    if not SHARED.is_dir():
        pytest.skip("the folder of real products is not beside this checkout")
    return SHARED


@pytest.fixture(scope="session")
def flipkart_csv(shared: Path) -> Path:
    path = shared / "flipkart" / "flipkart_com-ecommerce_sample.csv"
    if not path.is_file():
        pytest.skip(f"{path.name} is not there")
    return path
