"""Encodes any number of items in small batches, with bounded memory, and hands each batch out as it is done.

Whoever consumes the stream appends a batch to disk when it comes, so a kill loses one batch at most. Texts
are loaded in the caller's thread (they come from its database), sorted by length within a window so that
hardly any padding is computed. Pictures are decoded ahead of the network by a few threads. The network runs
in a thread of its own: a cancel is noticed within `_POLL_S` however long a batch takes, and the vectors of
one batch are written while the next is computed. Batches grow and shrink until one takes about `_BATCH_S`.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotDone
from contextlib import contextmanager
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.progress import Progress
from prodlabel.encoders.protocol import ItemEncoder, Kind
from prodlabel.encoders.sessions import usable_cores

Indices = NDArray[np.int64]
Vectors = NDArray[np.float32]
Load = Callable[[int], Any]
Loaded = tuple[int, Any]
T = TypeVar("T")

_POLL_S = 0.05
_BATCH_S = 0.1
_TEXT_WINDOW = 4096
_TEXT_WINDOW_CHARS = 16_000_000
_PICTURE_WINDOW = 32


def encode_stream(
    encoder: ItemEncoder,
    count: int,
    load: Load,
    progress: Progress,
    *,
    on_broken: Callable[[int], None] | None = None,
    window: int | None = None,
    workers: int | None = None,
) -> Iterator[tuple[Indices, Vectors]]:
    """Encode the items 0 .. count-1; yields (indices int64 (b,), vectors float32 (b, dim)), each index once.

    `load(index)` gives a text or a picture, or None when it cannot be had: the item is left out and
    `on_broken(index)` is called in the caller's thread. `window` is how many loaded items are held (texts
    4096, pictures 32), `workers` how many threads decode pictures (default: the usable cores, at most 4).
    Advances `progress` by one for every item, broken ones too; raises what `load` or the encoder raise, and
    `Cancelled`.
    """
    if count <= 0:
        return
    size = window or (_TEXT_WINDOW if encoder.kind is Kind.TEXT else _PICTURE_WINDOW)
    threads = workers or min(4, usable_cores())
    with worker_threads(threads, "load") as loaders, worker_threads(1, "encode") as runner:
        if encoder.kind is Kind.TEXT:
            windows = _text_windows(count, load, size, progress)
        else:
            windows = _picture_windows(count, load, size, loaders, progress)
        pace = _Pace(encoder.batch_budget)
        running: deque[tuple[Indices, Future[Vectors]]] = deque()
        for loaded in windows:
            good = [(index, item) for index, item in loaded if item is not None]
            for index, item in loaded:
                if item is None:
                    if on_broken is not None:
                        on_broken(index)
                    progress.advance()
            for batch in _batches(encoder, good, pace):
                indices = np.array([index for index, _ in batch], np.int64)
                items = [item for _, item in batch]
                running.append((indices, runner.submit(_timed, encoder, items, pace)))
                if len(running) > 1:
                    yield _finished(*running.popleft(), progress)
        while running:
            yield _finished(*running.popleft(), progress)


class _Pace:
    """How dear a batch may be so that it takes about `_BATCH_S`; at most four times the wish."""

    def __init__(self, budget: int) -> None:
        self._asked = budget
        self.budget = float(budget)

    def learn(self, cost: int, taken_s: float) -> None:
        if cost * 4 < self.budget:
            return  # the rest of a window says little about speed
        wished = cost * _BATCH_S / max(taken_s, 1e-6)
        self.budget = min(max((self.budget + wished) / 2, 1.0), 4.0 * self._asked)


def _timed(encoder: ItemEncoder, items: Sequence[Any], pace: _Pace) -> Vectors:
    cost = len(items) * max(encoder.cost(item) for item in items)
    started_s = time.perf_counter()
    vectors = encoder.encode(items)
    pace.learn(cost, time.perf_counter() - started_s)
    return vectors


def _batches(encoder: ItemEncoder, loaded: Sequence[Loaded], pace: _Pace) -> Iterator[list[Loaded]]:
    """Items of like cost together; each batch, padded to its dearest item, within the pace's budget."""
    priced = sorted(((encoder.cost(item), index, item) for index, item in loaded), key=lambda p: p[:2])
    batch: list[Loaded] = []
    for cost, index, item in priced:
        if batch and (len(batch) + 1) * cost > pace.budget:
            yield batch
            batch = []
        batch.append((index, item))
    if batch:
        yield batch


def _text_windows(count: int, load: Load, size: int, progress: Progress) -> Iterator[list[Loaded]]:
    loaded: list[Loaded] = []
    chars = 0
    for index in range(count):
        progress.check()
        item = load(index)
        loaded.append((index, item))
        chars += len(item) if item is not None else 0
        if len(loaded) >= size or chars >= _TEXT_WINDOW_CHARS:
            yield loaded
            loaded, chars = [], 0
    if loaded:
        yield loaded


def _picture_windows(
    count: int, load: Load, size: int, loaders: ThreadPoolExecutor, progress: Progress
) -> Iterator[list[Loaded]]:
    """Pictures in order, in groups of a quarter of what is decoded ahead."""
    ahead: deque[tuple[int, Future[Any]]] = deque()
    group: list[Loaded] = []
    submitted = 0
    for _ in range(count):
        while submitted < count and len(ahead) + len(group) < size:
            ahead.append((submitted, loaders.submit(load, submitted)))
            submitted += 1
        index, future = ahead.popleft()
        group.append((index, result_of(future, progress)))
        if len(group) >= max(1, size // 4):
            yield group
            group = []
    if group:
        yield group


def _finished(indices: Indices, future: Future[Vectors], progress: Progress) -> tuple[Indices, Vectors]:
    vectors = result_of(future, progress)
    progress.advance(len(indices))
    return indices, vectors


def result_of(future: Future[T], progress: Progress) -> T:
    """What the future brings, watching for a cancel meanwhile."""
    while True:
        progress.check()
        try:
            return future.result(timeout=_POLL_S)
        except NotDone:
            if future.done():
                return future.result()  # the work itself raised a TimeoutError, or has just finished


@contextmanager
def worker_threads(count: int, name: str) -> Iterator[ThreadPoolExecutor]:
    """A pool that, when left, starts nothing more and does not wait for the item in hand."""
    pool = ThreadPoolExecutor(count, thread_name_prefix=f"prodlabel-{name}")
    try:
        yield pool
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
