"""Backups as the window makes and offers them: before large steps, now and then, and to go back to.

What reads projects is imported with the first one. Invariant: the moment of a backup is held in the GUI
thread, which takes no time; copying runs as a task.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QTimer

from prodlabel.core.errors import ProjectDamagedError, UserError
from prodlabel.core.progress import Progress
from prodlabel.gui.messages import Offer
from prodlabel.gui.phrases import phrase
from prodlabel.gui.tasks import Callbacks, Work

if TYPE_CHECKING:
    from prodlabel.gui.backups_dialog import BackupsDialog
    from prodlabel.gui.main_window import MainWindow
    from prodlabel.operations.backups import BackupContents, Restored
    from prodlabel.project.project import Project
    from prodlabel.project.safety import PendingBackup

_EVERY_MS = 30 * 60 * 1000


class SafeKeeping(QObject):
    """Collaborators: the window with its tasks and messages."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.dialog: BackupsDialog | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self.back_up_what_changed)
        self._timer.start()

    def serve(self, project: Project) -> None:
        """Copy this project's backups in the background from now on."""
        project.keep_backup = self._keep

    def back_up_what_changed(self) -> None:
        """Make a backup where there were edits since the last one."""
        project = self._project()
        if project is not None:
            with self._window.messages.guard():
                project.prepare_bulk("at-work")

    def back_up_now(self) -> None:
        """The user asks for a backup."""
        project = self._project()
        if project is None:
            return
        with self._window.messages.guard():
            pending = project.begin_backup("by-hand")

            def done(_: object) -> None:
                self._window.messages.inform(self.tr("The backup is made."))
                if self.dialog is not None:
                    self._fill(project.folder)

            self._start(self.tr("Making a backup"), pending, done)

    def open_dialog(self, folder: Path | None = None, damage: str = "") -> None:
        """Show the backups of the open project, or of one that cannot be opened."""
        from prodlabel.gui.backups_dialog import BackupsDialog

        project = self._project()
        if folder is None:
            if project is None:
                return
            folder = project.folder
        if self.dialog is not None:
            self.dialog.close()
        dialog = BackupsDialog(damage=damage, parent=self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.backup_wanted.connect(self.back_up_now)
        dialog.restore_wanted.connect(lambda backup: self.restore(folder, backup))
        dialog.repair_wanted.connect(lambda: self.repair(folder))
        dialog.finished.connect(self._on_dialog_finished)
        self.dialog = dialog
        dialog.open()
        self._fill(folder)

    def report_unopened(self, folder: Path, error: UserError) -> None:
        """Say why a project cannot be opened, and offer what helps."""
        if isinstance(error, ProjectDamagedError) and folder.is_dir():
            offer = Offer(self.tr("Rescue or restore…"), lambda: self.open_dialog(folder, phrase(str(error))))
            self._window.messages.report(error, offer)
        else:
            self._window.messages.report(error)

    def restore(self, folder: Path, backup: Path) -> None:
        """Close the project, bring it back to a backup, open it again."""
        from prodlabel.operations.backups import restore

        self._window.close_project()
        self._window.show_start()

        def done(restored: Restored) -> None:
            if self._window.open_project(folder):
                kept = restored.kept.name if restored.kept is not None else ""
                text = self.tr("The project is back to {0}. The state before is kept as {1}.")
                self._window.messages.inform(text.format(backup.name, kept))

        self._run(self.tr("Going back"), lambda progress: restore(folder, backup, progress), done, folder)

    def repair(self, folder: Path) -> None:
        """Rescue what is whole of a project that cannot be opened, then open it."""
        from prodlabel.operations.repair import repair

        self._window.close_project()
        self._window.show_start()

        def done(said: list[str]) -> None:
            if self._window.open_project(folder):
                self._window.messages.warn(" ".join(said) or self.tr("All is well."))

        self._run(self.tr("Rescuing"), lambda progress: repair(folder, progress), done, folder)

    def _run(self, title: str, work: Work, done: Callable[[Any], object], folder: Path) -> None:
        def failed(error: BaseException) -> None:
            # What was there is untouched: show it again where it can be shown.
            if (folder / "project.sqlite").is_file() and not isinstance(error, ProjectDamagedError):
                self._window.open_project(folder)
            self._window.messages.report(error)

        self._window.tasks.start(title, work, Callbacks(done, failed), is_of_pane=False)

    def _fill(self, folder: Path) -> None:
        from prodlabel.operations.backups import list_contents

        def show(contents: list[BackupContents]) -> None:
            if self.dialog is not None:
                self.dialog.show_contents(contents)

        callbacks = Callbacks(show, self._window.messages.report)
        self._window.tasks.start(
            self.tr("Reading backups"),
            lambda _progress: list_contents(folder),
            callbacks,
            is_of_pane=False,
        )

    def _keep(self, pending: PendingBackup) -> None:
        self._start(self.tr("Making a backup"), pending, lambda _backup: None)

    def _start(self, title: str, pending: PendingBackup, done: Callable[[Any], object]) -> None:
        def work(progress: Progress) -> object:
            try:
                return pending.keep(progress)
            finally:
                pending.close()

        callbacks = Callbacks(done, self._window.messages.report)
        self._window.tasks.start(title, work, callbacks, is_of_pane=False)

    def _on_dialog_finished(self, _result: int) -> None:
        self.dialog = None

    def _project(self) -> Project | None:
        workplace = self._window.workplace
        return None if workplace is None else workplace.session.project
