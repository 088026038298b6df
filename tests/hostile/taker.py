"""The process that is given hostile files: takes each in as the program would, and says how it went.

Run as `python -m tests.hostile.taker LIST`, a file with a line (kind, path) in JSON each. Prints a line each.
Memory is limited where the system can; a file that takes too long ends the process with its name said before.
"""

from __future__ import annotations

import faulthandler
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from prodlabel.core.errors import UserError
from prodlabel.core.progress import Progress
from prodlabel.encoders.text.vector_file import read_word_vectors
from prodlabel.encoders.user_networks import open_network
from prodlabel.encoders.user_onnx import read_folder
from prodlabel.operations.backups import list_contents
from prodlabel.operations.check import check_project
from prodlabel.operations.encode import load_block
from prodlabel.operations.pictures import THUMBNAIL_FOLDER, look
from prodlabel.operations.suggest import classifier_in_use
from prodlabel.project.project import Project
from prodlabel.sources.pictures import PictureError, decode, inspect
from prodlabel.sources.registry import open_catalogue
from prodlabel.sources.taxonomies.registry import taxonomy_source
from prodlabel.store.thumbnails import ThumbnailStore

MEMORY_BYTES = 6 * 2**30
"""Of addresses, which libraries reserve by the gigabyte; what is really held is measured."""
_HANG_S = 60.0


def picture(path: Path) -> str:
    facts = inspect(path)
    try:
        decode(path, max_side_px=256)
    except PictureError as error:
        return error.code
    return "decoded" if facts.problem is None else "decoded although inspected as damaged"


def catalogue(path: Path) -> str:
    with open_in_time(path) as opened:
        count = sum(1 for _ in opened.records(Progress()))
    return f"{count} told"


class open_in_time:  # noqa: N801 - reads as what it does
    """The catalogue, closed afterwards where it is something to close."""

    def __init__(self, path: Path) -> None:
        self._opened = open_catalogue(path)

    def __enter__(self):
        return self._opened

    def __exit__(self, *_: object) -> None:
        close = getattr(self._opened, "close", None)
        if close is not None:
            close()


def taxonomy(path: Path) -> str:
    source = taxonomy_source(path)
    return f"{sum(1 for _ in source.read(path, Progress(), 'en'))} told"


def vectors(path: Path) -> str:
    found, dim = read_word_vectors(path, {"word", "a", "b"})
    return f"{len(found)} of {dim}"


def weights(path: Path) -> str:
    said = read_folder(path)
    for part in (said.text, said.picture):
        if part is not None:
            open_network(said.file(part.model), 1)
    return "opened"


def project(path: Path) -> str:
    """Everything that opening, looking around and going on touches."""
    told = [_tried(lambda: _read_project(path, read_only=True)), _tried(lambda: _read_project(path))]
    told.append(_tried(lambda: list_contents(path)))
    return "; ".join(told)


def _tried(act: Callable[[], object]) -> str:
    try:
        act()
    except UserError as error:
        return type(error).__name__
    return "well"


def _read_project(path: Path, *, read_only: bool = False) -> None:
    with Project.open(path, read_only=read_only) as opened:
        rows = np.arange(len(opened.columns))
        snapshot = opened.snapshot()
        steps: Sequence[Callable[[], object]] = (
            lambda: opened.texts(rows),
            lambda: opened.history(limit=1000),
            lambda: opened.search("x OR y*"),
            lambda: [opened.results.load(one) for one in opened.results.list()],
            lambda: load_block(snapshot, "minilm", "text"),
            lambda: classifier_in_use(opened),
            lambda: check_project(snapshot, Progress()),
            lambda: _look_at_pictures(snapshot),
        )
        for step in steps:
            _tried(step)
        if not read_only:
            _tried(opened.undo)
            _tried(opened.redo)


def _look_at_pictures(snapshot) -> None:
    with ThumbnailStore(snapshot.folder / THUMBNAIL_FOLDER) as thumbnails:
        for found in look(snapshot, thumbnails, Progress(), {}):
            thumbnails.put_many([found.thumbnail] if found.thumbnail is not None else [])


TAKERS: dict[str, Callable[[Path], str]] = {
    "picture": picture,
    "catalogue": catalogue,
    "taxonomy": taxonomy,
    "vectors": vectors,
    "weights": weights,
    "project": project,
}


def main() -> None:
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines():
        kind, name = json.loads(line)
        print(json.dumps({"begins": name}), flush=True)
        faulthandler.dump_traceback_later(_HANG_S, exit=True)
        started, begun, said = time.process_time(), time.monotonic(), ""
        try:
            how, said = "taken", TAKERS[kind](Path(name))
        except UserError as error:
            how, said = "refused", str(error)
        except Exception as error:  # noqa: BLE001 - what is looked for
            how, said = "crashed", f"{type(error).__name__}: {error}"
        faulthandler.cancel_dump_traceback_later()
        times = {"cpu_s": time.process_time() - started, "wall_s": time.monotonic() - begun}
        print(json.dumps({"ends": name, "how": how, "said": said[:300], **times}), flush=True)
    print(json.dumps({"peak_bytes": _peak_bytes()}), flush=True)


def _peak_bytes() -> int:
    if sys.platform == "win32":
        import psutil

        return int(psutil.Process().memory_info().peak_wset)
    status = Path("/proc/self/status")
    if status.is_file():  # Linux counts what the parent held before it started us into `ru_maxrss`
        return 1024 * int(status.read_text(encoding="ascii").partition("VmHWM:")[2].split()[0])
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(peak) if sys.platform == "darwin" else int(peak) * 1024


if __name__ == "__main__":
    main()
