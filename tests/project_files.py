"""Which files belong to the project: what git knows or would take up, so that caches and builds stay out."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


@cache
def project_files() -> tuple[Path, ...]:
    """Absolute paths of all files of the project, sorted; needs git and a checkout."""
    answer = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    names = answer.stdout.decode("utf-8").split("\0")
    return tuple(sorted(ROOT / name for name in set(names) if name and (ROOT / name).is_file()))


def files_under(*folders: str, suffix: str = "") -> list[Path]:
    """The project's files below these top-level folders whose names end in `suffix`."""
    return [
        path
        for path in project_files()
        if path.relative_to(ROOT).parts[0] in folders and path.name.endswith(suffix)
    ]
