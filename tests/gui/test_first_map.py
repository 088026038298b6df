"""The first map of a project: that of the texts, while pictures are still being read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from prodlabel.core.progress import Progress, ProgressState
from prodlabel.gui.jobs import Found, make_maps
from prodlabel.operations.pictures import look_at_pictures
from prodlabel.operations.steps import layout_in_use
from prodlabel.project.project import Project
from tests.gui.projects import make_project

_ALL = ""


def made_of(project: Project, old: dict[str, Any]) -> list[str]:
    """What came, in its order: `text layout`, ..., and `reading pictures` where those were begun."""
    said: list[str] = []

    def hear(part: object) -> None:
        if isinstance(part, Found):
            said.append(f"{part.name} {part.kind}")

    def listen(state: ProgressState) -> None:
        if "EfficientNet" in state.stage and "reading pictures" not in said:
            said.append("reading pictures")

    make_maps(project.snapshot(), old, _ALL, Progress(listen, hear))
    return said


def test_texts_are_on_the_map_before_pictures_are_read(tmp_path: Path) -> None:
    with make_project(tmp_path / "shop.prodlabel", with_map=False) as project:
        look_at_pictures(project, Progress())
        said = made_of(project, {})
        assert said[:3] == ["text layout", "text clusters", "reading pictures"]
        assert said[3] == "fused layout"
        assert len(said) == len(set(said)), "no map is made twice"


def test_a_project_with_a_map_goes_on_from_it(tmp_path: Path) -> None:
    with make_project(tmp_path / "shop.prodlabel") as project:
        look_at_pictures(project, Progress())
        said = made_of(project, {"fused": layout_in_use(project, "fused")})
        assert said[:2] == ["reading pictures", "fused layout"]
