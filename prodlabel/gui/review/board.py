"""The board of queues, made by a worker in a process of its own: which products to look at, and why.

Invariant: a board is plain values about one moment of the project; later decisions are the course's.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.edits import EditKind
from prodlabel.core.progress import Progress
from prodlabel.project.project import Project
from prodlabel.project.results import CLASSIFIER

_REASONED = 1000
"""Products of one queue whose reason is written out; nobody goes through more between two boards."""
_HISTORY = 500


@dataclass(frozen=True, slots=True, eq=False)
class ReviewQueue:
    """`product_id` (m,) in the order in which to look, `batch` (m,) numbers of batches that look alike,
    `chance` (m,) that looking finds something to change, `reasons` of the first ones, `stop_at`: after how
    many products looking stops to pay, `stop`: when to stop, in words. `says`: what the ledger is told of
    decisions made in it."""

    name: str
    title: str
    is_blind: bool
    product_id: NDArray[np.int64]
    batch: NDArray[np.int64]
    chance: NDArray[np.float64]
    reasons: tuple[str, ...]
    stop_at: int
    stop: str
    says: str = ""

    def __len__(self) -> int:
        return len(self.product_id)

    def reason(self, at: int) -> str:
        """Why the product at this place is here; empty beyond those that were written out."""
        return self.reasons[at] if at < len(self.reasons) else ""


@dataclass(frozen=True, slots=True, eq=False)
class Board:
    """All queues as they were after the edit `last_edit`; `asked` and `same`: own decisions that were asked
    for again blindly, and how many of them were the same; `checked` and `right`: labels drawn at random."""

    queues: tuple[ReviewQueue, ...]
    last_edit: int
    asked: int = 0
    same: int = 0
    checked: int = 0
    right: int = 0

    def queue(self, name: str) -> ReviewQueue | None:
        return next((queue for queue in self.queues if queue.name == name), None)


def make_board(folder: Path, person: str, progress: Progress) -> Board:
    """Read the project and make every queue. Takes about as long as reading all vectors."""
    from prodlabel.learning.queues.registry import QUEUES
    from prodlabel.operations.materials import Materials
    from prodlabel.operations.queues import (
        QueueSettings,
        make_queue,
        make_scene,
        own_agreement,
        random_checked,
    )
    from prodlabel.operations.suggest import suggestions_in_use

    # What names suggest has no version behind it: its level is that of what is suggested.
    with Project.open(folder, read_only=True) as project:
        kept = suggestions_in_use(project)
        version = project.results.current(CLASSIFIER)
        figures = {} if version is None else version.figures
        usual = project.taxonomy.main_level
        level = usual if version is None else int(version.settings.get("level", 1))
        if version is None and kept is not None and kept[0].category.size:
            level = max(project.taxonomy.level(int(one)) for one in np.unique(kept[0].category))
        since = last_import_but_first(project)
        settings = QueueSettings(person, since, float(figures.get("noise") or 0.01), level)
        materials = Materials(project.snapshot())
        scene = make_scene(materials, kept[0] if kept else None, settings, progress)
        queues = []
        with progress.stage("Ordering queues", len(QUEUES), "queues"):
            for kind in QUEUES:
                found = make_queue(scene, kind.name)
                shown = range(min(len(found), _REASONED))
                queues.append(
                    ReviewQueue(
                        kind.name,
                        kind.title,
                        kind.is_blind,
                        np.asarray(found.product_id, dtype=np.int64),
                        np.asarray(found.batch, dtype=np.int64),
                        np.asarray(found.queue.chance, dtype=np.float64),
                        tuple(found.reason(at) for at in shown),
                        found.queue.stop_at(),
                        found.queue.stop,
                        kind.says,
                    )
                )
                progress.advance()
        own, drawn = own_agreement(materials, person, level), random_checked(materials, level)
        return Board(tuple(queues), project.last_edit, own.asked, own.same, drawn.asked, drawn.same)


def last_import_but_first(project: Project) -> int:
    """The edit after which products are new: the one before the last import; 0 after a single import."""
    steps: dict[int, int] = {}
    before: int | None = None
    while page := project.history(limit=_HISTORY, before_id=before):
        for entry in page:
            if entry.kind is EditKind.IMPORT:
                steps[entry.step] = min(entry.id, steps.get(entry.step, entry.id))
        if len(steps) > 1:
            break
        before = page[-1].id
    return steps[max(steps)] - 1 if len(steps) > 1 else 0
