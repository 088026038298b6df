"""The card: one product large, the proposal as a sentence, the categories to choose from, what speaks for it.

Invariant: it shows what it is given and reads nothing: neither file nor database is touched here.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from prodlabel.core.labels import NO_CATEGORY
from prodlabel.gui.catalogue.inspector_parts import WhatLine, decision_lines, what_it_is
from prodlabel.gui.catalogue.marked_text import marked, shortened
from prodlabel.gui.catalogue.picture_view import PictureView
from prodlabel.gui.catalogue.thumbnail_grid import ProductListModel, ThumbnailView
from prodlabel.gui.labels import heading, toned
from prodlabel.gui.librarian import Librarian
from prodlabel.gui.review.batch import BatchView
from prodlabel.gui.review.choices import Choices
from prodlabel.gui.review.proposal import Proposal, choices, sentence
from prodlabel.gui.session import Session
from prodlabel.gui.shelf import Contents, Decided
from prodlabel.gui.theme import RIGHT_PX, Theme

_NEAREST_PX = 76
_DECISIONS = 5
_DESCRIPTION = 420


class Card(QWidget):
    """Collaborators: `Session` (labels and styles), `Librarian` (thumbnails that are there). Signals:
    `accept_wanted`, `chosen` with a category id, `opened` with the id of a neighbour."""

    accept_wanted = Signal()
    chosen = Signal(int)
    opened = Signal(int)

    def __init__(self, session: Session, librarian: Librarian, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.picture = PictureView(300, self)
        self.picture.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.batch = BatchView(librarian, self._colour_of, self)
        self.proposal = toned("", "")
        self.note = toned("", "dim")
        self.accept = QPushButton(self.tr("Accept  A"), self)
        self.title = toned("", "title")
        self.what = WhatLine(self)
        self.why = toned("", "dim")
        self.choices = Choices(self)
        self.description = toned("", "dim")
        self.nearest_model = ProductListModel()
        self.nearest = ThumbnailView(self.nearest_model, librarian.pixmap, self._colour_of, _NEAREST_PX, self)
        self.before = toned("", "dim")
        self._lay_out()
        self.accept.clicked.connect(self.accept_wanted)
        self.choices.chosen.connect(self.chosen)
        self.nearest.looked_at.connect(self.opened)
        librarian.thumbnails_arrived.connect(lambda _ids: self.nearest.viewport().update())

    @property
    def shows_picture(self) -> bool:
        """Whether the decoded picture (or the word that there is none) is on the screen."""
        return not self.picture.is_waiting

    def show_proposal(self, proposal: Proposal, why: str) -> None:
        """What is proposed for the product (or the batch) and why it is here."""
        session = self._session
        self.proposal.setText(sentence(session, proposal))
        self.choices.show_choices(choices(session, proposal))
        self.accept.setVisible(proposal.category != NO_CATEGORY)
        self.why.setText(why)
        self._why_title.setVisible(bool(why))
        neighbours = [] if proposal.is_blind else [one for one, _ in proposal.reasons.neighbours]
        known = [one for one in neighbours if session.row_of(one) is not None]
        self._nearest_title.setVisible(bool(known))
        self.nearest.setVisible(bool(known))
        self.nearest_model.show(known)

    def show_contents(self, contents: Contents | None, proposal: Proposal) -> None:
        """Texts and picture; None: they are on their way."""
        if contents is None:
            self.picture.wait()
            self.title.setText(" ")
            for label in (self.description, self.before):
                label.setText("")
            self._before_title.hide()
            return
        self.picture.show_picture(contents.picture)
        palette, words = Theme.now().palette, proposal.words
        self.title.setText(contents.texts.name)
        text = shortened(contents.texts.description, words, _DESCRIPTION)
        self.description.setText(marked(text, words, palette.highlight, palette.text))
        attributes = contents.texts.attributes
        category = NO_CATEGORY if proposal.is_blind else proposal.label
        parts = what_it_is(self._session, contents.product_id, attributes, is_blind=proposal.is_blind)
        self.what.show_parts(self._session.styles[category], parts)
        self._show_before([] if proposal.is_blind else contents.history)

    def show_note(self, note: str) -> None:
        """The note that the next decision will carry."""
        self.note.setText(self.tr("Note: {0}").format(note) if note else "")
        self.note.setVisible(bool(note))

    def show_batch(self, is_batch: bool) -> None:
        """The products that look alike instead of the one picture."""
        self._ground.setCurrentIndex(1 if is_batch else 0)

    def _show_before(self, history: Decided) -> None:
        lines = decision_lines(self._session, history, _DECISIONS)
        self.before.setText("\n".join(lines))
        self._before_title.setVisible(bool(lines))

    def _colour_of(self, product_id: int) -> str | None:
        row = self._session.row_of(product_id)
        return None if row is None else self._session.styles[int(self._session.columns.category[row])].colour

    def _lay_out(self) -> None:
        theme = Theme.now()
        ground = QWidget(self)
        self._ground = QStackedLayout(ground)
        self._ground.addWidget(self.picture)
        self._ground.addWidget(self.batch)
        self.proposal.setWordWrap(True)
        self.proposal.setTextFormat(Qt.TextFormat.RichText)
        self.proposal.setFont(theme.font(15))
        self.proposal.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        # Room for two lines whatever it says: nothing below jumps from card to card.
        self.proposal.setFixedHeight(theme.px(56))
        self.accept.setProperty("primary", "true")
        self.note.hide()
        row = QHBoxLayout()
        row.setSpacing(theme.px(16))
        row.addWidget(self.proposal, 1)
        row.addWidget(self.accept)
        middle = QVBoxLayout()
        middle.setContentsMargins(theme.px(20), theme.px(16), theme.px(20), theme.px(8))
        middle.setSpacing(theme.px(8))
        middle.addWidget(ground, 1)
        middle.addLayout(row)
        middle.addWidget(self.note)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(middle, 1)
        layout.addWidget(self._right_side())

    def _right_side(self) -> QWidget:
        theme = Theme.now()
        content = QWidget(self)
        content.setObjectName("inspector_content")
        column = QVBoxLayout(content)
        side = theme.px(16)
        column.setContentsMargins(side, side, side, side)
        column.setSpacing(theme.px(6))
        self._why_title = heading(self.tr("Why it is here"))
        self._nearest_title = heading(self.tr("Nearest labelled"))
        self._before_title = heading(self.tr("Labelled before"))
        for label in (self.title, self.why, self.description, self.before):
            label.setWordWrap(True)
        self.title.setMinimumHeight(theme.px(40))
        self.title.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.description.setTextFormat(Qt.TextFormat.RichText)
        self.nearest.setFixedHeight(self.nearest.cell_size.height() + 2)
        self.nearest.setAccessibleName(self.tr("Nearest labelled products"))
        groups: tuple[tuple[QLabel | None, QWidget], ...] = (
            (heading(self.tr("Category")), self.choices),
            (self._why_title, self.why),
            (self._nearest_title, self.nearest),
            (None, self.description),
            (self._before_title, self.before),
        )
        column.addWidget(self.title)
        column.addWidget(self.what)
        for title, widget in groups:
            column.addSpacing(theme.px(10))
            if title is not None:
                column.addWidget(title)
            column.addWidget(widget)
        column.addStretch(1)
        area = QScrollArea(self)
        area.setObjectName("inspector")
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(content)
        area.setAccessibleName(self.tr("About the product"))
        area.viewport().setAutoFillBackground(False)
        area.setFixedWidth(theme.px(RIGHT_PX))
        return area
