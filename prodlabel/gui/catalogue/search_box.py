"""The search box: words and filters, applied as one types.

Invariant: what is typed narrows the session; what is cleared shows everything again. Words are looked up
in the librarian's thread, and only the newest answer counts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QStringListModel, Qt, QTimer, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QWidget

from prodlabel.gui.filters import CATEGORY, Facet, Filter
from prodlabel.gui.labels import toned
from prodlabel.gui.phrases import shown_title
from prodlabel.gui.query import BY_MEANING, FILTER_NAMES, Query, as_text, read_query
from prodlabel.gui.theme import Theme
from prodlabel.gui.typing_edit import TypingEdit

if TYPE_CHECKING:
    from prodlabel.gui.librarian import Librarian
    from prodlabel.gui.seeking import Seeker
    from prodlabel.gui.session import Session

_REST_MS = 120
_COMPLETED = 400


class SearchBox(QWidget):
    """Signals: `answered` when the products on screen fit what was typed, `left` on Esc or Enter."""

    answered = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.edit = TypingEdit(self)
        self.edit.setPlaceholderText(self.tr("Search words, ~ meaning, category:… brand:…"))
        self.edit.setAccessibleName(self.tr("Search"))
        self._key = toned("", "key", self)
        self._session: Session | None = None
        self._librarian: Librarian | None = None
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self.search)
        self._completions = QStringListModel(self)
        self._completer = QCompleter(self._completions, self)
        self._completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.edit.setCompleter(self._completer)
        self.edit.textEdited.connect(lambda _text: self._rest.start())
        self.edit.returnPressed.connect(self._on_return)
        self.edit.left.connect(self._on_escape)
        inner = QHBoxLayout(self.edit)
        inner.setContentsMargins(0, 0, Theme.now().px(8), 0)
        inner.addStretch(1)
        inner.addWidget(self._key, 0, Qt.AlignmentFlag.AlignVCenter)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.edit)

    def serve(self, session: Session | None, librarian: Librarian | None) -> None:
        """Search in this project from now on; None: there is none."""
        self._session, self._librarian = session, librarian
        self._rest.stop()
        self.edit.clear()
        self.edit.setEnabled(session is not None)
        if session is not None:
            session.results_changed.connect(self._refresh_completions)
            session.products_changed.connect(self._search_again)
            self._refresh_completions()

    def show_key(self, key: str) -> None:
        """The key that opens the commands."""
        self._key.setText(key)

    def search(self) -> None:
        """Apply what is typed now."""
        self._rest.stop()
        if self._session is None or self._librarian is None:
            return
        text = self.edit.text().strip()
        if text.startswith(BY_MEANING):
            meant = text.removeprefix(BY_MEANING).strip()
            self._seek(Query(text if meant else ""), lambda seeker: seeker.by_meaning(meant))
            return
        query = read_query(text)
        if query.words:
            words = query.words
            self._librarian.ask("search", lambda desk: desk.search(words), lambda ids: self._take(query, ids))
        else:
            self._librarian.forget("search")
            self._take(query, None)

    def clear(self) -> None:
        """Show all products again."""
        self.edit.clear()
        self.search()

    def search_picture(self, picture: Path | QImage) -> None:
        """Keep the products that look like this picture."""
        self.edit.clear()
        self._rest.stop()
        name = picture.name if isinstance(picture, Path) else self.tr("pasted picture")
        self._seek(Query(f"{BY_MEANING} {name}"), lambda seeker: seeker.by_picture(picture))

    def _search_again(self) -> None:
        """There are other products: look the words up in them too; what else narrows stays. What was found by
        meaning or likeness stays as it is: what came in has no vectors yet."""
        session, librarian = self._session, self._librarian
        if session is None or librarian is None or not session.filter.words:
            return
        words = session.filter.words

        def take(found: NDArray[np.int64]) -> None:
            if session.filter.words == words:
                session.narrow(session.filter, found)

        if not words.startswith(BY_MEANING):
            librarian.ask("search again", lambda desk: desk.search(words), take)

    def _seek(self, query: Query, find: Callable[[Seeker], NDArray[np.int64]]) -> None:
        if self._session is None or self._librarian is None:
            return
        if not query.words:
            self._librarian.forget("search")
            self._take(query, None)
            return
        seeker = self._session.seeker
        self._librarian.ask(
            "search", lambda _desk: find(seeker), lambda ids: self._take(query, ids, is_ranked=True)
        )

    def _take(self, query: Query, found: NDArray[np.int64] | None, *, is_ranked: bool = False) -> None:
        if self._session is not None:
            self._session.narrow(self._filter_of(query), found, is_ranked=is_ranked)
            self.answered.emit()

    def _filter_of(self, query: Query) -> Filter:
        """The filter that a query means; a value that no facet knows lets nothing through."""
        session = self._session
        assert session is not None
        wanted = Filter().with_words(query.words)
        for name, value in query.filters:
            facet = session.computed.facets.get(name)
            code = None if facet is None else _code_of(facet, value)
            codes = {-2} if code is None else {code}
            if name == CATEGORY:
                category = session.taxonomy.find_by_text(value) or code
                codes = set(session.taxonomy.descendants(category)) if category else {-2}
            wanted = wanted.with_codes(name, wanted.chosen.get(name, frozenset()) | codes)
        return wanted

    def _refresh_completions(self) -> None:
        if self._session is None:
            return
        facets = self._session.computed.facets
        texts = [f"{name}:" for name in FILTER_NAMES if name in facets]
        for name in FILTER_NAMES:
            if name in facets:
                values = facets[name].values()[:_COMPLETED]
                texts += [as_text(name, shown_title(name, title)) for _, title, _ in values]
        self._completions.setStringList(texts)

    def _on_return(self) -> None:
        self.search()
        self.left.emit()

    def _on_escape(self) -> None:
        self.clear()
        self.left.emit()


def _code_of(facet: Facet, value: str) -> int | None:
    """The code of a value as it is kept or as it is shown."""
    code = facet.code_of(value)
    if code is None:
        shown = tuple(shown_title(facet.name, title) for title in facet.titles)
        code = replace(facet, titles=shown).code_of(value)
    return code
