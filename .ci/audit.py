"""Audit what the program is made of: licences against a list, and known weaknesses where a network is.

`python .ci/audit.py --offline` looks at the licences of the locked packages that are installed here and
fetches nothing. Without it, pip-audit is put into an environment of its own and asks a public service about
every locked version.

Exit codes: 0 all well, 1 something is wrong (a licence, a missing hash, a known weakness), 2 the service
could not be asked about everything, so that nothing is known of the rest.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import re
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = (ROOT / ".ci" / "requirements.lock", ROOT / ".ci" / "requirements-keras.lock")
PLACE = ROOT / "build" / "audit"
FOUND, UNKNOWN = 1, 2
_LINE = re.compile(r"^([A-Za-z0-9._-]+)==[^\s;]+", re.MULTILINE)

ALLOWED = (
    "apache", "mit", "bsd", "0bsd", "isc", "zlib", "psf", "python software foundation", "cnri", "cc0",
    "unlicense", "mpl", "mozilla public license", "lgpl", "llvm-exception",
)  # fmt: skip
"""Beginnings of licences under which a program may use a package as it is and be passed on as it likes."""
KNOWN = {
    "opentsne": "BSD-3-Clause",
    "umap-learn": "BSD-3-Clause",
    "scipy": "BSD-3-Clause",
    "namex": "Apache-2.0",
}
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


def weaknesses() -> tuple[list[str], list[str]]:
    """Ask a public service about the locked versions: known weaknesses, and why others were not looked up."""
    if not PLACE.is_dir():
        venv.create(PLACE, with_pip=True)
    python = PLACE / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    found, unasked = [], []
    fetched = subprocess.run([str(python), "-m", "pip", "install", "--quiet", "pip-audit"], check=False)
    if fetched.returncode:
        return [], ["pip-audit could not be fetched."]
    for lock in LOCKS:
        command = [
            str(python),
            "-m",
            "pip_audit",
            "--require-hashes",
            "--disable-pip",
            "--progress-spinner=off",
        ]
        asked = subprocess.run(
            [*command, "--format=json", "-r", str(lock)], check=False, capture_output=True, encoding="utf-8"
        )
        weak, silent = answers(asked.stdout, asked.stderr)
        found += weak
        unasked += silent
    return sorted(set(found)), sorted(set(unasked))


def answers(said: str, trouble: str) -> tuple[list[str], list[str]]:
    """What pip-audit found, from its JSON (and what it complained of): weaknesses, and what is not known."""
    try:
        packages = json.loads(said)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return [], [(trouble.strip().splitlines() or ["pip-audit gave no answer."])[-1]]
    silent = [f"{one['name']}: {one['skip_reason']}" for one in packages if "skip_reason" in one]
    found = [
        f"{one['name']} {one['version']}: {weak['id']}, mended in {', '.join(weak['fix_versions']) or '-'}"
        for one in packages
        for weak in one.get("vulns", [])
    ]
    return found, silent


def told_weaknesses() -> int:
    """Say what is known of weaknesses; `UNKNOWN` where the service did not answer for everything."""
    found, unasked = weaknesses()
    print("\n".join(found), end="\n" if found else "")
    if unasked:
        print("\n".join(unasked[:3]))
        more = f" and {len(unasked) - 3} more like these" if len(unasked) > 3 else ""
        print(
            f"Known weaknesses were not looked up for the above{more}: the service could not be asked or did"
        )
        print("not know them. Nothing is said about those. Try again from another network; --offline leaves")
        print("this question out.")
    elif not found:
        print("No known weakness in any locked package.")
    return FOUND if found else UNKNOWN if unasked else 0


def main() -> int:
    found = [*refused(), *(f"{name}: no hash" for lock in LOCKS for name in unhashed(lock))]
    names = locked()
    away = [name for name in names if licence_of(name) is None]
    print(
        "\n".join(found)
        or f"{len(names) - len(away)} of {len(names)} locked packages are under allowed licences."
    )
    if away:
        print(f"Not installed here, so their licences were not read: {', '.join(away)}.")
    told = 0 if "--offline" in sys.argv[1:] else told_weaknesses()
    return FOUND if found else told


if __name__ == "__main__":
    sys.exit(main())
