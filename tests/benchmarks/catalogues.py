"""The catalogues that quality is measured on, imported and encoded once and kept in `.cache/`."""

from __future__ import annotations

from pathlib import Path

from prodlabel.core.progress import Progress
from prodlabel.operations.encode import DEFAULT_ENCODERS
from prodlabel.operations.importing import ImportSettings, import_catalogue
from prodlabel.operations.materials import Materials
from prodlabel.operations.pictures import look_at_pictures
from prodlabel.operations.steps import encode_project
from prodlabel.operations.study import open_or_create
from prodlabel.sources.demo import write_demo_catalogue
from tests.conftest import SHARED

CACHE = Path(__file__).resolve().parents[2] / ".cache" / "benchmarks"


def real_products() -> Materials | None:
    """The real products beside this checkout, or None where they are not there."""
    catalogue = SHARED / "flipkart" / "flipkart_com-ecommerce_sample.csv"
    return _encoded("flipkart", catalogue) if catalogue.is_file() else None


def drawn_products() -> Materials:
    """The built-in demo catalogue."""
    catalogue = CACHE / "drawn" / "catalogue.csv"
    if not catalogue.is_file():
        write_demo_catalogue(catalogue.parent, progress=Progress())
    return _encoded("demo", catalogue)


def _encoded(name: str, catalogue: Path) -> Materials:
    CACHE.mkdir(parents=True, exist_ok=True)
    with open_or_create(CACHE / name) as project:
        import_catalogue(project, ImportSettings(catalogue), Progress())
        look_at_pictures(project, Progress())
        encode_project(project, DEFAULT_ENCODERS, Progress())
        return Materials(project.snapshot())
