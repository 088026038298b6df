"""Fetches pictures from addresses that strangers wrote down: only from the public internet, only real
pictures.

Invariant: no connection goes to a private, loopback or link-local address unless the user allowed that host;
each redirect is checked like the first address; nothing is stored that is no picture of a bearable size.
"""

from __future__ import annotations

import tempfile
import threading
from collections import defaultdict
from collections.abc import Callable, Collection
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import requests
from requests.exceptions import RequestException

from prodlabel.core.products import Problem
from prodlabel.core.progress import Progress
from prodlabel.sources.food.dialling import AddressRefusedError, Dialler, Resolve, is_public, system_resolve
from prodlabel.sources.food.http import TIMEOUTS, Timeouts, fetch, user_agent
from prodlabel.sources.food.off_records import is_web_address
from prodlabel.sources.food.pace import Kind, Pacer
from prodlabel.sources.food.picture_store import PictureStore
from prodlabel.sources.food.troubles import (
    LONGEST_WAIT_S,
    PLANS,
    Provider,
    Reply,
    Trouble,
    classify,
    explain,
    retry_after_s,
)
from prodlabel.sources.pictures import inspect, sniff_format

PICTURE_LIMIT = 16 * 2**20
_REDIRECTS = 5
_THREADS = 3
_OPEN_FOOD_FACTS = ".openfoodfacts.org"
_MESSAGES = {
    "picture_gone": "The picture is no longer on the server ({host}).",
    "picture_not_one": "{host} sent something that is no picture.",
    "picture_empty": "{host} sent an empty picture.",
    "picture_cut": "{host} sent only a part of the picture.",
    "picture_too_large": "The picture at {host} is larger than 16 MB.",
    "picture_redirects": "{host} sends from address to address without end.",
    "picture_address": "The picture's address is none of the web.",
}
_LASTING = frozenset({"picture_gone", "picture_address", "picture_refused"})
"""Failures that another try in the same run cannot mend."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A picture that could not be fetched; `can_retry` says whether another try makes sense in this run."""

    key: str
    address: str
    code: str
    message: str

    @property
    def can_retry(self) -> bool:
        return self.code not in _LASTING

    def as_problem(self) -> Problem:
        return Problem(self.code, f"{self.message} The product is kept without it.", key=self.key)


