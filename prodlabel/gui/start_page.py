"""What one sees without a project: recent ones, and the four ways to begin.

Invariant: a recent project that is no longer there is not listed; nothing is opened before it was asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from prodlabel.gui.labels import heading, plain_tip, toned
from prodlabel.gui.tasks import Task
from prodlabel.gui.theme import Theme
from prodlabel.gui.work_line import WorkLine

WIDTH = 620


class StartPage(QWidget):
    """Signals: `open_wanted` with a folder or None (ask), `new_wanted`, `demo_wanted`, `import_wanted` with a
    file or folder or None (ask).
    """

    open_wanted = Signal(object)
    new_wanted = Signal()
    demo_wanted = Signal()
    import_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("place")
        self.setAcceptDrops(True)
        theme = Theme.now()
        content = QWidget(self)
        content.setFixedWidth(theme.px(WIDTH))
        layout = QVBoxLayout(content)
        layout.setSpacing(theme.px(8))
        layout.addWidget(toned("prodlabel", "huge"))
        said = self.tr("See a catalogue as one map, find what is filed wrongly, relabel it in a stroke.")
        layout.addWidget(toned(said, "dim"))
        layout.addSpacing(theme.px(16))
        layout.addLayout(self._buttons())
        self.work = WorkLine(content)
        layout.addWidget(self.work)
        layout.addSpacing(theme.px(24))
        self._title = heading(self.tr("Recent"))
        layout.addWidget(self._title)
        self.recent = QListWidget(content)
        self.recent.setFrameShape(QFrame.Shape.NoFrame)
        self.recent.setAccessibleName(self.tr("Recent projects"))
        self.recent.itemActivated.connect(self._on_recent_activated)
        self.recent.itemClicked.connect(self._on_recent_activated)
        layout.addWidget(self.recent)
        self._none = toned(self.tr("No project yet. The demo shows in two minutes what can be done."), "dim")
        layout.addWidget(self._none)
        layout.addSpacing(theme.px(16))
        layout.addWidget(toned(self.tr("Or drop a project, a table or a folder of pictures here."), "dim"))
        outer = QVBoxLayout(self)
        outer.addStretch(2)
        outer.addWidget(content, 0, Qt.AlignmentFlag.AlignHCenter)
        outer.addStretch(3)
        self.show_recent([])

    def show_recent(self, folders: Sequence[str]) -> None:
        """List projects that were open lately, newest first."""
        self.recent.clear()
        for folder in folders:
            path = Path(folder)
            if path.is_dir():
                item = QListWidgetItem(f"{path.stem}    {path.parent}", self.recent)
                item.setData(Qt.ItemDataRole.UserRole, folder)
                item.setToolTip(plain_tip(folder))
        count = self.recent.count()
        self.recent.setVisible(bool(count))
        self._title.setVisible(bool(count))
        self._none.setVisible(not count)
        self.recent.setFixedHeight(min(count, 8) * Theme.now().px(30) + 4)

    def show_work(self, task: Task | None) -> None:
        """What is under way, where there is nothing else to look at; what was begun is not begun twice."""
        self.work.show_task(task)
        self.buttons["demo"].setEnabled(task is None)

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(Theme.now().px(8))
        self.buttons: dict[str, QPushButton] = {}
        for name, title, act in (
            ("open", self.tr("Open…"), lambda: self.open_wanted.emit(None)),
            ("new", self.tr("New…"), self.new_wanted.emit),
            ("import", self.tr("Import products…"), lambda: self.import_wanted.emit(None)),
            ("demo", self.tr("Open the demo"), self.demo_wanted.emit),
        ):
            button = QPushButton(title, self)
            button.setProperty("primary", "true" if name == "demo" else "false")
            button.clicked.connect(lambda *_, act=act: act())
            self.buttons[name] = button
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _on_recent_activated(self, item: QListWidgetItem) -> None:
        self.open_wanted.emit(Path(item.data(Qt.ItemDataRole.UserRole)))

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if not paths:
            return
        is_project = paths[0].name.endswith(".prodlabel")
        (self.open_wanted if is_project else self.import_wanted).emit(paths[0])
        event.acceptProposedAction()
