"""What can be done to a category: select, relabel to, rename, describe, split, merge, move, colour, remove.

Invariant: every change is shown first and is one step; nothing happens before it is applied.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QMenu, QWidget

from prodlabel.gui.catalogue.category_plan import CategoryPlan, CategoryPlans
from prodlabel.gui.category_styles import DIGITS
from prodlabel.gui.command_palette import CommandPalette, Entry
from prodlabel.gui.messages import Messages
from prodlabel.gui.painting import mark_icon
from prodlabel.gui.session import Session

Propose = Callable[[int], object]


class CategoryCommands(QObject):
    """Collaborators: `Session` (shows plans), `CommandPalette` (asks for names and targets), `Messages`."""

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

    def commands(self, category_id: int) -> list[tuple[str, Propose]]:
        """(title, what it does) of everything that can be done to this category now."""
        listed: list[tuple[str, Propose]] = [
            (self.tr("Select its products"), self.select),
            (self.tr("Relabel the selection to it"), self._propose),
            (self.tr("Rename…"), self.rename),
            (self.tr("Describe…"), self.describe),
            (self.tr("New category below…"), self.add_below),
            (self.tr("Split off the selected products…"), self.split),
            (self.tr("Merge into…"), self.merge),
            (self.tr("Move to…"), self.move),
            (self.tr("Colour…"), self.choose_colour),
            (self.tr("Key…"), self.choose_key),
            (self.tr("Remove"), self.remove),
        ]
        styles = self._session.styles
        left_out: set[Propose] = set()
        if not self._selected_in(category_id):
            left_out.add(self.split)
        if styles.main_of(category_id) != category_id:
            # What lies below a main category takes its colour, and only main ones have keys.
            left_out |= {self.choose_colour, self.choose_key}
        return [(title, act) for title, act in listed if act not in left_out]

    def open_menu(self, parent: QWidget, category_id: int, position: QPoint) -> QMenu:
        """Offer what can be done to this category."""
        menu = QMenu(parent)
        for title, act in self.commands(category_id):
            menu.addAction(title).triggered.connect(lambda *_, act=act: act(category_id))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(position)
        return menu

    def choose_what_to_change(self) -> None:
        """First the category, then what shall be done to it: the menu's way without a mouse."""
        entries = self.entries(self.tr("Change"), self.offer)
        self._palette.open_with(entries, self.tr("Which category shall change?"))

    def offer(self, category_id: int) -> None:
        """List what can be done to this category."""
        name = self._session.taxonomy[category_id].name
        entries = [Entry(title, name, _bound(act, category_id)) for title, act in self.commands(category_id)]
        self._palette.open_with(entries, self.tr("What shall be done to “{0}”?").format(name))

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
        is_in = np.isin(self._session.columns.category, wanted)
        self._session.select_rows(np.flatnonzero(is_in & self._session.visible))

    def rename(self, category_id: int) -> None:
        name = self._session.taxonomy[category_id].name
        hint = self.tr("New name of “{0}”").format(name)
        self._palette.ask(hint, name, lambda text: self._show(lambda plans: plans.rename(category_id, text)))

    def describe(self, category_id: int) -> None:
        """A sentence about it, which suggestions read beside the name."""
        category = self._session.taxonomy[category_id]
        hint = self.tr("What belongs to “{0}”, in a sentence").format(category.name)
        self._palette.ask(
            hint,
            category.description,
            lambda text: self._show(lambda plans: plans.describe(category_id, text)),
        )

    def add_below(self, category_id: int | None) -> None:
        """A new category below this one; None: at the top."""
        hint = self.tr("Name of the new category")
        self._palette.ask(hint, "", lambda text: self._show(lambda plans: plans.add(text, category_id)))

    def split(self, category_id: int) -> None:
        """The selected products of a category become one of their own."""
        count = self._selected_in(category_id)
        hint = self.tr("Name of the category for these {0:,} products").format(count)
        # Rows may mean other products by the time that a name was typed.
        ids = self._session.columns.product_id[self._session.selected_rows]

        def split(text: str) -> None:
            rows = self._session.columns.rows_here(ids)
            self._show(lambda plans: plans.split(category_id, rows, text))

        self._palette.ask(hint, "", split)

    def merge(self, category_id: int) -> None:
        name = self._session.taxonomy[category_id].name
        entries = self.entries(
            self.tr("Merge into"), lambda target: self.merge_into(category_id, target), category_id
        )
        self._palette.open_with(entries, self.tr("Merge “{0}” into…").format(name))

    def merge_into(self, category_id: int, target: int) -> None:
        self._show(lambda plans: plans.merge(category_id, target))

    def move(self, category_id: int) -> None:
        name = self._session.taxonomy[category_id].name
        group = self.tr("Move to")
        entries = self.entries(group, lambda target: self.move_to(category_id, target), category_id)
        top = Entry(self.tr("the top"), group, lambda: self.move_to(category_id, None))
        self._palette.open_with([top, *entries], self.tr("Move “{0}” to…").format(name))

    def move_to(self, category_id: int, parent: int | None) -> None:
        self._show(lambda plans: plans.move(category_id, parent))

    def choose_colour(self, category_id: int) -> None:
        """Offer the colours that the eye tells apart; each theme has its own shade of them."""
        session = self._session
        group = self.tr("Colour")
        entries = []
        for number, title in enumerate(self._colour_names()):
            style = session.styles.coloured(category_id, str(number + 1), session.palette)
            act = _bound_colour(self._set_colour, category_id, str(number + 1), title)
            entries.append(Entry(title, group, act, icon=mark_icon(style)))
        usual = self.tr("as it was at first")
        entries.append(Entry(usual, group, _bound_colour(self._set_colour, category_id, None, usual)))
        self._palette.open_with(
            entries, self.tr("Colour of “{0}”").format(session.taxonomy[category_id].name)
        )

    def choose_key(self, category_id: int) -> None:
        """Offer the digits and say who has each now."""
        session = self._session
        entries = []
        for digit in DIGITS:
            owner = session.styles.with_digit(digit)
            group = "" if owner is None else session.category_title(owner)
            entries.append(Entry(digit, group, _bound_key(self._set_key, category_id, digit)))
        hint = self.tr("Key of “{0}”").format(session.taxonomy[category_id].name)
        self._palette.open_with(entries, hint)

    def remove(self, category_id: int) -> None:
        self._show(lambda plans: plans.remove(category_id))

    def _set_colour(self, category_id: int, colour: str | None, title: str) -> None:
        self._show(lambda plans: plans.colour(category_id, colour, title))

    def _set_key(self, category_id: int, digit: str) -> None:
        self._show(lambda plans: plans.shortcut(category_id, digit))

    def _colour_names(self) -> tuple[str, ...]:
        return (
            self.tr("blue"),
            self.tr("orange"),
            self.tr("green"),
            self.tr("pink"),
            self.tr("yellow"),
            self.tr("violet"),
            self.tr("red"),
        )

    def _selected_in(self, category_id: int) -> int:
        """How many of the selected products are in a category or below it."""
        session = self._session
        below = session.taxonomy.descendants(category_id)
        return int(np.count_nonzero(np.isin(session.columns.category[session.selected_rows], below)))

    def _show(self, make: Callable[[CategoryPlans], CategoryPlan]) -> None:
        """Show a plan; what cannot be done is said instead."""
        session = self._session
        with self._messages.guard():
            session.propose_change(make(CategoryPlans(session.columns, session.taxonomy)))


def _bound(act: Propose, category_id: int) -> Callable[[], object]:
    return lambda: act(category_id)


def _bound_colour(
    act: Callable[[int, str | None, str], object], category_id: int, colour: str | None, title: str
) -> Callable[[], object]:
    return lambda: act(category_id, colour, title)


def _bound_key(act: Callable[[int, str], object], category_id: int, digit: str) -> Callable[[], object]:
    return lambda: act(category_id, digit)
