"""The sheet of settings, made from their table; each applies at once.

Invariant: it shows the values in use and knows no setting of its own.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLabel, QWidget

from prodlabel.core.person import default_person
from prodlabel.gui.settings import SETTINGS, Setting, Settings
from prodlabel.gui.sheet import Sheet
from prodlabel.gui.theme import Theme
from prodlabel.gui.typing_edit import TypingEdit


class SettingsSheet(Sheet):
    """Collaborators: `Settings`."""

    def __init__(self, settings: Settings, parent: QWidget) -> None:
        title = QCoreApplication.translate("SettingsSheet", "Settings")
        hint = QCoreApplication.translate("SettingsSheet", "Everything applies at once. Esc closes.")
        super().__init__(title, hint, (560, 460), parent)
        self._settings = settings
        self.fields: dict[str, QWidget] = {}

    def open(self) -> None:
        """Show the values as they are now."""
        content = QWidget()
        grid = QGridLayout(content)
        grid.setVerticalSpacing(Theme.now().px(10))
        grid.setColumnStretch(0, 1)
        self.fields = {}
        for row, setting in enumerate(one for one in SETTINGS if one.is_shown):
            title = QCoreApplication.translate("Settings", setting.title)
            field = self._field(setting)
            field.setAccessibleName(title)
            field.setFixedWidth(Theme.now().px(210))
            label = QLabel(title)
            label.setBuddy(field)
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1, Qt.AlignmentFlag.AlignRight)
            self.fields[setting.name] = field
        grid.setRowStretch(grid.rowCount(), 1)
        self.rise(content)
        next(iter(self.fields.values())).setFocus()

    def _field(self, setting: Setting) -> QWidget:
        name, value = setting.name, self._settings[setting.name]
        if isinstance(value, bool):
            box = QCheckBox()
            box.setChecked(value)
            box.toggled.connect(lambda is_on: self._settings.set(name, is_on))
            return box
        if not setting.choices:
            edit = TypingEdit()
            edit.setText(str(value))
            edit.setPlaceholderText(default_person())
            edit.editingFinished.connect(lambda: self._settings.set(name, edit.text().strip()))
            edit.left.connect(self.close_sheet)
            return edit
        choice = QComboBox()
        choice.setProperty("boxed", "true")
        for one in setting.choices:
            choice.addItem(self._said(one), one)
        choice.setCurrentIndex(setting.choices.index(value))
        choice.currentIndexChanged.connect(lambda at: self._settings.set(name, setting.choices[at]))
        return choice

    def _said(self, value: Any) -> str:
        """A choice in words."""
        words = {
            "system": self.tr("as the system"),
            "dark": self.tr("dark"),
            "light": self.tr("light"),
            "en": "English",
            "fr": "Français",
            "on": self.tr("on"),
            "off": self.tr("off"),
        }
        if isinstance(value, str):
            return words.get(value, value)
        if isinstance(value, float):
            return f"{100 * value:.0f} %"
        return self.tr("never") if not value else f"{value:,}"
