"""The bar at the top: the menu behind the program's name, the project, the search box, the places.

Invariant: it has no state but what the window shows in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton, QToolButton, QWidget

from prodlabel.gui.actions import Actions, key_text
from prodlabel.gui.catalogue.search_box import SearchBox
from prodlabel.gui.labels import toned
from prodlabel.gui.theme import CONTROL_PX, TOP_PX, Theme

if TYPE_CHECKING:
    from prodlabel.gui.session import Session

_BESIDE_PX = 16
"""The style sheet's padding at both sides of a place's name."""


class TopBar(QFrame):
    """Signals: `place_wanted` with the name of a place."""

    place_wanted = Signal(str)

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("top_bar")
        theme = Theme.now()
        self._session: Session | None = None
        self.brand = QToolButton(self)
        self.brand.setText("prodlabel")
        self.brand.setProperty("brand", "true")
        self.brand.setAccessibleName(self.tr("Menu"))
        self.brand.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.project = toned("", "dim")
        self.search = SearchBox(self)
        self._actions = actions
        self._show_key()
        actions.keys_changed.connect(self._show_key)
        self.search.setFixedWidth(theme.px(560))
        self._segments = QFrame(self)
        self._segments.setObjectName("segments")
        self._segments.setFixedHeight(theme.px(CONTROL_PX + 2))
        self._segment_row = QHBoxLayout(self._segments)
        self._segment_row.setContentsMargins(1, 1, 1, 1)
        self._segment_row.setSpacing(0)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self.places: dict[str, QPushButton] = {}
        left, right = QWidget(self), QWidget(self)
        row = QHBoxLayout(left)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.brand)
        row.addWidget(self.project)
        row.addStretch(1)
        end = QHBoxLayout(right)
        end.setContentsMargins(0, 0, 0, 0)
        end.addStretch(1)
        end.addWidget(self._segments)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.px(10), 0, theme.px(16), 0)
        # Equal parts at both sides keep the search box in the middle of the window.
        layout.addWidget(left, 1)
        layout.addWidget(self.search)
        layout.addWidget(right, 1)
        self.setFixedHeight(theme.px(TOP_PX))
        self.serve(None)

    def _show_key(self) -> None:
        self.search.show_key(key_text(self._actions["palette"]))

    def add_place(self, name: str, title: str) -> None:
        """One more place to switch to."""
        button = QPushButton(title, self._segments)
        button.setProperty("segment", "true")
        button.setCheckable(True)
        button.clicked.connect(lambda *_: self.place_wanted.emit(name))
        self._group.addButton(button)
        self._segment_row.addWidget(button)
        self.places[name] = button
        self.show_count(name, title, 0)

    def show_place(self, name: str) -> None:
        if name in self.places:
            self.places[name].setChecked(True)

    def show_count(self, name: str, title: str, count: int) -> None:
        """A number beside a place's name, where there is something to do."""
        if name in self.places:
            button, text = self.places[name], f"{title} {count:,}" if count else title
            button.setText(text)
            # The style sheet makes the chosen place bold and its width that of the plain text.
            theme = Theme.now()
            bold = QFontMetrics(theme.font(weight=QFont.Weight.DemiBold)).horizontalAdvance(text)
            button.setMinimumWidth(bold + 2 * theme.px(_BESIDE_PX))

    def serve(self, session: Session | None) -> None:
        """Show this project; None: there is none."""
        self._session = session
        self.search.setVisible(session is not None)
        self._segments.setVisible(session is not None and len(self.places) > 1)
        if session is not None:
            session.products_changed.connect(self._show_project)
        self._show_project()

    def _show_project(self) -> None:
        session = self._session
        if session is None:
            self.project.setText("")
            return
        count = len(session.columns)
        self.project.setText(self.tr("{0} · {1:,} products").format(session.project.name, count))
