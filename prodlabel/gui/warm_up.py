"""Imports in a thread of its own what the window would otherwise import at the first click that needs it.

Invariant: nothing is run but imports; whoever needs a module before its turn imports it as ever.
"""

from __future__ import annotations

import gc
import importlib
import threading

MODULES = ("numpy.ma", "cv2", "alembic.runtime.migration", "scipy.spatial", "prodlabel.operations.export")
"""What the window uses and start-up does not need, what is wanted first first."""


def warm_up() -> threading.Thread:
    """Begin; the thread ends by itself."""
    thread = threading.Thread(target=_import_all, name="warm-up", daemon=True)
    thread.start()
    return thread


def _import_all() -> None:
    for name in MODULES:
        importlib.import_module(name)
    spare_collector()


def spare_collector() -> None:
    """Let the garbage collector pass over all that is there now, in no time: modules and widgets stay, and
    looking through them again and again would stop the window for a tenth of a second each time.
    """
    gc.freeze()


def use_collector() -> None:
    """Let it look through everything again: a project was closed, and what belonged to it may go."""
    gc.unfreeze()
