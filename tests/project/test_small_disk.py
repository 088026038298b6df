"""A small disk that fills up: each step says what is wrong, loses nothing, and goes on when there is room."""

from __future__ import annotations

import ctypes
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SIZE = 12 * 2**20

# In a process of its own: after it, nothing holds a file of the small disk open.
SCRIPT = """
import json, shutil, sys
from pathlib import Path
import numpy as np
from PIL import Image
from prodlabel.core.edits import Relabel
from prodlabel.core.errors import UserError
from prodlabel.core.progress import Progress
from prodlabel.operations.backups import back_up, list_contents
from prodlabel.operations.check import check_project
from prodlabel.operations.encode import encode
from prodlabel.operations.export import export_project
from prodlabel.operations.importing import ImportSettings, import_catalogue
from prodlabel.operations.pictures import look_at_pictures
from prodlabel.project.project import Project
from tests.torture.worker import digest, use_tiny_encoder

disk, outside = Path(sys.argv[1]), Path(sys.argv[2])
use_tiny_encoder(outside / "encoded.log")
images = outside / "images"
images.mkdir()
noise = np.random.default_rng(0)
for number in range(20):
    pixels = noise.integers(0, 255, (140, 140, 3)).astype(np.uint8)
    Image.fromarray(pixels).save(images / f"{number}.png")

def table(name, count, word):
    lines = [f"{name}{n},{word} {n},{'words ' * 6}{n},Shop > {word},{n % 20}.png" for n in range(count)]
    path = outside / f"{name}.csv"
    path.write_text("key,name,description,category,picture\\n" + "\\n".join(lines) + "\\n", encoding="utf-8")
    return path

def options(path):
    from prodlabel.sources.protocol import OpenOptions
    return ImportSettings(path, options=OpenOptions(picture_folder=images))

first, second = table("a", 200, "cup"), table("b", 2_000, "lamp")
filler = disk / "filler"

def fill(left):
    free = shutil.disk_usage(disk).free
    with filler.open("wb") as file:
        file.write(bytes(max(0, free - left)))

with Project.create(disk / "shop", person="Ada") as project:
    folder = project.folder
    import_catalogue(project, options(first), Progress())
    target = project.taxonomy.find(["Shop"])
    steps = {
        "label": lambda: project.apply(Relabel(project.columns.product_id, target)),
        "import": lambda: import_catalogue(project, options(second), Progress()),
        "thumbnails": lambda: look_at_pictures(project, Progress()),
        "encode": lambda: encode(project.snapshot(), ("tiny",), Progress()),
        "backup": lambda: back_up(project, Progress()),
        "export": lambda: export_project(project, disk / "out.csv", Progress()),
    }
    for name, step in steps.items():
        for left in (0, 40_000):
            before, last = digest(project), project.last_edit
            fill(left)
            try:
                step()
                said = "well"
            except UserError as error:
                said = str(error)
            # An import is many steps: what came in whole may stay.
            is_same = said == "well" or digest(project) == before
            is_same |= name == "import" and project.last_edit > last
            findings = check_project(project.snapshot(), Progress())
            filler.unlink()
            told = {"step": name, "left": left, "said": said, "same": is_same, "findings": findings}
            print(json.dumps(told))
    for name, step in steps.items():
        step()
    ended = digest(project)
with Project.open(folder, person="Ada") as project:
    findings = check_project(project.snapshot(), Progress())
    problems = [one.problem for one in list_contents(folder) if one.problem]
    print(json.dumps({"step": "again", "same": digest(project) == ended, "findings": findings + problems}))
    left = [path.name for path in folder.rglob("*") if ".tmp" in path.name or path.name.endswith(".partial")]
    print(json.dumps({"step": "left", "files": left, "exported": (disk / "out.csv").stat().st_size > 1000}))
"""


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of a few megabytes in memory, where this user may mount one."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root on Linux may mount a small file system")
    place, system = tmp_path / "disk", ctypes.CDLL(None, use_errno=True)
    place.mkdir()
    if system.mount(b"tmpfs", bytes(place), b"tmpfs", 0, f"size={SIZE}".encode()):
        pytest.skip(f"mounting is not allowed here ({os.strerror(ctypes.get_errno())})")
    try:
        yield place
    finally:
        lazily = 2
        assert not system.umount2(bytes(place), lazily)


@pytest.mark.slow
def test_a_disk_that_is_full_at_every_step_loses_nothing(small_disk: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    answer = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(small_disk), str(outside)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr[-3000:]
    told = [json.loads(line) for line in answer.stdout.splitlines()]
    *steps, again, left = told
    assert {one["step"] for one in steps} == {"label", "import", "thumbnails", "encode", "backup", "export"}
    refused = [one for one in steps if one["said"] != "well"]
    assert {one["step"] for one in refused if one["left"] == 0} == {one["step"] for one in steps}
    assert not [one for one in steps if not one["same"] or one["findings"]]
    for one in refused:
        assert any(words in one["said"] for words in ("space", "disk is full", "disk is not full")), one
    assert again == {"step": "again", "same": True, "findings": []}
    assert left == {"step": "left", "files": [], "exported": True}
