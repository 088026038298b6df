"""What accepting all above the line would come to, for every precision that can be chosen; a worker's work.

Invariant: the plans speak of one moment of the project, named by its last edit; nothing is decided here.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from prodlabel.core.errors import NotReadyError
from prodlabel.core.progress import Progress
from prodlabel.learning.thresholds import EVERYTHING
from prodlabel.project.project import Project

if TYPE_CHECKING:
    from prodlabel.operations.accept import AcceptPlan

PRECISIONS = (EVERYTHING, 0.90, 0.92, 0.94, 0.95, 0.96, 0.97, 0.98, 0.985, 0.99, 0.9925, 0.995, 0.998)
"""Where the line can be put; the first place is below everything that is suggested. A slider of fixed places
answers at once: all plans are made beforehand."""
USUAL = PRECISIONS.index(0.99)


@dataclass(frozen=True, slots=True, eq=False)
class Offers:
    """Plans by place of `PRECISIONS`: for products without a label, and `with_imported` ones that agree."""

    plain: tuple[AcceptPlan, ...]
    with_imported: tuple[AcceptPlan, ...]
    last_edit: int


def make_offers(folder: Path, progress: Progress) -> Offers:
    """Every plan. Raises `NotReadyError` without a classifier or suggestions."""
    from prodlabel.operations.accept import plan_acceptance
    from prodlabel.operations.materials import Materials
    from prodlabel.operations.suggest import classifier_in_use, suggestions_in_use

    with Project.open(folder, read_only=True) as project:
        version, kept = classifier_in_use(project), suggestions_in_use(project)
        if kept is None:
            raise NotReadyError("There are no suggestions yet. Train and suggest first.")
        materials = Materials(project.snapshot())
        plans: dict[bool, list[AcceptPlan]] = {False: [], True: []}
        with progress.stage("Drawing the line", 2 * len(PRECISIONS), "plans"):
            for is_with, made in plans.items():
                for precision in PRECISIONS:
                    made.append(
                        plan_acceptance(materials, kept[0], version, precision, with_imported=is_with)
                    )
                    progress.advance()
        return Offers(tuple(plans[False]), tuple(plans[True]), project.last_edit)
