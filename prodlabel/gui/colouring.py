"""How the map's points are coloured by one thing, and what the legend says of it.

Invariant: every row has an index into `styles`; each entry of the legend stands for indices of its own, and
together the entries stand for all that occur.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication

from prodlabel.core.palette import CategoryStyle, Palette, Shape, category_styles, ramp_colours
from prodlabel.gui.filters import (
    ATTRIBUTE,
    BRAND,
    CLUSTER,
    CONFIDENCE,
    DATE,
    PICTURE,
    SOURCE,
    STATUS,
    SUGGESTED,
    SUGGESTION,
    VIEWS,
    Facet,
)
from prodlabel.gui.map.inks import MOST_COLOURS
from prodlabel.gui.map.legend import LegendEntry
from prodlabel.gui.map.points import USUAL_SIZE
from prodlabel.gui.phrases import shown_title
from prodlabel.gui.session import Session

BY_CATEGORY, BY_SUGGESTION, BY_CONFIDENCE, BY_AGREEMENT = "category", "suggestion", CONFIDENCE, "agreement"
BY_VIEWS = VIEWS
BY_CLUSTER, BY_STATUS, BY_BRAND, BY_SOURCE, BY_DATE, BY_PICTURE = (
    CLUSTER,
    STATUS,
    BRAND,
    SOURCE,
    DATE,
    PICTURE,
)
AS_COLOUR, ALIKE = "colour", ""
"""Shapes that go with the colours, and marks that are all alike."""
translate = QCoreApplication.translate
_STEPS = 32
_BANDS = (0.0, 0.5, 0.7, 0.9, 1.0)
_LISTED = 12
"""Entries of a legend; what is rarer shares the last one."""

Indices = NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Colouring:
    """`index` (n,) into `styles`; the legend's entry k stands for the indices in `groups[k]`.

    The same says what shapes and sizes mean: `steps` are the size steps by index, usual ones where empty.
    """

    index: Indices
    styles: tuple[CategoryStyle, ...]
    entries: tuple[LegendEntry, ...]
    groups: tuple[frozenset[int], ...]
    steps: tuple[int, ...] = ()

    @property
    def colours(self) -> list[str]:
        return [style.colour for style in self.styles]

    @property
    def drawn(self) -> tuple[NDArray[np.uint8], list[str]]:
        """(n,) what the map draws each row in, and the colours that this stands for: as many as a map can
        tell apart; the rarest values share the last one."""
        if len(self.styles) <= MOST_COLOURS:
            return self.index.astype(np.uint8), self.colours
        frequent = np.argsort(-np.bincount(self.index, minlength=len(self.styles)), kind="stable")
        place = np.empty(len(self.styles), dtype=np.uint8)
        place[frequent] = np.minimum(np.arange(len(frequent)), MOST_COLOURS - 1)
        return place[self.index], [self.styles[code].colour for code in frequent[:MOST_COLOURS].tolist()]

    @property
    def shapes(self) -> NDArray[np.uint8]:
        """(n,) the shape of each row."""
        return np.array([int(style.shape) for style in self.styles], dtype=np.uint8)[self.index]

    @property
    def sizes(self) -> NDArray[np.uint8]:
        """(n,) the size step of each row."""
        return np.array(self.steps or [USUAL_SIZE] * len(self.styles), dtype=np.uint8)[self.index]

    def rows_of(self, entries: frozenset[int]) -> NDArray[np.bool_]:
        """(n,) whether a row belongs to one of these entries."""
        wanted = np.zeros(len(self.styles), dtype=np.bool_)
        for entry in entries:
            wanted[list(self.groups[entry])] = True
        return np.asarray(wanted[self.index])


def choices(session: Session) -> dict[str, str]:
    """What there is to colour by in this project, with titles, in the order of the list."""
    computed = session.computed
    has_suggestions = computed.suggestions is not None
    is_there = {
        BY_SUGGESTION: has_suggestions,
        BY_CONFIDENCE: has_suggestions,
        BY_AGREEMENT: has_suggestions,
        BY_VIEWS: VIEWS in computed.facets,
        BY_CLUSTER: computed.clusters is not None,
        BY_BRAND: BRAND in computed.facets and len(computed.facets[BRAND].titles) > 0,
        BY_SOURCE: len(session.project.sources) > 1,
    }
    titles = {
        BY_CATEGORY: translate("Colouring", "Category"),
        BY_SUGGESTION: translate("Colouring", "Suggestion"),
        BY_CONFIDENCE: translate("Colouring", "Confidence"),
        BY_AGREEMENT: translate("Colouring", "Suggestion against label"),
        BY_VIEWS: translate("Colouring", "Text against picture"),
        BY_CLUSTER: translate("Colouring", "Cluster"),
        BY_STATUS: translate("Colouring", "Status"),
        BY_DATE: translate("Colouring", "Date of the label"),
        BY_BRAND: translate("Colouring", "Brand"),
        BY_SOURCE: translate("Colouring", "Source"),
    }
    found = {name: title for name, title in titles.items() if is_there.get(name, True)}
    return found | {ATTRIBUTE + name: name.removeprefix("spec: ") for name in computed.attributes}


def shape_choices(session: Session) -> dict[str, str]:
    """What shapes can stand for."""
    first = {AS_COLOUR: translate("Colouring", "As colour"), ALIKE: translate("Colouring", "All alike")}
    known = choices(session)
    names = (
        *(BY_CATEGORY, BY_SUGGESTION, BY_AGREEMENT, BY_VIEWS, BY_STATUS, BY_CLUSTER),
        *(BY_CONFIDENCE, BY_DATE, BY_BRAND, BY_SOURCE),
    )
    attributes = {name: title for name, title in known.items() if name.startswith(ATTRIBUTE)}
    picture = {BY_PICTURE: translate("Colouring", "Picture")}
    return first | {name: known[name] for name in names if name in known} | picture | attributes


def size_choices(session: Session) -> dict[str, str]:
    """What sizes can stand for: whatever there is more or less of."""
    known = choices(session)
    names = [name for name in (BY_CONFIDENCE, BY_DATE) if name in known]
    # Whether an attribute is a number is known once it was read; the most frequent value is smallest else.
    names += [name for name in known if name.startswith(ATTRIBUTE)]
    return {ALIKE: translate("Colouring", "All alike")} | {name: known[name] for name in names}


def is_to_be_read(session: Session, by: str) -> bool:
    """Whether a worker has to read what this stands for from the texts or the history first."""
    return (by == BY_DATE or by.startswith(ATTRIBUTE)) and by not in session.computed.facets


def shaping(session: Session, by: str, palette: Palette) -> Colouring | None:
    """What the shapes mean, where they do not go with the colours; None before it was read."""
    if by == ALIKE:
        one = (CategoryStyle(palette.dim, Shape.DISC),)
        return Colouring(np.zeros(len(session.columns), dtype=np.int32), one, (), ())
    facet = _facet(session, by)
    if facet is None:
        return None
    order = np.argsort(-facet.counts(), kind="stable").tolist()
    shapes = list(Shape)
    # What is rarer than the shapes are many shares the last one.
    rank = {code: place for place, code in enumerate(order)}
    places = [code if facet.is_ordered else rank[code] for code in range(len(facet.titles))]
    styles = [CategoryStyle(palette.dim, shapes[min(place, len(shapes) - 1)]) for place in places]
    return _by_facet(facet, styles, palette)


def sizing(session: Session, by: str, palette: Palette) -> Colouring | None:
    """What the sizes mean; None where they are all alike, or before it was read."""
    facet = _facet(session, by)
    if facet is None:
        return None
    count = len(facet.titles)
    places = (
        range(count) if facet.is_ordered else np.argsort(np.argsort(-facet.counts(), kind="stable")).tolist()
    )
    most = min(max(count - 1, 1), 3)
    steps = [min(place * 4 // max(count, 1), 3) if facet.is_ordered else min(place, most) for place in places]
    made = _by_facet(facet, [CategoryStyle(palette.dim, Shape.DISC)] * count, palette)
    by_index = (0, *steps)
    entries = tuple(
        LegendEntry(entry.style, entry.name, entry.count, by_index[min(group)])
        for entry, group in zip(made.entries, made.groups, strict=True)
    )
    return Colouring(made.index, made.styles, entries, made.groups, by_index)


def _facet(session: Session, by: str) -> Facet | None:
    facets = session.computed.facets
    return facets.get({BY_AGREEMENT: SUGGESTION, BY_SUGGESTION: SUGGESTED}.get(by, by))


def colouring(session: Session, by: str, palette: Palette) -> Colouring:
    """How the rows are coloured by one thing."""
    columns, computed, styles = session.columns, session.computed, session.styles
    if by == BY_CONFIDENCE and computed.suggestions is not None:
        return _by_confidence(computed.suggestions.best_confidence, palette)
    if by == BY_STATUS and STATUS in computed.facets:
        colours = [palette.faint, palette.dim, palette.good, palette.accent, palette.warn, "#F07AB8"]
        return _by_facet(computed.facets[STATUS], [CategoryStyle(c, Shape(k)) for k, c in enumerate(colours)])
    if by in (BY_AGREEMENT, BY_VIEWS) and (facet := _facet(session, by)) is not None:
        colours = [palette.good, palette.warn, palette.dim]
        shapes = [Shape.DISC, Shape.TRIANGLE, Shape.SQUARE]
        marks = [CategoryStyle(colour, shape) for colour, shape in zip(colours, shapes, strict=True)]
        return _by_facet(facet, marks[: len(facet.titles)], palette)
    is_plain = by in (BY_CLUSTER, BY_BRAND, BY_SOURCE, BY_DATE) or by.startswith(ATTRIBUTE)
    if is_plain and by in computed.facets:
        facet = computed.facets[by]
        return _by_facet(
            facet, _in_order(facet, palette) if facet.is_ordered else _by_frequency(facet, palette), palette
        )
    category = columns.category
    if by == BY_SUGGESTION and computed.suggestions is not None:
        category = computed.suggestions.best
    names = [translate("Colouring", "no category"), *(one.name for one in styles.main)]
    return _grouped(styles.of_rows(category), list(styles.drawn), names)


def _in_order(facet: Facet, palette: Palette) -> list[CategoryStyle]:
    """Colours of the ramp, from little to much."""
    return [CategoryStyle(colour, Shape.DISC) for colour in ramp_colours(len(facet.titles), palette)]


def _by_frequency(facet: Facet, palette: Palette) -> list[CategoryStyle]:
    """The most frequent values get the styles that are told apart best."""
    drawn = category_styles(len(facet.titles), palette)
    styles = list(drawn)
    for style, code in zip(drawn, np.argsort(-facet.counts(), kind="stable").tolist(), strict=True):
        styles[code] = style
    return styles


def _by_facet(facet: Facet, styles: list[CategoryStyle], palette: Palette | None = None) -> Colouring:
    """Index 0 is for rows of which the facet says nothing; statuses say something of every row."""
    if palette is None:
        return _grouped(facet.codes, styles, _titles(facet))
    silent = CategoryStyle(palette.faint, Shape.DISC)
    return _grouped(facet.codes + 1, [silent, *styles], [translate("Colouring", "none"), *_titles(facet)])


def _titles(facet: Facet) -> list[str]:
    return [shown_title(facet.name, title) for title in facet.titles]


def _by_confidence(confidence: NDArray[np.float32], palette: Palette) -> Colouring:
    index = np.clip(confidence * _STEPS, 0, _STEPS - 1).astype(np.int32)
    styles = tuple(CategoryStyle(colour, Shape.DISC) for colour in ramp_colours(_STEPS, palette))
    counts = np.bincount(index, minlength=_STEPS)
    entries, groups = [], []
    for low, high in pairwise(_BANDS):
        steps = range(round(low * _STEPS), round(high * _STEPS))
        name = f"{low:.0%} – {high:.0%}".replace("%", " %")
        entries.append(LegendEntry(styles[(steps[0] + steps[-1]) // 2], name, int(counts[list(steps)].sum())))
        groups.append(frozenset(steps))
    return Colouring(index, styles, tuple(entries), tuple(groups))


def _grouped(index: Indices, styles: Sequence[CategoryStyle], names: Sequence[str]) -> Colouring:
    """A legend of the most frequent indices, in their order, and one entry for the rest."""
    counts = np.bincount(index, minlength=len(styles))
    frequent = np.argsort(-counts, kind="stable")
    frequent = frequent[counts[frequent] > 0]
    kept = frequent if len(frequent) <= _LISTED else frequent[: _LISTED - 1]
    listed = sorted(kept.tolist())
    entries = [LegendEntry(styles[code], names[code], int(counts[code])) for code in listed]
    groups = [frozenset({code}) for code in listed]
    rest = frequent[len(kept) :].tolist()
    if rest:
        title = translate("Colouring", "{0:,} others").format(len(rest))
        entries.append(LegendEntry(styles[rest[0]], title, int(counts[rest].sum())))
        groups.append(frozenset(rest))
    return Colouring(np.asarray(index, dtype=np.int32), tuple(styles), tuple(entries), tuple(groups))
