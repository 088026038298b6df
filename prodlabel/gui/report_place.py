"""The report place: says what the report is, makes it in the background, opens it in the system's browser."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QProgressBar, QPushButton, QVBoxLayout, QWidget

from prodlabel.core.progress import Progress
from prodlabel.gui.labels import heading, toned
from prodlabel.gui.messages import Messages
from prodlabel.gui.session import Session
from prodlabel.gui.tasks import Callbacks, Task, Tasks
from prodlabel.gui.theme import Theme
from prodlabel.operations.child import run_in_child
from prodlabel.project.project import Project

if TYPE_CHECKING:
    from prodlabel.operations.report import Claim

REPORT_FILE = "report.html"
WIDTH = 620
CLAIMS_HEIGHT = 220


def write_report_of(folder: Path, path: Path, progress: Progress) -> str:
    """Make the report of a project that is open elsewhere; its headline. Works in a process of its own."""
    from prodlabel.operations.report import ReportSettings, make_report

    settings = ReportSettings(paper=path.with_suffix(".pdf"))
    with Project.open(folder, read_only=True) as project:
        summary = make_report(project, path, progress, settings)
    return summary.headline


class ReportPlace(QWidget):
    """Collaborators: `Session`, `Tasks`. Signals: `opened` with the path of the report that was opened,
    `products_wanted` with the ids (m,) of the products that a claim of the report counts."""

    opened = Signal(object)
    products_wanted = Signal(object)

    def __init__(self, session: Session, tasks: Tasks, messages: Messages) -> None:
        super().__init__()
        self.setObjectName("place")
        self._session, self._tasks, self._messages = session, tasks, messages
        self.open_url = QDesktopServices.openUrl
        self._task: Task | None = None
        self.title = toned("", "huge")
        self.text = toned("", "dim")
        self.state = toned("", "dim")
        self.figures = toned("", "")
        self.make = QPushButton(self)
        self.make.setProperty("primary", "true")
        self.open = QPushButton(self.tr("Open in the browser"), self)
        self.paper = QPushButton(self.tr("Open to print (PDF)"), self)
        self.claims = QListWidget(self)
        self.claims.setAccessibleName(self.tr("Products behind the figures"))
        self.claims.setToolTip(self.tr("Enter or a double click shows these products on the map"))
        self.behind = heading(self.tr("Products behind the figures"))
        self._claims: tuple[Claim, ...] = ()
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self._lay_out()
        self.make.clicked.connect(self.make_report)
        self.open.clicked.connect(self.open_report)
        self.paper.clicked.connect(self.open_paper)
        self.claims.itemActivated.connect(self._on_claim_activated)
        tasks.changed.connect(self._show_progress)

    @property
    def path(self) -> Path:
        """Where the report of this project lies."""
        return self._session.project.folder / REPORT_FILE

    @property
    def paper_path(self) -> Path:
        """Where the same lies as a PDF."""
        return self.path.with_suffix(".pdf")

    def enter(self) -> None:
        """The place is shown."""
        is_there, has_products = self.path.is_file(), bool(len(self._session.columns))
        is_busy = self._task is not None
        self.title.setText(self.tr("The report") if has_products else self.tr("No products yet"))
        self.make.setText(self.tr("Make it anew") if is_there else self.tr("Make the report"))
        self.make.setVisible(has_products and not is_busy)
        self.make.setProperty("primary", "false" if is_there else "true")
        self.open.setProperty("primary", "true" if is_there else "false")
        for button in (self.make, self.open):
            button.style().unpolish(button)
            button.style().polish(button)
        self.open.setVisible(is_there and not is_busy)
        self.paper.setVisible(self.paper_path.is_file() and not is_busy)
        self._show_claims()
        self._show_progress()

    def make_report(self) -> None:
        """Measure, draw and write it in the background, then open it."""
        if self._task is not None:
            return
        with self._messages.guard():
            folder, path = self._session.project.folder, self.path
            self._task = self._tasks.start(
                self.tr("Making the report"),
                lambda progress: run_in_child(write_report_of, folder, path, progress=progress),
                Callbacks(self._on_made, self._on_failed),
            )
        self.enter()

    def open_report(self) -> None:
        """In the system's browser."""
        if not self.open_url(QUrl.fromLocalFile(str(self.path))):
            self._messages.warn(self.tr("No browser could be started. The report is {0}.").format(self.path))
        self.opened.emit(self.path)

    def open_paper(self) -> None:
        """In the system's reader of PDF."""
        if not self.open_url(QUrl.fromLocalFile(str(self.paper_path))):
            self._messages.warn(
                self.tr("Nothing that shows a PDF could be started. The report is {0}.").format(
                    self.paper_path
                )
            )

    def _show_claims(self) -> None:
        """What the report counts; the products of each can be shown."""
        from prodlabel.operations.report import load_claims

        self._claims = load_claims(self.path)
        self.claims.clear()
        self.claims.addItems([one.title for one in self._claims])
        for part in (self.behind, self.claims):
            part.setVisible(bool(self._claims))

    def _on_claim_activated(self, _item: object) -> None:
        at = self.claims.currentRow()
        if 0 <= at < len(self._claims):
            self.products_wanted.emit(np.array(self._claims[at].product_ids, dtype=np.int64))

    def _on_made(self, headline: str) -> None:
        self._task = None
        self.figures.setText(headline)
        self.enter()
        self.open_report()

    def _on_failed(self, error: BaseException) -> None:
        self._task = None
        self._messages.report(error)
        self.enter()

    def _show_progress(self) -> None:
        if self._task is None and not self.isVisible():
            return
        if self._task is not None and self._task.is_over:
            # Cancelled: nobody calls back.
            self._task = None
            self.enter()
        task = self._task
        self.bar.setVisible(task is not None)
        if task is None:
            self.state.setText(self._said_of_file())
            return
        state = task.state
        fraction = None if state is None else state.fraction
        self.bar.setRange(0, 0 if fraction is None else 1000)
        self.bar.setValue(0 if fraction is None else round(1000 * fraction))
        self.state.setText(task.title if state is None else state.stage)

    def _said_of_file(self) -> str:
        if not self.path.is_file():
            return ""
        made = time.strftime("%Y-%m-%d %H:%M", time.localtime(self.path.stat().st_mtime))
        return self.tr("Made {0}, {1}").format(made, self.path)

    def _lay_out(self) -> None:
        theme = Theme.now()
        column = QWidget(self)
        column.setFixedWidth(theme.px(WIDTH))
        layout = QVBoxLayout(column)
        layout.setSpacing(theme.px(8))
        self.text.setText(
            self.tr(
                "One page to print or send: whether this catalogue can be sorted by a classifier, how well, "
                "and what it would save. It stands alone, and opens in any browser without a network."
            )
        )
        for label in (self.text, self.figures, self.state):
            label.setWordWrap(True)
        layout.addWidget(self.title)
        layout.addWidget(self.text)
        layout.addSpacing(theme.px(8))
        layout.addWidget(heading(self.tr("What is in it")))
        for name, meaning in self._chapters():
            row = QHBoxLayout()
            title = toned(name, "strong")
            title.setFixedWidth(theme.px(120))
            row.addWidget(title)
            row.addWidget(toned(meaning, "dim"), 1)
            layout.addLayout(row)
        layout.addSpacing(theme.px(8))
        layout.addWidget(self.figures)
        buttons = QHBoxLayout()
        buttons.addWidget(self.open)
        buttons.addWidget(self.paper)
        buttons.addWidget(self.make)
        buttons.addStretch(1)
        layout.addLayout(buttons)
        layout.addWidget(self.bar)
        layout.addWidget(self.state)
        layout.addSpacing(theme.px(8))
        layout.addWidget(self.behind)
        self.claims.setFixedHeight(theme.px(CLAIMS_HEIGHT))
        layout.addWidget(self.claims)
        outer = QHBoxLayout(self)
        outer.addStretch(1)
        outer.addWidget(column, 0, Qt.AlignmentFlag.AlignVCenter)
        outer.addStretch(1)

    def _chapters(self) -> list[tuple[str, str]]:
        return [
            (self.tr("Verdict"), self.tr("can it be sorted, and what that rests on")),
            (self.tr("Maps"), self.tr("all products by text, by picture and by both")),
            (self.tr("Agreement"), self.tr("do clusters found without labels fit the categories")),
            (self.tr("Classifier"), self.tr("accuracy with its spread, confusion, calibration, coverage")),
            (self.tr("Suspects"), self.tr("labels that are probably wrong, with pictures")),
            (self.tr("Provenance"), self.tr("sources, settings and versions behind every figure")),
        ]
