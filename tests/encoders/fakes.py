"""A small encoder whose vectors say which item they are of, to watch the stream at work."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from prodlabel.encoders.protocol import Kind


class CountingEncoder:
    """Texts are numbers; the vector repeats the number. Remembers its batches; may be held up by an event."""

    id = "counting"
    title = "Counting"
    dim = 3
    wanted_side_px = 0

    def __init__(self, kind: Kind = Kind.TEXT, budget: int = 64, gate: threading.Event | None = None) -> None:
        self.kind = kind
        self.batch_budget = budget
        self.gate = gate
        self.batches: list[list[str]] = []

    @property
    def version(self) -> str:
        return "counting-1"

    def cost(self, item: str) -> int:
        return max(1, len(item))

    def encode(self, batch: Sequence[str]) -> NDArray[np.float32]:
        if self.gate is not None:
            self.gate.wait(10)
        self.batches.append(list(batch))
        return np.array([[float(item)] * 3 for item in batch], np.float32)
