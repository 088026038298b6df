"""Texts of food databases made readable: entities, allergen marks, runs of spaces, numbers that are texts.

Invariant: whatever JSON value comes in, a plain text of one line comes out.
"""

from __future__ import annotations

import html
import re

_SPAN = re.compile(r"</?span[^<>]*>", re.IGNORECASE)
_MARKED = re.compile(r"(?<![^\W_])_([^_\n]{1,80}?)_(?![^\W_])")
_LONGEST = 100_000


def plain(value: object) -> str:
    """One line without entities: "" for null, lists and objects; numbers as JSON writes them."""
    if isinstance(value, bool) or value is None or isinstance(value, list | dict):
        return ""
    text = str(value)[:_LONGEST]
    if "&" in text:
        # Twice: "&amp;quot;" is seen where a client escaped what was escaped.
        text = html.unescape(html.unescape(text))
    if not text.isprintable():
        text = "".join(char if char.isprintable() or char.isspace() else " " for char in text)
    return " ".join(text.split())


def ingredients(value: object) -> str:
    """A list of ingredients without the marks around allergens."""
    text = value if isinstance(value, str) else ""
    return _MARKED.sub(r"\1", plain(_SPAN.sub("", text)))


def allergens(value: object) -> list[str]:
    """What a list of ingredients marks as allergens, each once, in order, small letters."""
    text = value if isinstance(value, str) else ""
    return list(
        dict.fromkeys(found.strip().casefold() for found in _MARKED.findall(plain(_SPAN.sub("_", text))))
    )


def words(value: object) -> list[str]:
    """A list of texts, given as such or separated by commas."""
    if isinstance(value, list):
        return [text for one in value if (text := plain(one))]
    return [text for one in (value.split(",") if isinstance(value, str) else ()) if (text := plain(one))]


def number(value: object) -> int | None:
    """A counter, given as number or as text; None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, str) and len(value) <= 15 and value.strip().isascii() and value.strip().isdigit():
        return int(value)
    return None
