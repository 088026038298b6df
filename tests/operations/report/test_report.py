"""The page as a whole: complete, escaped, self-contained, the same every time."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from prodlabel.core.errors import Cancelled, NotReadyError
from prodlabel.core.progress import CancelToken, Progress
from prodlabel.operations.report import ReportSummary, make_report
from prodlabel.operations.report.methods import NETWORK_TITLES
from prodlabel.project.project import Project
from prodlabel.project.results import CLASSIFIER
from tests.operations.report.conftest import HOSTILE, SETTINGS

VOID = {"meta", "img", "br", "input", "link", "hr"}


class _Reader(HTMLParser):
    """Notes every tag with its attributes, and whether all that opens is closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.is_well_formed = True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.is_well_formed &= bool(self.open) and self.open.pop() == tag


@pytest.fixture(scope="session")
def page(studied: Project, tmp_path_factory: pytest.TempPathFactory) -> tuple[ReportSummary, str]:
    path = tmp_path_factory.mktemp("page") / "report.html"
    summary = make_report(studied, path, Progress(), SETTINGS)
    return summary, path.read_text(encoding="utf-8")


def read(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader


def test_verdict_stands_before_everything_else(page: tuple[ReportSummary, str]) -> None:
    summary, html = page
    assert summary.headline.replace(" %", "\N{NO-BREAK SPACE}%") in html
    places = [html.index(f'id="{name}"') for name in ("verdict", "figures", "mixed", "wrong", "map", "data")]
    assert places == sorted(places)


def test_summary_holds_the_main_figures(page: tuple[ReportSummary, str]) -> None:
    summary, html = page
    assert summary.products == 72
    assert summary.categories == 3
    assert summary.accuracy is not None
    assert summary.accuracy > 0.9
    assert summary.wished_precision == 0.9
    assert summary.ari is not None
    assert summary.ari > 0.5
    assert summary.left_to_look_at is not None
    assert summary.saved_s == 12.0 * (71 - summary.left_to_look_at)
    assert summary.bytes == len(html.encode())
    assert summary.missing == ()
    json.dumps(summary.as_json(), allow_nan=False)


def test_page_is_well_formed(page: tuple[ReportSummary, str]) -> None:
    reader = read(page[1])
    assert reader.is_well_formed
    assert reader.open == []


def test_markup_in_names_stays_text(page: tuple[ReportSummary, str]) -> None:
    html = page[1]
    assert HOSTILE not in html
    assert "&lt;script&gt;alert(" in html
    tags = read(html).tags
    assert sum(tag == "script" for tag, _ in tags) == 1
    handlers = [name for _, attributes in tags for name in attributes if name.startswith("on")]
    assert handlers == []


def test_page_asks_for_nothing_from_elsewhere(page: tuple[ReportSummary, str]) -> None:
    html = page[1]
    for _, attributes in read(html).tags:
        for name in ("src", "href"):
            value = attributes.get(name) or "#"
            assert value.startswith(("#", "data:image/jpeg;base64,"))
    assert not re.search(r"url\(|@import|https?://", html)


def test_what_a_link_opens_is_on_the_page(page: tuple[ReportSummary, str]) -> None:
    tags = read(page[1]).tags
    ids = {str(attributes["id"]) for _, attributes in tags if "id" in attributes}
    opened = {str(attributes["href"]).removeprefix("#") for tag, attributes in tags if tag == "a"}
    assert opened <= ids
    assert "cluster-0" in opened


def test_every_number_of_the_verdict_opens_as_many_products(page: tuple[ReportSummary, str]) -> None:
    summary, html = page
    verdict = html[html.index('id="verdict"') : html.index('id="figures"')]
    of = {claim.title.rpartition(":")[0]: len(claim.product_ids) for claim in summary.claims}
    links = re.findall(r'<a href="#([\w-]+)">(\d+)</a>', verdict)
    assert {anchor.rpartition("-")[0] for anchor, _ in links} >= {"recognised", "above"}
    for anchor, number in links:
        place = html.index(f'id="{anchor}"')
        title = re.findall(r"(?:<h3>|<summary>)([^<]+)</", html[place - 300 : place + 300])
        assert any(f": {number} product" in one for one in title), anchor
    assert of["Filed without a look"] + of["Left to look at"] == 71
    assert of["watch, recognised"] <= 25
    cells = {name: number for name, number in of.items() if " in cluster " in name}
    assert sum(cells.values()) == 71


def test_what_is_not_a_card_is_named(page: tuple[ReportSummary, str]) -> None:
    html = page[1]
    place = html.index('id="recognised-0"')
    named = html[html.index("<pre>", place) + 5 : html.index("</pre>", place)].split()
    assert len(named) >= 20
    assert all(one.startswith("key-") for one in named)


def test_typical_pictures_are_told_by_pictures_alone(page: tuple[ReportSummary, str]) -> None:
    # No picture was encoded here: products are told by their texts, and the page says so.
    assert "Typical and untypical products" in page[1]


def test_page_names_no_folder_of_this_machine(page: tuple[ReportSummary, str], studied: Project) -> None:
    assert str(studied.folder.parent) not in page[1]


def test_charts_have_titles_and_descriptions(page: tuple[ReportSummary, str]) -> None:
    charts = [attributes for tag, attributes in read(page[1]).tags if tag == "svg"]
    assert len(charts) >= 4
    ids = {attributes.get("id") for _, attributes in read(page[1]).tags}
    for chart in charts:
        assert chart["role"] == "img"
        assert set((chart["aria-labelledby"] or "?").split()) <= ids


def test_wrong_label_is_shown_with_proposal_and_reason(page: tuple[ReportSummary, str]) -> None:
    summary, html = page
    wrong = html[html.index('id="wrong"') : html.index('id="map"')]
    assert summary.suspicious_labels is not None
    assert summary.suspicious_labels >= 1
    assert "key-1<" in wrong
    assert "nearest products are there" in wrong


def test_flaws_show_their_products(page: tuple[ReportSummary, str]) -> None:
    data = page[1][page[1].index('id="data"') :]
    assert "1 picture cannot be used" in data
    assert "broken.jpg does not exist." in data
    assert "1 product without a category" in data


def test_same_project_gives_the_same_bytes(
    page: tuple[ReportSummary, str], studied: Project, tmp_path: Path
) -> None:
    again = tmp_path / "again.html"
    make_report(studied, again, Progress(), SETTINGS)
    assert again.read_text(encoding="utf-8") == page[1]


@pytest.mark.parametrize("kind", ["joint", "picture-network"])
def test_a_trained_network_is_compared_with_or_without_the_full_study(
    bare: Project, tmp_path: Path, kind: str
) -> None:
    figures = {"accuracy": 0.912, "accuracy_std": 0.034, "macro_f1": 0.9, "calibration_error": 0.02}
    bare.results.save(CLASSIFIER, kind, {}, settings={"kind": kind}, figures=figures, is_current=False)
    path = tmp_path / "page.html"
    make_report(bare, path, Progress(), SETTINGS)
    html = path.read_text(encoding="utf-8")
    assert NETWORK_TITLES[kind] in html
    assert re.search(r"91\.2\s% ± 3\.4", html)
    assert read(html).is_well_formed


def test_project_without_steps_says_what_to_run(bare: Project, tmp_path: Path) -> None:
    path = tmp_path / "bare.html"
    summary = make_report(bare, path, Progress(), SETTINGS)
    html = path.read_text(encoding="utf-8")
    assert summary.missing == ("encode", "map", "cluster", "train", "suggest")
    assert summary.headline == ""
    assert summary.accuracy is None
    for step in ("map", "cluster", "train", "encode"):
        assert f"<code>prodlabel {step}</code>" in html
    assert read(html).is_well_formed


def test_empty_project_is_told_to_import(tmp_path: Path) -> None:
    with Project.create(tmp_path / "empty") as project, pytest.raises(NotReadyError, match="import"):
        make_report(project, tmp_path / "empty.html", Progress(), SETTINGS)
    assert not (tmp_path / "empty.html").exists()


def test_cancel_leaves_no_page(bare: Project, tmp_path: Path) -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        make_report(bare, tmp_path / "page.html", Progress(token=token), SETTINGS)
    assert not (tmp_path / "page.html").exists()
