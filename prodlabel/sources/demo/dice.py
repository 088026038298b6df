"""Chance that is the same on every machine: SplitMix64 on integers, nothing of the platform's.

Invariant: what a `Dice` gives depends on its seed and on the calls made so far, on nothing else. `fork` makes
an independent one by name, so that a change in one product's drawing leaves the others as they were.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

_MASK = (1 << 64) - 1


class Dice:
    """A small random source (SplitMix64: Steele, Lea and Flood 2014, section 5)."""

    def __init__(self, seed: int | str) -> None:
        digest = hashlib.blake2b(str(seed).encode(), digest_size=8).digest()
        self._state = int.from_bytes(digest, "little")
        self._name = str(seed)

    def fork(self, name: object) -> Dice:
        """An independent source that depends only on this one's seed and on `name`."""
        return Dice(f"{self._name}/{name}")

    def bits(self) -> int:
        """The next 64 bits."""
        self._state = (self._state + 0x9E3779B97F4A7C15) & _MASK
        z = self._state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
        return z ^ (z >> 31)

    def unit(self) -> float:
        """A number in [0, 1)."""
        return (self.bits() >> 11) / (1 << 53)

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * self.unit()

    def below(self, count: int) -> int:
        """An integer in [0, count)."""
        return self.bits() % count

    def chance(self, probability: float) -> bool:
        return self.unit() < probability

    def pick(self, items: Sequence[T]) -> T:
        return items[self.below(len(items))]

    def pick_weighted(self, weights: dict[str, float]) -> str:
        """One of the keys, as often as its weight says."""
        left = self.unit() * sum(weights.values())
        for key, weight in weights.items():
            left -= weight
            if left < 0:
                return key
        return next(reversed(weights))

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """Fisher-Yates."""
        result = list(items)
        for i in range(len(result) - 1, 0, -1):
            j = self.below(i + 1)
            result[i], result[j] = result[j], result[i]
        return result
