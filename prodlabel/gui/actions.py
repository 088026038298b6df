"""Everything the window can do, declared once; menus, palette and shortcut sheet are made from this table.

Invariant: an action is known by its name; what it does is connected by the window, which keys it has may be
changed by the user. Keys never fire while somebody types: Qt offers them to the text field first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from prodlabel.gui.category_styles import DIGITS

ANYWHERE, PROJECT, SELECTION, FOCUS, REVIEW = "anywhere", "project", "selection", "focus", "review"
TARGET, CATEGORY = "target", "category"
"""What must be there for an action to be of use; `TARGET`: a selection or a product looked at. This, `FOCUS`,
`SELECTION` and `CATEGORY` are about products that are to be seen: on the map or in review."""


@dataclass(frozen=True, slots=True)
class Spec:
    """One line of the table. `needs` says when it can be used; `is_listed` False keeps it out of menus."""

    name: str
    menu: str
    title: str
    keys: tuple[str, ...] = ()
    needs: str = PROJECT
    is_listed: bool = True


def QT_TRANSLATE_NOOP(_context: str, text: str) -> str:
    """Marks a text for the translators' tool, which looks for this name; Qt's own has no types."""
    return text


_FILE = QT_TRANSLATE_NOOP("Actions", "Project")
_EDIT = QT_TRANSLATE_NOOP("Actions", "Edit")
_SELECT = QT_TRANSLATE_NOOP("Actions", "Select")
_LABEL = QT_TRANSLATE_NOOP("Actions", "Label")
_VIEW = QT_TRANSLATE_NOOP("Actions", "View")
_WORK = QT_TRANSLATE_NOOP("Actions", "Work")
_HELP = QT_TRANSLATE_NOOP("Actions", "Help")

_TABLE = (
    Spec("new_project", _FILE, QT_TRANSLATE_NOOP("Actions", "New project"), ("Ctrl+N",), ANYWHERE),
    Spec("open_project", _FILE, QT_TRANSLATE_NOOP("Actions", "Open project"), ("Ctrl+O",), ANYWHERE),
    Spec("open_demo", _FILE, QT_TRANSLATE_NOOP("Actions", "Open the demo"), (), ANYWHERE),
    Spec("import_products", _FILE, QT_TRANSLATE_NOOP("Actions", "Import products"), ("Ctrl+I",), ANYWHERE),
    Spec(
        "import_food",
        _FILE,
        QT_TRANSLATE_NOOP("Actions", "Search Open Food Facts"),
        ("Ctrl+Shift+I",),
        ANYWHERE,
    ),
    Spec("export_products", _FILE, QT_TRANSLATE_NOOP("Actions", "Export products"), ("Ctrl+E",)),
    Spec("export_selection", _FILE, QT_TRANSLATE_NOOP("Actions", "Export selection"), (), SELECTION),
    Spec("export_map", _FILE, QT_TRANSLATE_NOOP("Actions", "Save picture of the map"), ("Ctrl+Shift+E",)),
    Spec("backups", _FILE, QT_TRANSLATE_NOOP("Actions", "Backups…")),
    Spec("close_project", _FILE, QT_TRANSLATE_NOOP("Actions", "Close project"), ("Ctrl+W",)),
    Spec("quit", _FILE, QT_TRANSLATE_NOOP("Actions", "Quit"), ("Ctrl+Q",), ANYWHERE),
    Spec("undo", _EDIT, QT_TRANSLATE_NOOP("Actions", "Undo"), ("Ctrl+Z",)),
    Spec("redo", _EDIT, QT_TRANSLATE_NOOP("Actions", "Redo"), ("Ctrl+Shift+Z", "Ctrl+Y")),
    Spec("show_history", _EDIT, QT_TRANSLATE_NOOP("Actions", "History"), ("Ctrl+H",)),
    Spec("show_agreement", _EDIT, QT_TRANSLATE_NOOP("Actions", "Agreement of curators"), ("Ctrl+Shift+H",)),
    Spec("name_person", _EDIT, QT_TRANSLATE_NOOP("Actions", "Who decides…"), ()),
    Spec("search", _EDIT, QT_TRANSLATE_NOOP("Actions", "Search"), ("Ctrl+F", "/")),
    Spec("paste_picture", _EDIT, QT_TRANSLATE_NOOP("Actions", "Search for a copied picture"), ("Ctrl+V",)),
    Spec("clear_filter", _EDIT, QT_TRANSLATE_NOOP("Actions", "Show all products"), ("Ctrl+Backspace",)),
    Spec("select_all", _SELECT, QT_TRANSLATE_NOOP("Actions", "Select all shown"), ("Ctrl+A",)),
    Spec("invert_selection", _SELECT, QT_TRANSLATE_NOOP("Actions", "Invert selection"), ("I",)),
    Spec("clear", _SELECT, QT_TRANSLATE_NOOP("Actions", "Clear selection or proposal"), ("Esc",)),
    Spec("select_category", _SELECT, QT_TRANSLATE_NOOP("Actions", "Select same category"), ("S",), FOCUS),
    Spec("select_cluster", _SELECT, QT_TRANSLATE_NOOP("Actions", "Select same cluster"), ("C",), FOCUS),
    Spec("select_neighbours", _SELECT, QT_TRANSLATE_NOOP("Actions", "Grow to neighbours"), ("G",), SELECTION),
    Spec(
        "toggle_selected",
        _SELECT,
        QT_TRANSLATE_NOOP("Actions", "Put this one into the selection, or take it out"),
        ("P",),
        FOCUS,
    ),
    Spec("select_marked", _SELECT, QT_TRANSLATE_NOOP("Actions", "Select only what is marked below"), ("Y",)),
    Spec(
        "apply_plan",
        _LABEL,
        QT_TRANSLATE_NOOP("Actions", "Apply the proposed relabelling"),
        ("Return", "Enter"),
    ),
    Spec("choose_category", _LABEL, QT_TRANSLATE_NOOP("Actions", "Relabel to…"), ("L",), CATEGORY),
    Spec("accept", _LABEL, QT_TRANSLATE_NOOP("Actions", "Accept suggestion"), ("A",), TARGET),
    Spec("reject", _LABEL, QT_TRANSLATE_NOOP("Actions", "Reject suggestion"), ("X",), TARGET),
    Spec("flag", _LABEL, QT_TRANSLATE_NOOP("Actions", "Flag"), ("F",), TARGET),
    Spec("note", _LABEL, QT_TRANSLATE_NOOP("Actions", "Note"), ("N",), TARGET),
    Spec("toggle_aim", _LABEL, QT_TRANSLATE_NOOP("Actions", "Keys for this one or for all selected"), ("O",)),
    Spec("take_out", _LABEL, QT_TRANSLATE_NOOP("Actions", "Take out of the selection"), ("Del",), FOCUS),
    Spec(
        "next_product",
        _LABEL,
        QT_TRANSLATE_NOOP("Actions", "Skip to next product"),
        ("Space", "J"),
        TARGET,
    ),
    Spec(
        "previous_product",
        _LABEL,
        QT_TRANSLATE_NOOP("Actions", "Back to previous product"),
        ("Backspace", "K"),
        TARGET,
    ),
    Spec(
        "toggle_batch",
        _LABEL,
        QT_TRANSLATE_NOOP("Actions", "One by one, or all alike at once"),
        ("B",),
        REVIEW,
    ),
    Spec(
        "toggle_tick",
        _LABEL,
        QT_TRANSLATE_NOOP("Actions", "Take in or leave out of the batch or proposal"),
        ("T",),
        FOCUS,
    ),
    Spec("next_queue", _LABEL, QT_TRANSLATE_NOOP("Actions", "Next queue"), ("Ctrl+Down",), REVIEW),
    Spec("previous_queue", _LABEL, QT_TRANSLATE_NOOP("Actions", "Previous queue"), ("Ctrl+Up",), REVIEW),
    Spec("new_category", _LABEL, QT_TRANSLATE_NOOP("Actions", "New category"), ("Ctrl+Shift+N",)),
    Spec("change_category", _LABEL, QT_TRANSLATE_NOOP("Actions", "Change a category…"), ("Ctrl+Shift+C",)),
    Spec("place_map", _VIEW, QT_TRANSLATE_NOOP("Actions", "Map"), ("Alt+1",)),
    Spec("place_review", _VIEW, QT_TRANSLATE_NOOP("Actions", "Review"), ("Alt+2",)),
    Spec("place_training", _VIEW, QT_TRANSLATE_NOOP("Actions", "Training"), ("Alt+3",)),
    Spec("place_report", _VIEW, QT_TRANSLATE_NOOP("Actions", "Report"), ("Alt+4",)),
    Spec("tool_pan", _VIEW, QT_TRANSLATE_NOOP("Actions", "Pan"), ("V",)),
    Spec("tool_lasso", _VIEW, QT_TRANSLATE_NOOP("Actions", "Lasso"), ("Q",)),
    Spec("tool_box", _VIEW, QT_TRANSLATE_NOOP("Actions", "Box"), ("W",)),
    Spec("tool_brush", _VIEW, QT_TRANSLATE_NOOP("Actions", "Brush"), ("E",)),
    Spec("zoom_in", _VIEW, QT_TRANSLATE_NOOP("Actions", "Zoom in"), ("+", "=")),
    Spec("zoom_out", _VIEW, QT_TRANSLATE_NOOP("Actions", "Zoom out"), ("-",)),
    Spec("fit_all", _VIEW, QT_TRANSLATE_NOOP("Actions", "Fit all"), ("Home",)),
    Spec("fit_selection", _VIEW, QT_TRANSLATE_NOOP("Actions", "Fit selection"), ("End",), SELECTION),
    Spec("view_back", _VIEW, QT_TRANSLATE_NOOP("Actions", "Back to last view"), ("Alt+Left",)),
    Spec("view_forward", _VIEW, QT_TRANSLATE_NOOP("Actions", "Forward to next view"), ("Alt+Right",)),
    Spec("split_map", _VIEW, QT_TRANSLATE_NOOP("Actions", "Maps side by side"), ("Shift+S",)),
    Spec("toggle_left", _VIEW, QT_TRANSLATE_NOOP("Actions", "Left panel"), ("Ctrl+1",)),
    Spec("toggle_right", _VIEW, QT_TRANSLATE_NOOP("Actions", "Inspector"), ("Ctrl+2",)),
    Spec("toggle_gallery", _VIEW, QT_TRANSLATE_NOOP("Actions", "Gallery"), ("Ctrl+3",)),
    Spec("grow_gallery", _VIEW, QT_TRANSLATE_NOOP("Actions", "Gallery large or small"), ("Shift+G",)),
    Spec("toggle_legend", _VIEW, QT_TRANSLATE_NOOP("Actions", "Legend"), ("Shift+L",)),
    Spec("toggle_table", _VIEW, QT_TRANSLATE_NOOP("Actions", "Selection as table or pictures"), ("Shift+T",)),
    Spec("move_panels", _VIEW, QT_TRANSLATE_NOOP("Actions", "Move panels"), ()),
    Spec("toggle_theme", _VIEW, QT_TRANSLATE_NOOP("Actions", "Dark or light"), ("Ctrl+T",), ANYWHERE),
    Spec("switch_language", _VIEW, QT_TRANSLATE_NOOP("Actions", "English or French"), (), ANYWHERE),
    Spec("larger_text", _VIEW, QT_TRANSLATE_NOOP("Actions", "Larger text"), ("Ctrl++", "Ctrl+="), ANYWHERE),
    Spec("smaller_text", _VIEW, QT_TRANSLATE_NOOP("Actions", "Smaller text"), ("Ctrl+-",), ANYWHERE),
    Spec("make_map", _WORK, QT_TRANSLATE_NOOP("Actions", "Make the map"), ("Ctrl+M",)),
    Spec("lay_out_tsne", _WORK, QT_TRANSLATE_NOOP("Actions", "Lay the map out by t-SNE")),
    Spec("lay_out_umap", _WORK, QT_TRANSLATE_NOOP("Actions", "Lay the map out by UMAP")),
    Spec("lay_out_pca", _WORK, QT_TRANSLATE_NOOP("Actions", "Lay the map out by PCA")),
    Spec("train", _WORK, QT_TRANSLATE_NOOP("Actions", "Train and suggest"), ("Ctrl+R",)),
    Spec("train_joint", _WORK, QT_TRANSLATE_NOOP("Actions", "Train joint fusion, a network")),
    Spec("train_joint_use", _WORK, QT_TRANSLATE_NOOP("Actions", "Train joint fusion, USE learns too")),
    Spec("train_picture_network", _WORK, QT_TRANSLATE_NOOP("Actions", "Train a network of pictures alone")),
    Spec(
        "toggle_retraining",
        _WORK,
        QT_TRANSLATE_NOOP("Actions", "Train again by itself, or only when asked"),
    ),
    Spec("cancel_work", _WORK, QT_TRANSLATE_NOOP("Actions", "Cancel work"), ("Ctrl+.",)),
    Spec("settings", _FILE, QT_TRANSLATE_NOOP("Actions", "Settings"), ("Ctrl+,",), ANYWHERE),
    Spec("palette", _HELP, QT_TRANSLATE_NOOP("Actions", "Commands"), ("Ctrl+K",), ANYWHERE),
    Spec("show_tour", _HELP, QT_TRANSLATE_NOOP("Actions", "Show the tour")),
    Spec("shortcuts", _HELP, QT_TRANSLATE_NOOP("Actions", "Shortcuts"), ("?", "F1"), ANYWHERE),
)

ACTIONS = (
    *_TABLE,
    *(
        Spec(
            f"category_{d}",
            _LABEL,
            QT_TRANSLATE_NOOP("Actions", "Category key"),
            (d,),
            CATEGORY,
            is_listed=False,
        )
        for d in DIGITS
    ),
)
"""The whole table, in the order of menus."""


class Actions(QObject):
    """The table as `QAction`s on one window. Collaborators: the window connects, settings may change keys.

    Signals: `keys_changed`, for whoever shows keys.
    """

    keys_changed = Signal()

    def __init__(self, window: QWidget, changed_keys: Mapping[str, str] | None = None) -> None:
        super().__init__(window)
        self._specs = {spec.name: spec for spec in ACTIONS}
        self._actions: dict[str, QAction] = {}
        self._connected: set[str] = set()
        for spec in ACTIONS:
            action = QAction(translated(spec.title), window)
            action.setObjectName(spec.name)
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
            # Nothing to do yet: shown only once somebody connects it.
            action.setVisible(False)
            action.setEnabled(False)
            window.addAction(action)
            self._actions[spec.name] = action
        self.use_keys(changed_keys or {})

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def use_keys(self, changed: Mapping[str, str]) -> None:
        """Shortcuts as declared, but for those in `changed` (name -> keys, "" for none)."""
        for spec in ACTIONS:
            keys = spec.keys
            if spec.name in changed:
                keys = (changed[spec.name],) if changed[spec.name] else ()
            self._actions[spec.name].setShortcuts([QKeySequence(key) for key in keys])
        self.keys_changed.emit()

    def retranslate(self) -> None:
        """Titles in the language that is used now."""
        for name, action in self._actions.items():
            action.setText(translated(self._specs[name].title))

    def owner_of(self, keys: str, *, but: str) -> str | None:
        """The name of another action that has this key (portable text), or None."""
        wanted = QKeySequence(keys)
        for name, action in self._actions.items():
            if keys and name != but and wanted in action.shortcuts():
                return name
        return None

    def bind(self, name: str, act: Callable[[], object]) -> None:
        """Say what an action does."""
        self._actions[name].triggered.connect(lambda *_: act())
        self._actions[name].setVisible(True)
        self._actions[name].setEnabled(True)
        self._connected.add(name)

    def follow(
        self,
        *,
        has_project: bool,
        has_selection: bool,
        has_focus: bool,
        is_reviewing: bool = False,
        shows_products: bool = True,
    ) -> None:
        """Enable what can be used now."""
        has_selection, has_focus = has_selection and shows_products, has_focus and shows_products
        is_there = {
            ANYWHERE: True,
            PROJECT: has_project,
            SELECTION: has_selection,
            FOCUS: has_focus,
            REVIEW: is_reviewing,
            TARGET: has_selection or has_focus,
            CATEGORY: shows_products,
        }
        for name in self._connected:
            needs = self._specs[name].needs
            self._actions[name].setEnabled(is_there[needs] and (has_project or needs == ANYWHERE))

    def listed(self) -> Iterator[tuple[Spec, QAction]]:
        """What menus, palette and shortcut sheet show, in order."""
        for name, action in self._actions.items():
            if name in self._connected and self._specs[name].is_listed:
                yield self._specs[name], action

    def menu(self, parent: QWidget) -> QMenu:
        """All actions as one menu with a submenu for each group."""
        menu = QMenu(parent)
        groups: dict[str, QMenu] = {}
        for spec, action in self.listed():
            if spec.menu not in groups:
                groups[spec.menu] = menu.addMenu(translated(spec.menu))
            groups[spec.menu].addAction(action)
        return menu


def translated(text: str) -> str:
    return QCoreApplication.translate("Actions", text)


def key_text(action: QAction) -> str:
    """The action's first shortcut as the system writes it."""
    return action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
