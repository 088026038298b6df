"""The workers behind the window's jobs: plain functions of a snapshot that offer what they find part by part.

Invariant: nothing here touches the open project; a `Part` says how the GUI thread shall take it over. Imports
and what is known of pictures are written here, through a connection of the worker's own.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol

from prodlabel.core.errors import NotReadyError, UserError
from prodlabel.core.products import PictureFact, Problem, ProblemReport, ProductRecord
from prodlabel.core.progress import Progress
from prodlabel.operations.child import run_in_child
from prodlabel.operations.cluster import cluster
from prodlabel.operations.encode import encode
from prodlabel.operations.importing import IMPORTER, ImportReport, ImportRun, ImportSettings, read_parts
from prodlabel.operations.layout import TSNE, LayoutOutcome, LayoutSettings, lay_out, make_view
from prodlabel.operations.materials import Materials, encoders_in_use, need_products
from prodlabel.operations.pictures import THUMBNAIL_FOLDER, count_unseen, look
from prodlabel.operations.spaces import FUSED, PICTURE, TEXT
from prodlabel.operations.train import FUSION
from prodlabel.project.clerk import Clerk
from prodlabel.project.project import Project
from prodlabel.project.results import CLASSIFIER, CLUSTERS, LAYOUT, SUGGESTIONS, write_result
from prodlabel.project.safety import PendingBackup
from prodlabel.project.seat import Handed, Seat
from prodlabel.project.snapshot import Snapshot
from prodlabel.sources.food.catalogue import FoodCatalogue
from prodlabel.sources.food.pictures_download import Failure
from prodlabel.sources.protocol import Catalogue
from prodlabel.sources.registry import open_catalogue
from prodlabel.store.thumbnails import ThumbnailStore

_FIRST_BATCH, _LEAST_BATCH, _MOST_BATCH = 25, 10, 5000
_BATCH_S = 0.02
"""How long an edit of the user may wait for one batch of an import; the size of batches follows from it."""
_BREATH_S = 0.002
"""Between two batches, so that who waits for the turn gets it."""
_TOLD_S = 0.25
"""So often the window gets the project as the import has left it."""
_FACTS = 100


class Part(Protocol):
    """Something found that the GUI thread writes."""

    def keep(self, project: Project) -> object: ...


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """A result under its kind and name; its `file` is written already, the GUI thread only registers it."""

    kind: str
    name: str
    file: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    figures: Mapping[str, Any] = field(default_factory=dict)
    is_current: bool = True
    after_edit: int | None = None

    def keep(self, project: Project) -> object:
        settings = dict(self.settings)
        if self.kind == SUGGESTIONS and "classifier_version" not in settings:
            version = project.results.current(CLASSIFIER, FUSION)
            settings["classifier_version"] = 0 if version is None else version.id
        return project.results.register(
            self.kind,
            self.name,
            self.file,
            settings=settings,
            figures=self.figures,
            is_current=self.is_current,
            after_edit=self.after_edit,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Written:
    """The project after what an import has written."""

    handed: Handed

    def keep(self, project: Project) -> None:
        project.take_over(self.handed, initiator=IMPORTER)


@dataclass(frozen=True, slots=True, eq=False)
class Saving:
    """The project as it was before an import, for a backup."""

    pending: PendingBackup

    def keep(self, project: Project) -> None:
        project.keep_backup(self.pending)


class ImportJob:
    """One import; everything but the making of it and `finish` is the worker's.

    `report` grows while the worker is at it; whoever looks meanwhile sees counts of one moment or the next.
    """

    def __init__(
        self, project: Project, settings: ImportSettings, catalogue: Catalogue | None = None
    ) -> None:
        """`catalogue`: the location, opened already."""
        self._seat = project.seat
        self._settings = settings
        self._catalogue = catalogue
        self._run: ImportRun | None = None
        self._size = _FIRST_BATCH
        self._told_s = 0.0

    @property
    def pictures_apart(self) -> bool:
        """Whether the pictures are decoded in processes of their own."""
        return self._settings.pictures_apart

    @property
    def report(self) -> ImportReport:
        """What has come in so far."""
        return ImportReport(0, "") if self._run is None else self._run.report

    @property
    def failures(self) -> tuple[Failure, ...]:
        """Pictures that could not be fetched; some may be had by `retry_pictures`."""
        return self._catalogue.failures if isinstance(self._catalogue, FoodCatalogue) else ()

    @property
    def credits(self) -> tuple[str, ...]:
        """What the licences of the source want said where its products are shown."""
        return self._catalogue.credits if isinstance(self._catalogue, FoodCatalogue) else ()

    @property
    def stopped_by(self) -> UserError | None:
        """The fault that ended the reading too early; what came before it is there."""
        return self._catalogue.stopped_by if isinstance(self._catalogue, FoodCatalogue) else None

    def finish(self) -> None:
        """All that was read is in the project: the source need not remember it any longer."""
        if isinstance(self._catalogue, FoodCatalogue):
            self._catalogue.finish()

    def read(self, progress: Progress) -> None:
        """Read the catalogue and write its products in batches; offers what the project is after some."""
        settings = self._settings
        catalogue = self._catalogue or open_catalogue(settings.location, settings.options, settings.kind)
        self._catalogue = catalogue
        with self._clerk(progress) as clerk, progress.stage(f"Reading {catalogue.title}", unit="products"):
            self._run = run = ImportRun(clerk.project, settings, catalogue)
            for records, problems in read_parts(catalogue, progress):
                self._write(clerk, run, records, problems, progress)

    def retry_pictures(self, progress: Progress) -> None:
        """Fetch again what failed, and write the products whose pictures have come."""
        if isinstance(self._catalogue, FoodCatalogue) and self._run is not None:
            with self._clerk(progress) as clerk:
                self._run.go_on_in(clerk.project)
                records = tuple(self._catalogue.retry_pictures(progress))
                self._write(clerk, self._run, records, [], progress)

    @contextmanager
    def _clerk(self, progress: Progress) -> Iterator[Clerk]:
        with Clerk(self._seat, lambda pending: progress.offer(Saving(pending))) as clerk:
            try:
                yield clerk
            finally:
                # What came before a fault is in the project and shall be seen; a cancel drops the offer.
                progress.offer(Written(clerk.hand_over()))

    def _write(
        self,
        clerk: Clerk,
        run: ImportRun,
        records: tuple[ProductRecord, ...],
        problems: list[Problem],
        progress: Progress,
    ) -> None:
        start = 0
        while start < len(records) or problems:
            batch = records[start : start + self._size]
            begun = time.perf_counter()
            with clerk.turn:
                progress.check()  # who has cancelled and taken the turn once knows that nothing more comes
                clerk.project.catch_up()  # what the owner did meanwhile ends a step of the history
                run.take(batch, problems)
            self._adapt(len(batch), time.perf_counter() - begun)
            start, problems = start + len(batch), []
            if time.perf_counter() - self._told_s >= _TOLD_S:
                self._told_s = time.perf_counter()
                progress.offer(Written(clerk.hand_over()))
            time.sleep(_BREATH_S)

    def _adapt(self, count: int, taken_s: float) -> None:
        """Batches that take as long as an edit of the user may wait for its turn."""
        fitting = int(count * _BATCH_S / max(taken_s, 1e-4))
        # At most doubled: the first batches bring the categories and are slower than the rest.
        self._size = min(max(fitting, _LEAST_BATCH), 2 * self._size, _MOST_BATCH)


def look_at_pictures(
    seat: Seat, snapshot: Snapshot, rows: dict[str, int], progress: Progress, *, is_apart: bool = False
) -> ProblemReport:
    """Thumbnails into the cache, facts about the pictures into the project. Returns what is wrong with some.

    `rows` maps product keys to rows of the file they came from, for the messages. `is_apart`: decode in
    processes of their own, with limits.
    """
    facts: list[PictureFact] = []
    report = ProblemReport()

    def flush() -> None:
        clerk.project.write_picture_facts(facts)
        facts.clear()

    total = int(snapshot.columns.has_picture.sum())
    with (
        Clerk(seat) as clerk,
        progress.stage("Looking at pictures", total, "pictures"),
        ThumbnailStore(snapshot.folder / THUMBNAIL_FOLDER) as thumbnails,
    ):
        for found in look(snapshot, thumbnails, progress, rows, is_apart=is_apart):
            thumbnails.put_many([found.thumbnail] if found.thumbnail is not None else [])
            thumbnails.remember_files([found.file] if found.file is not None else [])
            facts.append(found.fact)
            for problem in found.problems:
                report.note(problem)
            if len(facts) >= _FACTS:
                flush()
        flush()
    return report


@dataclass(frozen=True, slots=True)
class MapWish:
    """Which maps to make (`only` "": all) and by which method (None: as each was made); `first_method` for
    those that were never made."""

    only: str = ""
    method: str | None = None
    first_method: str = TSNE

    def settings(self, name: str, old: LayoutOutcome | None) -> LayoutSettings:
        """How the map of this name is made, of which there is an `old` one or none."""
        return LayoutSettings(name, method=self.method or (self.first_method if old is None else None))


def map_in_child(
    seat: Seat, snapshot: Snapshot, old: Mapping[str, LayoutOutcome | None], wish: MapWish, progress: Progress
) -> None:
    """`make_maps` in a process of its own, after a look at pictures that nobody has seen: an undo or redo
    brings them in place of others."""
    if count_unseen(snapshot.folder):
        look_at_pictures(seat, snapshot, {}, progress)
    run_in_child(make_maps, snapshot, old, wish, progress=progress)


def make_maps(
    snapshot: Snapshot, old: Mapping[str, LayoutOutcome | None], wish: MapWish, progress: Progress
) -> None:
    """Vectors for what has none, then a layout and clusters for each kind of map that these allow, or for the
    one that is wished for. Where there is no map yet that of the texts comes first: pictures take longest.
    """
    only = wish.only
    need_products(snapshot)
    encoders = encoders_in_use(snapshot.folder)  # that of the texts comes first
    encode(snapshot, encoders[:1], progress)
    of_texts = Materials(snapshot)
    is_first = not only and all(one is None for one in old.values())
    has_first = is_first and snapshot.columns.has_picture.any() and of_texts.text_blocks()
    if has_first:
        _make_map(of_texts, wish.settings(TEXT, None), None, progress, progress)
    encode(snapshot, encoders[1:], progress)
    materials = Materials(snapshot)
    names = _maps(materials)
    if only and only not in names:
        raise NotReadyError("There is nothing that this map could show: too few products have a picture.")
    for name in [only] if only else names:
        if not (has_first and name == TEXT):
            # Only the fused map is on the screen while it grows.
            is_seen = name == FUSED and not only
            quiet = progress if is_seen else Progress(progress.listener, token=progress.token)
            _make_map(materials, wish.settings(name, old.get(name)), old.get(name), progress, quiet)


def _make_map(
    materials: Materials,
    settings: LayoutSettings,
    old: LayoutOutcome | None,
    progress: Progress,
    laying_out: Progress,
) -> None:
    """One layout and its clusters; `laying_out` hears of the layout while it grows."""
    snapshot, name = materials.snapshot, settings.name
    write = partial(write_result, snapshot.folder)
    view = make_view(materials, settings, progress)
    layout = lay_out(snapshot, view, settings, laying_out, old)
    progress.offer(Found(LAYOUT, name, write(LAYOUT, layout.arrays()), layout.settings(settings)))
    clusters = cluster(materials, view, layout.xy, progress, seed=settings.seed)
    progress.offer(Found(CLUSTERS, name, write(CLUSTERS, clusters.arrays()), clusters.settings()))


def _maps(materials: Materials) -> list[str]:
    """The one on top first, so that something is seen as soon as possible."""
    has_text, has_picture = bool(materials.text_blocks()), materials.picture_block() is not None
    if has_text and has_picture:
        return [FUSED, TEXT, PICTURE]
    return [FUSED] if has_text or has_picture else []
