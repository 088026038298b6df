"""Results and facets of the open project, in the order of its columns; plain Python, no Qt.

Invariant: every array has one entry per row; `reload` after products or results changed, `follow_labels`
after labels changed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.labels import NO_CATEGORY, Status
from prodlabel.gui.filters import (
    BRAND,
    CATEGORY,
    CLUSTER,
    CURATORS,
    PICTURE,
    SOURCE,
    STATUS,
    SUGGESTION,
    WORTH,
    Facet,
)
from prodlabel.gui.scan import Scan
from prodlabel.gui.suggestions import WORTH_A_LOOK, Clusters, Layout, Suggestions, places_in
from prodlabel.operations.people import NOTHING_YET, PeopleReport
from prodlabel.project.project import Project
from prodlabel.project.results import CLUSTERS, LAYOUT, SUGGESTIONS, ResultInfo

AGREES, DIFFERS, UNSURE = range(3)
ALIKE, APART, SETTLED = range(3)
PROBABLY_WRONG, DISAGREE, TWICE = range(3)


class Computed:
    """Layouts, clusters, suggestions and facets as far as they are there."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._scan: Scan | None = None
        self.layouts: dict[str, Layout] = {}
        self._clusters: dict[str, Clusters] = {}
        self.clusters: Clusters | None = None
        self.suggestions: Suggestions | None = None
        self.facets: dict[str, Facet] = {}
        self._disagrees: NDArray[np.bool_] | None = None
        self.people = NOTHING_YET
        self._read: dict[int, Layout | Clusters] = {}
        self._ids: NDArray[np.int64] | None = None
        self._suggestions_of: tuple[int | None, NDArray[np.int64] | None] = (None, None)
        self.reload()

    @property
    def layout(self) -> Layout | None:
        """The layout to show first."""
        return self.layouts.get("fused") or next(iter(self.layouts.values()), None)

    def clusters_of(self, layout: str) -> Clusters | None:
        """The clusters that were found on a layout, or the usual ones."""
        return self._clusters.get(layout) or self.clusters

    @property
    def has_scan(self) -> bool:
        return self._scan is not None

    def take_scan(self, scan: Scan) -> None:
        self._scan = scan
        self._make_facets()

    def take_people(self, report: PeopleReport) -> None:
        """How far curators agree with each other."""
        self.people = report
        self._make_facets()

    def reload(self) -> None:
        """Read the current results anew."""
        results, ids = self._project.results, self._project.columns.product_id
        current = [one for one in results.list() if one.is_current]
        # A result never changes: what was read for the same products is still right.
        before = self._read if ids is self._ids else {}
        self._read, self._ids = {}, ids
        for one in current:
            if one.kind in (LAYOUT, CLUSTERS):
                self._read[one.id] = before[one.id] if one.id in before else self._aligned(one, ids)
        read = [(one, self._read[one.id]) for one in current if one.id in self._read]
        self.layouts = {one.name: made for one, made in read if isinstance(made, Layout)}
        self._clusters = {one.name: made for one, made in read if isinstance(made, Clusters)}
        self.clusters = self._clusters.get("fused") or next(iter(self._clusters.values()), None)
        found = results.current(SUGGESTIONS, "fused") or results.current(SUGGESTIONS)
        shown = (None if found is None else found.id, ids)
        if shown[0] == self._suggestions_of[0] and shown[1] is self._suggestions_of[1]:
            self._make_facets()
            return
        self._suggestions_of = shown
        self.suggestions, self._disagrees = None, None
        if found is not None:
            arrays = results.load(found)
            self.suggestions = Suggestions.aligned(arrays, ids)
            if "disagrees" in arrays:
                places = places_in(arrays["product_id"], ids)
                self._disagrees = (places >= 0) & arrays["disagrees"][places].astype(np.bool_)
        self._make_facets()

    def _aligned(self, info: ResultInfo, ids: NDArray[np.int64]) -> Layout | Clusters:
        arrays = self._project.results.load(info)
        if info.kind == LAYOUT:
            return Layout.aligned(info.name, arrays, ids)
        return Clusters.aligned(arrays, info.settings, ids)

    def follow_labels(self) -> None:
        """Labels or categories changed: facets that speak of them are made anew."""
        self.facets |= {facet.name: facet for facet in self._label_facets()}

    def _make_facets(self) -> None:
        columns = self._project.columns
        sources = self._project.sources
        largest = max(sources, default=0)
        titles = tuple(sources[i].title if i in sources else "" for i in range(largest + 1))
        facets = [
            Facet(SOURCE, columns.source_id, titles),
            Facet(PICTURE, columns.has_picture.astype(np.int32), ("without", "with")),
        ]
        if self.clusters is not None:
            facets.append(Facet(CLUSTER, self.clusters.cluster, self.clusters.names))
        if self._scan is not None:
            places = places_in(self._scan.product_id, columns.product_id)
            brand = np.where(places >= 0, self._scan.brand[places], -1).astype(np.int32)
            facets.append(Facet(BRAND, brand, self._scan.brands))
        if self.people.pairs:
            facets.append(self._curators())
        self.facets = {facet.name: facet for facet in [*facets, *self._label_facets()]}

    def _label_facets(self) -> list[Facet]:
        columns, taxonomy = self._project.columns, self._project.taxonomy
        names = tuple(
            taxonomy[i].name if i in taxonomy.by_id else "" for i in range(max(taxonomy.by_id, default=0) + 1)
        )
        facets = [
            Facet(CATEGORY, columns.category, names),
            Facet(STATUS, columns.status.astype(np.int32), tuple(status.word for status in Status)),
        ]
        codes = np.full(len(columns), -1, dtype=np.int32)
        suggestions = self.suggestions
        if suggestions is not None:
            has_one = suggestions.best != NO_CATEGORY
            agrees = suggestions.best == columns.category
            codes[has_one] = np.where(agrees[has_one], AGREES, DIFFERS)
            codes[has_one & ~agrees & (suggestions.best_confidence < 0.5)] = UNSURE
            facets.append(Facet(SUGGESTION, codes, ("agrees", "differs", "unsure")))
        facets.append(self._worth_a_look())
        return facets

    def _curators(self) -> Facet:
        """Products that two or more persons judged; silent about the others."""
        report, ids = self.people, self._project.columns.product_id
        codes = np.full(len(ids), -1, dtype=np.int32)
        for code, of in enumerate((report.agreed, report.open_ids, report.settled)):
            codes[np.isin(ids, of)] = code
        return Facet(CURATORS, codes, ("agree", "disagree", "settled"))

    def _worth_a_look(self) -> Facet:
        """Codes overlap in truth; a product is counted under the most telling one."""
        columns, suggestions = self._project.columns, self.suggestions
        codes = np.full(len(columns), -1, dtype=np.int32)
        if self._scan is not None:
            places = places_in(self._scan.product_id, columns.product_id)
            codes[(places >= 0) & self._scan.twice[places]] = TWICE
        if self._disagrees is not None:
            codes[self._disagrees] = DISAGREE
        if suggestions is not None:
            decided = np.isin(columns.status, [int(s) for s in Status if s.is_decided_by_person])
            differs = (suggestions.best != columns.category) & (suggestions.best != NO_CATEGORY)
            sure = suggestions.best_confidence >= WORTH_A_LOOK
            codes[differs & sure & ~decided] = PROBABLY_WRONG
        titles = ("Probably wrong", "Text and picture disagree", "Same article twice")
        return Facet(WORTH, codes, titles)
