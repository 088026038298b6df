"""A search in a food database: looked at before anything is written, then taken into the project; only when
that is done is the search forgotten.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path

from prodlabel.core.merging import TakeFrom
from prodlabel.core.products import Problem, ProductRecord
from prodlabel.core.progress import Progress
from prodlabel.operations.importing import ImportReport, ImportRun, ImportSettings, read_parts
from prodlabel.operations.preview import THUMBNAIL_PX
from prodlabel.project.project import Project
from prodlabel.sources.assemble import PICTURE_ADDRESS
from prodlabel.sources.food.catalogue import FoodCatalogue
from prodlabel.sources.food.credentials import EdamamKey, store_key
from prodlabel.sources.food.pace import Pacer
from prodlabel.sources.food.pictures_download import PictureDownloads
from prodlabel.sources.food.query import FoodQuery
from prodlabel.sources.food.settings import FoodSettings, load_settings, save_settings
from prodlabel.sources.food.source import downloads, journal_path, open_search
from prodlabel.sources.picture_child import looking
from prodlabel.sources.pictures import RGB

DOWNLOADS = "downloads"
"""The folder inside a project for pictures and for searches under way."""


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """What a search would bring. `pictures` holds uint8 RGB arrays (height, width, 3) by product key."""

    catalogue: FoodCatalogue
    records: tuple[ProductRecord, ...]
    problems: tuple[Problem, ...] = ()
    pictures: dict[str, RGB] = field(default_factory=dict)
    has_all_pictures: bool = False


class FoodDesk:
    """Asks food databases for one dialog: what was seen in a preview is not asked for again by the import.

    Pictures of previews lie in a folder that goes when the desk is closed. Used by one worker at a time.
    """

    def __init__(self, *, pacer: Pacer | None = None, settings_path: Path | None = None) -> None:
        self._pacer = pacer
        self._path = settings_path
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._seen: PictureDownloads | None = None

    def close(self) -> None:
        """Forget the previews."""
        if self._seen is not None:
            self._seen.close()
            self._seen = None
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def settings(self) -> FoodSettings:
        """What the user said once. Raises `InputError` for a damaged file."""
        return load_settings(self._path)

    def introduce(self, contact: str) -> None:
        """Remember the e-mail address that databases are told. Raises `InputError`."""
        known = self.settings()
        if contact.strip() != known.contact:
            save_settings(replace(known, contact=contact.strip()), self._path)

    def look(
        self,
        query: FoodQuery,
        progress: Progress,
        *,
        project_folder: Path | None = None,
        key: EdamamKey | None = None,
        before: FoodCatalogue | None = None,
        pictures_apart: bool = False,
    ) -> Sight:
        """Ask, and offer the products found as a `Sight` before their pictures are fetched.

        `pictures_apart`: those are decoded in a process of its own, with limits.
        `key` is kept in the keyring once the database has accepted it; `before` is an earlier search whose
        answers are used where they fit. Raises `FoodError`, `InputError`, `KeyMissingError`.
        """
        settings = self.settings()
        folder = None if project_folder is None else project_folder / DOWNLOADS
        catalogue = open_search(query, folder, settings, key=key, pacer=self._pacer)
        if before is not None:
            catalogue.use_pages_of(before)
        records, problems = catalogue.look(progress)
        if key is not None:
            store_key(key)
        sight = Sight(catalogue, tuple(records), tuple(problems))
        progress.offer(sight)
        pictures = self._pictures(records, settings, progress, is_apart=pictures_apart)
        return replace(sight, pictures=pictures, has_all_pictures=True)

    def place(self, catalogue: FoodCatalogue, project_folder: Path) -> None:
        """Make a search ready to be imported into this project, with the pictures seen already."""
        folder = project_folder / DOWNLOADS
        pictures = downloads(folder, self.settings(), pacer=self._pacer)
        if self._seen is not None:
            pictures.learn_from(self._seen)
        catalogue.keep_in(pictures, journal_path(catalogue.query, folder))

    def _pictures(
        self,
        records: list[ProductRecord],
        settings: FoodSettings,
        progress: Progress,
        *,
        is_apart: bool,
    ) -> dict[str, RGB]:
        addresses = {r.key: r.attributes[PICTURE_ADDRESS] for r in records if PICTURE_ADDRESS in r.attributes}
        if not addresses:
            return {}
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="prodlabel-", ignore_cleanup_errors=True)
        if self._seen is None:
            self._seen = downloads(Path(self._folder.name), settings, pacer=self._pacer)
        paths, _ = self._seen.fetch(addresses, progress)
        found: dict[str, RGB] = {}
        with looking(1, is_apart=is_apart) as look_at:
            for key, path in paths.items():
                progress.check()
                pixels = look_at(self._seen.folder / path, THUMBNAIL_PX)[1]
                if pixels is not None:  # the others are told by the import, which looks at every picture
                    found[key] = pixels
        return found


def import_search(
    project: Project,
    catalogue: FoodCatalogue,
    progress: Progress,
    *,
    label_level: int | None = 0,
    take: TakeFrom = TakeFrom.EDITS_FIRST,
) -> ImportReport:
    """Take a search into the project as one step of its history.

    Killed, cancelled or stopped by a fault, the same search goes on with at most one page asked for again.
    `catalogue.stopped_by` tells afterwards whether a fault ended it early. Raises `FoodError` where nothing
    was found because of one.
    """
    settings = ImportSettings(
        Path(catalogue.query.location), catalogue.kind, label_level=label_level, take=take
    )
    run = ImportRun(project, settings, catalogue)
    with progress.stage(f"Importing {catalogue.title}", catalogue.query.wanted, "products"):
        for records, problems in read_parts(catalogue, progress):
            run.take(records, problems)
            # The search counts in a stage of its own, which is the one that is open here.
            progress.check()
    catalogue.finish()
    return run.report
