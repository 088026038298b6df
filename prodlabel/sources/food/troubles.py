"""What can be wrong with an answer, what a polite client then does, and what the user is told.

Invariant: every way in which a request can end is one row of `PLANS`; no code decides about retries
elsewhere. No message quotes an address, a header or a key.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum

from prodlabel.core.errors import UserError

LONGEST_WAIT_S = 600.0
"""A server that wants a longer pause is not waited for: the user is told instead."""


class Trouble(StrEnum):
    """How a request can fail."""

    NO_COUNT = "no count"
    CUT = "cut answer"
    UNEXPECTED = "unexpected answer"
    TOO_LARGE = "too large"
    BAD_QUERY = "bad query"
    KEY = "key"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not found"
    TOO_FAST = "too fast"
    QUOTA = "quota"
    SERVER_ERROR = "server error"
    BUSY = "busy"
    GATEWAY = "gateway"
    NETWORK = "network"
    REDIRECT = "redirect"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do: at most `tries` tries in all, `first_wait_s` before the second, doubled before each
    further.

    `closes_host`: nothing more is asked of that host while the program runs.
    """

    tries: int
    first_wait_s: float
    closes_host: bool
    message: str


PLANS: Mapping[Trouble, Plan] = {
    Trouble.NO_COUNT: Plan(
        2, 60, False, "{name} answered without a count, a sign of trouble in its database. Try again later."
    ),
    Trouble.CUT: Plan(
        2, 2, False, "{name} sent an incomplete answer, of which nothing was taken. Try again later."
    ),
    Trouble.UNEXPECTED: Plan(
        1, 0, False, "{name} sent an unexpected answer, of which nothing was taken. Look for a new prodlabel."
    ),
    Trouble.TOO_LARGE: Plan(
        1, 0, False, "{name} sent more than a reasonable answer holds. Ask for less, or try again later."
    ),
    Trouble.BAD_QUERY: Plan(1, 0, False, "{name} does not understand the search{said}. Change the search."),
    Trouble.KEY: Plan(1, 0, True, "{name} refused the key. Check the key and enter it again."),
    Trouble.FORBIDDEN: Plan(1, 0, True, "{name} refuses to answer ({status}). {refused}"),
    Trouble.NOT_FOUND: Plan(1, 0, False, "{name} does not have that. Check the code or the address."),
    Trouble.TOO_FAST: Plan(
        3,
        60,
        False,
        "{name} says that it is asked too often ({status}). Wait {pause}, then go on from there.",
    ),
    Trouble.QUOTA: Plan(
        1, 0, True, "The quota of your plan with {name} is used up. Go on {reset}, or change the plan."
    ),
    Trouble.SERVER_ERROR: Plan(
        2, 10, False, "{name} has an error of its own ({status}). Try again later to go on from there."
    ),
    Trouble.BUSY: Plan(
        3, 60, False, "{name} is busy ({status}). Wait {pause}, then go on from there; {other_ways}."
    ),
    Trouble.GATEWAY: Plan(
        2, 60, False, "{name} did not answer its own gateway in time ({status}). Try again in some minutes."
    ),
    Trouble.NETWORK: Plan(
        2, 2, False, "{name} cannot be reached or did not answer in time. Check the network and try again."
    ),
    Trouble.REDIRECT: Plan(
        1, 0, False, "{name} sends to another address, which is not followed. Check the base address."
    ),
    Trouble.OTHER: Plan(1, 0, False, "{name} answered with status {status}. Try again later."),
}


@dataclass(frozen=True, slots=True)
class Provider:
    """Who is asked: the name on screen and what to advise when it refuses."""

    name: str
    refused_advice: str
    other_ways: str
    # RapidAPI's gateway gets two tries where an overloaded server gets three.
    is_behind_gateway: bool = False


OPEN_FOOD_FACTS = Provider(
    "Open Food Facts",
    "Nothing more is asked of it; write to reuse@openfoodfacts.org if this stays so.",
    "importing by barcode or from its dump works meanwhile",
)
EDAMAM = Provider(
    "Edamam",
    "Nothing more is asked of it; check that you are subscribed to a plan (on RapidAPI or at Edamam).",
    "what was found is kept",
    is_behind_gateway=True,
)


class FoodError(UserError):
    """A food database did not give what was asked; `trouble` says why, for machines."""

    def __init__(self, trouble: Trouble, message: str) -> None:
        super().__init__(message)
        self.trouble = trouble


