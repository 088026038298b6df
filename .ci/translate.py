"""Brings translations up to date: new texts into `resources/translations/*.ts`, finished ones into `*.qm`.

Run it after texts of the window changed, translate what it says is unfinished, run it again.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "resources" / "translations"


def main() -> int:
    sources = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "prodlabel" / "gui").rglob("*.py"))
    for ts in sorted(FOLDER.glob("*.ts")):
        name = str(ts.relative_to(ROOT))
        subprocess.run(
            ["pyside6-lupdate", "-no-obsolete", "-locations", "none", *sources, "-ts", name],
            cwd=ROOT,
            check=True,
        )
        subprocess.run(
            ["pyside6-lrelease", name, "-qm", str(Path(name).with_suffix(".qm"))], cwd=ROOT, check=True
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
