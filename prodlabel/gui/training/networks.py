"""The panel that trains networks: which one, live curves of loss and accuracy, time left, cancel.

Invariant: nothing here imports TensorFlow; the training runs in a process of its own, which tells of epochs.
"""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF, QShowEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from prodlabel.gui.labels import heading, toned
from prodlabel.gui.tasks import Callbacks, Task, Tasks
from prodlabel.gui.theme import Theme
from prodlabel.gui.training.charts import Chart
from prodlabel.learning.networks.plan import (
    HEAD,
    JOINT,
    JOINT_USE,
    PICTURE_NETWORK,
    EpochFigures,
    what_is_missing,
)

_CHART_PX = 120
_LEAST_EPOCHS = 12


class EpochChart(Chart):
    """One figure against epochs: what is learned from (dim) and what is kept aside (accent)."""

    def __init__(self, title: str, *, is_share: bool, parent: QWidget | None = None) -> None:
        super().__init__("", title, parent)
        self._titles = self.tr("epochs"), title
        self._is_share = is_share
        self.learned: list[float] = []
        self.checked: list[float] = []
        self.turn = 0
        self.setMinimumHeight(Theme.now().px(_CHART_PX))
        self.setAccessibleName(title)

    def show_points(self, learned: list[float], checked: list[float], turn: int = 0) -> None:
        """One entry per epoch in each; `turn`: the first in which the last blocks learn too (0: none)."""
        self.learned, self.checked, self.turn = learned, checked, turn
        values = [*learned, *checked]
        self.x_range = 1.0, float(max(_LEAST_EPOCHS, len(checked)))
        # Four round steps.
        low, high = 0.0, 1.0 if self._is_share else 0.4 * ceil(max([*values, 0.1]) / 0.4)
        if self._is_share and values:
            low = min(0.8, int(5 * min(values)) / 5)
        self.y_range = low, high
        self.update()

    @override
    def x_text(self, x: float) -> str:
        return f"{x:.0f}"

    @override
    def y_text(self, y: float) -> str:
        return f"{100 * y:.0f}" if self._is_share else f"{y:.1f}"

    @override
    def draw(self, painter: QPainter, theme: Theme) -> None:
        if self.turn:
            painter.setPen(QPen(QColor(theme.palette.dim), 1, Qt.PenStyle.DashLine))
            between, (low, high) = self.turn - 0.5, self.y_range
            painter.drawLine(self.at(between, low), self.at(between, high))
        for values, colour, width in (
            (self.learned, theme.palette.dim, 1.5),
            (self.checked, theme.palette.accent, 2.0),
        ):
            points = [self.at(epoch, value) for epoch, value in enumerate(values, 1)]
            painter.setPen(QPen(QColor(colour), width))
            if len(points) == 1:
                painter.drawEllipse(QPointF(points[0]), theme.px(2), theme.px(2))
            else:
                painter.drawPolyline(QPolygonF(points))

    @override
    def sizeHint(self) -> QSize:
        return QSize(260, Theme.now().px(_CHART_PX))