class _FailedError(Exception):
    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class PictureDownloads:
    """Fetches pictures a few at a time into a folder; Open Food Facts is asked for one at a time.

    `allowed_hosts` are hosts whose private addresses the user trusts. `failures` lists what went wrong so
    far; `retry` tries again what may be mended.
    """

    def __init__(
        self,
        folder: Path,
        contact: str,
        pacer: Pacer | None = None,
        *,
        allowed_hosts: Collection[str] = (),
        timeouts: Timeouts = TIMEOUTS,
        resolve: Resolve = system_resolve,
        limit: int = PICTURE_LIMIT,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.store = PictureStore(folder)
        self.failures: list[Failure] = []
        self._headers = {"User-Agent": user_agent(contact), "Accept": "image/*"}
        self._pacer = pacer or Pacer()
        self._allowed = frozenset(host.casefold() for host in allowed_hosts)
        self._dialler = Dialler(self._is_allowed, resolve=resolve)
        self._timeouts = timeouts
        self._limit = limit
        self._now = now
        self._gone: dict[str, str] = {}
        self._local = threading.local()
        self._sessions: list[requests.Session] = []

    @property
    def folder(self) -> Path:
        return self.store.folder

    def learn_from(self, other: PictureDownloads) -> None:
        """Take what `other` has fetched, and do not ask again for what it found gone."""
        self.store.take_from(other.store)
        self._gone |= other._gone

    def close(self) -> None:
        """End all connections."""
        for session in self._sessions:
            session.close()

    def fetch(self, addresses: dict[str, str], progress: Progress) -> tuple[dict[str, str], list[Problem]]:
        """Fetch `addresses` (by product key); returns paths by key, and a problem for each failure.

        Raises `Cancelled` within 0.2 seconds of a cancel; what was stored until then is not fetched again.
        """
        paths: dict[str, str] = {}
        problems: list[Problem] = []
        with progress.stage("Fetching pictures", len(addresses), "pictures"):
            todo: dict[str, list[str]] = defaultdict(list)
            for key, address in addresses.items():
                known = self.store.known(address)
                if known is None:
                    todo[address].append(key)
                else:
                    paths[key] = known
                    progress.skip(1)
            for address, outcome in self._fetch_all(list(todo), progress):
                for key in todo[address]:
                    if isinstance(outcome, str):
                        paths[key] = outcome
                    else:
                        failure = Failure(key, address, outcome.code, str(outcome))
                        self.failures.append(failure)
                        problems.append(failure.as_problem())
                progress.advance(len(todo[address]))
        return paths, problems

    def retry(self, progress: Progress) -> dict[str, str]:
        """Try again what failed and may be mended; returns paths by key. `failures` holds what fails
        still.
        """
        again = {one.key: one.address for one in self.failures if one.can_retry}
        self.failures = [one for one in self.failures if not one.can_retry]
        return self.fetch(again, progress)[0]

    def _fetch_all(self, addresses: list[str], progress: Progress) -> list[tuple[str, str | _FailedError]]:
        """Every address with its outcome, in the given order: faults come and go, the outcome's order
        stays.
        """
        if not addresses:
            return []
        outcomes: dict[str, str | _FailedError] = {}
        # Workers notice a cancel by its token; they must not report into the caller's stage.
        quiet = Progress(token=progress.token)
        pool = ThreadPoolExecutor(min(_THREADS, len(addresses)), thread_name_prefix="food pictures")
        try:
            futures: dict[Future[str], str] = {
                pool.submit(self._fetch_one, address, quiet): address for address in addresses
            }
            waiting = set(futures)
            while waiting:
                done, waiting = wait(waiting, timeout=0.05, return_when=FIRST_COMPLETED)
                for future in done:
                    outcomes[futures[future]] = _outcome(future)
                progress.check()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            self._dialler.hang_up()
            raise
        pool.shutdown()
        return [(address, outcomes[address]) for address in addresses]

    def _fetch_one(self, address: str, progress: Progress) -> str:
        if address in self._gone:
            raise _FailedError("picture_gone", self._gone[address])
        provider = _provider(address)
        failures = 0
        while True:
            reply = self._follow(address, progress)
            trouble = classify_picture(reply, provider)
            if trouble is None:
                content, kind = self._checked(reply, provider.name)
                return self.store.put(address, content, kind)
            failures += 1
            self._recover(address, reply, trouble, failures, progress)

    def _recover(
        self, address: str, reply: Reply, trouble: Trouble, failures: int, progress: Progress
    ) -> None:
        provider = _provider(address)
        plan = PLANS[trouble]
        asked_s = retry_after_s(reply.headers, self._now())
        if failures < plan.tries and (asked_s is None or asked_s <= LONGEST_WAIT_S):
            pause_s = self._pacer.back_off_s(failures, plan.first_wait_s) if asked_s is None else asked_s
            self._pacer.wait(pause_s, progress, f"{provider.name}: {trouble}, trying again")
            return
        code = _CODES.get(trouble, "picture_not_fetched")
        if code in _MESSAGES:
            message = _MESSAGES[code].format(host=provider.name)
        else:
            message = str(explain(trouble, provider, reply, pause_s=asked_s))
        if code == "picture_gone":
            self._gone[address] = message
        raise _FailedError(code, message)

    def _follow(self, address: str, progress: Progress) -> Reply:
        """The answer after at most five redirects, each of them paced and checked like a first address."""
        at = address
        for _ in range(_REDIRECTS + 1):
            if not is_web_address(at):
                raise _FailedError("picture_address", _MESSAGES["picture_address"])
            reply = self._get(at, progress)
            if reply.status not in (301, 302, 303, 307, 308) or "location" not in reply.headers:
                return reply
            at = urljoin(at, reply.headers["location"])
        host = urlsplit(address).hostname
        raise _FailedError("picture_redirects", _MESSAGES["picture_redirects"].format(host=host))

    def _get(self, address: str, progress: Progress) -> Reply:
        host = (urlsplit(address).hostname or "").casefold()
        is_off = host.endswith(_OPEN_FOOD_FACTS)
        kind = Kind.PICTURE if is_off or host in self._allowed else Kind.OTHER_PICTURE
        with self._pacer.slot(host, kind, progress):
            try:
                return fetch(self._session(), address, self._headers, self._timeouts, self._limit)
            except AddressRefusedError as error:
                raise _FailedError("picture_refused", str(error)) from error
            finally:
                progress.check()

    def _session(self) -> requests.Session:
        """One session for each worker: sessions are not made for sharing."""
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = self._local.session = self._dialler.session()
            self._sessions.append(session)
        return session

    def _is_allowed(self, host: str, address: str) -> bool:
        return host.casefold() in self._allowed or is_public(address)

    def _checked(self, reply: Reply, host: str) -> tuple[bytes, str]:
        """The picture and its kind, by its bytes and never by what the server calls it."""
        if not reply.body:
            raise _FailedError("picture_empty", _MESSAGES["picture_empty"].format(host=host))
        kind = sniff_format(reply.body[:16])
        if kind is None:
            raise _FailedError("picture_not_one", _MESSAGES["picture_not_one"].format(host=host))
        with tempfile.TemporaryDirectory(prefix="prodlabel-") as folder:
            path = Path(folder) / "picture"
            path.write_bytes(reply.body)
            facts = inspect(path)
        if facts.problem is not None:
            message = str(facts.problem).replace("picture", f"The picture from {host}", 1)
            raise _FailedError(facts.problem.code, message)
        return reply.body, kind


_CODES = {
    Trouble.NOT_FOUND: "picture_gone",
    Trouble.CUT: "picture_cut",
    Trouble.TOO_LARGE: "picture_too_large",
}


def _provider(address: str) -> Provider:
    return Provider(urlsplit(address).hostname or "The host", "", "the products are kept")


def classify_picture(reply: Reply, provider: Provider) -> Trouble | None:
    """Like `classify`, but a page served in place of a picture is looked at by its bytes later."""
    return None if reply.status == 200 and reply.failure is None else classify(reply, provider)


def _outcome(future: Future[str]) -> str | _FailedError:
    error = future.exception()
    if error is None:
        return future.result()
    if isinstance(error, _FailedError):
        return error
    if isinstance(error, RequestException):
        return _FailedError("picture_address", _MESSAGES["picture_address"])
    raise error
