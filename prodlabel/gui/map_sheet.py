"""One map of the project with its chooser: which layout it shows. Several lie side by side in the map's pane.

Invariant: a sheet shows what its pane tells it; selection and the product pointed at are shared by all.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QToolButton, QWidget
from typing_extensions import override

from prodlabel.gui.colouring import Colouring
from prodlabel.gui.hover_card import HoverCard
from prodlabel.gui.labels import toned
from prodlabel.gui.layout_choice import LayoutChoice
from prodlabel.gui.librarian import Librarian
from prodlabel.gui.map.points import Placing
from prodlabel.gui.map.view import MapView
from prodlabel.gui.session import Session
from prodlabel.gui.suggestions import Layout
from prodlabel.gui.theme import Theme

USUAL_MAP = "fused"
"""The map of a project that is shown where no other was chosen, and that is seen while it is made."""


class MapSheet(QWidget):
    """Collaborators: `Session`, `Librarian`, `MapView`.

    Signals: `layout_wanted` with the name that was chosen; `method_wanted` when the map shall be laid out in
    another way; `close_wanted`; `entered` when somebody begins to work in this map.
    """

    layout_wanted = Signal(str)
    method_wanted = Signal(str)
    close_wanted = Signal()
    entered = Signal()

    def __init__(self, session: Session, librarian: Librarian, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._librarian = session, librarian
        self.wanted = self.shown = ""
        self._layout: Layout | None = None
        self._placing: Placing | None = None
        self._drawn_ids: NDArray[np.int64] = np.empty(0, dtype=np.int64)
        self.view = MapView(Theme.now().palette, session.selection, self)
        self.view.installEventFilter(self)
        self.hover = HoverCard(session, librarian, self)
        self.chooser = QComboBox(self)
        self.box = choice_box(self, self.tr("Map of"), self.chooser)
        self.close_button = QToolButton(self.box)
        self.close_button.setText("✕")
        self.close_button.setAccessibleName(self.tr("Close this map"))
        self.close_button.setToolTip(self.tr("Close this map"))
        self.close_button.clicked.connect(lambda *_: self.close_wanted.emit())
        layout = self.box.layout()
        assert layout is not None
        self.method = LayoutChoice(self.box)
        self.method.chosen.connect(self._on_method_chosen)
        layout.addWidget(self.method)
        layout.addWidget(self.close_button)
        self.close_button.hide()
        self.chooser.currentIndexChanged.connect(self._on_chooser_changed)
        self.view.activated.connect(self._on_map_activated)
        self.view.hovered.connect(self._on_map_hovered)
        self.view.camera_changed.connect(self.hover.leave)
        librarian.thumbnails_arrived.connect(self._on_thumbnails_arrived)

    @property
    def count(self) -> int:
        """How many products are drawn."""
        return self.view.points.size

    def offer(self, titles: Mapping[str, str], shown: str) -> None:
        """The maps to choose between, by name, and the one that is on."""
        self.chooser.blockSignals(True)
        self.chooser.clear()
        for name, title in titles.items():
            self.chooser.addItem(title, name)
        self.chooser.setCurrentIndex(max(self.chooser.findData(shown), 0))
        self.chooser.blockSignals(False)

    def show_layout(self, layout: Layout, ids: NDArray[np.int64]) -> None:
        """Draw this layout of the products `ids`; points that are drawn already travel to it."""
        if layout is self._layout and self._drawn_ids is ids:
            return
        self._layout, self.shown = layout, layout.name
        self.method.show_method(layout.method)
        if layout.placing is not self._placing:
            self.place(layout.placing, ids)
        self.view.set_labels(layout.labels or ())
        self.view.set_pictures(self._picture_of_row)

    def place(self, placing: Placing, ids: NDArray[np.int64]) -> None:
        """Points at these places: the same products travel, others are put there."""
        self._placing = placing
        if ids is self._drawn_ids or np.array_equal(ids, self._drawn_ids):
            self.view.travel_to(placing)
        else:
            self.view.show_placing(placing)
        self._drawn_ids = ids

    def show_partial(self, placing: Placing, ids: NDArray[np.int64]) -> None:
        """How far the usual map has come that is being made; a sheet of another one stays as it is."""
        if self.shown in ("", USUAL_MAP):
            self._layout = None  # whatever becomes of it, the layout that is kept is to be drawn again
            self.place(placing, ids)

    def follow(self, other: MapSheet) -> None:
        """Start from what another sheet shows, so that the eye can follow the points from there."""
        if other._placing is not None:
            self.place(other._placing, other._drawn_ids)

    def forget(self) -> None:
        """There is nothing to draw any more."""
        self._drawn_ids = np.empty(0, dtype=np.int64)
        self._layout = self._placing = None

    def paint_as(self, made: Colouring, shapes: NDArray[np.uint8], sizes: NDArray[np.uint8] | None) -> None:
        """Colours, shapes and size steps of the points."""
        index, colours = made.drawn
        self.view.set_theme(Theme.now().palette, colours)
        self.view.set_colours(index, colours, shapes, sizes)

    def arrange(self, left: int, *, is_alone: bool, right: int = 0) -> None:
        """Where the chooser floats: from `left` on, or, alone, at the end of the line at `right`."""
        gap = Theme.now().px(14)
        self.close_button.setVisible(not is_alone)
        self.box.setVisible(bool(self.chooser.count()))
        self.box.adjustSize()
        if is_alone:  # in a narrow window it gives way to the tools
            self.box.resize(min(self.box.width(), max(0, right - left)), self.box.height())
        self.box.move(right - self.box.width() if is_alone else left, gap)
        self.box.raise_()

    def _picture_of_row(self, row: int, _side_px: int) -> QPixmap | None:
        return self._librarian.pixmap(int(self._drawn_ids[row])) if row < len(self._drawn_ids) else None

    def _on_thumbnails_arrived(self, _ids: object) -> None:
        self.view.refresh_pictures()

    def _on_chooser_changed(self, _index: int) -> None:
        self.layout_wanted.emit(self.chooser.currentData() or "")

    def _on_method_chosen(self, method: str) -> None:
        made = self._layout.method if self._layout is not None else method
        self.method.show_method(made)  # until the map is made in another way
        if method != made:
            self.method_wanted.emit(method)

    def _on_map_activated(self, row: int) -> None:
        if row < len(self._drawn_ids):
            self._session.look_at(int(self._drawn_ids[row]))

    def _on_map_hovered(self, row: int) -> None:
        at = self.view.pixel_of(row) if 0 <= row < self.count else None
        if at is None:
            self.hover.leave()
        else:
            self.hover.show_product(int(self._drawn_ids[row]), *at)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if watched is self.view and kind in (
            QEvent.Type.FocusIn,
            QEvent.Type.MouseButtonPress,
            QEvent.Type.Wheel,
        ):
            self.entered.emit()
        # Space drags the map while the map has the keyboard; elsewhere it is the key for the next product.
        is_asking = kind == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if watched is self.view and is_asking and event.key() == Qt.Key.Key_Space:  # type: ignore[attr-defined]
            event.accept()
            return True
        return super().eventFilter(watched, event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.view.setGeometry(self.rect())


def choice_box(parent: QWidget, title: str, choice: QComboBox, width: int = 0) -> QFrame:
    """A floating line: what is chosen, and the choice; of a width (in usual pixels) or as it needs."""
    box, theme = QFrame(parent), Theme.now()
    box.setObjectName("floating")
    layout = QHBoxLayout(box)
    layout.setContentsMargins(theme.px(12), theme.px(1), theme.px(10), theme.px(1))
    layout.addWidget(toned(title, "dim"))
    if width:
        box.setFixedWidth(theme.px(width))
    layout.addWidget(choice, 1)
    layout.addWidget(toned("▾", "dim"))
    choice.setAccessibleName(title)
    # Names of attributes may be long; the list shows them whole.
    choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    choice.setMinimumContentsLength(14)
    choice.setMinimumWidth(theme.px(40))
    choice.view().setTextElideMode(Qt.TextElideMode.ElideMiddle)
    choice.view().setMinimumWidth(theme.px(220))
    return box