@dataclass(frozen=True, slots=True)
class Reply:
    """One raw answer. `failure` is set where there is none, or none that is whole; then `status` may be
    None.
    """

    status: int | None
    headers: Mapping[str, str]
    body: bytes
    failure: Trouble | None = None


def classify(reply: Reply, provider: Provider) -> Trouble | None:
    """What is wrong with an answer, None where its status and kind are right. The body may still surprise."""
    if reply.failure is not None:
        return reply.failure
    status = reply.status or 0
    if status == 200:
        return Trouble.BUSY if _is_html(reply) else None
    if status == 429 and _is_quota(reply):
        return Trouble.QUOTA
    if status == 504 and provider.is_behind_gateway:
        return Trouble.GATEWAY
    if 300 <= status < 400:
        return Trouble.REDIRECT
    return _BY_STATUS.get(status, Trouble.SERVER_ERROR if status >= 500 else Trouble.OTHER)


_BY_STATUS = {
    400: Trouble.BAD_QUERY,
    401: Trouble.KEY,
    402: Trouble.FORBIDDEN,
    403: Trouble.FORBIDDEN,
    404: Trouble.NOT_FOUND,
    422: Trouble.BAD_QUERY,
    429: Trouble.TOO_FAST,
    500: Trouble.SERVER_ERROR,
    502: Trouble.BUSY,
    503: Trouble.BUSY,
    504: Trouble.BUSY,
}


def _is_html(reply: Reply) -> bool:
    """An overload page is served with status 200 at times, and not always called HTML."""
    return "html" in reply.headers.get("content-type", "").lower() or reply.body.lstrip()[:1] == b"<"


def _is_quota(reply: Reply) -> bool:
    return bool(re.search(rb"\b(quota|monthly|daily)\b", reply.body[:2000], re.IGNORECASE))


def retry_after_s(headers: Mapping[str, str], now: datetime) -> float | None:
    """The pause that the server asks for in seconds, from either form of Retry-After (RFC 9110, 10.2.3)."""
    said = headers.get("retry-after", "").strip()
    if not said:
        return None
    if said.isascii() and said.isdigit():
        return float(min(int(said[:12]), 10**9))
    try:
        until = parsedate_to_datetime(said)
    except ValueError:  # neither form: as if it were absent
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max(0.0, (until - now).total_seconds())


def explain(
    trouble: Trouble,
    provider: Provider,
    reply: Reply,
    *,
    pause_s: float | None = None,
    secrets: tuple[str, ...] = (),
) -> FoodError:
    """The error that the user sees. The server's own words are quoted for a bad query only, without
    secrets.
    """
    message = PLANS[trouble].message.format(
        name=provider.name,
        status=f"status {reply.status}",
        said=_said(reply, secrets) if trouble is Trouble.BAD_QUERY else "",
        refused=provider.refused_advice,
        other_ways=provider.other_ways,
        pause=_duration(pause_s) if pause_s is not None else "some minutes",
        reset=_reset(reply.headers) if trouble is Trouble.QUOTA else "",
    )
    return FoodError(trouble, message)


def _said(reply: Reply, secrets: tuple[str, ...]) -> str:
    """The server's reason, one line of at most 200 characters, or nothing."""
    try:
        answer = json.loads(reply.body)
    except (ValueError, RecursionError):
        return ""
    reason = _reason(answer)
    for secret in secrets:
        reason = reason.replace(secret, "...")
    reason = " ".join(reason.split())[:200].rstrip(".")
    return f" ({reason})" if reason else ""


def _reason(answer: object) -> str:
    if not isinstance(answer, dict):
        return ""
    if isinstance(answer.get("message"), str):
        return str(answer["message"])
    for name, key in (("errors", "description"), ("detail", "msg")):
        listed = answer.get(name)
        if isinstance(listed, list) and listed and isinstance(listed[0], dict):
            return str(listed[0].get(key, ""))
    return ""


def _reset(headers: Mapping[str, str]) -> str:
    said = headers.get("x-ratelimit-requests-reset", "")
    return f"in {_duration(float(said))}" if said.isascii() and said.isdigit() else "when it is renewed"


def _duration(seconds: float) -> str:
    for size, word in ((86_400.0, "days"), (3600.0, "hours"), (60.0, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds / size:,.0f} {word}"
    return f"{max(1.0, seconds):.0f} seconds"
