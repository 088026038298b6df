"""What an encoder is: settings in, float32 vectors out, the same vector for the same content and version.

Two kinds. An `ItemEncoder` looks at one product alone, so its vectors may be kept for ever under the
content's hash and the encoder's `version`. A `CorpusEncoder` is fitted to a catalogue, so its vectors
belong to that fit and to nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Protocol, Self, runtime_checkable

from numpy.typing import NDArray

from prodlabel.core.progress import Progress


class Kind(StrEnum):
    """What an encoder looks at."""

    TEXT = "text"
    PICTURE = "picture"


@runtime_checkable
class ItemEncoder(Protocol):
    """Encodes each item alone. A vector depends on nothing but its item and `version`, never on its batch.

    Texts are `str`; pictures are RGB bytes of shape (height, width, 3), decoded so that the shorter side has
    about `wanted_side_px` pixels (more is allowed, less is scaled up).
    """

    id: str
    title: str
    kind: Kind
    dim: int
    wanted_side_px: int
    """0 for texts."""
    batch_budget: int
    """What one call may cost, in units of `cost`; a call of that size takes some 0.1 s on a laptop."""

    @property
    def version(self) -> str:
        """Letters, digits, dots and dashes; differs when weights or settings do."""

    def cost(self, item: Any) -> int:
        """About what an item costs; a batch is padded to its dearest item. At least 1."""

    def encode(self, batch: Sequence[Any]) -> NDArray[Any]:
        """float32 (len(batch), dim), unit length (or zero, for an item without content)."""


@runtime_checkable
class CorpusEncoder(Protocol):
    """Fitted to a catalogue; the constructor only stores settings, learned attributes end in `_`."""

    id: str
    title: str
    kind: Kind

    @property
    def version(self) -> str:
        """Differs when the settings do; vectors of two fits are never compared."""

    def fit(self, items: Sequence[Any], progress: Progress | None = None) -> Self:
        """Learn from all items: texts, or pictures, as `kind` says.

        Pictures may come as a sequence that decodes when asked, from several threads at once; one that cannot
        be had is None.
        """

    def transform(self, items: Sequence[Any], progress: Progress | None = None) -> Any:
        """float32 (n, dim), dense or SciPy CSR, one row per item; deterministic after `fit`."""

    def fit_transform(self, items: Sequence[Any], progress: Progress | None = None) -> Any:
        """What `fit` and then `transform` of the same items give, in less time."""

    def state(self) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
        """What was learned: a JSON-able part and arrays; no pickle."""

    @classmethod
    def from_state(cls, facts: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Self:
        """The fitted encoder again."""
