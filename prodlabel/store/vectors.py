"""The vectors of one encoder version, by content hash: appended by one writer, mapped by any reader.

Invariant: what `append` has returned for is whole on disk and found by every later `open`, also after a kill;
what it has not returned for is either there whole or not there at all.

A store belongs to the thread that opened it; other threads and processes open their own.
"""

from __future__ import annotations

import logging
import mmap
import os
from contextlib import ExitStack
from io import FileIO
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from filelock import FileLock
from numpy.typing import ArrayLike, NDArray

from prodlabel.core.errors import NotReadyError, ProjectError, ProjectLockedError
from prodlabel.core.progress import Progress
from prodlabel.store.atomic import os_errors_explained
from prodlabel.store.key_index import (
    KEY_BYTES,
    NO_CONTENT,
    KeyIndex,
    Keys,
    as_bytes,
    content_mask,
    first_occurrences,
    key_array,
)
from prodlabel.store.lock import take_os_lock
from prodlabel.store.stored_rows import StoredRows
from prodlabel.store.vector_files import (
    ENTRY_BYTES,
    BlockDescription,
    BlockFiles,
    Entries,
    VectorType,
    entries_of,
)

__all__ = ["NO_CONTENT", "Keys", "VectorStore", "VectorType", "content_mask", "key_array"]

_log = logging.getLogger(__name__)

_CHUNK_BYTES = 32 * 2**20


