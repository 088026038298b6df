"""Guesses which column plays which role: by its name (English, French), else by its contents."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any

from prodlabel.sources.mapping import ColumnMapping

# For each role the usual names, best first, as `plain` writes them.
_NAMES: dict[str, tuple[str, ...]] = {
    "key": (
        "key", "id", "uniq_id", "unique_id", "product_id", "sku", "pid", "ean", "ean13", "gtin", "upc",
        "barcode", "asin", "code", "code_produit", "product_code", "reference", "ref", "identifiant",
        "id_produit", "cle", "item_id", "uid", "uuid", "handle", "code_barres", "code_article", "isbn",
        "food_id",
    ),
    "name": (
        "name", "product_name", "title", "product_title", "nom", "nom_produit", "nom_du_produit", "libelle",
        "libelle_produit", "intitule", "titre", "designation", "item_name", "produit", "product", "label",
        "article",
    ),
    "description": (
        "description", "product_description", "long_description", "descriptif", "desc", "body", "body_html",
        "text", "texte", "details", "detail", "about", "summary", "resume", "short_description",
    ),
    "category": (
        "category", "product_category_tree", "category_path", "categories", "product_category", "categorie",
        "product_type", "google_product_category", "type", "rayon", "famille", "department", "class",
        "classe", "category_name", "categorie_produit", "nom_categorie",
    ),
    "picture": (
        "image", "picture", "photo", "image_path", "image_file", "image_name", "filename", "file_name",
        "image_filename", "img", "images", "pictures", "photos", "fichier", "fichier_image", "chemin_image",
        "visuel", "picture_path", "thumbnail", "image_url", "image_link", "image_src", "url_image",
    ),
    "brand": (
        "brand", "brand_name", "marque", "manufacturer", "fabricant", "vendor", "maker", "brands",
    ),
}  # fmt: skip
_SEPARATORS = (" >> ", " > ", ">>", ">", " » ", " › ", "::", " | ", "|")
_PICTURE_NAME = re.compile(r"\.(jpe?g|png|webp|gif|bmp|tiff?)\s*$", re.IGNORECASE)
_NUMBER = re.compile(r"[\s\d.,:%+-]*(?:[€$£])?\s*")


def plain(name: str) -> str:
    """A column's name without case, accents and punctuation: "Libellé  Produit" -> "libelle_produit"."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.strip().lstrip("\ufeff"))
    letters = unicodedata.normalize("NFKD", spaced)
    return re.sub(
        r"[^a-z0-9]+", "_", "".join(c for c in letters if not unicodedata.combining(c)).lower()
    ).strip("_")


_GUESSED_COLUMNS = 500


def guess_mapping(columns: Sequence[str], sample: Sequence[Sequence[str]]) -> ColumnMapping:
    """The likeliest mapping for a table with these columns; `sample` are some of its rows, of any length."""
    # A table with more columns than this was not made for people; the rest are attributes.
    columns = columns[:_GUESSED_COLUMNS]
    named = [plain(column) for column in columns]
    found: dict[str, int] = {}
    for is_match in (_is_same, _is_within):
        for role, names in _NAMES.items():
            if role not in found:
                at = _first(names, named, set(found.values()), is_match)
                if at is not None:
                    found[role] = at
    cells = [[row[i].strip() if i < len(row) else "" for row in sample] for i in range(len(columns))]
    _guess_by_content(found, cells)
    said: dict[str, Any] = {role: columns[at] for role, at in found.items()}
    if "category" in found:
        said["category_separator"] = guess_separator(cells[found["category"]])
    return ColumnMapping(**said)


