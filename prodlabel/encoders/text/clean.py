"""Words of product texts, cleaned alike for every encoder that counts them: lemmas without stop words.

NLTK's regular-expression tokenizer (no corpus needed) finds the tokens; simplemma (dictionaries inside the
package, nothing fetched) finds the lemma; the language is found for each product by its stop words, and where
a text has none, as many names do, it is the language that most of the catalogue is written in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Self

from prodlabel import paths
from prodlabel.core.progress import Progress

TOKEN_PATTERN = r"[^\W_]+(?:-[^\W_]+)*"  # noqa: S105 - a pattern of words
FALLBACK_LANGUAGE = "en"
MAX_CHARS = 20_000
"""Longer texts are read up to here, as `Boilerplate` does."""
_SHORTEST = 2


class Cleaner:
    """Turns texts into lists of words. `fit` learns `language_`, that of most texts of the catalogue."""

    def __init__(self, is_lemmatised: bool = True) -> None:
        self.is_lemmatised = is_lemmatised
        self.language_ = FALLBACK_LANGUAGE
        self._lemmas: dict[tuple[str, str], str] = {}

    @property
    def stamp(self) -> str:
        """What of the clean-up belongs into an encoder's version."""
        return "lemma" if self.is_lemmatised else "word"

    def fit(self, texts: Iterable[str]) -> Self:
        """Learn which language prevails; texts without a stop word have no vote."""
        votes = Counter(language_of(tokens(text)) for text in texts)
        votes.pop(None, None)
        ranked = sorted(votes.items(), key=lambda vote: (-vote[1], str(vote[0])))
        self.language_ = str(ranked[0][0]) if ranked else FALLBACK_LANGUAGE
        return self

    def words(self, text: str) -> list[str]:
        """The words of one text, in order; may be empty."""
        found = tokens(text)
        language = language_of(found) or self.language_
        stopped = all_stop_words()
        kept = []
        for token in found:
            if len(token) < _SHORTEST or token in stopped or _is_number(token):
                continue
            word = self._lemma(token, language) if self.is_lemmatised else token
            if word not in stopped:
                kept.append(word)
        return kept

    def all_words(self, texts: Sequence[str], progress: Progress | None = None) -> list[list[str]]:
        """The words of every text."""
        progress = progress or Progress()
        cleaned = []
        with progress.stage("Cleaning texts", len(texts), "texts"):
            for text in texts:
                cleaned.append(self.words(text))
                progress.advance()
        return cleaned

    def state(self) -> dict[str, Any]:
        """Settings and what was learned, JSON-able."""
        return {"is_lemmatised": self.is_lemmatised, "language": self.language_}

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """The fitted cleaner again."""
        cleaner = cls(bool(state["is_lemmatised"]))
        cleaner.language_ = str(state["language"])
        return cleaner

    def _lemma(self, token: str, language: str) -> str:
        """The dictionary form; a catalogue has few distinct words, so each is looked up once."""
        key = (language, token)
        known = self._lemmas.get(key)
        if known is None:
            import simplemma

            known = self._lemmas[key] = simplemma.lemmatize(token, lang=language).lower()
        return known


def tokens(text: str) -> list[str]:
    """The tokens of a text in lower case: runs of letters and digits, hyphens inside kept."""
    found: list[str] = _tokenizer().tokenize(text[:MAX_CHARS].lower())
    return found


def language_of(found: Sequence[str]) -> str | None:
    """The language most of whose stop words stand among the tokens; None for none, or for a tie."""
    distinct = set(found)
    counts = sorted(((len(distinct & words), name) for name, words in stop_words().items()), reverse=True)
    if not counts or counts[0][0] == 0:
        return None
    if len(counts) > 1 and counts[0][0] == counts[1][0]:
        return None
    return counts[0][1]


@cache
def stop_words() -> dict[str, frozenset[str]]:
    """Per language the stop words that ship, split as texts are ("aren't" is "aren" and "t")."""
    files = sorted((paths.resources() / "stop_words").glob("*.txt"))
    return {file.stem: frozenset(tokens(file.read_text(encoding="utf-8"))) for file in files}


@cache
def all_stop_words() -> frozenset[str]:
    """The stop words of every language: a French text may hold an English phrase."""
    return frozenset().union(*stop_words().values())


@cache
def _tokenizer() -> Any:
    from nltk.tokenize import RegexpTokenizer

    return RegexpTokenizer(TOKEN_PATTERN)


def _is_number(token: str) -> bool:
    return token.replace("-", "").isnumeric()
