"""Results and facets of the open project, in the order of its columns; plain Python, no Qt.

Invariant: every array has one entry per row; `take` after products or results changed, `follow_labels` after
labels changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.errors import ProjectDamagedError
from prodlabel.core.labels import NO_CATEGORY, Status
from prodlabel.core.taxonomy import Taxonomy
from prodlabel.gui.filters import (
    BRAND,
    CATEGORY,
    CLUSTER,
    CONFIDENCE,
    CURATORS,
    DATE,
    PICTURE,
    SOURCE,
    STATUS,
    SUGGESTED,
    SUGGESTION,
    VIEWS,
    WORTH,
    Facet,
)
from prodlabel.gui.long_texts import cut_taxonomy
from prodlabel.gui.scan import Scan
from prodlabel.gui.suggestions import WORTH_A_LOOK, Clusters, Layout, Suggestions, places_in
from prodlabel.operations.layout import TSNE
from prodlabel.operations.people import NOTHING_YET, PeopleReport
from prodlabel.project.columns import Columns
from prodlabel.project.project import Project
from prodlabel.project.results import CLUSTERS, LAYOUT, SUGGESTIONS, ResultInfo, load_result

AGREES, DIFFERS, UNSURE = range(3)
ALIKE, APART, SETTLED = range(3)
PROBABLY_WRONG, DISAGREE, TWICE = range(3)
CONFIDENCE_STEPS = (0.5, 0.7, 0.9)


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """The results in use, brought into the order of `ids`. Made in any thread."""

    ids: NDArray[np.int64]
    layouts: dict[str, Layout] = field(default_factory=dict)
    clusters: dict[str, Clusters] = field(default_factory=dict)
    suggestions: Suggestions | None = None
    disagrees: NDArray[np.bool_] | None = None
    parts: dict[int, Layout | Clusters] = field(default_factory=dict)
    named: dict[tuple[int, int], Layout] = field(default_factory=dict)
    suggestions_id: int = 0
    damaged: tuple[ProjectDamagedError, ...] = ()
    """Why some of them could not be read; the others are there."""


def read_results(
    folder: Path, infos: Sequence[ResultInfo], ids: NDArray[np.int64], before: Reading
) -> Reading:
    """Read the results in use for these products; what `before` has is not read again, for results never
    change. Where a file is not whole, that one is left out: a map can be made again.
    """
    current = [one for one in infos if one.is_current]
    known = before.parts if before.ids is ids else {}
    parts: dict[int, Layout | Clusters] = {}
    damaged: list[ProjectDamagedError] = []
    for one in current:
        if one.kind in (LAYOUT, CLUSTERS):
            try:
                parts[one.id] = known[one.id] if one.id in known else _aligned(folder, one, ids)
            except ProjectDamagedError as error:
                damaged.append(error)
    clusters = {
        one.name: (one.id, made) for one in current if isinstance(made := parts.get(one.id), Clusters)
    }
    usual = clusters.get("fused") or next(iter(clusters.values()), None)
    layouts: dict[str, Layout] = {}
    named: dict[tuple[int, int], Layout] = {}
    for one in current:
        layout = parts.get(one.id)
        if isinstance(layout, Layout):
            layouts[one.name] = layout
            beside = clusters.get(one.name) or usual
            if beside is not None:
                key = one.id, beside[0]
                was = before.named.get(key) if known else None
                layouts[one.name] = named[key] = was or layout.named(beside[1])
    of_kind = [one for one in current if one.kind == SUGGESTIONS]
    found = next((one for one in of_kind if one.name == "fused"), next(iter(of_kind), None))
    suggestions, disagrees, number = None, None, 0 if found is None else found.id
    if found is not None and known is before.parts and number == before.suggestions_id:
        suggestions, disagrees = before.suggestions, before.disagrees
    elif found is not None:
        try:
            arrays = load_result(folder, found)
            suggestions = Suggestions.aligned(arrays, ids)
            if "disagrees" in arrays:
                places = places_in(arrays["product_id"], ids)
                disagrees = (places >= 0) & arrays["disagrees"][places].astype(np.bool_)
        except ProjectDamagedError as error:
            damaged.append(error)
    of_name = {name: made for name, (_, made) in clusters.items()}
    return Reading(ids, layouts, of_name, suggestions, disagrees, parts, named, number, tuple(damaged))


def _aligned(folder: Path, info: ResultInfo, ids: NDArray[np.int64]) -> Layout | Clusters:
    arrays = load_result(folder, info)
    if info.kind == LAYOUT:
        return Layout.aligned(info.name, arrays, ids, str(info.settings.get("method") or TSNE))
    return Clusters.aligned(arrays, info.settings, ids)


@dataclass(frozen=True, slots=True, eq=False)
class Grounds:
    """What facets are made of beside the results; nothing in it changes, so that a worker may read it."""

    columns: Columns
    taxonomy: Taxonomy
    source_titles: dict[int, str]
    scan: Scan | None
    kept: tuple[Facet, ...]


class Computed:
    """Layouts, clusters, suggestions and facets as far as they are there."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._scan: Scan | None = None
        self.reading = Reading(np.empty(0, dtype=np.int64))
        self.people = NOTHING_YET
        self._facets: dict[str, Facet] = {}
        self._decided: Grounds | None = None
        self._read: dict[str, tuple[NDArray[np.int64], Facet]] = {}

    @property
    def facets(self) -> dict[str, Facet]:
        """By name. Those that speak of labels are made for whoever looks first after labels changed: where
        cards are decided, nobody does."""
        if self._decided is not None:
            decided, self._decided = self._decided, None
            self._facets |= {facet.name: facet for facet in _label_facets(decided, self.reading)}
        return self._facets

    @property
    def attributes(self) -> tuple[str, ...]:
        """Names of the attributes that many products have; none before the texts were read."""
        return () if self._scan is None else self._scan.attributes

    @property
    def layouts(self) -> dict[str, Layout]:
        return self.reading.layouts

    @property
    def layout(self) -> Layout | None:
        """The layout to show first."""
        return self.layouts.get("fused") or next(iter(self.layouts.values()), None)

    @property
    def clusters(self) -> Clusters | None:
        """The clusters to speak of where no map is meant."""
        found = self.reading.clusters
        return found.get("fused") or next(iter(found.values()), None)

    @property
    def suggestions(self) -> Suggestions | None:
        return self.reading.suggestions

    def clusters_of(self, layout: str) -> Clusters | None:
        """The clusters that were found on a layout, or the usual ones."""
        return self.reading.clusters.get(layout) or self.clusters

    def take_scan(self, scan: Scan) -> None:
        """What one pass over the texts has found; the facets follow with the next `take`."""
        self._scan = scan

    def take_facet(self, facet: Facet, product_ids: NDArray[np.int64]) -> None:
        """What a worker has read of these products; forgotten once there are others."""
        if product_ids is self._project.columns.product_id:
            self._read[facet.name] = product_ids, facet
            self.facets[facet.name] = facet

    def take(self, reading: Reading) -> None:
        """Results that were read for the products as they are."""
        self.reading = reading
        self._make_facets()

    def take_people(self, report: PeopleReport) -> None:
        """How far curators agree with each other."""
        self.people, ids = report, self._project.columns.product_id
        if report.pairs:
            self.take_facet(curators(report, ids), ids)
        else:
            self._read.pop(CURATORS, None)
            self._facets = {name: facet for name, facet in self.facets.items() if name != CURATORS}

    def take_worked_out(self, reading: Reading, facets: dict[str, Facet]) -> None:
        """Results and facets that a worker has made of `grounds`."""
        self.reading, self._facets, self._decided = reading, facets, None

    def follow_labels(self) -> None:
        """Labels or categories changed: facets that speak of them are made anew."""
        self.forget_dates()
        self._facets = {name: facet for name, facet in self._facets.items() if name != DATE}
        self._decided = self.grounds()

    def grounds(self) -> Grounds:
        """What facets are made of, as it is now."""
        project = self._project
        ids = project.columns.product_id
        self._read = {name: one for name, one in self._read.items() if one[0] is ids}
        kept = tuple(facet for _, facet in self._read.values())
        titles = {number: source.title for number, source in project.sources.items()}
        return Grounds(project.columns, cut_taxonomy(project.taxonomy), titles, self._scan, kept)

    def forget_dates(self) -> None:
        """Labels changed: when they were given is read anew by whoever wants to see it."""
        self._read.pop(DATE, None)

    def _make_facets(self) -> None:
        self._facets, self._decided = make_facets(self.grounds(), self.reading), None


