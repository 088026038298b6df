"""The field of the search box: completes the part that is typed, and takes pictures that were copied."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import (
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QStringListModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QGuiApplication, QImage, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QCompleter, QWidget
from typing_extensions import override

from prodlabel.gui.query import last_part
from prodlabel.gui.typing_edit import TypingEdit

PICTURES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff"})
"""What is dropped or pasted with such an ending is looked for, not imported."""


def picture_in(data: QMimeData) -> Path | QImage | None:
    """The picture that something copied or dragged is, as a file or by itself; None where it is none."""
    files = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    if files and files[0].suffix.lower() in PICTURES:
        return files[0]
    if data.hasImage() and not data.hasText():
        image = QImage(data.imageData())
        return None if image.isNull() else image
    return None


class SearchEdit(TypingEdit):
    """Signal: `picture_pasted` with a file or a picture."""

    picture_pasted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setClearButtonEnabled(False)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            picture = picture_in(QGuiApplication.clipboard().mimeData())
            if picture is not None:
                self.picture_pasted.emit(picture)
                return
        super().keyPressEvent(event)


class LastPartCompleter(QCompleter):
    """Completes the last part of a query; what stands before it stays."""

    def __init__(self, model: QStringListModel, parent: QObject) -> None:
        super().__init__(model, parent)
        self._before = ""
        self.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)

    @override
    def splitPath(self, path: str) -> list[str]:
        self._before, part = last_part(path)
        return [part]

    @override
    def pathFromIndex(self, index: QModelIndex | QPersistentModelIndex) -> str:
        return self._before + super().pathFromIndex(index)
