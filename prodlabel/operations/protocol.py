"""Protocol: every encoder with every pipeline, measured against the categories on equal terms.

Invariant: no step sees a label; labels are compared with what was found, and nothing is chosen by them. The
seed goes through every random step. Pipelines on a single encoder know nothing of near-duplicate families;
the program's own, on all texts, pictures or both, stands in the same table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodlabel.analysis.agreement import Spread, bootstrap_interval, measure, over_seeds, permutation_baseline
from prodlabel.analysis.blocks import principal_components, unit_rows
from prodlabel.analysis.clusters import find_clusters
from prodlabel.analysis.consensus import agree_on_clusters
from prodlabel.analysis.layout import make_layout
from prodlabel.core.labels import NO_CATEGORY
from prodlabel.core.progress import Progress
from prodlabel.encoders.protocol import Kind
from prodlabel.encoders.registry import Scope, entries
from prodlabel.operations.cluster import voting_spaces
from prodlabel.operations.corpus import corpus_block
from prodlabel.operations.encode import PICTURE_FIELD, load_block
from prodlabel.operations.layout import FUSED, PICTURE, TEXT, LayoutSettings, View, make_view
from prodlabel.operations.materials import Materials
from prodlabel.operations.texts import FIELDS

KMEANS, PCA_KMEANS = "KMeans", "PCA + KMeans"
TSNE_KMEANS, PCA_TSNE_KMEANS = "t-SNE + KMeans", "PCA + t-SNE + KMeans"
ALL = "all"
"""Stands for the encoder where several are joined."""
VOTE = "families, PCA, vote of layouts"
PIPELINES = (KMEANS, PCA_KMEANS, TSNE_KMEANS, PCA_TSNE_KMEANS)
COMPONENTS = 50
MOST_ROWS = 3_000
"""Of a larger catalogue a draw of so many labelled products is measured."""
DRAWN_SHARE = 0.7
PERMUTATIONS = 50
STARTS = 10
LEAST_SHARE = 0.01


@dataclass(frozen=True, slots=True, eq=False)
class _Prepared:
    """What some rows became under one seed, before anything is grouped: `points` (rows, d), or, where
    families vote, `points` (families, d), the voting `spaces` and the family of each row."""

    points: NDArray[np.float32]
    spaces: Sequence[NDArray[np.float32]] = ()
    families: NDArray[np.int64] | None = None

    def grouped(self, count: int, seed: int, progress: Progress) -> NDArray[np.int64]:
        """The cluster of each row."""
        if self.families is None:
            return np.asarray(find_clusters(self.points, count, seed, STARTS, progress).labels)
        found = agree_on_clusters(self.spaces, count, seed, progress=progress)
        return np.asarray(found.labels[self.families])

    def of_rows(self) -> NDArray[np.float32]:
        """(rows, d) the points that the silhouette is measured on."""
        return self.points if self.families is None else self.points[self.families]


Prepare = Callable[[int, NDArray[np.int64], Progress], _Prepared]
"""(seed, rows, progress) to what those rows become."""


@dataclass(frozen=True, slots=True)
class PipelineRow:
    """One encoder with one pipeline: means and standard deviations over seeds.

    `draws` is the ARI on 70 % draws of the products, each with a seed of its own; `level_2` the AMI with as
    many clusters as there are second-level categories of at least 1 % of the products (None without a
    second level); `chance` what the same
    cluster sizes reach on shuffled labels; `interval` the 95 % bootstrap interval of the last seed's ARI.
    """

    encoder: str
    field: str
    pipeline: str
    products: int
    clusters: int
    ari: Spread
    ami: Spread
    v_measure: Spread
    silhouette: Spread
    draws: Spread
    level_2: Spread | None
    chance: Spread
    interval: tuple[float, float]

    def as_json(self) -> dict[str, Any]:
        """Plain values for reports and machines."""
        return asdict(self)


@dataclass(frozen=True, slots=True, eq=False)
class _Source:
    """What is clustered: the vectors of one encoder, or a view; `is_present` (n,) where there are any."""

    encoder: str
    field: str
    is_present: NDArray[np.bool_]
    pipelines: tuple[tuple[str, Prepare], ...]


def compare_pipelines(
    materials: Materials,
    progress: Progress,
    *,
    seeds: int = 5,
    draws: int = 5,
    encoders: Sequence[str] | None = None,
    views: Sequence[str] = (TEXT, PICTURE, FUSED),
    level_2: bool = True,
) -> list[PipelineRow]:
    """Each encoder (None: those encoded, and those that learn on the catalogue) with each pipeline.

    Each row is offered as soon as it stands.
    Empty where fewer than two categories have products.
    """
    truth = materials.level_1()
    if len(np.unique(truth[truth != NO_CATEGORY])) < 2:
        return []
    fine = _second_level(materials) if level_2 else None
    sources = list(_sources(materials, encoders, views, progress))
    rows = []
    with progress.stage("Comparing encoders and pipelines", sum(len(s.pipelines) for s in sources), "rows"):
        for source in sources:
            for name, prepare in source.pipelines:
                trial = _Trial(source, name, prepare, truth, fine, seeds, draws)
                rows.append(trial.run(Progress(token=progress.token)))
                progress.offer(rows[-1])
                progress.advance()
    return rows


@dataclass(frozen=True, slots=True, eq=False)
class _Trial:
    source: _Source
    pipeline: str
    prepare: Prepare
    truth: NDArray[np.int32]
    fine: NDArray[np.int32] | None
    seeds: int
    draws: int

    def run(self, progress: Progress) -> PipelineRow:
        rows = np.flatnonzero((self.truth != NO_CATEGORY) & self.source.is_present)
        if len(rows) > MOST_ROWS:
            rows = np.sort(np.random.default_rng(0).choice(rows, MOST_ROWS, replace=False))
        truth = self.truth[rows]
        count = len(np.unique(truth))
        runs, fine = [], []
        for seed in range(self.seeds):
            prepared = self.prepare(seed, rows, progress)
            found = prepared.grouped(count, seed, progress)
            runs.append(measure(truth, found, prepared.of_rows(), seed))
            if self.fine is not None:
                categories = self.fine[rows]
                finer = prepared.grouped(_large_enough(categories), seed, progress)
                fine.append(measure(categories, finer).ami)
        figures = over_seeds(runs)
        return PipelineRow(
            *(self.source.encoder, self.source.field, self.pipeline, len(rows), count),
            *(figures["ari"], figures["ami"], figures["v_measure"], figures["silhouette"]),
            self._on_draws(rows, progress),
            _spread(fine) if fine else None,
            permutation_baseline(truth, found, PERMUTATIONS),
            bootstrap_interval(truth, found),
        )

    def _on_draws(self, rows: NDArray[np.int64], progress: Progress) -> Spread:
        """The ARI on draws without replacement, as many clusters as categories were drawn."""
        drawn = []
        for draw in range(self.draws):
            rng = np.random.default_rng(1_000 + draw)
            part = np.sort(rng.choice(rows, round(DRAWN_SHARE * len(rows)), replace=False))
            truth = self.truth[part]
            found = self.prepare(draw, part, progress).grouped(len(np.unique(truth)), draw, progress)
            drawn.append(measure(truth, found).ari)
        return _spread(drawn)


def _large_enough(categories: NDArray[np.int32]) -> int:
    """How many of the categories hold at least 1 % of the products: smaller ones ask for no cluster."""
    size = np.unique(categories, return_counts=True)[1]
    return max(2, int((size >= LEAST_SHARE * len(categories)).sum()))


def _spread(values: Sequence[float]) -> Spread:
    if not values:
        return Spread(float("nan"), float("nan"))
    return Spread(float(np.mean(values)), float(np.std(values, ddof=1)) if len(values) > 1 else 0.0)


def _second_level(materials: Materials) -> NDArray[np.int32] | None:
    """(n,) second-level categories, None where the labels go no deeper than the first."""
    columns = materials.snapshot.columns
    fine = np.asarray(materials.snapshot.taxonomy.at_level(2)[columns.category], np.int32)
    return None if np.array_equal(fine, materials.level_1()) else fine


def _sources(
    materials: Materials, encoders: Sequence[str] | None, views: Sequence[str], progress: Progress
) -> Iterator[_Source]:
    for entry in entries():
        if encoders is not None and entry.id not in encoders:
            continue
        if entry.scope is Scope.ITEM:
            for field in (PICTURE_FIELD,) if entry.kind is Kind.PICTURE else FIELDS:
                block = load_block(materials.snapshot, entry.id, field)
                if block is not None and block.is_present.any():
                    yield _of_block(entry.id, field, block.vectors, block.is_present)
        elif entry.what_is_missing() is None:
            made = corpus_block(materials, entry.id, progress)
            yield _of_block(entry.id, made.field, made.vectors, made.is_present)
    for name in views:
        has_text, has_picture = bool(materials.text_blocks()), materials.picture_block() is not None
        is_possible = {TEXT: has_text, PICTURE: has_picture, FUSED: has_text and has_picture}[name]
        if is_possible:
            yield _of_view(make_view(materials, LayoutSettings(name), progress))


def _of_block(encoder: str, field: str, vectors: Any, is_present: NDArray[np.bool_]) -> _Source:
    def pipeline(name: str) -> Prepare:
        def prepare(seed: int, rows: NDArray[np.int64], progress: Progress) -> _Prepared:
            part = vectors[rows]
            points = unit_rows(part.toarray() if hasattr(part, "toarray") else part)
            if points.shape[1] > len(points):
                # As many axes as there are rows lose nothing, and words are many more.
                points = principal_components(points, len(points), seed)
            if name in (PCA_KMEANS, PCA_TSNE_KMEANS):
                points = principal_components(points, COMPONENTS, seed)
            if name in (TSNE_KMEANS, PCA_TSNE_KMEANS):
                points = make_layout(points, seed, progress=progress)
            return _Prepared(points)

        return prepare

    return _Source(encoder, field, is_present, tuple((name, pipeline(name)) for name in PIPELINES))


def _of_view(view: View) -> _Source:
    def prepare(seed: int, rows: NDArray[np.int64], progress: Progress) -> _Prepared:
        kept, families = np.unique(view.families[rows], return_inverse=True)
        part = View(view.name, view.points[kept], np.asarray(families), view.is_present[rows])
        layout = make_layout(part.points, seed, progress=progress)
        return _Prepared(part.points, voting_spaces(part, layout, seed, progress), part.families)

    return _Source(ALL, view.name, view.is_present, ((VOTE, prepare),))
