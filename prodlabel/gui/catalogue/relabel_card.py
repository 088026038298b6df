"""The card that rises when a relabelling is proposed: how many, of what, to what, who is left out and why.

Invariant: it shows the session's plan and nothing else; Enter applies it once, Esc drops it, and both end it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEasingCurve, QPoint, QPropertyAnimation, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsDropShadowEffect,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from prodlabel.core.labels import Status
from prodlabel.gui.catalogue.category_plan import CategoryPlan
from prodlabel.gui.catalogue.change_line import ChangeLine, Part
from prodlabel.gui.labels import ElidedLabel, toned
from prodlabel.gui.phrases import phrase
from prodlabel.gui.relabel_plan import RelabelPlan
from prodlabel.gui.session import Session
from prodlabel.gui.theme import PANEL_MOTION_MS, Theme

_SHOWN_CATEGORIES = 2
WIDTH = 780


class RelabelCard(QFrame):
    """Signals: `apply_wanted`, `show_left_out_wanted`, `include_wanted`, `moved` when it rose or went."""

    apply_wanted = Signal()
    show_left_out_wanted = Signal()
    include_wanted = Signal()
    moved = Signal()

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._session = session
        self.moves = True
        self._title = toned("", "strong")
        self.change = ChangeLine(self)
        self.button = QPushButton(self)
        self.button.setProperty("primary", "true")
        self.button.clicked.connect(self.apply_wanted)
        self._why = ElidedLabel()
        self._why.setProperty("tone", "dim")
        self._show = self._link(self.tr("show"), self.show_left_out_wanted)
        self._include = self._link(self.tr("include"), self.include_wanted)
        self._cancel = self._link(self.tr("cancel"), None)
        self._cancel.clicked.connect(session.drop_plan)
        self._motion = QPropertyAnimation(self, b"pos", self)
        self._motion.setDuration(PANEL_MOTION_MS)
        self._motion.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._lay_out()
        self._cast_shadow()
        self.hide()
        session.plan_changed.connect(self.refresh)
        session.taxonomy_changed.connect(self.refresh)

    @property
    def reasons(self) -> str:
        """Who is left out and why, as it is shown."""
        return self._why.text()

    def refresh(self) -> None:
        """Show the plan, or hide where there is none."""
        plan, change = self._session.plan, self._session.change
        if plan is not None:
            self._title.setText(self.tr("{0:,} selected").format(len(plan.selected)))
            self._show_change(plan)
            self._show_button(plan)
            self._show_reasons(plan)
        elif change is not None:
            self._show_category_change(change)
        else:
            self._motion.stop()
            self.hide()
            self.moved.emit()
            return
        if not self.isVisible():
            self._rise()
        else:
            self.place()
        self.moved.emit()

    def place(self) -> None:
        """Sit at the bottom of the map, in its middle."""
        self.setFixedWidth(min(Theme.now().px(WIDTH), self._ground().width() - 32))
        self.adjustSize()
        self.move(self._resting_place())

    def _resting_place(self) -> QPoint:
        ground = self._ground()
        left = (ground.width() - self.width()) // 2
        return QPoint(left, ground.height() - self.height() - Theme.now().px(28))

    def _rise(self) -> None:
        self.place()
        end = self._resting_place()
        self.show()
        self.raise_()
        if self.moves:
            self._motion.setStartValue(end + QPoint(0, Theme.now().px(24)))
            self._motion.setEndValue(end)
            self._motion.start()

    def _ground(self) -> QWidget:
        ground = self.parentWidget()
        assert ground is not None
        return ground

    def _show_change(self, plan: RelabelPlan) -> None:
        session = self._session
        if plan.is_accepting:
            parts, target = self._parts(plan.new_counts, is_target=True), [Part(self.tr("as suggested"))]
            self.change.show_parts([*target, Part("→"), *parts])
        elif plan.status is Status.CONFIRMED:
            name, style = session.category_title(plan.target), session.styles[plan.target]
            target = [Part(name, "", style, is_target=True)]
            self.change.show_parts([*self._parts(plan.old_counts), Part("→"), *target])
        else:
            target = [Part(phrase(plan.status.word), is_target=True)]
            self.change.show_parts([*self._parts(plan.old_counts), Part("→"), *target])

    def _show_category_change(self, change: CategoryPlan) -> None:
        session = self._session
        self._title.setText(change.title)
        parts = self._parts(change.sources)
        if change.target:
            name, style = session.category_title(change.target), session.styles[change.target]
            target = Part(name, "", style, is_target=True)
        else:
            target = Part(change.name, is_target=True)
        self.change.show_parts([*parts, Part("→"), target] if parts else [target])
        self.button.setText(f"{change.button}  ⏎")
        self.button.setEnabled(True)
        self._why.setText(change.text)
        self._show.hide()
        self._include.hide()

    def _parts(self, counts: Sequence[tuple[int, int]], *, is_target: bool = False) -> list[Part]:
        """Categories with their counts; the rest as a number."""
        session = self._session
        parts = [
            Part(session.category_title(one), f"{count:,}", session.styles[one], is_target=is_target)
            for one, count in counts[:_SHOWN_CATEGORIES]
        ]
        rest = len(counts) - _SHOWN_CATEGORIES
        return [*parts, Part(self.tr("+ {0} more").format(rest))] if rest > 0 else parts

    def _show_button(self, plan: RelabelPlan) -> None:
        if plan.status is Status.REJECTED:
            text = self.tr("Reject {0:,}").format(len(plan.applied))
        elif plan.status is Status.FLAGGED:
            text = self.tr("Flag {0:,}").format(len(plan.applied))
        elif plan.is_accepting and len(plan.applied):
            text = self.tr("Accept {0:,}").format(len(plan.applied))
        elif len(plan.changing):
            text = self.tr("Relabel {0:,}").format(len(plan.changing))
        elif len(plan.confirming):
            text = self.tr("Confirm {0:,}").format(len(plan.confirming))
        else:
            text = self.tr("Nothing to do")
        self.button.setText(f"{text}  ⏎")
        self.button.setEnabled(bool(len(plan.applied)))

    def _show_reasons(self, plan: RelabelPlan) -> None:
        parts = []
        if len(plan.confirmed_elsewhere):
            parts.append(
                self.tr("{0:,} left out: confirmed by a person as {1}.").format(
                    len(plan.confirmed_elsewhere), self._names_of(plan.confirmed_elsewhere)
                )
            )
        if len(plan.intruders):
            parts.append(self._why_intruders(plan))
        if len(plan.unticked):
            parts.append(self.tr("{0:,} unticked.").format(len(plan.unticked)))
        if len(plan.confirming) and len(plan.changing):
            parts.append(self.tr("{0:,} have it already and become confirmed.").format(len(plan.confirming)))
        if len(plan.settled):
            parts.append(self.tr("{0:,} stay as they are.").format(len(plan.settled)))
        self._why.setText("  ".join(parts) or self.tr("One step in the history; Ctrl+Z takes it back."))
        is_any_out = bool(len(plan.left_out))
        self._show.setVisible(is_any_out)
        self._include.setVisible(is_any_out)

    def _why_intruders(self, plan: RelabelPlan) -> str:
        """Who stands out, and as what: what the classifier takes most of them for."""
        suggestions = self._session.computed.suggestions
        assert suggestions is not None
        ids, counts = np.unique(suggestions.best[plan.intruders], return_counts=True)
        place = int(np.argmax(counts))
        most = self._session.category_title(int(ids[place]))
        rows = plan.intruders[suggestions.best[plan.intruders] == ids[place]]
        sure = round(100 * float(suggestions.best_confidence[rows].min()))
        if len(ids) == 1:
            text = self.tr("{0:,} left out: rather {1} ({2} % sure or more).")
            return text.format(len(plan.intruders), most, sure)
        text = self.tr("{0:,} left out: rather {1} and others ({2} % sure or more).")
        return text.format(len(plan.intruders), most, sure)

    def _names_of(self, rows: object) -> str:
        categories = {int(c) for c in self._session.columns.category[rows]}  # type: ignore[call-overload]
        names = sorted(self._session.category_title(c) for c in categories)
        return names[0] if len(names) == 1 else self.tr("{0} and others").format(names[0])

    def _link(self, text: str, signal: object) -> QPushButton:
        button = QPushButton(text, self)
        button.setProperty("link", "true")
        if signal is not None:
            button.clicked.connect(signal)
        return button

    def _cast_shadow(self) -> None:
        shadow = QGraphicsDropShadowEffect(self)
        shadow.setBlurRadius(28)
        shadow.setOffset(0, 8)
        shadow.setColor(QColor(0, 0, 0, 110 if Theme.now().palette.is_dark else 60))
        self.setGraphicsEffect(shadow)

    def _lay_out(self) -> None:
        theme = Theme.now()
        first = QHBoxLayout()
        first.setSpacing(theme.px(10))
        first.addWidget(self._title)
        first.addWidget(self.change, 1)
        first.addWidget(self.button)
        second = QHBoxLayout()
        second.setSpacing(theme.px(8))
        second.addWidget(self._why, 1)
        for widget in (self._show, self._include, toned("Esc", "key"), self._cancel):
            second.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.px(16), theme.px(13), theme.px(16), theme.px(13))
        layout.setSpacing(theme.px(8))
        layout.addLayout(first)
        layout.addLayout(second)
