"""The main window: top bar, panels around the map, status bar; opens and closes projects.

Invariant: without a project it shows the start page; closing it during work asks nothing and loses nothing.
What only a project needs is imported with the first one, so that the start page is there at once.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QDockWidget, QMainWindow, QStatusBar, QVBoxLayout, QWidget
from typing_extensions import override

from prodlabel.core.person import default_person
from prodlabel.gui.actions import Actions
from prodlabel.gui.button_keys import ButtonKeys
from prodlabel.gui.catalogue.search_edit import picture_in
from prodlabel.gui.command_palette import CommandPalette
from prodlabel.gui.docks import Docks, PlaceStack, decoded, encoded
from prodlabel.gui.message_bar import Crashes, MessageBar
from prodlabel.gui.messages import Messages
from prodlabel.gui.opening import Opening
from prodlabel.gui.place_names import MAP, REPORT, REVIEW, TRAINING
from prodlabel.gui.remembering import STATE_VERSION, Remembering
from prodlabel.gui.safe_keeping import SafeKeeping
from prodlabel.gui.settings import Settings
from prodlabel.gui.settings_sheet import SettingsSheet
from prodlabel.gui.shortcut_sheet import ShortcutSheet
from prodlabel.gui.start_page import StartPage
from prodlabel.gui.status_bar import StatusBar
from prodlabel.gui.tasks import Tasks
from prodlabel.gui.theme import Appearance
from prodlabel.gui.top_bar import TopBar
from prodlabel.gui.warm_up import spare_collector, use_collector
from prodlabel.gui.window_actions import WindowActions

if TYPE_CHECKING:
    from prodlabel.gui.places import Places
    from prodlabel.gui.workplace import Workplace
    from prodlabel.project.project import Project

_RECENT = 8
_BUILT_ANEW = frozenset({"language", "font_scale"})
"""Settings that change every text or every measure."""


class MainWindow(QMainWindow):
    """Collaborators: `Settings`, `Appearance`, `Opening`, `Workplace`, `Tasks`, `Messages`."""

    def __init__(self, settings: Settings, appearance: Appearance) -> None:
        super().__init__()
        self.settings, self.appearance = settings, appearance
        self.messages = Messages(self)
        self.tasks = Tasks(self)
        self.workplace: Workplace | None = None
        self.actions_table = Actions(self, settings["shortcuts"])
        self.place = MAP
        self.places: Places | None = None
        self._docks = Docks(self)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._build()
        self.safe_keeping = SafeKeeping(self)
        self.opening = Opening(self)
        self.remembering = Remembering(self, self.settings.folder)
        self.commands = WindowActions(self)
        self._connect()
        self._connect_built()
        ButtonKeys(self)
        self.setAcceptDrops(True)
        self.setWindowTitle("prodlabel")
        self.resize(1640, 1000)
        self._restore_geometry()
        self.show_start()

    def _build(self) -> None:
        """Everything that is there without a project, in the language and size that are set."""
        self.top = TopBar(self.actions_table)
        self._titles = {
            MAP: self.tr("Map"),
            REVIEW: self.tr("Review"),
            TRAINING: self.tr("Training"),
            REPORT: self.tr("Report"),
        }
        for name, title in self._titles.items():
            self.top.add_place(name, title)
        self.top.place_wanted.connect(self.show_place)
        self.setMenuWidget(self.top)
        self.start = StartPage()
        self.message_bar = MessageBar(self.messages)
        self._places = PlaceStack()
        self._places.addWidget(self.start)
        central = self._central()
        self.setCentralWidget(central)
        central.show()  # else panels take all of the room before it is seen
        self.status = StatusBar(self.tasks)
        self._add_status_bar()
        self.palette_panel = CommandPalette(self)
        self.sheet = ShortcutSheet(self.actions_table, self)
        self.settings_sheet = SettingsSheet(self.settings, self)
        self._floating = (self.palette_panel, self.sheet, self.settings_sheet)

    # Projects

    @property
    def docks(self) -> dict[str, QDockWidget]:
        return self._docks.panels

    def open_project(self, folder: Path) -> bool:
        """Open a project instead of the one that is open; whether that went well so far."""
        return self.opening.open(folder)

    def show_project(self, project: Project) -> None:
        """Show a project that is open already; it belongs to the window from now on."""
        from prodlabel.gui.workplace import Workplace

        self.opening.wanted = None
        self.close_project()
        self.safe_keeping.serve(project)
        self.workplace = Workplace(project, self.actions_table, self.messages, self)
        self.commands.serve(self.workplace)
        self._place_panes(self.workplace)
        self.top.serve(self.workplace.session)
        self.top.search.serve(self.workplace.session, self.workplace.librarian)
        self.show_place(MAP)
        self.status.serve(self.workplace.session)
        self.setWindowTitle(f"{project.name} — prodlabel")
        self._remember(project.folder)
        self.commands.follow()
        self.read_texts()
        self._apply_settings()
        self._follow_tour(self.workplace)
        spare_collector()
        self.workplace.map.view.setFocus()
        self.remembering.serve(self.workplace)

    def show_place(self, name: str) -> None:
        """Go to the map, to review, training or report; panels belong to the map."""
        if self.places is None:
            return
        if name != MAP and self.place == MAP:
            self._docks.put_away()
        elif name == MAP:
            self._docks.bring_back()
        self.place = name
        self._places.setCurrentWidget(self.places.widgets[name])
        self.top.show_place(name)
        self.places.enter(name)
        self.commands.follow()
        self._focus_map()

    def place_handlers(self) -> dict[str, Callable[[], object]]:
        """What actions do in the place that is shown, where it is not what they do on the map."""
        return {} if self.places is None else self.places.handlers(self.place)

    def read_texts(self) -> None:
        """Read all texts once for brands and doubles."""
        self.commands.begin_scan()

    def rebuild(self) -> None:
        """All anew in the language and size that are set now; project, work and what is looked at stay."""
        from prodlabel.gui.kept_view import Kept

        is_at_settings = self.settings_sheet.isVisible()
        kept = Kept.of(self)
        project = self._release_project()
        # Only now: places that lie below the one that goes away are shown for a moment, and begin to look.
        self.commands.cancel_what_panes_wait_for()
        self.hide_floating()
        for panel in self._floating:
            panel.deleteLater()
        self.actions_table.retranslate()
        self._build()
        self._connect_built()
        self.show_start()
        if project is not None:
            self.show_project(project)
            kept.restore(self)
        if is_at_settings:
            self.settings_sheet.open()

    def close_project(self) -> None:
        """End all work and close; everything that was decided is on disk already."""
        if self.workplace is not None:
            self.tasks.shut_down()
            project = self._release_project()
            self.tasks.shut_down()  # the end of an import that was cancelled has begun to read texts
            if project is not None:
                project.close()

    def _release_project(self) -> Project | None:
        """Take the panes away; the project stays open, without anybody who shows it."""
        if self.workplace is None:
            return None
        self.commands.close_dialogs()
        self._docks.bring_back()
        self.remembering.leave()
        workplace, self.workplace = self.workplace, None
        self.top.search.serve(None, None)
        self.top.serve(None)
        self.status.serve(None)
        self._docks.remove_all()
        if self.places is not None:
            self.places.take_from(self._places)
        self.places, self.place = None, MAP
        project = workplace.release()
        workplace.deleteLater()
        use_collector()
        self.commands.follow()
        return project

    def show_start(self) -> None:
        """The start page."""
        self.start.show_recent(self.settings["recent_projects"])
        self._places.setCurrentWidget(self.start)
        self.setWindowTitle("prodlabel")
        self.commands.follow()

    def toggle_panel(self, name: str) -> None:
        self._docks.toggle(name)

    def hide_floating(self) -> None:
        """Only one sheet at a time stands over the window."""
        for panel in self._floating:
            panel.hide()

    def grow_gallery(self) -> None:
        """Give the gallery most of the height, or let it be a strip again."""
        self._docks.grow("gallery")

    # Building

    def _central(self) -> QWidget:
        central = QWidget()
        layout = QVBoxLayout(central)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.message_bar)
        layout.addWidget(self._places, 1)
        return central

    def _add_status_bar(self) -> None:
        bar = QStatusBar()
        bar.setSizeGripEnabled(False)
        bar.setContentsMargins(0, 0, 0, 0)
        bar.addWidget(self.status, 1)
        layout = bar.layout()
        if layout is not None:
            layout.setContentsMargins(0, 0, 0, 0)
        self.setStatusBar(bar)

    def _place_panes(self, workplace: Workplace) -> None:
        from prodlabel.gui.places import Places

        self.places = Places(
            workplace,
            self.tasks,
            self.messages,
            self.actions_table,
            settings=self.settings,
            suggest_again=self.commands.suggest_again,
        )
        self.places.add_to(self._places)
        self.places.review.note_wanted.connect(self.commands.ask_note)
        self.places.review.length_changed.connect(
            lambda count: self.top.show_count(REVIEW, self._titles[REVIEW], count)
        )
        workplace.map.map_wanted.connect(self.actions_table["make_map"].trigger)
        workplace.map.import_wanted.connect(self.actions_table["import_products"].trigger)
        self.commands.serve_maps(workplace.map)
        docks, area = self._docks, Qt.DockWidgetArea
        left, right, bottom = area.LeftDockWidgetArea, area.RightDockWidgetArea, area.BottomDockWidgetArea
        docks.add("left", self.tr("Categories"), workplace.side, left)
        docks.add("right", self.tr("Inspector"), workplace.inspector, right)
        docks.add("gallery", self.tr("Gallery"), workplace.gallery, bottom)
        docks.add("history", self.tr("History"), workplace.history, right)
        docks.add("agreement", self.tr("Agreement"), workplace.agreement, right)
        docks.panels["history"].hide()
        docks.panels["agreement"].hide()
        docks.lock(is_locked=self.settings["panels_locked"])
        docks.arrange()
        state = self.settings["window_state"]
        if state:
            self.restoreState(decoded(state), STATE_VERSION)

    def _connect(self) -> None:
        self.crashes = Crashes(self.messages, self)
        self.appearance.changed.connect(self._on_appearance_changed)
        self.settings.changed.connect(self._on_setting_changed)
        self._soon.timeout.connect(self.commands.rebuild)
        self.tasks.changed.connect(self._show_work)

    def _connect_built(self) -> None:
        self.top.brand.setMenu(self.actions_table.menu(self.top))
        self.top.search.left.connect(self._focus_map)
        self.status.cancel_wanted.connect(self.tasks.cancel)
        self.status.person_wanted.connect(self.commands.name_person)
        retraining = self.commands.retraining
        retraining.changed.connect(lambda: self.status.show_retraining(retraining.text()))
        for panel in self._floating:
            panel.closed.connect(self._focus_map)
        self.sheet.key_changed.connect(self._on_key_changed)
        self.sheet.reset_wanted.connect(lambda: self._use_keys({}))
        self.start.open_wanted.connect(self.commands.open_project)
        self.start.new_wanted.connect(self.actions_table["new_project"].trigger)
        self.start.demo_wanted.connect(self.commands.open_demo)
        self.start.import_wanted.connect(self.commands.offer_import)

    def _follow_tour(self, workplace: Workplace) -> None:
        """Show the hints once, as soon as there is a map to speak of."""
        workplace.map.tour.ended.connect(self._on_tour_ended)

        def begin() -> None:
            is_shown = workplace.map.tour.isVisible()
            if not (self.settings["tour_seen"] or is_shown) and workplace.session.computed.layouts:
                workplace.map.tour.begin()

        workplace.session.results_changed.connect(begin)
        begin()

    def _apply_settings(self) -> None:
        """What the open project's panes follow: the legend, and whether things may move."""
        if self.workplace is None or self.places is None:
            return
        self.workplace.session.name_person(self.settings["person"] or default_person())
        self.workplace.map.show_legend(self.settings["legend"])
        self.places.keep_still(self.settings["motion"] == "off")
        self.workplace.librarian.shows_unseen = not self.settings["pictures_apart"]

    def _on_tour_ended(self) -> None:
        self.settings.set("tour_seen", True)
        self._focus_map()

    # Remembering

    def _remember(self, folder: Path) -> None:
        recent = [one for one in self.settings["recent_projects"] if one != str(folder)]
        self.settings.set("recent_projects", [str(folder), *recent][:_RECENT])

    def _restore_geometry(self) -> None:
        geometry = self.settings["window_geometry"]
        if geometry:
            self.restoreGeometry(decoded(geometry))

    # What is heard

    def _show_work(self) -> None:
        """What is under way, where somebody has nothing else to look at."""
        running = self.tasks.running
        task = running[-1] if running else None
        self.start.show_work(task)
        if self.workplace is not None:
            self.workplace.map.show_work(task)

    def _focus_map(self) -> None:
        if self.workplace is not None and self.places is not None:
            on_map = self.place == MAP
            (self.workplace.map.view if on_map else self.places.widgets[self.place]).setFocus()

    def _on_key_changed(self, name: str, keys: str) -> None:
        self._use_keys({**self.settings["shortcuts"], name: keys})

    def _use_keys(self, changed: dict[str, str]) -> None:
        self.settings.set("shortcuts", changed)
        self.actions_table.use_keys(changed)
        self.sheet.refresh()

    def _on_setting_changed(self, name: str) -> None:
        if name in _BUILT_ANEW:
            # Not now: it may be a field of a sheet, which goes away then, that has just said so.
            self._soon.start()
        elif name == "panels_locked":
            self._docks.lock(is_locked=self.settings[name])
        else:
            self._apply_settings()

    def _on_appearance_changed(self) -> None:
        if self.workplace is not None:
            self.workplace.session.use_palette(self.appearance.theme.palette)

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        self.settings.set("window_geometry", encoded(self.saveGeometry()))
        self.commands.close_dialogs()
        self.close_project()
        self.tasks.shut_down()
        super().closeEvent(event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.hide_floating()

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() or event.mimeData().hasImage():
            event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        picture = picture_in(event.mimeData())
        if self.workplace is not None and picture is not None:
            self.top.search.search_picture(picture)
            event.acceptProposedAction()
        else:
            self.start.dropEvent(event)
