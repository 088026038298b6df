"""What the licences of a project's sources want said, wherever its products are shown or given away."""

from __future__ import annotations

from collections.abc import Iterable

from prodlabel.sources.food.attribution import of_kind
from prodlabel.store.sources import SourceInfo

ATTRIBUTION = "attribution"
"""Where the sentences stand among a source's options."""


def attributions(sources: Iterable[SourceInfo]) -> list[str]:
    """Each sentence once, in the order of the sources; those imported by older versions are known by kind."""
    said: dict[str, None] = {}
    for one in sources:
        kept = one.options.get(ATTRIBUTION)
        said |= dict.fromkeys(map(str, kept) if isinstance(kept, list) else filter(None, [of_kind(one.kind)]))
    return list(said)
