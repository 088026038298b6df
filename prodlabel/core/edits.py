"""Edits: everything that changes what a curator decided, as frozen values that `Project.apply` takes.

An edit says what shall be; the inverse is found and stored by whoever applies it. Edits that are applied
together make one step: one line in the history, one undo.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.labels import Status
from prodlabel.core.merging import TakeFrom
from prodlabel.core.products import ProductRecord


class _Keep(Enum):
    KEEP = "keep"


KEEP = _Keep.KEEP
"""Stands where an edit leaves the category of each product as it is."""


@dataclass(frozen=True, slots=True)
class Because:
    """Who decides, why, and with which classifier's help; `person` None: whoever has the project open."""

    reason: str = ""
    person: str | None = None
    classifier_version: int | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


NO_REASON = Because()


@dataclass(frozen=True, slots=True, eq=False)
class Relabel:
    """Give products a category, a status, or both.

    `product_ids` int64 (n,); `category_ids` one id for all, an int32 array (n,), or `KEEP`;
    `status` one status for all.
    """

    product_ids: NDArray[np.int64]
    category_ids: int | NDArray[np.int32] | _Keep
    status: Status = Status.CONFIRMED
    because: Because = NO_REASON


@dataclass(frozen=True, slots=True)
class AddCategory:
    """A new category below `parent` (None: level 1). Fails where the name is taken among its siblings."""

    name: str
    parent: int | None = None
    description: str = ""
    because: Because = NO_REASON


@dataclass(frozen=True, slots=True)
class AddCategories:
    """A taxonomy from elsewhere: paths of names from level 1 down, each with its key there ("" for none).

    A category with that key, or else with that path, stays as it is; what is missing above one is made.
    `descriptions`: of each entry, for those that are made; empty for none at all.
    """

    entries: tuple[tuple[tuple[str, ...], str], ...]
    descriptions: tuple[str, ...] = ()
    because: Because = NO_REASON


@dataclass(frozen=True, slots=True)
class ChangeCategory:
    """Rename, move or restyle a category: `changes` maps field names of `Category` to new values.

    Allowed fields: name, parent, position, description, colour, shortcut.
    """

    category_id: int
    changes: Mapping[str, Any]
    because: Because = NO_REASON


@dataclass(frozen=True, slots=True)
class RetireCategory:
    """Take a category without products and without children out of the taxonomy."""

    category_id: int
    because: Because = NO_REASON


NOTHING_CHOSEN: Mapping[str, frozenset[str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class ImportBatch:
    """Products as a source gives them: new ones are added, changed ones updated, same ones left alone.

    `label_level` is the level of the taxonomy whose category becomes the label (1: only the first name of
    the path; None: the whole path). Batches that carry the same `step` are undone together.

    `take` says whose value wins where the source changed what it said; as a rule what somebody decided here
    stands. `chosen` says it for single products: by key, the fields in which the source wins, and no others.
    """

    source_id: int
    records: tuple[ProductRecord, ...]
    label_level: int | None = None
    step: int | None = None
    because: Because = NO_REASON
    take: TakeFrom = TakeFrom.EDITS_FIRST
    chosen: Mapping[str, frozenset[str]] = field(default_factory=lambda: NOTHING_CHOSEN)


Edit = Relabel | AddCategory | AddCategories | ChangeCategory | RetireCategory | ImportBatch


class EditKind(StrEnum):
    """What an edit is called in the ledger. The words are stored: never rename."""

    RELABEL = "relabel"
    TAXONOMY = "taxonomy"
    IMPORT = "import"
    UNDO = "undo"
    REDO = "redo"


class ChangeKind(StrEnum):
    """Which kind of thing a change touched; views listen for what they show."""

    PRODUCTS = "products"
    LABELS = "labels"
    TAXONOMY = "taxonomy"
    HISTORY = "history"
    RESULTS = "results"


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """What subscribers are told after an edit was committed.

    `product_ids` are those whose label changed (None: any may have). `initiator` is what the caller of
    `apply` named itself, so that a view can ignore the echo of its own edit.
    """

    kinds: frozenset[ChangeKind]
    initiator: str
    product_ids: NDArray[np.int64] | None = None
