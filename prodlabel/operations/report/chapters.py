"""The chapters of a report, put together for the template; a chapter whose step was not run says what to run.

Invariant: `context` holds every name that the template asks for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodlabel.analysis.cluster_count import CountProposal
from prodlabel.core.progress import Progress
from prodlabel.operations.cluster import AgreementReport
from prodlabel.operations.layout import View
from prodlabel.operations.proposals import proposal_known
from prodlabel.operations.protocol import ALL
from prodlabel.operations.report import clusters as grouping
from prodlabel.operations.report.behind import (
    ProductList,
    links_of_categories,
    lists_of_cells,
    lists_of_clusters,
    lists_of_evidence,
)
from prodlabel.operations.report.block_maps import draw_block_maps
from prodlabel.operations.report.curves import draw_coverage, draw_reliability
from prodlabel.operations.report.evidence import Evidence, settings_of
from prodlabel.operations.report.examples import category_examples
from prodlabel.operations.report.figures import measured_figures, waiting_products
from prodlabel.operations.report.flaws import find_flaws, find_twins
from prodlabel.operations.report.gallery import Gallery, open_gallery
from prodlabel.operations.report.heat import cluster_heat, confusion_heat
from prodlabel.operations.report.inputs import ReportInputs
from prodlabel.operations.report.kept_evidence import evidence_once
from prodlabel.operations.report.lead import lead_in_words
from prodlabel.operations.report.maps import cluster_styles, draw_maps
from prodlabel.operations.report.methods import describe_methods, network_line, row_title
from prodlabel.operations.report.mixing import mixed_pairs
from prodlabel.operations.report.provenance import encoders_used, facts
from prodlabel.operations.report.scheme import Scheme, make_scheme, theme_css
from prodlabel.operations.report.suspects import Suspects, find_suspects
from prodlabel.operations.report.verdict import Verdict, reach_verdict
from prodlabel.operations.report.vocabulary import category_words, find_boilerplate
from prodlabel.operations.spaces import FUSED, PICTURE
from prodlabel.operations.train import Figures, labels_at, summarise


@dataclass(frozen=True, slots=True, eq=False)
class Chapters:
    """Everything for the template (`context`), and what the summary is made from; `lists`: the products that
    its claims count."""

    context: dict[str, Any]
    scheme: Scheme
    evidence: Evidence | None
    figures: Figures | None
    verdict: Verdict | None
    suspects: Suspects | None
    agreement: dict[str, AgreementReport]
    missing: tuple[str, ...]
    lists: tuple[ProductList, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Desk:
    """What most chapters need at hand."""

    inputs: ReportInputs
    scheme: Scheme
    labels: NDArray[np.int32]
    gallery: Gallery
    views: dict[str, View]
    progress: Progress


def write_chapters(
    inputs: ReportInputs, seconds_per_look: float, made_at: datetime, progress: Progress
) -> Chapters:
    """Measure and collect; takes as long as five trainings and nine layouts."""
    materials, version = inputs.materials, inputs.version
    level = 1 if version is None else settings_of(version.info.settings).level
    labels = labels_at(materials, level) if len(materials.snapshot.columns) else materials.level_1()
    scheme = make_scheme(materials.snapshot.taxonomy, labels, level)
    views = grouping.make_views_of_maps(materials, progress)
    evidence = None
    if version is not None:
        settings = settings_of(version.info.settings)
        evidence = evidence_once(materials, settings, inputs.notebook, progress)
    agreement, seeds = _agreement(inputs, views, labels, progress)
    with open_gallery(materials.snapshot, scheme, labels) as gallery:
        desk = _Desk(inputs, scheme, labels, gallery, views, progress)
        context = _head(desk, made_at)
        # The order is that of the page: should the pictures exceed their budget, the last ones go.
        judged = _judgement(desk, evidence, seconds_per_look)
        context |= judged | _maps_and_clusters(desk, agreement, seeds) | _products(desk)
        context |= _methods(inputs)
        context["behind"] = _behind(desk, evidence)
        lists = [*_lists_elsewhere(context), *context["behind"]]
        context["opens"] = {one.anchor for one in lists}
        context["category_links"] = links_of_categories(context["behind"])
        context["left_out_pictures"] = gallery.left_out
    missing = _missing(inputs, views, evidence)
    context["missing"] = missing
    figures = None if evidence is None else summarise(evidence.evaluation, len(evidence.rows))
    return Chapters(
        context, scheme, evidence, figures, judged["verdict"], judged["suspects"], agreement, tuple(missing),
        tuple(lists),
    )  # fmt: skip


def _head(desk: _Desk, made_at: datetime) -> dict[str, Any]:
    snapshot, version = desk.inputs.materials.snapshot, desk.inputs.version
    sources = [source.title for source in snapshot.sources.values()]
    numbers = [len(one.names) for one in desk.inputs.clusters_of.values()]
    numbers += [int(one.cluster.max()) + 1 for one in desk.inputs.blocks]
    styles = max(len(desk.scheme.ids), *numbers, 0)
    return {
        "name": snapshot.name,
        "made_on": f"{made_at.day} {made_at:%B %Y}",
        "products": len(snapshot.columns),
        "with_picture": sum(fact[0] is not None for fact in desk.gallery.facts.values()),
        "scheme": desk.scheme,
        "glyphs": [style.glyph for style in desk.scheme.styles],
        "theme": theme_css(styles),
        "sources": sources,
        "facts": facts(snapshot, None if version is None else version.info, made_at, sources),
        "encoders": encoders_used(snapshot),
    }


def _judgement(desk: _Desk, evidence: Evidence | None, seconds_per_look: float) -> dict[str, Any]:
    """Verdict, figures, what is mixed up, what looks wrong."""
    empty: dict[str, Any] = dict.fromkeys(
        ("verdict", "evidence", "confusion", "reliability", "coverage", "suspects", "waiting")
    )
    empty |= {"figures": [], "pairs": [], "too_small": [], "lead": []}
    version, materials = desk.inputs.version, desk.inputs.materials
    if evidence is None or version is None:
        return empty
    texts = materials.texts(desk.progress).text
    suspects = None
    if FUSED in desk.views:
        suspects = find_suspects(
            materials, evidence, version, desk.views[FUSED],
            gallery=desk.gallery, scheme=desk.scheme, progress=desk.progress,
        )  # fmt: skip
    table = np.zeros((len(evidence.classes),) * 2)
    np.add.at(table, (evidence.target, evidence.found), 1)
    verdict = reach_verdict(evidence, desk.scheme, seconds_per_look)
    pairs = mixed_pairs(evidence, desk.scheme, texts, desk.gallery)
    return empty | {
        "evidence": evidence,
        "verdict": verdict,
        "lead": lead_in_words(verdict.categories, pairs),
        "figures": measured_figures(evidence, version.info, materials.snapshot.last_edit),
        "pairs": pairs,
        "confusion": confusion_heat(table, evidence.classes.tolist(), desk.scheme),
        "reliability": draw_reliability(evidence),
        "coverage": draw_coverage(evidence),
        "suspects": suspects,
        "waiting": waiting_products(desk.inputs.suggestions, desk.labels, seconds_per_look),
        "too_small": [desk.scheme.name(one) for one in evidence.too_small],
    }


def _agreement(
    inputs: ReportInputs, views: dict[str, View], labels: NDArray[np.int32], progress: Progress
) -> tuple[dict[str, AgreementReport], int]:
    """How far clusters agree with the categories, over how many seeds: as the full study measured it, where
    it saw these labels, so that one thing does not have two figures."""
    full, materials = inputs.full, inputs.materials
    if full is not None and full.at_edit == materials.snapshot.last_edit:
        own = {row.field: row for row in full.rows if row.encoder == ALL}
        if views and own.keys() >= views.keys() and np.array_equal(labels, materials.level_1()):
            return {name: grouping.agreement_of(own[name]) for name in views}, own[next(iter(views))].seeds
    return grouping.measure_agreement(views, labels, inputs.notebook, progress), grouping.SEEDS


def _maps_and_clusters(desk: _Desk, agreement: dict[str, AgreementReport], seeds: int) -> dict[str, Any]:
    clusters = desk.inputs.clusters
    found: dict[str, Any] = {"clusters": [], "cluster_heat": None, "how_clustered": ""}
    if clusters is not None:
        found["how_clustered"] = grouping.how_found(clusters)
        table = grouping.cluster_table(clusters, desk.labels, desk.scheme)
        found["clusters"] = grouping.cluster_rows(clusters, desk.labels, desk.scheme, desk.gallery)
        if table.any():
            found["cluster_heat"] = cluster_heat(table, desk.scheme, clusters.names)
    names = desk.inputs.materials.texts(desk.progress).name
    found["maps"] = draw_maps(
        desk.inputs.layouts, clusters, desk.labels, scheme=desk.scheme, gallery=desk.gallery, names=names,
        of_maps=desk.inputs.clusters_of, settings=desk.inputs.layout_settings,
    )  # fmt: skip
    found["block_maps"] = draw_block_maps(desk.inputs.blocks, desk.labels, desk.scheme, row_title)
    found["proposal"] = _proposal(desk)
    found["cluster_styles"] = [] if clusters is None else cluster_styles(clusters)
    found["agreement"] = grouping.agreement_rows(agreement)
    found["how_compared"] = grouping.how_compared(found["agreement"])
    found["seeds"] = seeds
    return found


def _proposal(desk: _Desk) -> CountProposal | None:
    """The number of clusters that was proposed for the map of everything, if it was."""
    if FUSED not in desk.views or FUSED not in desk.inputs.layouts:
        return None
    xy, families = desk.inputs.layouts[FUSED], desk.views[FUSED].families
    return proposal_known(desk.inputs.notebook, FUSED, xy, families)


def _products(desk: _Desk) -> dict[str, Any]:
    """Words, examples and flaws."""
    materials, progress = desk.inputs.materials, desk.progress
    texts = materials.texts(progress)
    examples = []
    shown = desk.views.get(PICTURE) or desk.views.get(FUSED)
    if shown is not None:
        examples = category_examples(shown, desk.labels, desk.scheme, desk.gallery)
    return {
        "is_of_pictures": shown is not None and shown.name == PICTURE,
        "words": category_words(texts.text, desk.labels, desk.scheme, progress),
        "boilerplate": find_boilerplate(materials, progress),
        "examples": examples,
        "flaws": find_flaws(materials.snapshot, texts, desk.gallery),
        "twins": find_twins(materials.families(progress), desk.labels, desk.scheme, desk.gallery),
    }


def _methods(inputs: ReportInputs) -> dict[str, Any]:
    """What a full study measured, and networks that were trained."""
    newest = inputs.materials.snapshot.last_edit
    return {
        "methods": None if inputs.full is None else describe_methods(inputs.full, newest),
        "networks": [network_line(one) for one in inputs.networks],
    }


def _behind(desk: _Desk, evidence: Evidence | None) -> list[ProductList]:
    """The products that figures and clusters count."""
    lists = [] if evidence is None else lists_of_evidence(evidence, desk.scheme, desk.gallery)
    clusters = desk.inputs.clusters
    if clusters is None:
        return lists
    cells = lists_of_cells(clusters, desk.labels, desk.scheme, desk.gallery)
    return lists + lists_of_clusters(clusters, desk.gallery) + cells


def _lists_elsewhere(context: dict[str, Any]) -> list[ProductList]:
    """Those that stand in chapters of their own."""
    lists = [pair.products for pair in context["pairs"]]
    if context["suspects"] is not None and context["suspects"].total:
        lists.append(context["suspects"].every)
    twins = context["twins"]
    if twins.families:
        title = f"{twins.families} families with nearly the same text"
        lists.append(ProductList("twins", title, "", [], twins.product_ids, []))
    return [*lists, *context["flaws"]]


def _missing(inputs: ReportInputs, views: dict[str, View], evidence: Evidence | None) -> list[str]:
    """What to run for the chapters that are empty."""
    steps = []
    if not views:
        steps.append("encode")
    if not inputs.layouts:
        steps.append("map")
    if inputs.clusters is None:
        steps.append("cluster")
    if inputs.version is None or evidence is None:
        steps.append("train")
    if inputs.suggestions is None:
        steps.append("suggest")
    return steps
