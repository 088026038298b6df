"""Reads pictures that anybody may have made: bounded in memory and time, quiet, by content and never by name.

The kind is recognised by the first bytes and only six kinds are decoded. Size is checked on the header,
before any pixel. Every failure is a `PictureError`. Safe to call from several threads at once.
"""

from __future__ import annotations

import logging
import struct
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from prodlabel.core.errors import InputError
from prodlabel.core.products import Problem, content_hash

if TYPE_CHECKING:
    from PIL import Image

FILE_LIMIT = 64 * 1024 * 1024
"""Bytes of a picture file that is still opened."""
PIXEL_LIMIT = 64_000_000
"""Pixels that are ever held in memory for one picture."""
JPEG_PIXEL_LIMIT = 256_000_000
"""Pixels of a baseline JPEG, which is decoded reduced, a few rows at a time."""
PROGRESSIVE_PIXEL_LIMIT = 100_000_000
"""Pixels of a progressive JPEG: its coefficients are all held while it is decoded, 3 to 6 bytes a pixel."""

RGB = npt.NDArray[np.uint8]
_HEADER_LOCK = threading.Lock()
_TRANSPOSITIONS = {2: 0, 3: 3, 4: 1, 5: 5, 6: 4, 7: 6, 8: 2}
"""EXIF orientation -> `PIL.Image.Transpose`."""


