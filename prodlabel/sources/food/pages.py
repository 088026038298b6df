"""What every food database offers to whoever walks through it: pages of records, one after the other.

Invariant: a cursor is a short text that holds no key and may be kept on disk; "" is the first page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from prodlabel.core.products import Problem, ProductRecord
from prodlabel.core.progress import Progress
from prodlabel.sources.food.query import FoodQuery
from prodlabel.sources.food.troubles import Provider


@dataclass(frozen=True, slots=True)
class FoundPage:
    """One page: its records as found (incomplete and repeated ones too), and the next cursor, None at the
    end.
    """

    records: tuple[ProductRecord, ...]
    next_cursor: str | None
    problems: tuple[Problem, ...] = ()


class Pages(Protocol):
    """A food database that can be walked through."""

    @property
    def provider(self) -> Provider:
        """Who is asked."""

    def page(self, query: FoodQuery, cursor: str, progress: Progress) -> FoundPage:
        """Ask for one page. Raises `FoodError`, `Cancelled`."""
