"""Make the locks again from pyproject.toml: every version and hash that the program and its checks use.

The locks hold for Linux, macOS and Windows alike (environment markers), carry hashes of every file, and
name no package host, so that they hold wherever the packages come from.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEADER = "# Made by `make lock` from pyproject.toml ({}); do not edit.\n"
DEFAULT = "requirements.lock"
# In this order: the others are installed on top of the default one and must agree with it.
LOCKS = {DEFAULT: ["dev"], "requirements-keras.lock": ["dev", "keras"]}


def lock(name: str, extras: list[str], *, upgrade: bool) -> None:
    """Resolve the dependencies and these extras into `.ci/NAME`; known versions stay unless `upgrade`."""
    path = ROOT / ".ci" / name
    command = ["uv", "pip", "compile", "pyproject.toml", "--universal", "--python-version", "3.11"]
    command += ["--generate-hashes", "--no-annotate", "--no-header", "--quiet", "--output-file", str(path)]
    command += [part for extra in extras for part in ("--extra", extra)]
    if name != DEFAULT:
        command += ["--constraint", str(ROOT / ".ci" / DEFAULT)]
    if upgrade:
        command.append("--upgrade")
    subprocess.run([sys.executable, "-m", *command], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    text = path.read_text(encoding="utf-8")
    if "://" in text:
        sys.exit(f"lock: {path.name} names a host; it must not")
    path.write_text(HEADER.format("main, " + ", ".join(extras)) + text, encoding="utf-8", newline="\n")


def main() -> None:
    try:
        import uv  # noqa: F401
    except ModuleNotFoundError:
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "uv"], check=True)
    for name, extras in LOCKS.items():
        lock(name, extras, upgrade="--upgrade" in sys.argv[1:])


if __name__ == "__main__":
    main()
