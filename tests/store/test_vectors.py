"""Vectors: what was appended is found and whole, whatever happened to the files; nothing else is."""

from __future__ import annotations

import logging
import signal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from prodlabel.core.errors import (
    Cancelled,
    NotReadyError,
    ProjectDamagedError,
    ProjectError,
    ProjectLockedError,
    UserError,
)
from prodlabel.core.products import content_hash
from prodlabel.core.progress import CancelToken, Progress
from prodlabel.store.atomic import write_json
from prodlabel.store.vector_files import ENTRY_BYTES
from prodlabel.store.vectors import NO_CONTENT, VectorStore, VectorType, content_mask, key_array

DIM = 6


def keys_of(*numbers: int) -> NDArray[np.uint8]:
    return key_array([content_hash(str(number).encode()) for number in numbers])


def rows_of(*numbers: int, dim: int = DIM) -> NDArray[np.float32]:
    return np.array([[n + column / 8 for column in range(dim)] for n in numbers], dtype=np.float32).reshape(
        -1, dim
    )


def open_store(
    folder: Path, *, writable: bool = True, dim: int = DIM, dtype: VectorType | None = None
) -> VectorStore:
    return VectorStore.open(folder, "tfidf", "1", dim, writable=writable, dtype=dtype)


def filled(folder: Path, count: int = 40) -> Path:
    """A closed store with `count` rows, key i -> row i; gives its folder."""
    with open_store(folder) as store:
        store.append(keys_of(*range(count)), rows_of(*range(count)))
    return folder / "tfidf-1"


def flip(path: Path, position: int) -> None:
    content = bytearray(path.read_bytes())
    content[position] ^= 0x40
    path.write_bytes(content)


def test_appended_vectors_come_back_in_any_order(tmp_path: Path) -> None:
    filled(tmp_path)
    with open_store(tmp_path, writable=False) as store:
        assert np.array_equal(store.gather(keys_of(7, 0, 39, 7)), rows_of(7, 0, 39, 7))
        assert store.positions(keys_of(7, 1000)).tolist() == [7, -1]
        assert store.has(keys_of(7, 1000)).tolist() == [True, False]
        assert store.rows_written == 40


def test_keys_may_be_void_or_byte_strings(tmp_path: Path) -> None:
    filled(tmp_path)
    keys = keys_of(3, 4)
    with open_store(tmp_path, writable=False) as store:
        for dtype in ("V16", "S16"):
            assert store.positions(keys.view(dtype).reshape(-1)).tolist() == [3, 4]
        with pytest.raises(ValueError, match="keys are"):
            store.positions(np.zeros((2, 15), dtype=np.uint8))


def test_gather_writes_into_the_given_array(tmp_path: Path) -> None:
    filled(tmp_path)
    out = np.empty((2, DIM), dtype=np.float32)
    with open_store(tmp_path, writable=False) as store:
        assert store.gather(keys_of(1, 2), out) is out
        assert np.array_equal(out, rows_of(1, 2))
        with pytest.raises(ValueError, match="out is"):
            store.gather(keys_of(1), out)


def test_known_and_repeated_keys_are_stored_once(tmp_path: Path) -> None:
    filled(tmp_path, 3)
    with open_store(tmp_path) as store:
        assert store.append(keys_of(2, 5, 5, 6), rows_of(99, 5, 98, 6)) == 2
        assert store.rows_written == 5
        assert np.array_equal(store.gather(keys_of(2, 5, 6)), rows_of(2, 5, 6))
        assert store.append(keys_of(), rows_of()) == 0


def test_products_without_content_are_masked_not_stored(tmp_path: Path) -> None:
    filled(tmp_path, 3)
    keys = key_array([content_hash(b"1"), None])
    with open_store(tmp_path) as store:
        assert content_mask(keys).tolist() == [True, False]
        assert store.has(keys).tolist() == [True, False]
        assert np.array_equal(store.gather(keys), np.vstack([rows_of(1), np.zeros((1, DIM))]))
        with pytest.raises(ValueError, match="without content"):
            store.append(keys, rows_of(1, 2))
        assert store.rows_written == 3


