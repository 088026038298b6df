"""How quick the project's files are, beside the plain alternatives.

Run with `python -m tests.benchmarks.bench_store_files`.
Times depend on the machine and on what else runs; the ratios are what counts.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.products import content_hash
from prodlabel.store.thumbnails import Thumbnail, ThumbnailStore, make_thumbnail
from prodlabel.store.vectors import VectorStore

DIM = 384


def seconds(work: Callable[[], object], repeat: int = 3) -> float:
    """The quickest of some runs, wall clock."""
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def line(what: str, time_s: float, count: int, beside: float | None = None) -> None:
    ratio = f"  {beside / time_s:6.1f} x as quick" if beside is not None else ""
    print(f"  {what:<52}{1000 * time_s:9.1f} ms  {count / time_s:12,.0f}/s{ratio}")


def bench_vectors(folder: Path, count: int) -> None:
    random = np.random.default_rng(0)
    keys = random.integers(0, 256, (count, 16), dtype=np.uint8)
    rows = random.standard_normal((count, DIM), dtype=np.float32)
    print(f"Vectors, {count:,} x {DIM} float32 ({rows.nbytes / 2**20:,.0f} MiB)")

    def append() -> None:
        with VectorStore.open(folder, "bench", "1", DIM, writable=True) as store:
            for start in range(0, count, 4096):
                store.append(keys[start : start + 4096], rows[start : start + 4096])

    line("append by 4096, flushed to the disk each time", seconds(append, 1), count)
    path = folder / "bench.npy"
    line("np.save of the whole (no keys, no flush)", seconds(lambda: np.save(path, rows), 1), count)
    path.unlink()

    def reopen() -> None:
        VectorStore.open(folder, "bench", "1", DIM, writable=False).close()

    line("open", seconds(reopen), count)
    with VectorStore.open(folder, "bench", "1", DIM, writable=False) as store:
        bench_look_ups(store, keys, random.permutation(count))
        line("verify all checksums", seconds(store.verify, 1), count)


def bench_look_ups(store: VectorStore, keys: NDArray[np.uint8], order: NDArray[np.int64]) -> None:
    count = len(keys)
    asked = keys[order]
    names = [key.tobytes() for key in asked]
    positions = {key.tobytes(): row for row, key in enumerate(keys)}
    by_dict = seconds(lambda: np.fromiter((positions[name] for name in names), np.int64, count))
    line("look-up in a dict of bytes (built already)", by_dict, count)
    line("positions()", seconds(lambda: store.positions(asked)), count, by_dict)
    out = np.empty((count, DIM), dtype=np.float32)
    out[:] = 0
    mapped = store._mapped_rows()
    assert mapped is not None

    def gather_by_dict() -> None:
        for target, name in enumerate(names):
            out[target] = mapped[positions[name]]

    by_rows = seconds(gather_by_dict, 1)
    line("dict and row by row", by_rows, count)
    line("gather() in random order", seconds(lambda: store.gather(asked, out)), count, by_rows)
    line("gather() in the order of storing", seconds(lambda: store.gather(keys, out)), count, by_rows)


def bench_thumbnails(folder: Path, count: int) -> None:
    random = np.random.default_rng(0)
    made = []
    for number in range(count):
        coarse = random.integers(0, 256, (12, 12, 3), dtype=np.uint8)
        made.append(
            Thumbnail(content_hash(b"%d" % number), 512, 512, make_thumbnail(np.kron(coarse, _BLOCK)))
        )
    size = sum(len(t.jpeg) for t in made)
    print(f"Thumbnails, {count:,} of {size / count / 1024:.1f} KiB")
    files = folder / "files"
    files.mkdir()

    def to_files() -> None:
        for thumbnail in made:
            (files / thumbnail.key.hex()).write_bytes(thumbnail.jpeg)

    with ThumbnailStore(folder) as store:
        by_files = seconds(to_files, 1)
        line("write a file each", by_files, count)
        line("put_many by 500", seconds(lambda: _put(store, made), 1), count, by_files)
        keys = [made[i].key for i in random.permutation(count)]
        by_files = seconds(lambda: [(files / key.hex()).read_bytes() for key in keys])
        line("read a file each, random order", by_files, count)
        by_one = seconds(lambda: [store.get_many([key]) for key in keys])
        line("get_many one by one", by_one, count, by_files)
        by_500 = seconds(lambda: [store.get_many(keys[i : i + 500]) for i in range(0, count, 500)])
        line("get_many by 500", by_500, count, by_files)
        line("has, all at once", seconds(lambda: store.has(keys)), count)
        line("200 for one screen", seconds(lambda: store.get_many(keys[:200]), 10), 200)


_BLOCK = np.ones((40, 40, 1), dtype=np.uint8)


def _put(store: ThumbnailStore, made: list[Thumbnail]) -> None:
    for start in range(0, len(made), 500):
        store.put_many(made[start : start + 500])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--thumbnails", type=int, default=5_000)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        bench_vectors(Path(name), wanted.rows)
        bench_thumbnails(Path(name), wanted.thumbnails)


if __name__ == "__main__":
    main()
