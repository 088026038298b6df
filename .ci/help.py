"""Print the targets of a Makefile with the words that stand beside them after `##`."""

import re
import sys
from pathlib import Path

TARGET = re.compile(r"^([a-z]+):[^#]*## (.+)$")


def main():
    matches = map(TARGET.match, Path(sys.argv[1]).read_text(encoding="utf-8").splitlines())
    for name, words in (match.groups() for match in matches if match):
        print(f"make {name:12} {words}")


if __name__ == "__main__":
    main()
