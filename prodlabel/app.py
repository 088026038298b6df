"""The one place that decides what runs: a verb on the command line, or the window."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

SUFFIX = ".prodlabel"


def run(arguments: Sequence[str]) -> int:
    """Run prodlabel with these arguments; returns the exit code.

    No argument opens the window, a project folder opens it there, anything else is a verb.
    """
    folder = Path(arguments[0]) if len(arguments) == 1 else None
    if has_display() and (not arguments or (folder is not None and _is_project(folder))):
        from prodlabel.gui.app_main import run_window

        return run_window(arguments, folder)
    from prodlabel.cli.main import run_command_line

    return run_command_line(arguments or ["--help"], show_project)


def show_project(folder: Path) -> str:
    """Open the window on a project; without a display write pictures of the window instead."""
    if has_display():
        from prodlabel.gui.app_main import run_window

        run_window([], folder)
        return ""
    from prodlabel.gui.app_main import write_screenshots

    pictures = write_screenshots(folder, folder.parent / "screenshots")
    return f"No display here: wrote {len(pictures)} pictures of the window to {pictures[0].parent}."


def has_display() -> bool:
    """Whether a window can be shown to somebody."""
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _is_project(folder: Path) -> bool:
    return folder.name.endswith(SUFFIX) and folder.is_dir()
