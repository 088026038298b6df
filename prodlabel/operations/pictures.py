"""Looks at every picture once: what it holds, whether it can be used, and a thumbnail of it.

Threads read and decode; the caller takes what they find. A file that did not change since is not read again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from prodlabel.core.products import PictureFact, Problem, ProblemReport
from prodlabel.core.progress import Progress
from prodlabel.project.project import Project
from prodlabel.project.snapshot import Snapshot
from prodlabel.sources.picture_child import LookInto, looking
from prodlabel.sources.picture_files import PictureFolders
from prodlabel.sources.pictures import PictureError, decode, problems_of
from prodlabel.store.database import DATABASE_NAME, Database
from prodlabel.store.products import count_unseen_pictures
from prodlabel.store.thumbnails import PictureFile, Thumbnail, ThumbnailStore, make_thumbnail

THUMBNAIL_FOLDER = "thumbnails"
_DECODED_PX = 256
_COMMIT_EVERY = 200
_THREADS = 2
_T = TypeVar("_T")


@dataclass(slots=True)
class PictureReport(ProblemReport):
    """What was found: how many pictures were looked at now and before, and what is wrong with some."""

    looked_at: int = 0
    known: int = 0
    unusable: int = 0


@dataclass(frozen=True, slots=True)
class _Wanted:
    product_id: int
    key: str
    folder: Path
    relative: str


@dataclass(frozen=True, slots=True)
class _Found:
    wanted: _Wanted
    fact: PictureFact
    thumbnail: Thumbnail | None = None
    file: PictureFile | None = None
    problems: tuple[Problem, ...] = ()
    is_known: bool = False


def look_at_pictures(
    project: Project, progress: Progress, *, rows: dict[str, int] | None = None, is_apart: bool = False
) -> PictureReport:
    """Inspect all pictures of the project and keep facts and thumbnails.

    `rows` maps product keys to rows of the file they came from, for the messages. `is_apart`: decode in
    processes of their own, with limits (`sources.picture_child`).
    """
    report = PictureReport()
    snapshot = project.snapshot()
    total = int(snapshot.columns.has_picture.sum())
    with (
        progress.stage("Looking at pictures", total, "pictures"),
        ThumbnailStore(project.folder / THUMBNAIL_FOLDER) as thumbnails,
    ):
        seen = look(snapshot, thumbnails, progress, rows or {}, is_apart=is_apart)
        for group in _groups(seen, _COMMIT_EVERY):
            thumbnails.put_many(found.thumbnail for found in group if found.thumbnail is not None)
            thumbnails.remember_files(found.file for found in group if found.file is not None)
            project.write_picture_facts([found.fact for found in group])
            for found in group:
                report.known += found.is_known
                report.looked_at += not found.is_known
                report.unusable += found.fact[1] is None
                for problem in found.problems:
                    report.note(problem)
    return report


def count_unseen(folder: Path) -> int:
    """Of how many pictures of the project in `folder` nothing is known: they came since anybody looked."""
    database = Database(folder / DATABASE_NAME, read_only=True)
    try:
        with database.read() as connection:
            return count_unseen_pictures(connection)
    finally:
        database.close()


def look(
    snapshot: Snapshot,
    thumbnails: ThumbnailStore,
    progress: Progress,
    rows: dict[str, int],
    *,
    is_apart: bool = False,
) -> Iterator[_Found]:
    """What is found, in the order of the products; at most a few dozen pictures are held at a time."""
    known_facts, folders = snapshot.read_picture_facts(), PictureFolders()
    with (
        looking(_THREADS, is_apart=is_apart) as look_at,
        ThreadPoolExecutor(_THREADS, thread_name_prefix="pictures") as pool,
    ):
        waiting: deque[Future[_Found]] = deque()
        try:
            for wanted, known in _wanted(snapshot, thumbnails, known_facts):
                if known is not None:
                    progress.skip(1)
                    yield _Found(wanted, known, is_known=True)
                    continue
                waiting.append(pool.submit(_look_at, wanted, rows.get(wanted.key), folders, look_at))
                while len(waiting) > 8 * _THREADS:
                    yield _next(waiting, progress)
            while waiting:
                yield _next(waiting, progress)
        finally:
            for future in waiting:
                future.cancel()


def _next(waiting: deque[Future[_Found]], progress: Progress) -> _Found:
    found = waiting.popleft().result()
    progress.advance()
    return found


def _wanted(
    snapshot: Snapshot,
    thumbnails: ThumbnailStore,
    facts: dict[int, tuple[bytes | None, int, int, str | None]],
) -> Iterator[tuple[_Wanted, PictureFact | None]]:
    """Every product with a picture, with what is known of it where its file did not change."""
    with snapshot.reader() as reader:
        described = (
            _Wanted(texts.product_id, texts.key, *place)
            for texts in reader.all_texts()
            if (place := reader.picture_path(texts)) is not None
        )
        for group in _groups(described, 500):
            files = thumbnails.known_files([str(one.folder / one.relative) for one in group])
            for one in group:
                fact = facts.get(one.product_id)
                file = files.get(str(one.folder / one.relative))
                is_same = fact is not None and file is not None and file.key == fact[0] and _is_same(file)
                yield one, (one.product_id, *fact) if is_same and fact is not None else None


def _is_same(file: PictureFile) -> bool:
    try:
        stat = Path(file.path).stat()
    except OSError:  # gone: it is looked at again, and reported
        return False
    return (stat.st_size, stat.st_mtime_ns) == (file.size, file.mtime_ns)


def _look_at(wanted: _Wanted, row: int | None, folders: PictureFolders, look_at: LookInto) -> _Found:
    path = wanted.folder / wanted.relative
    if folders.find(wanted.folder, wanted.relative) is None:
        message = f"{path.name} does not exist."
        problem = Problem("picture_missing", message, row, wanted.key, path)
        return _Found(wanted, (wanted.product_id, None, 0, 0, message), problems=(problem,))
    facts, pixels = look_at(path, _DECODED_PX)
    problems = tuple(problems_of(facts, path, wanted.key, row))
    if pixels is None:
        fact = (wanted.product_id, None, facts.width, facts.height, str(facts.problem))
        return _Found(wanted, fact, problems=problems)
    stat = path.stat()
    return _Found(
        wanted,
        (wanted.product_id, facts.content_hash, facts.width, facts.height, None),
        Thumbnail(facts.content_hash, facts.width, facts.height, make_thumbnail(pixels)),
        PictureFile(str(path), stat.st_size, stat.st_mtime_ns, facts.content_hash),
        problems,
    )


def picture_loader(snapshot: Snapshot, side_px: int) -> Callable[[int], object]:
    """What decodes a row's picture for an encoder: `load(row)` gives RGB pixels, or None where it cannot."""
    places: list[tuple[Path, str] | None] = [None] * len(snapshot.columns)
    with snapshot.reader() as reader:
        for row, texts in enumerate(reader.all_texts()):
            places[row] = reader.picture_path(texts)
    folders = PictureFolders()

    def load(row: int) -> object:
        place = places[row]
        path = None if place is None else folders.find(*place)
        if path is None:
            return None
        try:
            return decode(path, short_side_px=side_px)
        except PictureError:  # reported when the pictures were looked at; here it is a picture less
            return None

    return load


class PictureRows(Sequence[Any]):
    """The pictures of a snapshot, each decoded when asked for; None where there is none."""

    USUAL_SIDE_PX = 400

    def __init__(self, snapshot: Snapshot, side_px: int = USUAL_SIDE_PX) -> None:
        self._load = picture_loader(snapshot, side_px)
        self._count = len(snapshot.columns)

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, row: Any) -> Any:
        if not 0 <= row < self._count:
            raise IndexError(row)
        return self._load(row)


def _groups(items: Iterable[_T], size: int) -> Iterator[list[_T]]:
    group: list[_T] = []
    for item in items:
        group.append(item)
        if len(group) >= size:
            yield group
            group = []
    if group:
        yield group
