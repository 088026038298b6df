"""The workers behind the window's jobs: plain functions of a snapshot that offer what they find part by part.

Invariant: nothing here touches the project; a `Part` says how the GUI thread shall write it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass

from prodlabel.core.products import Problem, ProductRecord
from prodlabel.core.progress import Progress
from prodlabel.operations.cluster import ClusterOutcome, cluster
from prodlabel.operations.encode import DEFAULT_ENCODERS, encode
from prodlabel.operations.importing import ImportReport, ImportRun, ImportSettings, read_parts
from prodlabel.operations.layout import (
    FUSED,
    PICTURE,
    TEXT,
    LayoutOutcome,
    LayoutSettings,
    lay_out,
    make_view,
)
from prodlabel.operations.materials import Materials, need_products
from prodlabel.operations.pictures import THUMBNAIL_FOLDER, Fact, look
from prodlabel.project.project import Project
from prodlabel.project.results import CLUSTERS, LAYOUT
from prodlabel.project.snapshot import Snapshot
from prodlabel.sources.protocol import Catalogue
from prodlabel.sources.registry import open_catalogue
from prodlabel.store.thumbnails import ThumbnailStore

_BATCH = 500
"""Products that the GUI thread takes in at a time; more would be felt."""
_FACTS = 100


@dataclass(frozen=True, slots=True)
class Part:
    """Something found, and how it is kept; `keep` is called in the GUI thread."""

    keep: Callable[[Project], object]


class ImportJob:
    """One import: `read` is the worker's, `take` the GUI thread's."""

    def __init__(self, project: Project, settings: ImportSettings) -> None:
        self._project = project
        self._settings = settings
        self._run: ImportRun | None = None

    @property
    def report(self) -> ImportReport:
        """What has come in so far."""
        return ImportReport(0, "") if self._run is None else self._run.report

    def read(self, progress: Progress) -> None:
        """Read the catalogue and offer its products in batches."""
        settings = self._settings
        catalogue = open_catalogue(settings.location, settings.options, settings.kind)
        progress.offer(catalogue)
        with progress.stage(f"Reading {catalogue.title}", unit="products"):
            for records, problems in read_parts(catalogue, progress):
                for start in range(0, max(len(records), 1), _BATCH):
                    progress.offer((records[start : start + _BATCH], problems if start == 0 else []))
                progress.advance(len(records))

    def take(self, part: Catalogue | tuple[tuple[ProductRecord, ...], list[Problem]]) -> None:
        """Write one batch."""
        if not isinstance(part, tuple):
            self._run = ImportRun(self._project, self._settings, part)
        elif self._run is not None:
            self._run.take(*part)


def look_at_pictures(snapshot: Snapshot, rows: dict[str, int], progress: Progress) -> None:
    """Thumbnails into the cache; facts about the pictures are offered."""
    facts: list[Fact] = []

    def flush() -> None:
        kept = list(facts)
        facts.clear()
        progress.offer(Part(lambda project: project.write_picture_facts(kept)))

    total = int(snapshot.columns.has_picture.sum())
    with (
        progress.stage("Looking at pictures", total, "pictures"),
        ThumbnailStore(snapshot.folder / THUMBNAIL_FOLDER) as thumbnails,
    ):
        for found in look(snapshot, thumbnails, progress, rows):
            thumbnails.put_many([found.thumbnail] if found.thumbnail is not None else [])
            thumbnails.remember_files([found.file] if found.file is not None else [])
            facts.append(found.fact)
            if len(facts) >= _FACTS:
                flush()
        flush()


def make_maps(snapshot: Snapshot, old: Mapping[str, LayoutOutcome | None], progress: Progress) -> None:
    """Vectors for what has none, then a layout and clusters for each kind of map that these allow."""
    need_products(snapshot)
    encode(snapshot, DEFAULT_ENCODERS, progress)
    materials = Materials(snapshot)
    for name in _maps(materials):
        settings = LayoutSettings(name)
        view = make_view(materials, settings, progress)
        # Only the fused map is on the screen while it grows.
        quiet = progress if name == FUSED else Progress(progress.listener, token=progress.token)
        layout = lay_out(snapshot, view, settings, quiet, old.get(name))
        progress.offer(_layout_part(layout, settings))
        clusters = cluster(materials, view, layout.xy, progress, seed=settings.seed)
        progress.offer(_cluster_part(clusters))


def _layout_part(layout: LayoutOutcome, settings: LayoutSettings) -> Part:
    arrays, kept = layout.arrays(), asdict(settings)
    return Part(lambda project: project.results.save(LAYOUT, layout.name, arrays, settings=kept))


def _cluster_part(clusters: ClusterOutcome) -> Part:
    arrays, kept = clusters.arrays(), clusters.settings()
    return Part(lambda project: project.results.save(CLUSTERS, clusters.name, arrays, settings=kept))


def _maps(materials: Materials) -> list[str]:
    """The one on top first, so that something is seen as soon as possible."""
    has_text, has_picture = bool(materials.text_blocks()), materials.picture_block() is not None
    if has_text and has_picture:
        return [FUSED, TEXT, PICTURE]
    return [FUSED] if has_text or has_picture else []
