"""A network is trained in a process of its own, from a program and from the command line: killed, it goes on
where it was; stopped, it leaves nothing half done; and who asked for it never imports TensorFlow."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psutil
import pytest

from prodlabel.core.edits import Relabel
from prodlabel.core.errors import InputError
from prodlabel.core.labels import NO_CATEGORY, Status
from prodlabel.core.progress import Progress
from prodlabel.learning.networks.plan import what_is_missing
from prodlabel.learning.saving import load_classifier
from prodlabel.operations import networks
from prodlabel.operations.importing import ImportSettings, import_catalogue
from prodlabel.operations.materials import Materials
from prodlabel.operations.pictures import look_at_pictures
from prodlabel.operations.steps import encode_project
from prodlabel.operations.train import labels_at
from prodlabel.operations.versions import list_versions
from prodlabel.operations.views import views_for
from prodlabel.project.project import Project
from prodlabel.sources.demo import write_demo_catalogue

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(what_is_missing() is not None, reason=str(what_is_missing())),
]

LABELLED = 50

# As people write scripts: nothing keeps a child process from running it again.
SCRIPT = """
import json, sys
import prodlabel
from prodlabel.core.progress import Progress
from prodlabel.learning.networks.plan import NetworkSettings
from prodlabel.operations.train import TrainSettings
epochs, skipped = [], []
def listen(state):
    if state.stage == "Looking at altered pictures" and state.rate_per_s is None and state.done:
        skipped.append(state.done)
with prodlabel.open(sys.argv[1]) as shop:
    progress = Progress(listen, lambda one: epochs.append([one.training, one.stage, one.epoch]))
    quick = NetworkSettings(sys.argv[2], variants=1, head_epochs=int(sys.argv[3]), tuning_epochs=1)
    version = shop.train(TrainSettings(folds=2), network=quick, progress=progress)
    assert len(shop.suggest(is_new=True).category)
print(json.dumps({"version": version, "epochs": epochs, "seen before": max(skipped, default=0),
                  "tensorflow": "tensorflow" in sys.modules}))
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of 60 products with texts and pictures encoded, ten of them without a label."""
    folder = tmp_path_factory.mktemp("shop")
    catalogue = write_demo_catalogue(folder, count=60, progress=Progress())
    with Project.create(folder / "shop", person="ada") as project:
        import_catalogue(project, ImportSettings(catalogue), Progress())
        look_at_pictures(project, Progress())
        encode_project(project, ("minilm", "efficientnet-lite0"), Progress())
        project.apply(Relabel(project.columns.product_id[LABELLED:], NO_CATEGORY, Status.NONE))
        return project.folder


def start(*command: str | Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, *map(str, command)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def wait_until(asked: subprocess.Popen[str], is_time: Callable[[], bool]) -> None:
    while not is_time():
        assert asked.poll() is None, asked.stderr and asked.stderr.read()
        time.sleep(0.02)


def kept(folder: Path, pattern: str) -> list[Path]:
    return list((folder / networks.WORK_FOLDER).glob(f"*/{pattern}"))


def test_a_killed_training_of_a_program_goes_on_where_it_was(shop: Path, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    asked = start(script, shop, "joint", "3")
    wait_until(asked, lambda: bool(kept(shop, "under-way-1.npz")))
    for child in psutil.Process(asked.pid).children(recursive=True):
        child.send_signal(getattr(signal, "SIGKILL", signal.SIGTERM))
    _, err = asked.communicate()
    assert asked.returncode == 1
    assert "ended from outside" in err.splitlines()[-1]
    assert networks.is_under_way(shop)
    asked = start(script, shop, "joint", "3")
    out, err = asked.communicate()
    assert asked.returncode == 0, err
    said = json.loads(out)
    assert not said["tensorflow"]
    with Project.open(shop, read_only=True) as project:
        pictures = int(project.columns.has_picture[:LABELLED].sum())
    assert said["seen before"] == 2 * pictures, "no picture is altered twice"
    assert said["epochs"][0][0] == 2, "the first fold is not trained again"
    assert said["epochs"][0][1:] != ["head", 1], "nor is the epoch that was done"
    assert said["epochs"][-1] == [3, "tuning", 1]
    with Project.open(shop, read_only=True) as project:
        assert [one.number for one in list_versions(project)] == [said["version"]]
    assert not networks.is_under_way(shop), "what was under way is cleared away"


def test_a_network_of_pictures_alone_is_a_version_that_suggests(shop: Path, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    asked = start(script, shop, "picture-network", "12")
    out, err = asked.communicate()
    assert asked.returncode == 0, err
    with Project.open(shop, read_only=True) as project:
        version = next(one for one in list_versions(project) if one.number == json.loads(out)["version"])
        assert version.settings["kind"] == "picture-network"
        assert version.figures["accuracy"] > 0.3, "seven categories, some forty pictures"
        materials = Materials(project.snapshot())
        classifier = load_classifier(shop / str(version.settings["folder"]))
        said = classifier.predict(views_for(materials, classifier, Progress()))
        seen = project.columns.has_picture & (project.columns.category > 0)
        assert (said == labels_at(materials, 1))[seen].mean() > 0.5, "those that it learned from"


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_ctrl_c_in_a_terminal_stops_the_command_and_its_child_in_silence(shop: Path) -> None:
    command = [sys.executable, "-m", "prodlabel", "train", str(shop), "--with", "joint", "--seed", "1"]
    asked = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    wait_until(asked, lambda: bool(kept(shop, "maps.json")))
    children = psutil.Process(asked.pid).children(recursive=True)
    assert children
    os.killpg(asked.pid, signal.SIGINT)  # a terminal tells all of them
    _, err = asked.communicate()
    assert asked.returncode == 130
    assert "Traceback" not in err
    assert err.splitlines()[-1].startswith("prodlabel: Stopped. What was done is kept")
    assert not any(child.is_running() for child in children)
    with Project.open(shop, read_only=True) as project:
        assert not [one for one in list_versions(project) if one.settings["seed"] == 1]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="XDG_DATA_HOME names the user's weights")
def test_an_encoder_of_texts_among_the_weights_learns_along(
    shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    asked = start(script, shop, "joint-use", "3")
    _, err = asked.communicate()
    assert "needs its SavedModel" in err.splitlines()[-1]
    model = tmp_path / "data" / "prodlabel" / "weights" / "universal-sentence-encoder-4"
    subprocess.run([sys.executable, "-m", "tests.learning.networks.saved_texts", str(model)], check=True)
    asked = start(script, shop, "joint-use", "3")
    out, err = asked.communicate()
    assert asked.returncode == 0, err
    said = json.loads(out)
    assert not said["tensorflow"]
    with Project.open(shop, read_only=True) as project:
        version = next(one for one in list_versions(project) if one.number == said["version"])
        assert version.settings["kind"] == "joint-use"
        folder = shop / str(version.settings["folder"])
        classifier = load_classifier(folder)
        views = views_for(Materials(project.snapshot()), classifier, Progress())  # its texts were read before
        assert np.array_equal(classifier.predict_proba(views).argmax(axis=1).shape, [60])
    (folder / "text.npz").write_bytes(b"other numbers")
    with pytest.raises(InputError, match="damaged"):
        load_classifier(folder)
