"""Words of product texts, cleaned alike for every encoder that counts them: lemmas without stop words.

NLTK's regular-expression tokenizer (no corpus needed) finds the tokens; simplemma (dictionaries inside the
package, nothing fetched) finds the lemma; the language is found for each product by its stop words, and where
a text has none, as many names do, it is the language that most of the catalogue is written in.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from prodlabel import paths
from prodlabel.core.progress import Progress
from prodlabel.encoders.text.tokens import MARK, Tokens, tokenised

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
        self._spoken: dict[str, str] = {}

    @property
    def stamp(self) -> str:
        """What of the clean-up belongs into an encoder's version."""
        return "lemma2" if self.is_lemmatised else "word2"

    def fit(self, texts: Sequence[str]) -> Self:
        """Learn which language prevails; texts without a stop word have no vote."""
        self._learn(languages_of(_cut(texts, None)))
        return self

    def fit_words(self, texts: Sequence[str], progress: Progress | None = None) -> Tokens:
        """`fit`, and the words of the same texts."""
        cut = _cut(texts, progress)
        languages = languages_of(cut)
        self._learn(languages)
        return self._cleaned(cut, languages)

    def all_words(self, texts: Sequence[str], progress: Progress | None = None) -> Tokens:
        """The words of every text."""
        cut = _cut(texts, progress)
        return self._cleaned(cut, languages_of(cut))

    def language_of_word(self, word: str) -> str:
        """Of a word of the texts that were cleaned last: the language of most texts that it stands in."""
        return self._spoken.get(word, self.language_)

    def words(self, text: str) -> list[str]:
        """The words of one text, in order; may be empty."""
        return next(self.all_words([text]).lists())

    def _learn(self, languages: NDArray[np.int8]) -> None:
        names = sorted(stop_words())
        votes = Counter(languages[languages >= 0].tolist())
        ranked = sorted(votes.items(), key=lambda vote: (-vote[1], names[vote[0]]))
        self.language_ = names[ranked[0][0]] if ranked else FALLBACK_LANGUAGE

    def _cleaned(self, cut: Tokens, languages: NDArray[np.int8]) -> Tokens:
        """Stop words, numbers and single letters dropped, the others (by their lemma) in their text's
        language: "or" is a stop word in English, and gold in French."""
        names = sorted(stop_words())
        spoken = np.where(languages < 0, names.index(self.language_), languages)
        words: dict[str, int] = {}
        ids = np.empty(len(cut.ids), np.int32)
        counts = np.zeros((len(names), len(cut.words)), np.int64)
        for number, name in enumerate(names):
            is_said = np.repeat(spoken == number, np.diff(cut.starts))
            said = cut.ids[is_said]
            places = np.full(len(cut.words), -1, np.int32)
            counts[number] = np.bincount(said, minlength=len(cut.words))
            for one in np.flatnonzero(counts[number]).tolist():
                word = self._cleaned_word(cut.words[one], name)
                if word:
                    places[one] = words.setdefault(word, len(words))
            ids[is_said] = places[said]
        self._spoken = {
            cut.words[one]: names[number]
            for one, number in enumerate(counts.argmax(axis=0).tolist())
            if names[number] != self.language_
        }
        return cut.replaced(ids, list(words))

    def _cleaned_word(self, token: str, language: str) -> str:
        """What of a token of a text in this language is kept; empty for nothing."""
        stops = stop_words()[language]
        if is_idle(token, stops):
            return ""
        word = self._lemma(token, language) if self.is_lemmatised else token
        return "" if word in stops else word

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
    """The language most of whose stop words stand among the tokens; None where that does not show."""
    places = {word: at for at, word in enumerate(dict.fromkeys(found))}
    ids = np.array([places[word] for word in found], dtype=np.int32)
    at = int(languages_of(Tokens(list(places), ids, np.array([0, len(found)])))[0])
    return None if at < 0 else sorted(stop_words())[at]


def languages_of(cut: Tokens) -> NDArray[np.int8]:
    """(texts,) for each text the place among the sorted languages of the one most of whose stop words stand
    in it; where two have as many, the one whose dictionary knows more of its words; -1 for none."""
    names = sorted(stop_words())
    is_stop = np.array([[word in stop_words()[name] for name in names] for word in cut.words], dtype=bool)
    is_stop = is_stop.reshape(len(cut.words), len(names))
    places = np.full(len(cut.words), -1)
    stops = np.flatnonzero(is_stop.any(axis=1))
    places[stops] = np.arange(len(stops))
    standing = cut.changed(places, [cut.words[one] for one in stops.tolist()]).counted()
    standing.data[:] = 1
    votes = np.asarray(standing @ is_stop[stops].astype(np.float32))
    best: NDArray[np.int8] = votes.argmax(axis=1).astype(np.int8)
    highest = votes.max(axis=1)
    best[highest == 0] = -1
    for text in np.flatnonzero((highest > 0) & ((votes == highest[:, None]).sum(axis=1) > 1)).tolist():
        said = {cut.words[one] for one in cut.ids[cut.starts[text] : cut.starts[text + 1]].tolist()}
        known = [sum(_is_known(word, name) for word in said) for name in names]
        among = [known[at] if votes[text, at] == highest[text] else -1 for at in range(len(names))]
        most = max(among)
        best[text] = among.index(most) if among.count(most) == 1 else -1
    return best


@lru_cache(maxsize=100_000)
def _is_known(word: str, language: str) -> bool:
    import simplemma

    return bool(simplemma.is_known(word, lang=language))


@cache
def stop_words() -> dict[str, frozenset[str]]:
    """Per language the stop words that ship, split as texts are ("aren't" is "aren" and "t")."""
    files = sorted((paths.resources() / "stop_words").glob("*.txt"))
    return {file.stem: frozenset(tokens(file.read_text(encoding="utf-8"))) for file in files}


@cache
def _tokenizer() -> Any:
    from nltk.tokenize import RegexpTokenizer

    return RegexpTokenizer(TOKEN_PATTERN)


# NLTK watches the time of every match, which takes three times as long as the matches: for many texts at
# once the same pattern is used without it.
_MANY = re.compile(rf"{TOKEN_PATTERN}|{MARK}")


def _cut(texts: Sequence[str], progress: Progress | None) -> Tokens:
    return tokenised(texts, _MANY.findall, progress, "Cleaning texts", MAX_CHARS)


def is_idle(token: str, stops: frozenset[str]) -> bool:
    """Whether a token says nothing of a product: a letter, a number or one of the `stops`."""
    return len(token) < _SHORTEST or token in stops or token.replace("-", "").isnumeric()
