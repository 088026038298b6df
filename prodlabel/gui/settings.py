"""What a user can set, declared once: name, title, default and choices; kept as JSON, applied at once.

Invariant: a value in use is always a valid one; what a damaged or newer file says beyond that is left alone.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from prodlabel.core.errors import UserError
from prodlabel.gui.actions import QT_TRANSLATE_NOOP
from prodlabel.store.atomic import read_json, write_json

_log = logging.getLogger(__name__)
FILE_NAME = "settings.json"


@dataclass(frozen=True, slots=True)
class Setting:
    """One line of the table. `choices` empty: any value of the default's type. `is_shown`: on the sheet of
    settings; the others are remembered by the way."""

    name: str
    title: str
    default: Any
    choices: tuple[Any, ...] = ()
    is_shown: bool = False

    def is_valid(self, value: Any) -> bool:
        if self.choices:
            return value in self.choices
        return type(value) is type(self.default)


SETTINGS = (
    Setting("theme", QT_TRANSLATE_NOOP("Settings", "Theme"), "system", ("system", "dark", "light"), True),
    Setting(
        "font_scale",
        QT_TRANSLATE_NOOP("Settings", "Size of text"),
        1.0,
        (0.85, 1.0, 1.15, 1.3, 1.5, 2.0),
        True,
    ),
    Setting("language", QT_TRANSLATE_NOOP("Settings", "Language"), "system", ("system", "en", "fr"), True),
    Setting("motion", QT_TRANSLATE_NOOP("Settings", "Motion"), "system", ("system", "on", "off"), True),
    Setting("person", QT_TRANSLATE_NOOP("Settings", "Name in the history"), "", (), True),
    Setting(
        "panels_locked",
        QT_TRANSLATE_NOOP("Settings", "Panels stay where they are"),
        True,
        (True, False),
        True,
    ),
    Setting("legend", QT_TRANSLATE_NOOP("Settings", "Legend on the map"), True, (True, False), True),
    Setting(
        "pictures_apart",
        QT_TRANSLATE_NOOP("Settings", "Decode imported pictures in guarded processes"),
        False,
        (True, False),
        True,
    ),
    Setting("maps", "Maps side by side", []),
    Setting("layout_method", "How maps are laid out", "t-SNE", ("t-SNE", "umap", "pca")),
    Setting("tour_seen", "The tour was seen", False, (True, False)),
    Setting(
        "retrain_after",
        QT_TRANSLATE_NOOP("Settings", "Train again at the latest after so many corrections"),
        50,
        (0, 20, 50, 100, 200, 500),
        True,
    ),
    Setting(
        "retrain_minutes",
        QT_TRANSLATE_NOOP("Settings", "Train again after so many minutes"),
        10,
        (0, 5, 10, 20, 60),
        True,
    ),
    Setting("recent_projects", "Recent projects", []),
    Setting("shortcuts", "Changed shortcuts", {}),
    Setting("column_mappings", "What columns of tables mean", {}),
    Setting("window_state", "Places of the panels", ""),
    Setting("window_geometry", "Place of the window", ""),
)


class Settings(QObject):
    """The values in use. Signals: `changed` with the name, after the value was kept."""

    changed = Signal(str)

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = folder / FILE_NAME
        self._table: Mapping[str, Setting] = {setting.name: setting for setting in SETTINGS}
        self._stored = self._read()
        self._own: set[str] = set()

    @property
    def folder(self) -> Path:
        """Where small files that remember something for the user belong."""
        return self._path.parent

    def __getitem__(self, name: str) -> Any:
        setting = self._table[name]
        value = self._stored.get(name, setting.default)
        return value if setting.is_valid(value) else setting.default

    def set(self, name: str, value: Any) -> None:
        """Keep a value and tell. Raises `ValueError` for one that the table does not allow."""
        setting = self._table[name]
        if not setting.is_valid(value):
            raise ValueError(f"{value!r} is no value for {name}")
        if self[name] == value:
            return
        self._stored[name] = value
        self._own.add(name)
        self._write()
        self.changed.emit(name)

    def _read(self) -> dict[str, Any]:
        if not self._path.is_file():
            return {}
        try:
            stored = read_json(self._path)
        except (OSError, UserError) as error:
            _log.info("settings start from their defaults: %s", error)
            return {}
        return stored if isinstance(stored, dict) else {}

    def _write(self) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            # Another window may have kept something since: only what was set here is written over.
            write_json(self._path, self._read() | {name: self._stored[name] for name in self._own})
        except (OSError, UserError) as error:
            # A read-only home is no reason to stop working; the value holds until the program ends.
            _log.info("settings could not be kept: %s", error)
