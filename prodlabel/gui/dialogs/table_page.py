"""A file or folder before it is imported: its first products, what its columns mean, and every odd row.

Invariant: the whole file is read for the preview, in the background, and nothing of a project is touched.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QSplitter,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from prodlabel.core.errors import UserError
from prodlabel.gui.boxes import ChoiceBox
from prodlabel.gui.dialogs.mapping_form import MappingForm, RememberedMappings
from prodlabel.gui.dialogs.page import Page, button
from prodlabel.gui.dialogs.problem_list import ProblemList
from prodlabel.gui.dialogs.record_table import RecordTable
from prodlabel.gui.labels import ElidedLabel, heading
from prodlabel.gui.messages import Messages
from prodlabel.gui.phrases import phrase
from prodlabel.gui.settings import Settings
from prodlabel.gui.tasks import Callbacks, Task, Tasks
from prodlabel.gui.theme import Theme
from prodlabel.operations.importing import ImportSettings, usual_label_level
from prodlabel.operations.preview import Preview, look_over
from prodlabel.sources.mapping import ColumnMapping
from prodlabel.sources.protocol import OpenOptions

_LEFT_PX = 300
_ENCODINGS = ("utf-8", "cp1252", "latin-1", "utf-16", "mac_roman", "cp1250", "cp1251", "shift_jis", "gb18030")
_TEXT_KINDS = frozenset({"table", "flipkart", "shopify", "merchant", "prodlabel"})


class TablePage(Page):
    """Collaborators: `Tasks`, `RememberedMappings`."""

    def __init__(
        self, settings: Settings, tasks: Tasks, messages: Messages, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._tasks, self._messages = tasks, messages
        self._remembered, self._wishes = RememberedMappings(settings), settings
        self._location = Path()
        self._task: Task | None = None
        self._guess: ColumnMapping | None = None
        self._error = ""
        self._is_table_shown = False
        self.preview: Preview | None = None
        self._options = OpenOptions()
        self.form = MappingForm(self)
        self.form.changed.connect(self._on_mapping_changed)
        self.records = RecordTable(self)
        self.problems = ProblemList(self)
        self.problems.failed.connect(messages.report)
        self.level = ChoiceBox(self.tr("Levels that label"), self)
        self.encoding = ChoiceBox(self.tr("Encoding"), self)
        self.pictures = ElidedLabel("", self, Qt.TextElideMode.ElideMiddle)
        self.state = QLabel(self)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self._left = QWidget(self)
        self._columns = QWidget(self)
        self._coding = QWidget(self)
        self._lay_out()
        tasks.changed.connect(self._show_progress)

    # What is imported

    @property
    def settings(self) -> ImportSettings:
        """What the page says now."""
        kind = None if self.preview is None else self.preview.kind
        return ImportSettings(
            self._location, kind, self._options, self._level(), pictures_apart=self._wishes["pictures_apart"]
        )

    def remember(self) -> None:
        """The mapping is used: use it again for the next table with these columns."""
        if self.preview is not None and self.preview.columns and self.preview.mapping is not None:
            self._remembered.remember(self.preview.columns, self.preview.mapping)

    def _level(self) -> int | None:
        return int(self.level.currentData() or 0) or None

    # The page

    @property
    @override
    def heading(self) -> str:
        return self._location.name

    @property
    @override
    def lead(self) -> str:
        if self._error or self.preview is None:
            return ""
        parts = [_kind_title(self.preview.kind)]
        if self.preview.is_whole:
            parts.append(self.tr("{0:,} products").format(self.preview.count))
            odd = sum(self.preview.problem_counts.values())
            parts.append(self.tr("{0:,} remarks").format(odd) if odd else self.tr("no remarks"))
        return " · ".join(part for part in parts if part)

    @property
    @override
    def next_text(self) -> str:
        if self.preview is not None and self.preview.is_whole and self.preview.count:
            return self.tr("Import {0:,} products").format(self.preview.count)
        return self.tr("Import")

    @property
    @override
    def can_go_on(self) -> bool:
        return not self._error and self.preview is not None and bool(self.preview.records)

    @override
    def leave(self) -> None:
        if self._task is not None:
            self._tasks.cancel(self._task)
            self._task = None

    def show_location(self, location: Path) -> None:
        """Look into this file or folder."""
        self._location = location
        self._options, self._guess, self.preview = OpenOptions(), None, None
        self._is_table_shown = False
        self.encoding.setCurrentIndex(0)
        self.records.products.show((), {})
        self._look()

    def _look(self) -> None:
        """Read from the beginning with the options as they are now."""
        self.leave()
        self._error = ""
        is_apart = self._wishes["pictures_apart"]
        settings = ImportSettings(self._location, options=self._options, pictures_apart=is_apart)
        self._task = self._tasks.start(
            self.tr("Reading {0}").format(self._location.name),
            lambda progress: look_over(settings, progress),
            Callbacks(self._on_seen, self._on_failed, self._on_seen),
        )
        self._show_progress()
        self.changed.emit()

    def _on_seen(self, preview: Preview) -> None:
        if self._guess is None and preview.mapping is not None and self._options.mapping is None:
            self._guess = preview.mapping
            remembered = self._remembered.recall(preview.columns)
            if remembered is not None and remembered != preview.mapping:
                self._use(preview, remembered)
                return
        is_new = self.preview is None or preview.records != self.preview.records
        self.preview = preview
        if preview.is_whole:
            self._task = None
        if is_new or preview.is_whole:
            self.records.products.show(preview.records, preview.pictures)
        self._show_form(preview, is_remembered=self._options.mapping is not None)
        self.problems.show_problems(preview.problems, preview.problem_counts)
        folder = preview.picture_folder
        self.pictures.setText(self.tr("no folder found") if folder is None else str(folder))
        self._show_progress()
        self.changed.emit()

    def _use(self, preview: Preview, mapping: ColumnMapping) -> None:
        """Read again with what is remembered for these columns."""
        self.preview = preview
        self._options = OpenOptions(mapping=mapping)
        self._look()

    def _show_form(self, preview: Preview, *, is_remembered: bool) -> None:
        has_columns = preview.mapping is not None and bool(preview.columns)
        self._columns.setVisible(has_columns)
        self._coding.setVisible(preview.kind in _TEXT_KINDS)
        if self._is_table_shown:
            return
        self._is_table_shown = True
        if has_columns and preview.mapping is not None:
            guess = self._guess or preview.mapping
            self.form.show_mapping(preview.columns, preview.mapping, guess, is_remembered=is_remembered)
        usual = usual_label_level(preview.kind)
        self.level.setCurrentIndex(max(0, self.level.findData(usual or 0)))

    def _on_failed(self, error: BaseException) -> None:
        self._task = None
        if not isinstance(error, UserError):
            self._messages.report(error)
        self._error = phrase(str(error))
        self.preview = None
        self.records.products.show((), {})
        self.problems.hide()
        self._show_progress()
        self.changed.emit()

    def _on_mapping_changed(self) -> None:
        self._choose(mapping=self.form.mapping)

    def _choose(self, **said: object) -> None:
        self._options = replace(self._options, **said)  # type: ignore[arg-type]
        self._look()

    def _on_encoding_chosen(self) -> None:
        # Other names of columns may come of it: everything is guessed anew.
        self._guess, self._is_table_shown = None, False
        self._options = OpenOptions(encoding=self.encoding.currentData())
        self._look()

    def _ask_for_pictures(self) -> None:
        begin = str(self._location.parent)
        chosen = QFileDialog.getExistingDirectory(self, self.tr("The folder with the pictures"), begin)
        if chosen:
            self._choose(picture_folder=Path(chosen))

    def _show_progress(self) -> None:
        task = self._task
        self.bar.setVisible(task is not None)
        state = None if task is None else task.state
        fraction = None if state is None else state.fraction
        self.bar.setRange(0, 0 if fraction is None else 1000)
        self.bar.setValue(0 if fraction is None else round(1000 * fraction))
        has_records = self.preview is not None and bool(self.preview.records)
        if self._error:
            text = self._error
        elif has_records:
            text = ""
        elif task is not None:
            text = self.tr("Reading {0} …").format(self._location.name)
        else:
            text = self.tr("There are no products in {0}. Choose another file.").format(self._location.name)
        self.state.setText(text)
        self.state.setVisible(bool(text))
        self.records.setVisible(has_records)
        self._left.setVisible(has_records)

    def _lay_out(self) -> None:
        theme = Theme.now()
        self.state.setWordWrap(True)
        self.state.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._left.setFixedWidth(theme.px(_LEFT_PX))
        columns = QVBoxLayout(self._columns)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.addWidget(heading(self.tr("What the columns mean")))
        columns.addWidget(self.form)
        left = QVBoxLayout(self._left)
        left.setContentsMargins(0, 0, theme.px(16), 0)
        left.setSpacing(theme.px(8))
        left.addWidget(self._columns)
        left.addSpacing(theme.px(8))
        left.addWidget(heading(self.tr("Labels")))
        left.addWidget(self.level)
        left.addSpacing(theme.px(8))
        left.addWidget(heading(self.tr("Pictures")))
        row = QHBoxLayout()
        row.addWidget(self.pictures, 1)
        row.addWidget(button(self.tr("Choose…"), self._ask_for_pictures, self))
        left.addLayout(row)
        left.addSpacing(theme.px(8))
        left.addWidget(self._coding)
        left.addStretch(1)
        coding = QVBoxLayout(self._coding)
        coding.setContentsMargins(0, 0, 0, 0)
        coding.addWidget(heading(self.tr("Encoding")))
        coding.addWidget(self.encoding)
        self._fill_boxes()
        right = QSplitter(Qt.Orientation.Vertical, self)
        right.setChildrenCollapsible(False)
        right.addWidget(self.records)
        right.addWidget(self.problems)
        right.setStretchFactor(0, 3)
        right.setStretchFactor(1, 2)
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addWidget(self._left)
        body.addWidget(right, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.px(8))
        layout.addWidget(self.bar)
        layout.addWidget(self.state, 1)
        layout.addLayout(body, 100)

    def _fill_boxes(self) -> None:
        self.level.addItem(self.tr("the whole path is the label"), 0)
        self.level.addItem(self.tr("the first level is the label"), 1)
        self.level.addItem(self.tr("the first two levels are the label"), 2)
        self.level.addItem(self.tr("the first three levels are the label"), 3)
        self.encoding.addItem(self.tr("found from the file"), None)
        for name in _ENCODINGS:
            self.encoding.addItem(name, name)
        self.encoding.activated.connect(lambda _at: self._on_encoding_chosen())


def _kind_title(kind: str) -> str:
    from prodlabel.sources.registry import source

    return source(kind).title
