"""Accept all above the line: a precision, what it covers per category with the least sure, one button.

Invariant: the button does exactly what is shown: a plan made before the newest decision or training is made
anew first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QSlider,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from prodlabel.core.errors import UserError
from prodlabel.core.palette import CategoryStyle
from prodlabel.gui.labels import heading, toned
from prodlabel.gui.librarian import Librarian
from prodlabel.gui.messages import Messages
from prodlabel.gui.notice import Notice
from prodlabel.gui.painting import elided, paint_mark, paint_picture
from prodlabel.gui.phrases import phrase
from prodlabel.gui.review.offers import PRECISIONS, USUAL, Moment, Offers, make_offers
from prodlabel.gui.session import Session
from prodlabel.gui.tasks import Callbacks, Task, Tasks
from prodlabel.gui.theme import Theme
from prodlabel.operations.child import run_in_child

if TYPE_CHECKING:
    from prodlabel.operations.accept import AcceptPlan, CategoryPlan

_ROW_PX, _SIDE_PX, _SAMPLE = 60, 48, 8


class CategoryLine(QWidget):
    """One category: how many are covered of how many, from which confidence, and the least sure of them."""

    def __init__(self, librarian: Librarian, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._librarian = librarian
        self._plan: CategoryPlan | None = None
        self._style: CategoryStyle | None = None
        self._most = 1
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        librarian.thumbnails_arrived.connect(lambda _ids: self.update())

    def show_plan(self, plan: CategoryPlan, style: CategoryStyle, most: int) -> None:
        self._plan, self._style, self._most = plan, style, max(most, 1)
        self.setAccessibleName(self.tr("{0}, {1} accepted").format(plan.name, len(plan.product_id)))
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(640, Theme.now().px(_ROW_PX))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        plan, style = self._plan, self._style
        if plan is None or style is None:
            return
        theme, painter = Theme.now(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box, palette = QRectF(self.rect()), theme.palette
        middle, count = box.center().y(), len(plan.product_id)
        paint_mark(painter, style, QPointF(theme.px(8), middle), theme.px(5.5))
        centre = Qt.AlignmentFlag.AlignVCenter
        right = centre | Qt.AlignmentFlag.AlignRight
        painter.setFont(theme.font())
        painter.setPen(QColor(palette.text))
        name = QRectF(theme.px(24), 0, theme.px(190), box.height())
        painter.drawText(name, centre, elided(plan.name, painter, name.width()))
        figure = QRectF(name.right(), 0, theme.px(52), box.height())
        painter.drawText(figure, right, f"{count:,}")
        track = QRectF(figure.right() + theme.px(14), middle - 2.5, theme.px(120), 5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(palette.raised))
        painter.drawRoundedRect(track, 2.5, 2.5)
        filled = QRectF(track)
        filled.setWidth(track.width() * count / self._most)
        painter.setBrush(QColor(style.colour))
        painter.drawRoundedRect(filled, 2.5, 2.5)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QColor(palette.dim))
        from_box = QRectF(track.right() + theme.px(14), 0, theme.px(104), box.height())
        painter.drawText(from_box, centre, self._line_of(plan))
        record_box = QRectF(from_box.right() + theme.px(8), 0, theme.px(148), box.height())
        if plan.record[1] and plan.threshold <= 1:
            record = self.tr("{0:,} of {1:,} were right").format(*plan.record)
            painter.drawText(record_box, centre, elided(record, painter, record_box.width()))
        self._paint_sample(painter, plan, record_box.right() + theme.px(12), theme)
        painter.end()

    def _line_of(self, plan: CategoryPlan) -> str:
        if plan.threshold > 1:
            return self.tr("not promised")
        return (
            self.tr("from {0:.0f} % sure").format(100 * plan.threshold) if plan.threshold else self.tr("all")
        )

    def _paint_sample(self, painter: QPainter, plan: CategoryPlan, left: float, theme: Theme) -> None:
        side = theme.px(_SIDE_PX)
        top = (self.height() - side) / 2
        for product_id in plan.sample[:_SAMPLE].tolist():
            if left + side > self.width():
                return
            cell = QRectF(left, top, side, side)
            paint_picture(painter, self._librarian.pixmap(product_id), cell, theme)
            left += side + theme.px(6)


class AcceptPanel(QWidget):
    """Collaborators: `Session`, `Tasks`, `Librarian`."""

    def __init__(
        self,
        session: Session,
        librarian: Librarian,
        tasks: Tasks,
        messages: Messages,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._librarian, self._tasks, self._messages = session, librarian, tasks, messages
        self.offers: Offers | None = None
        self._is_making = False
        self._task: Task | None = None
        self._lines: list[CategoryLine] = []
        self.notice = Notice(self)
        self.title = toned("", "huge")
        self.text = toned("", "dim")
        self.precision = toned("", "strong")
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setRange(0, len(PRECISIONS) - 1)
        self.slider.setValue(USUAL)
        self.slider.setAccessibleName(self.tr("Precision"))
        self.imported = QCheckBox(self.tr("also imported labels that agree"), self)
        self.button = QPushButton(self)
        self.button.setProperty("primary", "true")
        self._lay_out()
        self.slider.valueChanged.connect(self._show)
        self.imported.toggled.connect(self._show)
        self.button.clicked.connect(self.apply)
        tasks.changed.connect(self._on_tasks_changed)
        session.labels_changed.connect(self._on_project_changed)
        session.results_changed.connect(self._on_project_changed)

    @property
    def plan(self) -> AcceptPlan | None:
        """What the button would do."""
        if self.offers is None:
            return None
        plans = self.offers.with_imported if self.imported.isChecked() else self.offers.plain
        return plans[self.slider.value()]

    def refresh(self) -> None:
        """Make the plans where they are out of date, and show them."""
        if self._is_stale:
            self._make()
        self._show()

    def take_keys(self) -> None:
        """Arrow keys move the line, Enter accepts: no mouse is needed."""
        self.slider.setFocus()

    @property
    def _is_stale(self) -> bool:
        return self.offers is None or self.offers.moment != Moment.of(self._session.project)

    def apply(self) -> None:
        """Accept what is shown, as one step; never by a plan that is older than a decision."""
        plan = self.plan
        if plan is None or not plan.count or self._is_making:
            return
        if self._is_stale:
            self.refresh()
            return
        with self._messages.guard():
            self._session.project.prepare_bulk("before-accept")
            self._session.apply(plan.edit())
            said = self.tr("{0:,} suggestions accepted as one step. Ctrl+Z takes them back.")
            self._messages.inform(said.format(plan.count))

    def _make(self) -> None:
        if self._is_making:
            return
        self._is_making = True
        folder = self._session.project.folder
        self._task = None
        self._task = self._tasks.start(
            self.tr("Drawing the line"),
            lambda progress: run_in_child(make_offers, folder, progress=progress),
            Callbacks(self.take, self._on_failed),
        )

    def take(self, offers: Offers) -> None:
        """Plans are made: show them, and make them again if they are out of date already."""
        self._is_making = False
        is_first = self.offers is None
        self.offers = offers
        if is_first and not any(plan.count for plan in offers.plain):
            self.imported.setChecked(True)
        self.refresh()

    def _on_tasks_changed(self) -> None:
        if self._is_making and self._task is not None and self._task.is_cancelled:
            # Cancelled: nobody calls back.
            self._is_making, self._task = False, None
            if self.offers is None:
                self.notice.say(self.tr("There is no line to draw yet"), "")
            else:
                self._show()

    def _on_failed(self, error: BaseException) -> None:
        self._is_making = False
        self.offers = None
        if isinstance(error, UserError):
            self.notice.say(self.tr("There is no line to draw yet"), phrase(str(error)))
            self._pages.setCurrentWidget(self.notice)
            return
        self._messages.report(error)
        self._show()

    def _on_project_changed(self) -> None:
        if self.isVisible():
            self.refresh()

    def _show(self) -> None:
        plan = self.plan
        if plan is None:
            self.notice.say(self.tr("Drawing the line"), self.tr("What each precision covers."), is_busy=True)
            self._pages.setCurrentWidget(self.notice)
            return
        if self._pages.currentWidget() is not self._content:
            self._pages.setCurrentWidget(self._content)
            self.take_keys()
        self._say(plan)
        self.button.setText(self.tr("Accept {0:,}  ⏎").format(plan.count))
        self.button.setEnabled(plan.count > 0 and not self._is_making)
        most = max((len(one.product_id) for one in plan.categories), default=1)
        while len(self._lines) < len(plan.categories):
            self._lines.append(CategoryLine(self._librarian, self))
            self._column.insertWidget(len(self._lines) - 1, self._lines[-1])
        for place, line in enumerate(self._lines):
            line.setVisible(place < len(plan.categories))
            if place < len(plan.categories):
                one = plan.categories[place]
                line.show_plan(one, self._session.styles[one.category_id], most)

    def _say(self, plan: AcceptPlan) -> None:
        """What the plan comes to, in words."""
        said = f"{100 * plan.precision:.4g} %" if plan.has_line else self.tr("no line")
        self.precision.setText(said)
        title = self.tr("{0:,} of {1:,} suggestions are above the line")
        if not plan.has_line:
            title = self.tr("{0:,} of {1:,} suggestions, however sure")
        self.title.setText(title.format(plan.count, plan.waiting))
        text = self.tr(
            "About {0:.1f} of them will be wrong. Beside each category: those it is least sure of."
        )
        if not plan.has_line:
            text = self.tr(
                "No precision is promised. By their confidences about {0:.1f} of them ({1:.1f} %) will be "
                "wrong, more where few labels taught it: a random check tells."
            )
        if not plan.waiting:
            text = self.tr(
                "Every product has a label or a decision. Tick the box to confirm imported labels, too."
            )
        share = 100 * plan.expected_errors / max(plan.count, 1)
        self.text.setText(text.format(plan.expected_errors, share))

    def _lay_out(self) -> None:
        theme = Theme.now()
        self._content = QWidget(self)
        self.slider.setFixedWidth(theme.px(320))
        row = QHBoxLayout()
        row.setSpacing(theme.px(12))
        row.addWidget(toned(self.tr("Precision"), "dim"))
        row.addWidget(self.slider)
        self.precision.setFixedWidth(theme.px(64))
        row.addWidget(self.precision)
        row.addSpacing(theme.px(12))
        row.addWidget(self.imported)
        row.addStretch(1)
        row.addWidget(self.button)
        lines = QWidget()
        lines.setObjectName("inspector_content")
        self._column = QVBoxLayout(lines)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(lines)
        area.viewport().setAutoFillBackground(False)
        layout = QVBoxLayout(self._content)
        layout.setContentsMargins(theme.px(28), theme.px(24), theme.px(28), theme.px(16))
        layout.setSpacing(theme.px(8))
        layout.addWidget(self.title)
        layout.addWidget(self.text)
        layout.addSpacing(theme.px(8))
        layout.addLayout(row)
        layout.addSpacing(theme.px(12))
        layout.addWidget(heading(self.tr("Per category")))
        layout.addWidget(area, 1)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self.notice)
        self._pages.addWidget(self._content)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._pages)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()
