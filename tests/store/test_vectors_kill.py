"""A process killed in the middle of appending loses nothing that was acknowledged."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from prodlabel.store.vectors import VectorStore

DIM = 512

# Appends batches of 50 rows for ever and says after each how many rows are acknowledged.
WRITER = """
import sys
import numpy as np
from pathlib import Path
from tests.store.test_vectors_kill import DIM, block_of
from prodlabel.store.vectors import VectorStore
with VectorStore.open(Path(sys.argv[1]), "sbert", "2", DIM, writable=True) as store:
    print("ready", store.rows_written, flush=True)
    while True:
        keys, rows = block_of(store.rows_written, 50)
        store.append(keys, rows)
        print(store.rows_written, flush=True)
"""


def block_of(first: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Keys and rows that can be told from their number alone."""
    numbers = np.arange(first, first + count, dtype=np.uint64)
    keys = np.column_stack([numbers * np.uint64(0x9E3779B97F4A7C15) + np.uint64(1), numbers]).view(np.uint8)
    rows = (numbers[:, None] % 1000).astype(np.float32) + np.arange(DIM, dtype=np.float32) / DIM
    return keys, rows


@pytest.mark.slow
def test_twenty_kills_while_appending_lose_no_acknowledged_row(tmp_path: Path) -> None:
    dice = random.Random(7)
    acknowledged = 0
    for _ in range(20):
        acknowledged = max(acknowledged, _append_until_killed(tmp_path, dice.uniform(0.0, 0.08)))
        with VectorStore.open(tmp_path, "sbert", "2", DIM, writable=False) as store:
            assert store.rows_written >= acknowledged
            assert not len(store.verify())
            keys, rows = block_of(0, store.rows_written)
            assert np.array_equal(store.gather(keys), rows)
    assert acknowledged >= 20 * 50


def _append_until_killed(folder: Path, delay_s: float) -> int:
    """Rows that the child acknowledged before it was killed, `delay_s` after its first word."""
    root = Path(__file__).resolve().parents[2]
    child = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder)], cwd=root, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    with child:
        ready = child.stdout.readline().split()
        time.sleep(delay_s)  # the random moment; nothing is waited for
        child.kill()
        lines = child.stdout.read().split("\n")
    # The last piece is empty or was cut short by the kill.
    return int(lines[-2]) if len(lines) > 1 else int(ready[1])
