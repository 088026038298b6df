"""What the window's actions do: files, panels, help, and the work that runs in the background.

Invariant: an action only asks; whatever may take long runs as a task or in the librarian's thread. What
only a project needs is imported with the first one.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QFileDialog

from prodlabel.core.errors import UserError
from prodlabel.gui.actions import ACTIONS, key_text, translated
from prodlabel.gui.catalogue.search_edit import picture_in
from prodlabel.gui.command_palette import Entry
from prodlabel.gui.exporting import Exporting
from prodlabel.gui.place_names import MAP, PLACES, REVIEW
from prodlabel.gui.retraining import Retraining
from prodlabel.gui.settings import SETTINGS
from prodlabel.gui.tasks import Callbacks
from prodlabel.gui.theme import ALWAYS_DARK, ALWAYS_LIGHT
from prodlabel.learning.networks.plan import JOINT, JOINT_USE, PICTURE_NETWORK

if TYPE_CHECKING:
    from prodlabel.gui.catalogue.category_commands import CategoryCommands
    from prodlabel.gui.dialogs.import_dialog import ImportDialog
    from prodlabel.gui.main_window import MainWindow
    from prodlabel.gui.map_pane import MapPane
    from prodlabel.gui.scan import Scan
    from prodlabel.gui.work import Work
    from prodlabel.gui.workplace import Workplace
    from prodlabel.operations.food import FoodDesk

_WAITING_MS = 300
_IMPORT = "import"
_NETWORKS = {"train_joint": JOINT, "train_joint_use": JOINT_USE, "train_picture_network": PICTURE_NETWORK}


class WindowActions(QObject):
    """Connects the table of actions with a window and the project that is open in it."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.retraining = Retraining(
            window.settings, window.tasks, lambda: self.work.train(is_asked=False), self
        )
        self.exporting = Exporting(window, lambda: self.work)
        self._waiting = QTimer(self, interval=_WAITING_MS)
        self._waiting.timeout.connect(self._on_waiting_timeout)
        self._handlers: dict[str, Callable[[], object]] = {}
        self._categories: CategoryCommands | None = None
        self.make_desk: Callable[[], FoodDesk] = _food_desk
        table = window.actions_table
        ready = window.opening.when_ready
        always: dict[str, Callable[[], object]] = {
            "new_project": lambda: ready(self.new_project),
            "open_project": lambda: self.open_project(None),
            "open_demo": self.open_demo,
            "import_products": lambda: self.offer_import(None),
            "import_food": lambda: ready(self.import_food),
            "export_products": self.exporting.export_products,
            "export_selection": self.exporting.export_selection,
            "export_map": self.exporting.export_map,
            "backups": window.safe_keeping.open_dialog,
            "close_project": self._close_project,
            "quit": window.close,
            "search": self._search,
            "paste_picture": self._paste_picture,
            "show_history": lambda: window.toggle_panel("history"),
            "show_agreement": lambda: window.toggle_panel("agreement"),
            "name_person": self.name_person,
            "choose_category": self.choose_category,
            "new_category": self.new_category,
            "change_category": self.change_category,
            **{f"place_{name}": self._place_opener(name) for name in PLACES},
            "toggle_left": lambda: window.toggle_panel("left"),
            "toggle_right": lambda: window.toggle_panel("right"),
            "toggle_gallery": lambda: window.toggle_panel("gallery"),
            "grow_gallery": window.grow_gallery,
            "move_panels": self._move_panels,
            "toggle_theme": self._toggle_theme,
            "switch_language": self._switch_language,
            "toggle_legend": lambda: window.settings.set("legend", not window.settings["legend"]),
            "larger_text": lambda: self._scale_text(1),
            "smaller_text": lambda: self._scale_text(-1),
            "make_map": self._make_map,
            "train": lambda: self.work.train(is_asked=True),
            **{name: self._trainer(kind) for name, kind in _NETWORKS.items()},
            "toggle_retraining": self.retraining.toggle,
            "cancel_work": self._cancel_work,
            "palette": self._open_palette,
            "shortcuts": self._open_shortcuts,
            "settings": self._open_settings,
        }
        for name, act in always.items():
            table.bind(name, act)
        for spec in ACTIONS:
            # Those of the open project are looked up when they are pressed: projects come and go.
            if spec.name not in always and spec.name in _OF_A_PROJECT:
                table.bind(spec.name, self._later(spec.name))

    @cached_property
    def work(self) -> Work:
        """The work on the open project."""
        from prodlabel.gui.work import Work

        return Work(self._window)

    @property
    def _is_importing(self) -> bool:
        return "work" in self.__dict__ and self.work.is_importing

    def rebuild(self) -> None:
        """Build the window anew, once no import is under way: it belongs to the panes and would end."""
        if not self._is_importing:
            self._window.rebuild()
        elif not self._waiting.isActive():
            self._window.messages.inform(self.tr("This is shown once the import is done."))
            self._waiting.start()

    def _on_waiting_timeout(self) -> None:
        if not self._is_importing:
            self._waiting.stop()
            self._window.rebuild()

    def cancel_what_panes_wait_for(self) -> None:
        """The panes go away: what was begun for them ends, the work on the project goes on."""
        for task in self._window.tasks.running:
            if task.is_of_pane:
                self._window.tasks.cancel(task)

    def suggest_again(self) -> None:
        """Suggestions by the version that was put in use."""
        self.work.suggest_again()

    def serve(self, workplace: Workplace) -> None:
        """Act on this project from now on."""
        from prodlabel.gui.catalogue.category_commands import CategoryCommands

        self._handlers = {
            **workplace.handlers(),
            "note": self._note,
            "clear_filter": self._window.top.search.clear,
        }
        session = workplace.session
        for signal in (
            session.selection_changed,
            session.focus_changed,
            session.plan_changed,
            session.taxonomy_changed,
            session.history_changed,
        ):
            signal.connect(self.follow)
        categories = CategoryCommands(
            session, self._window.palette_panel, self._window.messages, workplace.deciding.give, workplace
        )
        self._categories = categories
        self.retraining.serve(session)
        workplace.side.move_wanted.connect(lambda one, to: categories.move_to(one, to or None))
        workplace.side.rename_wanted.connect(categories.rename)
        workplace.side.new_category_wanted.connect(self.new_category)
        workplace.side.category_menu_wanted.connect(
            lambda category_id, position: categories.open_menu(workplace.side, category_id, position)
        )
        workplace.agreement.person_wanted.connect(self.name_person)
        workplace.history.go_back_wanted.connect(self._go_back)

    def serve_maps(self, maps: MapPane) -> None:
        """Make and read what the maps want to show, and keep which ones lie side by side."""
        settings = self._window.settings
        maps.layout_wanted.connect(lambda name: self.work.make_map(only=name))
        maps.method.show_method(settings["layout_method"])
        maps.method_wanted.connect(self.work.lay_out_by)
        maps.values_wanted.connect(self.work.read_values)
        if len(settings["maps"]) > 1:
            maps.split([str(name) for name in settings["maps"]])
        maps.sheets_changed.connect(lambda names: settings.set("maps", names))

    def follow(self) -> None:
        """Enable what can be used now."""
        window = self._window
        if window.workplace is None:
            self._categories = None
            self.retraining.serve(None)
        session = None if window.workplace is None else window.workplace.session
        table = window.actions_table
        shows_products = session is not None and window.place in (MAP, REVIEW)
        table.follow(
            has_project=session is not None,
            has_selection=session is not None and session.selection.rows.count > 0,
            has_focus=session is not None
            and (window.place == REVIEW or session.row_of(session.focus) is not None),
            is_reviewing=session is not None and window.place == REVIEW,
            shows_products=shows_products,
        )
        has_plan = session is not None and (session.plan is not None or session.change is not None)
        table["apply_plan"].setEnabled(shows_products and (has_plan or window.place == REVIEW))
        for digit in "1234567890":
            is_used = session is not None and session.styles.with_digit(digit) is not None
            table[f"category_{digit}"].setEnabled(shows_products and is_used)

    def begin_scan(self) -> None:
        """Read all texts once for brands and doubles, where there are products."""
        workplace = self._window.workplace
        if workplace is None or not len(workplace.session.columns):
            return
        from prodlabel.gui.scan import scan_texts

        snapshot = workplace.session.project.snapshot()

        def take(scan: Scan) -> None:
            if self._window.workplace is workplace:
                workplace.session.take_scan(scan)

        callbacks = Callbacks(take, self._window.messages.report)
        self._window.tasks.start(
            self.tr("Reading texts"), lambda progress: scan_texts(snapshot, progress), callbacks
        )

    # Projects

    def new_project(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(self._window, self.tr("New project"), "", "*.prodlabel")
        if chosen:
            self._create(Path(chosen))

    def open_project(self, folder: Path | None) -> None:
        if folder is None:
            chosen = QFileDialog.getExistingDirectory(self._window, self.tr("Open project"))
            folder = Path(chosen) if chosen else None
        if folder is not None:
            self._window.open_project(folder)

    def open_demo(self) -> None:
        def open_it() -> None:
            self.work.open_demo()

        self._window.opening.when_ready(open_it)

    def study(self, location: Path) -> None:
        """Import into the open project without asking, then map, train and suggest."""
        self.work.study(location)

    def offer_import(self, location: Path | None) -> None:
        """Offer to import, as soon as that can be done."""
        self._window.opening.when_ready(lambda: self.import_products(location))

    def import_products(self, location: Path | None) -> ImportDialog:
        """Offer to import; a file or folder is looked into at once."""
        dialog = self._open_import()
        if location is not None:
            dialog.show_location(location)
        return dialog

    def import_food(self) -> ImportDialog:
        """Offer to search in Open Food Facts."""
        from prodlabel.sources.food.query import OPEN_FOOD_FACTS

        dialog = self._open_import()
        dialog.show_database(OPEN_FOOD_FACTS)
        return dialog

    def close_dialogs(self) -> None:
        """The project or the window closes: so does what speaks of it."""
        for dialog in self._window.findChildren(QDialog, _IMPORT):
            if dialog.isVisible():
                dialog.reject()

    def _open_import(self) -> ImportDialog:
        from prodlabel.gui.dialogs.import_dialog import ImportDialog

        dialog = ImportDialog(self._window, self.work, self.make_desk())
        dialog.setObjectName(_IMPORT)
        dialog.open()
        return dialog

    def _create(self, folder: Path) -> bool:
        from prodlabel.project.project import Project

        try:
            project = Project.create(folder, person=self._window.settings["person"] or None)
        except UserError as error:
            self._window.messages.report(error)
            return False
        self._window.show_project(project)
        return True

    def _close_project(self) -> None:
        self._window.close_project()
        self._window.show_start()

    # Labels and categories

    def choose_category(self) -> None:
        """Offer all categories; the chosen one is proposed for the selection."""
        workplace = self._window.workplace
        if workplace is not None and self._categories is not None:
            entries = self._categories.entries(self.tr("Relabel to"), self._give)
            self._window.palette_panel.open_with(entries, self.tr("Relabel to… type the first letters"))

    def _give(self, category_id: int) -> None:
        """A category was chosen from the list: it is for what the place that is shown is about."""
        window = self._window
        if window.place == REVIEW and window.places is not None:
            window.places.review.choose(category_id)
        elif window.workplace is not None:
            window.workplace.deciding.give(category_id)

    def new_category(self) -> None:
        if self._categories is not None:
            self._categories.add_below(None)

    def change_category(self) -> None:
        if self._categories is not None:
            self._categories.choose_what_to_change()

    def name_person(self) -> None:
        """Ask who decides from now on; the name stands in the history beside each decision."""
        workplace = self._window.workplace
        if workplace is not None:
            hint = self.tr("Name of who decides from now on")
            name = workplace.session.project.person
            self._window.palette_panel.ask(hint, name, lambda text: self._window.settings.set("person", text))

    def _note(self) -> None:
        workplace = self._window.workplace
        if workplace is None:
            return
        count = len(workplace.deciding.rows())
        one, many = self.tr("Note for the history of this product"), self.tr("Note for {0:,} products")
        hint = one if count == 1 else many.format(count)
        self._window.palette_panel.ask(hint, "", workplace.deciding.note)

    def _go_back(self, edit_id: int) -> None:
        """Undo until this line of the history is the newest one that holds."""
        workplace = self._window.workplace
        if workplace is None:
            return
        from prodlabel.gui.catalogue.history_panel import go_back_to

        with self._window.messages.guard():
            go_back_to(workplace.session, edit_id)
            workplace.librarian.forget_thumbnails()

    # The window

    def _search(self) -> None:
        self._window.top.search.edit.setFocus()
        self._window.top.search.edit.selectAll()

    def _paste_picture(self) -> None:
        picture = picture_in(QGuiApplication.clipboard().mimeData())
        if picture is None:
            self._window.messages.inform(self.tr("There is no picture on the clipboard."))
        else:
            self._window.top.search.search_picture(picture)

    def _move_panels(self) -> None:
        is_locked = not self._window.settings["panels_locked"]
        self._window.settings.set("panels_locked", is_locked)

    def _toggle_theme(self) -> None:
        is_dark = self._window.appearance.theme.palette.is_dark
        self._window.settings.set("theme", ALWAYS_LIGHT if is_dark else ALWAYS_DARK)

    def _switch_language(self) -> None:
        is_french = translated("Search") != "Search"
        self._window.settings.set("language", "en" if is_french else "fr")

    def _scale_text(self, by: int) -> None:
        scales = next(setting.choices for setting in SETTINGS if setting.name == "font_scale")
        at = scales.index(self._window.settings["font_scale"]) + by
        self._window.settings.set("font_scale", scales[min(max(at, 0), len(scales) - 1)])

    def _cancel_work(self) -> None:
        running = self._window.tasks.running
        if running:
            self._window.tasks.cancel(running[-1])

    # Sheets are made anew with the language, so they are looked up when they are wanted.

    def _open_shortcuts(self) -> None:
        self._window.hide_floating()
        self._window.sheet.open()

    def _open_settings(self) -> None:
        self._window.hide_floating()
        self._window.settings_sheet.open()

    def _open_palette(self) -> None:
        window = self._window
        window.hide_floating()
        entries = [
            Entry(action.text(), translated(spec.menu), action.trigger, key_text(action))
            for spec, action in window.actions_table.listed()
            if action.isEnabled() and spec.name != "palette"
        ]
        if self._categories is not None and window.actions_table["choose_category"].isEnabled():
            entries += self._categories.entries(self.tr("Relabel to"), self._give)
        window.palette_panel.open_with(entries, self.tr("Type what you want to do"))

    def _later(self, name: str) -> Callable[[], object]:
        def act() -> None:
            if self._window.workplace is not None:
                here = self._window.place_handlers()
                found = here.get(name) or self._handlers.get(name)
                if found is not None:
                    found()

        return act

    def _make_map(self) -> None:
        self.work.make_map()

    def _trainer(self, kind: str) -> Callable[[], object]:
        return lambda: self.work.train_network(kind)

    def _place_opener(self, name: str) -> Callable[[], None]:
        return lambda: self._window.show_place(name)

    def ask_note(self, take: Callable[[str], object]) -> None:
        """Ask for a line of text that becomes the reason of a decision."""
        self._window.palette_panel.ask(self.tr("Note: becomes the reason of the next decision"), "", take)


def _food_desk() -> FoodDesk:
    from prodlabel.operations.food import FoodDesk

    return FoodDesk()


_OF_A_PROJECT = frozenset(
    {
        "undo", "redo", "note", "toggle_batch", "toggle_tick", "next_queue", "previous_queue",
        "clear", "clear_filter", "select_all", "invert_selection", "select_category",
        "toggle_selected", "select_marked",
        "select_cluster", "select_neighbours", "apply_plan", "accept", "reject", "flag", "next_product",
        "previous_product", "tool_pan", "tool_lasso", "tool_box", "tool_brush", "zoom_in", "zoom_out",
        "fit_all", "fit_selection", "view_back", "view_forward", "split_map", "show_tour", "toggle_table",
        "toggle_aim", "take_out", "lay_out_tsne", "lay_out_umap", "lay_out_pca",
        *(f"category_{digit}" for digit in "1234567890"),
    }
)  # fmt: skip
