"""The look: contrast as WCAG asks, one style sheet, the system's scheme followed."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from prodlabel.core.palette import DARK, LIGHT, Palette
from prodlabel.gui.application import Look
from prodlabel.gui.settings import SETTINGS, Settings
from prodlabel.gui.theme import Theme

TEXT_PAIRS = [
    (text, ground) for text in ("text", "dim") for ground in ("window", "panel", "raised", "map")
] + [
    ("text", "highlight"),
    ("on_accent", "accent"),
    ("good", "panel"),
    ("warn", "panel"),
    ("accent", "panel"),
]
"""What is painted on what. On `highlight`, and under the mouse, tones give way to `text`: see LineButton."""


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, contrast ratio: relative luminances of sRGB colours."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("palette", [DARK, LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_text_can_be_read(palette: Palette, text: str, ground: str) -> None:
    assert contrast(getattr(palette, text), getattr(palette, ground)) >= 4.5


@pytest.mark.parametrize("palette", [DARK, LIGHT], ids=["dark", "light"])
def test_marks_of_categories_stand_out_from_panel_and_map(palette: Palette) -> None:
    for colour in palette.categories:
        assert contrast(colour, palette.map) >= 3.0
        assert contrast(colour, palette.panel) >= 3.0


def test_the_style_sheet_scales_with_the_text() -> None:
    assert "font-size: 13px" in Theme(DARK).style_sheet()
    assert "font-size: 20px" in Theme(DARK, 1.5).style_sheet()
    assert "$" not in Theme(DARK).style_sheet()


def test_a_changed_setting_restyles_at_once(qapp: QApplication, tmp_path: Path) -> None:
    look = Look(qapp, tmp_path)
    look.settings.set("theme", "light")
    assert Theme.now().palette is LIGHT
    look.settings.set("theme", "dark")
    assert Theme.now().palette is DARK
    look.settings.set("font_scale", 1.5)
    assert Theme.now().px(10) == 15
    look.settings.set("font_scale", 1.0)
    look.appearance.deleteLater()
    look.deleteLater()


def test_settings_survive_a_restart_and_a_damaged_file(qapp: QApplication, tmp_path: Path) -> None:
    Settings(tmp_path).set("theme", "light")
    assert Settings(tmp_path)["theme"] == "light"
    (tmp_path / "settings.json").write_text('{"theme": "pink", "font_scale": "big"}', encoding="utf-8")
    assert Settings(tmp_path)["theme"] == "system"
    assert Settings(tmp_path)["font_scale"] == 1.0
    (tmp_path / "settings.json").write_text("{", encoding="utf-8")
    assert Settings(tmp_path)["theme"] == "system"
    with pytest.raises(ValueError, match="no value"):
        Settings(tmp_path).set("theme", "pink")


def test_every_default_is_a_valid_value() -> None:
    assert all(setting.is_valid(setting.default) for setting in SETTINGS)
