"""What colour, shape and size of the points stand for: choosers and legends at the right of the map.

Invariant: the panel works out marks from the session and keeps nothing else; what was hidden in a legend
stays hidden, by name, while the same thing is shown.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QToolButton, QVBoxLayout, QWidget

from prodlabel.gui.colouring import (
    ALIKE,
    AS_COLOUR,
    BY_CATEGORY,
    Colouring,
    choices,
    colouring,
    is_to_be_read,
    shape_choices,
    shaping,
    size_choices,
    sizing,
)
from prodlabel.gui.map.legend import Legend
from prodlabel.gui.map_sheet import choice_box
from prodlabel.gui.session import Session
from prodlabel.gui.theme import Theme

WIDTH = 248


class LookPanel(QWidget):
    """Collaborators: `Session`. Signals: `changed` after another choice, `hidden_changed`,
    `values_wanted` with what has to be read first.
    """

    changed = Signal()
    hidden_changed = Signal()
    values_wanted = Signal(str)

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self._is_legend_wanted = True
        self.colour_by, self.shape_by, self.size_by = QComboBox(self), QComboBox(self), QComboBox(self)
        self.boxes = [
            choice_box(self, title, choice, WIDTH)
            for title, choice in (
                (self.tr("Colour by"), self.colour_by),
                (self.tr("Shape by"), self.shape_by),
                (self.tr("Size by"), self.size_by),
            )
        ]
        self.more = self._more_button(self.boxes[0])
        self.legends = [self._legend() for _ in self.boxes]
        self._marks: list[Colouring | None] = [None, None, None]
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Theme.now().px(7))
        for widget in (*self.boxes, *self.legends):
            layout.addWidget(widget)
        self.show_more(is_shown=False)
        for chooser in (self.colour_by, self.shape_by, self.size_by):
            chooser.currentIndexChanged.connect(self._on_chooser_changed)

    @property
    def legend(self) -> Legend:
        """What the colours mean."""
        return self.legends[0]

    def show_legend(self, is_wanted: bool) -> None:
        """With the legends or without them; what was hidden in them stays hidden."""
        self._is_legend_wanted = is_wanted
        for legend, made in zip(self.legends, self._marks, strict=True):
            legend.setVisible(is_wanted and made is not None and bool(made.entries))
        self.adjustSize()

    def show_more(self, *, is_shown: bool) -> None:
        """Show what shapes and sizes stand for, too."""
        self.more.setChecked(is_shown)
        for box in self.boxes[1:]:
            box.setVisible(is_shown)
        self.adjustSize()

    def fill(self) -> None:
        """What there is to choose now; choices stay where they can."""
        for chooser, offered, usual in (
            (self.colour_by, choices(self._session), BY_CATEGORY),
            (self.shape_by, shape_choices(self._session), AS_COLOUR),
            (self.size_by, size_choices(self._session), ALIKE),
        ):
            chosen = chooser.currentData()
            if [chooser.itemData(at) for at in range(chooser.count())] == list(offered):
                continue
            chooser.blockSignals(True)
            chooser.clear()
            for name, title in offered.items():
                chooser.addItem(title, name)
            chooser.setCurrentIndex(max(chooser.findData(usual if chosen is None else chosen), 0))
            chooser.blockSignals(False)

    def marks(self) -> tuple[Colouring, NDArray[np.uint8], NDArray[np.uint8] | None]:
        """How the points look now: colours, (n,) shapes, and size steps unless alike; legends follow."""
        session, palette = self._session, Theme.now().palette
        by = [chooser.currentData() for chooser in (self.colour_by, self.shape_by, self.size_by)]
        self._ask_for_values(by)
        made = colouring(session, by[0] or BY_CATEGORY, palette)
        shape = None if by[1] in (AS_COLOUR, None) else shaping(session, by[1], palette)
        size = sizing(session, by[2] or ALIKE, palette)
        self._marks = [made, shape, size]
        for legend, name, one in zip(self.legends, by, self._marks, strict=True):
            legend.show_entries(name or "", () if one is None else one.entries, palette)
        self.show_legend(self._is_legend_wanted)
        return made, (shape or made).shapes, None if size is None else size.sizes

    def hidden(self) -> NDArray[np.bool_] | None:
        """(n,) what was hidden in a legend; None for nothing."""
        hidden: NDArray[np.bool_] | None = None
        for legend, made in zip(self.legends, self._marks, strict=True):
            off = legend.hidden
            if off and made is not None and len(made.index) == len(self._session.columns):
                rows = made.rows_of(off)
                hidden = rows if hidden is None else hidden | rows
        return hidden

    def _ask_for_values(self, names: list[str | None]) -> None:
        for name in {name for name in names if name}:
            if is_to_be_read(self._session, name):
                self.values_wanted.emit(name)

    def _on_chooser_changed(self, _index: int) -> None:
        self.changed.emit()

    def _legend(self) -> Legend:
        legend = Legend(Theme.now().palette, self)
        legend.setObjectName("floating")
        legend.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        legend.setFixedWidth(Theme.now().px(WIDTH))
        legend.hidden_changed.connect(lambda _: self.hidden_changed.emit())
        return legend

    def _more_button(self, box: QFrame) -> QToolButton:
        button = QToolButton(box)
        button.setText("⋯")
        button.setCheckable(True)
        button.setToolTip(self.tr("Shapes and sizes"))
        button.setAccessibleName(self.tr("Shapes and sizes"))
        button.clicked.connect(lambda is_on: self.show_more(is_shown=is_on))
        layout = box.layout()
        assert layout is not None
        layout.addWidget(button)
        return button
