"""Pictures that anybody may have made: shown as meant, or refused with a code, and always quietly."""

from __future__ import annotations

import random
import struct
import sys
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from prodlabel.core.errors import UserError
from prodlabel.sources import pictures
from prodlabel.sources.picture_files import PictureIndex, relative_parts, resolve_inside
from prodlabel.sources.pictures import PictureError, decode, encode_jpeg, inspect, problems_of

RED = (220, 30, 20)


@pytest.fixture(autouse=True)
def nothing_is_printed(capfd: pytest.CaptureFixture[str]) -> Any:
    """Decoders like to write to standard error, past Python."""
    yield
    assert capfd.readouterr() == ("", "")


def halves(size: tuple[int, int] = (200, 100), mode: str = "RGB") -> Image.Image:
    """Red on the left, white on the right."""
    image = Image.new("RGB", size, (255, 255, 255))
    image.paste(RED, (0, 0, size[0] // 2, size[1]))
    return image.convert(mode)


def is_red(pixel: np.ndarray) -> bool:
    return bool(np.abs(pixel.astype(int) - RED).max() < 40)


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".gif", ".bmp", ".tif"])
def test_every_known_kind_is_decoded(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    halves().save(path)
    facts = inspect(path)
    assert (facts.width, facts.height, facts.problem, facts.is_misnamed) == (200, 100, None, False)
    pixels = decode(path, max_side_px=100)
    assert pixels.shape == (50, 100, 3)
    assert pixels.dtype == np.uint8
    assert is_red(pixels[25, 20])
    assert pixels[25, 80].min() > 240
    assert list(problems_of(facts, path)) == []


@pytest.mark.parametrize("suffix", [".jpg", ".png"])
def test_short_and_long_sides_are_kept_to_and_nothing_is_enlarged(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    halves((1000, 500)).save(path)
    assert decode(path, short_side_px=100).shape == (100, 200, 3)
    assert decode(path, max_side_px=100).shape == (50, 100, 3)
    assert decode(path, max_side_px=5000).shape == (500, 1000, 3)
    assert decode(path).shape == (500, 1000, 3)
    assert decode(path.read_bytes(), max_side_px=1).shape == (1, 1, 3)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_respected(tmp_path: Path, orientation: int) -> None:
    upright = np.asarray(halves((80, 40)))
    undo: dict[int, Any] = {
        1: upright, 2: upright[:, ::-1], 3: upright[::-1, ::-1], 4: upright[::-1],
        5: upright.transpose(1, 0, 2),
        6: np.rot90(upright), 7: upright[::-1, ::-1].transpose(1, 0, 2), 8: np.rot90(upright, -1),
    }  # fmt: skip
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / "a.jpg"
    Image.fromarray(np.ascontiguousarray(undo[orientation])).save(path, exif=exif, quality=95)
    facts = inspect(path)
    assert (facts.width, facts.height) == (80, 40)
    pixels = decode(path)
    assert pixels.shape == (40, 80, 3)
    assert is_red(pixels[20, 10])
    assert pixels[20, 70].min() > 200


def test_cmyk_is_converted_and_said(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    halves(mode="CMYK").save(path)
    assert is_red(decode(path)[50, 20])
    assert [p.code for p in problems_of(inspect(path), path)] == ["picture_cmyk"]


def test_sixteen_bits_are_reduced_and_said(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    ramp = np.linspace(0, 65535, 256, dtype=np.uint16)[None, :].repeat(64, 0)
    Image.fromarray(ramp).save(path)
    pixels = decode(path)
    assert np.abs(pixels[10, :, 1].astype(int) - np.arange(256)).max() <= 1
    assert [p.code for p in problems_of(inspect(path), path)] == ["picture_deep"]


@pytest.mark.parametrize("dtype", [np.float32, np.int32])
def test_floating_and_wide_tiffs_are_reduced(tmp_path: Path, dtype: type) -> None:
    path = tmp_path / "a.tiff"
    Image.fromarray((np.arange(64 * 64).reshape(64, 64) * 16).astype(dtype)).save(path)
    pixels = decode(path)
    assert pixels[0, 0].max() < 5
    assert pixels[-1, -1].min() > 200


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_transparency_lies_on_white(tmp_path: Path, mode: str) -> None:
    image = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    image.paste((*RED, 255), (0, 0, 32, 64))
    path = tmp_path / "a.png"
    image.convert(mode).save(path)
    pixels = decode(path, max_side_px=32)
    assert pixels[16, 28].min() >= 250
    assert pixels[16, 4, 1] < 120


def test_a_palette_with_a_transparent_colour_lies_on_white(tmp_path: Path) -> None:
    image = halves((64, 64)).quantize(4)
    path = tmp_path / "a.png"
    image.save(path, transparency=image.getpixel((2, 2)))
    assert decode(path).min() >= 240


@pytest.mark.parametrize("suffix", [".gif", ".webp", ".png"])
def test_of_an_animation_the_first_frame_is_taken(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    other = Image.new("RGB", (200, 100), (0, 0, 255))
    halves().save(path, save_all=True, append_images=[other, halves()], duration=50)
    assert is_red(decode(path)[50, 20])
    assert [p.code for p in problems_of(inspect(path), path)] == ["picture_animated"]


def test_a_misnamed_picture_is_recognised_by_content(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    halves().save(path, "JPEG")
    facts = inspect(path)
    assert facts.format == "JPEG"
    assert [p.code for p in problems_of(facts, path, "k", 7)] == ["picture_misnamed"]
    assert is_red(decode(path)[50, 20])


def noisy(size: tuple[int, int] = (400, 300)) -> Image.Image:
    return Image.fromarray(np.random.default_rng(0).integers(0, 255, (*size[::-1], 3), dtype=np.uint8))


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".gif", ".bmp", ".tif"])
@pytest.mark.parametrize("share", [0.3, 0.7])
def test_a_truncated_picture_is_reported(tmp_path: Path, suffix: str, share: float) -> None:
    path = tmp_path / f"a{suffix}"
    noisy().save(path)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    facts = inspect(path)
    assert facts.problem is not None
    assert facts.problem.code in ("picture_truncated", "picture_damaged")
    with pytest.raises(PictureError):
        decode(path)


def png(width: int, height: int) -> bytes:
    """A PNG of any size that is tiny as a file: a decompression bomb."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    row = b"\0" + b"\0" * ((width + 7) // 8)
    packer = zlib.compressobj(9)
    body = b"".join(packer.compress(row * 100) for _ in range(height // 100)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def test_a_decompression_bomb_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    path = tmp_path / "bomb.png"
    path.write_bytes(png(9_000, 9_000))
    assert path.stat().st_size < 1_000_000
    facts = inspect(path)
    assert facts.problem is not None
    assert facts.problem.code == "picture_too_many_pixels"
    assert facts.width == 9_000
    with pytest.raises(PictureError, match="million pixels"):
        decode(path, max_side_px=64)


def test_a_gif_that_claims_a_huge_screen_is_refused() -> None:
    with pytest.raises(PictureError, match="million pixels"):
        decode(b"GIF89a\xff\xff\xff\xff\xf0\0\0" + b"\0" * 6 + b",\0\0\0\0\xff\xff\xff\xff\0\x02\x00\x00;")


@pytest.mark.slow
def test_a_jpeg_beyond_the_cap_is_decoded_reduced_but_never_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    Image.new("RGB", (9_700, 9_660), RED).save(path, quality=30)
    assert inspect(path).problem is None
    pixels = decode(path, short_side_px=224)
    assert pixels.shape[0] == 224
    assert is_red(pixels[100, 100])
    with pytest.raises(PictureError, match="million pixels"):
        decode(path)


def test_a_jpeg_that_claims_too_much_is_refused() -> None:
    content = bytearray(encode_jpeg(np.zeros((16, 16, 3), np.uint8)))
    at = content.index(b"\xff\xc0")
    content[at + 5 : at + 9] = struct.pack(">HH", 60_000, 60_000)
    with pytest.raises(PictureError, match="million pixels"):
        decode(bytes(content), max_side_px=64)


def test_a_huge_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    with path.open("wb") as file:
        file.truncate(pictures.FILE_LIMIT + 1)
    facts = inspect(path)
    assert facts.problem is not None
    assert facts.problem.code == "picture_file_too_large"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "picture_empty"),
        (b"<html>404</html>", "picture_format_unknown"),
        (b"%!PS-Adobe-3.0 EPSF-3.0", "picture_format_unknown"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "picture_format_unknown"),
        (b"\xff\xd8\xff", "picture_damaged"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "picture_damaged"),
        (b"II*\0" + b"\xff" * 40, "picture_damaged"),
        (b"BM" + b"\0" * 60, "picture_damaged"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "picture_damaged"),
        (b"GIF89a", "picture_damaged"),
    ],
)
def test_what_is_no_picture_is_refused_with_a_code(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(content)
    facts = inspect(path)
    assert facts.problem is not None
    assert facts.problem.code in (code, "picture_truncated" if code == "picture_damaged" else code)
    assert isinstance(facts.problem, UserError)
    assert [p.code for p in problems_of(facts, path)] == [facts.problem.code]


def test_a_missing_picture_and_a_folder_are_errors_with_codes(tmp_path: Path) -> None:
    codes = [
        (facts.problem.code if facts.problem else "")
        for facts in (inspect(tmp_path / "x"), inspect(tmp_path))
    ]
    assert codes == ["picture_missing", "picture_unreadable"]
    assert inspect(Path("a\0b.jpg")).problem is not None


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".gif", ".bmp", ".tif"])
def test_flipped_bytes_never_give_anything_but_a_picture_or_a_picture_error(
    tmp_path: Path, suffix: str
) -> None:
    path, rng = tmp_path / f"a{suffix}", random.Random(7)
    exif = Image.Exif()
    exif[0x0112] = 6
    noisy((48, 40)).save(path, exif=exif) if suffix in (".jpg", ".png", ".webp", ".tif") else noisy(
        (48, 40)
    ).save(path)
    good = path.read_bytes()
    for _ in range(150):
        content = bytearray(good)
        for _ in range(rng.randint(1, 12)):
            # Most of what goes wrong in decoders goes wrong in headers.
            content[rng.randrange(min(len(content), 400))] = rng.randrange(256)
        try:
            pixels = decode(bytes(content), max_side_px=32)
        except PictureError:
            continue
        assert pixels.ndim == 3


def test_threads_may_decode_at_once(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    noisy().save(path)
    expected = decode(path, max_side_px=64)
    with ThreadPoolExecutor(4) as pool:
        for pixels in pool.map(lambda _: decode(path, max_side_px=64), range(40)):
            assert np.array_equal(pixels, expected)


REFUSED = [
    "",
    "..",
    "../a",
    "a/../../b",
    "/a",
    "\\a",
    "C:a",
    "c:\\a",
    "\\\\h\\s",
    "//h/s",
    "http://a/b",
    "a\0b",
    ".",
]


@pytest.mark.parametrize("relative", REFUSED)
def test_paths_that_could_lead_elsewhere_are_refused(tmp_path: Path, relative: str) -> None:
    assert relative_parts(relative) is None
    assert resolve_inside(tmp_path, relative) is None


def test_an_exact_name_is_preferred_to_another_case(tmp_path: Path) -> None:
    (tmp_path / "A.jpg").write_bytes(b"1")
    assert resolve_inside(tmp_path, "a.JPG") == tmp_path / "A.jpg"
    (tmp_path / "a.JPG").write_bytes(b"2")
    assert resolve_inside(tmp_path, "a.JPG") == tmp_path / "a.JPG"


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")
def test_links_are_followed_inside_the_folder_only(tmp_path: Path) -> None:
    inside = tmp_path / "in"
    (inside / "sub").mkdir(parents=True)
    (tmp_path / "secret.jpg").write_bytes(b"s")
    (inside / "sub" / "real.jpg").write_bytes(b"r")
    (inside / "out.jpg").symlink_to(tmp_path / "secret.jpg")
    (inside / "up").symlink_to(tmp_path)
    (inside / "ok.jpg").symlink_to(inside / "sub" / "real.jpg")
    (inside / "gone.jpg").symlink_to(inside / "nowhere")
    (inside / "loop").symlink_to(inside / "loop")
    index = PictureIndex(inside)
    found = [
        index.find(n)
        for n in ("out.jpg", "up/secret.jpg", "gone.jpg", "loop/x.jpg", "ok.jpg", "sub/real.jpg")
    ]
    assert found == [None, None, None, None, "ok.jpg", "sub/real.jpg"]
