"""Texts cut to what a person may read, before they reach widgets and item models.

Invariant: an import lets texts of a million characters in, and laying out one of them holds a window up for
seconds; what comes out of here is laid out in no time, and what was short comes out as it is.
"""

from __future__ import annotations

from dataclasses import replace

from prodlabel.core.taxonomy import Taxonomy
from prodlabel.store.ledger import HistoryEntry
from prodlabel.store.products import ProductTexts

LONGEST = 2_000
"""Characters of a name, a value, a line of the history."""
LONGEST_DESCRIPTION = 20_000
"""Of it, only the part around the decisive words is shown."""
_MOST_ATTRIBUTES = 500


def cut(text: str, longest: int = LONGEST) -> str:
    """At most `longest` characters of a text, with an ellipsis where that is not all."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def cut_texts(texts: ProductTexts) -> ProductTexts:
    """Names in one line and everything cut; product, key and picture stay as they are."""
    pairs = list(texts.attributes.items())[:_MOST_ATTRIBUTES]
    return replace(
        texts,
        name=_one_line(texts.name),
        description=cut(texts.description, LONGEST_DESCRIPTION),
        attributes={cut(name): cut(value) for name, value in pairs},
    )


def cut_taxonomy(taxonomy: Taxonomy) -> Taxonomy:
    """The same taxonomy where all names are short; ids, keys and places stay."""
    long = [
        replace(one, name=cut(one.name), description=cut(one.description))
        for one in taxonomy.by_id.values()
        if len(one.name) > LONGEST or len(one.description) > LONGEST
    ]
    return taxonomy.with_categories(long) if long else taxonomy


def cut_entry(entry: HistoryEntry) -> HistoryEntry:
    """A line of the history with short texts."""
    if max(len(entry.summary), len(entry.reason), len(entry.person)) <= LONGEST:
        return entry
    return replace(entry, summary=cut(entry.summary), reason=cut(entry.reason), person=cut(entry.person))


def _one_line(text: str) -> str:
    """A name with a thousand line breaks would be a thousand lines high."""
    short = cut(text)
    return " ".join(short.split()) if "\n" in short or "\r" in short else short
