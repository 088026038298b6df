"""The table of queues, in the order in which they are shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from prodlabel.core.errors import InputError
from prodlabel.learning.queues.broken import broken
from prodlabel.learning.queues.checks import blind_recheck, flagged, new_products, random_check
from prodlabel.learning.queues.disagreement import text_and_picture, with_colleague
from prodlabel.learning.queues.needs_label import needs_label
from prodlabel.learning.queues.probably_wrong import probably_wrong
from prodlabel.learning.queues.scene import Queue, Scene


@dataclass(frozen=True, slots=True)
class QueueKind:
    """One line of the table. `is_blind`: what was decided before must not be shown. `says`: what a decision
    made in it is, beside what it decides: blind, drawn at random, or the end of a disagreement."""

    name: str
    title: str
    make: Callable[[Scene], Queue]
    is_blind: bool = False
    says: str = ""

    @property
    def details(self) -> dict[str, bool]:
        """What the ledger keeps of it."""
        return {self.says: True} if self.says else {}


QUEUES = (
    QueueKind("needs-label", "Needs a label", needs_label),
    QueueKind("probably-wrong", "Probably wrong", probably_wrong),
    QueueKind("text-picture", "Text and picture disagree", text_and_picture),
    QueueKind("colleague", "Disagree with a colleague", with_colleague, says="settling"),
    QueueKind("new", "New since last time", new_products),
    QueueKind("random", "Random check", random_check, says="random"),
    QueueKind("blind", "Blind re-check", blind_recheck, is_blind=True, says="blind"),
    QueueKind("flagged", "Flagged", flagged),
    QueueKind("broken", "Broken or out of place", broken),
)


def queue_kind(name: str) -> QueueKind:
    """The queue of this name. Raises `InputError`."""
    for kind in QUEUES:
        if kind.name == name:
            return kind
    names = ", ".join(kind.name for kind in QUEUES)
    raise InputError(f"There is no queue “{name}”. There are: {names}.")
