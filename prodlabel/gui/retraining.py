"""Training by itself: after so many corrections (fewer while there are few labels), or some minutes after the
first of them.

What reads projects is imported when there is one. Invariant: it never starts beside other work, never twice
for the same corrections, and not before something was suggested at all: the first is the curator's wish.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from prodlabel.gui.settings import SETTINGS, Settings
from prodlabel.gui.tasks import Tasks

if TYPE_CHECKING:
    from prodlabel.gui.session import Session

_COUNT_MS = 300
_MOST = 10_000
"""Corrections are counted no further: the window waits for the answer."""
_NAMES = ("retrain_after", "retrain_minutes")


class Retraining(QObject):
    """Collaborators: `Session` (what was corrected), `Settings`, `Tasks`; `start` begins a training. Signals:
    `changed` when there is something else to say."""

    changed = Signal()

    def __init__(
        self, settings: Settings, tasks: Tasks, start: Callable[[], object], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._settings, self._tasks, self._start = settings, tasks, start
        self._session: Session | None = None
        self.corrections = 0
        self._tried_after = 0
        self._count = QTimer(self)
        self._count.setSingleShot(True)
        self._count.setInterval(_COUNT_MS)
        self._count.timeout.connect(self._on_count_timeout)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.timeout.connect(self._on_wait_timeout)
        settings.changed.connect(self._on_setting_changed)
        tasks.changed.connect(self._on_tasks_changed)

    @property
    def is_on(self) -> bool:
        """Whether it starts by itself at all."""
        return any(self._settings[name] for name in _NAMES)

    def serve(self, session: Session | None) -> None:
        """Follow this project from now on."""
        if session is self._session:
            return
        self._session, self.corrections, self._tried_after = session, 0, 0
        self._count.stop()
        self._wait.stop()
        if session is not None:
            session.history_changed.connect(self._count.start)
            session.results_changed.connect(self._count.start)
            self._count.start()

    def toggle(self) -> None:
        """On as it is by default, or off."""
        is_on = self.is_on
        for setting in SETTINGS:
            if setting.name in _NAMES:
                self._settings.set(setting.name, 0 if is_on else setting.default)

    def text(self) -> str:
        """What the status bar says of it; empty where nothing was trained yet."""
        if self._session is None or not self._has_suggestions():
            return ""
        after, minutes = self.due_after(), self._settings["retrain_minutes"]
        if not self.is_on:
            return self.tr("trains only when asked")
        if not self.corrections:
            return self.tr("has learned everything")
        if after:
            return self.tr("trains again at {0:,} of {1:,} corrections").format(self.corrections, after)
        return self.tr("{0:,} corrections, trains again within {1} min").format(self.corrections, minutes)

    def due_after(self) -> int:
        """After how many corrections it starts: sooner while there are few labels; 0 for never."""
        if self._session is None or not self._settings["retrain_after"]:
            return 0
        from prodlabel.learning.learning_curve import corrections_due

        labelled = int(np.count_nonzero(self._session.columns.category))
        return corrections_due(max(labelled - self.corrections, 0), self._settings["retrain_after"])

    def _has_suggestions(self) -> bool:
        if self._session is None:
            return False
        from prodlabel.project.results import SUGGESTIONS

        results = self._session.project.results
        return results.current(SUGGESTIONS) is not None

    def _learned_until(self) -> int:
        """The last edit that a training has seen: of the newest version, in use or held back."""
        assert self._session is not None
        from prodlabel.project.results import CLASSIFIER, SUGGESTIONS

        found = self._session.project.results.list(CLASSIFIER)
        made = found + [
            one for one in self._session.project.results.list(SUGGESTIONS) if one.is_current and not found
        ]
        return max((one.after_edit for one in made), default=0)

    def _on_count_timeout(self) -> None:
        session = self._session
        if session is None:
            return
        self.corrections = 0
        if self._has_suggestions():
            self.corrections = session.project.corrections_since(self._learned_until(), _MOST)
        if not self.corrections:
            self._wait.stop()
        elif self._settings["retrain_minutes"] and not self._wait.isActive():
            self._wait.start(60_000 * self._settings["retrain_minutes"])
        self._start_where_due()
        self.changed.emit()

    def _start_where_due(self, *, is_time: bool = False) -> None:
        session, after = self._session, self.due_after()
        is_due = is_time or bool(after and self.corrections >= after)
        if session is None or not is_due or not self.corrections or self._tasks.running:
            return
        if session.project.is_read_only or session.project.last_edit == self._tried_after:
            return
        self._tried_after = session.project.last_edit
        self._wait.stop()
        self._start()

    def _on_wait_timeout(self) -> None:
        if self._tasks.running:
            self._wait.start(10_000)
        else:
            self._start_where_due(is_time=True)

    def _on_tasks_changed(self) -> None:
        if not self._tasks.running and self._session is not None:
            self._count.start()

    def _on_setting_changed(self, name: str) -> None:
        if name in _NAMES:
            self._wait.stop()
            self._count.start()
            self.changed.emit()
