"""Clusters named by the words that set them apart.

Invariant: a name depends only on the texts and the clusters; no word stands twice in it, be it in another
form.

Source: log-odds with an informative Dirichlet prior, Monroe, Colaresi and Quinn, "Fightin' words", Political
Analysis 16 (2008), section 3.5.1; counted by products that hold the word, so that one long text has one vote.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from difflib import SequenceMatcher
from typing import Any

import numpy as np
import numpy.typing as npt

from prodlabel.core.progress import Progress

Ints = npt.NDArray[np.integer[Any]]

WORD = re.compile(r"[^\W\d_]{3,}")
PRIOR = 50.0
"""Weight of the whole catalogue's frequencies, in products."""
SAME_STEM = 0.8
LEAST_SHARE = 0.05
"""A name's word stands in at least this share of its cluster's products."""


def distinctive_words(
    texts: Sequence[str], labels: Ints, count: int = 4, stop_words: Collection[str] = (),
    progress: Progress | None = None,
) -> list[list[str]]:  # fmt: skip
    """Per cluster 0..k-1 of `labels` (n,), at most `count` words, the most telling first; negative labels
    count as background. `texts`: cleaned, one for each product. Memory: one count per distinct word and
    cluster."""
    progress = progress or Progress()
    clusters = int(labels.max()) + 1 if len(labels) else 0
    stopped = {word.casefold() for word in stop_words}
    inside: list[Counter[str]] = [Counter() for _ in range(clusters)]
    whole: Counter[str] = Counter()
    with progress.stage("Naming clusters", total=len(texts)):
        for text, label in zip(texts, labels, strict=True):
            words = {word for word in WORD.findall(text.casefold()) if word not in stopped}
            whole.update(words)
            if label >= 0:
                inside[label].update(words)
            progress.advance()
    size = np.bincount(labels[labels >= 0], minlength=clusters)
    return [
        _without_repeats(_ranked(inside[c], whole, int(size[c]), len(texts)), count) for c in range(clusters)
    ]


def cluster_name(words: Sequence[str]) -> str:
    """The words as a caption: 'watch, dial, strap'; empty where nothing sets the cluster apart."""
    return ", ".join(words)


def _ranked(inside: Counter[str], whole: Counter[str], size: int, n: int) -> list[str]:
    """Words that stand more often in the cluster than outside, by z-score of the log-odds difference."""
    scored = []
    for word, held in inside.items():
        if held < max(2 if size > 2 else 1, LEAST_SHARE * size):
            continue
        outside = whole[word] - held
        prior = PRIOR * whole[word] / n
        rest = PRIOR - prior
        log_odds = np.log((held + prior) / (size - held + rest + 1e-9))
        log_odds -= np.log((outside + prior) / (n - size - outside + rest + 1e-9))
        z = log_odds / np.sqrt(1.0 / (held + prior) + 1.0 / (outside + prior))
        if z > 0:
            scored.append((-float(z), word))
    return [word for _, word in sorted(scored)]


def _without_repeats(words: Sequence[str], count: int) -> list[str]:
    chosen: list[str] = []
    for word in words:
        if not any(_is_same_stem(word, other) for other in chosen):
            chosen.append(word)
            if len(chosen) == count:
                break
    return chosen


def _is_same_stem(a: str, b: str) -> bool:
    """Plural, inflected or misspelt form of the same word: same beginning and nearly the same letters."""
    if a[:3] != b[:3]:
        return False
    return a.startswith(b) or b.startswith(a) or SequenceMatcher(None, a, b).ratio() >= SAME_STEM
