"""The maps with what floats over them: tools left, what the marks mean right, the relabel card below.

One map, or several side by side with one selection, one product pointed at, one colouring and one filter.
Invariant: what the maps show comes from the session alone; picking goes through the session's selection.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QPushButton, QSplitter, QToolButton, QVBoxLayout, QWidget
from typing_extensions import override

from prodlabel.gui.actions import Actions, key_text
from prodlabel.gui.catalogue.relabel_card import RelabelCard
from prodlabel.gui.labels import toned
from prodlabel.gui.layout_choice import TITLES, LayoutChoice
from prodlabel.gui.librarian import Librarian
from prodlabel.gui.look_panel import LookPanel
from prodlabel.gui.map.points import Placing
from prodlabel.gui.map.tools import Tool
from prodlabel.gui.map.view import MapView
from prodlabel.gui.map_sheet import MapSheet
from prodlabel.gui.session import Session
from prodlabel.gui.suggestions import Layout
from prodlabel.gui.tasks import Task
from prodlabel.gui.theme import Theme
from prodlabel.gui.tour import Tour
from prodlabel.gui.work_line import WorkLine
from prodlabel.operations.layout import TSNE

MOST_SHEETS = 3

_TOOLS = (
    ("tool_pan", Tool.PAN, "✥"),
    ("tool_lasso", Tool.LASSO, "◌"),
    ("tool_box", Tool.BOX, "▭"),
    ("tool_brush", Tool.BRUSH, "◍"),
)


class MapPane(QWidget):
    """Collaborators: `Session`, `MapSheet`, `LookPanel`. Signals: `map_wanted` when a map shall be made,
    `layout_wanted` with the name of one that is not there yet, `method_wanted` with the name of one and how
    it shall be laid out ("" before there is one), `import_wanted` when products shall come in,
    `values_wanted` with what shall be read to be shown, `sheets_changed` with the names of the maps.
    """

    map_wanted = Signal()
    layout_wanted = Signal(str)
    method_wanted = Signal(str, str)
    import_wanted = Signal()
    values_wanted = Signal(str)
    sheets_changed = Signal(list)

    def __init__(
        self, session: Session, librarian: Librarian, actions: Actions, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._librarian, self._actions = session, librarian, actions
        self.ground = QSplitter(Qt.Orientation.Horizontal, self)
        self.ground.setChildrenCollapsible(False)
        self.ground.setHandleWidth(3)
        self.ground.splitterMoved.connect(lambda *_: self._arrange())
        self.sheets: list[MapSheet] = []
        self._tool = Tool.PAN
        self.is_still = False
        self.active = self._add_sheet("")
        self.card = RelabelCard(session, self)
        self.tools = self._tool_column(actions)
        self.look = LookPanel(session, self)
        self.tour = Tour(actions, self)
        self.card.moved.connect(lambda: self.tour.place(self.card))
        self._under_way = ""
        self.empty = self._empty_state()
        self._connect()
        self.refresh()

    @property
    def view(self) -> MapView:
        """The map that somebody works in."""
        return self.active.view

    def refresh(self) -> None:
        """Show the session's layouts as they are now."""
        if self._session.is_reading and self._session.computed.layout is None and self.active.count:
            return  # what is drawn stays until what takes its place was read
        has_map = self._session.computed.layout is not None
        self._show_state(has_map=has_map)
        self.look.fill()
        for sheet in self.sheets:
            layout = self._layout_of(sheet)
            sheet.offer(self._titles(), sheet.wanted or (layout.name if layout else ""))
            if layout is None:
                sheet.forget()
            else:
                sheet.show_layout(layout, self._session.columns.product_id)
        if has_map:
            self.recolour()
        self._arrange()

    def show_partial(self, placing: Placing) -> None:
        """How far a layout has come that is still being made, in the order of the columns."""
        if len(placing) != len(self._session.columns):
            return
        was_there = self.sheets[0].count == len(placing)
        for sheet in self.sheets:
            sheet.show_partial(placing, self._session.columns.product_id)
        if not was_there:
            self._show_state(has_map=True)
            self.recolour()

    def split(self, names: Sequence[str] | None = None) -> None:
        """Show these maps side by side; without names one more than now, or, where all are shown, one."""
        if names is None:
            shown = [sheet.wanted or sheet.shown for sheet in self.sheets]
            free = [name for name in self._titles() if name not in shown]
            is_full = len(shown) >= MOST_SHEETS or not free
            names = shown[:1] if is_full else [*shown, free[0]]
        wanted = list(names)[:MOST_SHEETS] or [""]
        while len(self.sheets) > len(wanted):
            self._drop_sheet(self.sheets[-1])
        for sheet, name in zip(self.sheets, wanted, strict=False):
            sheet.wanted = name
        for name in wanted[len(self.sheets) :]:
            self._add_sheet(name).follow(self.sheets[0])
        self.refresh()
        self._want_missing(wanted)
        self._tell_sheets()

    def _add_sheet(self, name: str) -> MapSheet:
        sheet = MapSheet(self._session, self._librarian)
        sheet.wanted = name
        sheet.view.set_tool(self._tool)
        sheet.view.reduced_motion = self.is_still
        sheet.view.tool_changed.connect(self._on_tool_changed)
        sheet.entered.connect(lambda: self._activate(sheet))
        sheet.layout_wanted.connect(lambda wanted: self._choose(sheet, wanted))
        sheet.method_wanted.connect(lambda method: self.method_wanted.emit(sheet.shown, method))
        sheet.close_wanted.connect(lambda: self._close(sheet))
        self.sheets.append(sheet)
        self.ground.addWidget(sheet)
        self.ground.setSizes([self.width() // len(self.sheets)] * len(self.sheets))
        sheet.show()
        return sheet

    def _drop_sheet(self, sheet: MapSheet) -> None:
        self.sheets.remove(sheet)
        if self.active is sheet:
            self.active = self.sheets[0]
        sheet.view.selection.disconnect(sheet.view)
        sheet.hide()
        sheet.setParent(None)
        sheet.deleteLater()

    def _close(self, sheet: MapSheet) -> None:
        if len(self.sheets) > 1:
            self._drop_sheet(sheet)
            self._arrange()
            self._tell_sheets()
            self.view.setFocus()

    def _choose(self, sheet: MapSheet, name: str) -> None:
        sheet.wanted = name
        self.refresh()
        self._want_missing([name])
        self._tell_sheets()

    def _activate(self, sheet: MapSheet) -> None:
        self.active = sheet

    def _tell_sheets(self) -> None:
        self.sheets_changed.emit([sheet.wanted or sheet.shown for sheet in self.sheets])

    def _want_missing(self, names: Sequence[str]) -> None:
        """Ask for maps that were chosen and are not made yet."""
        for name in names:
            if name and name not in self._session.computed.layouts and not self._session.is_reading:
                self.layout_wanted.emit(name)

    def _layout_of(self, sheet: MapSheet) -> Layout | None:
        """The layout that was chosen, or the usual one while it is not there."""
        computed = self._session.computed
        return computed.layouts.get(sheet.wanted) or computed.layout

    def _titles(self) -> dict[str, str]:
        """The maps of the project, and those that could be made of it."""
        titles = {
            "fused": self.tr("Text and picture"),
            "text": self.tr("Text"),
            "picture": self.tr("Picture"),
        }
        there = self._session.computed.layouts
        for name, layout in there.items():
            if layout.method in TITLES and layout.method != TSNE:
                titles[name] = f"{titles.get(name, name)} · {TITLES[layout.method]}"
        if not self._session.columns.has_picture.any():
            # Without pictures all maps are the same one.
            return {name: titles.get(name, name) for name in there}
        offered = {
            name: title if name in there else self.tr("{0} (to be made)").format(title)
            for name, title in titles.items()
        }
        return offered | {name: titles.get(name, name) for name in there if name not in offered}

    def _show_state(self, *, has_map: bool) -> None:
        """The maps with their tools, or what to do for one."""
        for widget in (self.ground, self.tools, self.look):
            widget.setVisible(has_map)
        self.empty.setVisible(not has_map)
        is_empty = not len(self._session.columns)
        missing = self.tr("No products yet") if is_empty else self.tr("No map yet")
        self._empty_title.setText(self._under_way or missing)
        self._empty_text.setVisible(not self._under_way)
        self._empty_button.setVisible(not self._under_way)
        self.method.setVisible(not is_empty and not self._under_way)
        self._empty_text.setText(
            self.tr("Import a table or a folder of pictures: Ctrl+I, or drop it here.")
            if is_empty
            else self.tr("Texts and pictures are read once; then every product has its place.")
        )
        self._empty_button.setText(self.tr("Import products") if is_empty else self.tr("Make the map"))

    def show_work(self, task: Task | None) -> None:
        """What is under way, where there is no map yet: nobody shall ask for it twice."""
        self._work.show_task(task)
        self._under_way = "" if task is None else task.title
        if self.empty.isVisibleTo(self):
            self._show_state(has_map=False)

    def recolour(self) -> None:
        """Colours, shapes and sizes as they are now, and the legends of them."""
        if all(sheet.count != len(self._session.columns) for sheet in self.sheets):
            return
        made, shapes, sizes = self.look.marks()
        for sheet in self.sheets:
            if sheet.count == len(made.index):
                sheet.paint_as(made, shapes, sizes)
        self._hide_points()
        self._arrange()

    def show_legend(self, is_wanted: bool) -> None:
        """With the legend or without it; what was hidden in it stays hidden."""
        self.look.show_legend(is_wanted)
        self._arrange()

    def keep_still(self, is_still: bool) -> None:
        """Whether things jump where they would travel."""
        self.is_still = is_still
        self.card.moves = not is_still
        for sheet in self.sheets:
            sheet.view.reduced_motion = is_still

    def use_tool(self, tool: Tool) -> None:
        self.view.set_tool(tool)

    def _connect(self) -> None:
        session, turns = self._session, self._session.turns
        for signal in (session.products_changed, session.results_changed):
            signal.connect(lambda: turns.ask(self, self.refresh))
        for signal in (session.labels_changed, session.taxonomy_changed):
            signal.connect(lambda: turns.ask(self, self.recolour))
        session.filter_changed.connect(lambda: turns.ask(self, self._hide_points))
        session.focus_changed.connect(self._on_focus_changed)
        session.facet_read.connect(lambda _name: turns.ask(self, self.recolour))
        self.look.changed.connect(self.recolour)
        self.look.hidden_changed.connect(self._hide_points)
        self.look.values_wanted.connect(self.values_wanted)

    def _tool_column(self, actions: Actions) -> QFrame:
        column = QFrame(self)
        column.setObjectName("floating")
        layout = QVBoxLayout(column)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self._tool_buttons: dict[Tool, QToolButton] = {}
        self._buttons: dict[str, QToolButton] = {}
        for name, tool, sign in _TOOLS:
            button = self._tool_button(actions, name, sign)
            button.setCheckable(True)
            button.setChecked(tool is self._tool)
            button.clicked.connect(lambda *_, tool=tool: self.use_tool(tool))
            self._tool_buttons[tool] = button
            layout.addWidget(button)
        for name, sign in (("fit_selection", "⊕"), ("fit_all", "⤢")):
            button = self._tool_button(actions, name, sign)
            button.clicked.connect(actions[name].trigger)
            layout.addWidget(button)
        self._show_keys()
        actions.keys_changed.connect(self._show_keys)
        return column

    def _tool_button(self, actions: Actions, name: str, sign: str) -> QToolButton:
        button, side = QToolButton(self), Theme.now().px(34)
        button.setText(sign)
        button.setFixedSize(side, side)
        button.setFont(Theme.now().font(15))
        button.setAccessibleName(actions[name].text())
        self._buttons[name] = button
        return button

    def _show_keys(self) -> None:
        """The keys of the tools, as they are set."""
        for name, button in self._buttons.items():
            button.setToolTip(f"{self._actions[name].text()}  {key_text(self._actions[name])}")

    def _empty_state(self) -> QWidget:
        """A project without a map says what to do next."""
        box = QWidget(self)
        layout = QVBoxLayout(box)
        layout.addStretch(1)
        self._empty_title, self._empty_text = toned("", "title"), toned("", "dim")
        self._empty_button = QPushButton()
        self._empty_button.setProperty("primary", "true")
        self._empty_button.clicked.connect(self._on_empty_clicked)
        self.method = LayoutChoice(box)
        self.method.chosen.connect(self._on_first_method_chosen)
        self._work = WorkLine(box)
        self._work.centre()
        below = (self._empty_button, self.method, self._work)
        for widget in (self._empty_title, self._empty_text, *below):
            layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)
        return box

    @property
    def hidden(self) -> NDArray[np.bool_]:
        """(n,) what the filter leaves out, and what was hidden in the legend."""
        hidden = ~self._session.visible
        off = self.look.hidden()
        if off is not None and len(off) == len(hidden):
            hidden |= off
        return hidden

    def _hide_points(self) -> None:
        hidden = self.hidden
        for sheet in self.sheets:
            if sheet.count == len(hidden):
                sheet.view.set_hidden(hidden)

    def _on_focus_changed(self, product_id: int) -> None:
        row = self._session.row_of(product_id)
        if row is not None and row < self.active.count:
            self._session.selection.point_at(row)

    def _on_empty_clicked(self) -> None:
        (self.map_wanted if len(self._session.columns) else self.import_wanted).emit()

    def _on_first_method_chosen(self, method: str) -> None:
        self.method.show_method(method)
        self.method_wanted.emit("", method)

    def _on_tool_changed(self, tool: Tool) -> None:
        self._tool = tool
        for known, button in self._tool_buttons.items():
            button.setChecked(known is tool)
        for sheet in self.sheets:
            sheet.view.set_tool(tool)

    def _arrange(self) -> None:
        """Choosers, tools and legends at their places over the maps."""
        gap = Theme.now().px(14)
        self.tools.move(gap, gap)
        self.tools.adjustSize()
        is_alone = len(self.sheets) == 1
        for sheet in self.sheets:
            left = gap if sheet is not self.sheets[0] else self.tools.geometry().right() + gap // 2
            right = self.width() - self.look.width() - gap - gap // 2
            sheet.arrange(left, is_alone=is_alone, right=right)
        self._place_look()
        right = self.look.width() + gap if self.look.legend.isVisibleTo(self) else 0
        for sheet in self.sheets:
            is_first, is_last = sheet is self.sheets[0], sheet is self.sheets[-1]
            sheet.view.set_insets(self.tools.width() + gap if is_first else 0, right if is_last else 0)
            over = (self.tools, self.look, sheet.box)
            sheet.view.keep_clear([_over(sheet.view, one) for one in over if one.isVisibleTo(self)])
        for floating in (self.tools, self.look, self.card, self.tour):
            floating.raise_()

    def _place_look(self) -> None:
        """At the right; one line lower where the last map is too narrow for its chooser beside it."""
        gap, last = Theme.now().px(14), self.sheets[-1]
        self.look.adjustSize()
        left = self.width() - self.look.width() - gap
        taken = last.mapTo(self, last.box.geometry().topRight()).x() if len(self.sheets) > 1 else 0
        self.look.move(left, gap if taken + gap // 2 < left else last.box.geometry().bottom() + gap // 2)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.ground.setGeometry(self.rect())
        self.empty.setGeometry(self.rect())
        self._arrange()
        if self.card.isVisible():
            self.card.place()
        self.tour.place(self.card)


def _over(view: QWidget, floating: QWidget) -> QRectF:
    """Where something that floats lies in the coordinates of a map."""
    return QRectF(QRect(view.mapFromGlobal(floating.mapToGlobal(QPoint())), floating.size()))