def curators(report: PeopleReport, ids: NDArray[np.int64]) -> Facet:
    """Products that two or more persons judged; silent about the others."""
    codes = np.full(len(ids), -1, dtype=np.int32)
    for code, of in enumerate((report.agreed, report.open_ids, report.settled)):
        codes[np.isin(ids, of)] = code
    return Facet(CURATORS, codes, ("agree", "disagree", "settled"))


def work_out(reading: Reading, grounds: Grounds) -> tuple[Reading, dict[str, Facet]]:
    """Facets and how often each value occurs, which panes will ask for and a facet keeps."""
    facets = make_facets(grounds, reading)
    for facet in facets.values():
        facet.counts()
    return reading, facets


def make_facets(grounds: Grounds, reading: Reading) -> dict[str, Facet]:
    """All facets by name. Made in any thread."""
    columns, scan, known = grounds.columns, grounds.scan, grounds.source_titles
    titles = tuple(known.get(number, "") for number in range(max(known, default=0) + 1))
    facets = [
        Facet(SOURCE, columns.source_id, titles),
        Facet(PICTURE, columns.has_picture.astype(np.int32), ("without", "with")),
    ]
    clusters = reading.clusters.get("fused") or next(iter(reading.clusters.values()), None)
    if clusters is not None:
        facets.append(Facet(CLUSTER, clusters.cluster, clusters.names))
    if scan is not None:
        places = places_in(scan.product_id, columns.product_id)
        brand = np.where(places >= 0, scan.brand[places], -1).astype(np.int32)
        facets.append(Facet(BRAND, brand, scan.brands))
    return {one.name: one for one in (*facets, *grounds.kept, *_label_facets(grounds, reading))}


