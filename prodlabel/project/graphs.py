"""Where graphs of neighbours are kept in a project's folder: a cache that may be deleted at any time.

Invariant: `NAME.npz` names the graph that it belongs to by the digest of that file, and is replaced in one
step after it: a kill leaves the old pair or the new one, and at most a graph that nobody names.
"""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock
from numpy.typing import NDArray

from prodlabel.analysis.graph import Graph, digest_of
from prodlabel.core.errors import ProjectDamagedError, ProjectError
from prodlabel.core.progress import Progress
from prodlabel.store.atomic import load_arrays, os_errors_explained, save_arrays, write_with
from prodlabel.store.lock import take_os_lock

GRAPH_FOLDER = "neighbours"
_GRAPH, _ARRAYS, _LOCK = ".graph", ".npz", ".lock"
_DIGEST = re.compile(r"[0-9a-f]{32}")
_LOOK_EVERY_S = 0.1
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class KeptGraph:
    """What stands beside a graph: for each entry the product `ids` (e,; 0: none any more) and the `marks`
    (e,) of its content; what it was `made_of`, for how many products its axes were `fitted`, and these.
    `digest` of the graph's file, "" before it is kept."""

    ids: NDArray[np.int64]
    marks: NDArray[np.uint64]
    made_of: Mapping[str, Any]
    fitted: int
    frame: Mapping[str, NDArray[Any]]
    digest: str = ""


class GraphFolder:
    """The graphs of the project in `folder`; from any thread or process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / GRAPH_FOLDER

    @contextmanager
    def alone(self, name: str, progress: Progress) -> Iterator[bool]:
        """Nobody else makes this graph meanwhile; whoever does is waited for. False where nothing can be
        written: then it is not kept."""
        try:
            lock = self._lock(name, progress)
        except ProjectError as error:
            _log.info("neighbours of %s will not be kept: %s", name, error)
            lock = None
        try:
            yield lock is not None
        finally:
            if lock is not None:
                lock.release()

    def keep(self, name: str, made: KeptGraph, graph: Graph) -> Graph | None:
        """Keep a graph under this name; gives the same graph as it lies in the file, or None where the disk
        refuses: it is a cache, and whoever made it goes on with what is in memory."""
        fresh = self._folder / f"{name}{_GRAPH}.new"
        try:
            write_with(fresh, graph.write)
            with os_errors_explained("read", fresh):
                digest = digest_of(fresh)
                path = self._graph(name, digest)
                fresh.replace(path)
            save_arrays(self._folder / (name + _ARRAYS), _arrays(made, digest))
            mapped = Graph.mapped(path, graph.width, len(made.ids), digest, by_distance=True)
        except (ProjectError, OSError) as error:
            _log.warning("the neighbours of %s are not kept: %s", name, error)
            return None
        self._remove_others(name, digest)
        return mapped

    def load(self, name: str) -> KeptGraph | None:
        """What stands beside a graph, None where nothing does. Raises `ProjectDamagedError`."""
        path = self._folder / (name + _ARRAYS)
        return _understood(load_arrays(path), path.name) if path.is_file() else None

    def open(self, name: str, kept: KeptGraph, width: int) -> Graph:
        """The graph itself. Raises `ProjectDamagedError` where it is not whole, `ProjectError` where it
        cannot be read."""
        path = self._graph(name, kept.digest)
        with os_errors_explained("read", path):
            return Graph.mapped(path, width, len(kept.ids), kept.digest, by_distance=True)

    def names(self) -> list[str]:
        """The graphs that are kept, damaged ones too."""
        return sorted(path.name.removesuffix(_ARRAYS) for path in self._folder.glob(f"*{_ARRAYS}"))

    def damage(self) -> dict[str, str]:
        """What is wrong with the graphs that are not whole, by name."""
        found = {}
        for name in self.names():
            try:
                kept = self.load(name)
                if kept is not None:
                    self.open(name, kept, int(kept.frame["turn"].shape[-1]))
            except ProjectError as error:
                found[name] = str(error)
            except (KeyError, IndexError) as error:
                found[name] = f"its axes lack {error}"
        return found

    def tidy_up(self) -> None:
        """Delete what a kill left: graphs that nobody names. Only while nobody makes one."""
        if not self._folder.is_dir():
            return
        for path in self._folder.glob(f"*{_GRAPH}.new"):
            path.unlink(missing_ok=True)
        for path in self._folder.glob(f"*-*{_GRAPH}"):
            name = path.name.rpartition("-")[0]
            try:
                kept = self.load(name)
            except ProjectError:
                kept = None
            if kept is None or path != self._graph(name, kept.digest):
                path.unlink(missing_ok=True)

    def drop(self, name: str) -> None:
        """Forget the graph of this name."""
        with os_errors_explained("delete", self._folder):
            (self._folder / (name + _ARRAYS)).unlink(missing_ok=True)
        self._remove_others(name, "")

    def _lock(self, name: str, progress: Progress) -> FileLock:
        with os_errors_explained("write", self._folder):
            self._folder.mkdir(exist_ok=True)
        lock = take_os_lock(self._folder / (name + _LOCK))
        if lock is None:
            with progress.stage("Waiting for neighbours", total=None):
                while lock is None:
                    time.sleep(_LOOK_EVERY_S)
                    progress.advance(0)
                    lock = take_os_lock(self._folder / (name + _LOCK))
        return lock

    def _graph(self, name: str, digest: str) -> Path:
        return self._folder / f"{name}-{digest}{_GRAPH}"

    def _remove_others(self, name: str, digest: str) -> None:
        for path in self._folder.glob(f"{name}-*{_GRAPH}"):
            if path != self._graph(name, digest):
                try:
                    path.unlink(missing_ok=True)
                except OSError as error:  # on Windows, while somebody reads it: the next one removes it
                    _log.info("%s stays for now: %s", path.name, error)


def _arrays(made: KeptGraph, digest: str) -> dict[str, NDArray[Any]]:
    said = json.dumps({"made_of": made.made_of, "fitted": made.fitted, "digest": digest})
    own: dict[str, NDArray[Any]] = {
        "ids": made.ids,
        "marks": made.marks,
        "said": np.frombuffer(said.encode(), np.uint8),
    }
    return own | {f"frame.{name}": array for name, array in made.frame.items()}


def _understood(arrays: Mapping[str, NDArray[Any]], name: str) -> KeptGraph:
    frame = {key.removeprefix("frame."): array for key, array in arrays.items() if key.startswith("frame.")}
    try:
        ids, marks = arrays["ids"], arrays["marks"]
        said = json.loads(arrays["said"].tobytes().decode())
        digest = _DIGEST.fullmatch(said["digest"])
        fits = ids.ndim == 1 and marks.shape == ids.shape
        fits = fits and ids.dtype == np.dtype(np.int64) and marks.dtype == np.dtype(np.uint64)
        if digest is None or not fits or not isinstance(said["fitted"], int):
            raise ProjectDamagedError(f"{name} is not what prodlabel wrote.")
        return KeptGraph(ids, marks, dict(said["made_of"]), said["fitted"], frame, digest[0])
    except (KeyError, ValueError, TypeError, RecursionError) as error:
        raise ProjectDamagedError(f"{name} is not what prodlabel wrote ({error}).") from error
