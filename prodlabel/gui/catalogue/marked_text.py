"""Texts in which the decisive words are marked; plain functions from text to the rich text that Qt shows."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

from prodlabel.gui.long_texts import LONGEST_DESCRIPTION, cut

_SHOWN = 700


def marked(text: str, words: Iterable[str], ground: str, colour: str) -> str:
    """HTML of `text` in which each of `words` (with letters that follow it) stands on a coloured ground."""
    text = cut(text)
    wanted = sorted({word for word in words if word and len(word) <= len(text)}, key=len, reverse=True)
    if not wanted:
        return html.escape(text)
    pattern = re.compile(r"\b(" + "|".join(re.escape(word) for word in wanted) + r")", re.IGNORECASE)
    parts, end = [], 0
    for found in pattern.finditer(text):
        parts.append(html.escape(text[end : found.start()]))
        parts.append(on_ground(found.group(1), ground, colour))
        end = found.end()
    parts.append(html.escape(text[end:]))
    return "".join(parts)


def on_ground(word: str, ground: str, colour: str) -> str:
    """HTML of one word on a coloured ground."""
    return f'<span style="background-color:{ground};color:{colour}">&nbsp;{html.escape(word)}&nbsp;</span>'


def shortened(text: str, words: Iterable[str], limit: int = _SHOWN) -> str:
    """At most `limit` characters, ended at a word, moved so that the first marked word is among them."""
    text = " ".join(cut(text, LONGEST_DESCRIPTION).split())
    if len(text) <= limit:
        return text
    folded = text.casefold()
    positions = [at for word in words if word and (at := folded.find(word.casefold())) >= 0]
    first = min(positions, default=0)
    start = 0 if first < limit * 0.7 else text.rfind(" ", 0, max(first - 80, 1)) + 1
    shown = text[start : start + limit]
    return ("… " if start else "") + shown[: shown.rfind(" ")] + " …"
