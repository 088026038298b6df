"""The list of queues: how long each is, and for the one gone through when it is done and when to stop."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from prodlabel.gui.labels import heading, line, toned
from prodlabel.gui.painting import elided
from prodlabel.gui.phrases import phrase
from prodlabel.gui.review.board import Board
from prodlabel.gui.theme import LEFT_PX, ROW_PX, Theme
from prodlabel.gui.training.evidence import wilson

ACCEPT_ALL = "accept-all"
"""The name under which the panel that accepts all above the line is listed."""


class QueueRow(QAbstractButton):
    """One queue: title and length."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self._figure = ""
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_queue(self, title: str, figure: str) -> None:
        if (title, figure) == (self.text(), self._figure):
            return
        self.setText(title)
        self._figure = figure
        self.setAccessibleName(f"{title}, {figure}")
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(200, Theme.now().px(ROW_PX))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        theme, painter = Theme.now(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box, palette = QRectF(self.rect()), theme.palette
        if self.isChecked() or self.underMouse() or self.hasFocus():
            painter.setPen(QColor(palette.accent) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(palette.highlight if self.isChecked() else palette.raised))
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), theme.px(6), theme.px(6))
        inner = box.adjusted(theme.px(8), 0, -theme.px(8), 0)
        is_empty = self._figure == "0"
        painter.setFont(theme.font(weight=QFont.Weight.Medium if self.isChecked() else QFont.Weight.Normal))
        painter.setPen(QColor(palette.dim if is_empty and not self.isChecked() else palette.text))
        name = elided(self.text(), painter, inner.width() - theme.px(48))
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter, name)
        painter.setPen(QColor(palette.text if self.isChecked() else palette.dim))
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(inner, right, self._figure)
        painter.end()


class QueueList(QWidget):
    """Signals: `wanted` with the name of a queue, or `ACCEPT_ALL`."""

    wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("side")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        theme = Theme.now()
        self.setFixedWidth(theme.px(LEFT_PX))
        self.rows: dict[str, QueueRow] = {}
        self._column = QVBoxLayout()
        self._column.setSpacing(2)
        self.pace = toned("", "dim")
        self.stop = toned("", "dim")
        self.own = toned("", "dim")
        self.drawn = toned("", "dim")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.px(10), theme.px(14), theme.px(10), theme.px(12))
        layout.setSpacing(theme.px(6))
        title, all_title = heading(self.tr("Worth a look")), heading(self.tr("All at once"))
        for label in (title, all_title, self.pace, self.stop, self.own, self.drawn):
            label.setWordWrap(True)
            label.setIndent(theme.px(8))
        accept = self._row(ACCEPT_ALL)
        accept.show_queue(self.tr("Accept all above the line"), "")
        layout.addWidget(title)
        layout.addLayout(self._column)
        layout.addSpacing(theme.px(10))
        layout.addWidget(line(self))
        layout.addSpacing(theme.px(4))
        layout.addWidget(self.pace)
        layout.addWidget(self.stop)
        layout.addWidget(self.own)
        layout.addWidget(self.drawn)
        layout.addStretch(1)
        layout.addWidget(all_title)
        layout.addWidget(accept)

    def show_board(self, board: Board, lengths: Sequence[int]) -> None:
        """The queues with how many products of each are left."""
        for queue, length in zip(board.queues, lengths, strict=True):
            if queue.name not in self.rows:
                self._column.addWidget(self._row(queue.name))
            self.rows[queue.name].show_queue(phrase(queue.title), f"{length:,}")
        asked = self.tr("Asked again blindly, you said the same in {0} of {1} cases.")
        self.own.setText(asked.format(board.same, board.asked) if board.asked else "")
        self.drawn.setText(self._said_of_drawn(board) if board.checked else "")

    def _said_of_drawn(self, board: Board) -> str:
        wrong = board.checked - board.right
        low, high = wilson(wrong, board.checked)
        said = self.tr("Of {0} labels drawn at random {1} were wrong: {2:.0f} to {3:.0f} % of all (95 %).")
        return said.format(board.checked, wrong, 100 * low, 100 * high)

    def check(self, name: str) -> None:
        """Mark the one that is gone through."""
        for row in self.rows.values():
            row.setChecked(row.name == name)

    def names(self) -> list[str]:
        """What can be opened, from top to bottom."""
        return [*(name for name in self.rows if name != ACCEPT_ALL), ACCEPT_ALL]

    def checked(self) -> str:
        """The one that is gone through; empty for none."""
        return next((row.name for row in self.rows.values() if row.isChecked()), "")

    def _row(self, name: str) -> QueueRow:
        row = QueueRow(name, self)
        row.clicked.connect(lambda *_: self.wanted.emit(name))
        self.rows[name] = row
        return row
