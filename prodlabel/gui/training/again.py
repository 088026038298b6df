"""When it trains again by itself: two boxes that show and change the settings.

Invariant: a box always shows what holds, wherever it was changed.
"""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from prodlabel.gui.boxes import ChoiceBox
from prodlabel.gui.labels import toned
from prodlabel.gui.settings import SETTINGS, Settings
from prodlabel.gui.theme import Theme

AFTER, MINUTES = "retrain_after", "retrain_minutes"


class Again(QWidget):
    """Collaborators: `Settings`."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self.after = self._box(AFTER, self.tr("{0:,} corrections"))
        self.minutes = self._box(MINUTES, self.tr("{0:,} min"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Theme.now().px(6))
        for widget in (toned(self.tr("again after"), "dim"), self.after, self.minutes):
            layout.addWidget(widget)
        settings.changed.connect(self._show)
        self._show()

    def _box(self, name: str, text: str) -> QComboBox:
        setting = next(one for one in SETTINGS if one.name == name)
        box = ChoiceBox(setting.title, self)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        for choice in setting.choices:
            box.addItem(text.format(choice) if choice else self.tr("never"), choice)
        box.currentIndexChanged.connect(lambda _: self._settings.set(name, box.currentData()))
        return box

    def _show(self) -> None:
        for name, box in ((AFTER, self.after), (MINUTES, self.minutes)):
            box.setCurrentIndex(box.findData(self._settings[name]))
