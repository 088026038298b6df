"""The confusion matrix of many categories: all of it can be reached, and only what is in view is painted."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from prodlabel.core.palette import DARK, category_styles
from prodlabel.gui.training.confusion import ConfusionMatrix, WideMatrix

MANY = 63


def test_the_last_of_many_categories_is_reached_by_keys_and_mouse(qtbot: QtBot) -> None:
    matrix = ConfusionMatrix()
    wide = WideMatrix(matrix)
    qtbot.addWidget(wide)
    counts = np.arange(MANY * MANY, dtype=np.int64).reshape(MANY, MANY)
    matrix.show_counts(counts, [f"category {k}" for k in range(MANY)], category_styles(MANY, DARK), ())
    wide.resize(866, wide.sizeHint().height())
    wide.show()
    assert not wide.horizontalScrollBar().value()
    matrix.setFocus()
    for _ in range(MANY - 1):
        qtbot.keyClick(matrix, Qt.Key.Key_Right)
    last = matrix.cell(0, MANY - 1).center().toPoint()
    assert wide.viewport().rect().contains(matrix.mapTo(wide.viewport(), last))
    with qtbot.waitSignal(matrix.opened, check_params_cb=lambda *at: at == (0, MANY - 1)):
        qtbot.keyClick(matrix, Qt.Key.Key_Return)
    with qtbot.waitSignal(matrix.opened, check_params_cb=lambda *at: at == (2, MANY - 3)):
        qtbot.mouseClick(matrix, Qt.MouseButton.LeftButton, pos=matrix.cell(2, MANY - 3).center().toPoint())
    rows, columns = matrix._in(matrix.visibleRegion().boundingRect())
    assert len(columns) < MANY == len(rows)
    assert matrix._at(matrix.cell(7, 9).center()) == (7, 9)
    assert matrix._at(QPoint(2, 2).toPointF()) is None
