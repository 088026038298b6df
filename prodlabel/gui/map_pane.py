"""The map with what floats over it: tools at the left, `colour by` at the right, the relabel card below.

Invariant: what the map shows comes from the session alone; picking goes through the session's selection.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from prodlabel.gui.actions import Actions, key_text
from prodlabel.gui.catalogue.relabel_card import RelabelCard
from prodlabel.gui.colouring import BY_CATEGORY, Colouring, choices, colouring
from prodlabel.gui.hover_card import HoverCard
from prodlabel.gui.labels import toned
from prodlabel.gui.librarian import Librarian
from prodlabel.gui.map.labels import cluster_labels
from prodlabel.gui.map.legend import Legend
from prodlabel.gui.map.tools import Tool
from prodlabel.gui.map.view import MapView
from prodlabel.gui.session import Session
from prodlabel.gui.suggestions import Layout
from prodlabel.gui.theme import Theme
from prodlabel.gui.tour import Tour

_TOOLS = (
    ("tool_pan", Tool.PAN, "✥"),
    ("tool_lasso", Tool.LASSO, "◌"),
    ("tool_box", Tool.BOX, "▭"),
    ("tool_brush", Tool.BRUSH, "◍"),
)


class MapPane(QWidget):
    """Collaborators: `Session`, `Librarian`, `MapView`. Signals: `map_wanted` when a map shall be
    made, `import_wanted` when products shall come in.
    """

    map_wanted = Signal()
    import_wanted = Signal()

    def __init__(
        self, session: Session, librarian: Librarian, actions: Actions, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._librarian = session, librarian
        self._drawn_ids: NDArray[np.int64] = np.empty(0, dtype=np.int64)
        self._layout_name = ""
        self.view = MapView(Theme.now().palette, session.selection, self)
        self.view.installEventFilter(self)
        self.card = RelabelCard(session, self)
        self.hover = HoverCard(session, librarian, self)
        self.tools = self._tool_column(actions)
        self.colour_by, self.layout_by = QComboBox(self), QComboBox(self)
        self.colour_box = self._choice_box(self.tr("Colour by"), self.colour_by, 226)
        self.layout_box = self._choice_box(self.tr("Map of"), self.layout_by, 236)
        self._is_legend_wanted = True
        self.tour = Tour(actions, self)
        self.card.moved.connect(lambda: self.tour.place(self.card))
        self._colouring: Colouring | None = None
        self.legend = Legend(Theme.now().palette, self)
        self.legend.setObjectName("floating")
        self.legend.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.legend.hidden_changed.connect(lambda _: self._hide_points())
        self.empty = self._empty_state()
        self._connect()
        self.refresh()

    def refresh(self) -> None:
        """Show the session's layout as it is now."""
        layout = self._layout()
        self._show_state(has_map=layout is not None)
        self._fill_colour_by()
        self._fill_layouts()
        if layout is None:
            self._drawn_ids = np.empty(0, dtype=np.int64)
            return
        x, y = layout.xy[:, 0], layout.xy[:, 1]
        ids = self._session.columns.product_id
        if np.array_equal(ids, self._drawn_ids):
            self.view.set_layout(x, y)
        else:
            self._drawn_ids = ids
            self.view.set_points(x, y)
        self.recolour()
        clusters = self._session.computed.clusters_of(layout.name)
        if clusters is not None:
            self.view.set_labels(cluster_labels(x, y, clusters.cluster, clusters.names))
        self.view.set_pictures(self._picture_of_row)

    def show_partial(self, xy: NDArray[np.float32]) -> None:
        """How far a layout has come that is still being made: (n, 2), in the order of the columns."""
        if len(xy) != len(self._session.columns):
            return
        if self.view.points.size != len(xy):
            self.view.set_points(xy[:, 0], xy[:, 1])
            self._drawn_ids = self._session.columns.product_id
            self._show_state(has_map=True)
            self.recolour()
        else:
            self.view.set_layout(xy[:, 0], xy[:, 1])

    def _show_state(self, *, has_map: bool) -> None:
        """The map with its tools, or what to do for one."""
        for widget in (self.view, self.tools, self.colour_box):
            widget.setVisible(has_map)
        self.legend.setVisible(has_map and self._is_legend_wanted)
        self.layout_box.setVisible(has_map and self.layout_by.count() > 1)
        self.empty.setVisible(not has_map)
        is_empty = not len(self._session.columns)
        self._empty_title.setText(self.tr("No products yet") if is_empty else self.tr("No map yet"))
        self._empty_text.setText(
            self.tr("Import a table or a folder of pictures: Ctrl+I, or drop it here.")
            if is_empty
            else self.tr("Texts and pictures are read once; then every product has its place.")
        )
        self._empty_button.setText(self.tr("Import products") if is_empty else self.tr("Make the map"))

    def recolour(self) -> None:
        if self.view.points.size != len(self._session.columns):
            return
        palette = Theme.now().palette
        by = self.colour_by.currentData() or BY_CATEGORY
        made = self._colouring = colouring(self._session, by, palette)
        self.view.set_theme(palette, made.colours)
        self.view.set_colours(made.index, made.colours, made.shapes)
        self.legend.show_entries(by, made.entries, palette)
        self._place_legend()
        self._hide_points()

    def show_legend(self, is_wanted: bool) -> None:
        """With the legend or without it; what was hidden in it stays hidden."""
        self._is_legend_wanted = is_wanted
        self.legend.setVisible(is_wanted and not self.view.isHidden())

    def use_tool(self, tool: Tool) -> None:
        self.view.set_tool(tool)

    def _picture_of_row(self, row: int, _side_px: int) -> QPixmap | None:
        ids = self._session.columns.product_id
        return self._librarian.pixmap(int(ids[row])) if row < len(ids) else None

    def _fill_colour_by(self) -> None:
        """What there is to colour by; the choice stays where it can."""
        chosen = self.colour_by.currentData()
        self.colour_by.blockSignals(True)
        self.colour_by.clear()
        for name, title in choices(self._session).items():
            self.colour_by.addItem(title, name)
        self.colour_by.setCurrentIndex(max(self.colour_by.findData(chosen), 0))
        self.colour_by.blockSignals(False)

    def _layout(self) -> Layout | None:
        """The layout that was chosen, or the usual one."""
        computed = self._session.computed
        return computed.layouts.get(self.layout_by.currentData() or "") or computed.layout

    def _fill_layouts(self) -> None:
        """The maps of the project; with one there is nothing to choose."""
        titles = {
            "fused": self.tr("Text and picture"),
            "text": self.tr("Text"),
            "picture": self.tr("Picture"),
        }
        shown = self._layout()
        self.layout_by.blockSignals(True)
        self.layout_by.clear()
        names = sorted(self._session.computed.layouts, key=lambda name: [*titles, name].index(name))
        for name in names:
            self.layout_by.addItem(titles.get(name, name), name)
        self.layout_by.setCurrentIndex(max(self.layout_by.findData(shown.name if shown else ""), 0))
        self.layout_by.blockSignals(False)
        self.layout_box.setVisible(len(names) > 1)

    def _connect(self) -> None:
        session, view = self._session, self.view
        session.products_changed.connect(self.refresh)
        session.results_changed.connect(self.refresh)
        session.labels_changed.connect(self.recolour)
        session.taxonomy_changed.connect(self.recolour)
        session.filter_changed.connect(self._on_filter_changed)
        session.focus_changed.connect(self._on_focus_changed)
        view.activated.connect(self._on_map_activated)
        view.hovered.connect(self._on_map_hovered)
        view.tool_changed.connect(self._on_tool_changed)
        view.camera_changed.connect(self.hover.hide)
        self.colour_by.currentIndexChanged.connect(lambda _: self.recolour())
        self.layout_by.currentIndexChanged.connect(lambda _: self.refresh())
        self._librarian.thumbnails_arrived.connect(lambda _ids: view.refresh_pictures())

    def _tool_column(self, actions: Actions) -> QFrame:
        column = QFrame(self)
        column.setObjectName("floating")
        layout = QVBoxLayout(column)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self._tool_buttons: dict[Tool, QToolButton] = {}
        for name, tool, sign in _TOOLS:
            button = self._tool_button(actions, name, sign)
            button.setCheckable(True)
            button.setChecked(tool is self.view.tool)
            button.clicked.connect(lambda *_, tool=tool: self.use_tool(tool))
            self._tool_buttons[tool] = button
            layout.addWidget(button)
        for name, sign in (("fit_selection", "⊕"), ("fit_all", "⤢")):
            button = self._tool_button(actions, name, sign)
            button.clicked.connect(actions[name].trigger)
            layout.addWidget(button)
        return column

    def _tool_button(self, actions: Actions, name: str, sign: str) -> QToolButton:
        button, side = QToolButton(self), Theme.now().px(34)
        button.setText(sign)
        button.setFixedSize(side, side)
        button.setFont(Theme.now().font(15))
        button.setToolTip(f"{actions[name].text()}  {key_text(actions[name])}")
        button.setAccessibleName(actions[name].text())
        return button

    def _choice_box(self, title: str, choice: QComboBox, width: int) -> QFrame:
        box, theme = QFrame(self), Theme.now()
        box.setObjectName("floating")
        layout = QHBoxLayout(box)
        layout.setContentsMargins(theme.px(12), theme.px(1), theme.px(10), theme.px(1))
        layout.addWidget(toned(title, "dim"))
        layout.addStretch(1)
        layout.addWidget(choice, 0, Qt.AlignmentFlag.AlignRight)
        layout.addWidget(toned("▾", "dim"))
        choice.setAccessibleName(title)
        choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        box.setFixedWidth(theme.px(width))
        return box

    def _empty_state(self) -> QWidget:
        """A project without a map says what to do next."""
        box = QWidget(self)
        layout = QVBoxLayout(box)
        layout.addStretch(1)
        self._empty_title, self._empty_text = toned("", "title"), toned("", "dim")
        self._empty_button = QPushButton()
        self._empty_button.setProperty("primary", "true")
        self._empty_button.clicked.connect(self._on_empty_clicked)
        for widget in (self._empty_title, self._empty_text, self._empty_button):
            layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)
        return box

    def _on_filter_changed(self) -> None:
        self._hide_points()

    def _hide_points(self) -> None:
        """What the filter leaves out, and what was hidden in the legend."""
        hidden = ~self._session.visible
        if len(hidden) != self.view.points.size:
            return
        off = self.legend.hidden
        if off and self._colouring is not None and len(self._colouring.index) == len(hidden):
            hidden |= self._colouring.rows_of(off)
        self.view.set_hidden(hidden)

    def _on_focus_changed(self, product_id: int) -> None:
        row = self._session.row_of(product_id)
        if row is not None and row < self.view.points.size:
            self._session.selection.point_at(row)

    def _on_empty_clicked(self) -> None:
        (self.map_wanted if len(self._session.columns) else self.import_wanted).emit()

    def _on_map_activated(self, row: int) -> None:
        self._session.look_at(int(self._session.columns.product_id[row]))

    def _on_map_hovered(self, row: int) -> None:
        at = self.view.pixel_of(row) if 0 <= row < self.view.points.size else None
        if at is None:
            self.hover.hide()
        else:
            self.hover.show_product(int(self._session.columns.product_id[row]), *at)

    def _on_tool_changed(self, tool: Tool) -> None:
        for known, button in self._tool_buttons.items():
            button.setChecked(known is tool)

    def _place_legend(self) -> None:
        gap = Theme.now().px(14)
        self.legend.setFixedSize(self.colour_box.width(), self.legend.sizeHint().height())
        self.legend.move(self.colour_box.x(), self.colour_box.geometry().bottom() + gap // 2)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Space drags the map while the map has the keyboard; elsewhere it is the key for the next product.
        is_asking = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if watched is self.view and is_asking and event.key() == Qt.Key.Key_Space:  # type: ignore[attr-defined]
            event.accept()
            return True
        return super().eventFilter(watched, event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        gap = Theme.now().px(14)
        self.view.setGeometry(self.rect())
        self.empty.setGeometry(self.rect())
        self.tools.move(gap, gap)
        self.tools.adjustSize()
        self.colour_box.adjustSize()
        self.colour_box.move(self.width() - self.colour_box.width() - gap, gap)
        self.layout_box.adjustSize()
        self.layout_box.move(self.colour_box.x() - self.layout_box.width() - gap // 2, gap)
        self._place_legend()
        if self.card.isVisible():
            self.card.place()
        self.tour.place(self.card)
