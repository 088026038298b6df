"""Write what the program is made of as a CycloneDX 1.5 list (JSON), from the locks: names, versions, hashes.

`python .ci/sbom.py [FILE]`; without a file the list goes to standard output. Nothing is fetched.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOCKS = (ROOT / ".ci" / "requirements.lock", ROOT / ".ci" / "requirements-keras.lock")
_LINE = re.compile(
    r"(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;]+)(?:\s*;\s*(?P<marker>[^\\]*?))?\s*(?=--hash|$)"
)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def components(lock: str) -> list[dict[str, Any]]:
    """A component for each locked line. Raises `ValueError` for one without a version or hash."""
    found = []
    for line in lock.replace("\\\n", " ").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        match, hashes = _LINE.match(line), _HASH.findall(line)
        if match is None or not hashes:
            raise ValueError(f"not locked: {line[:80]}")
        name = re.sub(r"[-_.]+", "-", match["name"]).lower()
        one: dict[str, Any] = {
            "type": "library",
            "bom-ref": f"{name}@{match['version']}",
            "name": name,
            "version": match["version"],
            "purl": f"pkg:pypi/{name}@{match['version']}",
            "hashes": [{"alg": "SHA-256", "content": content} for content in sorted(hashes)],
        }
        if match["marker"]:
            one["properties"] = [{"name": "prodlabel:marker", "value": match["marker"].strip()}]
        found.append(one)
    return found


def locked() -> list[dict[str, Any]]:
    """The components of all locks, each once; what only training networks needs says so."""
    found: dict[str, dict[str, Any]] = {}
    for lock in LOCKS:
        for one in components(lock.read_text(encoding="utf-8")):
            known = found.setdefault(one["bom-ref"], one)
            if known is one and lock is not LOCKS[0]:
                optional = {"name": "prodlabel:extra", "value": "keras"}
                one["properties"] = [*one.get("properties", []), optional]
            contents = {held["content"] for held in (*known["hashes"], *one["hashes"])}
            known["hashes"] = [{"alg": "SHA-256", "content": content} for content in sorted(contents)]
    return list(found.values())


def weights() -> list[dict[str, Any]]:
    """A component for each network that ships, by its manifest."""
    found = []
    for manifest in sorted((ROOT / "models").glob("*/manifest.json")):
        said = json.loads(manifest.read_text(encoding="utf-8"))
        found.append(
            {
                "type": "machine-learning-model",
                "bom-ref": f"weights/{manifest.parent.name}",
                "name": manifest.parent.name,
                "version": str(said.get("version", "1")),
                "licenses": [{"license": {"name": str(said["licence"])}}],
                "hashes": [
                    {"alg": "SHA-256", "content": one["sha256"]} for _, one in sorted(said["files"].items())
                ],
            }
        )
    return found


def bill() -> dict[str, Any]:
    """The whole list."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "prodlabel", "bom-ref": "prodlabel"}},
        "components": [*locked(), *weights()],
    }


def main() -> None:
    text = json.dumps(bill(), indent=1, ensure_ascii=False) + "\n"
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(text, encoding="utf-8", newline="\n")
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    main()
