"""Reads what is typed into the search box: words, and `category:` `brand:` `status:` ... filters.

Invariant: nothing that can be typed is an error; what is no known filter is words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from prodlabel.gui.filters import BRAND, CATEGORY, CLUSTER, PICTURE, SOURCE, STATUS, SUGGESTION

FILTER_NAMES = (CATEGORY, BRAND, STATUS, SUGGESTION, SOURCE, CLUSTER, PICTURE)
_PART = re.compile(r'(?:(?P<name>\w+):)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))|(?P<open>\w+):(?=\s|$)')


@dataclass(frozen=True, slots=True)
class Query:
    """`words` for the index, `filters` as (name, value) in the order typed."""

    words: str
    filters: tuple[tuple[str, str], ...] = ()


def read_query(text: str) -> Query:
    """Take a search apart: `curtain brand:"Elegance Home" status:imported`."""
    words: list[str] = []
    filters: list[tuple[str, str]] = []
    for part in _PART.finditer(text):
        name, phrase, word = part["name"], part["phrase"], part["word"]
        value = phrase if phrase is not None else (word or "")
        if name in FILTER_NAMES:
            if value:
                filters.append((name, value))
        elif part["open"] not in FILTER_NAMES:
            quoted = f'"{phrase}"' if phrase is not None else (word or "")
            words.append(f"{name}:{quoted}" if name else quoted)
    return Query(" ".join(word for word in words if word), tuple(filters))


def as_text(name: str, value: str) -> str:
    """A filter as it is typed."""
    return f'{name}:"{value}"' if re.search(r"\s", value) else f"{name}:{value}"
