"""Pictures of the window's main states on the demo catalogue, in both themes, written to `build/screenshots`.

Runs without a display; the demo is studied once and kept in `build`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / "build" / "screenshots-demo"


def main() -> int:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    project = DEMO / "demo.prodlabel"
    if not (DEMO / "report.html").is_file():
        subprocess.run([sys.executable, "-m", "prodlabel", "demo", str(DEMO)], check=True, cwd=ROOT)
    from prodlabel.gui.application import make_application
    from prodlabel.gui.screenshots import write_state_pictures

    catalogue = next(iter(sorted((DEMO / "catalogue").glob("*.csv"))), None)
    out = ROOT / "build" / "screenshots"
    for path in write_state_pictures(make_application(["prodlabel"]), project, out, catalogue):
        print(path.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
