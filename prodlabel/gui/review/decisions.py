"""What a key in the review place writes: one edit with its reason, and the products like it that are offered.

Invariant: where writing fails nothing has changed, neither the project nor the course nor what is shown.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication

from prodlabel.core.edits import KEEP, Because, Relabel
from prodlabel.core.labels import Status
from prodlabel.gui.computed import accepted
from prodlabel.gui.review.course import Course, Decision
from prodlabel.gui.review.proposal import Proposal, kin_of
from prodlabel.gui.session import Session

_JUDGING = (Status.CONFIRMED, Status.ACCEPTED, Status.REJECTED)
"""What says something of the label that was there; a flag or a note does not."""


def status_of_accepting(proposal: Proposal, count: int) -> Status:
    """What accepting a proposal for so many products makes of their labels.

    Whoever has one card before the eyes and takes what it proposes has looked, and says so: that is a
    confirmed label, which the blind re-check asks for again like any other. The same key for a batch is a
    glance at many and echoes the suggestion. What one said of a product and then of its like is a person's
    word again.
    """
    return Status.CONFIRMED if count == 1 or proposal.is_offered else Status.ACCEPTED


def write_decision(
    session: Session,
    course: Course,
    product_ids: NDArray[np.int64],
    category: int | None,
    status: Status,
    *,
    note: str,
    is_of_suggestion: bool,
) -> None:
    """Write what was decided of these products (`category` None: they keep theirs) and go on in the course.

    `is_of_suggestion`: it says something of what was suggested, and names the version. Raises `UserError`
    where the project cannot be written; then nothing has changed.
    """
    at = course.at
    because = _because(session, course, note, status, is_of_suggestion=is_of_suggestion)
    rows = [row for one in product_ids.tolist() if (row := session.row_of(one)) is not None]
    given: Any = KEEP if category is None else np.full(len(rows), category, np.int32)
    if category is not None:  # a label that says this and more says more
        given = accepted(session.columns.category[rows], given, session.taxonomy)
    session.apply(Relabel(session.columns.product_id[rows], given, status, because))
    course.decide(Decision(at, product_ids, session.columns.category[rows], int(status)))
    if status in (Status.ACCEPTED, Status.CONFIRMED) and not course.queue.is_blind:
        kin, given = kin_of(session, product_ids)
        why = QCoreApplication.translate(
            "ReviewPlace", "Nearly the same article as the one that you just decided."
        )
        course.offer(kin, given, why)


def _because(
    session: Session, course: Course, note: str, status: Status, *, is_of_suggestion: bool
) -> Because:
    queue = course.queue
    says = {queue.says: True} if queue.says and status in _JUDGING else {}
    return Because(
        note or f"queue: {queue.title}",
        classifier_version=session.suggested_by() if is_of_suggestion else None,
        details={"queue": queue.name, **says},
    )
