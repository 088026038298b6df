"""An encoder that learnt a catalogue, used like one that looks at each item alone: fitted once, then kept.

Invariant: `version` names the fit, so vectors of two fits never meet; what was not there when it was fitted
(a new product, the words of a search) gets its vector in the same space.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.errors import ProjectDamagedError
from prodlabel.core.progress import Progress
from prodlabel.encoders.protocol import CorpusEncoder, Kind
from prodlabel.encoders.text.strongest_axes import strongest_axes
from prodlabel.encoders.text.word_counts import unit

AXES = 300
"""Of thousands of words so many directions are kept: as many numbers as other encoders of texts have."""
_CHARS_A_UNIT = 200
_USUAL_SIDE_PX = 320
_STATE = "state."


class FittedEncoder:
    """An `ItemEncoder` around a fitted `CorpusEncoder`; made by `fit` or `from_arrays`.

    Counts of words come as their `AXES` strongest axes: as they are, they would fill the memory of a map.
    """

    def __init__(self, encoder: CorpusEncoder, version: str, dim: int, axes: NDArray[np.float32] | None):
        self.id = encoder.id
        self.title = encoder.title
        self.kind = encoder.kind
        self.dim = dim
        self.version = version
        is_text = encoder.kind is Kind.TEXT
        self.wanted_side_px = 0 if is_text else int(getattr(encoder, "wanted_side_px", _USUAL_SIDE_PX))
        self.batch_budget = 2048 if is_text else 32
        self._encoder = encoder
        self._axes = axes

    @classmethod
    def fit(cls, encoder: CorpusEncoder, items: Sequence[Any], progress: Progress) -> Self:
        """Let `encoder` learn from all items."""
        axes: NDArray[np.float32] | None = None
        if encoder.kind is Kind.TEXT:
            found = encoder.fit_transform(items, progress)
        else:  # pictures of a whole catalogue are not held at once
            found = encoder.fit(items, progress).transform([items[0]])
        if hasattr(found, "tocsr"):
            axes = _axes(found.tocsr())
        dim = int(found.shape[1]) if axes is None else len(axes)
        facts, arrays = encoder.state()
        return cls(encoder, f"{encoder.version}-{_digest(facts, arrays)}", dim, axes)

    def cost(self, item: Any) -> int:
        """In parts of a text; a picture is one."""
        return 1 + len(item) // _CHARS_A_UNIT if self.kind is Kind.TEXT else 1

    def encode(self, batch: Sequence[Any]) -> NDArray[np.float32]:
        """float32 (len(batch), dim), unit length, or zero where nothing in an item is known."""
        found = self._encoder.transform(list(batch))
        if self._axes is not None:
            found = found @ self._axes.T
        return unit(found)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All of it, to be kept."""
        facts, arrays = self._encoder.state()
        said = {"facts": facts, "version": self.version, "dim": self.dim}
        content = np.frombuffer(json.dumps(said, ensure_ascii=True).encode(), dtype=np.uint8)
        kept = {f"{_STATE}{name}": array for name, array in arrays.items()}
        return {"said": content, **({} if self._axes is None else {"axes": self._axes}), **kept}

    @classmethod
    def from_arrays(
        cls, made_by: type[Any], named: tuple[str, str], arrays: Mapping[str, NDArray[Any]]
    ) -> Self:
        """What `arrays` gave; `made_by` is the class of the encoder, `named` its id and title."""
        try:
            said = json.loads(arrays["said"].tobytes())
            state = {
                name.removeprefix(_STATE): one for name, one in arrays.items() if name.startswith(_STATE)
            }
            encoder = made_by.from_state(said["facts"], state)
            encoder.id, encoder.title = named
            return cls(encoder, str(said["version"]), int(said["dim"]), arrays.get("axes"))
        except (ValueError, KeyError, TypeError) as error:
            raise ProjectDamagedError(
                f"What {named[1]} learnt cannot be read ({error}). Run `prodlabel encode --new`."
            ) from error


def _axes(matrix: Any) -> NDArray[np.float32]:
    """float32 (at most AXES, words), the strongest axes of rows brought to unit length."""
    from sklearn.preprocessing import normalize

    if not matrix.nnz:
        return np.zeros((1, matrix.shape[1]), np.float32)
    rank = min(AXES, *matrix.shape)
    return np.ascontiguousarray(strongest_axes(normalize(matrix).astype(np.float32), rank)[2].T)


def _digest(facts: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> str:
    found = hashlib.sha256(json.dumps(facts, sort_keys=True).encode())
    for name in sorted(arrays):
        found.update(name.encode() + b"\0" + np.ascontiguousarray(arrays[name]).tobytes())
    return found.hexdigest()[:12]
