"""What a label is: a category with a status, held in columns, one entry per product."""

from __future__ import annotations

from enum import IntEnum

NO_CATEGORY = 0
"""The category id of a product that has none; real ids start at 1."""


class Status(IntEnum):
    """How a product came by its category. The numbers are stored: never renumber."""

    NONE = 0
    IMPORTED = 1
    CONFIRMED = 2
    ACCEPTED = 3
    REJECTED = 4
    FLAGGED = 5

    @property
    def is_decided_by_person(self) -> bool:
        """Whether a person stands behind it. Truth, where honesty matters, are confirmed labels alone: a
        product was looked at and its category said, by its key or by taking what its card proposed. What was
        accepted many at a time only echoes the classifier."""
        return self in (Status.CONFIRMED, Status.ACCEPTED)

    @property
    def word(self) -> str:
        """The word on screen and in exports."""
        return _WORDS[self]


_WORDS = {
    Status.NONE: "none",
    Status.IMPORTED: "imported",
    Status.CONFIRMED: "confirmed",
    Status.ACCEPTED: "accepted suggestion",
    Status.REJECTED: "rejected",
    Status.FLAGGED: "flagged",
}
