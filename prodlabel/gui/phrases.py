"""Words from below the window (statuses, stages of work, lines of the history), said in its language.

Invariant: the layers below speak English and keep it in files; only what is shown is translated, and a text
that no line of the table fits is shown as it came.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from PySide6.QtCore import QCoreApplication

from prodlabel.gui.actions import QT_TRANSLATE_NOOP
from prodlabel.gui.filters import CURATORS, PICTURE, STATUS, SUGGESTION, VIEWS, WORTH
from prodlabel.gui.long_texts import cut
from prodlabel.gui.phrases_below import ERRORS, FORECASTS, QUEUES_SAID

_LONGEST = 10_000

_WORDS = (
    QT_TRANSLATE_NOOP("Phrases", "none"),
    QT_TRANSLATE_NOOP("Phrases", "imported"),
    QT_TRANSLATE_NOOP("Phrases", "confirmed"),
    QT_TRANSLATE_NOOP("Phrases", "accepted suggestion"),
    QT_TRANSLATE_NOOP("Phrases", "rejected"),
    QT_TRANSLATE_NOOP("Phrases", "flagged"),
    QT_TRANSLATE_NOOP("Phrases", "with"),
    QT_TRANSLATE_NOOP("Phrases", "without"),
    QT_TRANSLATE_NOOP("Phrases", "agrees"),
    QT_TRANSLATE_NOOP("Phrases", "alike"),
    QT_TRANSLATE_NOOP("Phrases", "otherwise"),
    QT_TRANSLATE_NOOP("Phrases", "differs"),
    QT_TRANSLATE_NOOP("Phrases", "unsure"),
    QT_TRANSLATE_NOOP("Phrases", "agree"),
    QT_TRANSLATE_NOOP("Phrases", "disagree"),
    QT_TRANSLATE_NOOP("Phrases", "settled"),
    QT_TRANSLATE_NOOP("Phrases", "Probably wrong"),
    QT_TRANSLATE_NOOP("Phrases", "Text and picture disagree"),
    QT_TRANSLATE_NOOP("Phrases", "Broken or out of place"),
    QT_TRANSLATE_NOOP("Phrases", "Same article twice"),
    QT_TRANSLATE_NOOP("Phrases", "Needs a label"),
    QT_TRANSLATE_NOOP("Phrases", "Disagree with a colleague"),
    QT_TRANSLATE_NOOP("Phrases", "New since last time"),
    QT_TRANSLATE_NOOP("Phrases", "Random check"),
    QT_TRANSLATE_NOOP("Phrases", "Blind re-check"),
    QT_TRANSLATE_NOOP("Phrases", "Flagged"),
    QT_TRANSLATE_NOOP("Phrases", "descriptions"),
    QT_TRANSLATE_NOOP("Phrases", "names"),
    QT_TRANSLATE_NOOP("Phrases", "specifications"),
    QT_TRANSLATE_NOOP("Phrases", "pictures"),
)

_HISTORY = (
    QT_TRANSLATE_NOOP("Phrases", "Relabel {0} products → {1}"),
    QT_TRANSLATE_NOOP("Phrases", "Relabel {0} product → {1}"),
    QT_TRANSLATE_NOOP("Phrases", "Relabel {0} products to {1} categories"),
    QT_TRANSLATE_NOOP("Phrases", "Take the category off {0} products"),
    QT_TRANSLATE_NOOP("Phrases", "Take the category off {0} product"),
    QT_TRANSLATE_NOOP("Phrases", "Mark {0} products"),
    QT_TRANSLATE_NOOP("Phrases", "Mark {0} product"),
    QT_TRANSLATE_NOOP("Phrases", "Import of {0} products"),
    QT_TRANSLATE_NOOP("Phrases", "Import"),
    QT_TRANSLATE_NOOP("Phrases", "New category “{0}”"),
    QT_TRANSLATE_NOOP("Phrases", "{0} new categories"),
    QT_TRANSLATE_NOOP("Phrases", "Rename “{0}” to “{1}”"),
    QT_TRANSLATE_NOOP("Phrases", "Move “{0}” to the top"),
    QT_TRANSLATE_NOOP("Phrases", "Move “{0}” to “{1}”"),
    QT_TRANSLATE_NOOP("Phrases", "Change “{0}”"),
    QT_TRANSLATE_NOOP("Phrases", "Remove category “{0}”"),
    QT_TRANSLATE_NOOP("Phrases", "lasso"),
    QT_TRANSLATE_NOOP("Phrases", "suggestion"),
    QT_TRANSLATE_NOOP("Phrases", "merge"),
    QT_TRANSLATE_NOOP("Phrases", "split"),
    QT_TRANSLATE_NOOP("Phrases", "adjudication"),
    QT_TRANSLATE_NOOP("Phrases", "import of {0}"),
    QT_TRANSLATE_NOOP("Phrases", "import"),
)

_NESTED = (
    QT_TRANSLATE_NOOP("Phrases", "Encoding {0} with {1}"),
    QT_TRANSLATE_NOOP("Phrases", "Undo: {0}"),
    QT_TRANSLATE_NOOP("Phrases", "Redo: {0}"),
    QT_TRANSLATE_NOOP("Phrases", "queue: {0}"),
    QT_TRANSLATE_NOOP("Phrases", "{0} and {1} more"),
)
"""What stands in these is said in the window's language too."""
_AND_MORE = _NESTED[-1]

