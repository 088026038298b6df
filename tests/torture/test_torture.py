"""A few kills of each kind of work; `make torture` makes hundreds of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.torture.cases import KINDS
from tests.torture.running import cases, run_all


@pytest.mark.slow
def test_kills_at_random_moments_lose_nothing(tmp_path: Path) -> None:
    outcomes = list(run_all(cases(2 * len(KINDS), seed=11, only=[]), tmp_path))
    assert {f"{one.case}": one.findings for one in outcomes if one.findings} == {}
    assert sum(one.acknowledged for one in outcomes) >= len(KINDS)