def _label_facets(grounds: Grounds, reading: Reading) -> list[Facet]:
    columns, taxonomy = grounds.columns, grounds.taxonomy
    names = tuple(
        taxonomy[i].name if i in taxonomy.by_id else "" for i in range(max(taxonomy.by_id, default=0) + 1)
    )
    facets = [
        Facet(CATEGORY, columns.category, names),
        Facet(STATUS, columns.status.astype(np.int32), tuple(status.word for status in Status)),
    ]
    codes = np.full(len(columns), -1, dtype=np.int32)
    suggestions = reading.suggestions
    if suggestions is not None:
        has_one = suggestions.best != NO_CATEGORY
        agrees = agreeing(columns.category, suggestions.best, taxonomy)
        codes[has_one] = np.where(agrees[has_one], AGREES, DIFFERS)
        codes[has_one & ~agrees & (suggestions.best_confidence < 0.5)] = UNSURE
        facets.append(Facet(SUGGESTION, codes, ("agrees", "differs", "unsure")))
        facets.append(Facet(SUGGESTED, np.where(has_one, suggestions.best, -1).astype(np.int32), names))
        if suggestions.views is not None:
            facets.append(Facet(VIEWS, agreement(*suggestions.views), ("alike", "otherwise")))
        facets.append(_confidence(suggestions))
    facets.append(_worth_a_look(grounds, reading))
    return facets


def agreement(text: NDArray[np.int32], picture: NDArray[np.int32]) -> NDArray[np.int32]:
    """Codes of whether text and picture alone would suggest the same; silent where one of them is."""
    says_both = (text != NO_CATEGORY) & (picture != NO_CATEGORY)
    return np.where(says_both, np.where(text == picture, ALIKE, APART), -1).astype(np.int32)


def agreeing(category: NDArray[np.int32], best: NDArray[np.int32], taxonomy: Taxonomy) -> NDArray[np.bool_]:
    """(n,) whether what is suggested is the label or lies above it: suggestions are of one level of the
    taxonomy, labels may lie deeper."""
    agrees = np.asarray(category == best)
    rows = np.flatnonzero(~agrees & (category != NO_CATEGORY) & (best != NO_CATEGORY))
    pairs, places = np.unique(category[rows].astype(np.int64) << 32 | best[rows], return_inverse=True)
    is_above = [
        any(one.id == pair & 0xFFFFFFFF for one in taxonomy.lineage(pair >> 32)) for pair in pairs.tolist()
    ]
    agrees[rows] = np.array(is_above, dtype=np.bool_)[places]
    return agrees


def accepted(category: NDArray[np.int32], best: NDArray[np.int32], taxonomy: Taxonomy) -> NDArray[np.int32]:
    """(n,) what accepting makes of labels: what is suggested, or the label where it says that and more."""
    return np.where(agreeing(category, best, taxonomy), category, best)


def _worth_a_look(grounds: Grounds, reading: Reading) -> Facet:
    """Codes overlap in truth; a product is counted under the most telling one."""
    columns, suggestions, scan = grounds.columns, reading.suggestions, grounds.scan
    codes = np.full(len(columns), -1, dtype=np.int32)
    if scan is not None:
        places = places_in(scan.product_id, columns.product_id)
        codes[(places >= 0) & scan.twice[places]] = TWICE
    if reading.disagrees is not None:
        codes[reading.disagrees] = DISAGREE
    if suggestions is not None:
        by_person = np.array([status.is_decided_by_person for status in Status])
        decided = by_person[columns.status]
        agrees = agreeing(columns.category, suggestions.best, grounds.taxonomy)
        differs = ~agrees & (suggestions.best != NO_CATEGORY)
        sure = suggestions.best_confidence >= WORTH_A_LOOK
        codes[differs & sure & ~decided] = PROBABLY_WRONG
    titles = ("Probably wrong", "Text and picture disagree", "Same article twice")
    return Facet(WORTH, codes, titles)


def _confidence(suggestions: Suggestions) -> Facet:
    """How sure the classifier is, in steps; silent where it suggests nothing."""
    codes = np.digitize(suggestions.best_confidence, CONFIDENCE_STEPS).astype(np.int32)
    codes[suggestions.best == NO_CATEGORY] = -1
    edges = [0.0, *CONFIDENCE_STEPS, 1.0]
    titles = tuple(f"{100 * low:.0f} – {100 * high:.0f} %" for low, high in pairwise(edges))
    return Facet(CONFIDENCE, codes, titles, is_ordered=True)