class VectorStore:
    """Rows of one block, found by the hash of the content that was encoded. Made by `open`.

    A product without content (empty text, no picture) has the key `NO_CONTENT`: it is never stored, `has`
    says False, `positions` -1, `gather` gives zeros; `content_mask` tells such products apart. Close
    the store after use, or use it as a context manager.
    """

    def __init__(self, files: BlockFiles, lock: FileLock | None) -> None:
        self._files = files
        self._lock = lock
        self._handles: tuple[FileIO, FileIO] | None = None
        self._index = KeyIndex()
        self._rows = 0
        self._map: mmap.mmap | None = None
        self._mapped: NDArray[Any] | None = None
        self.lost_rows = 0
        """Rows at the end that `open` found not whole: cut short by a kill, or their file was."""

    @classmethod
    def open(
        cls,
        folder: Path,
        encoder_id: str,
        version: str,
        dim: int,
        *,
        writable: bool,
        dtype: VectorType | None = None,
    ) -> VectorStore:
        """Open the block `<encoder_id>-<version>` in `folder`; a writer makes it where it is missing.

        `dtype` is what is stored (None: what the block has, float32 for a new one). A reader of a block that
        does not exist yet sees no rows until `refresh`. Raises ProjectLockedError where another writer is at
        work, ProjectError where the folder cannot be read or written, ProjectDamagedError where the block
        belongs to another encoder, version or size.
        """
        files = BlockFiles(folder, BlockDescription(encoder_id, version, dim, dtype or "float32"))
        with ExitStack() as undo:
            lock = cls._lock_for_writing(files) if writable else None
            if lock is not None:
                undo.callback(lock.release)
            files.read_description(is_type_given=dtype is not None)
            store = cls(files, lock)
            if writable:
                store._open_for_writing(undo)
            store._load()
            if writable:
                store._cut_tail()
            undo.pop_all()
        return store

    @property
    def rows_written(self) -> int:
        """Rows that are whole on disk, as of the last `append` or `refresh`; discarded ones count."""
        return self._rows

    @property
    def dim(self) -> int:
        return self._files.description.dim

    @property
    def dtype(self) -> VectorType:
        """What is stored; `gather` always gives float32."""
        return self._files.description.dtype

    def has(self, keys: Keys) -> NDArray[np.bool_]:
        """(n,) bool: whether there is a vector for each key."""
        return self._index.find(keys) >= 0

    def positions(self, keys: Keys) -> NDArray[np.int64]:
        """(n,) row of each key in the block, -1 where it has none."""
        return self._index.find(keys)

    def append(self, keys: Keys, vectors: ArrayLike) -> int:
        """Store (n, dim) vectors under n keys; returns how many were new.

        Keys that are stored already, or come twice, are left as they are. When this returns the rows are on
        disk. Raises ValueError for a wrong shape, NaN or infinite numbers (after conversion to `dtype`) or
        `NO_CONTENT`; ProjectError where the disk refuses, with the store as before.
        """
        handles = self._writing_handles()
        names = as_bytes(keys)
        rows = np.asarray(vectors)
        if rows.shape != (len(names), self.dim):
            raise ValueError(f"{len(names)} keys of dim {self.dim} do not fit vectors of shape {rows.shape}")
        if not content_mask(names).all():
            raise ValueError("a product without content has no vector")
        with np.errstate(over="ignore"):  # what overflows becomes infinite and is refused
            rows = rows.astype(self._files.description.numpy_type, copy=False)
        if not np.isfinite(rows).all():
            raise ValueError("vectors hold NaN or infinite numbers")
        fresh = first_occurrences(names)
        fresh = fresh[self._index.find(names[fresh]) < 0]
        if len(fresh):
            names, rows = names[fresh], np.ascontiguousarray(rows[fresh])
            self._write(handles, entries_of(names, rows), rows)
            self._index.add(names, np.arange(self._rows, self._rows + len(fresh)))
            self._rows += len(fresh)
        return len(fresh)

    def gather(
        self,
        keys: Keys,
        out: NDArray[np.float32] | None = None,
        *,
        allow_missing: bool = False,
        progress: Progress | None = None,
    ) -> NDArray[np.float32]:
        """(n, dim) float32 vectors in the order of the keys; zeros for `NO_CONTENT`.

        Written into `out` where given. A key with content but without a vector raises NotReadyError, or gives
        zeros with `allow_missing`. `progress` is advanced by rows.
        """
        positions = self.positions(keys)
        n_missing = int(np.count_nonzero(content_mask(keys) & (positions < 0)))
        if n_missing and not allow_missing:
            raise NotReadyError(
                f"{n_missing:,} of {len(positions):,} products have no vectors of "
                f"{self._files.description.encoder_id} yet. Run encode first."
            )
        shape = (len(positions), self.dim)
        if out is None:
            out = np.empty(shape, dtype=np.float32)
        elif out.shape != shape or out.dtype != np.float32:
            raise ValueError(f"out is {out.shape} {out.dtype}, not {shape} float32")
        stored = self._mapped_rows()
        step = max(1, _CHUNK_BYTES // (4 * self.dim))
        for start in range(0, len(positions), step):
            wanted = positions[start : start + step]
            self._gather_chunk(stored, wanted, out[start : start + step])
            if progress is not None:
                progress.advance(len(wanted))
        return out

    def rows(self, keys: Keys) -> StoredRows:
        """The same rows as `gather` with `allow_missing`, left on disk until they are asked for."""
        description = self._files.description
        return StoredRows(self._files.vectors, description.numpy_type, self.dim, self.positions(keys))

    def refresh(self) -> int:
        """See the rows that a writer has appended since; returns how many are new.

        Rows discarded meanwhile are noticed by the next `open`.
        """
        before = self._rows
        if self._lock is not None:
            return 0
        if not before:  # the block may have come into being, or under another dtype, since
            self._files.read_description(is_type_given=False)
        if self._files.row_limit() < before:  # a writer has cut off rows that were not whole after all
            self._reset()
        self._load()
        return self._rows - before

    def verify(
        self, progress: Progress | None = None, *, sample: int | None = None, seed: int = 0
    ) -> NDArray[np.int64]:
        """Ascending positions of the rows whose bytes are not those that were written.

        Compares CRC-32 of key and row: of all rows, or of about `sample` in runs chosen by `seed`. Whole runs
        are read, since single rows at random places would cost a seek each.
        """
        progress = progress or Progress()
        step = max(1, min(1024, _CHUNK_BYTES // self._files.description.row_bytes))
        starts = np.arange(0, self._rows, step)
        if sample is not None and sample < self._rows:
            step = min(step, max(1, sample // 16))
            starts = np.arange(0, self._rows, step)
            chosen = np.random.default_rng(seed).choice(len(starts), -(-sample // step), replace=False)
            starts = starts[np.sort(chosen)]
        damaged = [np.empty(0, dtype=np.int64)]
        with progress.stage("Checking vectors", min(self._rows, len(starts) * step), "vectors"):
            for start in starts.tolist():
                end = min(start + step, self._rows)
                entries = self._files.entries(start, end)
                damaged += [self._files.damaged(entries, start), np.arange(start + len(entries), end)]
                progress.advance(end - start)
        return np.concatenate(damaged)

    def discard(self, positions: NDArray[np.int64]) -> None:
        """Forget rows (those that `verify` found damaged): their content can then be stored again."""
        index_file, _ = self._writing_handles()
        if ((positions < 0) | (positions >= self._rows)).any():
            raise ValueError("positions outside the store")
        with os_errors_explained("write", self._files.index):
            for position in positions.tolist():
                index_file.seek(position * ENTRY_BYTES)
                _write_all(index_file, memoryview(bytes(ENTRY_BYTES)))
            os.fsync(index_file.fileno())
        rows = self._rows
        self._index = KeyIndex()
        self._take_in(self._files.entries(0, rows), 0)

    def close(self) -> None:
        """Close the files, unmap them, and let another writer in. May be called twice."""
        self._unmap()
        handles, self._handles = self._handles, None
        lock, self._lock = self._lock, None
        with ExitStack() as stack:
            if lock is not None:
                stack.callback(lock.release)
            for handle in handles or ():
                stack.callback(handle.close)

    def __enter__(self) -> VectorStore:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @staticmethod
    def _lock_for_writing(files: BlockFiles) -> FileLock:
        with os_errors_explained("write", files.folder):
            files.folder.mkdir(parents=True, exist_ok=True)
        lock = take_os_lock(files.lock)
        if lock is None:
            raise ProjectLockedError(
                f"Another process is writing the vectors of {files.description.encoder_id}. "
                "Wait until it has finished, or cancel it there."
            )
        return lock

    def _open_for_writing(self, undo: ExitStack) -> None:
        self._files.write_description()
        with os_errors_explained("write", self._files.folder):
            opened = []
            for path in (self._files.index, self._files.vectors):
                # Append mode makes the file without emptying it; writing at a place needs r+.
                path.open("ab").close()
                opened.append(undo.enter_context(FileIO(path, "r+")))
        self._handles = (opened[0], opened[1])

    def _writing_handles(self) -> tuple[FileIO, FileIO]:
        if self._handles is None:
            raise ProjectError("These vectors are open for reading only. Open the project for writing.")
        return self._handles

    def _load(self) -> None:
        if self._files.row_limit() > self._rows:
            self._take_in(self._files.whole_entries(self._rows), self._rows)

    def _take_in(self, entries: Entries, first: int) -> None:
        """Adds entries to the index. A key that stands twice counts where it stands first."""
        names = np.ascontiguousarray(entries[:, :KEY_BYTES])
        fresh = first_occurrences(names)
        fresh = fresh[self._index.find(names[fresh]) < 0]
        self._index.add(names[fresh], fresh + first)
        self._rows = first + len(entries)

    def _cut_tail(self) -> None:
        """Cuts the index back to whole rows.

        The rows' own file may be mapped by a reader, which on Windows forbids to shorten it: bytes there
        without an entry mean nothing and are overwritten by the next append.
        """
        index_file, _ = self._writing_handles()
        with os_errors_explained("write", self._files.index):
            size = self._files.index.stat().st_size
            if size == self._rows * ENTRY_BYTES:
                return
            index_file.truncate(self._rows * ENTRY_BYTES)
            os.fsync(index_file.fileno())
        self.lost_rows = -(-size // ENTRY_BYTES) - self._rows
        _log.info("%s: cut off %d rows that were not whole", self._files.folder.name, self.lost_rows)

    def _write(self, handles: tuple[FileIO, FileIO], entries: Entries, rows: NDArray[Any]) -> None:
        index_file, vector_file = handles
        with os_errors_explained("write", self._files.folder):
            vector_file.seek(self._rows * self._files.description.row_bytes)
            _write_all(vector_file, rows.view(np.uint8).data.cast("B"))
            os.fsync(vector_file.fileno())
            try:
                index_file.seek(self._rows * ENTRY_BYTES)
                _write_all(index_file, entries.data.cast("B"))
                os.fsync(index_file.fileno())
            except OSError:
                # Entries that were not acknowledged must not stay in front of those that will be.
                index_file.truncate(self._rows * ENTRY_BYTES)
                raise

    def _mapped_rows(self) -> NDArray[Any] | None:
        """The stored rows as a view of the file, mapped anew where they are more; None for no rows."""
        if not self._rows:
            return None
        if self._mapped is None or len(self._mapped) < self._rows:
            self._unmap()
            block = self._files.description
            with os_errors_explained("read", self._files.vectors), self._files.vectors.open("rb") as file:
                try:
                    self._map = mmap.mmap(
                        file.fileno(), self._rows * block.row_bytes, access=mmap.ACCESS_READ
                    )
                except ValueError as error:  # the file has become shorter than its index says
                    raise OSError(0, "the file is shorter than it was") from error
            self._mapped = np.frombuffer(self._map, dtype=block.numpy_type).reshape(self._rows, block.dim)
        return self._mapped

    def _gather_chunk(
        self, stored: NDArray[Any] | None, positions: NDArray[np.int64], out: NDArray[np.float32]
    ) -> None:
        if stored is None:
            out[:] = 0
            return
        if stored.dtype == np.float32:
            # "clip" writes straight into `out`; "raise" would go through a copy.
            np.take(stored, positions, axis=0, out=out, mode="clip")
        else:
            out[:] = np.take(stored, positions, axis=0, mode="clip")
        out[positions < 0] = 0

    def _unmap(self) -> None:
        self._mapped = None
        mapped, self._map = self._map, None
        if mapped is not None:
            mapped.close()

    def _reset(self) -> None:
        self._unmap()
        self._index = KeyIndex()
        self._rows = 0


def _write_all(file: FileIO, content: memoryview) -> None:
    """An unbuffered write may take less than it was given."""
    done = 0
    while done < len(content):
        # One call is limited to 2 GiB on some systems.
        done += file.write(content[done : done + 2**30]) or 0
