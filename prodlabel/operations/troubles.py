"""What is wrong with a product itself, whatever its category: texts and pictures missing or broken."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.progress import Progress
from prodlabel.operations.materials import Materials

ODD = 4.0
"""Robust standard deviations from which a text counts as foreign or garbled."""
LEAST_LETTERS = 30
"""Shorter texts are too short to tell a language."""
SHARED_BY = 3
"""A picture that so many families of products share shows none of them."""
MOST_HAVE_ONE = 0.8
"""A missing picture is worth a word where so many products have one."""


class Trouble(IntEnum):
    """The kinds; where a product has several, the first counts. The numbers are stored: never renumber."""

    NONE = 0
    NO_TEXT = 1
    UNREADABLE = 2
    PLACEHOLDER = 3
    FOREIGN = 4
    NO_PICTURE = 5


def find_troubles(materials: Materials, progress: Progress) -> NDArray[np.uint8]:
    """(n,) the `Trouble` of each row."""
    from prodlabel.learning.oddness import text_oddness

    snapshot = materials.snapshot
    count = len(snapshot.columns)
    found = np.zeros(count, dtype=np.uint8)
    texts = materials.texts(progress).text
    letters = np.array([sum(map(str.isalpha, text[:100])) for text in texts])
    has_picture = snapshot.columns.has_picture
    if has_picture.mean() >= MOST_HAVE_ONE:
        found[~has_picture] = Trouble.NO_PICTURE
    is_odd = text_oddness(texts) > ODD
    found[is_odd & (letters >= LEAST_LETTERS)] = Trouble.FOREIGN
    placeholder, unreadable = _pictures(materials, progress)
    found[placeholder] = Trouble.PLACEHOLDER
    found[unreadable] = Trouble.UNREADABLE
    found[letters < 3] = Trouble.NO_TEXT
    return found


def _pictures(materials: Materials, progress: Progress) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """(n,) which pictures many families share, and which cannot be read."""
    facts = materials.snapshot.read_picture_facts()
    ids = materials.snapshot.columns.product_id.tolist()
    families = materials.families(progress)
    seen: dict[bytes, set[int]] = {}
    for product_id, family in zip(ids, families.tolist(), strict=True):
        content = facts[product_id][0] if product_id in facts else None
        if content is not None:
            seen.setdefault(content, set()).add(family)
    shared = {content for content, shown in seen.items() if len(shown) >= SHARED_BY}
    placeholder = np.array([one in facts and facts[one][0] in shared for one in ids], dtype=np.bool_)
    unreadable = np.array([one in facts and facts[one][3] is not None for one in ids], dtype=np.bool_)
    return placeholder, unreadable
