"""How a map is laid out: t-SNE, UMAP or principal axes, each with a line of when to choose it.

Invariant: what is shown as chosen is how the map that is looked at was made; another choice makes that map
anew, and is remembered for maps that are made for the first time.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from prodlabel.gui.actions import QT_TRANSLATE_NOOP
from prodlabel.operations.layout import AXES, ELSEWHERE, LAYOUTS, TSNE, UMAP

TITLES = {TSNE: "t-SNE", UMAP: "UMAP", AXES: "PCA"}
_WHEN = {
    TSNE: QT_TRANSLATE_NOOP("LayoutChoice", "like products lie in heaps: the best to sort by"),
    UMAP: QT_TRANSLATE_NOOP("LayoutChoice", "heaps that are alike lie nearer to each other; takes longer"),
    AXES: QT_TRANSLATE_NOOP("LayoutChoice", "at once, but only the largest differences show"),
}


class LayoutChoice(QToolButton):
    """A button with the method in use and a list of all. Signal: `chosen` with the name of another."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolTip(self.tr("How the map is laid out"))
        menu, group = QMenu(self), QActionGroup(self)
        self.entries: dict[str, QAction] = {}
        for method in LAYOUTS:
            entry = menu.addAction(f"{TITLES[method]}: {self.tr(_WHEN[method])}")
            entry.setCheckable(True)
            entry.triggered.connect(lambda *_, method=method: self.chosen.emit(method))
            group.addAction(entry)
            self.entries[method] = entry
        self._group = group
        self.setMenu(menu)
        self.show_method(TSNE)

    def show_method(self, method: str) -> None:
        """Say how the map was made."""
        title = self.tr("brought along") if method == ELSEWHERE else TITLES.get(method, method)
        self.setText(f"{title} ▾")
        self.setAccessibleName(self.tr("How the map is laid out: {0}").format(title))
        self._group.setExclusive(False)
        for name, entry in self.entries.items():
            entry.setChecked(name == method)
        self._group.setExclusive(True)
