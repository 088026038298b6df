"""The training place: the accuracy large, where the classifier errs, how far to believe it, its versions.

Invariant: what is shown is measured on products that the version had not seen; everything is read and
measured by workers, and what they bring is dropped where another version was chosen meanwhile.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from prodlabel.gui.labels import heading, set_tone, toned
from prodlabel.gui.messages import Messages
from prodlabel.gui.notice import Notice
from prodlabel.gui.phrases import phrase
from prodlabel.gui.session import Session
from prodlabel.gui.settings import Settings
from prodlabel.gui.tasks import Callbacks, Tasks
from prodlabel.gui.theme import RIGHT_PX, Theme
from prodlabel.gui.training.again import Again
from prodlabel.gui.training.charts import CalibrationChart, CoverageChart, LearningChart
from prodlabel.gui.training.confusion import ConfusionMatrix, WideMatrix
from prodlabel.gui.training.evidence import Evidence, category_figures, compare, measure_curve, read_evidence
from prodlabel.gui.training.levels import LevelBox
from prodlabel.gui.training.networks import NetworkPanel
from prodlabel.gui.training.versions import VersionList
from prodlabel.operations.child import run_in_child
from prodlabel.project.results import CLASSIFIER, ResultInfo

if TYPE_CHECKING:
    from prodlabel.learning.learning_curve import LearningCurve
    from prodlabel.operations.versions import Comparison

_CHANGES = 5
_GOALS = (0.90, 0.95, 0.97, 0.98, 0.99)


class TrainingPlace(QWidget):
    """Collaborators: `Session`, `Tasks`. Signals: `train_wanted`, `suggest_wanted` (by the version that was
    put in use), `products_wanted` with ids for the map."""

    train_wanted = Signal()
    suggest_wanted = Signal()
    products_wanted = Signal(object)

    def __init__(self, session: Session, tasks: Tasks, messages: Messages, settings: Settings) -> None:
        super().__init__()
        self.setObjectName("place")
        self._session, self._tasks, self._messages = session, tasks, messages
        self.evidence: Evidence | None = None
        self._wanted = 0
        self.flipped: Any = np.empty(0, dtype=np.int64)
        self.notice = Notice(self)
        self.accuracy = toned("", "huge")
        self.interval = toned("", "dim")
        self.change = toned("", "dim")
        self.others = toned("", "dim")
        self.share = toned("", "dim")
        self.train = QPushButton(self.tr("Train now"), self)
        self.again = Again(settings, self)
        self.level = LevelBox(self)
        self.matrix = ConfusionMatrix(self)
        self.wide = WideMatrix(self.matrix, self)
        self.calibration = CalibrationChart(self)
        self.coverage = CoverageChart(self)
        self.line = toned("", "dim")
        self.learning = LearningChart(self)
        self.forecast = toned("", "dim")
        self.measure = QPushButton(self.tr("Measure the learning curve"), self)
        self.versions = VersionList(self)
        self.hint = toned(self.tr("Check two to compare them, one to put it in use again."), "dim")
        self.networks = NetworkPanel(tasks, self)
        self.compare = QPushButton(self.tr("Compare the two"), self)
        self.use = QPushButton(self.tr("Put in use"), self)
        self.comparison = toned("", "dim")
        self.flips = QPushButton(self)
        self._lay_out()
        self._connect()

    def enter(self) -> None:
        """The place is shown."""
        self.level.show_levels(self._session.project)
        versions = self._session.project.results.list(CLASSIFIER)
        self.versions.show_versions(versions)
        self.hint.setVisible(len(versions) > 1)
        current = next((one for one in versions if one.is_current), None)
        if current is None:
            self._show_nothing()
            return
        if self._wanted != current.id or self.evidence is None:
            self._read(current)
        self._show_checked()

    def _read(self, info: ResultInfo) -> None:
        self._wanted = info.id
        folder, number = self._session.project.folder, info.id
        if self.evidence is None:
            self.notice.say(self.tr("Reading version {0}").format(number), "", is_busy=True)
            self._pages.setCurrentWidget(self.notice)

        def take(evidence: Evidence) -> None:
            if evidence.version == self._wanted:
                self._take_evidence(evidence)

        def fail(error: BaseException) -> None:
            text = self.tr("This version cannot be measured")
            self.notice.say(text, phrase(str(error)), self.tr("Train now"), self.train_wanted.emit)
            self._pages.setCurrentWidget(self.notice)

        self._tasks.start(
            self.tr("Reading version {0}").format(number),
            lambda progress: run_in_child(read_evidence, folder, number, progress=progress),
            Callbacks(take, fail, on_cancelled=self._on_reading_cancelled),
        )

    def _on_reading_cancelled(self) -> None:
        """What was asked for is not there, and can be asked for again."""
        title = self.tr("Version {0} was not read").format(self._wanted)
        self._wanted = 0
        if self.evidence is None:
            self.notice.say(title, self.tr("Reading it was cancelled."), self.tr("Read it"), self.enter)

    def _show_nothing(self) -> None:
        if not len(self._session.columns):
            self.notice.say(self.tr("No products yet"), self.tr("Import a catalogue first."))
        else:
            text = self.tr(
                "Train one on the labels there are: it suggests categories and says how sure it is."
            )
            self.notice.say(self.tr("No classifier yet"), text, self.tr("Train now"), self.train_wanted.emit)
        self._pages.setCurrentWidget(self.notice)

    def _take_evidence(self, evidence: Evidence) -> None:
        self.evidence = evidence
        low, high = evidence.interval()
        self.accuracy.setText(f"{100 * evidence.accuracy:.1f} %")
        text = self.tr("right on {0:,} products it had not seen (95 %: {1:.1f} to {2:.1f} %)")
        self.interval.setText(text.format(len(evidence), 100 * low, 100 * high))
        self._show_change(evidence)
        figures = evidence.figures
        parts = []
        for name, title in (("macro_f1", "macro-F1"), ("calibration_error", self.tr("calibration error"))):
            if isinstance(figures.get(name), float):
                parts.append(f"{title} {figures[name]:.3f}")
        kept = figures.get("accuracy")
        if not evidence.is_as_trained and isinstance(kept, float):
            parts.append(self.tr("{0:.1f} % on the labels it was trained on").format(100 * kept))
        if evidence.echoes:
            text = self.tr("{0:,} accepted suggestions, for which labels as sure as they are stand")
            parts.append(text.format(evidence.echoes))
        if figures.get("suspected"):
            parts.append(self.tr("{0:,} labels suspected wrong").format(figures["suspected"]))
        self.others.setText("  ·  ".join(parts))
        self._show_share()
        classes = evidence.classes.tolist()
        session = self._session
        names, styles = [session.category_title(c) for c in classes], [session.styles[c] for c in classes]
        self.matrix.show_counts(evidence.confusion(), names, styles, category_figures(evidence))
        self.wide.updateGeometry()
        self.calibration.show_evidence(evidence)
        self.coverage.show_evidence(evidence, 0.99)
        self._pages.setCurrentWidget(self._content)

    def _show_change(self, evidence: Evidence) -> None:
        """Against the version before it, by the figures that were kept."""
        earlier = [one for one in self._session.project.results.list(CLASSIFIER) if one.id < evidence.version]
        before = next((one.figures["accuracy"] for one in earlier if one.figures.get("accuracy")), None)
        now = evidence.figures.get("accuracy")
        if before is None or not isinstance(now, float):
            self.change.setText(self.tr("the first version"))
            set_tone(self.change, "dim")
            return
        points = 100 * (now - before)
        self.change.setText(self.tr("{0:+.1f} points since the version before").format(points))
        set_tone(self.change, "dim" if abs(points) < 0.05 else "good" if points > 0 else "warn")

    def _show_share(self) -> None:
        """How much of the evidence is text, over all products."""
        suggestions = self._session.computed.suggestions
        share = None if suggestions is None else suggestions.mean_text_share()
        text = self.tr("What decides: {0:.0f} % text, {1:.0f} % picture")
        self.share.setText("" if share is None else text.format(100 * share, 100 - 100 * share))

    def _show_line(self) -> None:
        count, precision, confidence = self.coverage.figures()
        text = self.tr("Accepting the {0:,} surest ({1:.0f} %, from {2:.0f} % sure): {3:.1f} % right.")
        share = 100 * self.coverage.line
        self.line.setText(text.format(count, share, 100 * confidence, 100 * precision) if count else "")

    def _show_checked(self) -> None:
        checked = self.versions.checked
        self.compare.setVisible(len(checked) == 2)
        current = self._session.project.results.current(CLASSIFIER)
        is_other = len(checked) == 1 and current is not None and checked[0] != current.id
        self.use.setVisible(is_other)

    # What is asked for

    def compare_checked(self) -> None:
        """What got better and worse between the two checked versions."""
        checked = self.versions.checked
        if len(checked) != 2:
            return
        folder, (first, second) = self._session.project.folder, checked
        self.comparison.setText(self.tr("Comparing…"))
        self._tasks.start(
            self.tr("Comparing versions"),
            lambda progress: run_in_child(compare, folder, first, second, progress=progress),
            Callbacks(
                self._take_comparison,
                self._on_comparison_failed,
                on_cancelled=lambda: self.comparison.setText(""),
            ),
        )

    def use_checked(self) -> None:
        """Put the checked version in use again; its suggestions have to be made anew."""
        checked = self.versions.checked
        if len(checked) == 1:
            with self._messages.guard():
                self._session.project.results.make_current(checked[0])
                self._messages.inform(self.tr("Version {0} is in use again.").format(checked[0]))
                self.suggest_wanted.emit()

    def measure_curve(self) -> None:
        """Train on growing parts of the labels, and look ahead."""
        version = self._session.project.results.current(CLASSIFIER)
        level = 1 if version is None else int(version.settings.get("level", 1))
        folder = self._session.project.folder
        self.measure.setEnabled(False)
        self._tasks.start(
            self.tr("Measuring the learning curve"),
            lambda progress: run_in_child(measure_curve, folder, level, progress=progress),
            Callbacks(
                self._take_curve, self._on_curve_failed, on_cancelled=lambda: self.measure.setEnabled(True)
            ),
        )

    def _take_curve(self, curve: LearningCurve) -> None:
        self.measure.setEnabled(True)
        self.learning.show_curve(curve)
        goal = next((one for one in _GOALS if one > curve.now + 0.005), _GOALS[-1])
        self.forecast.setText(phrase(curve.sentence(goal)))
        self._learning.setCurrentIndex(1)

    def _on_curve_failed(self, error: BaseException) -> None:
        self.measure.setEnabled(True)
        self._messages.report(error)

    def _take_comparison(self, found: Comparison) -> None:
        before, after = found.accuracy
        text = self.tr("On {0:,} labels: {1:.1f} % before, {2:.1f} % after; {3:,} won, {4:,} lost.")
        lines = [text.format(found.checked, 100 * before, 100 * after, found.won, found.lost)]
        moved = [one for one in found.categories if abs(one.f1_after - one.f1_before) >= 0.0005]
        moved = sorted(moved, key=lambda one: -abs(one.f1_after - one.f1_before))[:_CHANGES]
        lines += [f"{one.name}: F1 {one.f1_before:.3f} → {one.f1_after:.3f}" for one in moved]
        self.comparison.setText("\n".join(lines))
        self.flipped = np.asarray(found.flipped)
        self.flips.setText(self.tr("{0:,} suggestions differ: show them").format(len(self.flipped)))
        self.flips.setVisible(bool(len(self.flipped)))

    def _on_comparison_failed(self, error: BaseException) -> None:
        self.comparison.setText("")
        self._messages.report(error)

    def _on_cell_opened(self, truth: int, said: int) -> None:
        if self.evidence is not None:
            found = self.evidence.cell(truth, said)
            if len(found):
                self.products_wanted.emit(found)

    def _on_results_changed(self) -> None:
        if self.isVisible():
            self.enter()

    def _connect(self) -> None:
        self.train.clicked.connect(self.train_wanted)
        self.matrix.opened.connect(self._on_cell_opened)
        self.coverage.moved.connect(lambda _: self._show_line())
        self.measure.clicked.connect(self.measure_curve)
        self.versions.checked_changed.connect(self._show_checked)
        self.compare.clicked.connect(self.compare_checked)
        self.use.clicked.connect(self.use_checked)
        self.flips.clicked.connect(lambda: self.products_wanted.emit(self.flipped))
        self._session.results_changed.connect(self._on_results_changed)

    # Building

    def _lay_out(self) -> None:
        self._content = QScrollArea()
        self._content.setAccessibleName(self.tr("Figures of the version"))
        self._content.setWidgetResizable(True)
        self._content.setWidget(self._middle())
        self._content.viewport().setAutoFillBackground(False)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self.notice)
        self._pages.addWidget(self._content)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._pages, 1)
        # Beside a notice too: the first version may be a network, whose curves are to be seen.
        row.addWidget(self._right_side())

    def _middle(self) -> QWidget:
        theme = Theme.now()
        middle = QWidget()
        middle.setObjectName("inspector_content")
        layout = QVBoxLayout(middle)
        layout.setContentsMargins(theme.px(28), theme.px(20), theme.px(28), theme.px(16))
        layout.setSpacing(theme.px(8))
        self.accuracy.setStyleSheet(f"font-size: {theme.px(44)}px; font-weight: 600;")
        self.train.setProperty("primary", "true")
        words = QVBoxLayout()
        words.setSpacing(theme.px(2))
        words.addStretch(1)
        for label in (self.interval, self.change, self.others, self.share):
            words.addWidget(label)
        words.addStretch(1)
        head = QHBoxLayout()
        head.setSpacing(theme.px(20))
        head.addWidget(self.accuracy)
        head.addLayout(words, 1)
        buttons = QVBoxLayout()
        buttons.setSpacing(theme.px(6))
        buttons.addStretch(1)
        buttons.addWidget(self.train)
        buttons.addWidget(self.again)
        buttons.addStretch(1)
        head.addLayout(buttons)
        layout.addLayout(head)
        layout.addSpacing(theme.px(12))
        layout.addWidget(heading(self.tr("Labelled as, by row; suggested as, by column")))
        layout.addWidget(self.wide)
        layout.addSpacing(theme.px(12))
        layout.addLayout(self._charts(), 1)
        return middle

    def _charts(self) -> QGridLayout:
        theme = Theme.now()
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(24))
        grid.setVerticalSpacing(theme.px(6))
        ask = QWidget()
        column = QVBoxLayout(ask)
        column.addStretch(1)
        hint = toned(self.tr("What more labels would bring: some fifteen trainings."), "dim")
        hint.setWordWrap(True)
        column.addWidget(hint)
        column.addWidget(self.measure)
        column.addStretch(1)
        self._learning = QStackedWidget()
        self._learning.addWidget(ask)
        self._learning.addWidget(self.learning)
        hint_of = toned(self.tr("On the dashed line it is as right as it says."), "dim")
        parts = (
            (self.tr("Coverage against precision"), self.coverage, self.line),
            (self.tr("Calibration"), self.calibration, hint_of),
            (self.tr("Learning curve"), self._learning, self.forecast),
        )
        for place, (title, chart, text) in enumerate(parts):
            text.setWordWrap(True)
            text.setMinimumHeight(theme.px(36))
            grid.addWidget(heading(title), 0, place)
            grid.addWidget(chart, 1, place)
            grid.addWidget(text, 2, place)
            grid.setColumnStretch(place, 1)
        grid.setRowStretch(1, 1)
        return grid

    def _right_side(self) -> QWidget:
        theme = Theme.now()
        content = QWidget()
        content.setObjectName("inspector_content")
        column = QVBoxLayout(content)
        side = theme.px(16)
        column.setContentsMargins(side, side, side, side)
        column.setSpacing(theme.px(8))
        self.flips.setProperty("link", "true")
        for label in (self.hint, self.comparison):
            label.setWordWrap(True)
        for button in (self.compare, self.use, self.flips):
            button.hide()
        column.addWidget(self.level)
        column.addWidget(heading(self.tr("Versions")))
        for widget in (self.versions, self.hint, self.compare, self.use, self.comparison, self.flips):
            column.addWidget(widget)
        column.addSpacing(side)
        column.addWidget(self.networks)
        column.addStretch(1)
        area = QScrollArea()
        area.setObjectName("inspector")
        area.setAccessibleName(self.tr("Versions"))
        area.setWidgetResizable(True)
        area.setWidget(content)
        area.viewport().setAutoFillBackground(False)
        area.setFixedWidth(theme.px(RIGHT_PX))
        return area
