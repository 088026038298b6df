"""Blocks of encoders that are fitted to the catalogue are computed once and found again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from prodlabel.core.errors import Cancelled, InputError, NotReadyError
from prodlabel.core.progress import CancelToken, Progress
from prodlabel.encoders.text.tfidf import TfIdf
from prodlabel.operations.corpus import corpus_block
from prodlabel.operations.importing import ImportSettings, import_catalogue
from prodlabel.operations.materials import Materials
from prodlabel.operations.pictures import look_at_pictures
from prodlabel.project.project import Project
from prodlabel.sources.protocol import OpenOptions
from tests.encoders.pictures import drawn_picture


def write_catalogue(folder: Path, count: int = 12, word: str = "towel") -> Path:
    import cv2

    (folder / "images").mkdir(parents=True, exist_ok=True)
    lines = ["key,name,description,category,picture"]
    for i in range(count):
        if i != 3:
            cv2.imwrite(str(folder / "images" / f"{i}.jpg"), drawn_picture(i % 4))
        what = word if i % 2 else "watch"
        lines.append(f"k{i},{what} {i},A fine {what} made of cotton or steel,Shop,{i}.jpg")
    path = folder / "catalogue.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    settings = ImportSettings(
        write_catalogue(tmp_path), options=OpenOptions(picture_folder=tmp_path / "images")
    )
    with Project.create(tmp_path / "shop.prodlabel") as made:
        import_catalogue(made, settings, Progress())
        look_at_pictures(made, Progress())
        yield made


def dense(vectors: object) -> NDArray[np.float32]:
    return vectors.toarray() if hasattr(vectors, "toarray") else np.asarray(vectors)


@pytest.mark.parametrize(
    ("encoder", "settings"),
    [("tfidf", {}), ("counts", {}), ("lsa", {"dim": 4}), ("nmf", {"topics": 2}), ("sift", {"words": 6})],
)
def test_a_block_has_a_vector_for_every_product_with_content(
    project: Project, encoder: str, settings: dict[str, int]
) -> None:
    block = corpus_block(Materials(project.snapshot()), encoder, Progress(), settings=settings)
    assert len(dense(block.vectors)) == 12
    missing = [3] if encoder == "sift" else []
    assert np.flatnonzero(~block.is_present).tolist() == missing


def test_a_second_run_reads_what_the_first_kept(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    first = corpus_block(Materials(project.snapshot()), "tfidf", Progress())

    def no_fit(*_: object) -> None:
        raise AssertionError("it was fitted again")

    monkeypatch.setattr(TfIdf, "fit_transform", no_fit)
    second = corpus_block(Materials(project.snapshot()), "tfidf", Progress())
    assert np.array_equal(dense(second.vectors), dense(first.vectors))
    assert np.array_equal(second.is_present, first.is_present)


def test_other_settings_or_other_texts_make_another_block(project: Project, tmp_path: Path) -> None:
    def files() -> set[str]:
        return {path.name for path in (project.folder / "vectors").glob("tfidf.joined-*.npz")}

    corpus_block(Materials(project.snapshot()), "tfidf", Progress())
    first = files()
    corpus_block(Materials(project.snapshot()), "tfidf", Progress(), settings={"min_df": 1})
    second = files()
    import_catalogue(project, ImportSettings(write_catalogue(tmp_path, word="lamp")), Progress())
    corpus_block(Materials(project.snapshot()), "tfidf", Progress(), settings={"min_df": 1})
    assert len(first) == len(second) == len(files()) == 1, "only the newest is kept"
    assert len(first | second | files()) == 3


def test_a_damaged_block_is_made_again(project: Project) -> None:
    made = corpus_block(Materials(project.snapshot()), "tfidf", Progress())
    (path,) = (project.folder / "vectors").glob("tfidf.joined-*.npz")
    path.write_bytes(path.read_bytes()[:-50])
    again = corpus_block(Materials(project.snapshot()), "tfidf", Progress())
    assert np.abs(again.vectors - made.vectors).max() == 0.0


def test_words_are_not_sought_in_pictures(project: Project) -> None:
    with pytest.raises(InputError, match="picture"):
        corpus_block(Materials(project.snapshot()), "tfidf", Progress(), field="picture")


def test_a_cancelled_run_leaves_no_block(project: Project) -> None:
    token = CancelToken()
    with pytest.raises(Cancelled):
        corpus_block(
            Materials(project.snapshot()),
            "sift",
            Progress(lambda _: token.cancel(), token=token, interval_s=0),
        )
    assert not list((project.folder / "vectors").glob("sift*"))


def test_an_empty_project_has_no_block(tmp_path: Path) -> None:
    with Project.create(tmp_path / "empty.prodlabel") as empty, pytest.raises(NotReadyError):
        corpus_block(Materials(empty.snapshot()), "tfidf", Progress())
