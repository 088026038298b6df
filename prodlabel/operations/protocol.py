"""Protocol: every encoder with every pipeline, measured against the categories on equal terms.

Invariant: no step sees a label; labels are compared with what was found, and nothing is chosen by them. The
seed goes through every random step of a pipeline (axes, layout, clusters); encoders that learn on the
catalogue are fitted once, with seed 0. Pipelines on a single encoder know nothing of near-duplicate families;
the program's own, on all texts, pictures or both, stands in the same table. Each row is a finding of its own,
kept with the project, and rows are measured side by side.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodlabel.analysis.agreement import Spread, bootstrap_interval, measure, over_seeds, permutation_baseline
from prodlabel.analysis.blocks import principal_components, unit_rows
from prodlabel.analysis.clusters import find_by_cosine, find_clusters
from prodlabel.analysis.consensus import agree_on_clusters
from prodlabel.analysis.layout import make_layout
from prodlabel.core.labels import NO_CATEGORY
from prodlabel.core.progress import Progress
from prodlabel.encoders.protocol import Kind
from prodlabel.encoders.registry import Scope, available, entries
from prodlabel.operations.cluster import usual_method, voting_spaces
from prodlabel.operations.clusterers import AXES, MIXTURE
from prodlabel.operations.corpus import corpus_block
from prodlabel.operations.encode import PICTURE_FIELD, load_block
from prodlabel.operations.findings import Finding, Findings, Measurement, digest
from prodlabel.operations.layout import LayoutSettings, View, make_view
from prodlabel.operations.materials import Materials
from prodlabel.operations.other_clusterings import TITLES, MethodsTrial, measure_methods, spread
from prodlabel.operations.spaces import FUSED, PICTURE, TEXT
from prodlabel.operations.texts import FIELDS

KMEANS, PCA_KMEANS = "KMeans", "PCA + KMeans"
TSNE_KMEANS, PCA_TSNE_KMEANS = "t-SNE + KMeans", "PCA + t-SNE + KMeans"
ALL = "all"
"""Stands for the encoder where several are joined."""
TOP_TOPIC = "top topic"
"""Each product in the cluster of its largest topic: for encoders whose numbers are topics."""
TOPICS = ("lda", "nmf")
VOTE = "families, PCA, vote of layouts"
BY_COSINE = "families, PCA, KMeans by cosine"
PIPELINES = (KMEANS, PCA_KMEANS, TSNE_KMEANS, PCA_TSNE_KMEANS)
COMPONENTS = 50
SEEDS = DRAWS = 5
VERSION = 2
"""Of the measurement itself: raised when the same input would give other figures."""
MOST_ROWS = 3_000
"""Of a larger catalogue a draw of so many labelled products is measured."""
DRAWN_SHARE = 0.7
PERMUTATIONS = 50
STARTS = 10
LEAST_SHARE = 0.01


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
    seeds: int
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

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> PipelineRow:
        """The row that `as_json` described."""
        spreads: dict[str, Any] = {name: _spread_from(said[name]) for name in _SPREADS}
        level_2 = None if said["level_2"] is None else _spread_from(said["level_2"])
        interval = (float(said["interval"][0]), float(said["interval"][1]))
        plain: dict[str, Any] = {name: said[name] for name in _PLAIN}
        return cls(**plain, **spreads, level_2=level_2, interval=interval)


_PLAIN = ("encoder", "field", "pipeline", "products", "clusters", "seeds")
_SPREADS = ("ari", "ami", "v_measure", "silhouette", "draws", "chance")


def _spread_from(said: Mapping[str, float | None]) -> Spread:
    mean, std = (float("nan") if value is None else value for value in (said["mean"], said["std"]))
    return Spread(mean, std)


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """One row of the table before it is measured; made of arrays, so that it can be sent to a process.

    `points` (rows, d) dense or CSR, or, with `families` (rows,), one vector a family. `truth` and `fine`
    (rows,): categories of the first and the second level.
    `product_id` (rows,) names the products on the map that is kept.
    """

    encoder: str
    field: str
    pipeline: str
    points: Any
    truth: NDArray[np.int32]
    fine: NDArray[np.int32] | None
    families: NDArray[np.int64] | None
    product_id: NDArray[np.int64]
    seeds: int = SEEDS
    draws: int = DRAWS

    @property
    def name(self) -> str:
        """What the finding is kept under."""
        return finding_of(self.encoder, self.field, self.pipeline)

    @property
    def mark(self) -> str:
        """Of all that the figures depend on."""
        known = [one for one in (self.fine, self.families) if one is not None]
        arrays = [self.points, self.truth, self.product_id, *known]
        return digest(VERSION, self.pipeline, self.seeds, self.draws, self.fine is None, *arrays)

    @property
    def cost(self) -> int:
        """About how many seconds it takes for 1,000 products."""
        return 2 + (self.seeds + self.draws) * _COSTS[self.pipeline] // 10


def finding_of(encoder: str, field: str, pipeline: str) -> str:
    """What the measurement of a row is kept under."""
    return f"pipelines/{encoder}/{field}/{pipeline}"


_COSTS = {
    KMEANS: 10,
    PCA_KMEANS: 3,
    TSNE_KMEANS: 10,
    PCA_TSNE_KMEANS: 9,
    VOTE: 30,
    BY_COSINE: 3,
    TOP_TOPIC: 1,
}


def measure_trial(trial: Trial) -> Finding:
    """The row, as a finding, with the clusters of the first seed, and the map that they lie on."""
    progress = Progress()
    kept: dict[str, NDArray[Any]] = {}
    truth, count = trial.truth, len(np.unique(trial.truth))
    everything = np.arange(len(truth))
    runs, fine = [], []
    for seed in range(trial.seeds):
        prepared = _prepare(trial, seed, everything, progress)
        found = prepared.grouped(count, seed, progress)
        runs.append(measure(truth, found, prepared.of_rows(), seed))
        if not kept:
            kept = {"product_id": trial.product_id, "cluster": found.astype(np.int32)}
            kept |= {"xy": prepared.points} if trial.pipeline == PCA_TSNE_KMEANS else {}
        if trial.fine is not None:
            finer = prepared.grouped(_large_enough(trial.fine), seed, progress)
            fine.append(measure(trial.fine, finer).ami)
    figures = over_seeds(runs)
    row = PipelineRow(
        *(trial.encoder, trial.field, trial.pipeline, len(truth), prepared.number(count), trial.seeds),
        *(figures["ari"], figures["ami"], figures["v_measure"], figures["silhouette"]),
        _on_draws(trial, progress),
        spread(fine) if fine else None,
        permutation_baseline(truth, found, PERMUTATIONS),
        bootstrap_interval(truth, found),
    )
    return Finding(row.as_json(), kept)


def _on_draws(trial: Trial, progress: Progress) -> Spread:
    """The ARI on draws without replacement, as many clusters as categories were drawn."""
    drawn = []
    total = len(trial.truth)
    for draw in range(trial.draws):
        rng = np.random.default_rng(1_000 + draw)
        part = np.sort(rng.choice(total, round(DRAWN_SHARE * total), replace=False))
        truth = trial.truth[part]
        found = _prepare(trial, draw, part, progress).grouped(len(np.unique(truth)), draw, progress)
        drawn.append(measure(truth, found).ari)
    return spread(drawn)


@dataclass(frozen=True, slots=True, eq=False)
class _Prepared:
    """What some rows became under one seed, before anything is grouped: `points` (rows, d), or, where
    families are grouped, `points` (families, d), the `spaces` that vote, if any, and the family of each
    row."""

    points: NDArray[np.float32]
    spaces: Sequence[NDArray[np.float32]] = ()
    families: NDArray[np.int64] | None = None
    is_of_topics: bool = False

    def number(self, count: int) -> int:
        """How many clusters there are where `count` are asked for."""
        return self.points.shape[1] if self.is_of_topics else count

    def grouped(self, count: int, seed: int, progress: Progress) -> NDArray[np.int64]:
        """The cluster of each row."""
        if self.is_of_topics:
            return np.asarray(self.points.argmax(axis=1))
        if self.families is None:
            return np.asarray(find_clusters(self.points, count, seed, STARTS, progress).labels)
        if self.spaces:
            found = agree_on_clusters(self.spaces, count, seed, progress=progress)
        else:
            found = find_by_cosine(self.points, count, seed, progress=progress)
        return np.asarray(found.labels[self.families])

    def of_rows(self) -> NDArray[np.float32]:
        """(rows, d) the points that the silhouette is measured on."""
        return self.points if self.families is None else self.points[self.families]


def _prepare(trial: Trial, seed: int, rows: NDArray[np.int64], progress: Progress) -> _Prepared:
    if trial.families is not None:
        kept, families = np.unique(trial.families[rows], return_inverse=True)
        part = View(trial.field, trial.points[kept], np.asarray(families), np.ones(len(rows), dtype=bool))
        if trial.pipeline == BY_COSINE:
            return _Prepared(part.points, (), part.families)
        layout = make_layout(part.points, seed, progress=progress)
        return _Prepared(part.points, voting_spaces(part, layout, seed, progress), part.families)
    held = trial.points[rows]
    points = unit_rows(held.toarray() if hasattr(held, "toarray") else held)
    if trial.pipeline == TOP_TOPIC:
        return _Prepared(points, is_of_topics=True)
    if points.shape[1] > len(points):
        # As many axes as there are rows lose nothing, and words are many more.
        points = principal_components(points, len(points), seed)
    if trial.pipeline in (PCA_KMEANS, PCA_TSNE_KMEANS):
        points = principal_components(points, COMPONENTS, seed)
    if trial.pipeline in (TSNE_KMEANS, PCA_TSNE_KMEANS):
        points = make_layout(points, seed, progress=progress)
    return _Prepared(points)


def _large_enough(categories: NDArray[np.int32]) -> int:
    """How many of the categories hold at least 1 % of the products: smaller ones ask for no cluster."""
    size = np.unique(categories, return_counts=True)[1]
    return max(2, int((size >= LEAST_SHARE * len(categories)).sum()))


def compare_pipelines(
    materials: Materials,
    findings: Findings,
    progress: Progress,
    *,
    seeds: int = SEEDS,
    draws: int = DRAWS,
    encoders: Sequence[str] | None = None,
    views: Sequence[str] = (TEXT, PICTURE, FUSED),
    level_2: bool = True,
    workers: int | None = None,
) -> list[PipelineRow]:
    """Each encoder (None: those encoded, and those that learn on the catalogue) with each pipeline.

    Empty where fewer than two categories have products.
    """
    trials = [
        replace(one, seeds=seeds, draws=draws)
        for one in _trials(materials, progress, encoders, views, level_2=level_2)
    ]
    wanted = [Measurement(one.name, one.mark, measure_trial, (one,), one.cost) for one in trials]
    others = list(_others(trials))
    wanted += [Measurement(one.name, one.mark, measure_methods, (one,), one.cost) for one in others]
    found = findings.measure_all("Comparing encoders and pipelines", wanted, progress, workers)
    rows = [row for one in found.values() for row in one.figures.get("rows", (one.figures,))]
    return [PipelineRow.from_json(row) for row in rows]


def _others(trials: Sequence[Trial]) -> Iterator[MethodsTrial]:
    """The other ways to cluster what the program clusters; the slowest of them, and draws of the products, on
    all that is known alone."""
    own = [one for one in trials if one.encoder == ALL]
    for one in own:
        assert one.families is not None
        methods = tuple(name for name in TITLES if name != MIXTURE or one is own[-1])
        fine_count = 0 if one.fine is None else _large_enough(one.fine)
        yield MethodsTrial(
            one.field, one.points, one.families, one.truth, one.fine, methods, fine_count,
            one.seeds, one.draws if one is own[-1] else 0, DRAWN_SHARE,
        )  # fmt: skip


def missing_encoders() -> list[tuple[str, str]]:
    """(title, what is needed) of every encoder that cannot run on this computer."""
    return [(one.entry.title, one.missing) for one in available() if one.missing is not None]


def _trials(
    materials: Materials,
    progress: Progress,
    encoders: Sequence[str] | None,
    views: Sequence[str],
    *,
    level_2: bool,
) -> Iterator[Trial]:
    truth = materials.level_1()
    if len(np.unique(truth[truth != NO_CATEGORY])) < 2:
        return
    fine = _second_level(materials) if level_2 else None
    for encoder, name, vectors, is_present in _blocks(materials, encoders, progress):
        rows = _measured(truth, is_present)
        labels = truth[rows], None if fine is None else fine[rows]
        if len(np.unique(labels[0])) < 2:
            continue
        ids = materials.snapshot.columns.product_id[rows]
        for pipeline in (*PIPELINES, *((TOP_TOPIC,) if encoder in TOPICS else ())):
            yield Trial(encoder, name, pipeline, vectors[rows], *labels, None, ids)
    for view in _views(materials, views, progress):
        rows = _measured(truth, view.is_present)
        kept, families = np.unique(view.families[rows], return_inverse=True)
        labels = truth[rows], None if fine is None else fine[rows]
        points = view.points[kept]
        pipeline = BY_COSINE if usual_method(view.name) == AXES else VOTE
        ids = materials.snapshot.columns.product_id[rows]
        yield Trial(ALL, view.name, pipeline, points, *labels, np.asarray(families), ids)


def _measured(truth: NDArray[np.int32], is_present: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The rows that are measured: all with a label and a vector, or a draw of them."""
    rows = np.flatnonzero((truth != NO_CATEGORY) & is_present)
    if len(rows) > MOST_ROWS:
        rows = np.sort(np.random.default_rng(0).choice(rows, MOST_ROWS, replace=False))
    return rows


