"""Asks a food database for JSON: paced, bounded in size and time, retried by the table, cancellable at once.

Invariant: whatever a server sends, the caller gets a JSON object that passed its check, a `FoodError` or
`Cancelled`; a key leaves this module only towards the host that it belongs to.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any
from urllib.parse import quote, urlsplit

import requests
from requests.exceptions import RequestException
from urllib3.exceptions import DecodeError, HTTPError, ProtocolError

from prodlabel import __version__
from prodlabel.core.errors import InputError
from prodlabel.core.progress import Progress
from prodlabel.sources.food.dialling import Dialler, run_hanging_up
from prodlabel.sources.food.pace import Kind, Pacer
from prodlabel.sources.food.troubles import (
    LONGEST_WAIT_S,
    PLANS,
    FoodError,
    Provider,
    Reply,
    Trouble,
    classify,
    explain,
    retry_after_s,
)

JSON_LIMIT = 32 * 2**20
"""Bytes of an answer after unpacking; a page of 100 whole products stays far below."""
_CHUNK = 64 * 1024
_NOTHING: Mapping[str, str] = MappingProxyType({})

Check = Callable[[dict[str, Any]], Trouble | None]
"""Says what is wrong with an object that parsed."""


def user_agent(contact: str) -> str:
    """How prodlabel names itself. Raises `InputError` where no usable contact is given."""
    contact = contact.strip()
    if (
        "@" not in contact
        or not contact.isascii()
        or not contact.isprintable()
        or set(contact) & set("()<>\\ ")
    ):
        raise InputError(
            "Food databases ask who is asking, and no e-mail address is known. "
            "Give one that you read (--contact you@example.org)."
        )
    return f"prodlabel/{__version__} ({contact})"


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds to connect, between two pieces of an answer, and for all of it."""

    connect_s: float = 5.0
    read_s: float = 30.0
    whole_s: float = 120.0


TIMEOUTS = Timeouts()


@dataclass(frozen=True, slots=True)
class Ask:
    """One question. Its text never shows `secret_headers` or `secret_query`."""

    provider: Provider
    kind: Kind
    base_url: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    secret_headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    secret_query: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def host(self) -> str:
        return urlsplit(self.base_url).netloc

    @property
    def secrets(self) -> tuple[str, ...]:
        return (*self.secret_headers.values(), *self.secret_query.values())

    def url(self) -> str:
        """The whole address. Commas stay as they are: Open Food Facts does not understand `%2C`."""
        pairs = {**self.query, **self.secret_query}
        query = "&".join(f"{quote(name, safe='')}={quote(value, safe=',')}" for name, value in pairs.items())
        return f"{self.base_url.rstrip('/')}{self.path}" + (f"?{query}" if query else "")


class FoodClient:
    """Asks food databases; one for all of them, used by one thread at a time, closed when done."""

    def __init__(
        self,
        contact: str,
        pacer: Pacer | None = None,
        *,
        timeouts: Timeouts = TIMEOUTS,
        json_limit: int = JSON_LIMIT,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.user_agent = user_agent(contact)
        self.pacer = pacer or Pacer()
        self.timeouts = timeouts
        self._json_limit = json_limit
        self._now = now
        self._wanted_hosts: set[str] = set()
        self._dialler = Dialler(lambda host, _address: host in self._wanted_hosts)
        self._session = self._dialler.session()
        self._closed_hosts: dict[str, FoodError] = {}

    def __enter__(self) -> FoodClient:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End all connections."""
        self._session.close()

    def get_json(self, ask: Ask, check: Check, progress: Progress) -> dict[str, Any]:
        """The answer to `ask` as an object that `check` accepts.

        Raises `FoodError` when the tries are used up, `Cancelled` within 0.2 seconds of a cancel.
        """
        failures = 0
        while True:
            if ask.host in self._closed_hosts:
                raise self._closed_hosts[ask.host]
            reply = self._reply(ask, progress)
            answer, trouble = _understand(reply, ask.provider, check)
            if trouble is None:
                return answer
            failures += 1
            self._recover(ask, reply, trouble, failures, progress)

    def _recover(self, ask: Ask, reply: Reply, trouble: Trouble, failures: int, progress: Progress) -> None:
        """Wait before the next try, or raise where there shall be none."""
        plan = PLANS[trouble]
        asked_s = retry_after_s(reply.headers, self._now())
        if failures >= plan.tries or (asked_s is not None and asked_s > LONGEST_WAIT_S):
            error = explain(trouble, ask.provider, reply, pause_s=asked_s, secrets=ask.secrets)
            if plan.closes_host:
                self._closed_hosts[ask.host] = error
            raise error
        pause_s = self.pacer.back_off_s(failures, plan.first_wait_s)
        self.pacer.wait(
            pause_s if asked_s is None else asked_s, progress, f"{ask.provider.name}: {trouble}, trying again"
        )

    def _reply(self, ask: Ask, progress: Progress) -> Reply:
        self._wanted_hosts = {urlsplit(ask.base_url).hostname or ""}
        replies: list[Reply] = []
        headers = {"User-Agent": self.user_agent, "Accept": "application/json", **ask.secret_headers}

        def work() -> None:
            replies.append(fetch(self._session, ask.url(), headers, self.timeouts, self._json_limit))

        with self.pacer.slot(ask.host, ask.kind, progress):
            run_hanging_up(work, self._dialler, progress)
        return replies[0]


def fetch(
    session: requests.Session, url: str, headers: Mapping[str, str], timeouts: Timeouts, limit: int
) -> Reply:
    """One GET without redirects; the body is read up to `limit` bytes after unpacking. Never raises for what
    a server or network does, so that no exception carries the address (it may hold a key) any further.
    """
    status, heard = None, _NOTHING
    try:
        with session.get(
            url,
            headers=dict(headers),
            stream=True,
            allow_redirects=False,
            timeout=(timeouts.connect_s, timeouts.read_s),
        ) as response:
            status = response.status_code
            heard = {name.lower(): value for name, value in response.headers.items()}
            body = bytearray()
            deadline = time.monotonic() + timeouts.whole_s
            # Piece by piece: waiting for full chunks would let a dripping server take for ever.
            while chunk := response.raw.read1(_CHUNK, decode_content=True):
                body += chunk
                if len(body) > limit:
                    return Reply(status, heard, b"", Trouble.TOO_LARGE)
                if time.monotonic() > deadline:
                    return Reply(status, heard, b"", Trouble.NETWORK)
    except (ProtocolError, DecodeError):
        return Reply(status, heard, b"", Trouble.CUT if status == 200 else None)
    except (RequestException, HTTPError, OSError):
        return Reply(status, heard, b"", Trouble.NETWORK)
    return Reply(status, heard, bytes(body))


def _understand(reply: Reply, provider: Provider, check: Check) -> tuple[dict[str, Any], Trouble | None]:
    trouble = classify(reply, provider)
    if trouble is not None:
        return {}, trouble
    try:
        answer = json.loads(reply.body)
    except (ValueError, RecursionError):
        return {}, Trouble.CUT
    if not isinstance(answer, dict):
        return {}, Trouble.UNEXPECTED
    return answer, check(answer)
