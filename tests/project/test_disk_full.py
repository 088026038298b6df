"""A disk that is full while somebody labels: the edit fails as a whole, memory says what the disk says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# A limit on the size of files is how a full disk looks to SQLite, without needing to be root.
SCRIPT = """
import resource, sys
from pathlib import Path
import numpy as np
from prodlabel.core.edits import ImportBatch, Relabel
from prodlabel.core.errors import ProjectError
from prodlabel.core.progress import Progress
from prodlabel.operations.check import check_project
from prodlabel.project.project import Project
from tests.project.conftest import records

with Project.create(Path(sys.argv[1]), person="Ada") as project:
    source_id = project.register_source(kind="table", location="x.csv", title="x.csv")
    project.apply(ImportBatch(source_id, records(5000)))
    cups, bags = (project.taxonomy.find(("Shop", name)) for name in ("Cup", "Bag"))
    project.apply(Relabel(project.columns.product_id[:10], cups))
    heard = []
    project.subscribe(heard.append)
    before, last = project.columns, project.last_edit
    for room in (0, 4096, 50_000, 100_000):
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))
        try:
            project.apply(Relabel(project.columns.product_id, bags))
        except ProjectError as error:
            # The backup before so large a step is what there is no room for first.
            assert "Free some" in str(error), error
        else:
            raise SystemExit("there was room")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        assert project.columns is before and project.last_edit == last and not heard
        assert check_project(project.snapshot(), Progress()) == []
        assert project.history(limit=1)[0].id == last
    project.apply(Relabel(project.columns.product_id, bags))
    after = project.columns
with Project.open(Path(sys.argv[1] + ".prodlabel")) as again:
    assert np.array_equal(again.columns.category, after.category)
    assert set(again.columns.category.tolist()) == {bags}
    assert check_project(again.snapshot(), Progress()) == []
print("well")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of files")
def test_an_edit_on_a_full_disk_fails_as_a_whole_and_works_once_there_is_room(tmp_path: Path) -> None:
    answer = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path / "full")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (answer.stdout, answer.stderr) == ("well\n", "")
