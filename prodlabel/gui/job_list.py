"""All jobs under way, each with its progress, the time left and its own cancel; opens above the status bar.

Invariant: it shows what the tasks say; a job that ends leaves, and with the last one the list closes.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QProgressBar, QPushButton, QWidget

from prodlabel.gui.labels import ElidedLabel, toned
from prodlabel.gui.phrases import phrase
from prodlabel.gui.tasks import Task, Tasks
from prodlabel.gui.theme import Theme

translate = QCoreApplication.translate
_WIDTH_PX, _BAR_PX = 460, 120
_STEPS = 1000


def show_progress(bar: QProgressBar, task: Task) -> None:
    """How far a job is; a bar that moves where nobody knows."""
    fraction = None if task.state is None else task.state.fraction
    most, value = (0, 0) if fraction is None else (_STEPS, round(_STEPS * fraction))
    # A bar paints at once whatever waits in its window, even where it is told what it shows already.
    if bar.maximum() != most:
        bar.setRange(0, most)
    if bar.value() != value:
        bar.setValue(value)


class JobList(QFrame):
    """Signals: `cancel_wanted` with the task."""

    cancel_wanted = Signal(object)

    def __init__(self, tasks: Tasks, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("floating")
        self.setAccessibleName(self.tr("Jobs under way"))
        self._tasks = tasks
        self.rows: dict[int, _Row] = {}
        theme = Theme.now()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(*[theme.px(10)] * 4)
        self._grid.setHorizontalSpacing(theme.px(10))
        self._grid.setColumnStretch(0, 1)
        self.setFixedWidth(theme.px(_WIDTH_PX))
        tasks.changed.connect(self._on_changed)

    def open_above(self, widget: QWidget) -> None:
        """Show it with its right lower corner at the upper right corner of a widget."""
        self.refresh()
        self.adjustSize()
        corner = widget.mapToGlobal(QPoint(widget.width(), 0))
        self.move(corner - QPoint(self.width(), self.height() + Theme.now().px(6)))
        self.show()

    def _on_changed(self) -> None:
        if self.isVisible():
            self.refresh()

    def refresh(self) -> None:
        """Show the jobs as they are now, oldest first."""
        running = {task.number: task for task in self._tasks.running}
        for number in [one for one in self.rows if one not in running]:
            self.rows.pop(number).leave()
        for number, task in running.items():
            if number not in self.rows:
                self.rows[number] = _Row(self, self._grid, task)
            self.rows[number].show_state()
        if not self.rows:
            self.hide()


class _Row:
    """The widgets of one job."""

    def __init__(self, jobs: JobList, grid: QGridLayout, task: Task) -> None:
        self._task = task
        self.title, self.left = ElidedLabel(), toned("", "dim")
        self.bar = QProgressBar(jobs)
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(Theme.now().px(_BAR_PX))
        self.cancel = QPushButton(jobs.tr("cancel"), jobs)
        self.cancel.setProperty("link", "true")
        self.cancel.setAccessibleName(jobs.tr("Cancel {0}").format(task.title))
        self.cancel.clicked.connect(lambda *_: jobs.cancel_wanted.emit(task))
        row = grid.rowCount()
        for column, widget in enumerate(self._widgets):
            grid.addWidget(widget, row, column)

    @property
    def _widgets(self) -> tuple[QWidget, ...]:
        return self.title, self.bar, self.left, self.cancel

    def show_state(self) -> None:
        state = self._task.state
        stage = "" if state is None or not state.stage else phrase(state.stage)
        self.title.setText(" · ".join(part for part in (self._task.title, stage) if part))
        show_progress(self.bar, self._task)
        self.left.setText("" if state is None or state.left_s is None else time_left(state.left_s))

    def leave(self) -> None:
        for widget in self._widgets:
            widget.hide()
            widget.deleteLater()


def time_left(seconds: float) -> str:
    """How long a job still takes."""
    if seconds < 90:
        return translate("JobList", "{0:.0f} s left").format(seconds)
    return translate("JobList", "{0:.0f} min left").format(seconds / 60)
