"""The report on paper: the same chapters as the page, laid out for A4.

Invariant: the same context gives the same bytes; nothing is measured here.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.platypus import BaseDocTemplate, CondPageBreak, Frame, PageTemplate, Spacer, Table

from prodlabel.operations.report import pdf_parts as parts
from prodlabel.operations.report.behind import LEFT, SURE_AND_WRONG, TAKEN
from prodlabel.operations.report.flaws import WITHOUT_CATEGORY
from prodlabel.operations.report.gallery import Card
from prodlabel.operations.report.pdf_charts import Chart
from prodlabel.operations.report.pdf_methods import block_maps, methods_chapter
from prodlabel.operations.report.pdf_parts import WIDTH, cards, linked, said, table, tagged, together
from prodlabel.operations.report.wording import count, percent

Context = Mapping[str, Any]
_HALF = WIDTH / 2 - 6
_ROOM = 75 * mm


def render_pdf(context: Context) -> bytes:
    """The document."""
    parts.load_fonts()
    target = io.BytesIO()
    title = f"{context['name']}: can it be automated?"
    document = BaseDocTemplate(
        target, pagesize=A4, title=title, author="prodlabel", invariant=1, pageCompression=1, lang="en"
    )
    margin = parts.MARGIN
    frame = Frame(margin, margin, WIDTH, A4[1] - 2 * margin, 0, 0, 0, 0)
    draw = parts.on_page(context["name"], context["made_on"])
    document.addPageTemplates([PageTemplate("all", [frame], onPage=draw)])
    document.build(_story(context))
    return target.getvalue()


def _story(context: Context) -> list[Any]:
    story = _verdict(context)
    for chapter in (
        _figures, _mixed, _wrong, _labels, methods_chapter, _maps, _clusters, _categories, _data, _behind,
        _provenance,
    ):  # fmt: skip
        found = chapter(context)
        # A heading is not left alone at the foot of a page.
        story += [CondPageBreak(_ROOM), *found] if found else []
    return story


def _styles(context: Context) -> Any:
    return context["scheme"].styles


def _chart(svg: Any, wide: float, context: Context, styles: Any = None) -> Chart:
    return Chart(svg, wide, _styles(context) if styles is None else styles)


def _pair(left: Any, right: Any) -> Table:
    style = [("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0)]
    return Table([[left, right]], [WIDTH / 2] * 2, style=style)


def _head(text: str) -> Any:
    return said(text, parts.HEAD)


def _verdict(context: Context) -> list[Any]:
    about = (
        f"{count(context['products'])} products, {count(context['with_picture'])} with a picture, "
        f"{len(context['scheme'].ids)} categories · {context['made_on']}"
    )
    story = [said("FEASIBILITY REPORT", parts.OVER), said(context["name"], parts.TITLE)]
    story += [said(about, parts.DIM), Spacer(1, 10)]
    verdict = context["verdict"]
    if verdict is None:
        said_so = "Not measured yet. Without a trained classifier nothing can be said about automation."
        return [*story, said(said_so, parts.LEAD)]
    story += [said(verdict.headline, parts.TITLE), Spacer(1, 4)]
    story += [linked(context["lead"], context["opens"], parts.LEAD), said(verdict.explanation)]
    saving = verdict.saving
    assumed = f"Assumption: {saving.seconds_per_look:g} s for a look at one product."
    story += [said(f"{saving.sentence} {saving.per_thousand} {assumed}"), _lists_of_saving(context)]
    if context["waiting"]:
        these = [(f"{context['waiting']} ", ""), ("These products", WITHOUT_CATEGORY), (".", "")]
        story.append(linked(these, context["opens"]))
    methods = context["methods"]
    if methods is not None and methods.forecasts:
        story.append(said(f"How many labels: {' '.join(methods.forecasts[:2])}"))
    rows = [
        [
            tagged(one.name, one.style, _styles(context), parts.CELL_BOLD),
            one.grade.value,
            percent(one.accepted / one.products),
            linked(one.parts, context["opens"], parts.CELL),
        ]
        for one in verdict.categories
    ]
    head = ["Category", "Verdict", "Above the threshold", "What was seen"]
    story += [said("Category by category", parts.SUBHEAD), table(head, rows, [26, 22, 14, 60], [2])]
    if context["too_small"]:
        story.append(
            said(f"Not measured (a single product each): {', '.join(context['too_small'])}.", parts.DIM)
        )
    return story


def _lists_of_saving(context: Context) -> Any:
    """Where the products are that the saving counts."""
    lists = [("filed without a look", TAKEN), ("filed wrongly", SURE_AND_WRONG), ("left to look at", LEFT)]
    there = [one for one in lists if one[1] in context["opens"]]
    joined = [piece for one in there for piece in (one, (", ", ""))][:-1]
    return linked([("The products: ", ""), *joined, (".", "")], context["opens"], parts.DIM)


def _figures(context: Context) -> list[Any]:
    if not context["figures"]:
        return []
    rows = [[said(one.name, parts.CELL_BOLD), one.value, one.spread, one.how] for one in context["figures"]]
    story = [_head("The figures, and how they were measured")]
    story.append(table(["Figure", "Value", "Spread", "How it was measured"], rows, [18, 11, 20, 60]))
    charts = [_chart(context[name], _HALF, context) for name in ("reliability", "coverage")]
    story.append(together(_pair(*charts)))
    story.append(
        together(
            said("Confusion", parts.SUBHEAD),
            *parts.heat(context["confusion"], _styles(context), context["opens"]),
        )
    )
    if context["agreement"]:
        head = ["Vectors of", "ARI", "95 % interval", "AMI", "V-measure", "Silhouette", "By chance"]
        found = [
            [one.view, one.ari, one.interval, one.ami, one.v_measure, one.silhouette, one.chance]
            for one in context["agreement"]
        ]
        widths = [20, 18, 20, 18, 12, 12, 12]
        found_how = context["how_compared"]
        how = (
            f"± over {context['seeds']} seeds; as many clusters as categories, {found_how}. "
            "No step saw a label."
        )
        story += [
            said("Clusters found without labels", parts.SUBHEAD),
            table(head, found, widths, range(1, 7)),
        ]
        story.append(said(how, parts.DIM))
    return story


def _mixed(context: Context) -> list[Any]:
    story: list[Any] = []
    for pair in context["pairs"]:
        heading = parts.anchored(f"{pair.names[0]} and {pair.names[1]}", pair.anchor, parts.SUBHEAD)
        story += _gallery([heading, said(pair.sentence)], pair.cards, context)
        story += parts.keys(pair.products.keys, pair.products.more)
    return [_head("Categories that are mixed up"), *story] if story else []


def _gallery(before: list[Any], shown: list[Card], context: Context) -> list[Any]:
    """Cards, the first row of which stays with what stands above."""
    rows = cards(shown, _styles(context))
    return [together(*before, *rows[:1]), *rows[1:]]


def _wrong(context: Context) -> list[Any]:
    suspects = context["suspects"]
    if suspects is None or not suspects.shown:
        return []
    rows = [
        [
            parts.shot(one.card, 34, 34),
            [said(one.card.name, parts.CELL_BOLD), said(one.card.key, parts.CARD_DIM)],
            tagged(one.card.category, one.card.style, _styles(context)),
            tagged(one.proposed, one.proposed_style, _styles(context), parts.CELL_BOLD),
            one.confidence,
            one.reason,
        ]
        for one in suspects.shown
    ]
    head = ["", "Product", "Label", "Rather", "Sure", "Why"]
    about = (
        f"{count(suspects.total)} labels are contradicted by a classifier that had not seen the product; "
        f"shown: {len(rows)}, the most suspicious first."
    )
    found = table(head, rows, [9, 36, 20, 20, 8, 34], [4])
    keys = parts.keys(suspects.every.keys, suspects.every.more)
    return [parts.anchored("Labels that look wrong", "suspects", parts.HEAD), said(about), found, *keys]


def _labels(context: Context) -> list[Any]:
    methods = context["methods"]
    if methods is None or methods.curve is None:
        return []
    words = [*parts.listed(methods.forecasts), said(methods.forecast_error, parts.DIM)]
    how = "Dots: mean of six draws, whiskers from worst to best. Line and band: power law, 90 % interval."
    chart = [_chart(methods.curve, _HALF, context), said(how, parts.DIM)]
    return [together(_head("How many labels it takes"), _pair(chart, words))]


def _maps(context: Context) -> list[Any]:
    if not context["maps"]:
        return []
    legend = [tagged(name, at, _styles(context)) for at, name in enumerate(context["scheme"].names)]
    rows = [legend[at : at + 4] + [""] * (4 - len(legend[at : at + 4])) for at in range(0, len(legend), 4)]
    story = [CondPageBreak(A4[1] / 2), _head("The map"), Table(rows, [WIDTH / 4] * 4)]
    small = [one for one in context["maps"] if not one.is_large]
    for one in context["maps"]:
        if one.is_large:
            styles = context["cluster_styles"] if one.legend == "cluster" else None
            title = f"{one.title}. {one.how}".rstrip(". ")
            story.append(together(said(title, parts.DIM), _chart(one.svg, WIDTH, context, styles)))
    for at in range(0, len(small), 2):
        pair = [
            [
                said(f"{one.title}. {one.how}".rstrip(". "), parts.DIM),
                _chart(
                    one.svg, _HALF, context, context["cluster_styles"] if one.legend == "cluster" else None
                ),
            ]
            for one in small[at : at + 2]
        ]
        story.append(together(_pair(pair[0], pair[1] if len(pair) > 1 else "")))
    return story + block_maps(context)


def _clusters(context: Context) -> list[Any]:
    if not context["clusters"]:
        return []
    rows = []
    for one in context["clusters"]:
        inside = [
            tagged(f"{name} {text}", style, _styles(context)) for name, style, _, text in one.shares[:3]
        ]
        shots = [parts.shot(card, 30, 30) for card in one.cards[:5]]
        row = (
            Table(
                [shots],
                [32] * len(shots),
                style=[("LEFTPADDING", (0, 0), (-1, -1), 0), ("RIGHTPADDING", (0, 0), (-1, -1), 2)],
            )
            if shots
            else ""
        )
        opened = [(one.name, f"cluster-{one.number}")]
        name = [
            linked(opened, context["opens"], parts.CELL_BOLD),
            said(f"{one.purity} of one category", parts.CARD_DIM),
        ]
        rows.append([count(one.size), name, inside, row])
    head = ["Products", "Cluster", "Categories inside", "Most central"]
    story = [
        _head("Clusters"),
        said(context["how_clustered"]),
        *_proposal(context),
        table(head, rows, [9, 30, 34, 40]),
    ]
    if context["cluster_heat"] is not None:
        found = parts.heat(context["cluster_heat"], _styles(context), context["opens"])
        story.append(together(said("Categories against clusters", parts.SUBHEAD), *found))
    return story


def _proposal(context: Context) -> list[Any]:
    proposal = context["proposal"]
    if proposal is None:
        return []
    best = proposal.candidates[0]
    return [said(f"Looked at without a label, {best.count} clusters are proposed: {best.reason}.")]


def _categories(context: Context) -> list[Any]:
    story: list[Any] = []
    articles = []
    for one in context["words"]:
        about = (
            f"{one.products} products, median {one.median} words ({one.shortest} to {one.longest}), "
            f"{one.distinct} distinct"
        )
        words = ", ".join(f"{word} {text}" for word, _, text in one.words)
        title = tagged(one.name, one.style, _styles(context), parts.SUBHEAD)
        articles.append(
            [title, said(about, parts.DIM), _chart(one.cloud, _HALF, context), said(words, parts.DIM)]
        )
    if articles:
        story.append(_head("Words of the categories"))
    for at in range(0, len(articles), 2):
        right = articles[at + 1] if at + 1 < len(articles) else ""
        story.append(together(_pair(articles[at], right)))
    if context["examples"]:
        story.append(CondPageBreak(_ROOM))
        what = "pictures" if context["is_of_pictures"] else "products"
        story.append(_head(f"Typical and untypical {what}"))
    for one in context["examples"]:
        heading = tagged(one.name, one.style, _styles(context), parts.SUBHEAD)
        story.append(together(heading, said("Typical", parts.DIM), *cards(one.typical, _styles(context))))
        if one.untypical:
            story.append(together(said("Untypical", parts.DIM), *cards(one.untypical, _styles(context))))
    return story


def _data(context: Context) -> list[Any]:
    story = [_head("What is wrong with the data")]
    for flaw in context["flaws"]:
        heading = parts.anchored(flaw.title, flaw.anchor, parts.SUBHEAD)
        story += _gallery([heading], flaw.cards, context) + parts.keys(flaw.keys, flaw.more)
    twins = context["twins"]
    if twins.families:
        families = f"{count(twins.families)} families with nearly the same text"
        about = f"{count(twins.products)} products form {families}."
        story.append(parts.anchored("The same article twice", "twins", parts.SUBHEAD))
        story.append(said(f"{about} {count(twins.split)} of them lie in more than one category."))
        for family in twins.shown:
            story += _gallery([said(family.sentence)], family.cards, context)
            story += parts.keys(family.keys, len(family.keys))
        for sentence, names in twins.others:
            story += [said(f"{sentence}: {', '.join(names)}", parts.CARD_DIM)]
    boilerplate = context["boilerplate"]
    if boilerplate.is_any:
        share = boilerplate.share_removed
        about = f"{share} of all letters are the product's own name again or the shop's phrases."
        rows = [list(one) for one in boilerplate.phrases]
        story += [
            said("Boilerplate", parts.SUBHEAD),
            said(about),
            table(["Phrase", "Descriptions"], rows, [80, 20], [1]),
        ]
    return story


def _behind(context: Context) -> list[Any]:
    story: list[Any] = []
    for one in context["behind"]:
        if one.is_detail:
            continue
        before = [parts.anchored(one.title, one.anchor, parts.SUBHEAD)]
        if one.note:
            before.append(said(one.note, parts.DIM))
        story += _gallery(before, one.cards, context) + parts.keys(one.keys, one.more)
    details = [one for one in context["behind"] if one.is_detail]
    if details:
        story.append(said("Category by category, and categories in clusters", parts.SUBHEAD))
    for one in details:
        names = [*(card.key for card in one.cards), *one.keys]
        heading = parts.anchored(one.title, one.anchor, parts.CELL_BOLD)
        story += [heading, *parts.keys(names, len(one.product_ids))]
    return [_head("The products behind the figures"), *story] if story else []


def _provenance(context: Context) -> list[Any]:
    story = [_head("Provenance"), table([], [list(one) for one in context["facts"]], [22, 80])]
    if context["encoders"]:
        rows = [[one.title, one.version, count(one.dimensions), one.licence] for one in context["encoders"]]
        story.append(
            table(["Encoder", "Version", "Dimensions", "Licence of its weights"], rows, [30, 34, 12, 30], [2])
        )
    owned = (
        "Names, texts and pictures belong to the catalogue they came from; they are shown small, as evidence."
    )
    story.append(
        said(f"{owned} Made with prodlabel, on one computer, without sending anything anywhere.", parts.DIM)
    )
    return story
