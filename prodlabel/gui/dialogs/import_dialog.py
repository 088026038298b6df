"""The import dialog: where from, what would come in, the import itself, and what it came to.

Invariant: a project is made or written to only after the user pressed Import on a page that showed what would
come; closing the dialog while an import runs leaves it running, with its progress in the status bar.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from prodlabel.core.errors import UserError
from prodlabel.core.progress import Progress
from prodlabel.gui.dialogs.choose_page import ChoosePage
from prodlabel.gui.dialogs.differences_page import DifferencesPage
from prodlabel.gui.dialogs.food_page import FoodPage
from prodlabel.gui.dialogs.page import Page, button
from prodlabel.gui.dialogs.run_page import RunPage
from prodlabel.gui.dialogs.table_page import TablePage
from prodlabel.gui.jobs import ImportJob
from prodlabel.gui.labels import ElidedLabel, toned
from prodlabel.gui.phrases import phrase
from prodlabel.gui.theme import Theme
from prodlabel.operations.comparing import Comparison, compare_catalogue, compare_records
from prodlabel.operations.food import FoodDesk
from prodlabel.operations.importing import ImportSettings
from prodlabel.project.places import SUFFIX, with_suffix
from prodlabel.project.project import Project

if TYPE_CHECKING:
    from prodlabel.gui.main_window import MainWindow
    from prodlabel.gui.work import Work

_WIDTH_PX, _HEIGHT_PX = 1080, 720


class ImportDialog(QDialog):
    """Collaborators: the window, whose project it imports into or which it opens a new one in; `Work`."""

    def __init__(self, window: MainWindow, work: Work, desk: FoodDesk | None = None) -> None:
        super().__init__(window)
        self._window, self._work = window, work
        self._desk = desk or FoodDesk()
        self._target: Path | None = None
        self.choose = ChoosePage(self)
        self.table = TablePage(window.settings, window.tasks, window.messages, self)
        self.food = FoodPage(self._desk, window.settings, window.tasks, window.messages, self)
        self.differences = DifferencesPage(window.tasks, window.messages, self)
        self.run = RunPage(window.messages, self)
        self._source: Page = self.choose
        self._go: Callable[[], None] = self._go_back
        self._stack = QStackedWidget(self)
        self._heading = toned("", "title", self)
        self._lead = toned("", "dim", self)
        self.target = ElidedLabel("", self, Qt.TextElideMode.ElideMiddle)
        self._target_row = QWidget(self)
        self.back = button(self.tr("Back"), self._go_back, self)
        self.cancel = button(self.tr("Cancel"), self.reject, self)
        self.next = button("", self.go_on, self)
        self._lay_out()
        for page in (self.choose, self.table, self.food, self.differences, self.run):
            page.changed.connect(self._refresh)
            page.done.connect(self._on_page_done)
        self.choose.location_chosen.connect(self.show_location)
        self.choose.database_chosen.connect(self.show_database)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setWindowTitle(self.tr("Import products"))
        self._show_page(self.choose)

    @property
    def page(self) -> Page:
        """The page that is shown."""
        page = self._stack.currentWidget()
        assert isinstance(page, Page)
        return page

    # Where to

    def show_location(self, location: Path) -> None:
        """Look into a file or folder."""
        self._target = self._new_project(location.with_suffix("") if location.is_file() else location)
        self._show_page(self.table)
        self.table.show_location(location)

    def show_database(self, provider: str) -> None:
        """Search in a food database."""
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        self._target = self._new_project(Path(documents or Path.home()) / provider)
        workplace = self._window.workplace
        folder = None if workplace is None else workplace.session.project.folder
        self._show_page(self.food)
        self.food.show_provider(provider, folder)

    def go_on(self) -> None:
        """What the primary button does on this page."""
        if self.page is self.table:
            self._import_table()
        elif self.page is self.food:
            if self.food.has_found:
                self._import_food()
            else:
                self.food.search()
        elif self.page is self.differences:
            self._go()
        elif self.page is self.run:
            self.reject()

    def _on_page_done(self) -> None:
        if self.next.isEnabled():
            self.go_on()

    def _go_back(self) -> None:
        is_compared = self.page is self.differences
        self._show_page(self._source if is_compared else self.choose)

    # Importing

    def _import_table(self) -> None:
        settings = self.table.settings
        project = self._project()
        if project is not None:
            self.table.remember()
            preview = self.table.preview
            count = preview.count if preview is not None and preview.is_whole else None
            snapshot = project.snapshot()
            self._offer(
                project,
                lambda progress: compare_catalogue(snapshot, settings, progress),
                lambda: ImportJob(project, replace(settings, chosen=self.differences.chosen)),
                count,
            )

    def _import_food(self) -> None:
        sight = self.food.sight
        project = None if sight is None else self._project()
        if sight is None or project is None:
            return
        catalogue = sight.catalogue
        try:
            self._desk.place(catalogue, project.folder)
        except UserError as error:
            self._window.messages.report(error)
            return
        is_apart = self._window.settings["pictures_apart"]
        settings = ImportSettings(Path(catalogue.query.location), catalogue.kind, pictures_apart=is_apart)
        snapshot, records = project.snapshot(), sight.records
        self._offer(
            project,
            lambda progress: compare_records(snapshot, records, settings, progress),
            lambda: ImportJob(project, replace(settings, chosen=self.differences.chosen), catalogue),
            len(records),
        )

    def _offer(
        self,
        project: Project,
        compare: Callable[[Progress], Comparison],
        make_job: Callable[[], ImportJob],
        expected: int | None,
    ) -> None:
        """Import; where the project has products already, show first what would change."""
        self.differences.forget()
        self._go = lambda: self._begin(make_job, expected)
        if not len(project.columns):
            self._go()
            return
        self._source = self.page
        self._show_page(self.differences)
        self.differences.compare(compare)

    def _begin(self, make_job: Callable[[], ImportJob], expected: int | None) -> None:
        intake = self._work.intake(make_job)
        if intake is None:
            return
        intake.expected = expected
        is_first = not len(intake.session.columns)
        self.run.make_map.setChecked(is_first)
        self.run.watch(intake)
        self._show_page(self.run)
        intake.begin()

    def _project(self) -> Project | None:
        """The open project, or the new one that was announced."""
        if self._window.workplace is None and self._target is not None:
            try:
                made = Project.create(self._target, person=self._window.settings["person"] or None)
            except UserError as error:
                self._lead.setText(phrase(str(error)))
                return None
            self._window.show_project(made)
        workplace = self._window.workplace
        return None if workplace is None else workplace.session.project

    # The frame around the pages

    def _new_project(self, wanted: Path) -> Path | None:
        """Where a new project would be made; None where one is open."""
        if self._window.workplace is not None:
            return None
        folder = with_suffix(wanted)
        number = 1
        while folder.exists():
            number += 1
            folder = folder.with_name(f"{wanted.name} {number}{SUFFIX}")
        return folder

    def _ask_for_target(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(
            self, self.tr("New project"), str(self._target or ""), f"*{SUFFIX}"
        )
        if chosen:
            self._target = with_suffix(Path(chosen))
            self._refresh()

    def _show_page(self, page: Page) -> None:
        self.page.leave()
        self._stack.setCurrentWidget(page)
        page.enter()
        self._refresh()
        if page in (self.table, self.differences, self.run):
            self.next.setFocus()

    def _refresh(self) -> None:
        page = self.page
        self._heading.setText(page.heading)
        self._lead.setText(page.lead)
        self._lead.setVisible(bool(page.lead))
        self.next.setText(page.next_text)
        self.next.setVisible(bool(page.next_text))
        self.next.setEnabled(page.can_go_on)
        is_before = page in (self.table, self.food, self.differences)
        self.back.setVisible(is_before)
        self.cancel.setVisible(page is not self.run)
        if page in (self.table, self.differences) and page.can_go_on and self.back.hasFocus():
            # Return imports as soon as that makes sense; until then there was nowhere else to be.
            self.next.setFocus()
        self._target_row.setVisible(is_before and self._target is not None)
        self.target.setText(str(self._target or ""))

    def _lay_out(self) -> None:
        theme = Theme.now()
        self.next.setProperty("primary", "true")
        self.next.setDefault(True)
        for page in (self.choose, self.table, self.food, self.differences, self.run):
            self._stack.addWidget(page)
        target = QHBoxLayout(self._target_row)
        target.setContentsMargins(0, 0, 0, 0)
        target.addWidget(toned(self.tr("New project"), "dim"))
        target.addWidget(self.target, 1)
        target.addWidget(button(self.tr("Change…"), self._ask_for_target, self))
        footer = QHBoxLayout()
        footer.setSpacing(theme.px(8))
        footer.addWidget(self.back)
        footer.addWidget(self._target_row, 1)
        footer.addStretch(0)
        footer.addWidget(self.cancel)
        footer.addWidget(self.next)
        layout = QVBoxLayout(self)
        margin = theme.px(20)
        layout.setContentsMargins(margin, margin, margin, margin)
        layout.setSpacing(theme.px(6))
        layout.addWidget(self._heading)
        layout.addWidget(self._lead)
        layout.addSpacing(theme.px(8))
        layout.addWidget(self._stack, 1)
        layout.addSpacing(theme.px(8))
        layout.addLayout(footer)
        ground = self._window.size()
        self.resize(
            min(theme.px(_WIDTH_PX), max(640, ground.width() - 60)),
            min(theme.px(_HEIGHT_PX), max(480, ground.height() - 60)),
        )

    @override
    def reject(self) -> None:
        """Esc, Cancel, and the window's own button come here too."""
        self.page.leave()
        self._desk.close()
        intake, wants_map = self.run.intake, self.run.make_map.isChecked()
        if intake is not None:
            work = self._work
            if intake.is_over:
                work.show_outcome(intake, wants_map=wants_map)
            else:
                intake.ended.connect(lambda: work.show_outcome(intake, wants_map=wants_map))
        super().reject()
