"""Work on the open project in the background: import, map, training, by the command line's operations.

Invariant: a worker computes from a snapshot; what it found is written by the GUI thread, which alone owns the
project, part by part as it comes. What was written when a job is cancelled stays.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from prodlabel import paths
from prodlabel.core.errors import UserError
from prodlabel.core.progress import Progress
from prodlabel.gui.filters import Facet
from prodlabel.gui.intake import Intake, MakeJob, Stage
from prodlabel.gui.jobs import Found, ImportJob, MapWish, map_in_child
from prodlabel.gui.map.picture import write_png, write_svg
from prodlabel.gui.map.points import Placing
from prodlabel.gui.messages import Offer
from prodlabel.gui.phrases import phrase
from prodlabel.gui.tasks import Callbacks, Task
from prodlabel.gui.training_job import (
    Trained,
    suggest_again,
    train_and_suggest,
    train_network_and_suggest,
)
from prodlabel.gui.values import read_values
from prodlabel.learning.networks.plan import EpochFigures
from prodlabel.operations.child import run_in_child
from prodlabel.operations.export import export_snapshot
from prodlabel.operations.importing import ImportSettings
from prodlabel.operations.steps import layout_in_use
from prodlabel.operations.train import FUSION
from prodlabel.project.places import with_suffix
from prodlabel.project.project import Project
from prodlabel.project.results import CLASSIFIER, SUGGESTIONS, ResultInfo
from prodlabel.project.snapshot import Snapshot
from prodlabel.sources.demo import write_demo_catalogue

if TYPE_CHECKING:
    from prodlabel.gui.main_window import MainWindow

Then = Callable[[], object]
_ALL_MAPS = ""


class Work(QObject):
    """Starts the jobs of one window, one after the other where one stands on the other."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._wanted: dict[str, Task] = {}
        self._after_next_map: Then | None = None
        self._training: Task | None = None
        self._intake: Intake | None = None

    @property
    def is_importing(self) -> bool:
        """Whether products are coming in."""
        return self._intake is not None and self._intake.stage in (Stage.READING, Stage.PICTURES)

    def intake(self, make_job: MakeJob) -> Intake | None:
        """An import into the open project that waits for its `begin`; None without a project."""
        workplace = self._window.workplace
        if workplace is None:
            return None
        made = Intake(make_job, workplace.session, self._window.tasks, self._window.messages, workplace)

        def follow() -> None:
            workplace.librarian.forget_thumbnails()
            self._read_texts()

        made.ended.connect(follow)
        self._intake = made
        return made

    def import_products(self, location: Path, then: Then | None = None) -> None:
        """Read a catalogue into the open project without asking, then look at its pictures."""
        project = self._project()
        if project is None:
            return
        intake = self.intake(lambda: ImportJob(project, ImportSettings(location)))
        if intake is None:
            return

        def ended() -> None:
            if intake.stage is Stage.DONE and then is not None:
                then()
            self.tell(intake, offers_map=then is None, is_asked=then is None)

        intake.ended.connect(ended)
        intake.begin()

    def show_outcome(self, intake: Intake, *, wants_map: bool) -> None:
        """An import is over that somebody asked for: select what came in, say so, and make the map."""
        workplace = self._window.workplace
        if workplace is None or workplace.session is not intake.session:
            return
        session = intake.session
        rows = np.flatnonzero(np.isin(session.columns.product_id, intake.report.product_ids))
        if 0 < len(rows) < len(session.columns):
            session.select_rows(rows)
        goes_on = wants_map and intake.stage is Stage.DONE and bool(len(rows))
        self.tell(intake, offers_map=not goes_on)
        if goes_on:
            self.make_map(self.train)

    def tell(self, intake: Intake, *, offers_map: bool = True, is_asked: bool = True) -> None:
        """Say in the message bar what an import came to; remarks on rows only to who asked for the import."""
        messages, report = self._window.messages, intake.report
        if intake.stage is Stage.FAILED and isinstance(intake.error, UserError):
            messages.report(intake.error)
        if intake.stage is not Stage.DONE:
            return
        text = self.tr("{0:,} products are new, {1:,} changed.").format(report.added, report.changed)
        if report.problems and is_asked:
            count = report.problem_count
            first = phrase(report.problems[0].message)
            messages.warn(self.tr("{0} {1:,} remarks: {2}").format(text, count, first))
        elif offers_map:
            messages.inform(text, Offer(self.tr("Make the map"), self.make_map))

    def lay_out_by(self, name: str, method: str) -> None:
        """Make the map of this name by another method ("": there is none yet), and remember the choice."""
        self._window.settings.set("layout_method", method)
        if name:
            self.make_map(only=name, method=method)

    def make_map(self, then: Then | None = None, *, only: str = _ALL_MAPS, method: str | None = None) -> None:
        """Encode what is new, lay out, cluster; all maps, or the one of this name. `method` None: each as it
        was made, a new one as was chosen last."""
        project = self._project()
        if project is None:
            return
        if self._is_under_way(_ALL_MAPS) or self._is_under_way(only):
            # Products may have come since it began: what goes on from the map waits for one that has them.
            self._after_next_map = then or self._after_next_map
            return
        snapshot, seat, self._after_next_map = project.snapshot(), project.seat, None
        wish = MapWish(only, method, self._window.settings["layout_method"])
        old = {info.name: layout_in_use(project, info.name) for info in project.results.list("layout")}

        def done(_: object) -> None:
            self._read_texts()
            if self._after_next_map is not None:
                self.make_map(self._after_next_map)
            elif then is not None:
                then()
            elif not only:
                offer = Offer(self.tr("Train"), self.train)
                self._window.messages.inform(self.tr("The map is ready."), offer)

        self._wanted[only] = self._start(
            self.tr("Making the map"),
            lambda progress: map_in_child(seat, snapshot, old, wish, _sorting(progress)),
            done,
            failed=self._on_map_failed,
            cancelled=self._show_kept_map,
        )

    def _on_map_failed(self, error: BaseException) -> None:
        self._show_kept_map()
        self._window.messages.report(error)

    def _show_kept_map(self) -> None:
        """Instead of one that was half made."""
        if self._window.workplace is not None:
            self._window.workplace.map.refresh()

    def read_values(self, name: str) -> None:
        """Read what the map shall be coloured by."""
        project = self._project()
        if project is None or self._is_under_way(name):
            return
        snapshot = project.snapshot()

        def done(facet: Facet) -> None:
            workplace = self._window.workplace  # its panes may have been built anew
            if workplace is not None:
                workplace.session.take_facet(facet, snapshot.columns.product_id)

        self._wanted[name] = self._start(
            self.tr("Reading values"),
            lambda progress: read_values(snapshot, name, progress),
            done,
        )

    def train(self, *, is_asked: bool = True) -> Task | None:
        """Train a classifier on the labels as they are, then suggest for every product; only one at a time.

        `is_asked` False: it starts by itself, and what stands in its way is nothing to be told of.
        """
        found = self._to_train_on()
        if found is None:
            return None
        snapshot, in_use, number = found
        level = self._level()

        def failed(error: BaseException) -> None:
            if is_asked or not isinstance(error, UserError):
                self._window.messages.report(error)

        self._training = self._start(
            self.tr("Training") if is_asked else self.tr("Training again"),
            lambda progress: run_in_child(
                functools.partial(train_and_suggest, level=level), snapshot, in_use, number, progress=progress
            ),
            lambda outcome: self._tell_trained(outcome, is_asked=is_asked),
            failed=failed,
        )
        return self._training

    def train_network(self, kind: str) -> None:
        """Train a network, then suggest for every product; its epochs are shown in the training place."""
        found, places = self._to_train_on(), self._window.places
        if found is None or places is None:
            return
        snapshot, in_use, number = found
        level = self._level()

        def take(part: object) -> None:
            places = self._window.places  # not those of before: panes may have been built anew
            if not isinstance(part, EpochFigures):
                self._take_part(part)
            elif places is not None and self._training is not None:
                places.training.networks.follow(self._training)
                places.training.networks.take_epoch(part)

        self._training = self._start(
            self.tr("Training a network"),
            lambda progress: run_in_child(
                functools.partial(train_network_and_suggest, level=level),
                *(snapshot, in_use, number, kind),
                progress=progress,
            ),
            lambda outcome: self._tell_trained(outcome, is_asked=True),
            take,
        )
        places.training.networks.follow(self._training)

    def _level(self) -> int:
        """Of the taxonomy, as it was chosen in the training place; 0 for that of the version so far."""
        places = self._window.places
        return 0 if places is None else places.training.level.chosen

    def _to_train_on(self) -> tuple[Snapshot, ResultInfo | None, int] | None:
        """The project as it is, the version in use and the number of the next; None while one is trained."""
        project = self._project()
        if project is None or (self._training is not None and not self._training.is_over):
            return None
        number = 1 + max((one.id for one in project.results.list(CLASSIFIER)), default=0)
        return project.snapshot(), project.results.current(CLASSIFIER, FUSION), number

    def suggest_again(self) -> None:
        """Suggestions for every product by the version in use; another one made those that are there."""
        project = self._project()
        in_use = None if project is None else project.results.current(CLASSIFIER, FUSION)
        if project is None or in_use is None:
            return
        snapshot = project.snapshot()
        self._start(
            self.tr("Suggesting"),
            lambda progress: run_in_child(suggest_again, snapshot, in_use, progress=progress),
            lambda outcome: self._tell_trained(outcome, is_asked=True),
        )

    def _tell_trained(self, outcome: Trained, *, is_asked: bool) -> None:
        messages = self._window.messages
        if outcome.held_back:
            offer = Offer(self.tr("Look at it"), self._window.actions_table["place_training"].trigger)
            messages.warn(self.tr("The new version is not in use. {0}").format(outcome.held_back), offer)
        elif is_asked and not outcome.version:
            messages.inform(
                self.tr("There are few labels yet: suggestions come from the names of the categories.")
            )
        elif is_asked:
            messages.inform(self.tr("Suggestions are ready."))

    def export_products(self, path: Path, rows: NDArray[np.int64] | None = None) -> None:
        """Write all products, or these rows, to a file; the format follows from its ending."""
        project = self._project()
        if project is None:
            return
        snapshot, suggestions = project.snapshot(), project.results.current(SUGGESTIONS, FUSION)

        def done(count: int) -> None:
            self._tell_written(self.tr("{0:,} products were written to {1}.").format(count, path), path)

        self._start(
            self.tr("Exporting"),
            lambda progress: export_snapshot(snapshot, suggestions, path, progress, rows=rows),
            done,
        )

    def save_map(self, path: Path) -> None:
        """What the map shows now as PNG or SVG, as the ending says."""
        workplace = self._window.workplace
        if workplace is None:
            return
        with self._window.messages.guard():
            write = write_svg if path.suffix.lower() == ".svg" else write_png
            write(workplace.map.view, path)
            self._tell_written(self.tr("The map was saved as {0}.").format(path), path)

    def _tell_written(self, text: str, path: Path) -> None:
        folder = QUrl.fromLocalFile(str(path.parent))
        offer = Offer(self.tr("Open folder"), lambda: QDesktopServices.openUrl(folder))
        self._window.messages.inform(text, offer)

    def open_demo(self) -> None:
        """Open the demo; the first time it is drawn, imported, laid out and learned while one watches."""
        folder = paths.user_cache() / "demo"
        project = with_suffix(folder / "demo")
        if (project / "project.sqlite").is_file():
            self._window.open_project(project)
            return
        catalogue = folder / "catalogue"

        self._window.opening.wanted = project

        def drawn(location: Path) -> None:
            if self._window.opening.wanted != project:
                return  # another project has been opened since
            with self._window.messages.guard():
                self._window.show_project(Project.create(project, name="demo"))
                self.study(location)

        self._start(
            self.tr("Drawing the demo"),
            lambda progress: write_demo_catalogue(catalogue, progress=progress),
            drawn,
        )

    def study(self, location: Path) -> None:
        """Everything from a catalogue to suggestions."""
        self.import_products(location, lambda: self.make_map(self.train))

    def _project(self) -> Project | None:
        workplace = self._window.workplace
        return None if workplace is None else workplace.session.project

    def _is_under_way(self, name: str) -> bool:
        """Whether a job makes or reads what the map wants to show by this name."""
        task = self._wanted.get(name)
        return task is not None and not task.is_over

    def _read_texts(self) -> None:
        self._window.read_texts()

    def _start(
        self,
        title: str,
        work: Callable[[Progress], Any],
        done: Callable[[Any], object],
        partial: Callable[[Any], object] | None = None,
        *,
        failed: Callable[[BaseException], object] | None = None,
        cancelled: Callable[[], object] | None = None,
    ) -> Task:
        def take(part: Any) -> None:
            with self._window.messages.guard():
                (partial or self._take_part)(part)

        def finish(outcome: Any) -> None:
            with self._window.messages.guard():
                done(outcome)

        callbacks = Callbacks(finish, failed or self._window.messages.report, take)
        if cancelled is not None:
            callbacks = replace(callbacks, on_cancelled=cancelled)
        return self._window.tasks.start(title, work, callbacks, is_of_pane=False)

    def _take_part(self, part: object) -> None:
        """Write a part of an outcome, or show how far a layout has come."""
        workplace = self._window.workplace
        if workplace is None:
            return
        if isinstance(part, Found):
            part.keep(workplace.session.project)
        elif isinstance(part, Placing):
            workplace.map.show_partial(part)


def _sorting(progress: Progress) -> Progress:
    """Passes on what a child says; layouts on the way are sorted for drawing here, in the job's thread."""

    def offer(part: Any) -> None:
        progress.offer(Placing.of(part[:, 0], part[:, 1]) if isinstance(part, np.ndarray) else part)

    return Progress(progress.listener, offer, progress.token, progress.clock)
