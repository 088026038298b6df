"""The parts that the pages of a printed report are made of: paragraphs, tables, cards of products.

Invariant: whatever comes in as text is escaped here; no part is wider than `WIDTH`.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Image, KeepTogether, Paragraph, Spacer, Table, TableStyle

from prodlabel import paths
from prodlabel.core.palette import LIGHT, CategoryStyle
from prodlabel.operations.report.gallery import Card
from prodlabel.operations.report.heat import Heat
from prodlabel.operations.report.pdf_charts import BOLD, REGULAR, decoded

MARGIN = 16 * mm
WIDTH = A4[0] - 2 * MARGIN
_SHOT = 24 * mm
MOST_KEYS = 200
"""Of a list, on paper."""


def load_fonts() -> None:
    """Make the fonts known; they hold most scripts, and the marks of the categories."""
    folder = paths.resources() / "fonts"
    for name, file in ((REGULAR, "DejaVuSans.ttf"), (BOLD, "DejaVuSans-Bold.ttf")):
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, str(folder / file)))
    pdfmetrics.registerFontFamily(REGULAR, REGULAR, BOLD, REGULAR, BOLD)


def _style(size: float, colour: str = LIGHT.text, *, bold: bool = False, **more: Any) -> ParagraphStyle:
    settings = {"leading": 1.36 * size, "spaceAfter": 0.35 * size} | more
    font = BOLD if bold else REGULAR
    return ParagraphStyle("", fontName=font, fontSize=size, textColor=HexColor(colour), **settings)


TITLE = _style(21, bold=True, spaceAfter=2)
OVER = _style(7.5, LIGHT.dim, bold=True, spaceAfter=3)
HEAD = _style(14.5, bold=True, spaceBefore=16, spaceAfter=5, keepWithNext=1)
SUBHEAD = _style(10, bold=True, spaceBefore=10, spaceAfter=3, keepWithNext=1)
BODY = _style(8.8)
LEAD = _style(10.5)
DIM = _style(7.8, LIGHT.dim)
CELL = _style(7.6, spaceAfter=0)
CELL_BOLD = _style(7.6, bold=True, spaceAfter=0)
CELL_RIGHT = _style(7.6, spaceAfter=0, alignment=TA_RIGHT)
CELL_BOLD_RIGHT = _style(7.6, bold=True, spaceAfter=0, alignment=TA_RIGHT)
COLUMN = _style(6.8, LIGHT.dim, bold=True, spaceAfter=0)
COLUMN_RIGHT = _style(6.8, LIGHT.dim, bold=True, spaceAfter=0, alignment=TA_RIGHT)
CARD = _style(6.2, spaceAfter=0)
CARD_DIM = _style(5.6, LIGHT.dim, spaceAfter=0)
EMPTY = _style(6.2, LIGHT.dim, spaceAfter=0, alignment=TA_CENTER)
TINY = _style(6.2, spaceAfter=0, alignment=TA_CENTER)


def said(text: str, style: ParagraphStyle = BODY) -> Paragraph:
    """A paragraph."""
    return Paragraph(escape(text), style)


def anchored(text: str, anchor: str, style: ParagraphStyle = BODY) -> Paragraph:
    """A paragraph that links lead to."""
    return Paragraph(f'<a name="{escape(anchor)}"/>{escape(text)}', style)


def linked(
    parts: Sequence[tuple[str, str]],
    opens: Container[str],
    style: ParagraphStyle = BODY,
    colour: str = LIGHT.accent,
) -> Paragraph:
    """A paragraph of (text, anchor) pieces; those whose anchor is in `opens` lead there, in this colour."""
    made = [
        f'<a href="#{escape(anchor)}" color="{colour}">{escape(text)}</a>'
        if anchor in opens
        else escape(text)
        for text, anchor in parts
    ]
    return Paragraph("".join(made), style)


def keys(names: Sequence[str], more: int) -> list[Any]:
    """The first of some keys, and how many follow; nothing where there is none."""
    if not more:
        return []
    shown = list(names[:MOST_KEYS])
    left = more - len(shown)
    text = ", ".join(shown) + (f", and {left:,} more, which the window opens" * (left > 0) if shown else "")
    return [said(text or f"{more:,} more, which the window opens.", CARD_DIM), Spacer(1, 3)]


def tagged(name: str, number: int | None, styles: Sequence[CategoryStyle], style: Any = CELL) -> Paragraph:
    """A category with its mark in its colour."""
    if number is None or number < 0:
        return said(name, style)
    one = styles[number]
    return Paragraph(f'<font color="{one.colour}">{escape(one.glyph)}</font> {escape(name)}', style)


def table(
    head: Sequence[str],
    rows: Sequence[Sequence[Any]],
    widths: Sequence[float],
    numbers: Sequence[int] = (),
    more: Sequence[tuple[Any, ...]] = (),
) -> Table:
    """Rows of texts or flowables; `widths` are shares of the page, `numbers` columns that stand right; `more`
    commands of style."""
    made: list[list[Any]] = []
    if head:
        made.append([said(text, COLUMN_RIGHT if at in numbers else COLUMN) for at, text in enumerate(head)])
    made += [[_cell(value, is_number=at in numbers) for at, value in enumerate(row)] for row in rows]
    total = sum(widths)
    rule = HexColor(LIGHT.line)
    style = TableStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LINEBELOW", (0, 0), (-1, -1), 0.5, rule),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 6),
            ("TOPPADDING", (0, 0), (-1, -1), 3),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
            *more,
        ]
    )
    columns = [WIDTH * share / total for share in widths]
    return Table(made, columns, style=style, repeatRows=1 if head else 0, spaceAfter=6)


def _cell(value: Any, *, is_number: bool) -> Any:
    return said(value, CELL_RIGHT if is_number else CELL) if isinstance(value, str) else value


def cards(shown: Sequence[Card], styles: Sequence[CategoryStyle], across: int = 6) -> list[Any]:
    """Products side by side, each with picture, name, key, category and note."""
    made = []
    wide = WIDTH / across
    for start in range(0, len(shown), across):
        row: list[Any] = [_card(one, styles, wide - 6) for one in shown[start : start + across]]
        row += [""] * (across - len(row))
        style = [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 6),
            ("TOPPADDING", (0, 0), (-1, -1), 2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
        ]
        made.append(Table([row], [wide] * across, style=TableStyle(style)))
    return made


def _card(one: Card, styles: Sequence[CategoryStyle], wide: float) -> list[Any]:
    parts = [shot(one, wide, _SHOT), Spacer(1, 2), said(_short(one.name, 60), CARD)]
    parts += [said(_short(one.key, 34), CARD_DIM), tagged(one.category, one.style, styles, CARD)]
    if one.note:
        parts.append(said(one.note, CARD_DIM))
    return parts


def shot(one: Card, wide: float, high: float) -> Any:
    """The picture of a card, or why there is none, in a box of this size."""
    if one.picture is None:
        return Table([[said(one.why_no_picture, EMPTY)]], [wide], [high], style=_FRAME)
    reader = decoded(one.picture)
    across, up = reader.getSize()
    scale = min((wide - 4) / across, (high - 4) / up)
    image = Image(_again(one.picture), across * scale, up * scale)
    return Table([[image]], [wide], [high], style=_FRAME)


def _again(uri: str) -> Any:
    import base64
    import io

    return io.BytesIO(base64.b64decode(uri.partition(",")[2]))


_FRAME = TableStyle(
    [
        ("ALIGN", (0, 0), (-1, -1), "CENTER"),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("BOX", (0, 0), (-1, -1), 0.5, HexColor(LIGHT.line)),
        ("LEFTPADDING", (0, 0), (-1, -1), 1),
        ("RIGHTPADDING", (0, 0), (-1, -1), 1),
        ("TOPPADDING", (0, 0), (-1, -1), 1),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
    ]
)


def heat(found: Heat, styles: Sequence[CategoryStyle], opens: Container[str] = ()) -> list[Any]:
    """A table of counts with a tint; columns carry the category's mark, or the number of a cluster. Numbers
    lead to their products, where their anchor is in `opens`."""
    first = 0.26 * WIDTH
    wide = min(34.0, (WIDTH - first) / max(1, len(found.columns)))
    heads: list[Any] = [""]
    for at, (_, number) in enumerate(found.columns):
        heads.append(tagged("", number, styles, TINY) if number is not None else said(str(at + 1), TINY))
    rows: list[list[Any]] = [heads]
    style: list[tuple[Any, ...]] = [
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("LEFTPADDING", (0, 0), (-1, -1), 1),
        ("RIGHTPADDING", (0, 0), (-1, -1), 1),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
        ("GRID", (1, 1), (-1, -1), 1.0, HexColor("#ffffff")),
    ]
    for down, (name, number, cells) in enumerate(found.rows, 1):
        rows.append(
            [
                tagged(name, number, styles),
                *(linked([(cell.text, cell.anchor)], opens, TINY, LIGHT.text) for cell in cells),
            ]
        )
        for across, cell in enumerate(cells, 1):
            place = (across, down)
            style.append(("BACKGROUND", place, place, _tinted(cell.tint)))
    made: list[Any] = [said(f"{found.caption}. {found.left_out}", DIM)]
    made.append(Table(rows, [first, *[wide] * len(found.columns)], style=TableStyle(style), hAlign="LEFT"))
    if any(number is None for _, number in found.columns):
        listed = "; ".join(f"{at}: {name}" for at, (name, _) in enumerate(found.columns, 1))
        made.append(said(f"Columns. {listed}.", DIM))
    return made


def _tinted(tint: int) -> Any:
    """The accent over the ground of the table, as the page mixes them."""
    over, under = HexColor(LIGHT.accent), HexColor(LIGHT.raised)
    share = tint / 100
    mixed = [
        share * getattr(over, one) + (1 - share) * getattr(under, one) for one in ("red", "green", "blue")
    ]
    return HexColor("#" + "".join(f"{round(255 * one):02x}" for one in mixed))


def together(*parts: Any) -> KeepTogether:
    """What is not to be torn apart between two pages."""
    flat: list[Any] = []
    for part in parts:
        flat.extend(part) if isinstance(part, list) else flat.append(part)
    return KeepTogether(flat)


def listed(lines: Sequence[str], style: ParagraphStyle = BODY) -> list[Any]:
    """Lines with a dash before each."""
    return [Paragraph(f"–&nbsp;&nbsp;{escape(one)}", style) for one in lines]


def _short(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"


def on_page(name: str, made_on: str) -> Callable[[Any, Any], None]:
    """Draws what stands on every page: the name of the project, the day, the page's number."""

    def draw(canvas: Any, document: Any) -> None:
        canvas.saveState()
        canvas.setFont(REGULAR, 7)
        canvas.setFillColor(HexColor(LIGHT.dim))
        canvas.drawString(MARGIN, 9 * mm, _short(f"{name} · feasibility report · {made_on}", 90))
        canvas.drawRightString(A4[0] - MARGIN, 9 * mm, str(document.page))
        canvas.restoreState()

    return draw
