"""Audit what the program is made of: licences against a list, and known weaknesses where a network is.

`python .ci/audit.py --offline` looks at the licences of the locked packages that are installed here and
fetches nothing. Without it, pip-audit is put into an environment of its own and asks a public service about
every locked version.
"""

from __future__ import annotations

import importlib.metadata
import os
import re
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = (ROOT / ".ci" / "requirements.lock", ROOT / ".ci" / "requirements-keras.lock")
PLACE = ROOT / "build" / "audit"
_LINE = re.compile(r"^([A-Za-z0-9._-]+)==[^\s;]+", re.MULTILINE)

ALLOWED = (
    "apache", "mit", "bsd", "0bsd", "isc", "zlib", "psf", "python software foundation", "cnri", "cc0",
    "unlicense", "mpl", "mozilla public license", "lgpl", "llvm-exception",
)  # fmt: skip
"""Beginnings of licences under which a program may use a package as it is and be passed on as it likes."""
KNOWN = {"opentsne": "BSD-3-Clause", "umap-learn": "BSD-3-Clause", "scipy": "BSD-3-Clause"}
"""What the files of packages say whose metadata do not say it in words that can be read by a program."""


def locked() -> list[str]:
    """The names of all locked packages, in small letters."""
    found = {re.sub(r"[-_.]+", "-", name).lower() for lock in LOCKS for name in _LINE.findall(_text(lock))}
    return sorted(found)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def unhashed(lock: Path) -> list[str]:
    """Packages of a lock for which no hash is given."""
    whole = _text(lock).replace("\\\n", " ")
    return [
        m[1] for m in re.finditer(r"^([A-Za-z0-9._-]+)==.*$", whole, re.MULTILINE) if "--hash=" not in m[0]
    ]


def licence_of(name: str) -> str | None:
    """What an installed package says of its licence, in one line; None for one that is not installed here."""
    try:
        said = importlib.metadata.metadata(name)
    except importlib.metadata.PackageNotFoundError:
        return None
    if name in KNOWN:
        return KNOWN[name]
    if said.get("License-Expression"):
        return str(said["License-Expression"])
    told = [one for one in said.get_all("Classifier") or [] if one.startswith("License ::")]
    classified = [one.rpartition(" :: ")[2] for one in told]
    named = [one for one in classified if one != "OSI Approved"]
    return " OR ".join(named) or str(said.get("License") or "unknown").splitlines()[0]


def is_allowed(licence: str) -> bool:
    """Whether one of the alternatives holds nothing but licences that are allowed."""
    alternatives = re.split(r"\s+OR\s+", licence)
    return any(
        all(part.strip(" ()").lower().startswith(ALLOWED) or "bsd" in part.lower() for part in _parts(one))
        for one in alternatives
    )


def _parts(licence: str) -> list[str]:
    return re.split(r"\s+(?:AND|WITH)\s+", licence)


def refused() -> list[str]:
    """The locked packages that are installed here under a licence that is not on the list."""
    said = {name: licence_of(name) for name in locked()}
    return [f"{name}: {licence}" for name, licence in said.items() if licence and not is_allowed(licence)]


def weaknesses() -> int:
    """Ask a public service about the locked versions; the exit code of pip-audit."""
    if not PLACE.is_dir():
        venv.create(PLACE, with_pip=True)
    python = PLACE / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    subprocess.run([str(python), "-m", "pip", "install", "--quiet", "pip-audit"], check=True)
    command = [str(python), "-m", "pip_audit", "--require-hashes", "--disable-pip"]
    return max(subprocess.run([*command, "-r", str(lock)], check=False).returncode for lock in LOCKS)


def main() -> int:
    found = [*refused(), *(f"{name}: no hash" for lock in LOCKS for name in unhashed(lock))]
    names = locked()
    here = sum(licence_of(name) is not None for name in names)
    print("\n".join(found) or f"{here} of {len(names)} locked packages are here, under allowed licences.")
    if "--offline" in sys.argv[1:]:
        return int(bool(found))
    return int(bool(found)) or weaknesses()


if __name__ == "__main__":
    sys.exit(main())
