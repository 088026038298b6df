"""Encoders of other packages: their classes, wrapped so that what they raise names them."""

from __future__ import annotations

from functools import cache, wraps
from typing import Any

from prodlabel.core.plugins import ENCODERS, Plugin, blamed, usable

_CALLS = ("__init__", "cost", "encode", "fit", "transform", "state", "from_state")


@cache
def plugin_encoders(taken: frozenset[str]) -> dict[str, type[Any]]:
    """The classes by id, without those whose id is taken. A class says `id`, `title` and `kind`."""
    found = usable(ENCODERS, ("id", "title", "kind"), taken)
    return {one.identity: _guarded(one) for one in found if isinstance(one.made, type)}


def is_of_corpus(encoder: type[Any]) -> bool:
    """Whether it is fitted to a catalogue rather than looking at each item alone."""
    return hasattr(encoder, "fit")


def _guarded(plugin: Plugin) -> type[Any]:
    """A subclass with the same name whose calls raise `PluginError` where the plugin fails."""
    made: type[Any] = plugin.made
    calls: dict[str, Any] = {}
    for name in _CALLS:
        found = made.__dict__.get(name)
        if isinstance(found, classmethod):
            calls[name] = classmethod(_blaming(plugin, found.__func__))
        elif callable(found):
            calls[name] = _blaming(plugin, found)
    return type(made.__name__, (made,), calls)


def _blaming(plugin: Plugin, call: Any) -> Any:
    @wraps(call)
    def guarded(*arguments: Any, **settings: Any) -> Any:
        with blamed(plugin.name, plugin.package):
            return call(*arguments, **settings)

    return guarded
