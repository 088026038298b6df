"""What the review place says where there is no card: nothing imported, nothing ordered, nothing left."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from prodlabel.gui.notice import Notice
from prodlabel.gui.review.course import Course
from prodlabel.gui.review.proposal import why_empty
from prodlabel.gui.session import Session


def say_instead(
    notice: Notice,
    session: Session,
    course: Course | None,
    *,
    is_making: bool,
    make_board: Callable[[], object],
    train: Callable[[], object],
) -> None:
    """Fill the notice; its button orders the queues or trains."""
    if not len(session.columns):
        notice.say(tr("No products yet"), tr("Import a catalogue; what is worth a look is then here."))
    elif is_making:
        notice.say(tr("Ordering queues"), tr("What is worth a look is being worked out."), is_busy=True)
    elif course is None:
        notice.say(tr("No queues yet"), "", tr("Order queues"), make_board)
    elif not len(course.queue):
        notice.say(tr("Nothing here"), why_empty(session, course.queue.name))
    else:
        text = tr("{0:,} products decided with {1:,} keys. Training now makes the next suggestions better.")
        text = text.format(course.decided, course.key_presses)
        notice.say(tr("This queue is done"), text, tr("Train and suggest"), train)


def tr(text: str) -> str:
    return QCoreApplication.translate("Review", text)
