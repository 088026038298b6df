"""All products as columns: NumPy arrays indexed by row. Immutable; an edit makes new columns.

A row is a position and changes when products come or go; a product id is an identity and never changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.errors import InputError


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """One entry per present product, ordered by product id; every array has shape (n,) and is read-only."""

    product_id: NDArray[np.int64]
    source_id: NDArray[np.int32]
    has_picture: NDArray[np.bool_]
    source_category: NDArray[np.int32]
    category: NDArray[np.int32]
    status: NDArray[np.uint8]
    edit: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.product_id)

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Columns:
        """Columns over these arrays, which are frozen."""
        for array in arrays.values():
            array.setflags(write=False)
        return cls(**arrays)

    def rows(self, product_ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """The rows of these products. Raises `InputError` for an id that is not there."""
        ids = np.asarray(product_ids, dtype=np.int64)
        rows = np.searchsorted(self.product_id, ids)
        is_known = rows < len(self)
        is_known[is_known] = self.product_id[rows[is_known]] == ids[is_known]
        if not is_known.all():
            missing = int(ids[~is_known][0])
            raise InputError(f"There is no product number {missing} in this project. Look at the list again.")
        return rows

    def rows_here(self, product_ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """The rows of those of these products that are there, in their order."""
        ids = np.asarray(product_ids, dtype=np.int64)
        return self.rows(ids[np.isin(ids, self.product_id)])

    def with_products(self, arrays: Mapping[str, NDArray[Any]]) -> Columns:
        """New columns with these products at the end; their ids are above all that are here."""
        if not len(arrays["product_id"]):
            return self
        both = {name: np.concatenate([getattr(self, name), array]) for name, array in arrays.items()}
        return Columns.from_arrays(both)

    def with_labels(
        self,
        rows: NDArray[np.int64],
        category: NDArray[np.int32],
        status: NDArray[np.uint8],
        edit: NDArray[np.int64] | int,
    ) -> Columns:
        """New columns in which these rows have new labels."""
        new_category, new_status, new_edit = self.category.copy(), self.status.copy(), self.edit.copy()
        new_category[rows], new_status[rows], new_edit[rows] = category, status, edit
        for array in (new_category, new_status, new_edit):
            array.setflags(write=False)
        return replace(self, category=new_category, status=new_status, edit=new_edit)


NO_COLUMNS = Columns.from_arrays(
    {
        "product_id": np.empty(0, np.int64),
        "source_id": np.empty(0, np.int32),
        "has_picture": np.empty(0, np.bool_),
        "source_category": np.empty(0, np.int32),
        "category": np.empty(0, np.int32),
        "status": np.empty(0, np.uint8),
        "edit": np.empty(0, np.int64),
    }
)
"""The columns of a project without products."""
