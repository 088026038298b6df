"""What each operation costs at 10,000, 100,000 and 1,000,000 products, and how the cost grows.

Each row is printed as it is measured: time, processor time, most memory. Growth is the exponent k of n^k
between a size and the one before, of processor time, which other work on the machine hardly changes; n log n
grows by 12 from 100,000 to a million, which is k = 1.08. Beside each stands what a user would otherwise write
(* from fewer products, by its law). The analysing steps go up to 100,000 unless `--whole` is given: a million
take half an hour on two cores. Layout and window have their own benchmarks (`bench_layout`, `bench_million`).

Run with `python -m tests.benchmarks.bench_scale [--upto 100000] [--sizes 300000] [--stages import use]`; with
`--kept FILE` the figures are added to that file, and those in it from other sizes are compared with.
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
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.benchmarks.figures import verdict
from tests.benchmarks.scale_steps import STAGES, Meter

SIZES, ANALYSED = (10_000, 100_000, 1_000_000), (30_000, 100_000)
"""Below 20,000 products neighbours are exact and grow otherwise."""
ANALYSIS = "analysis"
GROWTH = "<= 1.2"
"""n log n, and the rest for memory that no longer fits the caches."""
TOLD_FROM_S = 0.05
"""Below this the clock and what a call costs anyway hide how something grows."""
LONGEST_S = 15 * 60
Held = dict[int, dict[str, Any]]
Rows = dict[str, Held]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--upto", type=int, default=SIZES[-1], help="the largest number of products")
    parser.add_argument("--sizes", type=int, nargs="+", help="these numbers of products alone")
    parser.add_argument("--stages", nargs="+", choices=STAGES, default=list(STAGES))
    parser.add_argument("--whole", action="store_true", help="analysis of a million too: half an hour")
    parser.add_argument("--kept", type=Path, help="add the figures to those in this file")
    parser.add_argument("--measure", nargs=3, help=argparse.SUPPRESS)
    wanted = parser.parse_args(arguments)
    if wanted.measure:
        stage, folder, rows = wanted.measure
        STAGES[stage](Path(folder), int(rows), Meter())
        return 0
    found = read(wanted.kept)
    begun = time.monotonic()
    for size, stages in plan(wanted):
        if time.monotonic() - begun > LONGEST_S and not wanted.whole:
            print(f"{size:,} products: left out, {LONGEST_S // 60} minutes are over")
            continue
        print(f"-- {size:,} products", flush=True)
        with tempfile.TemporaryDirectory(prefix="scale-") as folder:
            for stage in stages:
                take(measured(stage, Path(folder), size), found, size)
                if wanted.kept is not None:
                    wanted.kept.write_text(json.dumps(found), encoding="utf-8")
    print("\n".join(table(found)))
    print(f"{time.monotonic() - begun:.0f} s")
    return 0


def plan(wanted: argparse.Namespace) -> Iterator[tuple[int, list[str]]]:
    """Which stages at which size: the first one makes the project that the others work on."""
    usual = [size for size in SIZES if size <= wanted.upto]
    analysed = [*ANALYSED, *([SIZES[-1]] if wanted.whole else [])]
    analysed = [size for size in analysed if size <= wanted.upto]
    others = [stage for stage in STAGES if stage in wanted.stages and stage != ANALYSIS]
    for size in (wanted.sizes or usual) if others else ():
        yield size, list(dict.fromkeys(["import", *others]))
    for size in (wanted.sizes or analysed) if ANALYSIS in wanted.stages else ():
        yield size, ["import", ANALYSIS]


def take(figures: Iterator[dict[str, Any]], found: Rows, size: int) -> None:
    """Print the figures of one stage as they come, and remember them."""
    for said in figures:
        if "note" in said:
            print(f"  {said['note']:<36} {said['value']:>12,.3f} {said['unit']}", flush=True)
            continue
        held = found.setdefault(said["step"], {})
        held[size] = said
        print(row(said["step"], held, size), flush=True)


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


def read(kept: Path | None) -> Rows:
    """The figures of other runs."""
    if kept is None or not kept.is_file():
        return {}
    said = json.loads(kept.read_text(encoding="utf-8"))
    return {step: {int(size): one for size, one in held.items()} for step, held in said.items()}


def growth(held: Held, size: int) -> float | None:
    """The exponent between the size before and this one; None where there is none, or it is too quick."""
    before = {later: earlier for earlier, later in pairwise(sorted(held))}.get(size)
    if before is None or held[size]["cpu_s"] < TOLD_FROM_S or held[before]["cpu_s"] <= 0:
        return None
    return math.log(held[size]["cpu_s"] / held[before]["cpu_s"]) / math.log(size / before)


def row(step: str, held: Held, size: int) -> str:
    """Time, memory, growth and what stands beside; judged at the largest size that is asked for."""
    said, exponent = held[size], growth(held, size)
    grows = "" if exponent is None else f"n^{exponent:.2f}"
    bar = GROWTH if exponent is not None and size in (SIZES[-1], ANALYSED[-1]) else ""
    cost = (
        f"{seconds(said['seconds']):>10} {said['cpu_s']:>8,.1f} s {said['bytes'] / 2**30:>6.2f} GB {grows:>7}"
    )
    line = f"  {step:<36} {cost}  {beside(said):<38}"
    return f"{line} {bar} {verdict(exponent or 0.0, bar)}".rstrip()


def beside(said: dict[str, Any]) -> str:
    """What a user would otherwise write, and what it takes."""
    return f"{said['beside']} {seconds(said['beside_s'])}" if "beside" in said else ""


def seconds(value: float) -> str:
    """A time as one reads it."""
    if value < 1:
        return f"{value * 1000:,.1f} ms"
    return f"{value:,.1f} s" if value < 7200 else f"{value / 3600:,.0f} h"


def table(found: Rows) -> list[str]:
    """All of it as Markdown, a line an operation."""
    sizes = sorted({size for held in found.values() for size in held})
    lines = ["", "| operation | " + " | ".join(f"{size:,}" for size in sizes) + " | grows | beside it |"]
    lines.append("|---" * (len(sizes) + 3) + "|")
    for step, held in found.items():
        cells = [seconds(held[size]["seconds"]) if size in held else "" for size in sizes]
        exponent = growth(held, max(held))
        grows = "" if exponent is None else f"n^{exponent:.2f}"
        lines.append(f"| {step} | {' | '.join(cells)} | {grows} | {beside(held[max(held)])} |")
    return lines


if __name__ == "__main__":
    sys.exit(main())
