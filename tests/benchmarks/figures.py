"""How a benchmark says a figure: what, how much, the bar, what the obvious way takes, and whether it is met.

A line that ends in `met` or `missed` is what `python -m tests.benchmarks` puts into its summary.
"""

from __future__ import annotations

import operator
import re

_COMPARISONS = {"<=": operator.le, ">=": operator.ge, "<": operator.lt, ">": operator.gt}
_BAR = re.compile(r"(<=|>=|<|>)\s*([\d.,]+)")
_VERDICT = re.compile(r"\b(met|missed)\s*$", re.IGNORECASE)


def is_met(value: float, bar: str) -> bool:
    """Whether `value` satisfies a bar such as "< 3 s" or ">= 0.955"."""
    found = _BAR.match(bar.strip())
    if found is None:
        raise ValueError(f"{bar!r} is no bar: write <, <=, > or >= and a number")
    return bool(_COMPARISONS[found[1]](value, float(found[2].replace(",", ""))))


def verdict(value: float, bar: str) -> str:
    """`met`, `missed`, or nothing where there is no bar."""
    if not bar:
        return ""
    return "met" if is_met(value, bar) else "missed"


def figure(what: str, value: float, unit: str = "s", *, bar: str = "", beside: str = "") -> str:
    """One line: what, value, what it is compared with, bar, verdict."""
    digits = 0 if value >= 1000 else 1 if value >= 100 else 3
    line = f"  {what:<46} {value:>12,.{digits}f} {unit:<10} {beside:<40} {bar:<10} {verdict(value, bar)}"
    return line.rstrip()


def verdict_of(line: str) -> str | None:
    """`met` or `missed` where the line ends in it, else None."""
    found = _VERDICT.search(line)
    return found[1].lower() if found else None
