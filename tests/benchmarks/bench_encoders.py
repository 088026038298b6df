"""How fast texts and pictures become vectors, beside what one would write first, in the same run.

    python -m tests.benchmarks.bench_encoders [--float32 MODEL.onnx] [--quick]

The text alternative pads batches of 32 in the order given; with `--float32` (see
`models/make_minilm_l6_v2.py`) it runs the unquantised network as well. The picture alternative decodes each
picture in full with Pillow and calls the network once a picture. The cosines with
our vectors are printed: a reduced decode smooths a little differently than a full one.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.progress import Progress
from prodlabel.encoders.image.efficientnet_lite0 import EfficientNetLite0
from prodlabel.encoders.image.orb import Orb
from prodlabel.encoders.image.sift import Sift
from prodlabel.encoders.protocol import ItemEncoder
from prodlabel.encoders.sessions import open_session, usable_cores
from prodlabel.encoders.streaming import encode_stream
from prodlabel.encoders.text.counts import Counts
from prodlabel.encoders.text.lda import Lda
from prodlabel.encoders.text.minilm import MiniLm
from prodlabel.encoders.text.prepare import Boilerplate
from prodlabel.encoders.text.word2vec import Word2Vec
from prodlabel.sources.pictures import decode
from tests.encoders.pictures import drawn_picture

Vectors = NDArray[np.float32]
_WORDS = ["cotton", "towel", "red", "steel", "watch", "router", "mug", "curtain", "with", "set", "pack"]


def texts_of_a_catalogue(count: int, seed: int = 0) -> list[str]:
    """Half titles (4 to 15 words), half descriptions (20 to 180 words), mixed."""
    chance = random.Random(seed)
    lengths = [chance.randint(4, 15) if i % 2 else chance.randint(20, 180) for i in range(count)]
    return [" ".join(chance.choices(_WORDS, k=length)) for length in lengths]


def timed(work: Callable[[], Vectors]) -> tuple[Vectors, float]:
    started = time.perf_counter()
    vectors = work()
    return vectors, time.perf_counter() - started


def streamed(encoder: ItemEncoder, count: int, load: Callable[[int], Any]) -> Vectors:
    vectors = np.zeros((count, encoder.dim), np.float32)
    for indices, part in encode_stream(encoder, count, load, Progress()):
        vectors[indices] = part
    return vectors


def padded_batches(encoder: MiniLm, session: Any, texts: Sequence[str], size: int = 32) -> Vectors:
    """Batches in the order given, each padded to its longest text."""
    parts = []
    for start in range(0, len(texts), size):
        tokens = [e.ids for e in encoder._tokenizer.encode_batch(list(texts[start : start + size]))]
        longest = max(map(len, tokens))
        ids = np.array([own + [0] * (longest - len(own)) for own in tokens], np.int64)
        mask = np.array([[1] * len(own) + [0] * (longest - len(own)) for own in tokens], np.int64)
        parts.append(session.run(None, {"input_ids": ids, "attention_mask": mask})[0])
    return np.vstack(parts)


def one_by_one(encoder: EfficientNetLite0, files: Sequence[Path]) -> Vectors:
    """Each picture in full size through Pillow, one call of the network each."""
    from PIL import Image

    parts = []
    for path in files:
        with Image.open(path) as picture:
            parts.append(encoder.encode([np.asarray(picture.convert("RGB"))]))
    return np.vstack(parts)


def reduced(path: Path, side_px: int) -> NDArray[np.uint8]:
    """Decoded to the smallest of 1, 1/2, 1/4, 1/8 whose shorter side still has `side_px`."""
    import cv2
    from PIL import Image

    with Image.open(path) as header:
        shorter = min(header.size)
    flags = {8: cv2.IMREAD_REDUCED_COLOR_8, 4: cv2.IMREAD_REDUCED_COLOR_4, 2: cv2.IMREAD_REDUCED_COLOR_2}
    flag = next((flags[by] for by in (8, 4, 2) if shorter // by >= side_px), cv2.IMREAD_COLOR)
    picture: NDArray[np.uint8] = cv2.cvtColor(cv2.imread(str(path), flag), cv2.COLOR_BGR2RGB)
    return picture


def report(title: str, unit: str, count: int, rows: list[tuple[str, Vectors, float]]) -> None:
    ours, _, ours_s = rows[0]
    print(f"\n{title} ({count}, {usable_cores()} cores)")
    for name, vectors, taken_s in rows:
        cosine = (vectors * rows[0][1]).sum(axis=1)
        ratio = f"{ours} is {taken_s / ours_s:.2f} x" if taken_s != ours_s else ""
        agreement = f"cosine mean {cosine.mean():.4f} least {cosine.min():.4f}"
        print(f"  {name:44} {count / taken_s:8.1f} {unit}/s  {agreement}  {ratio}")


def bench_texts(count: int, float32: Path | None) -> None:
    texts, encoder = texts_of_a_catalogue(count), MiniLm()
    encoder.encode(texts[:32])
    rows = [("sorted stream, 8 bits", *timed(lambda: streamed(encoder, count, texts.__getitem__)))]
    session = encoder._session
    rows.append(("padded batches, 8 bits", *timed(lambda: padded_batches(encoder, session, texts))))
    if float32 is not None:
        exact = open_session(float32)
        rows.append(("padded batches, float32", *timed(lambda: padded_batches(encoder, exact, texts))))
    report("Texts through MiniLM", "texts", count, rows)


def bench_pictures(count: int) -> None:
    import cv2

    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"{i}.jpg" for i in range(count)]
        for i, path in enumerate(files):
            cv2.imwrite(str(path), drawn_picture(i % 20, 1500, 1500))
        for views in ("one", "five"):
            encoder = EfficientNetLite0(views)
            encoder.encode([drawn_picture(0)])
            side_px = encoder.wanted_side_px

            def load(index: int, side_px: int = side_px) -> NDArray[np.uint8]:
                return reduced(files[index], side_px)

            def ours(encoder: EfficientNetLite0 = encoder, load: Callable[[int], Any] = load) -> Vectors:
                return streamed(encoder, count, load)

            def theirs(encoder: EfficientNetLite0 = encoder) -> Vectors:
                return one_by_one(encoder, files)

            rows = [("stream, reduced decode", *timed(ours))]
            rows.append(("Pillow in full, one at a time", *timed(theirs)))
            report(f"1500 px pictures through EfficientNet-Lite0, {views} view(s)", "pictures", count, rows)


def sift_as_one_would_write_it(files: Sequence[Path], words: int) -> Vectors:
    """Full decode, one picture after the other, all descriptors in float32, scikit-learn's own k-means."""
    import cv2
    from sklearn.cluster import MiniBatchKMeans

    described = []
    for path in files:
        grey = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
        height, width = grey.shape
        grey = cv2.resize(grey, (400, round(400 * height / width)), interpolation=cv2.INTER_AREA)
        found = cv2.SIFT.create(300).detectAndCompute(grey, None)[1]
        described.append(np.zeros((0, 128), np.float32) if found is None else found)
    model = MiniBatchKMeans(words, random_state=0, n_init=3).fit(np.vstack(described))
    counts = np.zeros((len(files), words), np.float32)
    for row, found in enumerate(described):
        if len(found):
            counts[row] = np.bincount(model.predict(found), minlength=words)
    return counts