def test_missing_vectors_are_told_or_zero_on_request(tmp_path: Path) -> None:
    filled(tmp_path, 3)
    with open_store(tmp_path, writable=False) as store:
        with pytest.raises(NotReadyError, match="1 of 2 products"):
            store.gather(keys_of(1, 77))
        assert not store.gather(keys_of(1, 77), allow_missing=True)[1].any()


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e30])
def test_rows_that_are_not_finite_are_refused_whole(tmp_path: Path, bad: float) -> None:
    rows = rows_of(1, 2)
    rows[1, 3] = bad
    with open_store(tmp_path, dtype="float16") as store:  # 1e30 overflows half precision
        with pytest.raises(ValueError, match="NaN or infinite"):
            store.append(keys_of(1, 2), rows)
        assert store.rows_written == 0


def test_half_precision_takes_half_the_space(tmp_path: Path) -> None:
    with open_store(tmp_path, dtype="float16") as store:
        store.append(keys_of(1, 2), rows_of(1, 2))
    assert (tmp_path / "tfidf-1" / "vectors.bin").stat().st_size == 2 * DIM * 2
    with open_store(tmp_path, writable=False) as store:
        assert store.dtype == "float16"
        gathered = store.gather(keys_of(2, 1))
        assert gathered.dtype == np.float32
        assert np.array_equal(gathered, rows_of(2, 1))


def test_reader_sees_rows_of_a_writer_after_refresh(tmp_path: Path) -> None:
    with open_store(tmp_path, writable=False) as reader:
        assert reader.refresh() == 0
        with open_store(tmp_path, dtype="float16") as writer:
            writer.append(keys_of(1), rows_of(1))
            assert not reader.has(keys_of(1))[0]
            assert reader.refresh() == 1
            assert np.array_equal(reader.gather(keys_of(1)), rows_of(1))
            writer.append(keys_of(2, 3), rows_of(2, 3))
            assert reader.refresh() == 2
            assert np.array_equal(reader.gather(keys_of(3, 1)), rows_of(3, 1))


def test_second_writer_is_refused_until_the_first_closes(tmp_path: Path) -> None:
    with open_store(tmp_path), pytest.raises(ProjectLockedError, match="Wait until"):
        open_store(tmp_path)
    open_store(tmp_path).close()


def test_reader_cannot_append(tmp_path: Path) -> None:
    with open_store(tmp_path, writable=False) as store, pytest.raises(ProjectError, match="reading only"):
        store.append(keys_of(1), rows_of(1))
    assert not list(tmp_path.iterdir())


def test_other_dimension_or_version_is_not_mixed_in(tmp_path: Path) -> None:
    filled(tmp_path)
    with pytest.raises(ProjectDamagedError, match="6 x float32"):
        open_store(tmp_path, dim=DIM + 1)
    with pytest.raises(ProjectDamagedError, match="not of tfidf 1"):
        open_store(tmp_path, dtype="float16")
    open_store(tmp_path).close()  # the lock was given back


def test_newer_format_is_refused(tmp_path: Path) -> None:
    block = filled(tmp_path)
    write_json(block / "block.json", {"format": 2, "shape": "new"})
    with pytest.raises(ProjectError, match="newer prodlabel"):
        open_store(tmp_path, writable=False)


@pytest.mark.parametrize("dtype", ["float32", "float16"])
@pytest.mark.parametrize("content", [None, b"", b"{", b"[]", b'{"format": 1}'])
def test_lost_description_is_made_good_from_the_rows(
    tmp_path: Path, dtype: VectorType, content: bytes | None
) -> None:
    with open_store(tmp_path, dtype=dtype) as store:
        store.append(keys_of(1, 2), rows_of(1, 2))
    description = tmp_path / "tfidf-1" / "block.json"
    before = description.read_bytes()
    description.unlink() if content is None else description.write_bytes(content)
    with open_store(tmp_path) as store:
        assert store.dtype == dtype
        assert np.array_equal(store.gather(keys_of(2)), rows_of(2))
    assert description.read_bytes() == before


def test_lost_description_with_wrong_dimension_is_told(tmp_path: Path) -> None:
    block = filled(tmp_path)
    (block / "block.json").unlink()
    with pytest.raises(ProjectDamagedError, match="lost their description"):
        open_store(tmp_path, dim=DIM + 1)


