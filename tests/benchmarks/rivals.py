"""What one would write first instead of each encoder: the loops of the libraries' own tutorials.

They are given the same settings and the same networks, so that the vectors can be compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodlabel.encoders.text.clean import TOKEN_PATTERN, stop_words
from prodlabel.encoders.text.lda import Lda
from prodlabel.encoders.text.minilm import MiniLm
from prodlabel.encoders.text.nmf import Nmf
from prodlabel.encoders.text.use import UniversalSentenceEncoder
from prodlabel.encoders.text.word2vec import Word2Vec

Vectors = NDArray[np.float32]
SIZE, SIDE_PX = 32, 320


def float32_session(network: Path) -> Any:
    """As ONNX Runtime comes."""
    import onnxruntime

    return onnxruntime.InferenceSession(str(network), providers=["CPUExecutionProvider"])


def padded(encoder: MiniLm, texts: Sequence[str], session: Any = None, *, is_sorted: bool = False) -> Vectors:
    """Batches of 32 in the order given, or sorted as sentence-transformers does; each padded to its
    longest."""
    session = session or encoder._session
    order = sorted(range(len(texts)), key=lambda i: -len(texts[i])) if is_sorted else list(range(len(texts)))
    vectors = np.zeros((len(texts), encoder.dim), np.float32)
    for start in range(0, len(texts), SIZE):
        rows = order[start : start + SIZE]
        tokens = [e.ids for e in encoder._tokenizer.encode_batch([texts[row] for row in rows])]
        longest = max(map(len, tokens))
        ids = np.array([own + [0] * (longest - len(own)) for own in tokens], np.int64)
        mask = np.array([[1] * len(own) + [0] * (longest - len(own)) for own in tokens], np.int64)
        vectors[rows] = session.run(None, {"input_ids": ids, "attention_mask": mask})[0]
    return vectors


def padded_use(encoder: UniversalSentenceEncoder, texts: Sequence[str]) -> Vectors:
    """Batches of 32 in the order given, each padded to its longest text."""
    parts = []
    for start in range(0, len(texts), SIZE):
        found = encoder._tokenizer.encode_batch(list(texts[start : start + SIZE]))
        parts.append(encoder._run([[1, *e.ids[: encoder.max_tokens - 2], 2] for e in found]))
    return np.vstack(parts)


def one_by_one(encoder: Any, files: Sequence[Path], size: int = 1) -> Vectors:
    """Each picture in full size through Pillow, `size` at a time to the encoder."""
    starts = range(0, len(files), size)
    return np.vstack([encoder.encode([_in_full(path) for path in files[at : at + size]]) for at in starts])


def _in_full(path: Path) -> NDArray[np.uint8]:
    from PIL import Image

    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB"))


def visual_words(name: str, files: Sequence[Path], words: int) -> Vectors:
    """Full decode, one picture after the other, all descriptors in float32, scikit-learn's own k-means."""
    import cv2
    from sklearn.cluster import MiniBatchKMeans

    detector = cv2.SIFT.create(300) if name == "SIFT" else cv2.ORB.create(300, fastThreshold=7)
    width = 128 if name == "SIFT" else 256
    described = []
    for path in files:
        grey = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
        height, across = grey.shape
        grey = cv2.resize(grey, (SIDE_PX, round(SIDE_PX * height / across)), interpolation=cv2.INTER_AREA)
        found = detector.detectAndCompute(grey, None)[1]
        if found is None:
            described.append(np.zeros((0, width), np.float32))
        else:
            described.append(found if name == "SIFT" else np.unpackbits(found, axis=1).astype(np.float32))
    model = MiniBatchKMeans(words, random_state=0, n_init=3).fit(np.vstack(described))
    counts = np.zeros((len(files), words), np.float32)
    for row, found in enumerate(described):
        if len(found):
            counts[row] = np.bincount(model.predict(found), minlength=words)
    return counts


def keras_and_ours(folder: Path) -> tuple[Any, Any] | None:
    """Our MobileNetV2 with random weights of Keras's, and Keras's own; None without TensorFlow."""
    from importlib.util import find_spec

    if find_spec("tensorflow") is None or find_spec("onnx") is None:
        return None
    import keras

    from prodlabel.encoders.image.keras_applications import MobileNetV2

    network = keras.applications.MobileNetV2(
        include_top=False, weights=None, pooling="avg", input_shape=(224, 224, 3)
    )
    own = folder / MobileNetV2.id
    own.mkdir(exist_ok=True)
    network.save_weights(str(own / MobileNetV2.weights_file.replace(".h5", ".weights.h5")))
    (own / MobileNetV2.weights_file.replace(".h5", ".weights.h5")).rename(own / MobileNetV2.weights_file)
    return MobileNetV2(own), network


