"""How far curators agree: kappa of each two of them, and what they saw differently, to be settled.

Invariant: it shows what the session knows of the people; settling is one edit that can be undone, and by it
nobody's opinion is lost.
"""

from __future__ import annotations

from math import isnan
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QLabel, QListView, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from prodlabel.gui.aside import Aside
from prodlabel.gui.catalogue.thumbnail_grid import ID_ROLE
from prodlabel.gui.computed import APART
from prodlabel.gui.desk import read_agreement
from prodlabel.gui.filters import CURATORS, Filter
from prodlabel.gui.labels import heading, plain_tip, toned
from prodlabel.gui.messages import Messages
from prodlabel.gui.painting import mark_icon
from prodlabel.gui.session import Session
from prodlabel.gui.theme import Theme
from prodlabel.operations.people import Disagreement, Pair, PeopleReport, settle

AnyIndex = QModelIndex | QPersistentModelIndex
_REST_MS = 600
_BANDS = (0.0, 0.2, 0.4, 0.6, 0.8)


class DisagreementModel(QAbstractListModel):
    """What is open, the newest first: each line says who said what."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._open: tuple[Disagreement, ...] = ()

    def show(self, found: tuple[Disagreement, ...]) -> None:
        if found != self._open:
            self.beginResetModel()
            self._open = found
            self.endResetModel()

    def at(self, row: int) -> Disagreement | None:
        return self._open[row] if 0 <= row < len(self._open) else None

    @override
    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._open)

    @override
    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        one, title = self._open[index.row()], self._session.category_title
        said = " · ".join(f"{person}: {title(category)}" for person, category in one.views)
        if role == ID_ROLE:
            return one.product_id
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(said)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return said
        return None


class AgreementPanel(QWidget):
    """Collaborators: `Session`. Signals: `person_wanted` (ask for a name)."""

    person_wanted = Signal()

    def __init__(self, session: Session, messages: Messages, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("history")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session, self._messages = session, messages
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self.read)
        self._reader = Aside("agreement", self)
        self._reader.failed.connect(messages.report)
        self.person = QPushButton(self)
        self.person.setProperty("link", "true")
        self.person.clicked.connect(lambda *_: self.person_wanted.emit())
        self.figures = toned("", "text")
        self.figures.setWordWrap(True)
        self.figures.setTextFormat(Qt.TextFormat.RichText)
        self.model = DisagreementModel(session)
        self.view = QListView(self)
        self.view.setModel(self.model)
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setUniformItemSizes(True)
        self.view.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.view.setAccessibleName(self.tr("What curators see differently"))
        self.view.selectionModel().currentChanged.connect(self._on_current_changed)
        self.show_all = QPushButton(self.tr("Show them on the map"), self)
        self.show_all.clicked.connect(lambda *_: self._show_on_map())
        self._choices = QVBoxLayout()
        self.buttons: list[QPushButton] = []
        self._open_title = heading("")
        self._lay_out()
        session.people_changed.connect(self.refresh)
        session.labels_changed.connect(self._on_decided)
        session.products_changed.connect(self._on_decided)
        self.refresh()
        self._rest.start()

    def read(self) -> None:
        """Look at everybody's decisions again, beside the window and beside whoever reads texts."""
        self._rest.stop()
        folder = self._session.project.folder
        self._reader.ask(lambda: read_agreement(folder), self._take)

    @property
    def is_reading(self) -> bool:
        """Whether everybody's decisions are being read, or are about to be."""
        return self._rest.isActive() or self._reader.is_busy

    def close(self) -> bool:
        """Wait for what is being read."""
        self._rest.stop()
        self._reader.close()
        return super().close()

    def refresh(self) -> None:
        """Show what is known now."""
        report = self._session.computed.people
        self.person.setText(self.tr("You decide as {0}. Change").format(self._session.project.person))
        self.model.show(report.open)
        self.figures.setText(self._said(report))
        self._open_title.setText(self.tr("Open ({0:,})").format(len(report.open)))
        for widget in (self._open_title, self.view, self.show_all):
            widget.setVisible(bool(report.open))
        self._show_choices()

    def settle(self, category_id: int) -> None:
        """End the disagreement that is shown, and go to the next one."""
        one = self._current()
        if one is None:
            return
        row = self.view.currentIndex().row()
        with self._messages.guard():
            self._session.apply(settle(one.product_id, category_id))
            rest = tuple(other for other in self._session.computed.people.open if other != one)
            self.model.show(rest)
            if rest:
                self.view.setCurrentIndex(self.model.index(min(row, len(rest) - 1)))
            self._show_choices()
            self.read()

    def _on_decided(self) -> None:
        """Reading every decision takes a while: only for somebody who sees what comes of it."""
        if CURATORS in self._session.filter.chosen:
            self._rest.start()
        else:
            self._session.turns.ask(self, self._read_soon)

    def _read_soon(self) -> None:
        self._rest.start()

    def _take(self, report: PeopleReport) -> None:
        if report is not self._session.computed.people:
            self._session.take_people(report)

    def _said(self, report: PeopleReport) -> str:
        if not report.pairs:
            return self.tr(
                "So far only one person has decided. When a colleague opens the project under another name"
                " and judges the same products, agreement is shown here."
            )
        return "<br><br>".join(self._pair_said(pair) for pair in report.pairs)

    def _pair_said(self, pair: Pair) -> str:
        kappa = pair.kappa
        alike = self.tr("{0:,} of {1:,} products judged alike").format(kappa.same, kappa.count)
        if isnan(kappa.value):
            said = self.tr("kappa cannot be told: both always said the same")
        else:
            said = self.tr("kappa {0:.2f} ({1:.2f} to {2:.2f}), {3}").format(
                kappa.value, kappa.low, kappa.high, self._word(kappa.value)
            )
        return f"<b>{_plain(pair.one)} – {_plain(pair.other)}</b><br>{alike}<br>{said}"

    def _word(self, value: float) -> str:
        """The words of Landis and Koch, Biometrics 33 (1977), table 2."""
        words = (
            self.tr("poor"),
            self.tr("slight"),
            self.tr("fair"),
            self.tr("moderate"),
            self.tr("substantial"),
            self.tr("almost perfect"),
        )
        return words[sum(value > band for band in _BANDS)]

    def _current(self) -> Disagreement | None:
        index = self.view.currentIndex()
        return self.model.at(index.row()) if index.isValid() else None

    def _on_current_changed(self, current: AnyIndex) -> None:
        if current.isValid():
            self._session.look_at(int(current.data(ID_ROLE)))
        self._show_choices()

    def _show_choices(self) -> None:
        """A button for each view of the product that is shown."""
        for button in self.buttons:
            button.setParent(None)
            button.deleteLater()
        self.buttons = []
        one, session = self._current(), self._session
        for category in dict.fromkeys(category for _, category in one.views) if one is not None else ():
            button = QPushButton(self.tr("It is {0}").format(session.category_title(category)), self)
            button.setIcon(mark_icon(session.styles[category]))
            button.clicked.connect(lambda *_, category=category: self.settle(category))
            self._choices.addWidget(button)
            self.buttons.append(button)

    def _show_on_map(self) -> None:
        session = self._session
        session.narrow(Filter().with_codes(CURATORS, {APART}))
        session.select_rows(session.columns.rows_here(session.computed.people.open_ids))

    def _lay_out(self) -> None:
        theme, layout = Theme.now(), QVBoxLayout(self)
        layout.setContentsMargins(theme.px(16), theme.px(12), theme.px(16), theme.px(12))
        layout.setSpacing(theme.px(8))
        title: QLabel = heading(self.tr("Agreement of curators"))
        for widget in (title, self.person, self.figures, self._open_title):
            layout.addWidget(widget)
        layout.addWidget(self.view, 1)
        layout.addLayout(self._choices)
        layout.addWidget(self.show_all)
        layout.addStretch(0)
        layout.setAlignment(self.person, Qt.AlignmentFlag.AlignLeft)


def _plain(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
