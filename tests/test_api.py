"""The API for programs, and packages that add to prodlabel: a notebook can do what the window does."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import prodlabel
from prodlabel.core import plugins
from prodlabel.core.errors import InputError, NotReadyError
from prodlabel.core.labels import Status
from prodlabel.core.plugins import PluginError
from prodlabel.core.progress import Progress
from prodlabel.encoders import plugins as encoder_plugins
from prodlabel.encoders import registry as encoders
from prodlabel.operations.train import TrainSettings
from prodlabel.sources import plugins as source_plugins
from prodlabel.sources.exports.registry import export, export_for
from prodlabel.sources.protocol import OpenOptions
from prodlabel.sources.registry import open_catalogue, source

EXAMPLE = Path(__file__).parent / "data" / "example_plugin"
TABLE = "id,name,description,category\n" + "".join(
    f"k{n},{w} {n},A fine {w} of copper,Shop > {w.title()}s\n"
    for n, w in enumerate(["cup", "bag", "pot"] * 4)
)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[prodlabel.Shop]:
    table = tmp_path / "shop.csv"
    table.write_text(TABLE)
    with prodlabel.create(tmp_path / "shop", person="Ada") as shop:
        assert shop.take_in(table).added == 12
        yield shop


def forget_plugins() -> None:
    for cached in (
        plugins.plugins,
        source_plugins.plugin_sources,
        source_plugins.plugin_exports,
        encoder_plugins.plugin_encoders,
    ):
        cached.cache_clear()


@pytest.fixture
def example(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The example package on the path, as if it were installed."""
    monkeypatch.syspath_prepend(EXAMPLE)
    forget_plugins()
    yield
    forget_plugins()
    sys.modules.pop("prodlabel_example", None)


def test_columns_are_arrays_and_texts_an_arrow_table(shop: prodlabel.Shop) -> None:
    columns = shop.columns()
    assert len(shop) == 12
    assert columns["category"].shape == (12,)
    assert not columns["category"].flags.writeable
    assert shop.categories()[int(columns["category"][0])] == ("Shop", "Cups")
    table = shop.to_arrow()
    assert table.column_names == ["key", "name", "description", "category", "status", "picture"]
    assert table.slice(1, 1).to_pylist() == [
        {"key": "k1", "name": "bag 1", "description": "A fine bag of copper", "category": "Shop > Bags",
         "status": "imported", "picture": None},
    ]  # fmt: skip
    assert shop.to_arrow([]).num_rows == 0
    assert [one.key for one in shop.texts([2, 0])] == ["k2", "k0"]


def test_relabelling_is_a_step_that_can_be_undone(shop: prodlabel.Shop) -> None:
    rows = shop.search("copper cup")
    assert rows.tolist() == shop.rows_of("Cups").tolist() == [0, 3, 6, 9]
    shop.relabel(rows, "Shop > Bags", reason="all of copper")
    assert len(shop.rows_of("Bags")) == 8
    assert set(shop.columns()["status"][rows].tolist()) == {int(Status.CONFIRMED)}
    assert shop.project.history(limit=1)[0].reason == "all of copper"
    assert shop.undo() is not None
    assert len(shop.rows_of("Bags")) == 4
    assert shop.redo() is not None
    mask = np.zeros(12, dtype=bool)
    mask[0] = True
    shop.relabel(mask, 0)
    assert shop.columns()["category"][0] == 0


def test_mistakes_are_explained(shop: prodlabel.Shop) -> None:
    with pytest.raises(InputError, match="Rows go from 0 to 11"):
        shop.texts([12])
    with pytest.raises(InputError, match="mask has 3 entries"):
        shop.texts([True, False, True])
    with pytest.raises(InputError, match="no category nowhere"):
        shop.relabel([0], "nowhere")
    with pytest.raises(InputError, match="no product with the key “x”"):
        shop.rows_of_keys(["k1", "x"])
    with pytest.raises(NotReadyError):
        shop.suggest()


def test_a_program_encodes_trains_suggests_and_exports(shop: prodlabel.Shop, tmp_path: Path) -> None:
    vectors = shop.encode("minilm")
    assert vectors.shape == (12, 384)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)
    assert shop.rows_of_keys(["k3", "k1"]).tolist() == [3, 1]
    assert shop.export(tmp_path / "a.parquet", rows=[1, 2]) == 2
    assert shop.export(tmp_path / "a.xlsx") == 12


