"""A search in a food database before its import: what to look for on the left, what was found on the right.

Invariant: a server is asked only when the user says so, and nothing of what it answered is written before the
import.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QProgressBar,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from prodlabel.core.errors import InputError, UserError
from prodlabel.core.progress import Progress
from prodlabel.gui.dialogs.food_form import FoodForm
from prodlabel.gui.dialogs.page import Page, button
from prodlabel.gui.dialogs.problem_list import ProblemList
from prodlabel.gui.dialogs.progress_text import left_text
from prodlabel.gui.dialogs.record_table import RecordTable
from prodlabel.gui.labels import set_tone, toned
from prodlabel.gui.messages import Messages
from prodlabel.gui.phrases import phrase
from prodlabel.gui.settings import Settings
from prodlabel.gui.tasks import Callbacks, Task, Tasks
from prodlabel.gui.theme import Theme
from prodlabel.operations.food import FoodDesk, Sight
from prodlabel.sources.food.catalogue import FoodCatalogue
from prodlabel.sources.food.credentials import EdamamKey, KeyMissingError
from prodlabel.sources.food.query import EDAMAM, OPEN_FOOD_FACTS, FoodQuery
from prodlabel.sources.food.troubles import FoodError, Trouble

_LEFT_PX = 300
_NAMES = {OPEN_FOOD_FACTS: "Open Food Facts", EDAMAM: "Edamam"}


class FoodPage(Page):
    """Collaborators: `FoodDesk` asks in a task, `Tasks`."""

    def __init__(
        self,
        desk: FoodDesk,
        wishes: Settings,
        tasks: Tasks,
        messages: Messages,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk, self._wishes, self._tasks, self._messages = desk, wishes, tasks, messages
        self._task: Task | None = None
        self._project_folder: Path | None = None
        self._asked: FoodQuery | None = None
        self.sight: Sight | None = None
        self.form = FoodForm(self)
        self.form.changed.connect(self._on_form_changed)
        self.form.failed.connect(self._say_error)
        self.records = RecordTable(self)
        self.problems = ProblemList(self)
        self.problems.failed.connect(messages.report)
        self.state = toned("", "dim", self)
        self.credit = toned("", "dim", self)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.stop = button(self.tr("Stop"), self._stop, self)
        self._lay_out()
        tasks.changed.connect(self._show_progress)

    # The page

    @property
    @override
    def heading(self) -> str:
        return _NAMES[self.form.provider]

    @property
    @override
    def lead(self) -> str:
        if self.form.provider == EDAMAM:
            return self.tr("Edamam is no open data: the terms of your plan apply.")
        return self.tr("Open data (ODbL), pictures CC BY-SA. At most ten searches a minute are asked.")

    @property
    @override
    def next_text(self) -> str:
        if self.has_found and self.sight is not None:
            return self.tr("Import {0:,} products").format(len(self.sight.records))
        return self.tr("Search")

    @property
    @override
    def can_go_on(self) -> bool:
        return self._task is None or self.has_found

    @property
    def has_found(self) -> bool:
        """Whether what is shown is what the form asks for, and worth an import."""
        return self.sight is not None and bool(self.sight.records) and self._query() == self._asked

    def show_provider(self, provider: str, project_folder: Path | None) -> None:
        """Begin anew with this database; a search that was stopped earlier in that project goes on."""
        self._project_folder = project_folder
        self.sight, self._asked = None, None
        self.records.products.show((), {})
        self.problems.hide()
        self.credit.hide()
        try:
            contact = self._desk.settings().contact
        except InputError as error:
            contact = ""
            self._messages.report(error)
        self.form.show_provider(provider, contact)
        self._say(self.tr("Say what to look for, then press Return. Nothing is written yet."))
        self._show_progress()

    @override
    def leave(self) -> None:
        if self._task is not None:
            self._tasks.cancel(self._task)
            self._task = None
            self._show_progress()

    def search(self) -> None:
        """Ask the database what the form says."""
        self.leave()
        try:
            query = self.form.query
            query.check()
            self._desk.introduce(self.form.contact.text())
        except UserError as error:
            self._say_error(error)
            return
        self._asked, before, self.sight = query, self._catalogue(), None
        self.records.products.show((), {})
        self.problems.hide()
        key = self.form.key.entered if query.provider == EDAMAM else None
        self._say(self.tr("Asking {0} …").format(self.heading))
        self._start(query, key, before)

    def _start(self, query: FoodQuery, key: EdamamKey | None, before: FoodCatalogue | None) -> None:
        desk, folder, is_apart = self._desk, self._project_folder, self._wishes["pictures_apart"]

        def work(progress: Progress) -> Sight:
            return desk.look(
                query, progress, project_folder=folder, key=key, before=before, pictures_apart=is_apart
            )

        callbacks = Callbacks(self._on_found, self._on_failed, self._on_found)
        self._task = self._tasks.start(self.tr("Searching"), work, callbacks)
        self._show_progress()
        self.changed.emit()

    def _catalogue(self) -> FoodCatalogue | None:
        return None if self.sight is None else self.sight.catalogue

    def _query(self) -> FoodQuery | None:
        try:
            return self.form.query
        except InputError:
            return None

    # What is heard

    def _on_found(self, sight: Sight) -> None:
        is_first = self.sight is None
        self.sight = sight
        if sight.has_all_pictures:
            self._task = None
            self.records.products.show_pictures(sight.pictures)
        if is_first:
            self.records.products.show(sight.records, sight.pictures)
            self.form.offer_fields([name for one in sight.records for name in one.attributes])
            if self._asked is not None and self._asked.provider == EDAMAM:
                self.form.key.show_stored()
        catalogue = sight.catalogue
        self.credit.setText("\n".join(catalogue.credits))
        self.credit.setVisible(bool(catalogue.credits))
        if catalogue.stopped_by is not None:
            self._say_error(catalogue.stopped_by)
        elif sight.records:
            self._say("")
        else:
            said = " ".join(phrase(problem.message) for problem in sight.problems)
            self._say(said or self.tr("Nothing was found. Try other words."))
        if sight.records and sight.problems:
            self.problems.show_problems(sight.problems, Counter(p.code for p in sight.problems))
        self._show_progress()
        self.changed.emit()

    def _on_failed(self, error: BaseException) -> None:
        self._task, self._asked = None, None
        if not isinstance(error, UserError):
            self._messages.report(error)
        self._say_error(error)
        if isinstance(error, KeyMissingError) or (
            isinstance(error, FoodError) and error.trouble is Trouble.KEY
        ):
            self.form.key.ask()
        self._show_progress()
        self.changed.emit()

    def _on_form_changed(self) -> None:
        self.changed.emit()

    def _stop(self) -> None:
        self.leave()
        self._asked = None if self.sight is None else self._asked
        self._say(self.tr("Stopped. What was answered is not asked for again.") if self.sight is None else "")
        self.changed.emit()

    # What is said

    def _say(self, text: str) -> None:
        set_tone(self.state, "dim")
        self._show_text(text)

    def _say_error(self, error: BaseException) -> None:
        set_tone(self.state, "warn")
        if isinstance(error, KeyMissingError):
            # The command line's advice is of no use here.
            self._show_text(
                self.tr("Edamam answers only with a key. Enter yours on the left; it stays in the keyring.")
                if "--ask-key" in str(error)
                else phrase(str(error))
            )
        elif isinstance(error, InputError) and "--contact" in str(error):
            self._show_text(self.tr("Food databases ask who is asking. Enter your e-mail on the left."))
            self.form.contact.setFocus()
        else:
            self._show_text(phrase(str(error)))

    def _show_text(self, text: str) -> None:
        has_records = bool(self.records.products.records)
        self.state.setText(text)
        self.state.setVisible(bool(text) or not has_records)
        self.state.setAlignment(Qt.AlignmentFlag.AlignLeft if has_records else Qt.AlignmentFlag.AlignCenter)
        self.records.setVisible(has_records)

    def _show_progress(self) -> None:
        task = self._task
        for widget in (self.bar, self.stop):
            widget.setVisible(task is not None)
        self.bar.setRange(0, 0)
        state = None if task is None else task.state
        if state is not None:
            fraction = state.fraction
            self.bar.setRange(0, 0 if fraction is None else 1000)
            self.bar.setValue(0 if fraction is None else round(1000 * fraction))
            if self.sight is None:
                self._say(left_text(state.stage, state.left_s, state.done, state.total))

    def _lay_out(self) -> None:
        theme = Theme.now()
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFixedWidth(theme.px(_LEFT_PX))
        self.form.setObjectName("side_content")
        area.setWidget(self.form)
        for label in (self.state, self.credit):
            label.setWordWrap(True)
        top = QHBoxLayout()
        top.addWidget(self.bar, 1)
        top.addWidget(self.stop)
        ground = QWidget(self)
        ground.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        right = QVBoxLayout(ground)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(theme.px(8))
        right.addLayout(top)
        right.addWidget(self.state, 1)
        right.addWidget(self.records, 100)
        right.addWidget(self.problems, 20)
        right.addWidget(self.credit)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.px(16))
        layout.addWidget(area)
        layout.addWidget(ground, 1)
