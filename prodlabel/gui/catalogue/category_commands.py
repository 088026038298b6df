"""What can be done to a category: select, relabel to, rename, new below, merge, remove; each one step.

Invariant: every command is an edit of the project, applied whole or not at all.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QMenu, QWidget

from prodlabel.core.edits import AddCategory, Because, ChangeCategory, Edit, Relabel, RetireCategory
from prodlabel.core.labels import Status
from prodlabel.gui.command_palette import CommandPalette, Entry
from prodlabel.gui.messages import Messages
from prodlabel.gui.painting import mark_icon
from prodlabel.gui.session import Session

Propose = Callable[[int], object]


class CategoryCommands(QObject):
    """Collaborators: `Session`, `CommandPalette` (asks for names and targets), `Messages`."""

    def __init__(
        self,
        session: Session,
        palette: CommandPalette,
        messages: Messages,
        propose: Propose,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._palette, self._messages = session, palette, messages
        self._propose = propose

    def open_menu(self, parent: QWidget, category_id: int, position: QPoint) -> QMenu:
        """Offer what can be done to this category."""
        menu = QMenu(parent)
        for title, act in (
            (self.tr("Select its products"), self.select),
            (self.tr("Relabel the selection to it"), self._propose),
            (self.tr("Rename…"), self.rename),
            (self.tr("New category below…"), self.add_below),
            (self.tr("Merge into…"), self.merge),
            (self.tr("Remove"), self.remove),
        ):
            menu.addAction(title).triggered.connect(lambda *_, act=act: act(category_id))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(position)
        return menu

    def entries(self, group: str, act: Propose, without: int = 0) -> list[Entry]:
        """All categories as things to choose."""
        session = self._session
        return [
            Entry(
                session.taxonomy.path_text(category.id),
                group,
                _bound(act, category.id),
                session.styles.digit(category.id) or "",
                mark_icon(session.styles[category.id]),
            )
            for category in session.taxonomy
            if category.id != without
        ]

    def select(self, category_id: int) -> None:
        wanted = self._session.taxonomy.descendants(category_id)
        self._session.select_rows(np.flatnonzero(np.isin(self._session.columns.category, wanted)))

    def rename(self, category_id: int) -> None:
        name = self._session.taxonomy[category_id].name
        hint = self.tr("New name of “{0}”").format(name)
        self._palette.ask(hint, name, lambda text: self._apply(ChangeCategory(category_id, {"name": text})))

    def add_below(self, category_id: int | None) -> None:
        """A new category below this one; None: at the top."""
        hint = self.tr("Name of the new category")
        self._palette.ask(hint, "", lambda text: self._apply(AddCategory(text, category_id)))

    def merge(self, category_id: int) -> None:
        name = self._session.taxonomy[category_id].name
        entries = self.entries(
            self.tr("Merge into"), lambda target: self.merge_into(category_id, target), category_id
        )
        self._palette.open_with(entries, self.tr("Merge “{0}” into…").format(name))

    def merge_into(self, category_id: int, target: int) -> None:
        """Everything in and below one category goes to another; each label keeps its status."""
        session = self._session
        columns = session.columns
        because = Because("merge")
        edits: list[Edit] = []
        rows = np.flatnonzero(columns.category == category_id)
        for status in np.unique(columns.status[rows]).tolist():
            ids = columns.product_id[rows[columns.status[rows] == status]]
            edits.append(Relabel(ids, target, Status(status), because))
        edits += [ChangeCategory(c.id, {"parent": target}) for c in session.taxonomy.children(category_id)]
        self._apply(*edits, RetireCategory(category_id, because))

    def remove(self, category_id: int) -> None:
        self._apply(RetireCategory(category_id))

    def _apply(self, *edits: Edit) -> None:
        with self._messages.guard():
            self._session.apply(*edits)


def _bound(act: Propose, category_id: int) -> Callable[[], object]:
    return lambda: act(category_id)
