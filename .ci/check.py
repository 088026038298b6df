"""Run every check of `make test`, all of them even after a failure, and end with what pytest said in sum.

The tests run twice: everything but the window with Qt not importable, then the window on Qt's offscreen
platform. The exit status is 0 only if every step passed.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WINDOW_TESTS = ("tests/gui", "tests/journeys")
BY_ALL_CORES = ("-n", "auto", "--maxprocesses", "4", "--dist", "loadfile")
"""A file's tests stay in one process, so that what they prepare together is prepared once."""
CLOSING_LINE = re.compile(r"^=* ?((?:\d+ [a-z]+(?:, )?)+) in ([\d.]+)s(?: \([\d:]+\))? ?=*$")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Step:
    """One command; `arguments` go to the Python that runs this script."""

    name: str
    arguments: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    step: Step
    exit_code: int
    seconds: float
    counts: Counter[str]


def steps(extra: list[str]) -> list[Step]:
    """The steps in the order in which they run: the quick ones first."""
    without_window = [f"--ignore={folder}" for folder in WINDOW_TESTS]
    found = [
        Step("ruff check", ("-m", "ruff", "check", ".")),
        Step("ruff format", ("-m", "ruff", "format", "--check", ".")),
        Step("mypy", ("-m", "mypy")),
        Step("import-linter", ("-c", "from importlinter.cli import lint_imports_command as c; c()")),
        Step(
            "pytest without Qt",
            ("-m", "pytest", "tests", "-p", "no:pytest-qt", *BY_ALL_CORES, *without_window, *extra),
            {"PRODLABEL_TEST_WITHOUT_QT": "1"},
        ),
    ]
    if any(path for folder in WINDOW_TESTS for path in (ROOT / folder).rglob("test_*.py")):
        found.append(
            Step("pytest window", ("-m", "pytest", *WINDOW_TESTS, *extra), {"QT_QPA_PLATFORM": "offscreen"})
        )
    return found


def run(step: Step) -> Result:
    """Run one step, show its output as it comes, and read pytest's closing line from it."""
    print(f"--- {step.name}", flush=True)
    started_s = time.monotonic()
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1", **step.environment}
    counts: Counter[str] = Counter()
    with subprocess.Popen(
        [sys.executable, *step.arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            sys.stdout.write(line)
            sys.stdout.flush()
            if "pytest" in step.arguments:
                counts = counts_of(line) or counts
    return Result(step, process.returncode, time.monotonic() - started_s, counts)


def counts_of(line: str) -> Counter[str]:
    """What pytest's closing line counts ("passed" to a number and so on); empty for any other line."""
    closing = CLOSING_LINE.match(COLOUR.sub("", line).strip())
    if not closing:
        return Counter()
    return Counter({word: int(n) for n, word in (part.split() for part in closing.group(1).split(", "))})


def summary(results: list[Result]) -> str:
    """A line per step, and last the sum of pytest's closing lines in pytest's own form."""
    lines = [
        f"{'ok' if r.exit_code == 0 else 'FAILED':>7} {r.seconds:7.1f} s  {r.step.name}" for r in results
    ]
    counts = sum((r.counts for r in results), Counter[str]())
    words = ["failed", "passed", "skipped", "deselected", "xfailed", "xpassed", "warnings", "warning"]
    words += ["errors", "error"]
    said = ", ".join(f"{counts[word]} {word}" for word in words if counts[word]) or "no tests ran"
    lines.append(f"===== {said} in {sum(r.seconds for r in results if r.counts):.2f}s =====")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", metavar="WORD", help="run only the steps whose name contains WORD")
    parser.add_argument("pytest", nargs="*", help="further arguments for pytest, after --")
    arguments = parser.parse_args()
    chosen = [step for step in steps(arguments.pytest) if not arguments.only or arguments.only in step.name]
    if not chosen:
        parser.error(f"no step is called {arguments.only!r}")
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    results = [run(step) for step in chosen]
    print(summary(results), flush=True)
    return 0 if all(result.exit_code == 0 for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