def test_a_program_trains_and_suggests(shop: prodlabel.Shop) -> None:
    shop.encode("minilm")
    unlabelled = shop.rows_of_keys(["k0", "k1"])
    shop.relabel(unlabelled, 0)
    number = shop.train(TrainSettings(level=2, repeats=0))
    assert number >= 1
    suggested = shop.suggest()
    assert suggested.product_id.tolist() == shop.columns()["product_id"].tolist()
    assert suggested.category.shape[0] == 12
    names = shop.categories()
    assert [names[one] for one in suggested.category[unlabelled, 0].tolist()] == [
        ("Shop", "Cups"),
        ("Shop", "Bags"),
    ]
    assert ((suggested.confidence >= 0) & (suggested.confidence <= 1)).all()
    assert shop.suggest() is not suggested
    assert np.array_equal(shop.suggest(is_new=True).category, suggested.category)


def test_the_example_in_the_readme_runs(tmp_path: Path) -> None:
    text = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    code = text.partition("## For programs")[2].partition("```python\n")[2].partition("```")[0]
    table, out = tmp_path / "shop.csv", tmp_path / "out.parquet"
    table.write_text(TABLE.replace("Shop > ", ""))
    with prodlabel.create(tmp_path / "shop") as shop:
        shop.take_in(table)
    assert '"shop.prodlabel"' in code
    code = code.replace("shop.prodlabel", shop.project.folder.as_posix())
    names: dict[str, object] = {}
    exec(code.replace("out.parquet", out.as_posix()), names)
    assert out.is_file()


def test_importing_prodlabel_imports_nothing_else() -> None:
    code = (
        "import sys, prodlabel; heavy = {m.partition('.')[0] for m in sys.modules} & "
        "{'numpy', 'sqlalchemy', 'pyarrow', 'PySide6'}; assert not heavy, heavy; "
        "assert {'open', 'create', 'Shop'} <= set(dir(prodlabel)); prodlabel.open; "
        "heavy = {m.partition('.')[0] for m in sys.modules} & {'PySide6', 'tensorflow'}; assert not heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
    with pytest.raises(AttributeError, match="nothing"):
        prodlabel.nothing  # noqa: B018


@pytest.mark.expects_log
def test_a_package_adds_a_source(example: None, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "a.lines"
    path.write_text("1: Cup\nwrong\n2: Pot\n")
    catalogue = open_catalogue(path)
    assert catalogue.kind == "example-lines"
    records = list(catalogue.records(Progress()))
    assert [getattr(x, "name", None) for x in records] == ["Cup", None, "Pot"]
    said = "\n".join(r.getMessage() for r in caplog.records if r.levelno >= logging.WARNING)
    for name in ("half", "taken", "unmakeable", "absent"):
        assert f"The plugin {name} of the package prodlabel-example is left out" in said
    assert source("table").title == "table (CSV, TSV)"


@pytest.mark.expects_log
def test_a_package_adds_an_export(example: None, shop: prodlabel.Shop, tmp_path: Path) -> None:
    assert export_for(tmp_path / "a.names").kind == "example-names"
    assert shop.export(tmp_path / "a.names", rows=[0, 1]) == 2
    assert (tmp_path / "a.names").read_text() == "cup 0\nbag 1"


@pytest.mark.expects_log
def test_a_package_adds_an_encoder(example: None, shop: prodlabel.Shop) -> None:
    assert "example-length" in [one.entry.id for one in encoders.available() if one.is_available]
    assert shop.encode("example-length").shape == (12, 2)


@pytest.mark.expects_log
def test_defects_of_a_package_name_it_and_harm_nothing_else(example: None, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text(TABLE)
    assert len(list(open_catalogue(table).records(Progress()))) == 12
    with pytest.raises(PluginError, match="plugin broken of the package prodlabel-example failed"):
        open_catalogue(table, OpenOptions(), "example-broken")
    with pytest.raises(PluginError, match="ZeroDivisionError"):
        export("example-broken").write(tmp_path / "x", [])
    with pytest.raises(InputError, match="No source is called example-half"):
        source("example-half")
