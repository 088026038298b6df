"""Finds what other packages add (sources, exports, encoders) by entry points; a defect costs only itself.

A package names an object under one of the groups `prodlabel.sources`, `prodlabel.exports` and
`prodlabel.encoders` in its metadata. Nothing of it is imported before it is asked for, and each group once.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from prodlabel.core.errors import Cancelled, UserError

SOURCES, EXPORTS, ENCODERS = "prodlabel.sources", "prodlabel.exports", "prodlabel.encoders"

_log = logging.getLogger(__name__)


class PluginError(UserError):
    """A package that adds something to prodlabel failed."""


@dataclass(frozen=True, slots=True)
class Plugin:
    """What a package adds: `made` is the object, or None where it cannot be had and `problem` says why."""

    name: str
    package: str
    made: Any = None
    problem: str | None = None

    @property
    def identity(self) -> str:
        """What it is asked for by: its `id`, or its `kind`."""
        return str(getattr(self.made, "id", None) or self.made.kind)


@cache
def plugins(group: str) -> tuple[Plugin, ...]:
    """All of a group by name. A class is made into an object by calling it, but for encoders.

    What cannot be loaded is reported once in the log and stands here with its problem.
    """
    found = sorted(entry_points(group=group), key=lambda point: (point.name, point.value))
    return tuple(_load(point, is_class_kept=group == ENCODERS) for point in found)


def usable(group: str, parts: tuple[str, ...], taken: frozenset[str] = frozenset()) -> list[Plugin]:
    """The plugins of a group that have all these attributes and whose `kind` or `id` is not `taken`."""
    chosen = []
    seen = set(taken)
    for plugin in plugins(group):
        missing = [part for part in parts if plugin.problem is None and not hasattr(plugin.made, part)]
        identity = getattr(plugin.made, parts[0], None)
        if missing:
            _say(plugin, f"it has no {', '.join(missing)}")
        elif plugin.problem is None and (not isinstance(identity, str) or identity in seen):
            _say(plugin, f"its {parts[0]} {identity!r} is no text or is taken already")
        elif plugin.problem is None:
            seen.add(str(identity))
            chosen.append(plugin)
    return chosen


@contextmanager
def blamed(name: str, package: str) -> Iterator[None]:
    """Turns whatever a plugin raises into a `PluginError` that names it; known errors and cancels pass."""
    try:
        yield
    except (UserError, Cancelled):
        raise
    except Exception as error:
        _log.debug("plugin %s of %s failed", name, package, exc_info=True)
        raise PluginError(
            f"The plugin {name} of the package {package} failed ({type(error).__name__}: {error}). "
            "Tell its author, or remove the package."
        ) from error


def _load(point: EntryPoint, *, is_class_kept: bool) -> Plugin:
    package = point.dist.name if point.dist is not None else point.value
    try:
        loaded = point.load()
        is_made = is_class_kept or not isinstance(loaded, type)
        return Plugin(point.name, package, loaded if is_made else loaded())
    except Exception as error:  # noqa: BLE001 - foreign code may raise anything when it is imported
        plugin = Plugin(point.name, package, None, f"{type(error).__name__}: {error}")
        _say(plugin, plugin.problem or "")
        return plugin


def _say(plugin: Plugin, why: str) -> None:
    _log.warning("The plugin %s of the package %s is left out: %s", plugin.name, plugin.package, why)
