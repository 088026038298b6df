"""Any number of items is encoded in small batches, in bounded memory, and stops when asked."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest

from prodlabel.core.errors import Cancelled
from prodlabel.core.progress import Progress, ProgressState
from prodlabel.encoders.protocol import Kind
from prodlabel.encoders.streaming import encode_stream
from tests.encoders.fakes import CountingEncoder


def _text(index: int) -> str:
    return str(10 ** (index % 5) + index)


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("count", [0, 1, 7, 1000])
def test_every_item_comes_exactly_once_with_its_own_vector(kind: Kind, count: int) -> None:
    seen: dict[int, float] = {}
    for indices, vectors in encode_stream(CountingEncoder(kind), count, _text, Progress(), window=50):
        assert vectors.dtype == np.float32
        for index, vector in zip(indices.tolist(), vectors, strict=True):
            assert index not in seen
            seen[index] = vector[0]
    assert seen == {index: float(_text(index)) for index in range(count)}


def test_a_batch_holds_items_of_like_length() -> None:
    encoder = CountingEncoder(budget=40)
    for _ in encode_stream(encoder, 500, _text, Progress(), window=500):
        pass
    padded = sum(len(batch) * max(map(len, batch)) for batch in encoder.batches)
    assert padded < 1.1 * sum(len(item) for batch in encoder.batches for item in batch)


def test_broken_items_are_left_out_and_named() -> None:
    broken: list[int] = []
    stream = encode_stream(
        CountingEncoder(Kind.PICTURE),
        100,
        lambda index: None if index % 10 == 3 else _text(index),
        Progress(),
        on_broken=broken.append,
    )
    got = sorted(index for indices, _ in stream for index in indices.tolist())
    assert broken == list(range(3, 100, 10))
    assert got == [index for index in range(100) if index % 10 != 3]


def test_progress_counts_every_item_broken_ones_too() -> None:
    states: list[ProgressState] = []
    progress = Progress(states.append, interval_s=0.0)
    with progress.stage("Encode", 60):
        for _ in encode_stream(
            CountingEncoder(), 60, lambda i: None if i == 5 else _text(i), progress, window=20
        ):
            pass
    assert states[-1].done == 60


def test_no_more_items_are_held_than_the_window_allows() -> None:
    loaded, done, most = 0, 0, 0
    lock = threading.Lock()

    def load(index: int) -> str:
        nonlocal loaded, most
        with lock:
            loaded += 1
            most = max(most, loaded - done)
        return _text(index)

    for indices, _ in encode_stream(
        CountingEncoder(Kind.PICTURE, budget=20), 400, load, Progress(), window=16
    ):
        with lock:
            done += len(indices)
    assert most <= 3 * 16, "decoded ahead, in hand and in the network"


def test_cancel_is_noticed_within_200_ms_while_a_slow_batch_runs() -> None:
    gate, progress = threading.Event(), Progress()
    stream = encode_stream(CountingEncoder(gate=gate), 100, _text, progress)
    cancelled_at: list[float] = []

    def cancel() -> None:
        cancelled_at.append(time.monotonic())
        progress.token.cancel()

    timer = threading.Timer(0.1, cancel)
    timer.start()
    with pytest.raises(Cancelled):
        next(stream)
    waited_s = time.monotonic() - cancelled_at[0]
    gate.set()
    timer.join()
    assert waited_s < 0.2


def test_cancel_is_noticed_within_200_ms_while_a_picture_is_slow_to_load() -> None:
    gate, progress = threading.Event(), Progress()

    def load(index: int) -> str:
        gate.wait(10)
        return _text(index)

    stream = encode_stream(CountingEncoder(Kind.PICTURE), 100, load, progress)
    timer = threading.Timer(0.1, progress.token.cancel)
    timer.start()
    started = time.monotonic()
    with pytest.raises(Cancelled):
        next(stream)
    waited_s = time.monotonic() - started
    gate.set()
    timer.join()
    assert waited_s < 0.3


def test_what_was_yielded_before_a_cancel_is_whole() -> None:
    progress = Progress()
    encoder = CountingEncoder(budget=20)
    got: list[int] = []

    def consume() -> None:
        for indices, vectors in encode_stream(encoder, 1000, _text, progress, window=100):
            assert len(indices) == len(vectors)
            got.extend(indices.tolist())
            if len(got) > 50:
                progress.token.cancel()

    with pytest.raises(Cancelled):
        consume()
    assert len(got) == len(set(got))
    assert 50 < len(got) < 1000


def test_an_error_of_the_loader_reaches_the_caller() -> None:
    def load(index: int) -> str:
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="disk is gone"):
        list(encode_stream(CountingEncoder(Kind.PICTURE), 10, load, Progress()))


def test_closing_the_stream_early_leaves_no_thread_behind() -> None:
    stream = encode_stream(CountingEncoder(Kind.PICTURE), 1000, _text, Progress())
    next(stream)
    stream.close()  # type: ignore[attr-defined]
