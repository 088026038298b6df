"""The charts of the report on paper: reads the SVG that `svg` writes, and nothing else, and draws it.

Invariant: a chart looks as on the page in its light theme; its text stays text.
"""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from xml.etree import ElementTree

from markupsafe import Markup
from reportlab.lib.colors import HexColor
from reportlab.lib.utils import ImageReader
from reportlab.platypus import Flowable

from prodlabel.core.palette import LIGHT, CategoryStyle

REGULAR, BOLD = "Report", "Report-Bold"
_STEP = re.compile(r"([MLaz])|(-?[\d.]+(?:e-?\d+)?)")


@dataclass(frozen=True, slots=True)
class _Look:
    """How something is drawn: colours as "#rrggbb" or None, sizes in the chart's own units."""

    fill: str | None = None
    stroke: str | None = None
    width: float = 1.0
    dash: tuple[float, ...] = ()
    opacity: float = 1.0
    size: float = 12.0
    font: str = REGULAR
    anchor: str = "start"
    halo: str | None = None


_LOOKS: dict[str, dict[str, Any]] = {
    "grid": {"stroke": LIGHT.line},
    "ideal": {"stroke": LIGHT.dim, "dash": (4, 4)},
    "curve": {"stroke": LIGHT.accent, "width": 2.0},
    "band": {"fill": LIGHT.accent, "opacity": 0.16},
    "whisker": {"stroke": LIGHT.accent, "width": 1.5},
    "dot": {"fill": LIGHT.accent, "stroke": LIGHT.window, "width": 1.5},
    "here": {"fill": LIGHT.window, "stroke": LIGHT.accent, "width": 3.0},
    "ground": {"fill": LIGHT.map, "stroke": LIGHT.line},
    "marks": {"stroke": LIGHT.map, "width": 0.5},
    "paper": {"fill": "#ffffff"},
    "axis": {"fill": LIGHT.text},
    "note": {"fill": LIGHT.text, "font": BOLD, "halo": LIGHT.window},
    "caption": {"fill": LIGHT.text, "font": BOLD, "size": 13.0, "anchor": "middle", "halo": LIGHT.map},
    "tick": {"fill": LIGHT.dim},
    "middle": {"anchor": "middle"},
    "end": {"anchor": "end"},
    "start": {"anchor": "start"},
}


