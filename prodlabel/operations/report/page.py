"""The page itself: one template, one style sheet, a few lines of script, all inlined.

Invariant: every value is escaped by the template unless it is `Markup` that `svg` made; the page names no
other file and no other host.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from markupsafe import Markup

from prodlabel import paths
from prodlabel.operations.report import wording
from prodlabel.store.atomic import write_bytes

TEMPLATE = "report.html.j2"


def render_page(context: Mapping[str, Any]) -> str:
    """The HTML text."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    folder = paths.resources() / "report"
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_kept_together,
    )
    environment.filters |= {"count": wording.count, "percent": wording.percent, "decimal": wording.decimal}
    # Our own files, not strangers' words: they go in as they are.
    css = Markup((folder / "report.css").read_text(encoding="utf-8"))  # noqa: S704
    script = Markup((folder / "report.js").read_text(encoding="utf-8"))  # noqa: S704
    return environment.get_template(TEMPLATE).render(context, css=css, script=script)


def _kept_together(value: Any) -> Any:
    """A number and its percent sign never stand on two lines."""
    return value.replace(" %", "\N{NO-BREAK SPACE}%") if type(value) is str else value


def write_page(path: Path, html: str) -> int:
    """Write the page in one step; returns its size in bytes. Lone surrogates become question marks."""
    content = html.encode("utf-8", "replace")
    write_bytes(path, content)
    return len(content)
