"""The exported classifier says what prodlabel says, in a process where prodlabel cannot be imported."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import prodlabel
from prodlabel.core.errors import InputError, NotReadyError
from prodlabel.learning.features import Views
from prodlabel.learning.fusion import FusionClassifier
from prodlabel.learning.to_onnx import to_onnx
from prodlabel.operations.train import TrainSettings

KINDS = ("cup", "bag", "pot")


def views(count: int, seed: int, *, text_dim: int = 6, picture_dim: int = 5) -> tuple[Views, np.ndarray]:
    """Products of three kinds; some lack words, text vectors, pictures, or all of them."""
    dice = np.random.default_rng(seed)
    y = dice.integers(0, 3, count)
    texts = [f"Ein schönes {KINDS[k]} aus Kupfer, {KINDS[k]} N°{n % 7} 🫖 für Tee" for n, k in enumerate(y)]
    names = [f"{KINDS[k]} {n % 5}0" for n, k in enumerate(y)]
    vectors = dice.normal(size=(count, text_dim)) + np.eye(3, text_dim)[y] * 2
    pictures = dice.normal(size=(count, picture_dim)) + np.eye(3, picture_dim)[y]
    has_text, has_picture = dice.random(count) > 0.2, dice.random(count) > 0.4
    lacks_words = dice.random(count) < 0.2
    texts = ["" if lacks else text for lacks, text in zip(lacks_words, texts, strict=True)]
    names = ["" if lacks else name for lacks, name in zip(lacks_words, names, strict=True)]
    vectors[~has_text], pictures[~has_picture] = 0, 0
    made = Views(texts, names, vectors.astype(np.float32), has_text, pictures.astype(np.float32), has_picture)
    return made, y


def run(network: bytes, seen: Views) -> np.ndarray:
    import onnxruntime

    session = onnxruntime.InferenceSession(network)
    given = {"text_vectors": seen.text_vectors, "picture_vectors": seen.picture_vectors}
    for name, texts in (("words", seen.texts), ("name_words", seen.names)):
        rows = [_words(text) for text in texts or []]
        most = max(2, *map(len, rows))
        given[name] = np.array([row + [""] * (most - len(row)) for row in rows], dtype=object)
    (found,) = session.run(None, {one.name: given[one.name] for one in session.get_inputs()})
    return np.asarray(found)


def _words(text: str) -> list[str]:
    from prodlabel.learning.tokens import WORD

    return WORD.findall(text.lower())


@pytest.mark.parametrize("use", [("words",), ("text",), ("words", "picture"), ("words", "text", "picture")])
def test_the_network_says_what_the_classifier_says(use: tuple[str, ...]) -> None:
    taught, y = views(120, 0)
    classifier = FusionClassifier(use=use).fit(taught, y)
    asked, _ = views(200, 1)
    network = to_onnx(classifier, {"a": "b"})
    assert network == to_onnx(classifier, {"a": "b"})
    found = run(network, asked)
    assert np.abs(found - classifier.predict_proba(asked)).max() < 1e-4
    is_silent = ~np.any([present for _, present in classifier.scores(asked).values()], axis=0)
    if len(use) == 1:
        assert is_silent.any()
        assert np.allclose(found[is_silent], classifier.prior_, atol=1e-6)


def test_a_category_that_an_expert_never_saw_is_no_surprise() -> None:
    taught, y = views(120, 0)
    taught.picture_vectors[y == 2] = 0  # type: ignore[index]
    taught.has_picture[y == 2] = False  # type: ignore[index]
    classifier = FusionClassifier(use=("words", "picture")).fit(taught, y)
    assert not classifier.experts_["picture"].seen.all()
    asked, _ = views(100, 1)
    assert np.abs(run(to_onnx(classifier, {}), asked) - classifier.predict_proba(asked)).max() < 1e-4


def test_one_category_is_no_classifier() -> None:
    taught, y = views(20, 0)
    with pytest.raises(InputError, match="nothing to tell apart"):
        to_onnx(FusionClassifier().fit(taught, np.zeros_like(y)), {})


TABLE = "id,name,description,category\n" + "".join(
    f"k{n},{w} {n},A fine {w} of copper, the {w} for N° {n % 4},Shop > {w.title()}s\n".replace(
        f"A fine {w} of copper, the {w} for N° {n % 4}", f'"A fine {w} of copper, the {w} for N° {n % 4}"'
    )
    for n, w in enumerate(KINDS * 8)
)


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The folder twice, made from one trained project."""
    folder = tmp_path_factory.mktemp("onnx")
    (folder / "shop.csv").write_text(TABLE, encoding="utf-8")
    with prodlabel.create(folder / "shop") as shop:
        shop.take_in(folder / "shop.csv")
        with pytest.raises(NotReadyError):
            shop.export_classifier(folder / "early")
        shop.encode("minilm")
        number = shop.train(TrainSettings(level=2, repeats=0))
        assert shop.export_classifier(folder / "a") == number
        shop.export_classifier(folder / "b", number=number)
        with pytest.raises(InputError, match="not empty"):
            shop.export_classifier(folder / "a")
        with pytest.raises(InputError, match="no classifier version 77"):
            shop.export_classifier(folder / "c", number=77)
    assert not (folder / "early").exists()
    return [folder / "a", folder / "b"]


def test_the_example_runs_without_prodlabel_and_agrees(exported: list[Path], tmp_path: Path) -> None:
    folder = exported[0]
    # A path entry that hides prodlabel: importing it fails.
    (tmp_path / "prodlabel").mkdir()
    (tmp_path / "prodlabel" / "__init__.py").write_text("raise ImportError('no prodlabel here')\n")
    code = "import runpy, sys; sys.path.insert(0, sys.argv[1]); runpy.run_path(sys.argv[2])"
    command = [sys.executable, "-I", "-c", code, str(tmp_path), str(folder / "example.py")]
    said = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    told = json.loads(said.stdout)
    with np.load(folder / "sample.npz") as sample:
        expected = sample["probabilities"]
        assert len(told) == len(expected) == len(sample["texts"]) == 20
    labels = json.loads((folder / "labels.json").read_text("utf-8"))
    paths = [one["path"] for one in labels["labels"]]
    assert paths == ["Shop > Cups", "Shop > Bags", "Shop > Pots"]
    assert [one["label"] for one in told] == [paths[at] for at in expected.argmax(axis=1)]
    assert np.abs([one["confidence"] for one in told] - expected.max(axis=1)).max() < 1e-4
    assert list(labels["inputs"]) == ["words", "name_words", "text_vectors"]
    assert labels["inputs"]["text_vectors"]["encoder"] == "minilm"
    assert [one["field"] for one in labels["inputs"]["text_vectors"]["blocks"]] == ["text", "name"]


def test_the_example_is_short() -> None:
    code = (Path(prodlabel.__file__).parents[1] / "resources" / "onnx" / "example.py").read_text("utf-8")
    lines = [line for line in code.split('"""')[2].splitlines() if line and "import" not in line]
    assert len(lines) == 10


def test_the_same_project_exports_the_same_classifier(exported: list[Path]) -> None:
    first, second = (
        {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
        for folder in exported
    )
    assert set(first) == {"classifier.onnx", "labels.json", "sample.npz", "example.py", "README.md"}
    assert first == second
