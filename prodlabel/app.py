"""The one place that decides what runs: a verb on the command line, or the window."""

from __future__ import annotations

from collections.abc import Sequence


def run(arguments: Sequence[str]) -> int:
    """Run prodlabel with these arguments; returns the exit code."""
    from prodlabel.cli.main import run_command_line

    return run_command_line(arguments)
