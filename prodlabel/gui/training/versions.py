"""The versions of the classifier: one in use, two that can be compared, any that can be put in use again."""

from __future__ import annotations

import time
from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from prodlabel.gui.painting import elided
from prodlabel.gui.theme import Theme
from prodlabel.learning.networks.plan import JOINT, PICTURE_NETWORK
from prodlabel.project.results import ResultInfo

_ROW_PX = 46


class VersionRow(QAbstractButton):
    """One version: number, when, accuracy, macro-F1; why it was held back."""

    def __init__(self, info: ResultInfo, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.info, self.number = info, number
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        said = " ".join(part for part in (self._kind(), self._figures()) if part)
        self.setAccessibleName(self.tr("Version {0}, {1}").format(number, said))
        self.setToolTip(str(info.settings.get("held_back", "")))

    @override
    def sizeHint(self) -> QSize:
        return QSize(260, Theme.now().px(_ROW_PX))

    def _figures(self) -> str:
        accuracy, f1 = self.info.figures.get("accuracy"), self.info.figures.get("macro_f1")
        parts = []
        if isinstance(accuracy, float):
            parts.append(f"{100 * accuracy:.1f} %")
        if isinstance(f1, float):
            parts.append(f"F1 {f1:.3f}")
        return "  ".join(parts) or self.tr("not measured")

    def _kind(self) -> str:
        """What sort of network it is; nothing for the usual fusion."""
        names = {JOINT: self.tr("joint network"), PICTURE_NETWORK: self.tr("picture network")}
        return names.get(str(self.info.settings.get("kind", "")), "")

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        theme, painter = Theme.now(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box, palette = QRectF(self.rect()), theme.palette
        if self.isChecked() or self.underMouse() or self.hasFocus():
            painter.setPen(QColor(palette.accent) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(palette.highlight if self.isChecked() else palette.raised))
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), theme.px(6), theme.px(6))
        inner = box.adjusted(theme.px(8), theme.px(5), -theme.px(8), -theme.px(5))
        upper = QRectF(inner.left(), inner.top(), inner.width(), inner.height() / 2)
        lower = upper.translated(0, inner.height() / 2)
        left, right = (
            Qt.AlignmentFlag.AlignVCenter,
            Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight,
        )
        painter.setPen(QColor(palette.text))
        is_used = self.info.is_current
        painter.setFont(theme.font(weight=QFont.Weight.DemiBold if is_used else QFont.Weight.Normal))
        painter.drawText(upper, left, self.tr("Version {0}").format(self.number))
        painter.setFont(theme.font())
        painter.drawText(upper, right, self._figures())
        painter.setFont(theme.font(12))
        held_back = bool(self.info.settings.get("held_back"))
        state = self.tr("in use") if is_used else self.tr("held back: worse") if held_back else ""
        when = time.strftime("%Y-%m-%d %H:%M", time.localtime(self.info.made_at_us / 1e6))
        products = self.info.figures.get("products") or self.info.settings.get("products")
        labels = self.tr("{0:,} labels").format(products) if products else ""
        painter.setPen(QColor(palette.text if self.isChecked() else palette.dim))
        parts = (self._kind(), when, labels)
        said = elided(" · ".join(part for part in parts if part), painter, lower.width() - 90)
        painter.drawText(lower, left, said)
        tone = palette.good if is_used else palette.warn
        painter.setPen(QColor(palette.text if self.isChecked() else tone))
        painter.drawText(lower, right, state)
        painter.end()


class VersionList(QWidget):
    """At most two rows are checked, the older first. Signals: `checked_changed`."""

    checked_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: list[VersionRow] = []
        self._order: list[int] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)

    def show_versions(self, versions: Sequence[ResultInfo]) -> None:
        """Newest first; what was checked stays so where it is still there."""
        for row in self.rows:
            row.setParent(None)
            row.deleteLater()
        self.rows = [VersionRow(info, info.id, self) for info in versions]
        known = [row.info.id for row in self.rows]
        self._order = [one for one in self._order if one in known]
        for row in self.rows:
            row.setChecked(row.info.id in self._order)
            row.clicked.connect(lambda *_, row=row: self._on_row_clicked(row))
            self._column.addWidget(row)

    @property
    def checked(self) -> list[int]:
        """Ids of the checked versions, the older first."""
        return sorted(self._order)

    def _on_row_clicked(self, row: VersionRow) -> None:
        if row.info.id in self._order:
            self._order.remove(row.info.id)
        else:
            self._order = [*self._order[-1:], row.info.id]
        for other in self.rows:
            other.setChecked(other.info.id in self._order)
        self.checked_changed.emit()
