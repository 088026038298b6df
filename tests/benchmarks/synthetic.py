"""A made-up catalogue of any size, the same for the same seed: what the large benchmarks and tests import.

Words follow Zipf's law (exponent 1.07, as in English, about); each category prefers 150 words of its own,
so that search, clusters and classifiers find something. Nothing here describes a real product.

Run with `python -m tests.benchmarks.synthetic FILE.csv --rows 1000000`.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

HEADER = ("key", "name", "description", "category", "brand", "price")
CATEGORY_SEPARATOR = " >> "
N_TOP, N_MIDDLE, N_LEAF = 12, 6, 5
"""Children of the root, of each of these, and of each of these: 360 leaves."""
N_BRANDS = 800

_ZIPF_EXPONENT = 1.07
# Words of one, two and three syllables: the frequent ones are short.
_N_WORDS = (200, 3000, 16_800)
_OWN_WORDS = 150
_OWN_SHARE = 0.4
_NAME_WORDS = (4, 8)
_DESCRIPTION_WORDS = (9, 20)
_CHUNK_ROWS = 50_000
_SYLLABLES = np.array([consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in "aeiou"])


def write_catalogue(path: Path, rows: int, *, seed: int = 0, unlabelled: float = 0.1) -> None:
    """Write a CSV (UTF-8, comma, LF, descriptions quoted) of `rows` products with the columns of `HEADER`.

    Name and description together mostly have 60 to 200 characters. Keys count from P00000000; a share of
    `unlabelled` products has an empty category. The first n rows do not depend on how many follow.
    """
    catalogue = _Catalogue(seed, unlabelled)
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(",".join(HEADER) + "\n")
        for start in range(0, rows, _CHUNK_ROWS):
            file.writelines(catalogue.lines(start, min(rows, start + _CHUNK_ROWS)))


def vocabulary(seed: int = 0) -> list[str]:
    """20,000 distinct words that can be pronounced, the most frequent first."""
    random = np.random.default_rng((seed, 1))
    words: list[str] = []
    for syllables, count in enumerate(_N_WORDS, start=1):
        codes = random.choice(len(_SYLLABLES) ** syllables * len(_ENDINGS), count, replace=False)
        parts = _ENDINGS[codes % len(_ENDINGS)]
        codes //= len(_ENDINGS)
        for _ in range(syllables):
            parts = np.char.add(_SYLLABLES[codes % len(_SYLLABLES)], parts)
            codes //= len(_SYLLABLES)
        words += parts.tolist()
    return words


# Every word ends in one of these, and syllables end in vowels: so no two codes make the same word.
_ENDINGS = np.array(["k", "l", "m", "n", "r", "s", "t"])


def category_paths(seed: int = 0) -> list[str]:
    """The 360 leaves of the made-up taxonomy, each as a path of names from the root."""
    rare = iter(vocabulary(seed)[::-1])
    paths = []
    for _ in range(N_TOP):
        top = next(rare).capitalize()
        for _ in range(N_MIDDLE):
            middle = f"{top} {next(rare)}"
            paths += [CATEGORY_SEPARATOR.join((top, middle, next(rare).capitalize())) for _ in range(N_LEAF)]
    return paths


class _Catalogue:
    """The tables that all rows are drawn from."""

    def __init__(self, seed: int, unlabelled: float) -> None:
        self._seed = seed
        self._unlabelled = unlabelled
        self._words: NDArray[Any] = np.array(vocabulary(seed), dtype=object)
        self._paths = category_paths(seed)
        random = np.random.default_rng((seed, 2))
        self._brands = [
            word.capitalize() for word in random.choice(self._words[3200:], N_BRANDS, replace=False)
        ]
        n_words, n_leaves = len(self._words), len(self._paths)
        self._own = np.argsort(random.random((n_leaves, n_words), dtype=np.float32), axis=1)[:, :_OWN_WORDS]
        self._all_cdf, self._own_cdf = _zipf_cdf(n_words), _zipf_cdf(_OWN_WORDS)
        # Large categories and small ones, as in every shop; brands likewise.
        self._leaf_cdf = np.cumsum(random.dirichlet(np.full(n_leaves, 0.8)))
        self._brand_cdf = _zipf_cdf(N_BRANDS)

    def lines(self, first: int, last: int) -> Iterator[str]:
        """Rows `first` to `last` of a chunk that starts at `first`."""
        random, count = np.random.default_rng((self._seed, 3, first)), _CHUNK_ROWS
        leaves = _draw(random, self._leaf_cdf, count)
        brands = _draw(random, self._brand_cdf, count).tolist()
        is_labelled = (random.random(count) >= self._unlabelled).tolist()
        prices = np.round(np.exp(random.normal(3.2, 1.0, count)), 2).tolist()
        name_words = random.integers(_NAME_WORDS[0], _NAME_WORDS[1] + 1, count)
        all_words = name_words + random.integers(_DESCRIPTION_WORDS[0], _DESCRIPTION_WORDS[1] + 1, count)
        words = self._draw_words(random, np.repeat(leaves, all_words))
        ends = np.cumsum(all_words)
        starts = (ends - all_words).tolist()
        middles, ends = (ends - all_words + name_words).tolist(), ends.tolist()
        leaf_list, brand_names, paths, join = leaves.tolist(), self._brands, self._paths, " ".join
        for row in range(last - first):
            start, middle, end = starts[row], middles[row], ends[row]
            brand = brand_names[brands[row]]
            category = paths[leaf_list[row]] if is_labelled[row] else ""
            yield (
                f"P{first + row:08d},{brand} {join(words[start:middle])},"
                f'"{join(words[middle : middle + 4])}, {join(words[middle + 4 : end])}.",'
                f"{category},{brand},{prices[row]:.2f}\n"
            )

    def _draw_words(self, random: np.random.Generator, leaf_of_word: NDArray[np.int64]) -> list[str]:
        count = len(leaf_of_word)
        ids = _draw(random, self._all_cdf, count)
        own = random.random(count, dtype=np.float32) < _OWN_SHARE
        ranks = _draw(random, self._own_cdf, int(np.count_nonzero(own)))
        ids[own] = self._own[leaf_of_word[own], ranks]
        words: list[str] = self._words[ids].tolist()
        return words


def _zipf_cdf(count: int) -> NDArray[np.float64]:
    weights = np.arange(1, count + 1) ** -_ZIPF_EXPONENT
    return np.cumsum(weights / weights.sum())


def _draw(random: np.random.Generator, cdf: NDArray[np.float64], count: int) -> NDArray[np.int64]:
    """Ranks from 0 by inversion of the distribution function."""
    return np.minimum(np.searchsorted(cdf, random.random(count)), len(cdf) - 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=0)
    wanted = parser.parse_args()
    start = time.perf_counter()
    write_catalogue(wanted.file, wanted.rows, seed=wanted.seed)
    size = wanted.file.stat().st_size / 2**20
    print(f"{wanted.rows:,} products, {size:,.0f} MiB in {time.perf_counter() - start:.1f} s")


if __name__ == "__main__":
    main()
