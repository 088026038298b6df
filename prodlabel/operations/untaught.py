"""Categories that no label has taught yet: their names go on suggesting them beside a trained classifier.

Invariant: where every category has labels nothing changes, and nothing from a name ever counts as sure.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.labels import NO_CATEGORY
from prodlabel.core.progress import Progress
from prodlabel.core.taxonomy import Category
from prodlabel.operations.encode import Block
from prodlabel.operations.first_suggestions import MOST_WITHOUT, categories_at, names_say, spread_names
from prodlabel.operations.materials import BROUGHT, Materials
from prodlabel.operations.suggest import ALTERNATIVES, ClassifierInUse, Suggestions, held_out_rows, suggest
from prodlabel.operations.train import labels_at

SPARED = 0.98
"""Of the labelled products that the classifier gets right, so many stay with it."""


def suggest_all(materials: Materials, version: ClassifierInUse, progress: Progress) -> Suggestions:
    """What `suggest` says, and for products that no taught category fits the untaught one that fits best."""
    found = suggest(materials, version, progress)
    level = int(version.info.settings.get("level", 1))
    taught = np.asarray(version.classifier.classes_)
    categories = categories_at(materials, level)
    untaught = [at for at, one in enumerate(categories) if one.id not in taught]
    if not 0 < len(untaught) <= MOST_WITHOUT * len(taught) or not _can_read_names(materials.text_blocks()):
        return found
    has_taught = held_out_rows(version, found.product_id) >= 0
    said = _names(materials, categories, level, has_taught, progress)[:, untaught]
    share = said.max(axis=1)
    lead = np.log(share + 1e-12) - np.log(found.confidence[:, 0] + 1e-12)
    # How far a name may lead by chance shows on products whose category is another.
    known = has_taught & (found.category[:, 0] == labels_at(materials, level))
    limit = np.quantile(lead[known], SPARED, method="higher") if known.any() else 0.0
    rows = np.flatnonzero((lead > limit) & ~has_taught)
    ids = np.array([categories[at].id for at in untaught], dtype=np.int32)
    return _put_first(found, rows, ids[said[rows].argmax(axis=1)], share[rows])


def _names(
    materials: Materials,
    categories: list[Category],
    level: int,
    has_taught: NDArray[np.bool_],
    progress: Progress,
) -> NDArray[np.float64]:
    """(n, categories) what names and labels say, without its label for a product that has one."""
    ids = np.array([one.id for one in categories], dtype=np.int32)
    start = names_say(materials, categories)
    said = spread_names(materials, start, ids, level, progress)
    plain = spread_names(materials, start, ids, level, progress, with_labels=False)
    said[has_taught] = plain[has_taught]
    return said


def _can_read_names(blocks: list[Block]) -> bool:
    """Whether there are texts, by an encoder that can read the names as well."""
    return bool(blocks) and not blocks[0].encoder.startswith(BROUGHT)


def _put_first(
    found: Suggestions, rows: NDArray[np.int64], category: NDArray[np.int32], share: NDArray[np.float64]
) -> Suggestions:
    """The suggestions with these categories before the others in these rows."""
    if not len(rows):
        return found
    width = min(ALTERNATIVES, found.category.shape[1] + 1)
    categories = _widened(found.category, width, NO_CATEGORY)
    confidence = _widened(found.confidence, width, 0.0)
    categories[rows, 1:], confidence[rows, 1:] = categories[rows, :-1], confidence[rows, :-1]
    confidence[rows, 1:] *= (1.0 - share)[:, None]
    categories[rows, 0], confidence[rows, 0] = category, share
    words, weight = found.words.copy(), found.weight.copy()
    words[rows], weight[rows] = "", 0.0
    sure, is_sure = found.sure_category.copy(), found.is_sure.copy()
    # A classifier is often sure of what is like nothing that it was taught.
    sure[rows], is_sure[rows] = NO_CATEGORY, False
    return replace(
        found,
        category=categories,
        confidence=confidence,
        words=words,
        weight=weight,
        sure_category=sure,
        is_sure=is_sure,
    )


def _widened(held: NDArray[Any], width: int, fill: float) -> NDArray[Any]:
    missing = width - held.shape[1]
    return np.pad(held, ((0, 0), (0, missing)), constant_values=fill) if missing else held.copy()
