"""`prodlabel` and `python -m prodlabel`."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the program and end the process with its exit code."""
    try:
        from prodlabel.app import run

        exit_code = run(sys.argv[1:])
    except KeyboardInterrupt:  # before there was anything to stop cleanly
        exit_code = 130
    sys.exit(exit_code)


if __name__ == "__main__":
    main()