@pytest.mark.parametrize("name", ["vectors.bin", "index.bin"])
@pytest.mark.parametrize("cut", [1, 7, 19, 100, 10_000])
def test_truncated_file_keeps_what_is_whole(tmp_path: Path, name: str, cut: int) -> None:
    path = filled(tmp_path) / name
    row_bytes = 4 * DIM if name == "vectors.bin" else ENTRY_BYTES
    size = max(0, path.stat().st_size - cut)
    with path.open("r+b") as file:
        file.truncate(size)
    whole = size // row_bytes
    for writable in (False, True):
        with open_store(tmp_path, writable=writable) as store:
            assert store.rows_written == whole
            assert np.array_equal(store.gather(keys_of(*range(whole))), rows_of(*range(whole)))
            assert not len(store.verify())
    with open_store(tmp_path) as store:
        store.append(keys_of(*range(40)), rows_of(*range(40)))
    with open_store(tmp_path, writable=False) as store:
        assert np.array_equal(store.gather(keys_of(*range(40))), rows_of(*range(40)))
        assert store.rows_written == 40


def test_tail_of_zeros_after_a_power_cut_is_cut_off(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    block = filled(tmp_path)
    for name, size in (("index.bin", 300 * ENTRY_BYTES + 3), ("vectors.bin", 300 * 4 * DIM)):
        with (block / name).open("ab") as file:
            file.write(bytes(size))
    with open_store(tmp_path, writable=False) as reader:
        assert reader.rows_written == 40
    with caplog.at_level(logging.INFO), open_store(tmp_path) as store:
        assert (store.rows_written, store.lost_rows) == (40, 301)
    assert "cut off 301 rows" in caplog.text


def test_bytes_lost_inside_the_index_lose_only_what_follows(tmp_path: Path) -> None:
    index = filled(tmp_path, 600) / "index.bin"
    content = index.read_bytes()
    index.write_bytes(content[: 10 * ENTRY_BYTES] + content[10 * ENTRY_BYTES + 5 :])
    with open_store(tmp_path) as store:
        assert store.rows_written == 10
        assert np.array_equal(store.gather(keys_of(*range(10))), rows_of(*range(10)))


@pytest.mark.parametrize(
    ("name", "position"),
    [("vectors.bin", 5 * 4 * DIM + 9), ("index.bin", 5 * 20), ("index.bin", 5 * 20 + 17)],
)
def test_flipped_byte_is_found_and_the_row_can_be_stored_again(
    tmp_path: Path, name: str, position: int
) -> None:
    flip(filled(tmp_path) / name, position)
    with open_store(tmp_path) as store:
        damaged = store.verify()
        assert damaged.tolist() == [5]
        store.discard(damaged)
        assert not store.has(keys_of(5))[0]
        assert store.has(keys_of(4, 6)).all()
        assert store.append(keys_of(5), rows_of(5)) == 1
        assert not len(store.verify())
    with open_store(tmp_path, writable=False) as store:
        assert np.array_equal(store.gather(keys_of(*range(40))), rows_of(*range(40)))
        assert store.positions(keys_of(5)).tolist() == [40]


def test_random_damage_never_gives_a_wrong_vector_after_verify(tmp_path: Path) -> None:
    """60 random byte flips in any of the files: told, or found by verify; all else is right."""
    random = np.random.default_rng(4)
    for trial in range(60):
        folder = tmp_path / str(trial)
        block = filled(folder)
        path = block / ("vectors.bin", "index.bin", "block.json")[trial % 3]
        flip(path, int(random.integers(path.stat().st_size)))
        try:
            store = open_store(folder)
        except UserError as error:
            assert path.name == "block.json", error  # noqa: PT017 - which file, not which text
            continue
        with store:
            store.discard(store.verify())
            rows = store.positions(keys_of(*range(40)))
            known = [number for number in range(40) if rows[number] >= 0]
            assert len(known) >= 39
            assert np.array_equal(store.gather(keys_of(*known)), rows_of(*known))


def test_sampled_verify_reads_a_part_and_finds_widespread_damage(tmp_path: Path) -> None:
    path = filled(tmp_path, 2000) / "vectors.bin"
    content = np.fromfile(path, dtype=np.uint8).reshape(2000, -1)
    content[:1900:3, 0] ^= 1
    content.tofile(path)
    states: list[int] = []
    progress = Progress(listener=lambda state: states.append(state.done), interval_s=0)
    with open_store(tmp_path, writable=False) as store:
        found = store.verify(progress, sample=200, seed=1)
        assert 30 <= len(found) <= 100
        assert not (found % 3).any()
        assert 150 <= states[-1] <= 300
        assert np.array_equal(found, store.verify(sample=200, seed=1))


def test_verify_finds_rows_that_vanished_while_open(tmp_path: Path) -> None:
    path = filled(tmp_path) / "vectors.bin"
    with open_store(tmp_path, writable=False) as store:
        with path.open("r+b") as file:
            file.truncate(38 * 4 * DIM + 3)
        assert store.verify().tolist() == [38, 39]
        with pytest.raises(ProjectError, match="shorter"):
            store.gather(keys_of(1))


def test_verify_notices_a_cancel(tmp_path: Path) -> None:
    filled(tmp_path)
    token = CancelToken()
    token.cancel()
    with open_store(tmp_path, writable=False) as store, pytest.raises(Cancelled):
        store.verify(Progress(token=token))


def test_failed_write_leaves_the_store_as_before(tmp_path: Path) -> None:
    """Files may have 50 bytes: first the rows do not fit, then the rows do but their entries do not."""
    resource = pytest.importorskip("resource")
    previous = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        with open_store(tmp_path, dim=1) as store:
            store.append(keys_of(1, 2), rows_of(1, 2, dim=1))
            resource.setrlimit(resource.RLIMIT_FSIZE, (50, hard))
            for count in (20, 3):
                numbers = range(10, 10 + count)
                with pytest.raises(ProjectError, match="Cannot write"):
                    store.append(keys_of(*numbers), rows_of(*numbers, dim=1))
                assert store.rows_written == 2
                assert not store.has(keys_of(10))[0]
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
            store.append(keys_of(50), rows_of(50, dim=1))
            assert store.gather(keys_of(1, 50)).tolist() == [[1], [50]]
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, previous)
    with open_store(tmp_path, dim=1, writable=False) as store:
        assert store.rows_written == 3
        assert not len(store.verify())


