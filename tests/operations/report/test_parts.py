"""The parts of a report: wording, verdicts, charts, tables."""

from __future__ import annotations

import numpy as np
import pytest
from markupsafe import Markup

from prodlabel.core.palette import LIGHT, Shape, category_styles
from prodlabel.operations.cluster import BY_CATEGORIES, BY_METHOD, BY_REQUEST, ClusterOutcome
from prodlabel.operations.report import wording
from prodlabel.operations.report.behind import ProductList
from prodlabel.operations.report.clusters import aligned, how_found
from prodlabel.operations.report.evidence import settings_of, wilson_interval
from prodlabel.operations.report.gallery import Card, Gallery
from prodlabel.operations.report.heat import cluster_heat
from prodlabel.operations.report.lead import lead_in_words
from prodlabel.operations.report.maps import said_of_layout
from prodlabel.operations.report.mixing import MixedPair
from prodlabel.operations.report.scatter import MOST_POINTS, Scatter, draw_map
from prodlabel.operations.report.scheme import Scheme, theme_css
from prodlabel.operations.report.svg import element, mark
from prodlabel.operations.report.verdict import CategoryVerdict, Grade, Saving, _grade
from prodlabel.operations.report.vocabulary import _chains


@pytest.mark.parametrize(
    ("share", "digits", "text"),
    [(0.77, 0, "77 %"), (0.9996, 0, "99 %"), (1.0, 0, "100 %"), (0.001, 0, "1 %"), (0.0, 1, "0.0 %")],
)
def test_percent_never_rounds_to_certainty(share: float, digits: int, text: str) -> None:
    assert wording.percent(share, digits) == text


def test_what_was_not_measured_is_a_dash() -> None:
    assert wording.percent(float("nan")) == wording.decimal(None) == "–"


def test_durations_are_told_in_the_unit_that_fits() -> None:
    assert [wording.duration(s) for s in (20, 1630, 7030, 3600 * 250)] == [
        "20 s",
        "27 min",
        "1 h 57 min",
        "250 h",
    ]


def test_wilson_interval_holds_the_share_and_stays_within_bounds() -> None:
    low, high = wilson_interval(50, 50)
    assert 0.9 < low < 1.0
    assert high == pytest.approx(1.0)
    assert wilson_interval(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("products", "recognised", "accepted", "wrong", "grade"),
    [
        (100, 99, 95, 0, Grade.YES),
        (100, 95, 90, 20, Grade.PARTLY),
        (100, 85, 60, 1, Grade.PARTLY),
        (100, 60, 20, 0, Grade.NO),
        (10, 10, 10, 0, Grade.UNKNOWN),
    ],
)
def test_grade_follows_from_what_was_seen(
    products: int, recognised: int, accepted: int, wrong: int, grade: Grade
) -> None:
    assert _grade(products, recognised, accepted, wrong, 0.99) is grade


def test_saving_says_its_assumption() -> None:
    saving = Saving(products=100, accepted=80, left=20, wrong=1, seconds_per_look=30)
    assert "At 30 s a product that is 10 min of work instead of 50 min." in saving.sentence


def test_settings_without_repeats_are_measured_once() -> None:
    assert settings_of({"precision": 0.95, "repeats": 0, "folder": "x"}).repeats == 1


def test_svg_escapes_texts_and_attributes() -> None:
    made = element("text", "<b>&", title='"><script>')
    assert made == Markup('<text title="&#34;&gt;&lt;script&gt;">&lt;b&gt;&amp;</text>')


def test_every_shape_has_a_mark() -> None:
    assert len({mark(shape, 0, 0, 4) for shape in Shape}) == len(Shape)


def scatter(count: int) -> Scatter:
    xy = np.random.default_rng(0).normal(size=(count, 2)).astype(np.float32)
    xy[0] = np.nan
    styles = category_styles(2, LIGHT)
    return Scatter("m", "t", "d", xy, np.arange(count) % 2, styles, captions=[(0, 0, "a"), (0, 0, "b")])


def test_map_leaves_out_products_without_a_place() -> None:
    html = str(draw_map(scatter(11)))
    assert "nan" not in html
    assert html.count("z") == 10


def test_map_of_very_many_products_is_sampled() -> None:
    html = str(draw_map(scatter(5 * MOST_POINTS)))
    assert MOST_POINTS / 2 < html.count("a4.0 4.0 0 1 0 8.0") + html.count("L") / 3 <= MOST_POINTS


