"""Remove what the other targets made in this checkout, and nothing that anybody wrote."""

import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = (".venv", ".cache", "build", "dist", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis")
FOLDERS += (".import_linter_cache",)


def main():
    for name in FOLDERS:
        shutil.rmtree(str(ROOT / name), ignore_errors=True)
    for folder in ("prodlabel", "tests", ".ci"):
        for cache in list((ROOT / folder).rglob("__pycache__")):
            shutil.rmtree(str(cache), ignore_errors=True)


if __name__ == "__main__":
    main()
