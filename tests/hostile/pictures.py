"""Pictures that an attacker or a broken disk would make: damage of every kind, bombs, lies about their size."""

# ruff: noqa: E501 - what is hostile is often long
from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Iterator
from io import BytesIO

import numpy as np
from PIL import Image

KINDS = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP", "gif": "GIF", "bmp": "BMP", "tif": "TIFF"}


def whole(suffix: str, side: int = 48) -> bytes:
    """A small picture of noise."""
    noise = np.random.default_rng(7).integers(0, 255, (side, side, 3)).astype(np.uint8)
    buffer = BytesIO()
    Image.fromarray(noise).save(buffer, KINDS[suffix])
    return buffer.getvalue()


def png_chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(width: int, height: int, rows: bytes = b"", more: bytes = b"") -> bytes:
    """A PNG that says it has this size, whatever its rows hold."""
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    body = png_chunk(b"IDAT", zlib.compress(rows, 1)) + png_chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + header + more + body


def tiff(entries: list[tuple[int, int, int, int]], tail: bytes = b"") -> bytes:
    """A TIFF of one directory."""
    body = struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHII", *one) for one in entries)
    return b"II*\0" + struct.pack("<I", 8) + body + struct.pack("<I", 8) + tail


def hostile_pictures() -> Iterator[tuple[str, bytes]]:
    """(file name, content)"""
    dice = random.Random(5)
    for suffix in KINDS:
        content = whole(suffix)
        for share in (0.05, 0.2, 0.5, 0.9, 0.99):
            yield f"cut-{int(share * 100)}.{suffix}", content[: int(len(content) * share)]
        for number in range(10):
            changed = bytearray(content)
            for _ in range(dice.choice((1, 5, 40))):
                changed[dice.randrange(len(changed))] = dice.randrange(256)
            yield f"flipped-{number}.{suffix}", bytes(changed)
        yield f"zeros-in-the-middle.{suffix}", content[:60] + bytes(len(content) - 120) + content[-60:]
        yield f"header-then-rubbish.{suffix}", content[:40] + dice.randbytes(5000)
        yield f"twice.{suffix}", content + content
        yield f"page-behind.{suffix}", content + b"<script>alert(1)</script>" * 100
        yield f"archive-behind.{suffix}", content + b"PK\x03\x04" + dice.randbytes(500)
        yield f"empty.{suffix}", b""
        yield f"only-zeros.{suffix}", bytes(4096)
    for name, size in (("wide", (2**31 - 1, 1)), ("huge", (60_000, 60_000)), ("none", (0, 0))):
        yield f"png-{name}.png", png(*size)
    yield "png-bomb.png", png(20_000, 20_000, bytes(20_000 * 3 + 1) * 2000)
    text = png_chunk(b"zTXt", b"k\0\0" + zlib.compress(bytes(64 * 2**20), 1))
    yield "png-text-bomb.png", png(8, 8, bytes(25) * 8, text)
    profile = png_chunk(b"iCCP", b"k\0\0" + zlib.compress(bytes(64 * 2**20), 1))
    yield "png-profile-bomb.png", png(8, 8, bytes(25) * 8, profile)
    yield "gif-screen.gif", b"GIF89a" + struct.pack("<HH", 65535, 65535) + b"\xf7\0\0" + bytes(768) + b";"
    frame = b"\x2c\0\0\0\0" + struct.pack("<HH", 65535, 65535) + b"\0\x02\x02\x4c\x01\0"
    yield (
        "gif-frames.gif",
        b"GIF89a" + struct.pack("<HH", 4, 4) + b"\x80\0\0" + bytes(6) + frame * 5000 + b";",
    )
    yield (
        "bmp-huge.bmp",
        b"BM"
        + struct.pack("<IHHI", 70, 0, 0, 54)
        + struct.pack("<IiiHHIIiiII", 40, 2**31 - 1, 2**31 - 1, 1, 24, 0, 0, 0, 0, 0, 0)
        + bytes(16),
    )
    yield (
        "bmp-negative.bmp",
        b"BM"
        + struct.pack("<IHHI", 70, 0, 0, 54)
        + struct.pack("<IiiHHIIiiII", 40, -5, -(2**31), 1, 24, 0, 0, 0, 0, 0, 0)
        + bytes(16),
    )
    yield (
        "bmp-rle.bmp",
        b"BM"
        + struct.pack("<IHHI", 70, 0, 0, 54)
        + struct.pack("<IiiHHIIiiII", 40, 30_000, 30_000, 1, 8, 1, 0, 0, 0, 0, 0)
        + b"\xff\0" * 5000,
    )
    yield "tiff-loop.tif", tiff([(256, 4, 1, 10), (257, 4, 1, 10), (330, 4, 1, 8)])
    yield "tiff-huge.tif", tiff([(256, 4, 1, 2**32 - 1), (257, 4, 1, 2**32 - 1), (273, 4, 1, 8)])
    yield "tiff-many.tif", tiff([(256, 4, 2**32 - 1, 8)] * 5000)
    yield "tiff-tiles.tif", tiff([(256, 4, 1, 9000), (257, 4, 1, 9000), (322, 4, 1, 1), (323, 4, 1, 1)])
    yield (
        "webp-lie.webp",
        b"RIFF"
        + struct.pack("<I", 2**32 - 1)
        + b"WEBPVP8X"
        + struct.pack("<I", 10)
        + (b"\x02\0\0\0" + b"\xff\xff\xff" * 2),
    )
    yield "jpeg-scans.jpg", whole("jpg")[:-2] + b"\xff\xda\0\x08\x01\x01\0\0\x3f\0" * 20_000 + b"\xff\xd9"
    yield "jpeg-exif.jpg", b"\xff\xd8\xff\xe1\xff\xffExif\0\0II*\0" + b"\xff" * 70_000 + whole("jpg")[2:]
    yield (
        "jpeg-size.jpg",
        whole("jpg").replace(struct.pack(">HH", 48, 48), struct.pack(">HH", 65_500, 65_500), 1),
    )
    for number, head in enumerate(
        (b"%PDF-1.7", b"<svg onload='x()'/>", b"#!/bin/sh\ntouch owned", b"MZ", b"\x7fELF")
    ):
        yield f"disguised-{number}.jpg", head + bytes(200)
    yield "script.eps", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(owned) (w) file\n"
    yield "icon.ico", b"\0\0\1\0" + struct.pack("<H", 65535) + bytes(64)