def test_captions_do_not_lie_on_each_other() -> None:
    html = str(draw_map(scatter(11)))
    places = [part.split('"')[0] for part in html.split(' y="')[1:]]
    assert len(set(places)) == len(places) == 2


def test_map_without_any_place_is_empty() -> None:
    one = scatter(3)
    one.xy[:] = np.nan
    assert draw_map(one) == ""


def test_results_are_aligned_to_products_that_came_and_went() -> None:
    kept = {"product_id": np.array([1, 2, 3]), "cluster": np.array([7, 8, 9], np.int32)}
    found = aligned(np.array([2, 3, 4]), kept, "cluster")
    assert found is not None
    assert found.tolist() == [8, 9, -1]
    assert aligned(np.array([5]), kept, "cluster") is None


def test_large_tables_keep_the_largest_rows_and_say_so() -> None:
    count = 30
    scheme = Scheme(1, tuple(range(1, count + 1)), tuple(f"c{n}" for n in range(count)), ())
    table = np.diag(np.arange(1, count + 1)).astype(np.int64)
    heat = cluster_heat(table, scheme, [f"k{n}" for n in range(count)])
    assert [name for name, _, _ in heat.rows] == [f"c{n}" for n in range(6, count)]
    assert "30" in heat.left_out


def test_both_themes_have_every_variable() -> None:
    css = theme_css(9)
    dark = css[css.index("prefers-color-scheme") : css.index("@media print")]
    assert all(f"--k{number}:" in dark and f"--k{number}:" in css for number in range(9))


def test_runs_of_boilerplate_are_put_together() -> None:
    grams = [("buy", "it", "online"), ("it", "online", "now"), ("free", "shipping", "today")]
    assert sorted(_chains(sorted(grams))) == ["buy it online now", "free shipping today"]


def test_pictures_beyond_the_budget_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("prodlabel.operations.report.gallery.PICTURE_BUDGET", 100)
    gallery = Gallery.__new__(Gallery)
    gallery.left_out, gallery._spent = 0, 0
    assert gallery._inlined(b"x" * 30) is not None
    assert gallery._inlined(b"x" * 90) is None
    assert gallery.left_out == 1


def test_lead_names_categories_and_opens_the_products_that_they_share() -> None:
    def judged(name: str, grade: Grade) -> CategoryVerdict:
        return CategoryVerdict(name, 0, grade, 30, 29, 28, 0, "")

    categories = [judged("Watches", Grade.YES), judged("Mugs", Grade.NO)]
    cards = [Card(f"key-{at}", "towel", "Baby", 0, None) for at in range(12)]
    products = ProductList("mixed-0-1", "", "", cards, list(range(15)), ["a", "b", "c"])
    pair = MixedPair(("Baby Care", "Linen"), (0, 1), "", ["towel"], products)
    parts = lead_in_words(categories, [pair])
    assert "".join(text for text, _ in parts) == (
        "Watches can be automated; Mugs needs a person for now; Baby Care and Linen share “towel”, here are "
        "twelve."
    )
    assert ("here are twelve", "mixed-0-1") in parts
    assert (products.more, products.unnamed) == (3, 0)


def test_clusters_say_how_they_were_found() -> None:
    def said(method: str, number_from: str) -> str:
        none = np.zeros(0, np.int64)
        return how_found(
            ClusterOutcome("fused", none, none.astype(np.int32), ["a"], [[]], [[]], {}, method, number_from)
        )

    assert said("axes", BY_REQUEST).endswith("Their number, 1, was asked for.")
    assert "HDBSCAN" in said("dense", BY_METHOD)
    assert "as many as there are categories" in said("vote", BY_CATEGORIES)
    assert "not kept" in said("", "")


def test_layouts_are_called_what_they_are() -> None:
    assert said_of_layout({"method": "pca"}) == "The first two principal axes"
    assert said_of_layout({"method": "umap", "seed": 3}) == "UMAP, seed 3"
    assert said_of_layout({"perplexity": 20.0, "seed": 1}) == "t-SNE, perplexity 20, seed 1"
    assert "xy.npy" in said_of_layout({"brought": "xy.npy"})


def test_sentence_says_what_a_category_is_taken_for() -> None:
    seen = CategoryVerdict("Towels", 0, Grade.UNKNOWN, 10, 0, 0, 0, "Linen")
    assert seen.sentence == "none of 10 recognised, mostly taken for Linen; none above the threshold."
