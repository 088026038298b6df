"""The graph that proposes neighbours in a large catalogue: grown entry by entry, kept in a file, mapped.

Invariant: the same vectors, added in the same order, make the same graph. What it finds is put in order by
whoever asks, by exact likeness.

A hierarchical navigable small world graph (Malkov and Yashunin, PAMI 42, 2020) by usearch, on vectors rounded
to bfloat16. It is grown by one thread, because with several its shape would depend on which is first; queries
change nothing and take all cores. Processors with other vector instructions may round the last bit otherwise:
then a neighbour in a hundred may differ between two machines.
"""

from __future__ import annotations

import hashlib
import mmap
import os
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from prodlabel.analysis.graph_file import need_whole
from prodlabel.core.errors import ProjectDamagedError
from prodlabel.core.progress import Progress

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.integer[Any]]

LINKS = 16
"""Links per product in the graph (M in the paper)."""
WIDTH_OF_GROWTH = 64
WIDTH_OF_SEARCH = 64
"""How many candidates a search keeps; more is slower and nearer to exact (ef in the paper)."""
BATCH = 1_024
_CHUNK_BYTES = 4 * 2**20


class Graph:
    """Entries 0, 1, 2 ..., each with a vector of `width` numbers. Memory: about 2 d + 200 bytes an entry, or,
    where it is mapped from a file, what the system keeps of that, once for all processes.

    Likeness is the inner product; `by_distance`: minus the Euclidean distance.
    """

    def __init__(self, width: int, *, by_distance: bool = False) -> None:
        from usearch.index import Index

        self.width = width
        self._index = Index(
            ndim=width,
            metric="l2sq" if by_distance else "ip",
            dtype="bf16",
            connectivity=LINKS,
            expansion_add=WIDTH_OF_GROWTH,
            expansion_search=WIDTH_OF_SEARCH,
        )
        self._mapped: Any = None

    def __len__(self) -> int:
        return len(self._index)

    def add(self, vectors: Floats, progress: Progress) -> None:
        """Link new entries, which get the numbers that follow. Not for a graph that is mapped."""
        first = len(self)
        with progress.stage("Linking neighbours", total=len(vectors)):
            for start in range(0, len(vectors), BATCH):
                part = np.ascontiguousarray(vectors[start : start + BATCH], np.float32)
                entries = np.arange(first + start, first + start + len(part), dtype=np.uint64)
                self._index.add(entries, part, threads=1)
                progress.advance(len(part))

    def near(self, queries: Floats, few: int) -> Ints:
        """(m, few) entries near to the queries (m, width), about in order; -1 where there are not so many."""
        most = min(few, len(self))
        found = np.full((len(queries), few), -1, np.int64)
        if not most or not len(queries):
            return found
        self._index.expansion_search = max(WIDTH_OF_SEARCH, 2 * most)
        # Two at least: a lone query would be answered in another form.
        asked = queries if len(queries) > 1 else np.repeat(queries, 2, axis=0)
        answer = self._index.search(np.ascontiguousarray(asked, np.float32), most)
        found[:, :most] = answer.keys[: len(queries)].astype(np.int64)
        counts = np.asarray(answer.counts)[: len(queries)]
        found[np.arange(few) >= counts[:, None]] = -1
        return found

    def vectors(self, entries: Ints) -> Floats:
        """(m, width) float32: the vectors of entries as the graph has them, rounded."""
        if not len(entries):
            return np.zeros((0, self.width), np.float32)
        return np.asarray(self._index.get(entries.astype(np.uint64), dtype=np.float32), np.float32)

    def write(self, file: IO[bytes]) -> None:
        """Write the graph, in usearch's own format, into an empty file that `mapped` reads."""
        if file.name.isascii():
            self._index.save(file.name)  # straight to the disk: no second copy in memory
        else:  # on Windows usearch finds no file of such a name
            file.write(self._index.save())

    @classmethod
    def mapped(cls, path: Path, width: int, count: int, digest: str, *, by_distance: bool = False) -> Graph:
        """The graph in a file, left there: for questions only.

        Raises `ProjectDamagedError` where it is not whole, not of `count` entries of `width` numbers, not the
        one with this `digest`, or where a link in it leads nowhere; `OSError` where it cannot be read.
        """
        graph = cls(width, by_distance=by_distance)
        graph._mapped = _map(path)
        if _digest(graph._mapped) != digest:
            raise ProjectDamagedError(f"{path.name} is not the graph that was kept.")
        # A stranger may have written both: usearch believes whatever a file says of itself.
        content = np.frombuffer(graph._mapped, np.uint8)
        need_whole(content, path.name, width=width, count=count, links=LINKS, by_distance=by_distance)
        graph._index.view(graph._mapped)
        return graph

    def thawed(self) -> Graph:
        """A mapped graph in memory, where it can grow."""
        graph = Graph(self.width, by_distance=self._index.metric_kind.name == "L2sq")
        graph._index.load(self._mapped)
        graph._index.expansion_add = WIDTH_OF_GROWTH
        return graph


def digest_of(path: Path) -> str:
    """What tells the bytes of a file from others. About a second for a gigabyte."""
    return _digest(_map(path))


def _map(path: Path) -> mmap.mmap:
    with path.open("rb") as file:
        if not os.fstat(file.fileno()).st_size:  # nothing can be mapped
            raise ProjectDamagedError(f"{path.name} is empty.")
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _digest(content: mmap.mmap) -> str:
    found = hashlib.blake2b(digest_size=16)
    view = memoryview(content)
    for start in range(0, len(view), _CHUNK_BYTES):
        found.update(view[start : start + _CHUNK_BYTES])
    return found.hexdigest()
