"""Opens connections to hosts that were asked for and to nothing else, and can hang up from another thread.

Invariant: the address that is connected to is the one that was checked (no second look-up in between), so a
name that resolves to a public address when checked and to a private one later leads nowhere.
"""

from __future__ import annotations

import ipaddress
import logging
import re
import socket
import threading
import weakref
from collections.abc import Callable, Iterable
from contextlib import suppress
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.poolmanager import PoolManager

from prodlabel.core.errors import UserError
from prodlabel.core.progress import Progress

Resolve = Callable[[str, int], Iterable[str]]
"""Host and port to numeric addresses; raises `socket.gaierror`."""
Allow = Callable[[str, str], bool]
"""Whether a connection to this host at this numeric address is wanted."""

_POLL_S = 0.05
_LEAVE_S = 0.5
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_SECRETS = re.compile(r"\b(app_id|app_key)=[^&\s\"']*")


class AddressRefusedError(UserError):
    """An address leads somewhere that the user did not ask for."""


def system_resolve(host: str, port: int) -> list[str]:
    """What the system says, in its order."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(address: str) -> bool:
    """Whether a numeric address is one of the open internet; embedded IPv4 addresses count as themselves."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


class Dialler:
    """Makes sessions whose every connection passes `allow`; `hang_up` ends all of them at once."""

    def __init__(self, allow: Allow, *, resolve: Resolve = system_resolve) -> None:
        self._allow = allow
        self._resolve = resolve
        self._sockets: weakref.WeakSet[socket.socket] = weakref.WeakSet()
        self._lock = threading.Lock()

    def session(self) -> requests.Session:
        """A session without cookies, environment proxies, `.netrc` or retries of its own."""
        _keep_keys_out_of_the_log()
        session = requests.Session()
        session.trust_env = False
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        adapter = _Adapter(self)
        session.mount("http://", adapter)
        session.mount("https://", adapter)
        return session

    def connect(self, host: str, port: int, timeout_s: float | None) -> socket.socket:
        """A connection to the first address that answers. Raises `AddressRefusedError` before any packet."""
        addresses = list(self._resolve(host, port))
        if not addresses:
            raise socket.gaierror(f"{host} has no address")
        if not all(self._allow(host, address) for address in addresses):
            raise AddressRefusedError(
                f"{host} leads to an address that is not on the public internet or was not asked for. "
                "Allow the host in the settings if it is yours."
            )
        failure: OSError | None = None
        for address in addresses:
            try:
                return self._connect(address, port, timeout_s)
            except OSError as error:
                failure = error
        assert failure is not None
        raise failure

    def _connect(self, address: str, port: int, timeout_s: float | None) -> socket.socket:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        opened = socket.socket(family, socket.SOCK_STREAM)
        self.remember(opened)
        try:
            opened.settimeout(timeout_s)
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            opened.connect((address, port))
        except BaseException:
            opened.close()
            raise
        return opened

    def remember(self, opened: socket.socket) -> None:
        """Let `hang_up` know of a socket."""
        with self._lock:
            self._sockets.add(opened)

    def hang_up(self) -> None:
        """End every connection; whoever waits on one gets an error at once."""
        with self._lock:
            sockets = list(self._sockets)
        for opened in sockets:
            with suppress(OSError):  # closed or never connected: nothing is left to end
                opened.shutdown(socket.SHUT_RDWR)


def run_hanging_up(work: Callable[[], None], dialler: Dialler, progress: Progress) -> None:
    """Run `work` in a thread and wait for it; after a cancel hang up, and raise `Cancelled` within 0.2 s.

    A look-up of a name cannot be interrupted: its thread is left to end by itself.
    """
    failure: list[BaseException] = []
    done = threading.Event()

    def run() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that waits
            failure.append(error)
        finally:
            done.set()

    thread = threading.Thread(target=run, name="food request", daemon=True)
    thread.start()
    try:
        while not done.wait(_POLL_S):
            progress.check()
    except BaseException:
        dialler.hang_up()
        done.wait(_LEAVE_S / 5)
        raise
    thread.join()
    if failure:
        raise failure[0]


class _Adapter(HTTPAdapter):
    def __init__(self, dialler: Dialler) -> None:
        self._pools = _pool_classes(dialler)
        super().__init__(pool_connections=4, pool_maxsize=4, max_retries=0)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **kwargs: Any) -> None:
        manager = PoolManager(num_pools=connections, maxsize=maxsize, block=block, **kwargs)
        manager.pool_classes_by_scheme = self._pools
        self.poolmanager = manager


def _pool_classes(dialler: Dialler) -> dict[str, Any]:
    """urllib3's pools with connections that go through `dialler`."""

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return _dial(dialler, self)

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return _dial(dialler, self)

        def connect(self) -> None:
            super().connect()
            # Securing a socket makes a new one of it; only that one can be hung up.
            dialler.remember(self.sock)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


def _dial(dialler: Dialler, connection: HTTPConnection) -> socket.socket:
    timeout_s = connection.timeout if isinstance(connection.timeout, int | float) else None
    host = connection.host.strip("[]")
    try:
        return dialler.connect(host, connection.port or connection.default_port, timeout_s)
    except socket.gaierror as error:
        raise NameResolutionError(host, connection, error) from error
    except TimeoutError as error:
        raise ConnectTimeoutError(connection, f"{host} did not answer in time") from error
    except OSError as error:
        raise NewConnectionError(connection, f"{host} cannot be reached") from error


class _KeyFilter(logging.Filter):
    """Takes Edamam's credentials out of the addresses that urllib3 logs at its lowest level."""

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        if "app_" in text:
            record.msg, record.args = _SECRETS.sub(r"\1=...", text), ()
        return True


_KEY_FILTER = _KeyFilter()


def _keep_keys_out_of_the_log() -> None:
    for name in ("urllib3.connectionpool", "urllib3.connection", "urllib3.util.retry"):
        logging.getLogger(name).addFilter(_KEY_FILTER)
