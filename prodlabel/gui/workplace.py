"""The panes of one open project, made together and closed together.

Invariant: a workplace lives exactly as long as its project is open; the window holds at most one.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from prodlabel.core.labels import Status
from prodlabel.core.selection import RowSet
from prodlabel.gui.actions import Actions, key_text
from prodlabel.gui.aside import Aside
from prodlabel.gui.catalogue.agreement_panel import AgreementPanel
from prodlabel.gui.catalogue.gallery import Gallery
from prodlabel.gui.catalogue.history_panel import HistoryPanel
from prodlabel.gui.catalogue.inspector import Inspector
from prodlabel.gui.catalogue.side_panel import SidePanel
from prodlabel.gui.deciding import Deciding
from prodlabel.gui.librarian import Librarian
from prodlabel.gui.map.tools import Tool
from prodlabel.gui.map.view import MapView
from prodlabel.gui.map_pane import MapPane
from prodlabel.gui.messages import Messages
from prodlabel.gui.phrases import phrase
from prodlabel.gui.session import MANY, Session
from prodlabel.gui.suggestions import Clusters, Layout
from prodlabel.gui.theme import Theme
from prodlabel.project.project import Project

_GROWN_BY = 5


class Workplace(QObject):
    """Collaborators: `Session`, `Librarian` and the panes. Signals: `categories_wanted` (offer the list)."""

    categories_wanted = Signal()

    def __init__(self, project: Project, actions: Actions, messages: Messages, parent: QObject) -> None:
        super().__init__(parent)
        self._messages = messages
        self.session = Session(project, Theme.now().palette, self)
        self.librarian = Librarian(project.folder, project.sources, self)
        self.librarian.failed.connect(messages.report)
        self.session.failed.connect(messages.report)
        self._told: frozenset[str] = frozenset()
        self.session.results_changed.connect(self._tell_damaged)
        self._tell_damaged()
        self.side = SidePanel(self.session)
        self.map = MapPane(self.session, self.librarian, actions)
        self.inspector = Inspector(self.session, self.librarian)
        self.gallery = Gallery(self.session, self.librarian)
        self.inspector.coming = self.gallery.coming
        self.deciding = Deciding(self.session, messages, self.gallery.coming, self)
        self.deciding.target_changed.connect(self._show_aim)
        self.session.selection_changed.connect(self._show_aim)
        self.gallery.bar.aim_wanted.connect(lambda is_all: self.deciding.aim(is_all=is_all))
        self.history = HistoryPanel(self.session)
        self._growing = Aside("neighbours", self)
        self._growing.failed.connect(messages.report)
        self.agreement = AgreementPanel(self.session, messages)
        self._actions = actions
        self.session.products_changed.connect(lambda: self.librarian.know_sources(project.sources))
        self.session.taxonomy_changed.connect(self._show_hints)
        actions.keys_changed.connect(self._show_hints)
        self._show_hints()
        self._show_aim()
        self.inspector.relabel_wanted.connect(self.relabel_focus)
        self.map.card.apply_wanted.connect(self.apply_plan)
        self.map.card.show_left_out_wanted.connect(self.show_left_out)
        self.map.card.include_wanted.connect(self.include_left_out)

    def _tell_damaged(self) -> None:
        """Say which results could not be read, each once."""
        damaged = {str(error): error for error in self.session.computed.reading.damaged}
        for said in damaged.keys() - self._told:
            self._messages.report(damaged[said])
        self._told |= damaged.keys()

    def close(self) -> None:
        """End the reader's thread, hide the panes, close the project."""
        self.release().close()

    def release(self) -> Project:
        """The same, but the project stays open."""
        self.librarian.close()
        self.gallery.close()
        self.agreement.close()
        self._growing.close()
        for pane in (self.side, self.map, self.inspector, self.gallery, self.history, self.agreement):
            pane.hide()
            pane.deleteLater()
        return self.session.release()

    def handlers(self) -> dict[str, Callable[[], object]]:
        """What the actions that need a project do here."""
        maps, session = self.map, self.session
        return {
            "undo": self.undo,
            "redo": self.redo,
            "clear": self.clear,
            "select_all": lambda: session.select_rows(np.flatnonzero(~maps.hidden)),
            "invert_selection": lambda: session.selection.invert(RowSet(~maps.hidden)),
            "select_category": self.select_category,
            "select_cluster": self.select_cluster,
            "select_neighbours": self.grow_selection,
            "toggle_selected": self.toggle_selected,
            "select_marked": self.gallery.select_marked,
            "apply_plan": self.apply_plan,
            "accept": self.deciding.accept,
            "reject": lambda: self.deciding.mark(Status.REJECTED),
            "flag": lambda: self.deciding.mark(Status.FLAGGED),
            "toggle_aim": self.deciding.toggle_aim,
            "toggle_tick": lambda: session.toggle_in_plan(session.focus),
            "take_out": self.gallery.take_out,
            "next_product": lambda: self.gallery.step(1),
            "previous_product": lambda: self.gallery.step(-1),
            "tool_pan": lambda: maps.use_tool(Tool.PAN),
            "tool_lasso": lambda: maps.use_tool(Tool.LASSO),
            "tool_box": lambda: maps.use_tool(Tool.BOX),
            "tool_brush": lambda: maps.use_tool(Tool.BRUSH),
            "zoom_in": lambda: maps.view.zoom_by(1.3),
            "zoom_out": lambda: maps.view.zoom_by(1 / 1.3),
            "toggle_table": lambda: self.gallery.show_table(not self.gallery.is_table),
            "show_tour": self.map.tour.begin,
            "fit_all": self._in_map(MapView.fit_all),
            "fit_selection": self._in_map(MapView.fit_selection),
            "view_back": self._in_map(MapView.go_back),
            "view_forward": self._in_map(MapView.go_forward),
            "split_map": maps.split,
            "lay_out_tsne": lambda: maps.active.method_wanted.emit("t-SNE"),
            "lay_out_umap": lambda: maps.active.method_wanted.emit("umap"),
            "lay_out_pca": lambda: maps.active.method_wanted.emit("pca"),
            **{f"category_{digit}": self._digit_handler(digit) for digit in "1234567890"},
        }

    def _in_map(self, act: Callable[[MapView], object]) -> Callable[[], object]:
        """What an action does in the map that somebody works in."""
        return lambda: act(self.map.view)

    def propose(self, category_id: int) -> None:
        """Show what relabelling the selection to a category would do."""
        self.session.propose(category_id)

    def apply_plan(self) -> None:
        with self._messages.guard():
            self.session.apply_plan()

    def undo(self) -> None:
        with self._messages.guard():
            text = self.session.undo()
            self.librarian.forget_thumbnails()
            said = self.tr("There is nothing to undo.") if text is None else self.tr("Undone: {0}")
            self._messages.inform(said.format(phrase(text or "")))

    def redo(self) -> None:
        with self._messages.guard():
            text = self.session.redo()
            self.librarian.forget_thumbnails()
            said = self.tr("There is nothing to redo.") if text is None else self.tr("Done again: {0}")
            self._messages.inform(said.format(phrase(text or "")))

    def clear(self) -> None:
        """Drop the proposal; without one, close the tour; without that, drop the selection."""
        if self.session.plan is not None or self.session.change is not None:
            self.session.drop_plan()
        elif self.map.tour.isVisible():
            self.map.tour.end()
        else:
            self.session.selection.clear()

    def relabel_focus(self, category_id: int) -> None:
        """A suggestion was pressed: propose it for the product looked at alone."""
        row = self.session.row_of(self.session.focus)
        if row is not None:
            self.session.select_rows(np.array([row]))
            self.propose(category_id)

    def show_left_out(self) -> None:
        """Select those that the plan leaves out, to look at them."""
        plan = self.session.plan
        if plan is not None:
            self.session.select_rows(plan.left_out)

    def include_left_out(self) -> None:
        self.session.take_all_in()

    def toggle_selected(self) -> None:
        """Put the product looked at into the selection, or take it out."""
        row = self.session.row_of(self.session.focus)
        if row is not None:
            mask = self.session.selection.rows.mask.copy()
            mask[row] = not mask[row]
            self.session.select_rows(np.flatnonzero(mask))

    def select_category(self) -> None:
        row = self.session.row_of(self.session.focus)
        if row is not None:
            category = int(self.session.columns.category[row])
            self.session.select_rows(
                np.flatnonzero((self.session.columns.category == category) & ~self.map.hidden)
            )

    def select_cluster(self) -> None:
        row, clusters = self.session.row_of(self.session.focus), self._clusters()
        if row is None or clusters is None:
            return
        cluster = int(clusters.cluster[row])
        if cluster < 0:
            self._messages.inform(self.tr("This product belongs to no cluster."))
        else:
            self.session.select_rows(np.flatnonzero((clusters.cluster == cluster) & ~self.map.hidden))

    def _layout(self) -> Layout | None:
        """The layout of the map that somebody works in."""
        computed = self.session.computed
        return computed.layouts.get(self.map.active.shown) or computed.layout

    def _clusters(self) -> Clusters | None:
        """The clusters of the map that somebody works in."""
        return self.session.computed.clusters_of(self.map.active.shown)

    def grow_selection(self) -> None:
        """Add the nearest products on the map to what is selected."""
        session, layout, before = self.session, self._layout(), self.session.selection.rows
        if layout is None or not before.count:
            return
        ids, xy, shown = session.columns.product_id, layout.xy, ~self.map.hidden

        def take(grown: NDArray[np.int64]) -> None:
            if session.selection.rows is before:
                session.select_rows(session.columns.rows_here(grown))

        if len(ids) > MANY:
            self._growing.ask(lambda: ids[with_neighbours(xy, shown, before.rows)], take)
        else:
            take(ids[with_neighbours(xy, shown, before.rows)])

    def _digit_handler(self, digit: str) -> Callable[[], None]:
        def press() -> None:
            category = self.session.styles.with_digit(digit)
            if category is not None:
                self.deciding.give(category)

        return press

    def _show_hints(self) -> None:
        """The keys that matter now, as they are set."""
        names = (
            ("accept", self.tr("accept")),
            ("reject", self.tr("reject")),
            ("next_product", self.tr("skip")),
        )
        keys = [(key_text(self._actions[name]), meaning) for name, meaning in names]
        more = (key_text(self._actions["shortcuts"]), self.tr("all keys"))
        self.gallery.bar.hint([*keys, (self._digits(), self.tr("category")), more])

    def _digits(self) -> str:
        count = min(len(self.session.styles.main), 10)
        return "1" if count < 2 else f"1–{count}" if count < 10 else "0–9"

    def _show_aim(self) -> None:
        count = self.session.selection.rows.count
        self.gallery.bar.show_aim(is_all=self.deciding.is_all, count=count)


def with_neighbours(
    xy: NDArray[np.float32], shown: NDArray[np.bool_], selected: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The selected rows and the few of the `shown` ones that are nearest to each on the map; `xy` (n, 2)."""
    from scipy.spatial import cKDTree

    has_place = np.asarray(np.isfinite(xy).all(axis=1))
    placed, centres = np.flatnonzero(has_place & shown), xy[selected[has_place[selected]]]
    if not len(centres) or not len(placed):
        return selected
    _, near = cKDTree(xy[placed]).query(centres, k=min(_GROWN_BY + 1, len(placed)))
    return np.union1d(selected, placed[np.unique(near)])
