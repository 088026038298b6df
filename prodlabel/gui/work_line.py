"""What the program is at, shown where somebody waits for it: what, how far, how long still.

Invariant: it shows one task as it is now and knows nothing of it afterwards.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from prodlabel.gui.dialogs.progress_text import left_text
from prodlabel.gui.labels import toned
from prodlabel.gui.phrases import phrase
from prodlabel.gui.tasks import Task
from prodlabel.gui.theme import Theme

_WIDTH = 380


class WorkLine(QWidget):
    """A bar with a line of words; not there while there is nothing to wait for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = Theme.now()
        self.setFixedWidth(theme.px(_WIDTH))
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.text = toned("", "dim")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, theme.px(4), 0, 0)
        layout.setSpacing(theme.px(8))
        layout.addWidget(self.bar)
        layout.addWidget(self.text)
        self.hide()

    def centre(self) -> None:
        """Words in the middle, as below a title that stands there."""
        self.text.setAlignment(Qt.AlignmentFlag.AlignHCenter)

    def show_task(self, task: Task | None) -> None:
        """Speak of this task; None: there is none."""
        self.setVisible(task is not None)
        if task is None:
            return
        state = task.state
        fraction = None if state is None else state.fraction
        self.bar.setRange(0, 0 if fraction is None else 1000)
        self.bar.setValue(0 if fraction is None else round(1000 * fraction))
        if state is None:
            self.text.setText(task.title)
        else:
            self.text.setText(left_text(phrase(state.stage), state.left_s, state.done, state.total))
