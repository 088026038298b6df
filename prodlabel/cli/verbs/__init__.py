"""The table of verbs, in the order in which a newcomer needs them."""

from __future__ import annotations

from prodlabel.cli.verb import Verb
from prodlabel.cli.verbs.history import HISTORY, REDO, RELABEL, UNDO
from prodlabel.cli.verbs.project import CHECK, INFO, NEW

VERBS: tuple[Verb, ...] = (NEW, INFO, RELABEL, UNDO, REDO, HISTORY, CHECK)
