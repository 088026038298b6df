"""What is wrong with the data itself: pictures, empty texts, the same article twice.

Invariant: a flaw that is claimed names the products that have it: the first with their pictures.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.labels import NO_CATEGORY
from prodlabel.operations.report.behind import ProductList, list_of
from prodlabel.operations.report.gallery import Card, Gallery
from prodlabel.operations.report.scheme import Scheme
from prodlabel.operations.report.wording import count, counted, listing
from prodlabel.operations.texts import PreparedTexts
from prodlabel.project.snapshot import Snapshot

MOST_SHOWN = 12
MOST_FAMILIES, MOST_LISTED = 6, 300
WITHOUT_CATEGORY = "without-category"
_MEMBERS = 6


@dataclass(frozen=True, slots=True)
class Family:
    """Products with nearly the same text; `is_split` where they lie in more than one category; `keys` of
    those without a card."""

    sentence: str
    is_split: bool
    cards: list[Card]
    keys: list[str]


@dataclass(frozen=True, slots=True)
class Families:
    """How many families of how many products there are; those that disagree on the category come first.
    `others`: the sentence and the keys of families that are not shown; `unnamed` counts those that are not
    there either."""

    families: int
    products: int
    split: int
    shown: list[Family]
    others: list[tuple[str, list[str]]]
    unnamed: int
    product_ids: list[int]


def find_flaws(snapshot: Snapshot, texts: PreparedTexts, gallery: Gallery) -> list[ProductList]:
    """Missing and unusable pictures, products without any text, products without a category: a sentence as
    title, and the products."""
    flaws = []
    columns = snapshot.columns
    facts = [gallery.facts.get(one) for one in columns.product_id.tolist()]
    unusable = [row for row, fact in enumerate(facts) if fact is not None and fact[0] is None]
    unnamed = np.flatnonzero(~columns.has_picture).tolist()
    empty = [
        row
        for row, parts in enumerate(zip(texts.text, texts.name, texts.spec, strict=True))
        if not any(part.strip() for part in parts)
    ]
    unlabelled = np.flatnonzero(columns.category == NO_CATEGORY).tolist()
    if unusable:
        sentence = f"{counted(len(unusable), 'picture', 'pictures')} cannot be used: missing or unreadable."
        notes = [str((facts[row] or (0, 0, 0, ""))[3] or "") for row in unusable[:MOST_SHOWN]]
        flaws.append(list_of(gallery, unusable, "unusable", sentence, notes=notes, most=MOST_SHOWN))
    for rows, anchor, what in (
        (unnamed, "without-picture", "without a picture."),
        (empty, "without-text", "without any text."),
        (unlabelled, WITHOUT_CATEGORY, "without a category; suggestions are for them."),
    ):
        if rows:
            sentence = f"{counted(len(rows), 'product', 'products')} {what}"
            flaws.append(list_of(gallery, rows, anchor, sentence, most=MOST_SHOWN))
    return flaws


def find_twins(
    families: NDArray[np.int64], labels: NDArray[np.int32], scheme: Scheme, gallery: Gallery
) -> Families:
    """Families of more than one product, those that lie in several categories first, then the largest."""
    sizes = np.bincount(families) if len(families) else np.zeros(0, np.int64)
    large = np.flatnonzero(sizes > 1)
    candidates = _candidates(families, labels, large)
    order_of_rows = np.argsort(families, kind="stable")
    starts = np.concatenate([[0], np.cumsum(sizes)])
    members = {one: order_of_rows[starts[one] : starts[one + 1]] for one in candidates}
    split = {one: _categories(labels[rows]) for one, rows in members.items()}
    order = sorted(members, key=lambda one: (-(len(split[one]) > 1), -len(members[one]), one))
    shown = []
    for one in order[:MOST_FAMILIES]:
        names = [scheme.name(category) for category in split[one]]
        where = f" in {listing(names)}" if names else ""
        sentence = f"{count(len(members[one]))} products with nearly the same text{where}."
        rows = _one_of_each_first(members[one], labels)
        keys = gallery.keys(rows[_MEMBERS:])
        shown.append(Family(sentence, len(names) > 1, gallery.cards(rows[:_MEMBERS]), keys))
    others = []
    for one in order[MOST_FAMILIES:MOST_LISTED]:
        names = [scheme.name(category) for category in split[one]]
        keys = gallery.keys(members[one].tolist())
        others.append((f"{count(len(members[one]))} in {listing(names) or 'no category'}", keys))
    ids = gallery.ids(order_of_rows[np.isin(families[order_of_rows], large)].tolist())
    unnamed = len(large) - len(shown) - len(others)
    split_count = _split_count(families, labels)
    return Families(len(large), int(sizes[large].sum()), split_count, shown, others, unnamed, ids)


def _candidates(
    families: NDArray[np.int64], labels: NDArray[np.int32], large: NDArray[np.int64]
) -> list[int]:
    """The families that could be named: those that are split, and the largest of the others."""
    split = _split_families(families, labels)[:MOST_LISTED]
    sizes = np.bincount(families, minlength=1)
    biggest = large[np.argsort(-sizes[large], kind="stable")][:MOST_LISTED]
    return sorted({*split.tolist(), *biggest.tolist()})


def _split_families(families: NDArray[np.int64], labels: NDArray[np.int32]) -> NDArray[np.int64]:
    has_label = labels != NO_CATEGORY
    pairs = np.unique(np.stack([families[has_label], labels[has_label].astype(np.int64)], axis=1), axis=0)
    found, counts = np.unique(pairs[:, 0], return_counts=True)
    return np.asarray(found[counts > 1])


def _split_count(families: NDArray[np.int64], labels: NDArray[np.int32]) -> int:
    return len(_split_families(families, labels))


def _categories(labels: NDArray[np.int32]) -> list[int]:
    found, counts = np.unique(labels[labels != NO_CATEGORY], return_counts=True)
    return [int(one) for one in found[np.argsort(-counts, kind="stable")]]


def _one_of_each_first(rows: NDArray[np.int64], labels: NDArray[np.int32]) -> list[int]:
    """So that both sides of a split are seen."""
    _, first = np.unique(labels[rows], return_index=True)
    leading = rows[np.sort(first)].tolist()
    rest: list[int] = [row for row in rows.tolist() if row not in leading]
    return [*leading, *rest]
