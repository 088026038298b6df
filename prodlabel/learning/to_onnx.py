"""The fusion classifier as one ONNX network: words and vectors in, calibrated probabilities out.

Invariant: the network gives what `FusionClassifier.predict_proba` gives, within 1e-4.

Inputs, each only where the classifier has learnt from it: `words` and `name_words`, texts (n, most), the
words of each product's text and name in their order (`WORD`, small letters), filled up with "";
`text_vectors` and `picture_vectors`, float (n, d), zeros for a product that has none. Output:
`probabilities` (n, classes).

Which experts a product has is a number of as many bits, and the row of a table by which their scores are
weighted: the same network serves products with and without text and picture.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from prodlabel.core.errors import InputError
from prodlabel.learning.features import NAME_WEIGHT, PICTURE, TEXT, WORDS, VectorFeatures, WordFeatures
from prodlabel.learning.onnx_format import FLOAT, INT64, STRING, Network

if TYPE_CHECKING:  # scikit-learn takes seconds to import
    from prodlabel.learning.fusion import Expert, FusionClassifier

WORD_INPUTS = ("words", "name_words")
VECTOR_INPUTS = {TEXT: "text_vectors", PICTURE: "picture_vectors"}
OUTPUT = "probabilities"
_TINY = 1e-12


def to_onnx(classifier: FusionClassifier, facts: Mapping[str, str]) -> bytes:
    """The file's bytes; `facts` are kept in it. Raises `InputError` for a classifier that knows one category
    only, or none of whose experts learnt anything.
    """
    if not classifier.experts_:
        raise InputError("This classifier has nothing to tell apart. Train it with two categories or more.")
    network = Network("prodlabel")
    names = tuple(classifier.experts_)
    scored = [_expert(network, name, classifier.experts_[name]) for name in names]
    code = ""
    for bit, (_, present) in enumerate(scored):
        share = network.add("Mul", present, network.constant(float(1 << bit)))
        code = network.add("Add", code, share) if code else share
    index = network.add("Cast", code, to=INT64)
    index = network.add("Reshape", index, network.constant([-1], np.int64))
    scales, offsets = _tables(classifier, names)
    scale = network.add("Gather", network.constant(scales), index, axis=0)
    logits = network.add("Gather", network.constant(offsets), index, axis=0)
    for at, (scores, _) in enumerate(scored):
        weight = network.add("Gather", scale, network.constant([at], np.int64), axis=1)
        logits = network.add("Add", logits, network.add("Mul", scores, weight))
    network.add("Softmax", logits, output=OUTPUT, axis=1)
    network.output(OUTPUT, FLOAT, ["n", len(classifier.classes_)])
    return network.as_bytes(dict(facts))


def input_names(classifier: FusionClassifier) -> list[str]:
    """The inputs of this classifier's network, in their order."""
    names: list[str] = []
    for name, expert in classifier.experts_.items():
        if isinstance(expert.features, WordFeatures):
            names += WORD_INPUTS[: len(expert.features.vocabularies)]
        else:
            names.append(VECTOR_INPUTS[name])
    return names


def _expert(network: Network, name: str, expert: Expert) -> tuple[str, str]:
    """The names of the expert's scores (n, classes), and of 1 or 0 (n, 1) for where it has something to
    see.
    """
    features = expert.features
    if isinstance(features, WordFeatures):
        assert name == WORDS
        seen, present = _words(network, features)
    else:
        seen, present = _vectors(network, name, features)
    weights, bias = _with_opinion(expert)
    product = network.add("MatMul", seen, network.constant(weights))
    return network.add("Add", product, network.constant(bias)), present


def _with_opinion(expert: Expert) -> tuple[Any, Any]:
    """Weights and bias with which a category that the expert never saw gets the mean of the others."""
    weights, bias = expert.weights.astype(np.float64), expert.bias.astype(np.float64)
    seen = expert.seen
    if not seen.all() and seen.any():
        weights[:, ~seen] = weights[:, seen].mean(axis=1, keepdims=True)
        bias[~seen] = bias[seen].mean()
    return weights, bias


def _vectors(network: Network, name: str, features: VectorFeatures) -> tuple[str, str]:
    assert features.centre is not None
    given = network.input(VECTOR_INPUTS[name], FLOAT, ["n", len(features.centre)])
    present = _is_any(network, network.add("Abs", given))
    centred = network.add("Sub", given, network.constant(features.centre))
    return network.add("Mul", centred, network.constant(float(features.scale))), present


def _words(network: Network, features: WordFeatures) -> tuple[str, str]:
    """TF-IDF as `tokens.weighted` has it: (1 + log count) x idf at unit length, for texts and for names."""
    blocks, presence = [], ""
    weights = (1.0, NAME_WEIGHT)
    for name, weight, terms, idf in zip(
        WORD_INPUTS, weights, features.vocabularies, features.idfs, strict=False
    ):
        counts = _counts(network, network.input(name, STRING, ["n", f"most_{name}"]), terms)
        is_there = network.add("Min", counts, network.constant(1.0))
        logs = network.add("Log", network.add("Max", counts, network.constant(1.0)))
        weighted = network.add("Mul", network.add("Add", logs, is_there), network.constant(idf))
        length = network.add("ReduceL2", weighted, axes=[1], keepdims=1)
        length = network.add("Max", length, network.constant(_TINY))
        unit = network.add("Div", weighted, length)
        blocks.append(network.add("Mul", unit, network.constant(weight)))
        own = _is_any(network, counts)
        presence = network.add("Max", presence, own) if presence else own
    return network.add("Concat", *blocks, axis=1) if len(blocks) > 1 else blocks[0], presence


def _counts(network: Network, words: str, terms: list[str]) -> str:
    """How often each term, a word or two that follow each other, stands among the words of each row."""
    single = [(term, column) for column, term in enumerate(terms) if " " not in term]
    pairs = [(term, column) for column, term in enumerate(terms) if " " in term]
    pool = [term for term, _ in single] + [word for term, _ in pairs for word in term.split(" ")]
    return network.add(
        "TfIdfVectorizer",
        words,
        mode="TF",
        min_gram_length=1,
        max_gram_length=2 if pairs else 1,
        max_skip_count=0,
        pool_strings=pool,
        ngram_counts=[0, len(single)] if pairs else [0],
        ngram_indexes=[column for _, column in (*single, *pairs)],
    )


def _is_any(network: Network, values: str) -> str:
    """(n, 1) 1 where a row holds anything but zeros, else 0."""
    most = network.add("ReduceMax", values, axes=[1], keepdims=1)
    return network.add("Cast", network.add("Greater", most, network.constant(0.0)), to=FLOAT)


def _tables(classifier: FusionClassifier, names: tuple[str, ...]) -> tuple[Any, Any]:
    """For each set of experts, as a number of bits: their weights (sets, experts), and what is added
    (sets, classes). Set 0, no expert at all, gives the categories' shares.
    """
    scales = np.zeros((1 << len(names), len(names)))
    offsets = np.tile(np.log(classifier.prior_), (1 << len(names), 1))
    for code in range(1, 1 << len(names)):
        bits = [bit for bit in range(len(names)) if code >> bit & 1]
        combination = classifier.combinations_[tuple(names[bit] for bit in bits)]
        scales[code, bits] = combination.scale
        offsets[code] = combination.offset
    return scales, offsets
