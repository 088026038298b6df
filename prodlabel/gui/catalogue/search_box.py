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
from PySide6.QtWidgets import QHBoxLayout, QWidget

from prodlabel.gui.catalogue.search_edit import LastPartCompleter, SearchEdit
from prodlabel.gui.filters import CATEGORY, Filter
from prodlabel.gui.labels import toned
from prodlabel.gui.phrases import shown_title
from prodlabel.gui.query import BY_MEANING, FILTER_NAMES, Query, as_text, read_query
from prodlabel.gui.theme import Theme

if TYPE_CHECKING:
    from prodlabel.gui.librarian import Librarian
    from prodlabel.gui.seeking import Seeker
    from prodlabel.gui.session import Session

_REST_MS = 120
_COMPLETED = 400
_UNKNOWN = -2
"""The code of a value that no facet knows."""


class SearchBox(QWidget):
    """Signals: `answered` when the products on screen fit what was typed, `left` on Esc or Enter."""

    answered = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.edit = SearchEdit(self)
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
        self._typed: dict[str, frozenset[int]] = {}
        self._pictured = ""
        completer = LastPartCompleter(self._completions, self)
        # The field takes the completion over after it said so.
        completer.activated.connect(lambda _text: self._rest.start())
        self.edit.setCompleter(completer)
        self.edit.picture_pasted.connect(self.search_picture)
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
        self._typed = {}
        self.edit.clear()
        self.edit.setEnabled(session is not None)
        if session is not None:
            session.results_changed.connect(self._refresh_completions)
            session.taxonomy_changed.connect(self._refresh_completions)
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
        if text and text == self._pictured:
            return  # the name of a picture, not words
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
        """Show all products again, whatever narrowed them."""
        self.edit.clear()
        self._rest.stop()
        if self._librarian is not None:
            self._librarian.forget("search")
        self._typed = {}
        if self._session is not None:
            self._session.narrow(Filter())
            self.answered.emit()

    def search_picture(self, picture: Path | QImage) -> None:
        """Keep the products that look like this picture."""
        self._rest.stop()
        name = picture.name if isinstance(picture, Path) else self.tr("pasted picture")
        self._pictured = f"{BY_MEANING} {name}"
        self.edit.setText(self._pictured)
        self.edit.selectAll()
        is_apart = self._librarian is not None and not self._librarian.shows_unseen
        self._seek(Query(self._pictured), lambda seeker: seeker.by_picture(picture, is_apart=is_apart))

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
        """The filter that a query means; a value that no facet knows lets nothing through. What was ticked
        elsewhere stays, but for the facets that are typed."""
        session = self._session
        assert session is not None
        typed: dict[str, frozenset[int]] = {}
        for name, value in query.filters:
            typed[name] = typed.get(name, frozenset()) | (self._codes_of(name, value) or {_UNKNOWN})
        wanted = session.filter.with_words(query.words)
        for name, codes in self._typed.items():
            if wanted.chosen.get(name) == codes:
                wanted = wanted.with_codes(name, ())
        for name, codes in typed.items():
            wanted = wanted.with_codes(name, codes)
        self._typed = typed
        return wanted

    def _codes_of(self, name: str, value: str) -> frozenset[int]:
        """What a value of a facet stands for, as it is kept or as it is shown."""
        session = self._session
        assert session is not None
        facet = session.computed.facets.get(name)
        found: frozenset[int] = frozenset()
        if facet is not None:
            shown = tuple(shown_title(name, title) for title in facet.titles)
            found = facet.codes_of(value) or replace(facet, titles=shown).codes_of(value)
        if name == CATEGORY:
            exact = session.taxonomy.find_by_text(value)
            categories = {exact} if exact else found
            found = frozenset(one for each in categories for one in session.taxonomy.descendants(each))
        return found

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
        self.edit.clear()
        self.search()
        self.left.emit()
