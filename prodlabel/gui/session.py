"""The open project as the panes see it: its columns, results, filter, selection and the product looked at.

Invariant: panes change nothing but through a session, and hear of every change from it alone, once; it
lives in the GUI thread with its project.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from prodlabel.core.edits import KEEP, Because, Change, ChangeKind, Edit, Relabel
from prodlabel.core.labels import NO_CATEGORY, Status
from prodlabel.core.palette import DARK, Palette
from prodlabel.core.selection import RowSet
from prodlabel.core.taxonomy import Taxonomy
from prodlabel.gui.aside import Aside
from prodlabel.gui.catalogue.category_plan import CategoryPlan
from prodlabel.gui.category_styles import Styles
from prodlabel.gui.computed import Computed, Reading, accepted, read_results, work_out
from prodlabel.gui.filters import NO_ANSWER, Answer, Facet, Filter
from prodlabel.gui.long_texts import cut_taxonomy
from prodlabel.gui.map.shared import MapSelection
from prodlabel.gui.relabel_plan import RelabelPlan, plan_accepting, plan_marking, plan_relabelling
from prodlabel.gui.scan import Scan
from prodlabel.gui.seeking import Seeker
from prodlabel.gui.turns import Turns
from prodlabel.operations.importing import IMPORTER
from prodlabel.operations.people import PeopleReport
from prodlabel.project.columns import Columns
from prodlabel.project.project import Project
from prodlabel.project.results import SUGGESTIONS, ResultInfo

Rows = NDArray[np.int64]
_CATCH_UP_MS = 400

MANY = 5000
"""With more products results are read beside the window and panes take turns; fewer take a moment."""

NOBODY = 0
"""The product id that stands for no product."""


class Session(QObject):
    """Collaborators: `Project`, `MapSelection`, `Computed`, and `Turns`, in which panes are refreshed.

    Signals: `products_changed` (rows are numbered anew), `labels_changed`, `taxonomy_changed`,
    `results_changed`, `history_changed`, `filter_changed`, `selection_changed`, `focus_changed` (product id),
    `plan_changed` (a relabelling is proposed, changed or dropped), `people_changed` (who decides, or how
    far curators agree), `facet_read` (what a worker has read to be shown on the map), `failed` (results
    cannot be read).
    """

    products_changed = Signal()
    labels_changed = Signal()
    taxonomy_changed = Signal()
    results_changed = Signal()
    history_changed = Signal()
    filter_changed = Signal()
    selection_changed = Signal()
    focus_changed = Signal(int)
    plan_changed = Signal()
    people_changed = Signal()
    facet_read = Signal(str)
    failed = Signal(object)

    def __init__(self, project: Project, palette: Palette = DARK, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.project = project
        self.columns: Columns = project.columns
        self.taxonomy: Taxonomy = cut_taxonomy(project.taxonomy)
        self.palette = palette
        self.selection = MapSelection(len(project.columns), self)
        self.selection.selection_changed.connect(self._on_selection_changed)
        self.computed = Computed(project)
        self.turns = Turns(self)
        self.turns.is_patient = len(project.columns) > MANY
        self._infos: list[ResultInfo] = []
        self._late: frozenset[ChangeKind] = frozenset()
        self._reader = Aside("results", self)
        self._reader.failed.connect(self.failed)
        self.filter = Filter()
        self.visible = np.ones(len(project.columns), dtype=np.bool_)
        self.focus = NOBODY
        self.plan: RelabelPlan | None = None
        self.change: CategoryPlan | None = None
        self.styles = Styles.of(self.taxonomy, palette)
        self.nearest_first: Rows | None = None
        self._seeker: Seeker | None = None
        self._answer = NO_ANSWER
        self._found: NDArray[np.bool_] | None = None
        self._unheard: frozenset[ChangeKind] = frozenset()
        self._catch_up = QTimer(self)
        self._catch_up.setSingleShot(True)
        self._catch_up.setInterval(_CATCH_UP_MS)
        self._catch_up.timeout.connect(self._on_catch_up_timeout)
        self._unsubscribe = project.subscribe(self._on_project_changed)
        self._work_out(frozenset({ChangeKind.RESULTS}))

    def release(self) -> Project:
        """Stop listening; the project stays open."""
        self._unsubscribe()
        self._catch_up.stop()
        self._reader.close()
        return self.project

    def close(self) -> None:
        """Stop listening; closes the project."""
        self.release().close()

    # What is shown

    @property
    def selected_rows(self) -> Rows:
        return self.selection.rows.rows

    def row_of(self, product_id: int) -> int | None:
        """The row of a product that is here."""
        ids = self.columns.product_id
        row = int(np.searchsorted(ids, product_id))
        return row if row < len(ids) and ids[row] == product_id else None

    def category_title(self, category_id: int) -> str:
        """The name of a category, or that there is none."""
        if category_id == NO_CATEGORY or category_id not in self.taxonomy.by_id:
            return self.tr("no category")
        return self.taxonomy[category_id].name

    def colour_of(self, product_id: int) -> str | None:
        """The colour of a product's category; None for one that is not here."""
        row = self.row_of(product_id)
        return None if row is None else self.styles[int(self.columns.category[row])].colour

    @property
    def seeker(self) -> Seeker:
        """Who finds by meaning, by picture and by likeness; to be asked in the librarian's thread."""
        self._seeker = self._seeker or Seeker(self.project.snapshot())
        return self._seeker

    def use_palette(self, palette: Palette) -> None:
        """Another theme: styles are made anew."""
        self.palette = palette
        self.styles = Styles.of(self.taxonomy, palette)
        self.taxonomy_changed.emit()

    def take_people(self, report: PeopleReport) -> None:
        """How far curators agree; told as results are."""
        self.computed.take_people(report)
        self.people_changed.emit()
        self._apply_filter()

    def name_person(self, name: str) -> None:
        """Somebody else decides from now on."""
        if name != self.project.person:
            self.project.person = name
            self.people_changed.emit()

    def take_scan(self, scan: Scan) -> None:
        """What one pass over the texts has found."""
        self.computed.take_scan(scan)
        kinds = self._work_out(frozenset({ChangeKind.RESULTS}))
        self._tell(kinds)
        if kinds:
            self._apply_filter()

    @property
    def is_reading(self) -> bool:
        """Whether results are still being read."""
        return self._reader.is_busy

    def _work_out(self, kinds: frozenset[ChangeKind]) -> frozenset[ChangeKind]:
        """Bring results and facets in line with what changed: at once where products are few, else beside the
        window. What of `kinds` may be told now.
        """
        computed, ids = self.computed, self.columns.product_id
        has_many = len(ids) > MANY
        is_new = bool(kinds & {ChangeKind.RESULTS, ChangeKind.PRODUCTS})
        has_labels = bool(kinds & {ChangeKind.LABELS, ChangeKind.TAXONOMY})
        if not (is_new or has_labels):
            return kinds
        if is_new:
            self._infos = self.project.results.list()
        read = partial(read_results, self.project.folder, self._infos, ids, computed.reading)
        if not has_many:
            self._reader.drop()
            if is_new:
                computed.take(read())
            else:
                computed.follow_labels()
            return kinds
        if computed.reading.ids is not ids:
            computed.take_worked_out(Reading(ids), {})
        if has_labels:
            computed.forget_dates()
        grounds = computed.grounds()
        self._late |= kinds & {ChangeKind.RESULTS, ChangeKind.LABELS}
        self._reader.ask(lambda: work_out(read(), grounds), self._take_worked_out)
        return kinds - self._late

    def _take_worked_out(self, made: tuple[Reading, dict[str, Facet]]) -> None:
        """What was worked out beside the window is here: tell what waited for it."""
        late, self._late = self._late, frozenset()
        self.computed.take_worked_out(*made)
        self._tell(late)
        if not self.filter.is_empty or ChangeKind.RESULTS in late:
            self._apply_filter()

    def take_facet(self, facet: Facet, product_ids: NDArray[np.int64]) -> None:
        """What a worker has read of these products to be shown on the map."""
        self.computed.take_facet(facet, product_ids)
        self.facet_read.emit(facet.name)

    # What is selected and kept

    def look_at(self, product_id: int) -> None:
        """Show this product in the inspector; `NOBODY` for none."""
        if product_id != self.focus:
            self.focus = product_id
            self.focus_changed.emit(product_id)

    def select_rows(self, rows: Rows) -> None:
        """Select exactly these rows."""
        self.selection.replace(RowSet.of_rows(len(self.columns), rows))

    def narrow(
        self, wanted: Filter, found_ids: NDArray[np.int64] | None = None, *, is_ranked: bool = False
    ) -> None:
        """Keep only what this filter lets through; `found_ids` are the products that hold its words, the
        nearest first where they are ranked."""
        if wanted.words and found_ids is not None:
            self._answer = Answer(found_ids, is_ranked)
        elif wanted.words != self.filter.words:
            self._answer = NO_ANSWER
        self.filter = wanted
        self._found, self.nearest_first = self._answer.rows_of(self.columns)
        self._apply_filter()

    def _apply_filter(self) -> None:
        self._see()
        self.filter_changed.emit()

    def _see(self) -> None:
        """What is kept, as far as it can be told: facets that are not there leave it as it was."""
        if self.filter.is_told_by(self.computed.facets):
            self.visible = self.filter.mask(self.computed.facets, len(self.columns), self._found)

    # What is decided

    def propose(self, target: int, *, is_forced: bool = False) -> RelabelPlan | None:
        """Work out what relabelling the selection would do; nothing changes until `apply_plan`."""
        rows = self._rows_meant()
        if not len(rows):
            return None
        suggestions, others = self.computed.suggestions, self.project.edits_of_others()
        above = self.taxonomy.above(target)
        return self._show_plan(
            plan_relabelling(
                self.columns, rows, target, suggestions, is_forced=is_forced, others=others, above=above
            )
        )

    def propose_accepting(self) -> RelabelPlan | None:
        """Work out what accepting the suggestions for the selection would do; None without suggestions."""
        rows, suggestions = self._rows_meant(), self.computed.suggestions
        if not len(rows) or suggestions is None:
            return None
        return self._show_plan(plan_accepting(self.columns, rows, suggestions, self.taxonomy))

    def propose_marking(self, status: Status) -> RelabelPlan | None:
        """Work out what rejecting or flagging the selection would do."""
        rows = self._rows_meant()
        return self._show_plan(plan_marking(self.columns, rows, status)) if len(rows) else None

    def toggle_in_plan(self, product_id: int) -> None:
        """Take a product into the plan, or leave it out."""
        row = self.row_of(product_id)
        if self.plan is not None and row is not None:
            self._show_plan(self.plan.toggled(row))

    def take_all_in(self) -> None:
        """Leave nobody out of the plan."""
        if self.plan is not None:
            self._show_plan(self.plan.with_all())

    def _show_plan(self, plan: RelabelPlan) -> RelabelPlan:
        self.plan, self.change = plan, None
        self.plan_changed.emit()
        return plan

    def propose_change(self, change: CategoryPlan) -> None:
        """Show a change of the taxonomy; nothing changes until `apply_plan`."""
        self.plan, self.change = None, change
        self.plan_changed.emit()

    def drop_plan(self) -> None:
        if self.plan is not None or self.change is not None:
            self.plan = self.change = None
            self.plan_changed.emit()

    def apply_plan(self) -> int:
        """Do what the plan says as one step; how many labels were written. It stays where that fails."""
        plan, change = self.plan, self.change
        self.plan = self.change = None
        try:
            if change is not None:
                self.apply(*change.edits)
            elif plan is not None and len(plan.applied):
                because = plan.because(self.selection.polygon, self.suggested_by())
                self._relabel(plan.applied, plan.applied_categories, plan.status, because)
        except Exception:
            self.plan, self.change = plan, change
            raise
        self.plan_changed.emit()
        return 0 if plan is None else len(plan.applied)

    def accept_suggestion(self, product_id: int) -> bool:
        """Give one product, which is looked at, what is suggested for it; a label that says more stays."""
        row, suggestions = self.row_of(product_id), self.computed.suggestions
        if row is None or suggestions is None or suggestions.best[row] == NO_CATEGORY:
            return False
        because = Because("suggestion", classifier_version=self.suggested_by())
        at = slice(row, row + 1)
        category = accepted(self.columns.category[at], suggestions.proposed[at], self.taxonomy)
        return self._decide_one(product_id, category, Status.CONFIRMED, because)

    def relabel_one(self, product_id: int, category_id: int) -> bool:
        """Give one product a category; whether it is here."""
        return self._decide_one(product_id, category_id, Status.CONFIRMED, Because())

    def note(self, rows: Rows, text: str) -> None:
        """Write a note to the history of these rows; their categories and statuses stay."""
        ids, status = self.columns.product_id[rows], self.columns.status[rows]
        kinds = [Status(one) for one in np.unique(status).tolist()]
        if kinds:
            self.apply(*(Relabel(ids[status == int(kind)], KEEP, kind, Because(text)) for kind in kinds))

    def mark(self, product_id: int, status: Status, note: str = "") -> bool:
        """Give one product a status (rejected, flagged, confirmed) and leave its category as it is."""
        return self._decide_one(product_id, KEEP, status, Because(note))

    def _decide_one(self, product_id: int, category: Any, status: Status, because: Because) -> bool:
        row = self.row_of(product_id)
        if row is not None:
            self._relabel(np.array([row]), category, status, because)
        return row is not None

    def apply(self, *edits: Edit) -> Any:
        """Any other edit, as one step."""
        return self.project.apply(*edits, initiator="window")

    def undo(self, steps: int = 1) -> str | None:
        self.drop_plan()
        return next(iter(self.project.undo_steps(steps, initiator="window")), None)

    def redo(self) -> str | None:
        self.drop_plan()
        return self.project.redo(initiator="window")

    def _rows_meant(self) -> Rows:
        """What a category key is about: the selection, or else the product looked at."""
        if self.selection.rows.count:
            return self.selected_rows
        row = self.row_of(self.focus)
        return np.empty(0, dtype=np.int64) if row is None else np.array([row], dtype=np.int64)

    def suggested_by(self) -> int | None:
        """The version of the classifier whose suggestions are shown, which need not be the one in use; None
        where the names of the categories suggest."""
        found = self.project.results.current(SUGGESTIONS)
        return None if found is None else int(found.settings.get("classifier_version", 0)) or None

    def _relabel(self, rows: Rows, category: Any, status: Status, because: Because) -> None:
        self.apply(Relabel(self.columns.product_id[rows], category, status, because))

    # What is heard

    def _on_selection_changed(self, _rows: object, _polygon: object) -> None:
        self.drop_plan()
        self.selection_changed.emit()

    def _on_project_changed(self, change: Change) -> None:
        self._unheard |= change.kinds
        if change.initiator != IMPORTER:
            self._hear()
        elif not self._catch_up.isActive():
            # An import comes in many batches; showing each would take longer than importing them.
            self._catch_up.start()

    def _on_catch_up_timeout(self) -> None:
        if self._reader.is_busy:  # what it reads would never be shown if each batch asked anew
            self._catch_up.start()
            return
        self._hear()

    def catch_up(self) -> None:
        """Show what an import has brought so far, at once."""
        if self._unheard:
            self._hear()

    def _hear(self) -> None:
        """Bring everything in line with the project, then tell the panes."""
        kinds, self._unheard = self._unheard, frozenset()
        self._catch_up.stop()
        known_ids = self.columns.product_id
        self.columns, self.taxonomy = self.project.columns, cut_taxonomy(self.project.taxonomy)
        if ChangeKind.TAXONOMY in kinds:
            self.styles = Styles.of(self.taxonomy, self.palette)
        if kinds & {ChangeKind.RESULTS, ChangeKind.PRODUCTS}:
            self._seeker = None
        has_many = len(self.columns) > MANY
        # What jobs bring nobody waits for: panes take turns then, whatever the size.
        self.turns.is_patient = has_many or bool(kinds & {ChangeKind.RESULTS, ChangeKind.PRODUCTS})
        kinds = self._work_out(kinds)
        if ChangeKind.PRODUCTS in kinds:
            self._renumber(known_ids)
        self._tell(kinds)
        if not self.filter.is_empty or ChangeKind.PRODUCTS in kinds:
            self._apply_filter()
        self.turns.is_patient = has_many

    def _tell(self, kinds: frozenset[ChangeKind]) -> None:
        """Told only after everything is in order: whoever hears one signal sees the whole new state."""
        signals = (
            (ChangeKind.PRODUCTS, self.products_changed),
            (ChangeKind.TAXONOMY, self.taxonomy_changed),
            (ChangeKind.RESULTS, self.results_changed),
            (ChangeKind.LABELS, self.labels_changed),
            (ChangeKind.HISTORY, self.history_changed),
        )
        for kind, signal in signals:
            if kind in kinds:
                signal.emit()

    def _renumber(self, known_ids: NDArray[np.int64]) -> None:
        """Rows mean other products now: what is selected, proposed and shown stays by identity."""
        ids = self.columns.product_id
        self.selection.renumber(RowSet(np.isin(ids, known_ids[self.selected_rows])))
        if self.plan is not None and (kept := self.plan.renumbered(known_ids, ids)) is not None:
            self.plan = kept
        elif self.plan is not None:
            self.drop_plan()
        self._found, self.nearest_first = self._answer.rows_of(self.columns)
        self.visible = np.isin(ids, known_ids[self.visible])
        self._see()
        if self.row_of(self.focus) is None:
            self.look_at(NOBODY)