class Files:
    """Pictures decoded when asked for, in reduced size."""

    def __init__(self, files: Sequence[Path]) -> None:
        self.files = files

    def __len__(self) -> int:
        return len(self.files)

    def __getitem__(self, row: int) -> NDArray[np.uint8]:
        return decode(self.files[row], short_side_px=400)


def bench_visual_words(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        files = written_photographs(Path(folder), count)
        Sift(20).fit_transform(Files(files[:4]))
        _, theirs_s = timed(lambda: sift_as_one_would_write_it(files, 500))
        print(f"\n1500 px photograph-like pictures to 500 SIFT words ({count}, {usable_cores()} cores)")
        for title, encoder in (("SIFT, threads", Sift()), ("ORB, threads", Orb())):
            spent = time.process_time()
            _, ours_s = timed(lambda encoder=encoder: encoder.fit_transform(Files(files)))
            spent = time.process_time() - spent
            rate = f"{count / ours_s:8.1f} pictures/s ({count / spent:.1f} per core-second)"
            print(f"  {title:44} {rate}  {theirs_s / ours_s:.2f} x the plain loop")
        print(f"  {'plain loop, scikit-learn k-means':44} {count / theirs_s:8.1f} pictures/s")


def written_photographs(folder: Path, count: int) -> list[Path]:
    """Drawn pictures with texture, so that they have as many keypoints as photographs have."""
    import cv2

    rng = np.random.default_rng(0)
    files = []
    for i in range(count):
        noise = cv2.resize(rng.integers(0, 90, (150, 150, 3), np.uint8), (1500, 1500))
        files.append(folder / f"{i}.jpg")
        cv2.imwrite(str(files[-1]), cv2.subtract(drawn_picture(i % 20, 1500, 1500), noise))
    return files


def bench_topics(count: int) -> None:
    """LDA beside scikit-learn's own loop, Word2Vec beside gensim's; the same counts and settings."""
    from sklearn.decomposition import LatentDirichletAllocation

    texts = texts_of_a_catalogue(count)
    counts = Counts(max_share=1.0).fit_transform(texts)
    _, ours_s = timed(lambda: Lda(topics=10, epochs=10, max_share=1.0).fit_transform(texts))
    plain = LatentDirichletAllocation(10, max_iter=10, learning_method="batch", random_state=0)
    _, theirs_s = timed(lambda: plain.fit_transform(counts))
    print(
        f"\nTopics of {count} texts: ours, clean-up included, {ours_s:.1f} s; scikit-learn's {theirs_s:.1f} s"
    )
    _, ours_s = timed(lambda: Word2Vec(epochs=5, max_share=1.0).fit_transform(texts))
    words = [text.split() for text in texts]
    _, theirs_s = timed(lambda: gensim_alone(words))
    print(
        f"Word2Vec of {count} texts: ours {ours_s:.1f} s (one thread, repeatable); gensim's {theirs_s:.1f} s"
    )


def gensim_alone(words: list[list[str]]) -> Vectors:
    from gensim.models import Word2Vec as Plain

    model = Plain(words, vector_size=150, window=10, sg=1, epochs=5, min_count=3, workers=2)
    return np.stack([np.mean([model.wv[word] for word in own], axis=0) for own in words])


def bench_boilerplate(count: int) -> None:
    own = texts_of_a_catalogue(count)
    texts = [f"Buy thing {i} online. {text}. Free delivery." for i, text in enumerate(own)]
    names = [f"thing {i}" for i in range(count)]
    started = time.perf_counter()
    fitted = Boilerplate().fit(names, texts)
    fitted_s = time.perf_counter() - started
    for name, text in zip(names, texts, strict=True):
        fitted.clean(name, text)
    cleaned_s = time.perf_counter() - started - fitted_s
    print(f"\nBoilerplate of {count} texts: fit {fitted_s:.1f} s, clean {cleaned_s:.1f} s")


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Speed of the encoders beside the obvious alternatives.")
    parser.add_argument("--float32", type=Path, help="the unquantised text network, to compare with")
    parser.add_argument("--quick", action="store_true", help="a fifth of the items")
    options = parser.parse_args(arguments)
    share = 5 if options.quick else 1
    bench_texts(600 // share, options.float32)
    bench_pictures(120 // share)
    bench_boilerplate(100_000 // share)
    bench_visual_words(100 // share)
    bench_topics(5_000 // share)


if __name__ == "__main__":
    main()
