"""Runs the benchmarks, each in a process of its own, and says in the end which figures met their bar.

Every `bench_NAME.py` in this folder that has a `main()` takes part. Times depend on the machine and on what
else it does; the alternatives that are printed beside them ran on the same machine at the same time.

Run `make bench`, or `python -m tests.benchmarks --only project` for one of them.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.figures import verdict_of

FOLDER = Path(__file__).resolve().parent


@dataclass(slots=True)
class Outcome:
    """How one benchmark ended; `judged` holds its lines that were held against a bar."""

    name: str
    exit_code: int = 0
    seconds: float = 0.0
    judged: list[tuple[str, str]] = field(default_factory=list)


def benchmarks() -> dict[str, str]:
    """Name -> the first sentence of its docstring, of every `bench_NAME.py` with a `main()`."""
    found = {}
    for path in sorted(FOLDER.glob("bench_*.py")):
        source = path.read_text(encoding="utf-8")
        if "\ndef main(" in source:
            doc = source.partition('"""')[2].partition('"""')[0]
            found[path.stem.removeprefix("bench_")] = " ".join(doc.partition("\n\n")[0].split())
    return found


def run(name: str, arguments: list[str]) -> Outcome:
    """Run one benchmark, show what it says as it says it, and note its verdicts."""
    outcome = Outcome(name)
    started = time.perf_counter()
    command = [sys.executable, "-m", f"tests.benchmarks.bench_{name}", *arguments]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1"}
    with subprocess.Popen(
        command, cwd=FOLDER.parents[1], env=environment, stdout=subprocess.PIPE, encoding="utf-8"
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            sys.stdout.write(line)
            sys.stdout.flush()
            judged = verdict_of(line)
            if judged is not None:
                outcome.judged.append((judged, line.strip()))
    outcome.exit_code, outcome.seconds = process.returncode, time.perf_counter() - started
    return outcome


def summary(outcomes: list[Outcome]) -> str:
    """One line a benchmark, then every figure that missed its bar."""
    lines = ["", f"{'benchmark':<16} {'met':>5} {'missed':>7} {'time':>9}"]
    for one in outcomes:
        met = sum(judged == "met" for judged, _ in one.judged)
        how = "" if one.exit_code == 0 else f"  failed with exit code {one.exit_code}"
        lines.append(f"{one.name:<16} {met:>5} {len(one.judged) - met:>7} {one.seconds:>7.0f} s{how}")
    lines += [
        f"missed: {one.name}: {line}" for one in outcomes for judged, line in one.judged if judged != "met"
    ]
    return "\n".join(lines)


def main() -> int:
    """Exit code 1 where a benchmark failed; a missed bar is said, and is no failure."""
    known = benchmarks()
    listed = "\n".join(f"  {name:<14} {doc}" for name, doc in known.items())
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks",
        description=(__doc__ or "").partition("\n")[0],
        epilog=f"benchmarks:\n{listed}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--only", action="append", choices=sorted(known), help="this one (may be repeated)")
    parser.add_argument("arguments", nargs="*", help="handed on to the benchmark, after --; needs --only")
    wanted = parser.parse_args()
    if wanted.arguments and not wanted.only:
        parser.error("arguments for a benchmark need --only, which says for which one")
    outcomes = []
    for name in wanted.only or known:
        print(f"\n== {name}: {known[name]}", flush=True)
        outcomes.append(run(name, wanted.arguments))
    print(summary(outcomes), flush=True)
    return int(any(one.exit_code for one in outcomes))


if __name__ == "__main__":
    sys.exit(main())
