"""The table of all encoders: a new one is a new file and a line here. Nothing is imported until used."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from importlib.util import find_spec
from operator import attrgetter
from typing import Any, cast

from prodlabel import paths
from prodlabel.core.errors import InputError, WeightsMissingError
from prodlabel.encoders.plugins import is_of_corpus, plugin_encoders
from prodlabel.encoders.protocol import CorpusEncoder, ItemEncoder, Kind
from prodlabel.encoders.user_onnx import OnnxFolder, user_folders
from prodlabel.encoders.weights import what_is_missing


class Scope(StrEnum):
    """Whether an encoder sees one product or the whole catalogue."""

    ITEM = "item"
    CORPUS = "corpus"


@dataclass(frozen=True, slots=True)
class Entry:
    """One encoder before it is made. `where` is "module:class" below `prodlabel.encoders`."""

    id: str
    title: str
    kind: Kind
    scope: Scope
    where: str
    weights: str | None = None
    """Name of the folder of weights it reads."""
    packages: tuple[str, ...] = ()
    """Importable packages it needs beyond those that prodlabel always installs."""
    lacks: str = ""
    """The "module:function" that says in one line what is missing, where no folder of weights tells."""
    settings: tuple[tuple[str, Any], ...] = ()
    """What the class is given besides the caller's settings."""
    problem: str = ""
    """Why it cannot be used as it lies there."""
    is_option: bool = False
    """Another way to use an encoder of the table: a full study compares it only where it is in use."""

    def what_is_missing(self) -> str | None:
        """One line about what is needed and where to put it, or None when it can run."""
        if self.problem:
            return self.problem
        absent = [name for name in self.packages if find_spec(name) is None]
        if absent:
            names = " ".join(absent)
            return f"{self.title} needs a package that is not installed. Run: pip install {names}"
        if self.lacks:
            found: str | None = _named(self.lacks)()
            return found
        return what_is_missing(self.weights) if self.weights else None


@dataclass(frozen=True, slots=True)
class Availability:
    entry: Entry
    missing: str | None

    @property
    def is_available(self) -> bool:
        return self.missing is None


_T, _P, _ITEM, _CORPUS = Kind.TEXT, Kind.PICTURE, Scope.ITEM, Scope.CORPUS

_PLUGIN = "plugin"
"""Stands where an encoder's module would, for those of other packages."""

ENTRIES: tuple[Entry, ...] = (
    Entry("minilm", "Sentence-BERT (MiniLM)", _T, _ITEM, "text.minilm:MiniLm", "minilm-l6-v2"),
    Entry(
        "use",
        "Universal Sentence Encoder (multilingual)",
        *(_T, _ITEM, "text.use:UniversalSentenceEncoder", "use-multilingual-v3"),
    ),
    Entry(
        *("bert", "BERT (mean of tokens)", _T, _ITEM, "text.bert:Bert"),
        lacks="text.bert:what_is_missing",
    ),
    Entry(
        *("use4", "Universal Sentence Encoder 4 (TensorFlow Hub)", _T, _ITEM),
        *("text.use4:UniversalSentenceEncoder4",),
        lacks="text.use4:what_is_missing",
    ),
    Entry("counts", "Bag of words (counts)", _T, _CORPUS, "text.counts:Counts"),
    Entry("tfidf", "TF-IDF", _T, _CORPUS, "text.tfidf:TfIdf"),
    Entry(
        *("tfidf-clean", "TF-IDF of cleaned words", _T, _CORPUS, "text.tfidf:TfIdf"),
        settings=(("is_cleaned", True),),
    ),
    Entry("lsa", "LSA topics", _T, _CORPUS, "text.lsa:Lsa"),
    Entry("lda", "LDA topics", _T, _CORPUS, "text.lda:Lda"),
    Entry("nmf", "NMF topics", _T, _CORPUS, "text.nmf:Nmf"),
    Entry(
        "word-vectors",
        "Pretrained word vectors (GloVe, fastText, word2vec)",
        *(_T, _CORPUS, "text.word_vectors:WordVectors"),
        lacks="text.word_vectors:what_is_missing",
    ),
    Entry("word2vec", "Word2Vec learnt on the catalogue", _T, _CORPUS, "text.word2vec:Word2Vec"),
    Entry(
        "efficientnet-lite0",
        "EfficientNet-Lite0",
        *(_P, _ITEM, "image.efficientnet_lite0:EfficientNetLite0", "efficientnet-lite0"),
    ),
    *(
        Entry(
            f"efficientnet-lite0-{views}",
            f"EfficientNet-Lite0, {title}",
            *(_P, _ITEM, "image.efficientnet_lite0:EfficientNetLite0", "efficientnet-lite0"),
            settings=(("views", views),),
            is_option=True,
        )
        for views, title in (
            ("flips", "letterboxed and mirrored"),
            ("letterbox", "letterboxed and stretched"),
            ("crops", "five crops"),
            ("all", "stretched, letterboxed, large, and mirrored"),
        )
    ),
    Entry("sift", "SIFT visual words", _P, _CORPUS, "image.sift:Sift"),
    Entry("orb", "ORB visual words", _P, _CORPUS, "image.orb:Orb"),
    *(
        Entry(
            f"{name}-{option}",
            f"{name.upper()} visual words, {title}",
            *(_P, _CORPUS, where),
            settings=settings,
            is_option=True,
        )
        for name, where in (("sift", "image.sift:Sift"), ("orb", "image.orb:Orb"))
        for option, title, settings in (
            ("vlad", "residuals (VLAD)", (("encoding", "vlad"), ("words", 32))),
            ("blur", "blurred", (("grey", {"blur_px": 1.0}),)),
            ("foreground", "foreground alone", (("grey", {"is_foreground": True}),)),
        )
    ),
    *(
        Entry(
            name,
            title,
            _P,
            _ITEM,
            f"image.keras_applications:{kind}",
            lacks=f"image.keras_applications:{kind}.what_is_missing",
        )
        for name, title, kind in (
            ("mobilenet-v2", "MobileNetV2 (Keras)", "MobileNetV2"),
            ("vgg16", "VGG16 (Keras)", "Vgg16"),
            ("resnet50", "ResNet50 (Keras)", "ResNet50"),
        )
    ),
    Entry("colour", "Colour histogram", _P, _ITEM, "image.colour:ColourPyramid"),
)


