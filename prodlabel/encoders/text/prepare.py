"""Prepares product texts without labels: what a shop writes under every product is found and taken out.

A description is read as tokens in which the product's own name stands as one mark and every number as '#'.
A run of three tokens that stands in at least 8 % of the descriptions is boilerplate ("buy @ online at
..."); every token that such a run covers is dropped. The shares are estimated on a sample (20,000
descriptions: +-0.4 points at 8 %), so time and memory of a fit are bounded whatever the catalogue's size.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Self

_MARK = "\x01"
_TOKENS = re.compile(r"\x01|[\w#]+")
_NUMBERS = re.compile(r"#+")
_SPACES = re.compile(r"\s+")
_DIGITS = {ord(digit): "#" for digit in "0123456789"}
_EDGES = " \t,.;:|-–—/"
_MAX_CHARS = 20_000
"""Longer descriptions are read up to here; no encoder reads further."""
_SAMPLE = 20_000
_FEW = 20
"""Below so many descriptions a share says nothing: three texts of one brand would be emptied."""

Gram = tuple[str, str, str]
Token = tuple[str, int, int]

SPEC_PREFIX = "spec: "
SKIPPED_SPECS = frozenset({"brand", "model id", "model name", "model number", "style code"})
"""Specifications that name one product rather than say what it is."""


class Boilerplate:
    """Learns the phrases that many descriptions share, and cleans texts of them.

    `fit` learns `phrases_`. A catalogue with fewer than 20 descriptions, or without shared phrases, is left
    as it is.
    """

    def __init__(self, least_share: float = 0.08, seed: int = 0) -> None:
        self.least_share = least_share
        self.seed = seed

    def fit(self, names: Iterable[str], descriptions: Iterable[str]) -> Self:
        """Learn from names and descriptions in the same order; both are read once."""
        sample = _sample(zip(names, descriptions, strict=True), self.seed)
        texts = [[token for token, _, _ in _tokens(_marked(*pair))] for pair in sample]
        least = max(2.0, self.least_share * len(texts))
        self.phrases_: frozenset[Gram] = frozenset()
        if len(texts) >= _FEW:
            # A run is no more frequent than its rarest token (Agrawal and Srikant 1994).
            word_counts = Counter(token for tokens in texts for token in set(tokens))
            words = {word for word, texts_with in word_counts.items() if texts_with >= least}
            counts = Counter(gram for tokens in texts for gram in _grams(tokens, words))
            self.phrases_ = frozenset(gram for gram, texts_with in counts.items() if texts_with >= least)
        return self

    def clean(self, name: str, description: str) -> str:
        """The name, and what the description says beyond the name and beyond the shared phrases."""
        rest = self.rest(name, description)
        return ". ".join(part for part in (_SPACES.sub(" ", name).strip(), rest) if part)

    def rest(self, name: str, description: str) -> str:
        """The description without name and shared phrases; case, digits and punctuation as written."""
        text = _marked(name, description)
        tokens = list(_tokens(text))
        dropped = [token == _MARK for token, _, _ in tokens]
        phrases = self.phrases_
        words = [token for token, _, _ in tokens]
        for at, gram in enumerate(zip(words, words[1:], words[2:], strict=False)):
            if gram in phrases:
                dropped[at] = dropped[at + 1] = dropped[at + 2] = True
        return " ".join(_kept(text, tokens, dropped))

    def state(self) -> dict[str, Any]:
        """What was learned, JSON-able."""
        phrases = sorted(list(gram) for gram in self.phrases_)
        return {"least_share": self.least_share, "seed": self.seed, "phrases": phrases}

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """The fitted object again."""
        fitted = cls(state["least_share"], state["seed"])
        fitted.phrases_ = frozenset((a, b, c) for a, b, c in state["phrases"])
        return fitted


def spec_text(attributes: Mapping[str, str]) -> str:
    """The specifications as "Key: value. Key: value." without those that name a product (brand ...)."""
    parts = []
    for key, value in attributes.items():
        if not key.startswith(SPEC_PREFIX):
            continue
        title, said = key[len(SPEC_PREFIX) :].strip(), _SPACES.sub(" ", value).strip()
        if said and title.casefold() not in SKIPPED_SPECS:
            parts.append(f"{title}: {said}." if title else f"{said}.")
    return " ".join(parts)


def _sample(pairs: Iterable[tuple[str, str]], seed: int) -> list[tuple[str, str]]:
    """At most `_SAMPLE` pairs with a description, each as likely as any other (Vitter 1985, algorithm R)."""
    chance = random.Random(seed)  # noqa: S311 - a sample, not a secret
    sample: list[tuple[str, str]] = []
    seen = 0
    for name, description in pairs:
        if not description or description.isspace():
            continue
        seen += 1
        if len(sample) < _SAMPLE:
            sample.append((name, description[:_MAX_CHARS]))
        elif (place := chance.randrange(seen)) < _SAMPLE:
            sample[place] = (name, description[:_MAX_CHARS])
    return sample


def _marked(name: str, description: str) -> str:
    """The description with the product's name, in whatever case, as one mark."""
    text = description[:_MAX_CHARS].replace(_MARK, " ")
    name = name.strip()
    if len(name) < 3:
        return text
    text = text.replace(name, f" {_MARK} ")
    low_text, low_name = text.lower(), name.lower()
    if low_name not in low_text or len(low_text) != len(text):
        return text  # some capitals grow when lowered; then positions would not fit
    parts, start = [], 0
    while (at := low_text.find(low_name, start)) >= 0:
        parts.append(text[start:at])
        start = at + len(low_name)
    return f" {_MARK} ".join([*parts, text[start:]])


def _tokens(text: str) -> Iterator[Token]:
    """Each token in lower case, numbers as '#', with where it stands in the text."""
    for match in _TOKENS.finditer(text.translate(_DIGITS)):
        token = match.group().lower()
        yield (_NUMBERS.sub("#", token) if "#" in token else token), match.start(), match.end()


def _grams(tokens: list[str], words: set[str]) -> set[Gram]:
    """The runs of three tokens, all of them among `words`."""
    is_word = [token in words for token in tokens]
    ends = range(2, len(tokens))
    return {
        (tokens[i - 2], tokens[i - 1], tokens[i])
        for i in ends
        if is_word[i] and is_word[i - 1] and is_word[i - 2]
    }


def _kept(text: str, tokens: list[Token], dropped: list[bool]) -> Iterator[str]:
    """The stretches of text between dropped tokens."""
    start = end = -1
    for (_, token_start, token_end), is_dropped in zip(tokens, dropped, strict=True):
        if is_dropped:
            if start >= 0:
                yield _SPACES.sub(" ", text[start:end]).strip(_EDGES)
            start = -1
        else:
            start, end = (token_start if start < 0 else start), token_end
    if start >= 0:
        yield _SPACES.sub(" ", text[start:end]).strip(_EDGES)
