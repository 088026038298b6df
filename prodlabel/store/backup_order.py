"""The names of backups and of databases set aside, and which of them came after which.

Invariant: what was written later orders later, whatever the clock said. A clock that went back opens a new
era, a number in the name; within an era the times rise.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

KEEP_LAST = 10
KEEP_DAYS = 7
KEEP_WEEKS = 4

SET_ASIDE, DAMAGED = "set-aside", "damaged"
"""In the names of databases that another one took the place of."""

_NAME = re.compile(r"(\d{8}-\d{6}-\d{3})-([a-z0-9]+(?:-[a-z0-9]+)*)(?:\.([1-9]\d{0,5}))?\.sqlite")
_TIME = "%Y%m%d-%H%M%S"


@dataclass(frozen=True, slots=True, order=True)
class Written:
    """When something was written: `era` counts how often the clock was found to have gone back."""

    era: int
    at: datetime


@dataclass(frozen=True, slots=True, order=True)
class BackupName:
    """What the name of a backup says."""

    written: Written
    reason: str


def read_name(path: Path) -> BackupName | None:
    """What the name says; None for a file that is no backup."""
    match = _NAME.fullmatch(path.name)
    if match is None:
        return None
    try:
        at = datetime.strptime(match[1] + "000", _TIME + "-%f").replace(tzinfo=UTC)
    except ValueError:  # digits that are no time: not ours
        return None
    return BackupName(Written(int(match[3] or 0), at), match[2])


def make_name(written: Written, reason: str) -> str:
    """The file name of a backup. Raises ValueError where `reason` is not in small letters and hyphens."""
    at, era = written.at, f".{written.era}" if written.era else ""
    name = f"{at.strftime(_TIME)}-{at.microsecond // 1000:03d}-{reason}{era}.sqlite"
    if not _NAME.fullmatch(name):
        raise ValueError(f"{reason!r}: a reason is made of small letters, digits and hyphens")
    return name


def next_written(folder: Path, now: datetime) -> Written:
    """The place in the order for a backup made `now` in `folder`: after all that are there."""
    at = now.astimezone(UTC)
    at = at.replace(microsecond=at.microsecond // 1000 * 1000)
    held = [name.written for path in folder.iterdir() if (name := read_name(path)) is not None]
    return _after(max(held, default=None), at)


def _after(last: Written | None, at: datetime) -> Written:
    if last is None:
        return Written(0, at)
    return Written(last.era if at >= last.at else last.era + 1, at)


def select_to_keep(times: Sequence[datetime]) -> set[int]:
    """Which backups stay, as places in `times`, which are in the order of writing, the last written first.

    The last 10, and the last of each of the last 7 days and 4 weeks on which any was made. Days and weeks
    (ISO) are UTC; they are counted, not measured from today: a project that was not opened for a year keeps
    what it has, and a clock that was wrong for a while costs nothing.
    """
    days: dict[object, int] = {}
    weeks: dict[object, int] = {}
    for place, time in enumerate(times):
        days.setdefault(time.date(), place)
        weeks.setdefault((time - timedelta(days=time.weekday())).date(), place)
    return {
        *range(min(KEEP_LAST, len(times))),
        *list(days.values())[:KEEP_DAYS],
        *list(weeks.values())[:KEEP_WEEKS],
    }


def next_aside(database: Path, why: str, now: datetime) -> Path:
    """A name for `database` when another takes its place, that orders after those that are there."""
    at = now.astimezone(UTC).replace(microsecond=0)
    last = max((written for written, _ in _asides(database)), default=None)
    # Two within a second are two eras.
    is_same = last is not None and at == last.at
    written = Written(last.era + 1, at) if last is not None and is_same else _after(last, at)
    number = f"-{written.era + 1}" if written.era else ""
    return database.with_name(f"{database.stem}.{why}-{at.strftime(_TIME)}{number}{database.suffix}")


def last_aside(database: Path) -> Path | None:
    """The database that was set aside last; None where there is none."""
    return max(_asides(database), default=(None, None))[1]


def _asides(database: Path) -> list[tuple[Written, Path]]:
    pattern = re.compile(
        rf"{re.escape(database.stem)}\.(?:{SET_ASIDE}|{DAMAGED})-(\d{{8}}-\d{{6}})(?:-([1-9]\d{{0,5}}))?"
        rf"{re.escape(database.suffix)}"
    )
    found = []
    for path in database.parent.iterdir():
        match = pattern.fullmatch(path.name)
        if match is None:
            continue
        try:
            at = datetime.strptime(match[1], _TIME).replace(tzinfo=UTC)
        except ValueError:
            continue
        found.append((Written(int(match[2] or 1) - 1, at), path))
    return found
