"""Work on the open project in the background: import, map, training, by the command line's operations.

Invariant: a worker computes from a snapshot; what it found is written by the GUI thread, which alone owns the
project. What was written when a job is cancelled stays.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from prodlabel.gui.main_window import MainWindow


class Work(QObject):
    """Starts the jobs of one window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window

    def import_products(self, location: Path) -> None:
        """Read a catalogue into the open project."""

    def make_map(self) -> None:
        """Read pictures, encode, lay out and cluster."""

    def train(self) -> None:
        """Train a classifier and suggest for every product."""

    def open_demo(self) -> None:
        """Make the demo where it is not there yet, and open it."""
