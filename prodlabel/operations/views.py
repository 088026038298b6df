"""The products as a classifier was taught to see them: a network by its own picture branch.

Invariant: a picture that a network has seen is not looked at again; its vectors are kept with the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from prodlabel.core.progress import Progress
from prodlabel.core.rows import side_by_side
from prodlabel.learning.features import Views
from prodlabel.learning.networks.plan import JOINT_USE
from prodlabel.operations.encode import (
    PICTURE_FIELD,
    Block,
    encode,
    encode_pictures,
    encode_texts,
    load_block,
)
from prodlabel.operations.materials import Materials
from prodlabel.operations.texts import FIELDS
from prodlabel.operations.train import make_views

if TYPE_CHECKING:
    from prodlabel.learning.networks.classifier import NetworkClassifier
    from prodlabel.learning.saving import AnyClassifier


def views_for(materials: Materials, classifier: AnyClassifier, progress: Progress) -> Views:
    """All rows as this classifier sees them."""
    from prodlabel.learning.networks.classifier import NetworkClassifier

    if not isinstance(classifier, NetworkClassifier):
        return materials.once("views", lambda: make_views(materials, progress))
    key = ("views", classifier.stamp, classifier.text_stamp, classifier.text_encoders)
    return materials.once(key, lambda: _network_views(materials, classifier, progress))


def text_blocks(materials: Materials, encoders: tuple[str, ...]) -> list[Block]:
    """All fields of these text encoders that have any vector, in order."""
    found = (load_block(materials.snapshot, encoder, field) for encoder in encoders for field in FIELDS)
    return [block for block in found if block is not None and block.is_present.any()]


def _network_views(materials: Materials, classifier: NetworkClassifier, progress: Progress) -> Views:
    blocks = text_blocks(materials, network_texts(materials, classifier, progress))
    picture = network_pictures(materials, classifier, progress)
    return Views(
        [""] * len(materials.snapshot.columns),
        None,
        side_by_side([block.vectors for block in blocks]) if blocks else None,
        np.logical_or.reduce([block.is_present for block in blocks]) if blocks else None,
        None if picture is None else picture.vectors,
        None if picture is None else picture.is_present,
    )


def network_texts(materials: Materials, classifier: NetworkClassifier, progress: Progress) -> tuple[str, ...]:
    """The encoders whose vectors of texts the network takes; one that it trained reads now what is new."""
    network = classifier.text_network or classifier.text_file
    if network is None:
        if classifier.kind == JOINT_USE:
            encode(materials.snapshot, classifier.text_encoders, progress)
        return classifier.text_encoders
    from prodlabel.encoders.text.use4 import TunedUse4

    encoder = TunedUse4(network, classifier.text_stamp, classifier.text_base)
    encode_texts(materials.snapshot, encoder, progress)
    return (encoder.id,)


def network_pictures(materials: Materials, classifier: NetworkClassifier, progress: Progress) -> Block | None:
    """The pictures as the network's own branch sees them; those it has not seen yet it sees now."""
    network = classifier.picture_network or classifier.picture_file
    if network is None:
        return load_block(materials.snapshot, "efficientnet-lite0", PICTURE_FIELD)
    from prodlabel.encoders.image.lite0_layers import TunedLite0

    encoder = TunedLite0(network, classifier.stamp)
    encode_pictures(materials.snapshot, encoder, progress)
    return load_block(materials.snapshot, encoder.id, PICTURE_FIELD)
