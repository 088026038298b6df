"""The bridge between what happens and what the user is told: all post here, one bar shows, tests record.

Invariant: a message is a value; nobody but the bar and the crash dialog makes a widget of it.
"""

from __future__ import annotations

import logging
import platform
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QObject, Signal, qVersion

from prodlabel import __version__
from prodlabel.core.errors import Cancelled, UserError
from prodlabel.core.scrub import own_names, scrub
from prodlabel.gui.phrases import phrase

_log = logging.getLogger(__name__)


class Level(StrEnum):
    """How much a message matters."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Offer:
    """Something the user can do about a message with one press."""

    title: str
    act: Callable[[], object]


@dataclass(frozen=True, slots=True)
class Message:
    """One or two sentences for the bar."""

    level: Level
    text: str
    offer: Offer | None = None


class Messages(QObject):
    """Signals: `posted` with a `Message`, `crashed` with the report of a defect as text."""

    posted = Signal(object)
    crashed = Signal(str)

    def inform(self, text: str, offer: Offer | None = None) -> None:
        self.posted.emit(Message(Level.INFO, text, offer))

    def warn(self, text: str, offer: Offer | None = None) -> None:
        self.posted.emit(Message(Level.WARNING, text, offer))

    def report(self, error: BaseException, offer: Offer | None = None) -> None:
        """Tell of an error: a mendable one in the bar (with what can be done about it), a defect in the crash
        dialog, a cancel not."""
        if isinstance(error, Cancelled):
            return
        if isinstance(error, UserError):
            self.posted.emit(Message(Level.ERROR, phrase(str(error)), offer))
            return
        _log.error("a defect of the program", exc_info=error)
        self.crashed.emit(crash_report(error))

    @contextmanager
    def guard(self) -> Iterator[None]:
        """Report what goes wrong in the block instead of letting it out."""
        try:
            yield
        except Exception as error:  # noqa: BLE001 - reported, never swallowed
            self.report(error)


def crash_report(error: BaseException) -> str:
    """What a developer needs to know of a defect, without home folders, names and secrets."""
    trace = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    return report_of(trace)


def report_of(text: str, names: Iterable[str] = ()) -> str:
    """A report around this text, scrubbed; `names`: what else must not be told besides the user's own."""
    system = f"{platform.system()} {platform.release()}, Python {platform.python_version()}, Qt {qVersion()}"
    return f"prodlabel {__version__}\n{system}\n\n{scrub(text, names=(*own_names(), *names))}"
