"""How fast texts and pictures become vectors, each encoder in turns with what one would write first.

    python -m tests.benchmarks --only encoders -- [NAME ...] [--float32 MODEL.onnx] [--quick]

NAME: only these encoders. Texts are sentences of the real descriptions beside the checkout, put together
anew (of drawn words where there are none); pictures are drawn, 1500 px wide, as shops have them.
`--float32` (see `models/make_minilm_l6_v2.py`) gives Sentence-BERT's rival its own unquantised network, and
stands for a BERT that the user brings. Keras's networks take part where TensorFlow is installed, with
random weights.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.labels import NO_CATEGORY
from prodlabel.core.progress import Progress
from prodlabel.encoders.image.colour import ColourPyramid
from prodlabel.encoders.image.efficientnet_lite0 import EfficientNetLite0
from prodlabel.encoders.image.orb import Orb
from prodlabel.encoders.image.sift import Sift
from prodlabel.encoders.protocol import ItemEncoder
from prodlabel.encoders.sessions import usable_cores
from prodlabel.encoders.streaming import encode_stream
from prodlabel.encoders.text.counts import Counts
from prodlabel.encoders.text.lda import Lda
from prodlabel.encoders.text.lsa import Lsa
from prodlabel.encoders.text.minilm import MiniLm
from prodlabel.encoders.text.nmf import Nmf
from prodlabel.encoders.text.tfidf import TfIdf
from prodlabel.encoders.text.use import UniversalSentenceEncoder
from prodlabel.encoders.text.word2vec import Word2Vec
from prodlabel.encoders.text.word_vectors import WordVectors
from prodlabel.sources.pictures import decode
from tests.benchmarks import rivals
from tests.benchmarks.catalogues import real_products
from tests.benchmarks.duels import NEARLY_SAME, Duel, Way, cosines
from tests.benchmarks.figures import figure
from tests.benchmarks.made_content import texts_of_a_catalogue, written_pictures, written_word_vectors

Vectors = NDArray[np.float32]
SIFT_BAR, CNN_BAR = ">= 60", ">= 300"
TITLES_BAR, QUERY_BAR = ">= 400", "<= 20 ms"
GOLDEN = Path(__file__).parents[1] / "encoders" / "golden"


class Files:
    """Pictures decoded when asked for, in reduced size."""

    def __init__(self, files: Sequence[Path], side_px: int = 320) -> None:
        self.files, self.side_px = files, side_px

    def __len__(self) -> int:
        return len(self.files)

    def __getitem__(self, row: int) -> NDArray[np.uint8]:
        return decode(self.files[row], short_side_px=self.side_px)


def streamed(encoder: ItemEncoder, count: int, load: Callable[[int], Any]) -> Vectors:
    """All vectors, as `encode` gets them."""
    vectors = np.zeros((count, encoder.dim), np.float32)
    for indices, part in encode_stream(encoder, count, load, Progress()):
        vectors[indices] = part
    return vectors


class Bench:
    """Makes the duels; what several share is made once."""

    def __init__(self, folder: Path, share: int, float32: Path | None) -> None:
        self.folder = folder
        self.share = share
        self.float32 = float32
        self.texts = texts_of_a_catalogue(3_000 // share)
        self.files = written_pictures(folder, 64 // share)

    def minilm(self) -> Duel:
        encoder, texts = MiniLm(), self.texts[: 256 // self.share]
        ours = Way("sorted stream, 8 bits", lambda: streamed(encoder, len(texts), texts.__getitem__))
        others = [
            Way("the same network, batches of 32 as they come", lambda: rivals.padded(encoder, texts)),
            # As sentence-transformers does by itself.
            Way(
                "the same network, batches of 32 sorted by length",
                lambda: rivals.padded(encoder, texts, is_sorted=True),
            ),
        ]
        if self.float32 is not None:
            own = rivals.float32_session(self.float32)
            for name, is_sorted in (("as they come", False), ("sorted by length", True)):
                others.append(
                    Way(
                        f"float32, batches of 32 {name}",
                        lambda is_sorted=is_sorted: rivals.padded(encoder, texts, own, is_sorted=is_sorted),
                    )
                )
        others = others[::-1]
        return Duel("Sentence-BERT (MiniLM)", len(texts), "texts", ours, others, NEARLY_SAME)

    def use(self) -> Duel:
        encoder, texts = UniversalSentenceEncoder(), self.texts[: 512 // self.share]
        ours = Way("sorted stream", lambda: streamed(encoder, len(texts), texts.__getitem__))
        other = Way("batches of 32 as they come", lambda: rivals.padded_use(encoder, texts))
        return Duel("Universal Sentence Encoder", len(texts), "texts", ours, [other])

    def lite0(self) -> Duel:
        encoder, files = EfficientNetLite0(), self.files
        own = Files(files, encoder.wanted_side_px)
        return Duel(
            "EfficientNet-Lite0, 1500 px pictures",
            len(files),
            "pictures",
            Way("stream, reduced decode", lambda: streamed(encoder, len(files), own.__getitem__)),
            [
                Way("Pillow in full, a call a picture", lambda: rivals.one_by_one(encoder, files)),
                Way("Pillow in full, batches of 32", lambda: rivals.one_by_one(encoder, files, 32)),
            ],
        )

    def lite0_five(self) -> Duel:
        encoder, files = EfficientNetLite0("all"), self.files[: 24 // self.share]
        own = Files(files, encoder.wanted_side_px)
        return Duel(
            "EfficientNet-Lite0 with flips and letterbox, 1500 px pictures",
            len(files),
            "pictures",
            Way("stream, reduced decode", lambda: streamed(encoder, len(files), own.__getitem__)),
            [Way("Pillow in full, a call a view", lambda: rivals.one_by_one(encoder, files))],
        )

    def colour(self) -> Duel:
        encoder, files = ColourPyramid(), self.files
        own = Files(files, encoder.wanted_side_px)
        return Duel(
            "Colour histogram, 1500 px pictures",
            len(files),
            "pictures",
            Way("stream, reduced decode", lambda: streamed(encoder, len(files), own.__getitem__)),
            [Way("Pillow in full, one after the other", lambda: rivals.one_by_one(encoder, files))],
        )

    def sift(self) -> Duel:
        return self._visual_words("SIFT", Sift(threads=None))

    def orb(self) -> Duel:
        return self._visual_words("ORB", Orb(threads=None))

    def _visual_words(self, name: str, encoder: Any) -> Duel:
        return Duel(
            f"500 {name} words, 1500 px pictures",
            len(self.files),
            "pictures",
            Way("threads, reduced decode", lambda: encoder.fit_transform(Files(self.files))),
            [Way("plain loop, scikit-learn's k-means", lambda: rivals.visual_words(name, self.files, 500))],
            likeness=None,
        )

    def keras(self) -> Duel | None:
        found = rivals.keras_and_ours(self.folder)
        if found is None:
            print("\nMobileNetV2 (Keras): TensorFlow is not installed: not measured.")
            return None
        encoder, network = found
        own = Files(self.files, encoder.wanted_side_px)
        return Duel(
            "MobileNetV2, 1500 px pictures",
            len(self.files),
            "pictures",
            Way("stream, converted once", lambda: streamed(encoder, len(self.files), own.__getitem__)),
            [
                Way("Pillow in full, keras.predict of 32", lambda: rivals.keras(network, self.files, 32)),
                Way("Pillow in full, keras.predict one by one", lambda: rivals.keras(network, self.files, 1)),
            ],
        )

    def counts(self) -> Duel:
        ours = Way("ours", lambda: Counts().fit_transform(self.texts))
        other = Way("CountVectorizer, NLTK and simplemma", lambda: rivals.counts(self.texts))
        return Duel("Bag of words", len(self.texts), "texts", ours, [other])

    def tfidf(self) -> Duel:
        ours = Way("ours", lambda: TfIdf().fit_transform(self.texts))
        other = Way("TfidfVectorizer", lambda: rivals.tfidf(self.texts))
        return Duel("TF-IDF of words and pairs", len(self.texts), "texts", ours, [other])

    def lsa(self) -> Duel:
        ours = Way("ours", lambda: Lsa().fit_transform(self.texts))
        other = Way("scikit-learn's, NLTK and simplemma", lambda: rivals.lsa(self.texts, Lsa().dim))
        # Randomised, both: scikit-learn's own are .99 from the exact ones.
        return Duel("LSA", len(self.texts), "texts", ours, [other], NEARLY_SAME, by_likeness=True)

    def lda(self) -> Duel:
        texts = self.texts[: 1_000 // self.share]
        encoder = Lda(epochs=10)
        ours = Way("ours", lambda: encoder.fit_transform(texts))
        other = Way("scikit-learn's, online, as many passes", lambda: rivals.lda(texts, encoder))
        return Duel("LDA, 10 passes", len(texts), "texts", ours, [other], likeness=None)

    def nmf(self) -> Duel:
        ours = Way("ours", lambda: Nmf().fit_transform(self.texts))
        other = Way("scikit-learn's", lambda: rivals.nmf(self.texts, Nmf()))
        return Duel("NMF", len(self.texts), "texts", ours, [other], likeness=None)

    def word2vec(self) -> Duel:
        encoder, texts = Word2Vec(epochs=5), self.texts[: 1_000 // self.share]
        ours = Way("ours, repeatable", lambda: encoder.fit_transform(texts))
        other = Way("gensim, a thread a core", lambda: rivals.word2vec(texts, encoder))
        return Duel("Word2Vec, 5 passes", len(texts), "texts", ours, [other], likeness=None)

    def word_vectors(self) -> Duel:
        file = written_word_vectors(self.folder, self.texts)
        ours = Way("ours", lambda: WordVectors(file).fit_transform(self.texts))
        other = Way("gensim's KeyedVectors", lambda: rivals.word_vectors(self.texts, file))
        return Duel("Pretrained word vectors, 40,000 in the file", len(self.texts), "texts", ours, [other])


NAMES = (
    "minilm", "use", "lite0", "lite0_five", "keras", "colour", "sift", "orb", "counts", "tfidf", "lsa", "lda",
    "nmf", "word2vec", "word_vectors",
)  # fmt: skip


def show_minilm(bench: Bench, float32: Path | None) -> list[str]:
    """Likeness to the float32 network, titles a second, the first query, and what 8 bits cost downstream."""
    encoder = MiniLm()
    golden = json.loads((GOLDEN / "minilm.json").read_text(encoding="utf-8"))
    likeness = cosines(encoder.encode(golden["texts"])[:, ::3], np.array(golden["every_third"]))
    titles = [" ".join(text.split()[:8]) for text in bench.texts[: 1_024 // bench.share]]
    began = time.perf_counter()
    streamed(encoder, len(titles), titles.__getitem__)
    rate = len(titles) / (time.perf_counter() - began)
    waits = []
    for title in titles[:40]:
        began = time.perf_counter()
        encoder.encode([title])
        waits.append(1000 * (time.perf_counter() - began))
    beside = f"least of {len(likeness)} texts"
    lines = [
        figure("cosine of 8 bits to float32", float(likeness.min()), "", bar=NEARLY_SAME, beside=beside),
        figure("titles on these cores", rate, "titles/s", bar=TITLES_BAR),
        figure(
            "one query, network loaded, 95th percentile", float(np.quantile(waits, 0.95)), "ms", bar=QUERY_BAR
        ),
    ]
    if float32 is None:
        return [
            *lines,
            "  8 bits less float32, downstream: not measured (bar >= 0): give --float32 MODEL.onnx",
        ]
    return [*lines, show_loss(encoder, float32)]


def show_loss(encoder: MiniLm, float32: Path) -> str:
    """How much accuracy the categories of the real products lose with 8 bits, in the same folds."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import cross_val_score

    materials = real_products()
    if materials is None:
        return "  8 bits less float32, downstream: not measured: the real products are not there"
    labels = materials.level_1()
    rows = np.flatnonzero(labels != NO_CATEGORY)
    texts = [materials.texts(Progress()).text[row] for row in rows.tolist()]
    both = (
        streamed(encoder, len(texts), texts.__getitem__),
        rivals.padded(encoder, texts, rivals.float32_session(float32)),
    )
    model = LogisticRegression(C=15, max_iter=2_000)
    found = [cross_val_score(model, vectors, labels[rows], cv=5) for vectors in both]
    loss = found[0] - found[1]
    beside = f"± {loss.std(ddof=1):.4f} over 5 folds; {found[0].mean():.4f} and {found[1].mean():.4f}"
    return figure("8 bits less float32, accuracy", float(loss.mean()), "", bar=">= 0", beside=beside)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Speed of the encoders beside the obvious alternatives.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"only these of {', '.join(NAMES)}")
    parser.add_argument("--float32", type=Path, help="the unquantised text network, to compare with")
    parser.add_argument("--quick", action="store_true", help="a fourth of the items")
    options = parser.parse_args(arguments)
    if unknown := set(options.names) - set(NAMES):
        parser.error(f"no such encoder: {', '.join(sorted(unknown))}")
    print(f"{usable_cores()} cores; ratios are medians over turns, and times of the clock")
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), 4 if options.quick else 1, options.float32)
        for name in options.names or NAMES:
            duel: Duel | None = getattr(bench, name)()
            if duel is None:
                continue
            print("\n".join(duel.fight()), flush=True)
            rate = duel.count / float(np.median(duel.seconds[duel.ours.name]))
            if name == "minilm":
                print("\n".join(show_minilm(bench, options.float32)), flush=True)
            if name == "lite0":
                print(figure("CNN pictures on these cores, float32", rate, "pictures/s", bar=CNN_BAR))
            if name == "sift":
                print(figure("SIFT words on these cores", rate, "pictures/s", bar=SIFT_BAR), flush=True)


if __name__ == "__main__":
    main()
