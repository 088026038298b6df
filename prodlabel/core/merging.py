"""What an import again would change, field by field, as values that screens and commands show."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

CATEGORY = "category"
ATTRIBUTE = "attribute: "
"""Begins the field of an attribute; the others are `name`, `description` and `category`."""


class TakeFrom(StrEnum):
    """Whose value wins where a source has changed what it said."""

    EDITS_FIRST = "edits"
    SOURCE = "source"
    MINE = "mine"


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of one product: what the source said `then` and says `now`, and what stands here (`mine`).

    `is_edited`: somebody here decided on `mine`, so that it stands unless the source is chosen.
    `is_taken`: the source's value replaces it.
    """

    product_id: int
    key: str
    name: str
    field: str
    then: str
    now: str
    mine: str
    is_edited: bool
    is_taken: bool = False
