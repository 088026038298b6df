"""The line above the gallery: what is shown, what the keys are about, how large the pictures are, the keys.

Invariant: what the keys are about is always in view; hints make room for it where the panel is narrow.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QSizePolicy, QSlider, QWidget
from typing_extensions import override

from prodlabel.gui.labels import ElidedLabel, toned
from prodlabel.gui.theme import Theme

SMALLEST, LARGEST = 48, 256


class GalleryBar(QWidget):
    """Signals: `aim_wanted` with whether the keys shall be about all, `table_wanted` likewise for lines,
    `side_changed` with the size of the pictures, `marked_wanted` to select only what is marked.
    """

    aim_wanted = Signal(bool)
    marked_wanted = Signal()
    table_wanted = Signal(bool)
    side_changed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = Theme.now()
        self._is_table = False
        self.title = toned("", "strong")
        self.order = ElidedLabel()
        self.order.setProperty("tone", "dim")
        self.order.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.one, self.all = QPushButton(self), QPushButton(self)
        group = QButtonGroup(self)
        for button, is_all in ((self.one, False), (self.all, True)):
            button.setProperty("aim", "true")
            button.setCheckable(True)
            button.clicked.connect(lambda *_, is_all=is_all: self.aim_wanted.emit(is_all))
            group.addButton(button)
        self.one.setText(self.tr("this one"))
        self._keys_are_for = toned(self.tr("Keys for"), "dim")
        self.sizer = QSlider(Qt.Orientation.Horizontal, self)
        self.sizer.setRange(SMALLEST, LARGEST)
        self.sizer.setFixedWidth(theme.px(84))
        self.sizer.setAccessibleName(self.tr("Size of the pictures"))
        self.sizer.setToolTip(self.tr("Size of the pictures"))
        self.sizer.valueChanged.connect(self.side_changed)
        self.switch = QPushButton(self.tr("table"), self)
        self.switch.setProperty("link", "true")
        self.switch.clicked.connect(lambda *_: self.table_wanted.emit(not self._is_table))
        self.marked = QPushButton(self)
        self.marked.setProperty("link", "true")
        self.marked.clicked.connect(self.marked_wanted)
        self.marked.hide()
        self._hinted: tuple[tuple[str, str], ...] = ()
        self._hint_box = QWidget(self)
        self._hints = QHBoxLayout(self._hint_box)
        self._hints.setContentsMargins(theme.px(8), 0, 0, 0)
        self._hints.setSpacing(theme.px(5))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(6))
        for widget in (self.title, self.order, self.marked, self._keys_are_for, self.one, self.all):
            row.addWidget(widget)
        row.addSpacing(theme.px(10))
        row.addWidget(self.sizer)
        row.addWidget(self.switch)
        row.addWidget(self._hint_box)

    def show_title(self, title: str, count: int, order: str) -> None:
        """What is shown, how many, in which order."""
        self.title.setText(title)
        self.order.setText(f"· {count:,} · {order}" if count else "")

    def show_aim(self, *, is_all: bool, count: int) -> None:
        """What the keys are about; `count` products are selected."""
        (self.all if is_all else self.one).setChecked(True)
        self.all.setText(self.tr("all {0:,}").format(count))
        self.all.setEnabled(count > 0)
        self.one.setAccessibleName(self.tr("Keys are for this product"))
        self.all.setAccessibleName(self.tr("Keys are for all {0:,} selected").format(count))

    def show_marked(self, count: int) -> None:
        """So many products are marked here; one is only looked at."""
        self.marked.setText(self.tr("select only these {0:,}").format(count))
        self.marked.setVisible(count > 1)
        self._make_room()

    def show_table(self, is_table: bool) -> None:
        self._is_table = is_table
        self.switch.setText(self.tr("pictures") if is_table else self.tr("table"))
        self.sizer.setVisible(not is_table)

    def hint(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Show (key, what it does) pairs at the right."""
        if tuple(pairs) == self._hinted:
            return
        self._hinted = tuple(pairs)
        while self._hints.count():
            widget = self._hints.takeAt(0).widget()
            widget.setParent(None)
            widget.deleteLater()
        for key, meaning in pairs:
            self._hints.addWidget(toned(key, "key"))
            self._hints.addWidget(toned(meaning, "dim"))
        self._make_room()

    def _make_room(self) -> None:
        """Hints only where they fit beside everything else."""
        others: tuple[QWidget, ...] = (
            *(self.title, self._keys_are_for, self.one, self.all),
            *([self.marked] if self.marked.isVisibleTo(self) else []),
            *(self.sizer, self.switch),
        )
        taken = sum(widget.sizeHint().width() + 8 for widget in others) + Theme.now().px(150)
        self._hint_box.setVisible(taken + self._hint_box.sizeHint().width() < self.width())
        is_wide = self.width() > Theme.now().px(430)
        self._keys_are_for.setVisible(is_wide)
        self.sizer.setFixedWidth(Theme.now().px(84 if is_wide else 44))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()
