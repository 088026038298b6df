"""Which products of a selection fit it least; those are worth the first look."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from prodlabel.gui.suggestions import Layout, Suggestions
from prodlabel.project.columns import Columns

Rows = NDArray[np.int64]


def least_typical_first(
    rows: Rows, columns: Columns, suggestions: Suggestions | None, layout: Layout | None
) -> Rows:
    """The rows ordered by how little their label and their place fit; stable, so equal ones keep their order.

    With suggestions: by the confidence in the label that they have. Without: by the distance on the map from
    the median of their own category within the selection.
    """
    if not len(rows):
        return rows
    if suggestions is not None:
        fit = suggestions.confidence_in(rows, columns.category[rows])
        return rows[np.argsort(fit, kind="stable")]
    if layout is None:
        return rows
    xy, category = layout.xy[rows], columns.category[rows]
    distance = np.zeros(len(rows))
    for one in np.unique(category).tolist():
        members = category == one
        middle = np.nanmedian(xy[members], axis=0) if np.isfinite(xy[members]).any() else np.zeros(2)
        distance[members] = np.hypot(*(xy[members] - middle).T)
    return rows[np.argsort(-np.nan_to_num(distance), kind="stable")]
