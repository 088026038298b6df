"""Where prodlabel finds its own files and keeps the user's; knows both a checkout and an installed wheel."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import platformdirs

_PACKAGE = Path(__file__).resolve().parent


@cache
def _bundle() -> Path:
    """The folder that holds `resources/` and `models/`: inside a wheel, else the checkout."""
    bundled = _PACKAGE / "_bundled"
    return bundled if bundled.is_dir() else _PACKAGE.parent


def resources() -> Path:
    """Icons, stop words, report template, demo recipe: read-only."""
    return _bundle() / "resources"


def models() -> Path:
    """Weights that ship with the program: read-only."""
    return _bundle() / "models"


def user_weights() -> Path:
    """Where the user puts (or lets prodlabel fetch) further weights; created by whoever writes there."""
    return Path(platformdirs.user_data_dir("prodlabel", appauthor=False)) / "weights"


def user_cache() -> Path:
    """Files that can be made again at any time."""
    return Path(platformdirs.user_cache_dir("prodlabel", appauthor=False))


def user_settings() -> Path:
    """Small files that remember how the user likes things."""
    return Path(platformdirs.user_config_dir("prodlabel", appauthor=False))