STAGES = (
    QT_TRANSLATE_NOOP("Phrases", "Waiting, so that {0} is not asked too often"),
    QT_TRANSLATE_NOOP("Phrases", "{0}, trying again"),
    QT_TRANSLATE_NOOP("Phrases", "Asking version {0}"),
    QT_TRANSLATE_NOOP("Phrases", "Checking"),
    QT_TRANSLATE_NOOP("Phrases", "Checking the backup"),
    QT_TRANSLATE_NOOP("Phrases", "Checking vectors"),
    QT_TRANSLATE_NOOP("Phrases", "Cleaning texts"),
    QT_TRANSLATE_NOOP("Phrases", "Clustering"),
    QT_TRANSLATE_NOOP("Phrases", "Comparing classifiers"),
    QT_TRANSLATE_NOOP("Phrases", "Comparing encoders and pipelines"),
    QT_TRANSLATE_NOOP("Phrases", "Comparing texts"),
    QT_TRANSLATE_NOOP("Phrases", "Copying the backup"),
    QT_TRANSLATE_NOOP("Phrases", "Counting boilerplate"),
    QT_TRANSLATE_NOOP("Phrases", "Counting visual words"),
    QT_TRANSLATE_NOOP("Phrases", "Describing pictures"),
    QT_TRANSLATE_NOOP("Phrases", "Drawing the demo catalogue"),
    QT_TRANSLATE_NOOP("Phrases", "Drawing the line"),
    QT_TRANSLATE_NOOP("Phrases", "Fetching pictures"),
    QT_TRANSLATE_NOOP("Phrases", "Fetching {0}"),
    QT_TRANSLATE_NOOP("Phrases", "Unpacking {0}"),
    QT_TRANSLATE_NOOP("Phrases", "Finding boilerplate"),
    QT_TRANSLATE_NOOP("Phrases", "Finding reasons"),
    QT_TRANSLATE_NOOP("Phrases", "Finding the axes of the words"),
    QT_TRANSLATE_NOOP("Phrases", "Fitting distributions"),
    QT_TRANSLATE_NOOP("Phrases", "Importing {0}"),
    QT_TRANSLATE_NOOP("Phrases", "Joining texts and pictures"),
    QT_TRANSLATE_NOOP("Phrases", "Laying out"),
    QT_TRANSLATE_NOOP("Phrases", "Laying out with UMAP"),
    QT_TRANSLATE_NOOP("Phrases", "Learning topics"),
    QT_TRANSLATE_NOOP("Phrases", "Learning visual words"),
    QT_TRANSLATE_NOOP("Phrases", "Learning word vectors"),
    QT_TRANSLATE_NOOP("Phrases", "Linking neighbours"),
    QT_TRANSLATE_NOOP("Phrases", "Looking at pictures"),
    QT_TRANSLATE_NOOP("Phrases", "Looking for communities"),
    QT_TRANSLATE_NOOP("Phrases", "Looking for dense places"),
    QT_TRANSLATE_NOOP("Phrases", "Looking for neighbours"),
    QT_TRANSLATE_NOOP("Phrases", "Making a backup"),
    QT_TRANSLATE_NOOP("Phrases", "Measuring clusters ({0})"),
    QT_TRANSLATE_NOOP("Phrases", "Measuring the classifier"),
    QT_TRANSLATE_NOOP("Phrases", "Measuring the learning curve"),
    QT_TRANSLATE_NOOP("Phrases", "Measuring the level of chance"),
    QT_TRANSLATE_NOOP("Phrases", "Merging groups"),
    QT_TRANSLATE_NOOP("Phrases", "Naming clusters"),
    QT_TRANSLATE_NOOP("Phrases", "Ordering queues"),
    QT_TRANSLATE_NOOP("Phrases", "Preparing texts"),
    QT_TRANSLATE_NOOP("Phrases", "Projecting texts"),
    QT_TRANSLATE_NOOP("Phrases", "Proposing the number of clusters"),
    QT_TRANSLATE_NOOP("Phrases", "Read {0}"),
    QT_TRANSLATE_NOOP("Phrases", "Reading texts"),
    QT_TRANSLATE_NOOP("Phrases", "Reading version {0}"),
    QT_TRANSLATE_NOOP("Phrases", "Reading {0}"),
    QT_TRANSLATE_NOOP("Phrases", "Rescuing {0}"),
    QT_TRANSLATE_NOOP("Phrases", "Searching {0}"),
    QT_TRANSLATE_NOOP("Phrases", "Suggesting"),
    QT_TRANSLATE_NOOP("Phrases", "Training"),
    QT_TRANSLATE_NOOP("Phrases", "Unpack {0}"),
    QT_TRANSLATE_NOOP("Phrases", "Voting on clusters"),
    QT_TRANSLATE_NOOP("Phrases", "Writing {0}"),
    QT_TRANSLATE_NOOP("Phrases", "Comparing {0}"),
    QT_TRANSLATE_NOOP("Phrases", "Fitting encoders to the catalogue"),
    QT_TRANSLATE_NOOP("Phrases", "Looking at altered pictures"),
    QT_TRANSLATE_NOOP("Phrases", "Taking {0} in"),
    QT_TRANSLATE_NOOP("Phrases", "Training the network"),
    QT_TRANSLATE_NOOP("Phrases", "Finding axes"),
    QT_TRANSLATE_NOOP("Phrases", "Placing on the axes"),
    QT_TRANSLATE_NOOP("Phrases", "Waiting for neighbours"),
)
"""Titles of the stages that work goes through; a test compares them with the code below the window."""

