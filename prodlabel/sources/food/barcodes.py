"""Barcodes as texts: normalised as Open Food Facts does, so that one product has one code.

Source of the rule: Open Food Facts, "barcode normalization": strip zeros, pad to 8, or to 13 where longer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from prodlabel.core.errors import InputError

_LONGEST = 24
_MOST = 300


def normalise(code: object) -> str:
    """The code to compare by: digits, padded to 8 or 13; "" for what is no code."""
    text = (
        re.sub(r"[\s-]", "", str(code)) if isinstance(code, str | int) and not isinstance(code, bool) else ""
    )
    if not text or not (text.isascii() and text.isdigit()) or len(text) > _LONGEST:
        return ""
    digits = text.lstrip("0")
    return digits.zfill(8 if len(digits) <= 8 else 13) if digits else ""


def read_barcodes(path: Path, most: int = _MOST) -> tuple[str, ...]:
    """The codes in a text file, one a line (anything after a tab, comma or semicolon is left out), each once.

    Raises `InputError` where the file cannot be read, holds no code, or more than may be asked one by one.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise InputError(
            f"{path} cannot be read as a text. Choose a file with one barcode a line."
        ) from error
    return check_barcodes((re.split(r"[\t,;]", line, maxsplit=1)[0] for line in text.splitlines()), most)


def check_barcodes(said: Iterable[str], most: int = _MOST) -> tuple[str, ...]:
    """Each usable code once, as given. Raises `InputError` where there is none, or more than `most`."""
    codes: dict[str, str] = {}
    for one in said:
        code = one.strip().strip('"')
        if code and (code.isascii() and code.isdigit()):
            codes.setdefault(normalise(code) or code, code)
    if not codes:
        raise InputError("There is no barcode among these lines. Give one barcode a line, digits only.")
    if len(codes) > most:
        raise InputError(
            f"{len(codes):,} barcodes are too many to ask for one by one. Use a dump for over {most:,}."
        )
    return tuple(codes.values())
