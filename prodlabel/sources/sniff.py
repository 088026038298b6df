"""Finds the encoding and the delimiter of a text table from a bounded part of it; changes nothing."""

from __future__ import annotations

import codecs
import io
import math
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from prodlabel.core.errors import InputError
from prodlabel.sources.rows import RecordReader

DELIMITERS = ",;\t|"
MARK_BAD_BYTES = "prodlabel.mark"
"""Error handler for decoding: each undecodable stretch becomes U+DCFF, which no valid text contains."""
_SCAN_LIMIT = 64 * 1024 * 1024
_HEAD = 256 * 1024
_CHUNK = 1024 * 1024

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARIES = (
    b"PK\x03\x04", b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"SQLite format 3", b"PAR1", b"\x1f\x8b", b"GIF8",
    b"\xd0\xcf\x11\xe0", b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd",
)  # fmt: skip
_FEW, _SHARE = 4, 0.03
"""So many characters that no text has, and such a share of them, and a file is no text."""
# What Western European catalogues hold beyond ASCII; anything else in them speaks against cp1252.
_WESTERN = frozenset(
    "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜßàáâãäåæçèéêëìíîïñòóôõöøùúûüÿŒœ€£§©®™°±²³µ·¹º»«¼½¾¿¡×‘’“”‚„–—…•\xa0"
)
_CANDIDATES = [
    "cp1252", "latin_1", "iso8859_15", "cp1250", "iso8859_2", "cp1251", "koi8_r", "cp1253", "cp1254",
    "cp1255", "cp1256", "mac_roman", "cp850", "cp437", "shift_jis", "euc_jp", "gb18030", "big5", "euc_kr",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a text table is written."""

    encoding: str
    delimiter: str


def _mark(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "\udcff", error.end


codecs.register_error(MARK_BAD_BYTES, _mark)


def sniff(path: Path, encoding: str | None = None, delimiter: str | None = None) -> Dialect:
    """Find what is not given. Raises `InputError` for files that are no text or cannot be read."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        raise InputError(
            f"{path} cannot be read ({error.strerror}). Check the path and its rights."
        ) from error
    if not head.strip():
        raise InputError(f"{path.name} is empty. Choose a file with a line of column names and products.")
    if head.startswith(_BINARIES):
        raise InputError(f"{path.name} is not a text table, whatever its name says. Export it as CSV first.")
    encoding = encoding or find_encoding(path, head)
    try:
        codecs.lookup(encoding)
    except LookupError as error:
        raise InputError(f"No encoding is called {encoding}. Try utf-8 or cp1252.") from error
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '\r\n"\0'):
        raise InputError(f"{delimiter} cannot stand between fields. Give one character, such as ; or a tab.")
    text = codecs.getincrementaldecoder(encoding)(MARK_BAD_BYTES).decode(head)
    if not _is_text(text):
        raise InputError(
            f"{path.name} holds bytes that are no text. Choose a CSV or TSV, or say its encoding."
        )
    if delimiter is None:
        delimiter = find_delimiter(text, is_whole=len(head) < _HEAD)
    return Dialect(encoding, delimiter)


def _is_text(text: str) -> bool:
    """Whether these are words: damage here and there is borne, noise is not."""
    head = text[:65_536]
    counts = Counter(head)
    noise = {char: count for char, count in counts.items() if _is_noise(char)}
    strange = sum(noise.values())
    is_noisy = len(noise) >= _FEW and strange >= _SHARE * len(head)
    return not is_noisy and counts["\0"] + counts["\udcff"] < 0.5 * len(head)


def _is_noise(char: str) -> bool:
    """Control characters, undecodable bytes, and code points that mean nothing; tabs and ends of lines do."""
    return char not in "\t\n\r\v\f\x1a\x1b\0" and unicodedata.category(char) in ("Cc", "Cn", "Co", "Cs")


def find_encoding(path: Path, head: bytes) -> str:
    """A byte-order mark decides; else UTF-16 by its zero bytes, UTF-8 by validity, else the best guess."""
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return encoding
    wide = _wide_without_bom(head)
    if wide:
        return wide
    stray = _first_invalid(path)
    if stray is None:
        return "utf-8"
    return _guess(_sample(path, stray))


def _wide_without_bom(head: bytes) -> str | None:
    """UTF-16 without a mark: in Latin text nearly each second byte is zero."""
    sample = head[: 4096 - 4096 % 2]
    half = max(1, len(sample) // 2)
    if sample[1::2].count(0) > 0.6 * half and sample[0::2].count(0) < 0.1 * half:
        return "utf-16-le"
    if sample[0::2].count(0) > 0.6 * half and sample[1::2].count(0) < 0.1 * half:
        return "utf-16-be"
    return None


def _first_invalid(path: Path) -> int | None:
    """The offset (to within a chunk) of the first bytes that are not UTF-8, in the first 64 MB."""
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    done = 0
    with path.open("rb") as file:
        while done < _SCAN_LIMIT and (chunk := file.read(_CHUNK)):
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as error:
                return max(0, done + error.start - 4)
            done += len(chunk)
    return None


def _sample(path: Path, stray: int) -> bytes:
    """The head of the file and what surrounds the first stray byte."""
    with path.open("rb") as file:
        head = file.read(_HEAD // 4)
        file.seek(max(0, stray - 1024))
        return head + b"\n" + file.read(_HEAD // 4)


_UTF8_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


def _guess(sample: bytes) -> str:
    whole = _UTF8_SEQUENCE.findall(sample)
    high = sum(byte >= 0x80 for byte in sample)
    broken = high - sum(map(len, whole))
    if len(whole) >= 4 * broken:
        return "utf-8"
    if _is_western(sample.decode("cp1252", "replace")):
        return "cp1252"
    from charset_normalizer import from_bytes

    # Only lines that hold something beyond ASCII tell encodings apart.
    telling = b"\n".join(line for line in sample.splitlines() if not line.isascii())[:32_768]
    best = from_bytes(telling, cp_isolation=_CANDIDATES).best()
    return best.encoding if best is not None else "cp1252"


def _is_western(text: str) -> bool:
    """Nearly all letters known in the West, and seldom three in a row (as Cyrillic read as cp1252 has)."""
    beyond = [char for char in text if char > "\x7f"]
    known = sum(char in _WESTERN for char in beyond)
    in_runs = sum(len(run) for run in re.findall(r"[^\x00-\x7f]{3,}", text))
    return known >= 0.97 * len(beyond) and in_runs <= 0.25 * len(beyond)


def find_delimiter(text: str, *, is_whole: bool) -> str:
    """The delimiter with which most records have the header's number of fields; `,` where none splits."""
    scores = {delimiter: _score(text, delimiter, is_whole=is_whole) for delimiter in DELIMITERS}
    best = max(scores, key=lambda delimiter: scores[delimiter])
    return best if scores[best] > 0 else ","


def _score(text: str, delimiter: str, *, is_whole: bool) -> float:
    rows = [row.values for row in islice(RecordReader(io.StringIO(text, newline=""), delimiter), 200)]
    rows = [row for row in rows if row]
    if not is_whole and len(rows) > 1:
        rows.pop()
    if not rows:
        return 0.0
    width = len(rows[0])
    body = rows[1:] or rows
    usual, _ = Counter(map(len, body)).most_common(1)[0]
    if min(width, usual) < 2:
        return 0.0
    alike = sum(len(row) == width for row in body) / len(body)
    return (0.1 + alike) * math.log2(width + 1)
