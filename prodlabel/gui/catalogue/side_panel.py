"""The left panel: categories, what the products can be narrowed down by, and what is worth a look.

Invariant: it shows the session and asks the session; it keeps no state of its own but what is unfolded.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QToolButton, QVBoxLayout, QWidget

from prodlabel.gui.catalogue.facet_list import FacetPanel, LineButton
from prodlabel.gui.catalogue.taxonomy_model import TaxonomyModel
from prodlabel.gui.catalogue.taxonomy_tree import TaxonomyTree
from prodlabel.gui.filters import (
    BRAND,
    CATEGORY,
    CLUSTER,
    CURATORS,
    PICTURE,
    SOURCE,
    STATUS,
    SUGGESTED,
    SUGGESTION,
    VIEWS,
    WORTH,
    Facet,
)
from prodlabel.gui.labels import heading, plain_tip, toned
from prodlabel.gui.phrases import shown_title
from prodlabel.gui.session import Session
from prodlabel.gui.theme import ROW_PX, Theme
from prodlabel.gui.typing_edit import TypingEdit

_SHOWN_FACETS = (STATUS, SUGGESTION, SUGGESTED, VIEWS, BRAND, CLUSTER, SOURCE, PICTURE, CURATORS)


class SidePanel(QWidget):
    """Signals: `category_menu_wanted` with (category id, global position), `move_wanted` with (category id,
    new parent or 0 for the top), `rename_wanted` with a category id, `new_category_wanted`.
    """

    move_wanted = Signal(int, int)
    rename_wanted = Signal(int)
    category_menu_wanted = Signal(int, QPoint)
    new_category_wanted = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("side")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session = session
        self.model = TaxonomyModel(session.taxonomy, session.columns, session.styles)
        self.tree = TaxonomyTree(self.model, self)
        self.tree.chosen.connect(self._on_category_chosen)
        self.tree.menu_wanted.connect(self.category_menu_wanted)
        self.tree.rename_wanted.connect(self.rename_wanted)
        self.model.move_wanted.connect(self.move_wanted)
        self.setMinimumWidth(Theme.now().px(208))
        self.find_edit = TypingEdit(self)
        self.find_edit.setPlaceholderText(self.tr("Find a category"))
        self.find_edit.setVisible(False)
        self.find_edit.textChanged.connect(self.tree.show_only)
        self.find_edit.left.connect(self._on_find_left)
        self._no_categories = toned(self.tr("No categories yet. Import products or make one."), "dim")
        self._no_categories.setWordWrap(True)
        self._titles = {
            STATUS: self.tr("Status"),
            SUGGESTION: self.tr("Suggestion"),
            SUGGESTED: self.tr("Suggested as"),
            VIEWS: self.tr("Text, picture"),
            BRAND: self.tr("Brand"),
            CLUSTER: self.tr("Cluster"),
            SOURCE: self.tr("Source"),
            PICTURE: self.tr("Picture"),
            CURATORS: self.tr("Curators"),
        }
        self.lines = {name: LineButton(self._titles[name], self) for name in _SHOWN_FACETS}
        worth = (
            self.tr("Probably wrong"),
            self.tr("Text and picture disagree"),
            self.tr("Same article twice"),
        )
        self.worth = [LineButton(title, self) for title in worth]
        self._lay_out()
        self._connect()
        self.refresh()

    def refresh(self) -> None:
        """Show the session as it is now."""
        self._fit_tree()
        self._on_filter_changed()

    def find_category(self) -> None:
        """Open the field that finds a category by its name."""
        self.find_edit.setVisible(True)
        self.find_edit.setFocus()

    def _lay_out(self) -> None:
        theme = Theme.now()
        content = QWidget(self)
        content.setObjectName("side_content")
        layout = QVBoxLayout(content)
        gap = theme.px(8)
        layout.setContentsMargins(gap, theme.px(16), gap, theme.px(12))
        layout.setSpacing(0)
        top = QHBoxLayout()
        top.setContentsMargins(theme.px(8), 0, 0, theme.px(6))
        top.addWidget(heading(self.tr("Categories")), 1)
        for text, name, act in (
            ("⌕", self.tr("Find a category"), self.find_category),
            ("+", self.tr("New category"), self.new_category_wanted.emit),
        ):
            button = QToolButton(self)
            button.setText(text)
            button.setToolTip(plain_tip(name))
            button.setAccessibleName(name)
            button.clicked.connect(lambda *_, act=act: act())
            top.addWidget(button)
        layout.addLayout(top)
        layout.addWidget(self.find_edit)
        layout.addWidget(self._no_categories)
        layout.addWidget(self.tree)
        for title, lines in (
            (self.tr("Narrow down"), list(self.lines.values())),
            (self.tr("Worth a look"), self.worth),
        ):
            layout.addSpacing(theme.px(20))
            label = heading(title)
            label.setContentsMargins(theme.px(8), 0, 0, theme.px(8))
            layout.addWidget(label)
            for line in lines:
                layout.addWidget(line)
        layout.addStretch(1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setWidget(content)
        area.setAccessibleName(self.tr("Categories and filters"))
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.viewport().setAutoFillBackground(False)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)

    def _connect(self) -> None:
        session = self._session
        for name, button in self.lines.items():
            button.clicked.connect(lambda *_, name=name: self._open_panel(name))
        for code, button in enumerate(self.worth):
            button.clicked.connect(lambda *_, code=code: self._on_worth_clicked(code))
        turns = session.turns
        for signal in (session.taxonomy_changed, session.products_changed):
            signal.connect(lambda: turns.ask(self, self._on_taxonomy_changed))
        session.labels_changed.connect(lambda: turns.ask(self, self._on_labels_changed))
        for signal in (session.results_changed, session.filter_changed, session.people_changed):
            signal.connect(lambda: turns.ask(self, self._on_filter_changed))
        session.plan_changed.connect(self._show_marked)
        self.tree.expanded.connect(self._fit_tree)
        self.tree.collapsed.connect(self._fit_tree)

    def _fit_tree(self) -> None:
        """The tree is as tall as what it shows, up to fourteen rows: the panel scrolls as a whole."""
        is_empty = self.model.rowCount() == 0
        self._no_categories.setVisible(is_empty)
        self.tree.setVisible(not is_empty)
        count, index = 0, self.model.index(0, 0)
        while index.isValid() and count < 14:
            count, index = count + 1, self.tree.indexBelow(index)
        self.tree.setFixedHeight(count * Theme.now().px(ROW_PX) + 2)

    def _on_taxonomy_changed(self) -> None:
        session = self._session
        self.model.show(session.taxonomy, session.columns, session.styles)
        self.refresh()

    def _on_labels_changed(self) -> None:
        self.model.show_counts(self._session.columns)
        self._on_filter_changed()

    def _on_filter_changed(self) -> None:
        facets = self._session.computed.facets
        for name, button in self.lines.items():
            facet = facets.get(name)
            button.setVisible(facet is not None)
            if facet is not None:
                self._show_facet(button, facet)
        worth = facets.get(WORTH)
        counts = [0, 0, 0] if worth is None else worth.counts().tolist()
        chosen = self._session.filter.chosen.get(WORTH, frozenset())
        for code, button in enumerate(self.worth):
            button.show_summary(f"{counts[code]:,}", "warn" if code == 0 and counts[code] else "dim")
            button.setChecked(code in chosen)
        self._show_marked()

    def _show_facet(self, button: LineButton, facet: Facet) -> None:
        chosen = self._session.filter.chosen.get(facet.name, frozenset())
        button.setChecked(bool(chosen))
        if chosen:
            titles = [
                shown_title(facet.name, facet.titles[c]) for c in sorted(chosen) if c < len(facet.titles)
            ]
            button.show_summary(" · ".join(titles), "accent")
            return
        counts = facet.counts()
        if facet.name == PICTURE:
            button.show_summary(self.tr("{0:,} of {1:,}").format(int(counts[1]), int(counts.sum())))
        elif facet.name in (STATUS, SUGGESTION, VIEWS, CURATORS):
            values = facet.values()
            button.show_summary(
                " · ".join(f"{shown_title(facet.name, title)} {count:,}" for _, title, count in values[:2])
            )
        else:
            button.show_summary(f"{int(np.count_nonzero(counts)):,}")

    def _show_marked(self) -> None:
        marked = set(self._session.filter.chosen.get(CATEGORY, frozenset()))
        plan, change = self._session.plan, self._session.change
        if plan is not None:
            marked = {plan.target}
        elif change is not None:
            marked = {change.target, *(one for one, _ in change.sources)}
        self.tree.mark(frozenset(marked))

    def _open_panel(self, name: str) -> None:
        button, facet = self.lines[name], self._session.computed.facets.get(name)
        self._on_filter_changed()
        if facet is None:
            return
        panel = FacetPanel(facet, self._session.filter.chosen.get(name, frozenset()), self)
        panel.codes_chosen.connect(
            lambda codes: self._session.narrow(self._session.filter.with_codes(name, codes))
        )
        panel.open_at(button.mapToGlobal(QPoint(button.width() + 12, 0)))

    def _on_worth_clicked(self, code: int) -> None:
        chosen = self._session.filter.chosen.get(WORTH, frozenset())
        codes = frozenset() if chosen == {code} else frozenset({code})
        self._session.narrow(self._session.filter.with_codes(WORTH, codes))
        if codes:
            self._session.select_rows(np.flatnonzero(self._session.visible))

    def _on_category_chosen(self, category_id: int) -> None:
        """Narrow to a category and all below it; the same again shows everything."""
        taxonomy = self._session.taxonomy
        if category_id not in taxonomy:
            return
        wanted = frozenset(taxonomy.descendants(category_id))
        chosen = self._session.filter.chosen.get(CATEGORY, frozenset())
        codes = frozenset() if chosen == wanted else wanted
        self._session.narrow(self._session.filter.with_codes(CATEGORY, codes))

    def _on_find_left(self) -> None:
        self.find_edit.clear()
        self.find_edit.setVisible(False)
        self.tree.setFocus()
