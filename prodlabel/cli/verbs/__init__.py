"""The table of verbs, in the order in which a newcomer needs them."""

from __future__ import annotations

from prodlabel.cli.verb import Verb
from prodlabel.cli.verbs.analysis import CLUSTER, ENCODE, MAP, SUGGEST, TRAIN
from prodlabel.cli.verbs.catalogue import IMPORT
from prodlabel.cli.verbs.export import EXPORT
from prodlabel.cli.verbs.history import HISTORY, REDO, RELABEL, UNDO
from prodlabel.cli.verbs.project import CHECK, INFO, NEW
from prodlabel.cli.verbs.report import REPORT
from prodlabel.cli.verbs.review import ACCEPT, QUEUE, VERSIONS
from prodlabel.cli.verbs.safety import BACKUPS
from prodlabel.cli.verbs.study import DEMO, STUDY
from prodlabel.cli.verbs.taxonomy import TAXONOMY
from prodlabel.cli.verbs.weights import FETCH

VERBS: tuple[Verb, ...] = (
    *(DEMO, STUDY, NEW, IMPORT, INFO, ENCODE, MAP, CLUSTER, TRAIN, SUGGEST),
    *(QUEUE, ACCEPT, VERSIONS),
    *(RELABEL, UNDO, REDO, HISTORY, TAXONOMY, REPORT, EXPORT, CHECK, BACKUPS, FETCH),
)