def looks_like_header(first: Sequence[str], sample: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names columns rather than being a product."""
    named = [plain(cell) for cell in first]
    known = {name for names in _NAMES.values() for name in names}
    if any(name in known for name in named):
        return True
    if not all(cell.strip() for cell in first) or len(set(named)) < len(named):
        return False
    if any(len(cell) > 64 or _NUMBER.fullmatch(cell) or _PICTURE_NAME.search(cell) for cell in first):
        return False
    # Names of columns do not come back as contents.
    return not any(cell in row for row in sample for cell in first)


def guess_separator(cells: Sequence[str]) -> str | None:
    """What stands between the levels of a category path in most of these cells; None for plain names."""
    filled = [cell for cell in cells if cell]
    for separator in _SEPARATORS:
        if filled and sum(separator in cell for cell in filled) >= 0.3 * len(filled):
            return separator.strip()
    return None


def _is_same(name: str, column: str) -> bool:
    return name == column


def _is_within(name: str, column: str) -> bool:
    """A usual name of some length at an end of a longer one: "title_en", "main_category"."""
    return len(name) >= 4 and (column.startswith(name + "_") or column.endswith("_" + name))


_NOT_A_ROLE = re.compile(r"(count|length|width|height|number|date|score|rating|alt|position|nb|size)$")


def _first(
    names: Sequence[str], columns: Sequence[str], taken: set[int], is_match: Callable[[str, str], bool]
) -> int | None:
    for name in names:
        for at, column in enumerate(columns):
            if at not in taken and is_match(name, column) and not _NOT_A_ROLE.search(column):
                return at
    return None


def _guess_by_content(found: dict[str, int], cells: Sequence[Sequence[str]]) -> None:
    """Fill the roles that no name gave, from what stands in the columns that are left."""
    for role, judge in (
        ("picture", _picture_likeness),
        ("category", _category_likeness),
        ("name", _name_likeness),
        ("description", _description_likeness),
        ("key", _key_likeness),
    ):
        if role in found:
            continue
        taken = set(found.values())
        scores = {at: judge([c for c in column if c]) for at, column in enumerate(cells) if at not in taken}
        best = max(scores, key=lambda at: scores[at], default=None)
        if best is not None and scores[best] > 0:
            found[role] = best


def _picture_likeness(cells: Sequence[str]) -> float:
    share = sum(bool(_PICTURE_NAME.search(cell)) for cell in cells) / max(1, len(cells))
    return share if share >= 0.5 else 0.0


def _category_likeness(cells: Sequence[str]) -> float:
    """Short words that repeat, or paths; at least two different ones."""
    if len(cells) < 4 or _numbers(cells) > 0.2:
        return 0.0
    distinct = len(set(cells)) / len(cells)
    length = sum(map(len, cells)) / len(cells)
    is_path = guess_separator(cells) in (">", ">>")
    if len(set(cells)) < 2 or length > 120 or (distinct > 0.5 and not is_path):
        return 0.0
    return 1.0 - distinct + is_path


def _name_likeness(cells: Sequence[str]) -> float:
    if not cells or _numbers(cells) > 0.2:
        return 0.0
    length = sum(map(len, cells)) / len(cells)
    worded = sum(" " in cell for cell in cells) / len(cells)
    if not 3 <= length <= 150:
        return 0.0
    return len(set(cells)) / len(cells) * (0.2 + worded)


def _description_likeness(cells: Sequence[str]) -> float:
    length = sum(map(len, cells)) / max(1, len(cells))
    return length if length >= 40 and _numbers(cells) < 0.1 else 0.0


def _key_likeness(cells: Sequence[str]) -> float:
    """Short, without spaces, and never twice; prices repeat or have fractions."""
    if len(cells) < 2 or len(set(cells)) < len(cells):
        return 0.0
    if any(len(cell) > 64 or " " in cell for cell in cells):
        return 0.0
    return 0.0 if any(re.fullmatch(r"\d+[.,]\d+", cell) for cell in cells) else 1.0


def _numbers(cells: Sequence[str]) -> float:
    return sum(bool(_NUMBER.fullmatch(cell)) for cell in cells) / max(1, len(cells))