WORDED_FACETS = frozenset({STATUS, SUGGESTION, VIEWS, PICTURE, WORTH, CURATORS})
"""Facets whose values are words of the program, not of the catalogue."""

PHRASES = (*_WORDS, *_HISTORY, *_NESTED, *STAGES, *QUEUES_SAID, *FORECASTS, *ERRORS)


def phrase(text: str) -> str:
    """The text in the language of the window."""
    if len(text) > _LONGEST:  # longer than anything we say: only a stranger's project holds such lines
        return cut(text, _LONGEST)
    found = _template_of(text)
    if found is None:
        return text
    template, parts = found
    if template in _NESTED:
        parts = tuple(phrase(part) for part in parts)
    elif template in ERRORS:
        # A sentence within is another error; anything else is a name, which stays.
        parts = tuple(phrase(part) if part.endswith(".") else part for part in parts)
    said = QCoreApplication.translate("Phrases", template)
    return said.format(*parts) if parts else said


def shown_title(facet: str, title: str) -> str:
    """The title of a facet's value as it is shown: only words of the program are translated."""
    return phrase(title) if facet in WORDED_FACETS else title


@cache
def _templates() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Templates with places and their words between them, most words first: the most particular one that fits
    is the right one."""
    # “… and 2 more” ends any other line, so it is looked at first; it is told by its number.
    order = sorted((one for one in PHRASES if "{" in one), key=lambda one: (one != _AND_MORE, -len(one)))
    return tuple((one, tuple(re.split(r"\{\d\}", one))) for one in order)


def _may_fit(text: str, words: tuple[str, ...]) -> bool:
    """Whether all these words are there: some hundred patterns would take the window too long to compile."""
    return text.startswith(words[0]) and text.endswith(words[-1]) and all(word in text for word in words)


@cache
def _pattern(template: str) -> re.Pattern[str]:
    pattern = re.escape(template)
    if template == _AND_MORE:
        pattern = pattern.replace(r"\{1\}", r"(\d+)")
    return re.compile(re.sub(r"\\\{\d\\\}", "(.+)", pattern) + r"\Z", re.DOTALL)


@cache
def _plain() -> frozenset[str]:
    return frozenset(one for one in PHRASES if "{" not in one)


@lru_cache(maxsize=1024)
def _template_of(text: str) -> tuple[str, tuple[str, ...]] | None:
    if text in _plain():
        return text, ()
    for template, words in _templates():
        found = _pattern(template).match(text) if _may_fit(text, words) else None
        if found is not None:
            return template, found.groups()
    return None