class PictureError(InputError):
    """A picture cannot be used; `code` is a stable word for machines."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """What is known about a picture without showing it.

    `width` and `height` are in pixels as shown (EXIF orientation applied), `mode` is Pillow's word, `format`
    one of JPEG, PNG, WEBP, GIF, BMP, TIFF, "" where unknown. `problem` says why it cannot be used, or
    is None.
    """

    width: int
    height: int
    format: str
    mode: str
    is_animated: bool
    is_misnamed: bool
    content_hash: bytes
    problem: PictureError | None = None


def sniff_format(head: bytes) -> str | None:
    """The kind of picture that begins with these bytes (16 are enough); None for any other content."""
    for mark, kind in _MARKS:
        if head.startswith(mark):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    # "BM" alone begins many a text: the four reserved bytes are zero in practice.
    return "BMP" if head.startswith(b"BM") and head[6:10] == b"\0\0\0\0" else None


_MARKS = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
)
_SUFFIXES = {
    "JPEG": (".jpg", ".jpeg", ".jpe", ".jfif"),
    "PNG": (".png", ".apng"),
    "WEBP": (".webp",),
    "GIF": (".gif",),
    "TIFF": (".tif", ".tiff"),
    "BMP": (".bmp", ".dib"),
}


def inspect(path: Path) -> PictureFacts:
    """What a picture file holds; pixels are decoded only where its end looks cut off. Never raises."""
    try:
        content = read_picture(path)
    except PictureError as error:
        return PictureFacts(0, 0, "", "", False, False, b"", error)
    named, hashed = sniff_format(content[:16]) or "", content_hash(content)
    is_misnamed = bool(named) and path.suffix.lower() not in _SUFFIXES[named]
    try:
        image, turn = _open(content, path.name)
    except PictureError as error:
        return PictureFacts(0, 0, named, "", False, is_misnamed, hashed, error)
    problem: PictureError | None = None
    width, height = image.size if turn < 5 else image.size[::-1]
    mode, is_animated = image.mode, bool(getattr(image, "is_animated", False))
    try:
        if not _looks_complete(content, named):
            decode(content, max_side_px=64, name=path.name)
        else:
            _check_size(image, 64, path.name)
    except PictureError as error:
        problem = error
    return PictureFacts(width, height, named, mode, is_animated, is_misnamed, hashed, problem)


def look_into(path: Path, max_side_px: int) -> tuple[PictureFacts, RGB | None]:
    """What a file holds and its pixels as `decode` gives them; None where it cannot be used. Never raises."""
    facts = inspect(path)
    if facts.problem is not None:
        return facts, None
    try:
        return facts, decode(read_picture(path), max_side_px=max_side_px, name=path.name)
    except PictureError as error:
        return replace(facts, problem=error), None


def problems_of(
    facts: PictureFacts, path: Path, key: str | None = None, row: int | None = None
) -> Iterator[Problem]:
    """What the user should know about a picture: why it is unusable, or what was done about it."""
    if facts.problem is not None:
        yield Problem(facts.problem.code, str(facts.problem), row, key, path)
        return
    name = path.name
    if facts.is_misnamed:
        message = f"{name} is a {facts.format} picture, whatever its name says; it was read as such."
        yield Problem("picture_misnamed", message, row, key, path)
    if facts.is_animated:
        yield Problem("picture_animated", f"{name} is animated; its first frame is used.", row, key, path)
    if facts.mode == "CMYK":
        yield Problem("picture_cmyk", f"{name} has print colours; they were converted.", row, key, path)
    if facts.mode.startswith(("I", "F")):
        yield Problem("picture_deep", f"{name} has more than 8 bits a pixel; it was reduced.", row, key, path)


def read_picture(path: Path) -> bytes:
    """The bytes of a picture file. Raises `PictureError` where it is absent, no file, or over 64 MB."""
    try:
        with path.open("rb") as file:
            content = file.read(FILE_LIMIT + 1)
    except FileNotFoundError as error:
        raise PictureError("picture_missing", f"{path.name} does not exist.") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        message = f"{path.name} cannot be read ({reason}). Check the file and its rights."
        raise PictureError("picture_unreadable", message) from error
    if len(content) > FILE_LIMIT:
        message = f"{path.name} is larger than {FILE_LIMIT >> 20} MB. Save it smaller."
        raise PictureError("picture_file_too_large", message)
    return content


def decode(
    source: Path | bytes,
    *,
    short_side_px: int | None = None,
    max_side_px: int | None = None,
    name: str = "The picture",
) -> RGB:
    """The picture as shown: uint8 RGB of shape (height, width, 3), on white where it is transparent.

    With `short_side_px` the shorter side, with `max_side_px` the longer side has at most that many pixels;
    nothing is enlarged. JPEGs are decoded in reduced size. Of an animation the first frame is taken. Raises
    `PictureError`.
    """
    if isinstance(source, Path):
        name = source.name
        source = read_picture(source)
    image, turn = _open(source, name)
    target = _target(image.size, short_side_px, max_side_px)
    _check_size(image, min(target), name)
    with _readable(name):
        shown = _flatten(image, target)
        if turn in _TRANSPOSITIONS:
            from PIL import Image

            shown = shown.transpose(Image.Transpose(_TRANSPOSITIONS[turn]))
        return np.array(shown, dtype=np.uint8)


def encode_jpeg(pixels: RGB, quality: int = 85) -> bytes:
    """The bytes of a JPEG of uint8 RGB `pixels` of shape (height, width, 3)."""
    from PIL import Image

    buffer = BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=quality, optimize=False, subsampling=0)
    return buffer.getvalue()


def _target(size: tuple[int, int], short_side_px: int | None, max_side_px: int | None) -> tuple[int, int]:
    scale = 1.0
    if short_side_px is not None:
        scale = min(scale, short_side_px / max(1, min(size)))
    if max_side_px is not None:
        scale = min(scale, max_side_px / max(1, *size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


@contextmanager
def _readable(name: str) -> Iterator[None]:
    """Turns whatever a decoder raises into a `PictureError`: on damaged files that is nearly anything."""
    try:
        yield
    except PictureError:
        raise
    except MemoryError as error:
        raise PictureError(
            "picture_too_many_pixels", f"{name} does not fit into memory. Save it smaller."
        ) from error
    except Exception as error:
        if "truncated" in str(error).lower() or isinstance(error, EOFError):
            message = f"{name} is cut off: its end is missing. Fetch it again."
            raise PictureError("picture_truncated", message) from error
        message = f"{name} is damaged and cannot be decoded. Fetch or save it again."
        raise PictureError("picture_damaged", message) from error


@contextmanager
def _quiet() -> Iterator[None]:
    """Pillow warns about odd metadata, which is nothing to a curator.

    Filters are global to the process: under the lock, and only ever Pillow's own warnings, so that a race
    with another library's filters can do no more than keep Pillow silent.
    """
    with _HEADER_LOCK, warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"PIL\.")
        yield


def _open(content: bytes, name: str) -> tuple[Image.Image, int]:
    """The picture with only its header read, and its EXIF orientation (1 to 8)."""
    if not content:
        raise PictureError("picture_empty", f"{name} is empty. Fetch it again.")
    kind = sniff_format(content[:16])
    if kind is None:
        message = f"{name} is no JPEG, PNG, WebP, GIF, BMP or TIFF picture. Convert it to one of these."
        raise PictureError("picture_format_unknown", message)
    with _readable(name), _quiet():
        image = _plugin(kind)(BytesIO(content))
        if kind == "TIFF":
            _check_tiff(content)
        if kind == "PNG" and image.size[0] * image.size[1] > PIXEL_LIMIT:
            # Pillow decodes a whole PNG to find its orientation; this one is refused for its size anyway.
            return image, 1
        turn = image.getexif().get(0x0112, 1)
    return image, turn if isinstance(turn, int) and 1 <= turn <= 8 else 1


# libtiff writes to standard error, past Python, when one of these does not hold exactly one number: size,
# compression, colours, orientation, samples, rows a strip, planes, unit, predictor, tiles.
_SINGLE_TAGS = frozenset({256, 257, 259, 262, 274, 277, 278, 284, 296, 317, 322, 323})


def _check_tiff(content: bytes) -> None:
    """Raise `ValueError` or `struct.error` for a first directory that libtiff would complain about."""
    order = "<" if content[:2] == b"II" else ">"
    (start,) = struct.unpack_from(order + "I", content, 4)
    (entries,) = struct.unpack_from(order + "H", content, start)
    for number in range(entries):
        tag, _, count = struct.unpack_from(order + "HHI", content, start + 2 + 12 * number)
        if tag in _SINGLE_TAGS and count != 1:
            raise ValueError(f"tag {tag} holds {count} numbers")


def load_readers() -> None:
    """Import what decodes pictures now instead of at the first picture."""
    from PIL import Image

    # The parts of Pillow that are loaded late, which a process with little memory left could not.
    Image.new("RGB", (1, 1)).resize((2, 2), Image.Resampling.LANCZOS)
    for kind in _SUFFIXES:
        _plugin(kind)


def _plugin(kind: str) -> Any:
    """Pillow's reader for one kind, taken directly: no other kind is tried, no global limit asked."""
    from PIL import (
        BmpImagePlugin,
        GifImagePlugin,
        JpegImagePlugin,
        PngImagePlugin,
        TiffImagePlugin,
        WebPImagePlugin,
    )

    # What Pillow logs about damaged files comes to the user as a `PictureError`.
    logging.getLogger("PIL").setLevel(logging.CRITICAL + 1)
    return {
        "JPEG": JpegImagePlugin.JpegImageFile,
        "PNG": PngImagePlugin.PngImageFile,
        "WEBP": WebPImagePlugin.WebPImageFile,
        "GIF": GifImagePlugin.GifImageFile,
        "BMP": BmpImagePlugin.BmpImageFile,
        "TIFF": TiffImagePlugin.TiffImageFile,
    }[kind]


