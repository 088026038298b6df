"""More than 300 hostile files are taken in by a process of its own: none crashes it, runs code, touches a
file outside, hangs it or fills its memory."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.hostile.catalogues import OWNED, hostile_catalogues
from tests.hostile.pictures import hostile_pictures
from tests.hostile.projects import CLASSIFIER_FOLDER, hostile_projects, hostile_weights
from tests.torture.cases import make_template

ROOT = Path(__file__).resolve().parents[2]
LONGEST_CPU_S = 5.0
"""Of the processor: how long that is on the wall depends on what else the machine does."""
LONGEST_WALL_S = 55.0
"""Generous, since test machines are crowded: what waits for something that never comes waits longer."""
MOST_BYTES = 1_500_000_000
LEAST_FILES = 300


def collect(folder: Path) -> list[tuple[str, str]]:
    """Write the whole battery into `folder`: (kind, path) of each."""
    found: list[tuple[str, str]] = []
    for part in ("pictures", "catalogues", "projects", "weights", "template"):
        (folder / part).mkdir(exist_ok=True)
    for name, content in hostile_pictures():
        (folder / "pictures" / name).write_bytes(content)
        found.append(("picture", str(folder / "pictures" / name)))
    for name, content in hostile_catalogues():
        path = folder / "catalogues" / name
        path.write_bytes(content)
        kind = "taxonomy" if name.startswith("taxonomy") else "vectors" if name.startswith("vectors") else ""
        found.append((kind or "catalogue", str(path)))
    make_template(folder / "template")
    template = folder / "template" / "shop.prodlabel"
    shutil.rmtree(template / "backups")
    (template / "results").mkdir()
    _give_results(template)
    found += [("project", str(one)) for one in hostile_projects(template, folder / "projects")]
    found += [("weights", str(one)) for one in hostile_weights(folder / "weights")]
    return found


def _give_results(template: Path) -> None:
    import numpy as np

    from prodlabel.learning.fusion import FusionClassifier
    from prodlabel.learning.saving import save_classifier
    from prodlabel.operations.suggest import classifier_in_use
    from prodlabel.operations.train import FUSION
    from prodlabel.project.project import Project
    from tests.learning.conftest import make_products

    with Project.open(template) as project:
        save_classifier(FusionClassifier().fit(*make_products(30)), template / CLASSIFIER_FOLDER)
        ids = project.columns.product_id
        held = {"thresholds": np.full(3, 0.5), "trained_on": ids[:30]}
        project.results.save("classifier", FUSION, held, settings={"folder": CLASSIFIER_FOLDER, "level": 1})
        assert len(classifier_in_use(project).classifier.classes_) == 3  # what the harms are done to is read
        project.results.save(
            "layout", "fused", {"product_id": ids, "xy": np.zeros((len(ids), 2), np.float32)}
        )


def state_of(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.slow
def test_the_battery_does_no_harm(tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    # Beside every folder that is attacked: what paths out of it would reach.
    places = (tmp_path, work, work / "projects", work / "weights")
    outside = [place / "outside" for place in places]
    for place in outside:
        place.mkdir(parents=True)
        (place / "secret.txt").write_text("secret", encoding="utf-8")
        (place / "secret.npz").write_bytes(b"secret")
    battery = collect(work)
    assert len(battery) >= LEAST_FILES
    before = [state_of(one) for one in outside]
    listed = tmp_path / "list.jsonl"
    listed.write_text("\n".join(json.dumps(one) for one in battery), encoding="utf-8")
    answer = subprocess.run(
        [sys.executable, "-m", "tests.hostile.taker", str(listed)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    told = [json.loads(line) for line in answer.stdout.splitlines()]
    ended = [one for one in told if "ends" in one]
    assert answer.returncode == 0, (told[-1], answer.stderr[-3000:])
    assert len(ended) == len(battery)
    assert [one for one in ended if one["how"] == "crashed"] == []
    assert [one for one in ended if one["cpu_s"] > LONGEST_CPU_S] == []
    assert [one for one in ended if one["wall_s"] > LONGEST_WALL_S] == []
    assert told[-1]["peak_bytes"] < MOST_BYTES
    assert [state_of(one) for one in outside] == before
    assert not [path for path in tmp_path.rglob(f"*{OWNED}*") if path.suffix != ".csv"]
    assert not list(ROOT.glob(f"*{OWNED}*"))
    assert "secret" not in answer.stdout
