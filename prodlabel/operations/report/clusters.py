"""Groups found without labels: their products, the categories inside, and how far both agree.

Invariant: no step that found the groups saw a label; labels are only compared with them afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.errors import NotReadyError
from prodlabel.core.progress import Progress
from prodlabel.operations.cluster import (
    BY_CATEGORIES,
    BY_METHOD,
    BY_REQUEST,
    DEFAULT_COUNT,
    AgreementReport,
    ClusterOutcome,
    agreement,
    usual_method,
)
from prodlabel.operations.clusterers import IN_WORDS
from prodlabel.operations.findings import Finding, Notebook, digest
from prodlabel.operations.layout import LayoutSettings, View, make_view
from prodlabel.operations.materials import Materials
from prodlabel.operations.protocol import PipelineRow
from prodlabel.operations.report.gallery import Card, Gallery
from prodlabel.operations.report.scheme import NO_STYLE, Scheme
from prodlabel.operations.report.wording import count, decimal, percent
from prodlabel.operations.spaces import FUSED, MAPS

SEEDS = 3
VERSION = 1
AGREEMENT = "agreement"
"""What the findings are called."""
MOST_FAMILIES = 4_000
"""More than this are sampled for the measurement over seeds: each seed is a layout of its own."""
_SHOWN = 6
VIEW_TITLES = {FUSED: "text and picture", "text": "text", "picture": "picture"}


@dataclass(frozen=True, slots=True)
class ClusterRow:
    """One cluster. `shares`: (category, style number, share of its labelled products, as text)."""

    number: int
    name: str
    size: int
    purity: str
    shares: list[tuple[str, int, float, str]]
    cards: list[Card]


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """One view of the products, figures as text."""

    view: str
    ari: str
    interval: str
    ami: str
    v_measure: str
    silhouette: str
    chance: str
    clusters: int
    products: str
    how: str


def aligned(product_id: NDArray[np.int64], kept: dict[str, NDArray[Any]], name: str) -> NDArray[Any] | None:
    """The array `name` of a result for the rows of now, -1 or NaN for products that came since; None where
    it knows none of them."""
    _, rows, at = np.intersect1d(product_id, kept["product_id"], assume_unique=True, return_indices=True)
    if not len(rows):
        return None
    values = kept[name]
    fill = np.nan if values.dtype.kind == "f" else -1
    found = np.full((len(product_id), *values.shape[1:]), fill, dtype=values.dtype)
    found[rows] = values[at]
    return found


def cluster_rows(
    outcome: ClusterOutcome, labels: NDArray[np.int32], scheme: Scheme, gallery: Gallery
) -> list[ClusterRow]:
    """Each cluster, the largest first. `outcome` holds rows of the snapshot as its medoids."""
    styles = scheme.numbers(labels)
    rows = []
    for number, name in enumerate(outcome.names):
        members = np.flatnonzero(outcome.cluster == number)
        inside = styles[members]
        inside = inside[inside != NO_STYLE]
        counts = np.bincount(inside, minlength=len(scheme.ids))
        order = np.argsort(-counts, kind="stable")
        total = max(1, int(counts.sum()))
        shares = [
            (scheme.names[at], int(at), float(counts[at] / total), count(counts[at]))
            for at in order[:5].tolist()
            if counts[at]
        ]
        purity = percent(float(counts.max() / total)) if len(inside) else "–"
        cards = gallery.cards(_with_pictures_first(outcome.medoids[number], gallery)[:_SHOWN])
        rows.append(ClusterRow(number, name, len(members), purity, shares, cards))
    return sorted(rows, key=lambda one: -one.size)


def _with_pictures_first(rows: Sequence[int], gallery: Gallery) -> list[int]:
    has = gallery.has_picture(np.asarray(rows, dtype=np.int64))
    return [row for row, one in zip(rows, has, strict=True) if one] + [
        row for row, one in zip(rows, has, strict=True) if not one
    ]


def how_compared(rows: Sequence[AgreementRow]) -> str:
    """The methods behind the rows, each with the views that it clustered."""
    views: dict[str, list[str]] = {}
    for one in rows:
        views.setdefault(one.how, []).append(one.view)
    return "; ".join(f"{how} ({', '.join(some)})" for how, some in views.items())


def how_found(outcome: ClusterOutcome) -> str:
    """Sentences: by which method, and where their number came from."""
    if outcome.method not in IN_WORDS:
        return "How they were found was not kept with them; clusters that are made anew say it."
    number = {
        BY_REQUEST: f"Their number, {len(outcome.names)}, was asked for.",
        BY_CATEGORIES: "Their number says nothing about the products: as many as there are categories, and "
        f"at least {DEFAULT_COUNT}.",
        BY_METHOD: "The method found their number by itself.",
    }
    return f"Found {IN_WORDS[outcome.method]}. {number.get(outcome.number_from, '')}".rstrip()


def cluster_table(outcome: ClusterOutcome, labels: NDArray[np.int32], scheme: Scheme) -> NDArray[np.int64]:
    """(categories, clusters) how many products of each category lie in each cluster."""
    styles = scheme.numbers(labels)
    is_both = (styles != NO_STYLE) & (outcome.cluster >= 0)
    table = np.zeros((len(scheme.ids), len(outcome.names)), dtype=np.int64)
    np.add.at(table, (styles[is_both], outcome.cluster[is_both]), 1)
    return table


def make_views_of_maps(materials: Materials, progress: Progress) -> dict[str, View]:
    """The view behind each map that the encoded blocks allow; text alone is left out where it is all."""
    has_picture = materials.picture_block() is not None
    has_text = bool(materials.text_blocks())
    wanted = [name for name in MAPS if name == FUSED or (has_picture and has_text)]
    views = {}
    for name in wanted:
        try:
            views[name] = make_view(materials, LayoutSettings(name), progress)
        except NotReadyError:  # nothing is encoded; the report says so
            continue
    return views


def measure_agreement(
    views: dict[str, View], truth: NDArray[np.int32], notebook: Notebook, progress: Progress
) -> dict[str, AgreementReport]:
    """ARI and its companions for each view over `SEEDS` seeds; what the notebook knows is not measured."""
    found = {}
    for name, view in views.items():
        rows = _sampled_rows(view)
        part, labels = _part(view, rows), truth[rows]
        mark = digest(VERSION, SEEDS, part.points, part.families, part.is_present, labels)
        finding = notebook.once(f"{AGREEMENT}/{name}", mark, partial(_agreement, part, labels, progress))
        if finding.figures:
            found[name] = AgreementReport.from_json(finding.figures)
    return found


def _agreement(view: View, truth: NDArray[np.int32], progress: Progress) -> Finding:
    report = agreement(view, truth, progress, seeds=SEEDS)
    return Finding({} if report is None else report.as_json())


def agreement_of(row: PipelineRow) -> AgreementReport:
    """The same of a row that a full study measured."""
    spreads = {name: getattr(row, name) for name in ("ari", "ami", "v_measure", "silhouette")}
    return AgreementReport(
        row.field, row.clusters, row.products,
        {name: one.mean for name, one in spreads.items()}, {name: one.std for name, one in spreads.items()},
        row.interval, row.chance.mean,
    )  # fmt: skip


def _sampled_rows(view: View) -> NDArray[np.int64]:
    """All rows, or those of a sample of families."""
    families = len(view.points)
    if families <= MOST_FAMILIES:
        return np.arange(len(view.families))
    chosen = np.random.default_rng(0).choice(families, MOST_FAMILIES, replace=False)
    return np.flatnonzero(np.isin(view.families, chosen))


def _part(view: View, rows: NDArray[np.int64]) -> View:
    kept, families = np.unique(view.families[rows], return_inverse=True)
    return View(view.name, view.points[kept], np.asarray(families), view.is_present[rows])


def agreement_rows(reports: dict[str, AgreementReport]) -> list[AgreementRow]:
    """The figures as text, best first."""
    ordered = sorted(reports.values(), key=lambda one: -one.mean["ari"])
    return [
        AgreementRow(
            VIEW_TITLES[one.name],
            f"{decimal(one.mean['ari'])} ± {decimal(one.std['ari'])}",
            f"{decimal(one.interval[0])} to {decimal(one.interval[1])}",
            f"{decimal(one.mean['ami'])} ± {decimal(one.std['ami'])}",
            decimal(one.mean["v_measure"]),
            decimal(one.mean["silhouette"]),
            decimal(one.chance),
            one.clusters,
            count(one.products),
            IN_WORDS[usual_method(one.name)],
        )
        for one in ordered
    ]
