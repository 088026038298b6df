"""Bringing panes up to date without holding the window up: what is hidden waits, the rest takes turns.

Invariant: a pane that can be seen is up to date once the event loop has come to rest; one that is hidden is
brought up to date when it is shown. A refresh that was asked for twice happens once.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget
from typing_extensions import override


class Turns(QObject):
    """Collaborators: the panes of one project. `is_patient` spreads refreshes over turns of the event loop,
    as it is worth for many products; else they happen at once.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.is_patient = False
        self._due: list[tuple[QWidget, str, Callable[[], object]]] = []
        self._held: dict[QWidget, dict[str, Callable[[], object]]] = {}
        self._next = QTimer(self)
        self._next.setSingleShot(True)
        self._next.setInterval(0)
        self._next.timeout.connect(self._on_next_timeout)

    def ask(self, pane: QWidget, refresh: Callable[[], object]) -> None:
        """Bring a pane up to date: now, in a turn of its own, or when it is shown."""
        if pane.isVisible() and not self.is_patient:
            refresh()
        else:
            self.ask_later(pane, refresh)

    def ask_later(self, pane: QWidget, refresh: Callable[[], object]) -> None:
        """As `ask`, never now: what shows that something is done shall not make it take longer."""
        name = getattr(refresh, "__qualname__", repr(refresh))
        if not pane.isVisible():
            self._hold(pane, name, refresh)
        elif not any(held is pane and known == name for held, known, _ in self._due):
            self._due.append((pane, name, refresh))
            self._next.start()

    def settle(self) -> None:
        """Bring up to date whatever can be seen, at once."""
        while self._due:
            self._do_next()

    def _hold(self, pane: QWidget, name: str, refresh: Callable[[], object]) -> None:
        if pane not in self._held:
            self._held[pane] = {}
            pane.installEventFilter(self)
        self._held[pane][name] = refresh

    def _do_next(self) -> None:
        pane, name, refresh = self._due.pop(0)
        if pane.isVisible():
            refresh()
        else:
            self._hold(pane, name, refresh)

    def _on_next_timeout(self) -> None:
        if self._due:
            self._do_next()
        if self._due:
            self._next.start()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and self._held.get(watched):
            waiting, self._held[watched] = self._held[watched], {}
            for name, refresh in waiting.items():
                if self.is_patient:
                    self._due.append((watched, name, refresh))
                    self._next.start()
                else:
                    refresh()
        return super().eventFilter(watched, event)
