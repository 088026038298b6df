"""The main window: top bar, panels around the map, status bar; opens and closes projects.

Invariant: without a project it shows the start page; closing it during work asks nothing and loses nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QDockWidget, QMainWindow, QStatusBar, QVBoxLayout, QWidget
from typing_extensions import override

from prodlabel.core.errors import UserError
from prodlabel.core.person import default_person
from prodlabel.gui.actions import Actions
from prodlabel.gui.button_keys import ButtonKeys
from prodlabel.gui.catalogue.search_edit import picture_in
from prodlabel.gui.command_palette import CommandPalette
from prodlabel.gui.docks import PlaceStack, decoded, encoded, grow_dock, is_put_away, lock_docks
from prodlabel.gui.kept_view import Kept
from prodlabel.gui.message_bar import Crashes, MessageBar
from prodlabel.gui.messages import Messages
from prodlabel.gui.places import MAP, REPORT, REVIEW, TRAINING, Places
from prodlabel.gui.remembering import STATE_VERSION, Remembering
from prodlabel.gui.safe_keeping import SafeKeeping
from prodlabel.gui.settings import Settings
from prodlabel.gui.settings_sheet import SettingsSheet
from prodlabel.gui.shortcut_sheet import ShortcutSheet
from prodlabel.gui.start_page import StartPage
from prodlabel.gui.status_bar import StatusBar
from prodlabel.gui.tasks import Callbacks, Tasks
from prodlabel.gui.theme import LEFT_PX, RIGHT_PX, STRIP_PX, Appearance, Theme
from prodlabel.gui.top_bar import TopBar
from prodlabel.gui.warm_up import spare_collector, use_collector
from prodlabel.gui.window_actions import WindowActions
from prodlabel.gui.workplace import Workplace
from prodlabel.project.project import Project
from prodlabel.project.state import ReadAhead, database_bytes, read_ahead

_RECENT = 8
_LARGE_BYTES = 64 * 2**20
"""A database above which reading it takes so long that a window would freeze."""
_BUILT_ANEW = frozenset({"language", "font_scale"})
"""Settings that change every text or every measure."""


class MainWindow(QMainWindow):
    """Collaborators: `Settings`, `Appearance`, `Workplace`, `Tasks`, `Messages`."""

    def __init__(self, settings: Settings, appearance: Appearance) -> None:
        super().__init__()
        self.settings, self.appearance = settings, appearance
        self.messages = Messages(self)
        self.tasks = Tasks(self)
        self.workplace: Workplace | None = None
        self.actions_table = Actions(self, settings["shortcuts"])
        self.place = MAP
        self.places: Places | None = None
        self._hidden_docks: list[QDockWidget] = []
        self._docks: dict[str, QDockWidget] = {}
        self.wanted: Path | None = None
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._build()
        self.safe_keeping = SafeKeeping(self)
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
        return self._docks

    def open_project(self, folder: Path) -> bool:
        """Open a project instead of the one that is open; whether that went well so far: a large one is read
        by a worker first, while the window stays as it is.
        """
        self.wanted = folder
        if database_bytes(folder) < _LARGE_BYTES:
            return self._open(folder)
        self.tasks.start(
            self.tr("Opening {0}").format(folder.stem),
            lambda _progress: read_ahead(folder),
            # What is wrong with it is said by opening it; by now another project may be wanted.
            Callbacks(
                lambda ahead: self.wanted == folder and self._open(folder, ahead),
                lambda _error: self.wanted == folder and self._open(folder),
            ),
            is_of_pane=False,
        )
        return True

    def _open(self, folder: Path, ahead: ReadAhead | None = None) -> bool:
        try:
            project = Project.open(folder, person=self.settings["person"] or None, ahead=ahead)
        except UserError as error:
            self.safe_keeping.report_unopened(folder, error)
            return False
        self.show_project(project)
        return True

    def show_project(self, project: Project) -> None:
        """Show a project that is open already; it belongs to the window from now on."""
        self.wanted = None
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
            self._hidden_docks = [dock for dock in self._docks.values() if not is_put_away(dock)]
            for dock in self._hidden_docks:
                dock.hide()
        elif name == MAP:
            self._show_hidden_docks()
        self.place = name
        self._places.setCurrentWidget(self.places.widgets[name])
        self.top.show_place(name)
        self.places.enter(name)
        self.commands.follow()
        self._focus_map()

    def place_handlers(self) -> dict[str, Callable[[], object]]:
        """What actions do in the place that is shown, where it is not what they do on the map."""
        return {} if self.places is None else self.places.handlers(self.place)

    def _show_hidden_docks(self) -> None:
        for dock in self._hidden_docks:
            dock.show()
        self._hidden_docks = []

    def read_texts(self) -> None:
        """Read all texts once for brands and doubles."""
        self.commands.begin_scan()

    def rebuild(self) -> None:
        """All anew in the language and size that are set now; project, work and what is looked at stay."""
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
        self._show_hidden_docks()
        self.remembering.leave()
        workplace, self.workplace = self.workplace, None
        self.top.search.serve(None, None)
        self.top.serve(None)
        self.status.serve(None)
        for dock in self._docks.values():
            self.removeDockWidget(dock)
            # Not found by its name any more: the next project's panels have the same ones.
            dock.setObjectName("")
            dock.deleteLater()
        self._docks.clear()
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
        dock = self._docks.get(name)
        if dock is not None:
            dock.setVisible(not dock.isVisible())

    def hide_floating(self) -> None:
        """Only one sheet at a time stands over the window."""
        for panel in self._floating:
            panel.hide()

    def grow_gallery(self) -> None:
        """Give the gallery most of the height, or let it be a strip again."""
        dock = self._docks.get("gallery")
        if dock is not None:
            grow_dock(self, dock, STRIP_PX)

    def lock_panels(self, is_locked: bool) -> None:
        """Panels without title bars stay where they are; with them they can be dragged."""
        lock_docks(self._docks.values(), is_locked=is_locked)

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
        area = Qt.DockWidgetArea
        left, right, bottom = area.LeftDockWidgetArea, area.RightDockWidgetArea, area.BottomDockWidgetArea
        self.setCorner(Qt.Corner.BottomLeftCorner, left)
        self.setCorner(Qt.Corner.BottomRightCorner, right)
        self._add_dock("left", self.tr("Categories"), workplace.side, left)
        self._add_dock("right", self.tr("Inspector"), workplace.inspector, right)
        self._add_dock("gallery", self.tr("Gallery"), workplace.gallery, bottom)
        self._add_dock("history", self.tr("History"), workplace.history, right)
        self._add_dock("agreement", self.tr("Agreement"), workplace.agreement, right)
        self._docks["history"].hide()
        self._docks["agreement"].hide()
        self.lock_panels(self.settings["panels_locked"])
        theme, docks, horizontal = Theme.now(), self._docks, Qt.Orientation.Horizontal
        self.resizeDocks([docks["left"], docks["right"]], [theme.px(LEFT_PX), theme.px(RIGHT_PX)], horizontal)
        self.resizeDocks([docks["gallery"]], [theme.px(STRIP_PX)], Qt.Orientation.Vertical)
        state = self.settings["window_state"]
        if state:
            self.restoreState(decoded(state), STATE_VERSION)

    def _add_dock(self, name: str, title: str, pane: QWidget, area: Qt.DockWidgetArea) -> None:
        dock = QDockWidget(title, self)
        dock.setObjectName(f"dock_{name}")
        dock.setWidget(pane)
        self.addDockWidget(area, dock)
        self._docks[name] = dock

    def _connect(self) -> None:
        self.crashes = Crashes(self.messages, self)
        self.appearance.changed.connect(self._on_appearance_changed)
        self.settings.changed.connect(self._on_setting_changed)
        self._soon.timeout.connect(self.commands.rebuild)

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
        self.start.new_wanted.connect(self.commands.new_project)
        self.start.demo_wanted.connect(self.commands.open_demo)
        self.start.import_wanted.connect(self.commands.import_products)

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
            self.lock_panels(self.settings[name])
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