def keras(network: Any, files: Sequence[Path], size: int) -> Vectors:
    """Full decode, Pillow's resize, keras.predict."""
    from PIL import Image

    parts = []
    for start in range(0, len(files), size):
        batch = []
        for path in files[start : start + size]:
            with Image.open(path) as picture:
                batch.append(np.asarray(picture.convert("RGB").resize((224, 224)), np.float32) / 127.5 - 1)
        parts.append(network.predict(np.stack(batch), verbose=0))
    return np.vstack(parts)


def _words(text: str) -> list[str]:
    import simplemma
    from nltk.tokenize import RegexpTokenizer

    stopped = stop_words()["en"]
    lemmas = [
        simplemma.lemmatize(token, lang="en").lower()
        for token in RegexpTokenizer(TOKEN_PATTERN).tokenize(text.lower())
        if len(token) > 1 and token not in stopped and not token.replace("-", "").isnumeric()
    ]
    return [lemma for lemma in lemmas if lemma not in stopped]


def counts(texts: Sequence[str]) -> Any:
    """scikit-learn's counts of NLTK's tokens with simplemma's lemmas; words that stand three times."""
    from sklearn.feature_extraction.text import CountVectorizer

    found = CountVectorizer(analyzer=_words, max_df=0.95, dtype=np.float32).fit_transform(texts)
    return found[:, np.asarray(found.sum(axis=0)).ravel() >= 3].tocsr()


def tfidf(texts: Sequence[str]) -> Any:
    """As the tutorial has it, with pairs of words."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(
        ngram_range=(1, 2), min_df=2, sublinear_tf=True, max_features=200_000, dtype=np.float32
    )
    return vectorizer.fit_transform(texts)


def _weighted(texts: Sequence[str]) -> Any:
    from sklearn.feature_extraction.text import TfidfTransformer

    return TfidfTransformer(sublinear_tf=True).fit_transform(counts(texts))


def lsa(texts: Sequence[str], dim: int) -> Any:
    from sklearn.decomposition import TruncatedSVD
    from sklearn.preprocessing import normalize

    return normalize(TruncatedSVD(dim, random_state=0).fit_transform(_weighted(texts)))


def lda(texts: Sequence[str], encoder: Lda) -> Any:
    from sklearn.decomposition import LatentDirichletAllocation

    model = LatentDirichletAllocation(
        encoder.topics, max_iter=encoder.epochs, learning_method="online", batch_size=256,
        learning_offset=10.0, random_state=0,
    )  # fmt: skip
    return model.fit_transform(counts(texts))


def nmf(texts: Sequence[str], encoder: Nmf) -> Any:
    from sklearn.decomposition import NMF

    model = NMF(encoder.topics, init="nndsvda", max_iter=encoder.iterations, tol=1e-3, random_state=0)
    return model.fit_transform(_weighted(texts))


def word2vec(texts: Sequence[str], encoder: Word2Vec) -> Any:
    import os

    from gensim.models import Word2Vec as Plain

    words = [_words(text) for text in texts]
    model = Plain(
        words, vector_size=encoder.dim, window=encoder.window, sg=1, epochs=encoder.epochs, min_count=3,
        workers=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2,
    )  # fmt: skip
    zero = np.zeros(encoder.dim, np.float32)
    return np.stack([np.mean([model.wv[w] for w in own if w in model.wv] or [zero], axis=0) for own in words])


def word_vectors(texts: Sequence[str], file: Path) -> Any:
    """The idf-weighted mean of the vectors of a text's words."""
    from gensim.models import KeyedVectors
    from sklearn.feature_extraction.text import TfidfVectorizer

    known = KeyedVectors.load_word2vec_format(str(file))
    tokenized = TfidfVectorizer(analyzer=_plain_words, norm=None, max_df=0.95, dtype=np.float32)
    matrix = tokenized.fit_transform(texts)
    columns = tokenized.get_feature_names_out()
    table = np.stack([known[w] if w in known else np.zeros(known.vector_size, np.float32) for w in columns])
    return matrix @ table


def _plain_words(text: str) -> list[str]:
    from nltk.tokenize import RegexpTokenizer

    stopped = stop_words()["en"]
    found = RegexpTokenizer(TOKEN_PATTERN).tokenize(text.lower())
    return [w for w in found if len(w) > 1 and w not in stopped and not w.replace("-", "").isnumeric()]