def entries() -> tuple[Entry, ...]:
    """The table, what the user put into the weights folder, what packages add; ids are unique."""
    taken = {name for e in ENTRIES for name in (e.id, e.weights)}
    found: list[Entry] = []
    for name, folder in user_folders(paths.user_weights()):
        if name not in taken:
            found += _of_user(name, folder)
    users = {one.id for one in found}
    for encoder_id, made in _plugins().items():
        if encoder_id in users:
            continue
        scope = Scope.CORPUS if is_of_corpus(made) else Scope.ITEM
        found.append(Entry(encoder_id, str(made.title), made.kind, scope, f"{_PLUGIN}:{encoder_id}"))
    return (*ENTRIES, *found)


def _plugins() -> dict[str, type[Any]]:
    return plugin_encoders(frozenset(one.id for one in ENTRIES))


def _of_user(name: str, folder: OnnxFolder | InputError) -> list[Entry]:
    if isinstance(folder, InputError):
        where = "text.onnx_text:OnnxText"
        return [Entry(f"onnx-{name}", name, Kind.TEXT, Scope.ITEM, where, problem=str(folder))]
    settings = (("folder", folder.folder),)
    made = []
    for kind, part, where in (
        (Kind.TEXT, folder.text, "text.onnx_text:OnnxText"),
        (Kind.PICTURE, folder.picture, "image.onnx_picture:OnnxPicture"),
    ):
        if part is not None:
            title = f"{folder.title} ({kind})"
            made.append(Entry(f"onnx-{name}-{kind}", title, kind, Scope.ITEM, where, settings=settings))
    return made


def pairs() -> list[tuple[Entry, Entry]]:
    """Text and picture encoders whose vectors may be compared, so that words find pictures."""
    known = {e.id: e for e in entries()}
    return [
        (known[f"onnx-{name}-text"], known[f"onnx-{name}-picture"])
        for name, folder in user_folders(paths.user_weights())
        if isinstance(folder, OnnxFolder) and folder.is_shared_space and f"onnx-{name}-text" in known
    ]


def partner_of(encoder_id: str) -> str | None:
    """The encoder of texts whose vectors may be compared with those of this encoder of pictures, or None."""
    return next((text.id for text, picture in pairs() if picture.id == encoder_id), None)


def entry(encoder_id: str) -> Entry:
    """The entry of that id; an unknown id is an `InputError` that names the known ones."""
    known_entries = entries()
    for candidate in known_entries:
        if candidate.id == encoder_id:
            return candidate
    known = ", ".join(e.id for e in known_entries)
    raise InputError(f"There is no encoder called {encoder_id!r}. Choose one of: {known}.")


def available() -> list[Availability]:
    """Every encoder and, in one line, what it lacks on this machine. Reads no weights."""
    return [Availability(e, e.what_is_missing()) for e in entries()]


def item_encoder(encoder_id: str, **settings: Any) -> ItemEncoder:
    """A new encoder of single items; `WeightsMissingError` where its weights or packages are not here."""
    return cast(ItemEncoder, _make(entry(encoder_id), Scope.ITEM, settings))


def corpus_encoder(encoder_id: str, **settings: Any) -> CorpusEncoder:
    """A new, unfitted encoder of catalogues."""
    return cast(CorpusEncoder, _make(entry(encoder_id), Scope.CORPUS, settings))


def encoder_class(encoder_id: str) -> type[Any]:
    """The class behind an id (for `from_state`)."""
    return cast(type[Any], _named(entry(encoder_id).where))


def _named(where: str) -> Any:
    """What stands at "module:name" below `prodlabel.encoders`."""
    module, _, name = where.partition(":")
    if module == _PLUGIN:
        return _plugins()[name]
    return attrgetter(name)(import_module(f"prodlabel.encoders.{module}"))


def _make(chosen: Entry, scope: Scope, settings: dict[str, Any]) -> Any:
    if chosen.scope is not scope:
        raise InputError(
            f"{chosen.title} does not encode one {scope} at a time. Choose an encoder that does."
        )
    if missing := chosen.what_is_missing():
        raise WeightsMissingError(missing)
    made = encoder_class(chosen.id)(**dict(chosen.settings), **settings)
    if chosen.settings:  # one class serves many folders
        made.id, made.title = chosen.id, chosen.title
    return made