def _second_level(materials: Materials) -> NDArray[np.int32] | None:
    """(n,) second-level categories, None where the labels go no deeper than the first."""
    columns = materials.snapshot.columns
    fine = np.asarray(materials.snapshot.taxonomy.at_level(2)[columns.category], np.int32)
    return None if np.array_equal(fine, materials.level_1()) else fine


def _blocks(
    materials: Materials, encoders: Sequence[str] | None, progress: Progress
) -> Iterator[tuple[str, str, Any, NDArray[np.bool_]]]:
    """(encoder, field, vectors (n, d), where there is one) of every encoder that can be compared."""
    for entry in entries():
        if encoders is not None and entry.id not in encoders:
            continue
        if entry.scope is Scope.ITEM:
            for name in (PICTURE_FIELD,) if entry.kind is Kind.PICTURE else FIELDS:
                block = load_block(materials.snapshot, entry.id, name)
                if block is not None and block.is_present.any():
                    yield entry.id, name, block.vectors, block.is_present
        elif entry.what_is_missing() is None and (not entry.is_option or encoders is not None):
            made = corpus_block(materials, entry.id, progress)
            if made.is_present.any():
                yield entry.id, made.field, made.vectors, made.is_present


def _views(materials: Materials, views: Sequence[str], progress: Progress) -> Iterator[View]:
    has_text, has_picture = bool(materials.text_blocks()), materials.picture_block() is not None
    is_possible = {TEXT: has_text, PICTURE: has_picture, FUSED: has_text and has_picture}
    for name in views:
        if is_possible[name]:
            yield make_view(materials, LayoutSettings(name), progress)
