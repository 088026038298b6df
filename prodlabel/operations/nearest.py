"""The neighbour index of a project: built once for what a map stands on, kept beside the vectors, shared.

Invariant: a kept graph is used only for the very vectors that it was made of, or more after them; it is a
cache, and may be deleted at any time.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from prodlabel.analysis.neighbours import EXACT_LIMIT, NeighbourIndex
from prodlabel.core.errors import UserError
from prodlabel.core.progress import Progress
from prodlabel.operations.encode import VECTOR_FOLDER
from prodlabel.operations.layout import View
from prodlabel.operations.materials import Materials
from prodlabel.store.atomic import load_arrays, save_arrays


def neighbour_index(
    materials: Materials, view: View, progress: Progress, *, exact_limit: int = EXACT_LIMIT
) -> NeighbourIndex:
    """The index of the families of `view` (its `points`, by cosine); made once per snapshot.

    Rows of the index are families: `view.families` says which a product belongs to.
    """

    def make() -> NeighbourIndex:
        path = _path(materials.snapshot.folder, view.name)
        state = None
        if path.is_file() and len(view.points) > exact_limit:
            try:
                state = load_arrays(path)
            except (UserError, OSError, ValueError):
                state = None  # a damaged cache is made anew below
        index = NeighbourIndex.from_state(view.points, state, exact_limit, progress)
        made = index.state()
        if made is not None and (state is None or not np.array_equal(state["digest"], made["digest"])):
            save_arrays(path, made)
        return index

    return materials.once(("neighbours", view.name, exact_limit), make)


def _path(folder: Path, name: str) -> Path:
    return folder / VECTOR_FOLDER / f"neighbours.{name}.npz"
