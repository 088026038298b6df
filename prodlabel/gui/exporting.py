"""Asks for a file and has products or a picture of the map written to it.

Invariant: what is written was chosen when it was asked for, whatever changes while one looks for a folder.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

if TYPE_CHECKING:
    from prodlabel.gui.main_window import MainWindow
    from prodlabel.gui.work import Work


class Exporting(QObject):
    """Collaborators: the window and, once something is written, its `Work`."""

    def __init__(self, window: MainWindow, work: Callable[[], Work]) -> None:
        super().__init__(window)
        self._window, self._work = window, work

    def export_products(self) -> None:
        """Ask for a file and write all products to it."""
        path = self._ask_for_export()
        if path is not None:
            self._work().export_products(path)

    def export_selection(self) -> None:
        """Ask for a file and write the selected products to it."""
        workplace = self._window.workplace
        if workplace is None:
            return
        session = workplace.session
        ids = session.columns.product_id[session.selected_rows]  # rows change while one looks for a folder
        path = self._ask_for_export()
        if path is not None and len(ids) and self._window.workplace is workplace:
            self._work().export_products(path, session.columns.rows_here(ids))

    def export_map(self) -> None:
        """Ask for a file and save what the map shows, as PNG or SVG."""
        if self._window.workplace is not None:
            kinds = self.tr("Picture (*.png);;Drawing (*.svg)")
            path = self._ask_for_file(self.tr("Save picture of the map"), ".png", kinds)
            if path is not None:
                self._work().save_map(path)

    def _ask_for_export(self) -> Path | None:
        kinds = self.tr("Table (*.csv);;Lines of JSON (*.jsonl);;Parquet (*.parquet)")
        return self._ask_for_file(self.tr("Export products"), ".csv", kinds)

    def _ask_for_file(self, title: str, suffix: str, kinds: str) -> Path | None:
        """A file to write, named after the project beside it unless said otherwise."""
        if self._window.workplace is None:
            return None
        proposed = self._window.workplace.session.project.folder.with_suffix(suffix)
        chosen, kind = QFileDialog.getSaveFileName(self._window, title, str(proposed), kinds)
        if not chosen:
            return None
        path = Path(chosen)
        # Some systems leave the ending to the program.
        return path if path.suffix else path.with_suffix(kind.partition("*")[2].rstrip(")") or suffix)
