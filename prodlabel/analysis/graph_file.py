"""Whether a file holds a graph that may be used: usearch trusts every number in what it reads.

Invariant: after `need_whole` returns, no link, level or size in the file leads out of it.

The format is that of usearch 2 (`index_dense.hpp`, `index.hpp`): the vectors, a head that names what they
are, a head of the graph, the level of each entry, then the entries: key, level, and for each level from the
lowest up the number of links and room for as many as there may be.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from prodlabel.core.errors import ProjectDamagedError

Bytes = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.integer[Any]]

_SIZES = np.dtype([("rows", "<u4"), ("row_bytes", "<u4")])
_HEAD = np.dtype(
    [
        ("magic", "S7"), ("version", "<u2", 3), ("metric", "u1"), ("scalar", "u1"), ("key", "u1"),
        ("slot", "u1"), ("present", "<u8"), ("deleted", "<u8"), ("width", "<u8"), ("is_multi", "u1"),
        ("rest", "V22"),
    ]
)  # fmt: skip
_SHAPE = np.dtype(
    [("size", "<u8"), ("links", "<u8"), ("lowest_links", "<u8"), ("top", "<u8"), ("entry", "<u8")]
)
_MAGIC, _MAJOR = b"usearch", 2
_BF16, _U64_KEY, _U32_SLOT = 4, 14, 15
_DISTANCE, _PRODUCT = ord("e"), ord("i")
_KEY_BYTES, _LEVEL_BYTES, _SLOT_BYTES = 8, 2, 4
_MOST_LEVELS = 64
_BATCH = 50_000


def need_whole(content: Bytes, name: str, *, width: int, count: int, links: int, by_distance: bool) -> None:
    """Raises `ProjectDamagedError` unless the bytes are a graph of `count` entries of `width` numbers, with
    the keys 0, 1, 2 ... in order."""
    try:
        is_whole = _is_whole(content, width, count, links, _DISTANCE if by_distance else _PRODUCT)
    except (ValueError, IndexError):  # shorter than it says
        is_whole = False
    if not is_whole:
        raise ProjectDamagedError(f"{name} is no graph of {count} products, or not whole.")


def _is_whole(content: Bytes, width: int, count: int, links: int, metric: int) -> bool:
    at = _SIZES.itemsize + count * 2 * width
    if not count or not _heads_fit(content, at, [count, width, links, metric]):
        return False
    shape = _read(content, at + _HEAD.itemsize, _SHAPE)
    at += _HEAD.itemsize + _SHAPE.itemsize
    levels = np.frombuffer(content, "<i2", count, at).astype(np.int64)
    top, entry = int(shape["top"]), int(shape["entry"])
    if (
        levels.min() < 0
        or levels.max() != top
        or top > _MOST_LEVELS
        or entry >= count
        or levels[entry] != top
    ):
        return False
    base = _KEY_BYTES + _LEVEL_BYTES + _SLOT_BYTES * (1 + 2 * links)
    starts = at + 2 * count + np.cumsum(base + levels * _SLOT_BYTES * (1 + links))
    end, starts = int(starts[-1]), np.concatenate([[at + 2 * count], starts[:-1]])
    return (
        len(content) == end
        and _entries_fit(content, starts, levels)
        and _links_fit(content, starts, levels, links)
    )


def _heads_fit(content: Bytes, at: int, wanted: list[int]) -> bool:
    """Whether the vectors, what they are, and the graph are of the sizes and kinds that they have to be."""
    count, width, links, metric = wanted
    sizes, head = _read(content, 0, _SIZES), _read(content, at, _HEAD)
    shape = _read(content, at + _HEAD.itemsize, _SHAPE)
    numbers = ("metric", "scalar", "key", "slot", "present", "deleted", "width", "is_multi")
    return (
        (int(sizes["rows"]), int(sizes["row_bytes"])) == (count, 2 * width)
        and (bytes(head["magic"]), int(head["version"][0])) == (_MAGIC, _MAJOR)
        and [int(head[name]) for name in numbers] == [metric, _BF16, _U64_KEY, _U32_SLOT, count, 0, width, 0]
        and [int(shape[name]) for name in ("size", "links", "lowest_links")] == [count, links, 2 * links]
    )


def _entries_fit(content: Bytes, starts: Ints, levels: Ints) -> bool:
    """Each entry is called by its number and says the level that the table says."""
    for first in range(0, len(starts), _BATCH):
        part = slice(first, first + _BATCH)
        held = content[starts[part][:, None] + np.arange(_KEY_BYTES + _LEVEL_BYTES)]
        keys = np.ascontiguousarray(held[:, :_KEY_BYTES]).view("<u8").ravel()
        said = np.ascontiguousarray(held[:, _KEY_BYTES:]).view("<i2").ravel()
        numbers = np.arange(first, first + len(keys), dtype=np.uint64)
        if not np.array_equal(keys, numbers) or not np.array_equal(said, levels[part]):
            return False
    return True


def _links_fit(content: Bytes, starts: Ints, levels: Ints, links: int) -> bool:
    """All links lead to entries that reach up to the level on which they are."""
    for level in range(int(levels.max()) + 1):
        rows = np.flatnonzero(levels >= level)
        most = 2 * links if level == 0 else links
        before = _KEY_BYTES + _LEVEL_BYTES
        if level:
            before += _SLOT_BYTES * (1 + 2 * links + (level - 1) * (1 + links))
        for first in range(0, len(rows), _BATCH):
            places = starts[rows[first : first + _BATCH]][:, None] + before
            held = np.ascontiguousarray(content[places + np.arange(_SLOT_BYTES * (1 + most))]).view("<u4")
            if (held[:, 0] > most).any():
                return False
            targets = held[:, 1:][np.arange(most) < held[:, :1]]
            if (targets >= len(levels)).any() or (levels[targets] < level).any():
                return False
    return True


def _read(content: Bytes, at: int, kind: np.dtype[Any]) -> Any:
    return np.frombuffer(content, kind, 1, at)[0]
