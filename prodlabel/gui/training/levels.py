"""How deep in the taxonomy the classifier suggests: one box, shown where there is something to choose.

Invariant: it shows the level of the version in use, which remembers it, until another is chosen for the next.
"""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from prodlabel.gui.labels import heading, toned
from prodlabel.gui.theme import Theme
from prodlabel.operations.train import FUSION
from prodlabel.project.project import Project
from prodlabel.project.results import CLASSIFIER


class LevelBox(QWidget):
    """Collaborators: none; the place that holds it says of which project the levels are."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chosen = 0
        self.box = QComboBox(self)
        self.box.setAccessibleName(self.tr("Level of the categories that are suggested"))
        text = self.tr("From the next training on. Where it is unsure, it proposes the category above.")
        hint = toned(text, "dim")
        hint.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, Theme.now().px(8))
        for widget in (heading(self.tr("Suggests")), self.box, hint):
            column.addWidget(widget)
        self.box.activated.connect(self._on_box_activated)

    def show_levels(self, project: Project) -> None:
        """The levels of the project's categories."""
        taxonomy = project.taxonomy
        depths = [taxonomy.level(one.id) for one in taxonomy]
        counts = {level: depths.count(level) for level in sorted(set(depths)) if depths.count(level) > 1}
        version = project.results.current(CLASSIFIER, FUSION)
        used = next(iter(counts), 1) if version is None else int(version.settings.get("level", 1))
        self.box.clear()
        for level, count in counts.items():
            self.box.addItem(self.tr("level {0}: {1:,} categories").format(level, count), level)
        self.box.setCurrentIndex(max(0, self.box.findData(self.chosen or used)))
        self.setVisible(len(counts) > 1)

    def _on_box_activated(self, place: int) -> None:
        self.chosen = int(self.box.itemData(place) or 0)