def _check_size(image: Image.Image, short_side_px: int, name: str) -> None:
    """Refuse what would take too much memory; a JPEG may be larger, as it is decoded reduced."""
    width, height = image.size
    pixels = width * height
    if pixels <= 0:
        raise PictureError("picture_damaged", f"{name} has no pixels. Fetch or save it again.")
    held, limit = pixels, PIXEL_LIMIT
    if image.format == "JPEG":
        is_progressive = bool(image.info.get("progressive"))
        limit = PROGRESSIVE_PIXEL_LIMIT if is_progressive else JPEG_PIXEL_LIMIT
        factor = _draft_factor(min(width, height), short_side_px)
        held = -(-width // factor) * -(-height // factor)
    if pixels > limit or held > PIXEL_LIMIT:
        message = f"{name} has {pixels / 1e6:,.0f} million pixels, too many to open safely. Save it smaller."
        raise PictureError("picture_too_many_pixels", message)


def _draft_factor(side_px: int, wanted_px: int) -> int:
    """By how much libjpeg can reduce while decoding and still give the wanted side."""
    return next((factor for factor in (8, 4, 2) if side_px // factor >= wanted_px), 1)


def _flatten(image: Image.Image, target: tuple[int, int]) -> Image.Image:
    """RGB pixels of the first frame, on white, not larger than `target`."""
    from PIL import Image

    if image.format == "JPEG":
        image.draft(None, target)
    if image.format == "TIFF":
        with _quiet():
            image.load()
    else:
        image.load()
    image = _eight_bit(image)
    has_alpha = image.mode in ("LA", "La", "PA", "RGBA", "RGBa") or "transparency" in image.info
    if image.mode not in ("RGB", "L", "CMYK") or has_alpha:
        image = image.convert("RGBA" if has_alpha else "RGB")
    if image.size != target:
        image = image.resize(
            target, Image.Resampling.BOX if _is_far(image.size, target) else _LANCZOS, reducing_gap=2.0
        )
    if has_alpha:
        white = Image.new("RGBA", image.size, (255, 255, 255, 255))
        image = Image.alpha_composite(white, image)
    return image if image.mode == "RGB" else image.convert("RGB")


_LANCZOS = 1


def _is_far(size: tuple[int, int], target: tuple[int, int]) -> bool:
    return size[0] >= 8 * target[0]


def _eight_bit(image: Image.Image) -> Image.Image:
    """Grey pictures with 16, 32 or floating bits brought to 8; other modes as they are."""
    from PIL import Image

    if not image.mode.startswith(("I", "F")):
        return image
    values = np.asarray(image, dtype=np.float32)
    values = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
    if image.mode == "F":
        low, high = float(values.min()), float(values.max())
        values = (values - low) * (255.0 / (high - low) if high > low else 0.0)
    elif image.mode.startswith("I;16") or values.max() > 255:
        values = values / 257.0
    return Image.fromarray(np.clip(np.rint(values), 0, 255).astype(np.uint8))


def _looks_complete(content: bytes, kind: str) -> bool:
    """Whether the marks of a picture's end are there; cheap, so that most pictures need not be decoded."""
    if kind == "JPEG":
        return b"\xff\xd9" in content[-65_536:]
    if kind == "PNG":
        return b"IEND" in content[-65_536:]
    if kind == "WEBP":
        return int.from_bytes(content[4:8], "little") + 8 <= len(content)
    if kind == "GIF":
        return content.rstrip(b"\0")[-1:] == b";"
    return False
