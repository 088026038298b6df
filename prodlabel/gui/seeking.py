"""Search by meaning and by picture for the search box; used in the librarian's thread alone.

Invariant: a seeker belongs to one snapshot; whoever changes products or vectors takes a new one.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from prodlabel.operations.materials import Materials
from prodlabel.operations.search import Found, Likeness, search_by_picture, search_by_text, search_like
from prodlabel.project.snapshot import Snapshot


class Seeker:
    """Holds the vectors of a snapshot from the first search on."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._materials = Materials(snapshot)

    def by_meaning(self, words: str) -> NDArray[np.int64]:
        """Ids of the products whose texts mean what these words say, nearest first."""
        return self._ids(search_by_text(self._materials, words))

    def by_picture(self, picture: Path | QImage, *, is_apart: bool = False) -> NDArray[np.int64]:
        """Ids of the products that look like a file or like a picture that was pasted, nearest first.
        `is_apart`: a file is decoded in a process of its own; what was pasted are pixels already."""
        if isinstance(picture, Path):
            return self._ids(search_by_picture(self._materials, picture, is_apart=is_apart))
        with TemporaryDirectory() as folder:
            file = Path(folder) / "pasted.png"
            picture.save(str(file))
            return self._ids(search_by_picture(self._materials, file))

    def like(self, product_id: int, by: Likeness, k: int) -> NDArray[np.int64]:
        """Ids of the `k` products nearest to one of them, by text, by picture or by both."""
        row = int(self._materials.snapshot.columns.rows(np.array([product_id]))[0])
        return self._ids(search_like(self._materials, row, by, k))

    def _ids(self, found: Found) -> NDArray[np.int64]:
        return np.asarray(self._materials.snapshot.columns.product_id[found.rows])
