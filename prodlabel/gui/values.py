"""Reads what the map can be coloured by but nobody holds in memory: attributes, and when labels were given.

Invariant: workers' functions: they read a snapshot and return a facet in the order of its rows. What is a
number or a date for nearly all products that have it becomes steps with about as many products each.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.progress import Progress
from prodlabel.gui.filters import ATTRIBUTE, DATE, Facet
from prodlabel.gui.long_texts import cut
from prodlabel.project.snapshot import Snapshot

_STEPS = 5
_NEARLY_ALL = 0.9
_NUMBER = re.compile(r"^\D{0,3}?\s*(-?\d[\d ,]*(?:\.\d+)?)")
_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}")
Numbers = NDArray[np.float64]


def read_values(snapshot: Snapshot, name: str, progress: Progress) -> Facet:
    """The facet `DATE`, or that of an attribute (`ATTRIBUTE` and its name)."""
    if name == DATE:
        return _read_dates(snapshot)
    return _read_attribute(snapshot, name.removeprefix(ATTRIBUTE), progress)


def _read_dates(snapshot: Snapshot) -> Facet:
    """When each label was given, by day."""
    edit_ids, inverse = np.unique(snapshot.columns.edit, return_inverse=True)
    with snapshot.reader() as reader:
        edits = reader.edits([int(one) for one in edit_ids if one])
    at = np.array([edits[one].at_us / 1e6 if one in edits else np.nan for one in edit_ids.tolist()])
    return _in_steps(DATE, at[inverse], _as_moment)


def _read_attribute(snapshot: Snapshot, name: str, progress: Progress) -> Facet:
    count = len(snapshot.columns)
    codes = np.full(count, -1, dtype=np.int32)
    known: dict[str, int] = {}
    titles: list[str] = []
    with progress.stage(f"Reading {name}", count), snapshot.reader() as reader:
        for row, texts in enumerate(reader.all_texts()):
            said = cut(texts.attributes.get(name, "").strip())
            if said:
                folded = said.casefold()
                if folded not in known:
                    known[folded] = len(titles)
                    titles.append(said)
                codes[row] = known[folded]
            if row % 500 == 499:
                progress.advance(500)
    for parse, write in ((_number, _as_number), (_day, _as_day)):
        numbers = np.array([parse(title) for title in titles])
        said_by_row = np.where(codes >= 0, numbers[codes], np.nan) if titles else np.full(count, np.nan)
        is_there = codes >= 0
        if (
            is_there.any()
            and np.isfinite(said_by_row[is_there]).mean() >= _NEARLY_ALL
            and len(titles) > _STEPS
        ):
            return _in_steps(ATTRIBUTE + name, said_by_row, write)
    return Facet(ATTRIBUTE + name, codes, tuple(titles))


def _in_steps(name: str, values: Numbers, write: Callable[[float], str]) -> Facet:
    """A facet of steps that hold about as many products each; fewer where values repeat."""
    finite = np.isfinite(values)
    codes = np.full(len(values), -1, dtype=np.int32)
    if not finite.any():
        return Facet(name, codes, (), is_ordered=True)
    edges = np.unique(np.quantile(values[finite], np.linspace(0, 1, _STEPS + 1), method="nearest"))
    # A step begins at its edge; the last edge is the largest value and begins none.
    begins = edges[:-1] if len(edges) > 1 else edges
    codes[finite] = np.searchsorted(begins, values[finite], side="right") - 1
    titles = []
    for code in range(len(begins)):
        within = values[finite & (codes == code)]
        low, high = write(float(within.min())), write(float(within.max()))
        titles.append(low if low == high else f"{low} – {high}")
    return Facet(name, codes, tuple(_told_apart(titles)), is_ordered=True)


def _told_apart(titles: Sequence[str]) -> list[str]:
    """Two steps that are written alike (two moments of a day) get a number."""
    return [
        title if titles.count(title) == 1 else f"{title} ({titles[: place + 1].count(title)})"
        for place, title in enumerate(titles)
    ]


def _number(said: str) -> float:
    found = _NUMBER.match(said)
    return float(found[1].replace(",", "").replace(" ", "")) if found and not _DAY.match(said) else np.nan


def _day(said: str) -> float:
    found = _DAY.match(said)
    try:
        return datetime.strptime(found[0], "%Y-%m-%d").replace(tzinfo=UTC).timestamp() if found else np.nan
    except ValueError:
        return np.nan


def _as_number(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:,.4g}"


def _as_day(value: float) -> str:
    return datetime.fromtimestamp(value, tz=UTC).strftime("%Y-%m-%d")


def _as_moment(value: float) -> str:
    """To the minute: the labels of a project may all be of one day."""
    return datetime.fromtimestamp(value).astimezone().strftime("%Y-%m-%d %H:%M")
