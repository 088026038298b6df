"""The bar above the map that says what the user should know, and the dialog for a defect of the program."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from prodlabel.gui.labels import ElidedLabel, toned
from prodlabel.gui.messages import Level, Message, Messages
from prodlabel.gui.theme import Theme

_SHOWN_MS = 8000
_MOST_REPORTS = 10


class MessageBar(QFrame):
    """Shows one message at a time; informations go by themselves, errors stay until closed."""

    def __init__(self, messages: Messages, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("message")
        self._message: Message | None = None
        self.text = ElidedLabel()
        self.offer = QPushButton(self)
        self.offer.clicked.connect(self._on_offer_clicked)
        close = QToolButton(self)
        close.setText("✕")
        close.setAccessibleName(self.tr("Close message"))
        close.clicked.connect(self.hide)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SHOWN_MS)
        self._timer.timeout.connect(self.hide)
        theme = Theme.now()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.px(16), theme.px(4), theme.px(8), theme.px(4))
        layout.addWidget(self.text, 1)
        layout.addWidget(self.offer)
        layout.addWidget(close)
        self.hide()
        messages.posted.connect(self.show_message)

    def show_message(self, message: Message) -> None:
        self._message = message
        self.text.setText(message.text)
        self.setProperty("level", message.level.value)
        self.style().unpolish(self)
        self.style().polish(self)
        self.offer.setVisible(message.offer is not None)
        if message.offer is not None:
            self.offer.setText(message.offer.title)
        self._timer.stop()
        if message.level is Level.INFO:
            self._timer.start()
        self.show()

    def _on_offer_clicked(self) -> None:
        self.hide()
        if self._message is not None and self._message.offer is not None:
            self._message.offer.act()


class Crashes(QObject):
    """Shows defects over a window, all in one dialog: what breaks once breaks again at the next repaint.

    Invariant: the dialog opens from the event loop, never in the midst of what has broken.
    """

    def __init__(self, messages: Messages, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.dialog: CrashDialog | None = None
        messages.crashed.connect(self._on_crashed, Qt.ConnectionType.QueuedConnection)

    def _on_crashed(self, report: str) -> None:
        if self.dialog is not None:
            self.dialog.add(report)
            return
        self.dialog = CrashDialog(report, self._window)
        self.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.dialog.finished.connect(self._on_dialog_finished)
        self.dialog.open()

    def _on_dialog_finished(self, _result: int) -> None:
        self.dialog = None


class CrashDialog(QDialog):
    """A defect of the program: says that nothing is lost, and has the report to copy."""

    def __init__(self, report: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Something went wrong in prodlabel"))
        text = toned(
            self.tr(
                "This is a defect of the program. Your labels are safe: each was written when it was made."
            ),
            "dim",
        )
        text.setWordWrap(True)
        self._reports: list[str] = []
        self.report = QPlainTextEdit(self)
        self.report.setReadOnly(True)
        self.add(report)
        copy = QPushButton(self.tr("Copy the report"), self)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.report.toPlainText()))
        go_on = QPushButton(self.tr("Go on"), self)
        go_on.setProperty("primary", "true")
        go_on.setDefault(True)
        go_on.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(copy)
        buttons.addWidget(go_on)
        layout = QVBoxLayout(self)
        layout.addWidget(toned(self.tr("Something went wrong"), "title"))
        layout.addWidget(text)
        layout.addWidget(self.report, 1)
        layout.addLayout(buttons)
        theme = Theme.now()
        self.resize(theme.px(680), theme.px(420))

    def add(self, report: str) -> None:
        """Another defect, told below the others; the same one is told once, and the first are the ones that
        matter."""
        if report not in self._reports and len(self._reports) < _MOST_REPORTS:
            self._reports.append(report)
            self.report.appendPlainText(report if len(self._reports) == 1 else f"\n{report}")