def test_readonly_folder_gives_a_clear_error(readonly_folder: Path) -> None:
    with pytest.raises(ProjectError, match="permission"):
        open_store(readonly_folder / "vectors")


def test_unsafe_encoder_names_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="make a file name"):
        VectorStore.open(tmp_path, "../outside", "1", 3, writable=True)


numbers = st.lists(st.integers(0, 25), max_size=12)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("append"), numbers),
        st.tuples(st.just("look"), numbers),
        st.tuples(st.just("discard"), numbers),
        st.tuples(st.just("reopen"), st.just([])),
    ),
    max_size=14,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=steps, dtype=st.sampled_from(["float32", "float16"]))
def test_store_behaves_like_a_dict(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, list[int]]], dtype: VectorType
) -> None:
    folder = tmp_path_factory.mktemp("model")
    model: dict[int, float] = {}
    stamp = 0
    store = open_store(folder, dtype=dtype)
    try:
        for step, given_numbers in steps:
            keys = keys_of(*given_numbers)
            if step == "append":
                stamp += 1
                rows = rows_of(*[stamp] * len(given_numbers))
                fresh = set(given_numbers) - set(model)
                assert store.append(keys, rows) == len(fresh)
                model |= dict.fromkeys(fresh, float(stamp))
            elif step == "discard":
                positions = store.positions(keys)
                store.discard(positions[positions >= 0])
                for number in given_numbers:
                    model.pop(number, None)
            elif step == "reopen":
                store.close()
                store = open_store(folder, dtype=dtype)
            assert store.has(keys).tolist() == [number in model for number in given_numbers]
            expected = [model.get(number, 0.0) for number in given_numbers]
            assert store.gather(keys, allow_missing=True)[:, 0].tolist() == expected
        assert not len(store.verify())
    finally:
        store.close()


def test_no_content_is_sixteen_zero_bytes() -> None:
    assert not any(NO_CONTENT)
    assert len(NO_CONTENT) == 16
    with pytest.raises(ValueError, match="16 bytes"):
        key_array([b"short"])
