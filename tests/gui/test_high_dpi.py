"""On a screen of many pixels the map is drawn in all of them, and the mouse means what lies below it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("scale", [1.5, 2.0])
def test_lasso_and_click_meet_the_right_products_at_another_scale(scale: float) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "tests.gui.scaled_window"],
        cwd=ROOT,
        env={**os.environ, "QT_SCALE_FACTOR": str(scale), "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=240,
        check=True,
    )
    said = json.loads(told.stdout.splitlines()[-1])
    assert said["scale"] == scale
    width, height, view_width, view_height = said["grab"]
    assert (width, height) == pytest.approx((scale * view_width, scale * view_height), abs=2)
    assert said["lassoed"] == said["wanted"]
    assert len(said["picked"]) == 6
    for clicked, looked_at in said["picked"]:
        assert looked_at == clicked
