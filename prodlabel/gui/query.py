"""Reads what is typed into the search box: words, and `category:` `brand:` `status:` ... filters.

Invariant: nothing that can be typed is an error; what is no known filter is words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from prodlabel.gui.filters import (
    BRAND,
    CATEGORY,
    CLUSTER,
    CURATORS,
    PICTURE,
    SOURCE,
    STATUS,
    SUGGESTED,
    SUGGESTION,
    VIEWS,
)

FILTER_NAMES = (CATEGORY, BRAND, STATUS, SUGGESTION, SUGGESTED, VIEWS, SOURCE, CLUSTER, PICTURE, CURATORS)
BY_MEANING = "~"
"""What a search by meaning begins with."""

_VALUE = r'(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))'
_PART = re.compile(rf"(?:\b(?P<name>{'|'.join(FILTER_NAMES)}):{_VALUE}?)", re.IGNORECASE)
_PLAIN = re.compile(_VALUE)


@dataclass(frozen=True, slots=True)
class Query:
    """`words` for the index, `filters` as (name, value) in the order typed."""

    words: str
    filters: tuple[tuple[str, str], ...] = ()


def read_query(text: str) -> Query:
    """Take a search apart: `curtain brand:"Elegance Home" status:imported`."""
    filters: list[tuple[str, str]] = []

    def take(part: re.Match[str]) -> str:
        value = part["phrase"] if part["phrase"] is not None else part["word"]
        # A filter that is still being typed keeps everything.
        if value:
            filters.append((part["name"].lower(), value))
        return " "

    rest = _PART.sub(take, text)
    words = [part["word"] or f'"{part["phrase"]}"' for part in _PLAIN.finditer(rest)]
    return Query(" ".join(word for word in words if word.strip('" ')), tuple(filters))


def as_text(name: str, value: str) -> str:
    """A filter as it is typed."""
    return f'{name}:"{value}"' if re.search(r"\s", value) else f"{name}:{value}"


def last_part(text: str) -> tuple[str, str]:
    """What stands before the word or filter that is being typed, and that itself: `lamp bra` gives `lamp `
    and `bra`, `brand:"Elegance Ho` stays whole."""
    start = 0
    for found in re.finditer(r"\s+", text):
        if text.count('"', 0, found.start()) % 2 == 0:
            start = found.end()
    return text[:start], text[start:]
