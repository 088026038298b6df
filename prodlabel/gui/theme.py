"""The look of the window, dark and light: one style sheet and one Qt palette made from the same tokens.

Invariant: no widget names a colour of its own; whoever paints by hand asks `Theme.now()`.
"""

from __future__ import annotations

from dataclasses import dataclass
from string import Template

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from prodlabel.core.palette import DARK, LIGHT, Palette

BODY_PX = 13
TITLE_PX = 15
HEADING_PX = 11
ROW_PX = 30
CONTROL_PX = 32
LEFT_PX, RIGHT_PX, STRIP_PX, STATUS_PX, TOP_PX = 256, 374, 184, 30, 52

PANEL_MOTION_MS = 120
TRAVEL_MS = 400

FOLLOW_SYSTEM, ALWAYS_DARK, ALWAYS_LIGHT = "system", "dark", "light"


@dataclass(frozen=True, slots=True)
class Theme:
    """One palette at one font scale; `px` turns a measure of the drawings into pixels on this screen."""

    palette: Palette
    scale: float = 1.0

    @classmethod
    def now(cls) -> Theme:
        """The theme in which widgets are painted now (dark at scale 1 before an `Appearance` exists)."""
        application = QApplication.instance()
        theme = None if application is None else application.property("prodlabel_theme")
        return theme if isinstance(theme, Theme) else cls(DARK)

    def px(self, measure: float) -> int:
        return round(measure * self.scale)

    def font(self, measure: float = BODY_PX, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
        """The interface font at a size of the drawings."""
        font = QFont(QApplication.font())
        font.setPixelSize(max(8, self.px(measure)))
        font.setWeight(weight)
        return font

    def heading_font(self) -> QFont:
        """Small capitals with 5 % spacing, as above each group."""
        font = self.font(HEADING_PX, QFont.Weight.DemiBold)
        font.setCapitalization(QFont.Capitalization.AllUppercase)
        font.setLetterSpacing(QFont.SpacingType.PercentageSpacing, 105)
        return font

    def qt_palette(self) -> QPalette:
        """What widgets are painted with where the style sheet says nothing."""
        tokens, palette = self.palette, QPalette()
        roles = {
            QPalette.ColorRole.Window: tokens.window,
            QPalette.ColorRole.Base: tokens.panel,
            QPalette.ColorRole.AlternateBase: tokens.raised,
            QPalette.ColorRole.Button: tokens.raised,
            QPalette.ColorRole.ToolTipBase: tokens.raised,
            QPalette.ColorRole.Highlight: tokens.highlight,
            QPalette.ColorRole.Accent: tokens.accent,
            QPalette.ColorRole.PlaceholderText: tokens.dim,
            QPalette.ColorRole.Link: tokens.accent,
        }
        texts = ("WindowText", "Text", "ButtonText", "ToolTipText", "HighlightedText", "BrightText")
        for role, colour in roles.items():
            palette.setColor(role, QColor(colour))
        for name in texts:
            palette.setColor(getattr(QPalette.ColorRole, name), QColor(tokens.text))
            palette.setColor(
                QPalette.ColorGroup.Disabled, getattr(QPalette.ColorRole, name), QColor(tokens.faint)
            )
        return palette

    def style_sheet(self) -> str:
        """The one style sheet of the program."""
        tokens = self.palette
        colours = {name: getattr(tokens, name) for name in _TOKENS}
        sizes = {f"px{n}": f"{self.px(n)}px" for n in (2, 3, 4, 6, 8, 10, 11, 12, 13, 15, 16, 22, 24, 28, 32)}
        return _SHEET.substitute(colours | sizes)


_TOKENS = (
    "window", "panel", "raised", "map", "line", "text", "dim", "faint", "accent", "on_accent", "highlight",
    "good", "warn",
)  # fmt: skip

_SHEET = Template("""
* { outline: none; }
QWidget { color: $text; font-size: $px13; }
QMainWindow, QDialog, #place { background: $window; }
QMainWindow::separator { background: $line; width: 1px; height: 1px; }
QToolTip { background: $raised; color: $text; border: 1px solid $line; padding: $px4; }
#top_bar { background: $panel; border-bottom: 1px solid $line; }
#side, #inspector, #gallery, #history, QDockWidget > QWidget { background: $panel; }
#side_content, #inspector_content, QScrollArea { background: transparent; border: none; }
#status { background: $panel; border-top: 1px solid $line; }
QStatusBar { background: $panel; }
QStatusBar::item { border: none; }
QLabel { background: transparent; }
QLabel[tone="dim"] { color: $dim; }
QLabel[tone="warn"] { color: $warn; }
QLabel[tone="good"] { color: $good; }
QLabel[tone="title"] { font-size: $px15; font-weight: 600; }
QLabel[tone="huge"] { font-size: $px22; font-weight: 600; }
QLabel[tone="brand"] { font-size: $px15; font-weight: 700; }
QLabel[tone="strong"] { font-weight: 600; }
QLabel[tone="heading"] { color: $dim; font-size: $px11; font-weight: 600; }
QLabel[tone="key"] { color: $dim; font-size: $px11; border: 1px solid $line; border-radius: $px4;
    padding: 1px $px4; }
QLineEdit { background: $raised; border: 1px solid $line; border-radius: $px8; padding: 0 $px10;
    min-height: $px32; selection-background-color: $highlight; selection-color: $text; }
QKeySequenceEdit QLineEdit { min-height: 0; border-radius: $px4; padding: 0 $px6; }
QLineEdit:focus { border-color: $accent; }
QPushButton { background: $raised; border: 1px solid $line; border-radius: $px6; padding: 0 $px12;
    min-height: $px28; }
QPushButton:hover { border-color: $dim; }
QPushButton:focus { border-color: $accent; }
QPushButton:disabled { color: $faint; }
QPushButton[primary="true"] { background: $accent; color: $on_accent; border: 1px solid $accent;
    font-weight: 600; }
QPushButton[primary="true"]:focus { border-color: $text; }
QPushButton[link="true"] { background: transparent; border: none; color: $dim; padding: 0; min-height: 0;
    text-decoration: underline; }
QPushButton[link="true"]:hover, QPushButton[link="true"]:focus { color: $text; }
QPushButton[segment="true"] { background: transparent; border: none; border-radius: $px6; color: $dim;
    min-height: $px32;
    padding: 0 $px16; }
QPushButton[segment="true"]:checked { background: $accent; color: $on_accent; font-weight: 600; }
QPushButton[segment="true"]:focus { color: $text; text-decoration: underline; }
QPushButton[segment="true"]:checked:focus { color: $on_accent; }
QPushButton[aim="true"] { background: transparent; border: 1px solid $line; color: $dim; min-height: $px22;
    padding: 0 $px8; }
QPushButton[aim="true"]:checked { background: $highlight; border-color: $accent; color: $text; }
QPushButton[aim="true"]:focus { border-color: $text; }
QPushButton[aim="true"]:disabled { color: $faint; }
QSlider::groove:horizontal { background: $line; height: $px3; border-radius: 1px; }
QSlider::handle:horizontal { background: $dim; width: $px12; height: $px12; margin: -$px4 0;
    border-radius: $px6; }
QSlider::handle:horizontal:hover, QSlider::handle:horizontal:focus { background: $accent; }
#segments { background: $raised; border: 1px solid $line; border-radius: $px8; }
QToolButton { background: transparent; border: none; border-radius: $px6; padding: $px4; color: $dim; }
QToolButton:hover, QToolButton:focus { color: $text; background: $highlight; }
QToolButton:checked { background: $highlight; color: $accent; }
QToolButton::menu-indicator { image: none; }
QToolButton[brand="true"] { color: $text; font-size: $px15; font-weight: 700; }
#rule { background: $line; border: none; }
#floating { background: $panel; border: 1px solid $line; border-radius: $px8; }
#card { background: $panel; border: 1px solid $line; border-radius: $px10; }
#message[level="error"], #message[level="warning"] { background: $raised; border-bottom: 2px solid $warn; }
#message { background: $raised; border-bottom: 2px solid $accent; }
QTreeView, QListView, QTableView, QTextBrowser { background: transparent; border: none;
    selection-background-color: $highlight; selection-color: $text; }
QListView::item:selected, QTreeView::item:selected { background: $highlight; color: $text; }
QHeaderView { background: transparent; border: none; }
QHeaderView::section { background: transparent; color: $dim; border: none;
    border-bottom: 1px solid $line; padding: $px4 $px8; }
QTableView::item { padding: 0 $px8; }
QMenu { background: $panel; border: 1px solid $line; border-radius: $px8; padding: $px4; }
QMenu::item { padding: $px6 $px24 $px6 $px12; border-radius: $px4; }
QMenu::item:selected { background: $highlight; }
QMenu::item:disabled { color: $faint; }
QMenu::separator { height: 1px; background: $line; margin: $px4; }
QComboBox { background: transparent; border: none; padding: 0 $px8; min-height: $px28; font-weight: 600; }
QComboBox::drop-down { border: none; width: $px16; }
QComboBox::down-arrow { image: none; }
QComboBox:focus { color: $accent; }
QComboBox QAbstractItemView { background: $panel; border: 1px solid $line; padding: $px4; }
QComboBox[boxed="true"] { background: $raised; border: 1px solid $line; border-radius: $px6;
    font-weight: 400; }
QComboBox[boxed="true"]:focus { color: $text; border-color: $accent; }
QComboBox[boxed="true"]:disabled { color: $faint; }
QComboBox[boxed="true"] QLineEdit { background: transparent; border: none; padding: 0; min-height: 0; }
QSpinBox, QPlainTextEdit { background: $raised; border: 1px solid $line; border-radius: $px6;
    padding: 0 $px6; min-height: $px28; selection-background-color: $highlight; selection-color: $text; }
QSpinBox:focus, QPlainTextEdit:focus { border-color: $accent; }
QSpinBox::up-button, QSpinBox::down-button { width: 0; border: none; }
QPushButton[tile="true"] { border-radius: $px10; min-height: 0; padding: 0; }
QPushButton[tile="true"]:hover, QPushButton[tile="true"]:focus { border-color: $accent; }
QPushButton::menu-indicator { image: none; }
QProgressBar { background: $line; border: none; border-radius: 2px; max-height: $px4; min-height: $px4; }
QProgressBar::chunk { background: $accent; border-radius: 2px; }
QScrollBar:vertical { background: transparent; width: $px10; margin: 0; }
QScrollBar:horizontal { background: transparent; height: $px10; margin: 0; }
QScrollBar::handle { background: $line; border-radius: 3px; margin: 2px; min-height: $px24;
    min-width: $px24; }
QScrollBar::handle:hover { background: $faint; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QCheckBox { spacing: $px8; }
QDockWidget::title { background: $panel; padding: $px4 $px12; }
""")


class Appearance(QObject):
    """Keeps the application in the wanted theme and scale, and follows the system where that is wanted.

    Signals: `changed` after everything was restyled; whoever caches colours listens.
    """

    changed = Signal()

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._application = application
        self._wish = FOLLOW_SYSTEM
        self._scale = 1.0
        self._theme: Theme | None = None
        self._family = _choose_family()
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_scheme_changed)

    @property
    def theme(self) -> Theme:
        return self._theme or Theme(DARK)

    def wish(self, theme: str, scale: float) -> None:
        """Use `system`, `dark` or `light` at this font scale from now on."""
        self._wish, self._scale = theme, scale
        self._restyle()

    def _on_scheme_changed(self, _scheme: Qt.ColorScheme) -> None:
        self._restyle()

    def _restyle(self) -> None:
        theme = Theme(self._wanted_palette(), self._scale)
        if theme == self._theme:
            return
        self._theme = theme
        self._application.setProperty("prodlabel_theme", theme)
        font = QFont(self._family)
        font.setPixelSize(theme.px(BODY_PX))
        # Figures of equal width, so that columns of counts line up.
        font.setFeature(QFont.Tag("tnum"), 1)
        self._application.setFont(font)
        self._application.setPalette(theme.qt_palette())
        self._application.setStyleSheet(theme.style_sheet())
        self.changed.emit()

    def _wanted_palette(self) -> Palette:
        if self._wish in (ALWAYS_DARK, ALWAYS_LIGHT):
            return DARK if self._wish == ALWAYS_DARK else LIGHT
        scheme = QGuiApplication.styleHints().colorScheme()
        return LIGHT if scheme == Qt.ColorScheme.Light else DARK


def _choose_family() -> str:
    """The system's interface font; Inter where the system has only a stand-in."""
    system = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()
    is_stand_in = system in {"", "Sans Serif", "Sans", "DejaVu Sans", "Helvetica", "Arial"}
    return "Inter" if is_stand_in and "Inter" in QFontDatabase.families() else system
