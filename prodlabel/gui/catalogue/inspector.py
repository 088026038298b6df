"""The inspector: everything about the product that is looked at.

Invariant: it shows the session's focus; texts and the large picture come from the librarian, and an answer
for a product that is no longer looked at is never shown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QStackedLayout, QVBoxLayout, QWidget
from typing_extensions import override

from prodlabel.gui.catalogue.inspector_parts import AttributeTable, LabelHistory, WhatLine, what_it_is
from prodlabel.gui.catalogue.marked_text import marked, shortened
from prodlabel.gui.catalogue.nearest import Nearest
from prodlabel.gui.catalogue.picture_view import PictureView
from prodlabel.gui.catalogue.suggestion_bars import SuggestionBar
from prodlabel.gui.labels import heading, toned
from prodlabel.gui.librarian import Librarian
from prodlabel.gui.session import NOBODY, Session
from prodlabel.gui.shelf import Shelf
from prodlabel.gui.suggestions import Reasons
from prodlabel.gui.theme import Theme
from prodlabel.store.products import ProductTexts

_PICTURE_PX = 1200
_BARS = 3


class Inspector(QWidget):
    """Collaborators: `Session`, `Librarian`. Signals: `relabel_wanted` with a category id."""

    relabel_wanted = Signal(int)

    def __init__(self, session: Session, librarian: Librarian, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspector")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session, self._librarian = session, librarian
        self._texts: ProductTexts | None = None
        self.coming: Callable[[], Sequence[int]] = tuple
        self.shelf = Shelf(librarian, self, lane="inspector", side_px=_PICTURE_PX)
        self.setMinimumWidth(Theme.now().px(280))
        self.picture = PictureView(236, self)
        self.title = toned("", "title")
        self.what = WhatLine(self)
        self.description = toned("", "dim")
        self.bars = [SuggestionBar(self) for _ in range(_BARS)]
        self.because = toned("", "dim")
        self.nearest = Nearest(session, librarian, self)
        self.attributes = AttributeTable(self)
        self.history = LabelHistory(session, self)
        self._lay_out()
        self._connect()
        self.refresh()

    def refresh(self) -> None:
        """Show the product that is looked at."""
        product_id = self._session.focus
        self._stack.setCurrentIndex(1 if self._session.row_of(product_id) is not None else 0)
        self._texts = None
        if product_id == NOBODY or self._session.row_of(product_id) is None:
            return
        if self.shelf.get(product_id) is None:
            self._show_texts()
            self.picture.wait()
            small = self._librarian.pixmap(product_id)
            if small is not None:
                self.picture.show_picture(small)
        else:
            self._on_arrived(product_id)
        # The next ones are fetched and decoded while this one is looked at.
        self.shelf.prepare(product_id, self.coming())
        self._show_label()

    def _on_arrived(self, product_id: int) -> None:
        contents = self.shelf.get(product_id)
        if contents is not None and product_id == self._session.focus:
            self._texts = contents.texts
            self.picture.show_picture(contents.picture)
            self._show_texts()

    def _on_products_changed(self) -> None:
        self.shelf.clear()
        self.refresh()

    def _reasons(self) -> Reasons:
        row, suggestions = self._session.row_of(self._session.focus), self._session.computed.suggestions
        return Reasons((), (), None) if row is None or suggestions is None else suggestions.reasons(row)

    def _show_texts(self) -> None:
        """What the product says of itself; nothing before it was read."""
        texts = self._texts
        if texts is None:
            self.title.clear()
            self.description.hide()
            self.attributes.show_attributes({})
            return
        palette = Theme.now().palette
        words = [word for word, _ in self._reasons().words]
        self.title.setText(texts.name)
        text = shortened(texts.description, words)
        self.description.setText(marked(text, words, palette.highlight, palette.text))
        self.description.setVisible(bool(text))
        self.attributes.show_attributes(texts.attributes)
        self._show_what()

    def _show_what(self) -> None:
        session = self._session
        row = session.row_of(session.focus)
        if row is None:
            return
        attributes = {} if self._texts is None else self._texts.attributes
        style = session.styles[int(session.columns.category[row])]
        self.what.show_parts(style, what_it_is(session, session.focus, attributes))

    def _show_label(self) -> None:
        """What the label, the suggestion and the history say."""
        session = self._session
        row = session.row_of(session.focus)
        if row is None:
            return
        self._show_what()
        suggestions = session.computed.suggestions
        ranked = [] if suggestions is None else suggestions.ranked(row)[:_BARS]
        self._suggestion_title.setVisible(bool(ranked))
        label = int(session.columns.category[row])
        for place, bar in enumerate(self.bars):
            bar.setVisible(place < len(ranked))
            if place < len(ranked):
                category, confidence = ranked[place]
                name, style = session.category_title(category), session.styles[category]
                bar.show_suggestion(category, name, style, confidence, is_label=category == label)
        self._show_reasons()
        self.history.show_product(session.focus)

    def _show_reasons(self) -> None:
        session, reasons, palette = self._session, self._reasons(), Theme.now().palette
        words = [word for word, _ in reasons.words[:3]]
        parts = []
        if words:
            shown = " ".join(marked(word, [word], palette.highlight, palette.text) for word in words)
            parts.append(self.tr("Because of {0}.").format(shown))
        row, suggestions = session.row_of(session.focus), session.computed.suggestions
        neighbours = [n for n, _ in reasons.neighbours if session.row_of(n) is not None]
        if neighbours and row is not None and suggestions is not None:
            best = int(suggestions.best[row])
            rows = [r for n in neighbours if (r := session.row_of(n)) is not None]
            alike = sum(session.styles.main_of(int(session.columns.category[r])) == best for r in rows)
            parts.append(self.tr("{0} of the {1} nearest products agree.").format(alike, len(rows)))
        if reasons.text_share is not None:
            share = round(100 * reasons.text_share)
            parts.append(self.tr("Text {0} %, picture {1} %.").format(share, 100 - share))
        self.because.setText(" ".join(parts))
        self.because.setVisible(bool(parts))

    def _connect(self) -> None:
        session = self._session
        turns = session.turns
        session.focus_changed.connect(lambda *_: turns.ask(self, self.refresh))
        session.products_changed.connect(lambda: turns.ask(self, self._on_products_changed))
        self.shelf.arrived.connect(self._on_arrived)
        for signal in (session.labels_changed, session.taxonomy_changed, session.results_changed):
            signal.connect(lambda: turns.ask(self, self._show_label))
        session.results_changed.connect(lambda: turns.ask(self, self._show_texts))
        for bar in self.bars:
            bar.clicked.connect(lambda *_, bar=bar: self.relabel_wanted.emit(bar.category_id))

    def _lay_out(self) -> None:
        theme = Theme.now()
        content = QWidget(self)
        content.setObjectName("inspector_content")
        layout = QVBoxLayout(content)
        side = theme.px(16)
        layout.setContentsMargins(side, side, side, side)
        layout.setSpacing(theme.px(6))
        self._suggestion_title = heading(self.tr("Suggestion"))
        for label in (self.title, self.description, self.because):
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.description.setTextFormat(Qt.TextFormat.RichText)
        self.because.setTextFormat(Qt.TextFormat.RichText)
        layout.addWidget(self.picture)
        layout.addSpacing(theme.px(6))
        parts: tuple[QWidget, ...] = (self.title, self.what, self.description)
        for widget in parts:
            layout.addWidget(widget)
        _add_group(layout, self._suggestion_title, [*self.bars, self.because])
        _add_group(layout, None, [self.nearest])
        _add_group(layout, None, [self.attributes])
        _add_group(layout, None, [self.history])
        layout.addStretch(1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(content)
        area.setAccessibleName(self.tr("Inspector"))
        area.viewport().setAutoFillBackground(False)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._empty_state())
        self._stack.addWidget(area)

    def _empty_state(self) -> QLabel:
        label = toned(
            self.tr("Click a product on the map, or step through the\ngallery with the arrows."), "dim"
        )
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        return label

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._texts is not None:
            self._show_texts()
            self._show_reasons()


def _add_group(layout: QVBoxLayout, title: QLabel | None, widgets: list[QWidget]) -> None:
    layout.addSpacing(Theme.now().px(10))
    if title is not None:
        layout.addWidget(title)
    for widget in widgets:
        layout.addWidget(widget)
