"""The figures of a version: intervals, confusion, calibration and coverage from held-out answers."""

from __future__ import annotations

import numpy as np
import pytest

from prodlabel.gui.training.evidence import Evidence, category_figures, wilson


def evidence(truth: list[int], said: list[int], confidence: list[float]) -> Evidence:
    ids = np.arange(100, 100 + len(truth))
    return Evidence(
        3, np.array([7, 9], np.int32), ids, np.array(truth), np.array(said), np.array(confidence),
        np.ones(len(truth)), 0, {},
    )  # fmt: skip


FOUND = evidence([0, 0, 0, 1, 1], [0, 0, 1, 1, 1], [0.99, 0.8, 0.6, 0.95, 0.7])


def test_cells_hold_their_products_the_surest_first() -> None:
    assert FOUND.confusion().tolist() == [[2, 1], [0, 2]]
    assert FOUND.cell(0, 0).tolist() == [100, 101]
    assert FOUND.cell(0, 1).tolist() == [102]
    assert FOUND.confusion().sum() == len(FOUND)


def test_recall_is_by_row_and_precision_by_column() -> None:
    first, second = category_figures(FOUND)
    assert first.precision == 1.0
    assert first.recall == pytest.approx(2 / 3)
    assert second.precision == pytest.approx(2 / 3)
    assert second.recall == 1.0
    assert first.recall_range[0] < first.recall < first.recall_range[1]


def test_an_interval_stays_within_a_share_and_narrows_with_more() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(10, 10)[1] == pytest.approx(1.0)
    few, many = wilson(9, 10), wilson(900, 1000)
    assert many[1] - many[0] < few[1] - few[0]
    # Newcombe, Statistics in Medicine 17 (1998), table I: 81 of 263.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)


def test_coverage_takes_the_surest_first() -> None:
    coverage, kept, confidence = FOUND.coverage_curve()
    assert coverage[-1] == 1.0
    assert kept[-1] == pytest.approx(FOUND.accuracy)
    assert (np.diff(confidence) <= 0).all()
    assert FOUND.coverage_at(1.0) == 4
    assert FOUND.coverage_at(0.5) == 5


def test_bins_of_the_calibration_hold_every_product() -> None:
    _, right, count = FOUND.calibration(bins=2)
    assert count.sum() == 5
    assert float((right * count).sum()) == pytest.approx(4)
