"""Fuzzes every parser for a while and prints a table; exit code 1 where one raised what it must not.

Seconds are of this process's own work, so that ten minutes are ten minutes on a busy machine too.
Run `make fuzz`, or one parser for ten minutes: `python -m tests.fuzz --only catalogue.csv --seconds 600`.
"""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from dataclasses import dataclass

from hypothesis import HealthCheck, Phase, given, settings

from tests.fuzz.parsers import PARSERS, changed, seeds, take


@dataclass(slots=True)
class Outcome:
    """How many inputs one parser took, in what time, and what it raised."""

    name: str
    count: int = 0
    seconds: float = 0.0
    slowest_s: float = 0.0
    raised: str = ""


def fuzz(name: str, seconds: float) -> Outcome:
    """Give one parser inputs until it has worked for `seconds` or raised something."""
    started = time.process_time()
    outcome, until = Outcome(name), started + seconds

    @settings(
        max_examples=200,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(changed(seeds(name)))
    def one_round(content: bytes) -> None:
        if time.process_time() > until:
            return
        outcome.count += 1
        begun = time.process_time()
        take(name, content)
        outcome.slowest_s = max(outcome.slowest_s, time.process_time() - begun)

    while time.process_time() < until and not outcome.raised:
        try:
            one_round()
        except Exception:  # noqa: BLE001 - what is looked for
            outcome.raised = traceback.format_exc()
    outcome.seconds = time.process_time() - started
    return outcome


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0, help="of work for each parser (default: 20)")
    parser.add_argument("--only", action="append", choices=sorted(PARSERS), default=[], help="this parser")
    arguments = parser.parse_args()
    found = []
    print(f"{'parser':<20}{'inputs':>9}{'time':>8}{'slowest':>10}")
    for name in arguments.only or PARSERS:
        one = fuzz(name, arguments.seconds)
        found.append(one)
        verdict = "" if not one.raised else "  RAISED"
        print(
            f"{name:<20}{one.count:>9,}{one.seconds:>6.0f} s{one.slowest_s:>8.2f} s{verdict}",
            flush=True,
        )
        if one.raised:
            print(one.raised, file=sys.stderr, flush=True)
    return 1 if any(one.raised for one in found) else 0


if __name__ == "__main__":
    sys.exit(main())