class NetworkPanel(QWidget):
    """Collaborators: `Tasks`. Signals: `train_wanted` with the kind of network."""

    train_wanted = Signal(str)

    def __init__(self, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._task: Task | None = None
        self._look: Task | None = None
        self._missing: str | None = ""
        self._course: list[EpochFigures] = []
        self.kind = QComboBox(self)
        self.kind.addItem(self.tr("Joint fusion: pictures and texts"), JOINT)
        self.kind.addItem(self.tr("Joint fusion, USE learns too"), JOINT_USE)
        self.kind.addItem(self.tr("Pictures alone"), PICTURE_NETWORK)
        self.kind.setAccessibleName(self.tr("Kind of network"))
        self.train = QPushButton(self.tr("Train a network"), self)
        self.cancel = QPushButton(self.tr("Cancel"), self)
        self.said = toned("", "dim")
        self.accuracy = EpochChart(self.tr("right, %"), is_share=True, parent=self)
        self.loss = EpochChart(self.tr("loss"), is_share=False, parent=self)
        self.legend = toned(
            self.tr(
                "Bright: products kept aside. Grey: altered ones it learns from. "
                "After the dashed line its last blocks learn too."
            ),
            "dim",
        )
        self._lay_out()
        self.train.clicked.connect(lambda: self.train_wanted.emit(str(self.kind.currentData())))
        self.cancel.clicked.connect(self._on_cancel_clicked)
        tasks.changed.connect(self._show_state)
        self._show_state()

    def follow(self, task: Task) -> None:
        """Show how this training comes along."""
        if task is self._task:
            return
        self._task, self._course = task, []
        self._show_course()
        self._show_state()

    def take_epoch(self, figures: EpochFigures) -> None:
        """One epoch more; a new training begins new curves."""
        if self._course and self._course[-1].training != figures.training:
            self._course = []
        self._course.append(figures)
        self._show_course()
        self._show_state()

    def _show_course(self) -> None:
        course = self._course
        head = sum(one.stage == HEAD for one in course)
        turn = head + 1 if head < len(course) else 0
        self.accuracy.show_points(
            [one.accuracy for one in course], [one.checked_accuracy for one in course], turn
        )
        self.loss.show_points([one.loss for one in course], [one.checked_loss for one in course], turn)
        for widget in (self.accuracy, self.loss, self.legend):
            widget.setVisible(bool(course))

    def _show_state(self) -> None:
        is_running = self._task is not None and not self._task.is_over
        self.train.setEnabled(not is_running and not self._missing)
        self.kind.setEnabled(self.train.isEnabled())
        self.cancel.setVisible(is_running)
        if is_running:
            self.said.setText(self._state_text())
        elif self._missing:
            self.said.setText(self._missing)
        else:
            self.said.setText(self.tr("Takes minutes. Stopped, it goes on from there if no label changed."))

    def _state_text(self) -> str:
        parts = []
        if self._course:
            last = self._course[-1]
            what = self.tr("end") if last.stage == HEAD else self.tr("last blocks")
            text = self.tr("Training {0} of {1}, {2}, epoch {3} of {4}")
            parts.append(text.format(last.training, last.trainings, what, last.epoch, last.epochs))
        state = None if self._task is None else self._task.state
        if state is not None and not self._course:
            parts.append(state.stage)
        if state is not None and state.left_s is not None:
            left = max(1, round(state.left_s / 60))
            parts.append(self.tr("about {0:,} min left").format(left))
        return " · ".join(parts) or self.tr("Starting…")

    def _look_for_packages(self) -> None:
        """Off this thread, since they are looked for on disk; again as often as one was missing."""
        if self._missing is not None and (self._look is None or self._look.is_over):
            self._look = self._tasks.start(
                self.tr("Looking for TensorFlow"), lambda _: what_is_missing(), Callbacks(self._take_missing)
            )

    def _take_missing(self, missing: str | None) -> None:
        self._missing = missing
        self._show_state()

    def _on_cancel_clicked(self) -> None:
        if self._task is not None:
            self._tasks.cancel(self._task)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Theme.now().px(8))
        buttons = QHBoxLayout()
        buttons.addWidget(self.train, 1)
        buttons.addWidget(self.cancel)
        for label in (self.said, self.legend):
            label.setWordWrap(True)
        column.addWidget(heading(self.tr("Networks")))
        column.addWidget(self._choice())
        column.addLayout(buttons)
        for widget in (self.said, self.accuracy, self.loss, self.legend):
            column.addWidget(widget)
        self._show_course()

    def _choice(self) -> QFrame:
        """The kinds in a frame of their own, as the choices on the map stand."""
        box = QFrame(self)
        box.setObjectName("floating")
        layout = QHBoxLayout(box)
        side = Theme.now().px(10)
        layout.setContentsMargins(0, 1, side, 1)
        layout.addWidget(self.kind, 1)
        layout.addWidget(toned("▾", "dim"))
        return box

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._look_for_packages()
