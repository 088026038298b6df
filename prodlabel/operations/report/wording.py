"""Numbers as people read them; the same everywhere in a report.

Invariant: no function here returns markup; what they return is escaped like any other text.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

MISSING = "–"


def count(number: float) -> str:
    """1234 -> "1,234"."""
    return f"{round(number):,}"


def counted(number: int, one: str, many: str) -> str:
    """(1, "product", "products") -> "1 product"."""
    return f"{number:,} {one if number == 1 else many}"


def percent(share: float | None, digits: int = 0) -> str:
    """0.7712 -> "77 %"; what could not be measured is a dash. Never rounds up to 100 or down to 0."""
    if share is None or math.isnan(share):
        return MISSING
    least = 10.0**-digits
    shown = 100.0 * share
    if 0.0 < share < 1.0:
        shown = min(max(shown, least), 100.0 - least)
    return f"{shown:.{digits}f} %"


def decimal(value: float | None, digits: int = 3) -> str:
    """0.9463 -> "0.946"; a dash for what could not be measured."""
    # Plus nothing: what rounds to nothing has no sign.
    return MISSING if value is None or math.isnan(value) else f"{round(value, digits) + 0.0:.{digits}f}"


def duration(seconds: float) -> str:
    """7030 -> "1 h 57 min"."""
    minutes = round(seconds / 60.0)
    if seconds < 60:
        return f"{round(seconds)} s"
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 60 * 100:
        return f"{minutes // 60} h {minutes % 60} min"
    return f"{round(minutes / 60):,} h"


def listing(parts: Sequence[str], last: str = "and") -> str:
    """["a", "b", "c"] -> "a, b and c"."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"


_NUMBERS = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip


def number_in_words(number: int) -> str:
    """12 -> "twelve", 13 -> "13"."""
    return _NUMBERS[number] if 0 <= number < len(_NUMBERS) else count(number)


def shortened(text: str, length: int) -> str:
    """The text on one line, at most `length` characters."""
    line = " ".join(text.split())
    return line if len(line) <= length else f"{line[: length - 1].rstrip()}…"
