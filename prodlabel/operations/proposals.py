"""The proposed number of clusters of a map, kept with the project: a report shows it with its reasons.

Invariant: a proposal is read back only for the layout that it was made on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from prodlabel.analysis.cluster_count import CountCandidate, CountProposal, propose_count
from prodlabel.core.progress import Progress
from prodlabel.operations.findings import Finding, digest

VERSION = 1


class Memory(Protocol):
    """`Findings`, or a worker's `Notebook`."""

    def known(self, name: str, mark: str) -> Finding | None: ...

    def once(self, name: str, mark: str, measure: Callable[[], Finding]) -> Finding: ...


def finding_name(map_name: str) -> str:
    """What the proposal for a map is kept under."""
    return f"proposal/{map_name}"


def propose_once(
    memory: Memory,
    map_name: str,
    xy: NDArray[np.float32],
    families: NDArray[np.int64],
    progress: Progress,
) -> CountProposal:
    """How many clusters there may be on the layout `xy` (n, 2), one point a family; worked out once."""
    points = _points(xy, families)

    def proposed() -> Finding:
        found = propose_count(points, progress=progress)
        return Finding({"candidates": [asdict(one) for one in found.candidates]})

    return _proposal(memory.once(finding_name(map_name), _mark(points), proposed))


def proposal_known(
    memory: Memory, map_name: str, xy: NDArray[np.float32], families: NDArray[np.int64]
) -> CountProposal | None:
    """What was proposed for this layout, or None where nothing was."""
    found = memory.known(finding_name(map_name), _mark(_points(xy, families)))
    return None if found is None else _proposal(found)


def _points(xy: NDArray[np.float32], families: NDArray[np.int64]) -> NDArray[np.float32]:
    return xy[np.unique(families, return_index=True)[1]]


def _mark(points: NDArray[np.float32]) -> str:
    return digest(VERSION, points)


def _proposal(found: Finding) -> CountProposal:
    return CountProposal(tuple(CountCandidate(**one) for one in found.figures["candidates"]))
