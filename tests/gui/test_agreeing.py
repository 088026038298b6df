"""Whether a suggestion says the same as a label, and what accepting it makes of the label."""

from __future__ import annotations

import numpy as np

from prodlabel.core.taxonomy import Category, Taxonomy
from prodlabel.gui.computed import accepted, agreeing


def test_a_suggestion_agrees_with_its_own_category_and_with_all_that_lie_below_it() -> None:
    kitchen, mugs, cups, garden = (
        Category(1, "kitchen", None, "Kitchen"),
        Category(2, "kitchen/mugs", 1, "Mugs"),
        Category(3, "kitchen/mugs/cups", 2, "Cups"),
        Category(4, "garden", None, "Garden"),
    )
    taxonomy = Taxonomy((kitchen, mugs, cups, garden))
    label = np.array([1, 2, 3, 4, 4, 0, 1, 1], dtype=np.int32)
    best = np.array([1, 1, 1, 4, 1, 1, 0, 2], dtype=np.int32)
    said = [True, True, True, True, False, False, False, False]
    assert agreeing(label, best, taxonomy).tolist() == said
    # A mug stays a mug where "kitchen" is accepted; what stands elsewhere goes where the suggestion says.
    assert accepted(label, best, taxonomy).tolist() == [1, 2, 3, 4, 1, 1, 0, 2]
