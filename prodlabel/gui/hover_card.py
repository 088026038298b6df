"""What is shown beside the cursor when it rests on a point: picture, name, category.

Invariant: it takes neither mouse nor keyboard, and never shows a product that is no longer pointed at.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from prodlabel.gui.labels import toned
from prodlabel.gui.librarian import Librarian
from prodlabel.gui.painting import mark_pixmap
from prodlabel.gui.session import NOBODY, Session
from prodlabel.gui.theme import Theme
from prodlabel.store.products import ProductTexts

_PICTURE, _WIDTH = 72, 300


class HoverCard(QFrame):
    """Collaborators: `Session`, `Librarian`."""

    def __init__(self, session: Session, librarian: Librarian, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("floating")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._session, self._librarian = session, librarian
        self._product_id = NOBODY
        self._at = (0.0, 0.0)
        theme = Theme.now()
        self._picture = QLabel(self)
        self._picture.setFixedSize(theme.px(_PICTURE), theme.px(_PICTURE))
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._name = toned("", "strong")
        self._name.setWordWrap(True)
        self._mark = QLabel(self)
        self._mark.setTextFormat(Qt.TextFormat.PlainText)
        self._category = toned("", "dim")
        below = QHBoxLayout()
        below.addWidget(self._mark)
        below.addWidget(self._category, 1)
        texts = QVBoxLayout()
        texts.addStretch(1)
        texts.addWidget(self._name)
        texts.addLayout(below)
        texts.addStretch(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 8, 12, 8)
        layout.addWidget(self._picture)
        layout.addLayout(texts, 1)
        self.setFixedWidth(theme.px(_WIDTH))
        self.hide()
        librarian.thumbnails_arrived.connect(self._on_thumbnails_arrived)

    def show_product(self, product_id: int, x: float, y: float) -> None:
        """Show a product beside the point (x, y) of the parent."""
        self._product_id, self._at = product_id, (x, y)
        self._librarian.ask("hover", lambda desk: desk.texts([product_id]), self._take)

    def leave(self) -> None:
        """Nothing is pointed at any more: what was asked for is not shown when it comes."""
        self._product_id = NOBODY
        self.hide()

    def _take(self, found: list[ProductTexts]) -> None:
        row = self._session.row_of(self._product_id)
        if row is None or not found or found[0].product_id != self._product_id:
            return
        theme = Theme.now()
        category = int(self._session.columns.category[row])
        name = self._name.fontMetrics().elidedText(
            found[0].name, Qt.TextElideMode.ElideRight, theme.px(_WIDTH - _PICTURE - 50) * 2
        )
        self._name.setText(name)
        self._mark.setPixmap(
            mark_pixmap(self._session.styles[category], theme.px(14), self.devicePixelRatioF())
        )
        self._category.setText(self._session.category_title(category))
        self._show_picture()
        self.show()
        self.raise_()

    def _show_picture(self) -> None:
        pixmap = self._librarian.pixmap(self._product_id)
        self._picture.setVisible(pixmap is not None)
        if pixmap is not None:
            size = self._picture.size()
            self._picture.setPixmap(
                pixmap.scaled(
                    size, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
                )
            )
        self.adjustSize()
        self._place()

    def _on_thumbnails_arrived(self, product_ids: list[int]) -> None:
        if self.isVisible() and self._product_id in product_ids:
            self._show_picture()

    def _place(self) -> None:
        """Beside the point, inside the map."""
        ground, gap = self.parentWidget(), Theme.now().px(16)
        assert ground is not None
        x, y = self._at
        left = x + gap if x + gap + self.width() < ground.width() else x - gap - self.width()
        top = min(max(y - self.height() / 2, gap), ground.height() - self.height() - gap)
        self.move(round(left), round(top))
