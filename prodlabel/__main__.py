"""`prodlabel` and `python -m prodlabel`."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the program and end the process with its exit code."""
    from prodlabel.app import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
