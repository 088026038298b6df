"""The words of each category, how long its texts are, and what was taken out of them as boilerplate.

Invariant: words are counted by products that hold them, in the texts that the encoders see.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from prodlabel.analysis.naming import WORD, distinctive_words
from prodlabel.core.progress import Progress
from prodlabel.operations.materials import Materials
from prodlabel.operations.report.clouds import draw_cloud
from prodlabel.operations.report.scheme import Scheme
from prodlabel.operations.report.wording import count, percent
from prodlabel.operations.texts import load_boilerplate
from prodlabel.operations.words import stop_words

_WORDS, _CLOUD_WORDS = 12, 40
_PHRASES = 8
_LONGEST_PHRASE = 14
_TOKEN = re.compile(r"[\w#]+")


@dataclass(frozen=True, slots=True)
class CategoryWords:
    """`words`: (word, share of the category's products that hold it, as text), the most telling first;
    `cloud` draws more of them. Lengths are in words."""

    name: str
    style: int
    products: str
    words: list[tuple[str, float, str]]
    cloud: Markup
    median: str
    shortest: str
    longest: str
    distinct: str
    empty: int


@dataclass(frozen=True, slots=True)
class BoilerplateFound:
    """`phrases`: (phrase, how many descriptions hold it); the share of all letters that was taken out."""

    phrases: list[tuple[str, str]]
    share_removed: str
    is_any: bool


def category_words(
    texts: list[str], labels: NDArray[np.int32], scheme: Scheme, progress: Progress
) -> list[CategoryWords]:
    """Words and lengths per category. `texts`: cleaned name and description of each row."""
    styles = scheme.numbers(labels)
    chosen = distinctive_words(texts, styles, _CLOUD_WORDS, stop_words(), progress)
    found = []
    for number, name in enumerate(scheme.names):
        members = [texts[row] for row in np.flatnonzero(styles == number)]
        tokens = [WORD.findall(text.casefold()) for text in members]
        lengths = np.array([len(one) for one in tokens])
        holds = [set(one) for one in tokens]
        words = []
        for word in chosen[number] if number < len(chosen) else []:
            share = sum(word in one for one in holds) / max(1, len(holds))
            words.append((word, share, percent(share)))
        found.append(
            CategoryWords(
                name,
                number,
                count(len(members)),
                words[:_WORDS],
                draw_cloud([(word, share) for word, share, _ in words], name, number),
                count(float(np.median(lengths))),
                count(lengths.min()),
                count(lengths.max()),
                count(len(set().union(*holds))),
                int((lengths == 0).sum()),
            )
        )
    return found


def find_boilerplate(materials: Materials, progress: Progress) -> BoilerplateFound:
    """What all descriptions share, put together again from its runs of three words; what weighs most comes
    first."""
    learnt = load_boilerplate(materials.snapshot, progress)
    phrases = _chains(sorted(learnt.phrases_))
    counts = dict.fromkeys(phrases, 0)
    before = after = 0
    with (
        materials.snapshot.reader() as reader,
        progress.stage("Counting boilerplate", len(materials.snapshot.columns)),
    ):
        for one in reader.all_texts():
            before += len(one.description)
            after += len(learnt.rest(one.name, one.description))
            flat = " ".join(_TOKEN.findall(re.sub(r"\d+", "#", one.description.casefold())))
            for phrase in phrases:
                counts[phrase] += f" {phrase} " in f" {flat} "
            progress.advance()
    ranked = sorted(counts.items(), key=lambda item: (-item[1] * len(item[0].split()), item[0]))
    shown = [(phrase, count(number)) for phrase, number in ranked[:_PHRASES] if number]
    removed = (before - after) / before if before else None
    return BoilerplateFound(shown, percent(removed), bool(learnt.phrases_))


def _chains(grams: list[tuple[str, str, str]]) -> list[str]:
    """Runs of three words joined where the end of one is the beginning of the next; each used once."""
    following: dict[tuple[str, str], list[tuple[str, str, str]]] = {}
    for gram in grams:
        following.setdefault(gram[:2], []).append(gram)
    ends = {gram[1:] for gram in grams}
    # Begin where nothing leads to, so that a phrase is not entered in its middle.
    starts = [gram for gram in grams if gram[:2] not in ends] + grams
    used: set[tuple[str, str, str]] = set()
    phrases = []
    for start in starts:
        if start in used:
            continue
        used.add(start)
        words = list(start)
        while len(words) < _LONGEST_PHRASE:
            further = [gram for gram in following.get((words[-2], words[-1]), []) if gram not in used]
            if not further:
                break
            used.add(further[0])
            words.append(further[0][2])
        if "\x01" not in words:  # stands for the product's own name
            phrases.append(" ".join(words))
    return phrases
