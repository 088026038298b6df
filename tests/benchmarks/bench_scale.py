"""What each operation costs at 10,000, 100,000 and 1,000,000 products, and how the cost grows.

Each row is printed as it is measured: time, processor time, most memory. Growth is the exponent k of n^k
between a size and the one before, of processor time, which other work on the machine hardly changes; n log n
grows by 12 from 100,000 to a million, which is k = 1.08. Beside each stands what a user would otherwise write
(* from fewer products, by its law). The layout has a benchmark of its own (`bench_layout`), the window too
(`bench_million`).

Run with `python -m tests.benchmarks.bench_scale [--upto 100000] [--stages import use]`.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.benchmarks.figures import verdict
from tests.benchmarks.scale_steps import STAGES, Meter

SIZES = (10_000, 100_000, 1_000_000)
GROWTH = "<= 1.2"
"""n log n, and the rest for memory that no longer fits the caches."""
TOLD_FROM_S = 0.05
"""Below this the clock and what a call costs anyway hide how something grows."""
LONGEST_S = 15 * 60
Rows = dict[str, dict[int, dict[str, Any]]]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--upto", type=int, default=SIZES[-1], help="the largest number of products")
    parser.add_argument("--stages", nargs="+", choices=STAGES, default=list(STAGES))
    parser.add_argument("--measure", nargs=3, help=argparse.SUPPRESS)
    wanted = parser.parse_args(arguments)
    if wanted.measure:
        stage, folder, rows = wanted.measure
        STAGES[stage](Path(folder), int(rows), Meter())
        return 0
    sizes = [size for size in SIZES if size <= wanted.upto]
    begun, found = time.monotonic(), Rows()
    for size in sizes:
        print(f"-- {size:,} products", flush=True)
        with tempfile.TemporaryDirectory(prefix="scale-") as folder:
            for stage in STAGES:
                # The first makes the project that the others work on.
                if stage not in wanted.stages and stage != "import":
                    continue
                if time.monotonic() - begun > LONGEST_S:
                    print(f"  {stage}: left out, {LONGEST_S // 60} minutes are over")
                    continue
                for said in measured(stage, Path(folder), size):
                    if "note" in said:
                        print(f"  {said['note']:<36} {said['value']:>12,.3f} {said['unit']}", flush=True)
                        continue
                    found.setdefault(said["step"], {})[size] = said
                    print(row(said["step"], found[said["step"]], size), flush=True)
    print("\n".join(table(found, sizes)))
    print(f"{time.monotonic() - begun:.0f} s")
    return 0


def measured(stage: str, folder: Path, rows: int) -> Iterator[dict[str, Any]]:
    """The figures of one stage at one size, as they come from a process of its own."""
    command = [sys.executable, "-m", __spec__.name if __spec__ else __name__]
    command += ["--measure", stage, str(folder), str(rows)]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1"}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stdout is not None
        for line in process.stdout:
            yield json.loads(line)
    if process.returncode:
        raise SystemExit(f"{stage} at {rows:,} products ended with code {process.returncode}")


def growth(held: dict[int, dict[str, Any]], size: int) -> float | None:
    """The exponent between the size before and this one; None where there is none, or it is too quick."""
    before = size // 10
    if before not in held or held[size]["cpu_s"] < TOLD_FROM_S or held[before]["cpu_s"] <= 0:
        return None
    return math.log(held[size]["cpu_s"] / held[before]["cpu_s"]) / math.log(size / before)


def row(step: str, held: dict[int, dict[str, Any]], size: int) -> str:
    """Time, memory, growth and what stands beside; judged at a million products."""
    said, exponent = held[size], growth(held, size)
    grows = "" if exponent is None else f"n^{exponent:.2f}"
    beside = f"{said['beside']} {seconds(said['beside_s'])}" if "beside" in said else ""
    bar = GROWTH if exponent is not None and size == SIZES[-1] else ""
    cost = (
        f"{seconds(said['seconds']):>10} {said['cpu_s']:>8,.1f} s {said['bytes'] / 2**30:>6.2f} GB {grows:>7}"
    )
    line = f"  {step:<36} {cost}  {beside:<38}"
    return f"{line} {bar} {verdict(exponent or 0.0, bar)}".rstrip()


def seconds(value: float) -> str:
    """A time as one reads it."""
    if value < 1:
        return f"{value * 1000:,.1f} ms"
    return f"{value:,.1f} s" if value < 7200 else f"{value / 3600:,.0f} h"


def table(found: Rows, sizes: list[int]) -> list[str]:
    """All of it as Markdown, a line an operation."""
    lines = ["", "| operation | " + " | ".join(f"{size:,}" for size in sizes) + " | grows | beside it |"]
    lines.append("|---" * (len(sizes) + 3) + "|")
    for step, held in found.items():
        cells = [seconds(held[size]["seconds"]) if size in held else "-" for size in sizes]
        last = max(held)
        exponent = growth(held, last)
        grows = "" if exponent is None else f"n^{exponent:.2f}"
        said = held[last]
        beside = f"{said['beside']} {seconds(said['beside_s'])}" if "beside" in said else ""
        lines.append(f"| {step} | {' | '.join(cells)} | {grows} | {beside} |")
    return lines


if __name__ == "__main__":
    sys.exit(main())