class Chart(Flowable):  # type: ignore[misc]
    """One chart, as wide as `width` (points)."""

    def __init__(self, svg: Markup, width: float, styles: Sequence[CategoryStyle]) -> None:
        super().__init__()
        self._root = ElementTree.fromstring(str(svg))  # noqa: S314 - our own text, made a moment ago
        _, _, self._wide, self._high = map(float, self._root.attrib["viewBox"].split())
        self._scale = width / self._wide
        self._styles = styles
        self.width, self.height = width, self._high * self._scale

    def wrap(self, *_available: float) -> tuple[float, float]:
        """What it takes, as the layout asks for it."""
        return self.width, self.height

    def draw(self) -> None:
        """Called by the layout, with the origin at the lower left corner."""
        self.canv.saveState()
        self.canv.scale(self._scale, self._scale)
        for child in self._root:
            self._draw(child, _Look(fill=LIGHT.dim), None)
        self.canv.restoreState()

    def _draw(self, element: ElementTree.Element, look: _Look, colour: str | None) -> None:
        names = element.get("class", "").split()
        colour = next((self._colour(name) for name in names if self._colour(name)), colour)
        look = self._look(element.tag, names, look, colour)
        if element.tag == "g":
            for child in element:
                self._draw(child, look, colour)
        elif element.tag == "path":
            self._path(element.attrib["d"], look)
        elif element.tag == "text":
            self._text(element, look)
        elif element.tag == "circle":
            self._use(look)
            x, y = float(element.attrib["cx"]), self._high - float(element.attrib["cy"])
            self.canv.circle(x, y, float(element.attrib["r"]), **_painted(look))
        elif element.tag in ("rect", "image"):
            self._box(element, look)

    def _colour(self, name: str) -> str | None:
        return self._styles[int(name[1:])].colour if re.fullmatch(r"k\d+", name) else None

    def _look(self, tag: str, names: Sequence[str], look: _Look, colour: str | None) -> _Look:
        for name in names:
            look = replace(look, **_LOOKS.get(name, {}))
        if "marks" in names:
            look = replace(look, fill=colour or LIGHT.faint, opacity=1.0 if colour else 0.6)
        if "frame" in names:
            look = replace(look, fill=None, stroke=colour or LIGHT.dim, width=2.0)
        if "word" in names:
            look = replace(look, fill=colour or LIGHT.text)
        if tag == "path" and names and not {"band"} & set(names):
            look = replace(look, fill=None)
        return look

    def _use(self, look: _Look) -> None:
        canvas = self.canv
        if look.fill is not None:
            canvas.setFillColor(HexColor(look.fill), alpha=look.opacity)
        if look.stroke is not None:
            canvas.setStrokeColor(HexColor(look.stroke), alpha=1.0)
        canvas.setLineWidth(look.width)
        canvas.setDash(*([list(look.dash)] if look.dash else []))

    def _path(self, said: str, look: _Look) -> None:
        self._use(look)
        path = self.canv.beginPath()
        tokens = [(letter, number) for letter, number in _STEP.findall(said)]
        at, x, y = 0, 0.0, 0.0
        arc_was = False
        while at < len(tokens):
            letter = tokens[at][0]
            at += 1
            numbers = []
            while at < len(tokens) and tokens[at][1]:
                numbers.append(float(tokens[at][1]))
                at += 1
            if letter == "M":
                x, y, arc_was = numbers[0], numbers[1], False
                path.moveTo(x, self._high - y)
            elif letter == "L":
                x, y = numbers[-2:]
                path.lineTo(x, self._high - y)
            elif letter == "a" and not arc_was:
                # A disc is written as two half circles: the first says where it is.
                path.circle(x + numbers[5] / 2, self._high - y, numbers[0])
                arc_was = True
            elif letter == "z":
                path.close()
        self.canv.drawPath(path, **_painted(look))

    def _text(self, element: ElementTree.Element, look: _Look) -> None:
        canvas, text = self.canv, element.text or ""
        size, font = look.size, look.font
        style = dict(part.split(":") for part in element.get("style", "").split(";") if part)
        if "font-size" in style:
            size = float(style["font-size"].removesuffix("px"))
            font = BOLD if style.get("font-weight") == "650" else REGULAR
        canvas.saveState()
        turned = re.fullmatch(r"translate\((\S+) (\S+)\) rotate\((\S+)\)", element.get("transform", ""))
        if turned:
            canvas.translate(float(turned[1]), self._high - float(turned[2]))
            canvas.rotate(-float(turned[3]))
            x, y = 0.0, 0.0
        else:
            x, y = float(element.get("x", 0)), self._high - float(element.get("y", 0))
        wide = canvas.stringWidth(text, font, size)
        x -= {"start": 0.0, "middle": wide / 2, "end": wide}[look.anchor]
        if look.halo is not None:
            canvas.setFillColor(HexColor(look.halo), alpha=0.75)
            canvas.rect(x - 2, y - 0.25 * size, wide + 4, 1.15 * size, stroke=0, fill=1)
        canvas.setFillColor(HexColor(look.fill or LIGHT.text), alpha=1.0)
        canvas.setFont(font, size)
        canvas.drawString(x, y, text)
        canvas.restoreState()

    def _box(self, element: ElementTree.Element, look: _Look) -> None:
        wide, high = float(element.attrib["width"]), float(element.attrib["height"])
        x, y = float(element.get("x", 0)), self._high - float(element.get("y", 0)) - high
        if element.tag == "image":
            picture = decoded(element.attrib["href"])
            self.canv.drawImage(picture, x, y, wide, high, preserveAspectRatio=True, anchor="c")
            return
        self._use(look)
        self.canv.roundRect(x, y, wide, high, float(element.get("rx", 0)), **_painted(look))


def _painted(look: _Look) -> dict[str, int]:
    return {"stroke": int(look.stroke is not None), "fill": int(look.fill is not None)}


def decoded(uri: str) -> ImageReader:
    """The picture of a data URI."""
    return ImageReader(io.BytesIO(base64.b64decode(uri.partition(",")[2])))
