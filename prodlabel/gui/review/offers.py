"""What accepting all above the line would come to, for every precision that can be chosen; a worker's work.

Invariant: the plans speak of one moment of the project; nothing is decided here.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from prodlabel.core.progress import Progress
from prodlabel.learning.thresholds import EVERYTHING
from prodlabel.operations.train import FUSION
from prodlabel.project.project import Project
from prodlabel.project.results import CLASSIFIER, SUGGESTIONS

if TYPE_CHECKING:
    from prodlabel.operations.accept import AcceptPlan

PRECISIONS = (EVERYTHING, 0.90, 0.92, 0.94, 0.95, 0.96, 0.97, 0.98, 0.985, 0.99, 0.9925, 0.995, 0.998)
"""Where the line can be put; the first place is below everything that is suggested. A slider of fixed places
answers at once: all plans are made beforehand."""
USUAL = PRECISIONS.index(0.99)


class Moment(NamedTuple):
    """What plans stand on: the last edit, and which suggestions and version are in use (0: none)."""

    last_edit: int
    suggestions: int
    version: int

    @classmethod
    def of(cls, project: Project) -> Moment:
        current = [project.results.current(kind, FUSION) for kind in (SUGGESTIONS, CLASSIFIER)]
        suggestions, version = (0 if one is None else one.id for one in current)
        return cls(project.last_edit, suggestions, version)


@dataclass(frozen=True, slots=True, eq=False)
class Offers:
    """Plans by place of `PRECISIONS`: for products without a label, and `with_imported` ones that agree."""

    plain: tuple[AcceptPlan, ...]
    with_imported: tuple[AcceptPlan, ...]
    moment: Moment


def make_offers(folder: Path, progress: Progress) -> Offers:
    """Every plan. Raises `NotReadyError` without a classifier and suggestions that are its own."""
    from prodlabel.operations.accept import plan_acceptance, suggestions_to_accept
    from prodlabel.operations.materials import Materials

    with Project.open(folder, read_only=True) as project:
        moment = Moment.of(project)
        suggestions, version = suggestions_to_accept(project)
        materials = Materials(project.snapshot())
        plans: dict[bool, list[AcceptPlan]] = {False: [], True: []}
        with progress.stage("Drawing the line", 2 * len(PRECISIONS), "plans"):
            for is_with, made in plans.items():
                for precision in PRECISIONS:
                    made.append(
                        plan_acceptance(materials, suggestions, version, precision, with_imported=is_with)
                    )
                    progress.advance()
        return Offers(tuple(plans[False]), tuple(plans[True]), moment)
