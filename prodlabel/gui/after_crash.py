"""What the window does about crashes: tells of the last one, and of defects that nothing else has caught."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from prodlabel.gui.messages import Messages
from prodlabel.gui.running import Ended
from prodlabel.gui.tasks import Callbacks
from prodlabel.store.atomic import write_bytes

if TYPE_CHECKING:
    from prodlabel.gui.ended_dialog import EndedDialog
    from prodlabel.gui.main_window import MainWindow
    from prodlabel.operations.backups import BackupContents

_log = logging.getLogger(__name__)


def show_ended(window: MainWindow, ended: Sequence[Ended], opening: Path | None = None) -> EndedDialog:
    """Tell of the windows that did not close, the last one first; `opening` is opened anyway."""
    from prodlabel.gui.ended_dialog import EndedDialog
    from prodlabel.operations.backups import present_contents

    # One with a project says more than an empty window that went down with it.
    newest = next((one for one in ended if one.project is not None), ended[0])
    project = newest.project
    is_opening = project is not None and opening is not None and project.resolve() == opening.resolve()
    dialog = EndedDialog(newest, is_opening=is_opening, parent=window)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open_wanted.connect(window.open_project)
    dialog.save_wanted.connect(lambda path: _save(window.messages, path, dialog))
    shown: list[EndedDialog] = [dialog]
    dialog.finished.connect(lambda _result: shown.clear())

    def tell(contents: BackupContents) -> None:
        for one in shown:
            one.tell(contents)

    dialog.open()
    if project is not None:
        window.tasks.start(
            dialog.reading(),
            lambda _progress: present_contents(project),
            Callbacks(tell, window.messages.report),
            is_of_pane=False,
        )
    return dialog


def tell_of_defects(messages: Messages) -> None:
    """Let an error that a slot lets out be seen in the crash dialog instead of on a terminal nobody reads."""
    before = sys.excepthook

    def tell(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if isinstance(error, Exception):
            messages.report(error)
        else:
            before(kind, error, trace)

    sys.excepthook = tell


def _save(messages: Messages, path: Path, dialog: EndedDialog) -> None:
    with messages.guard():
        write_bytes(path, dialog.ended.report.encode())
        messages.inform(dialog.saved(path))
