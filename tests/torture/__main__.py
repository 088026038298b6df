"""Kills workers at random moments of labelling, undoing, importing, encoding, training, migrating, backing up
and restoring, and looks after each whether anything was lost. Prints a table; exit code 1 where anything was.

Run `make torture`, or one case again: `python -m tests.torture --case label:17`.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from tests.torture.cases import KINDS, Case, Outcome
from tests.torture.running import cases, run_in_processes

KILLS = 240


def table(outcomes: list[Outcome]) -> str:
    """A line for each kind."""
    by_kind: dict[str, list[Outcome]] = defaultdict(list)
    for one in outcomes:
        by_kind[one.case.kind].append(one)
    lines = [f"{'work':<10}{'kills':>6}{'acknowledged':>14}{'one ahead':>11}{'reopened':>10}{'findings':>10}"]
    for kind, found in [*by_kind.items(), ("all", outcomes)]:
        slowest = max(one.reopen_s for one in found)
        lines.append(
            f"{kind:<10}{len(found):>6}{sum(o.acknowledged for o in found):>14,}"
            f"{sum(o.is_one_ahead for o in found):>11}{slowest:>8.2f} s"
            f"{sum(bool(o.findings) for o in found):>10}"
        )
    lines.append(
        "acknowledged: commits that the killed workers had told of; one ahead: killed between commit"
    )
    lines.append(
        "and telling; reopened: the longest that opening took after a kill; findings: cases with any"
    )
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=KILLS, help=f"how many (default: {KILLS})")
    parser.add_argument("--seed", type=int, help="from which all seeds follow (default: another each time)")
    parser.add_argument("--only", action="append", choices=KINDS, default=[], help="only this kind of work")
    parser.add_argument("--case", metavar="KIND:SEED", help="one case again; its folder is kept")
    parser.add_argument("--processes", type=int, default=min(2, os.cpu_count() or 1))
    arguments = parser.parse_args()
    if arguments.case:
        kind, _, seed = arguments.case.partition(":")
        wanted, processes = [Case(kind, int(seed))], 1
    else:
        seed = arguments.seed if arguments.seed is not None else random.SystemRandom().randrange(10**6)
        wanted, processes = cases(arguments.kills, seed, arguments.only), arguments.processes
        print(f"{len(wanted)} kills, seed {seed}", flush=True)
    started, outcomes = time.perf_counter(), []
    with tempfile.TemporaryDirectory(prefix="torture-", ignore_cleanup_errors=True) as name:
        for outcome in run_in_processes(wanted, Path(name), processes):
            outcomes.append(outcome)
            for finding in outcome.findings:
                print(f"{outcome.case}: {finding}", flush=True)
            if len(outcomes) % 20 == 0:
                print(f"{len(outcomes)} of {len(wanted)}", file=sys.stderr, flush=True)
    print(table(outcomes))
    print(f"{time.perf_counter() - started:.0f} s")
    return 1 if any(one.findings for one in outcomes) or len(outcomes) < len(wanted) else 0


if __name__ == "__main__":
    sys.exit(main())
