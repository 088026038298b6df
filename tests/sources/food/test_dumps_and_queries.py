"""Dumps, searches as locations, keys in the keyring, settings."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import keyring
import keyring.backend
import keyring.errors
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prodlabel.core.errors import InputError
from prodlabel.core.products import Problem, ProductRecord
from prodlabel.core.progress import Progress
from prodlabel.sources.food import credentials
from prodlabel.sources.food.barcodes import read_barcodes
from prodlabel.sources.food.dumps import DumpCatalogue, DumpSource
from prodlabel.sources.food.query import REQUIRED, FoodQuery
from prodlabel.sources.food.settings import FoodSettings, load_settings, save_settings
from prodlabel.sources.registry import detect

LINES = [
    {
        "code": "3049610004104",
        "product_name": "Champagne brut",
        "categories_tags": ["en:wines", "en:champagnes"],
    },
    {"code": "03049610004104", "product_name": "Champagne again"},
    {"code": "20118207", "product_name": 'Tea "green" \t'.strip(), "countries_tags": ["en:france"]},
    {"code": "", "product_name": "No code"},
    {"code": "20118208"},
]


def read(catalogue: DumpCatalogue) -> tuple[list[str], list[str]]:
    items = list(catalogue.records(Progress()))
    names = [item.name for item in items if isinstance(item, ProductRecord)]
    return names, [item.code for item in items if isinstance(item, Problem)]


def write_jsonl(folder: Path) -> Path:
    path = folder / "openfoodfacts-products.jsonl.gz"
    lines = [json.dumps(line) for line in LINES]
    path.write_bytes(gzip.compress("\n".join([*lines, "{broken", "[]", ""]).encode()))
    return path


def test_packed_lines_become_products_and_broken_ones_problems(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path)
    assert isinstance(detect(path), DumpSource)
    assert read(DumpCatalogue(path)) == (
        ["Champagne brut", 'Tea "green"'],
        ["line_broken", "line_broken", "incomplete"],
    )


def test_query_picks_products_out_of_a_dump(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path)
    for query in (
        FoodQuery("openfoodfacts", "CHAMPAGNE", required=("name",)),
        FoodQuery("openfoodfacts", category="Champagnes", required=("name",)),
    ):
        assert read(DumpCatalogue(path, query))[0] == ["Champagne brut"]
    assert read(DumpCatalogue(path, limit=1))[0] == ["Champagne brut"]


def test_table_is_parted_by_tabs_and_quotes_mean_nothing(tmp_path: Path) -> None:
    path = tmp_path / "en.openfoodfacts.org.products.csv"
    rows = [
        "code\tproduct_name\tcategories_tags\tsugars_100g",
        '1\t"Tea\ten:teas,en:green-teas\t3.5',
        "2\tshort",
    ]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    (record,) = [r for r in DumpCatalogue(path).records(Progress()) if isinstance(r, ProductRecord)]
    assert (record.name, record.category) == ('"Tea', ("Teas", "Green teas"))
    assert record.attributes["per 100 g: sugars"] == "3.5"
    assert read(DumpCatalogue(path))[1] == ["line_broken"]


def test_cut_dump_is_told_after_what_it_held(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path)
    path.write_bytes(path.read_bytes()[:-12])
    with pytest.raises(InputError, match="cut off"):
        read(DumpCatalogue(path))


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
NAMES = st.lists(st.sampled_from(["name", "brand", "picture"]), max_size=3, unique=True).map(tuple)


def test_a_dump_that_unpacks_without_end_is_given_up_early(tmp_path: Path) -> None:
    path = tmp_path / "openfoodfacts-products.jsonl.gz"
    path.write_bytes(gzip.compress(bytes(2**20), 9) * 2048)  # two gigabytes
    catalogue = DumpCatalogue(path)
    with pytest.raises(InputError, match="unpacks to more than 100 times"):
        list(catalogue.records(Progress()))


@given(TEXT.filter(str.strip), TEXT, st.integers(1, 500), NAMES.filter(bool), st.sampled_from(["", "fr"]))
def test_search_survives_being_a_location(
    words: str, brand: str, wanted: int, required: tuple[str, ...], language: str
) -> None:
    query = FoodQuery(
        "openfoodfacts", words, brand=brand, wanted=wanted, required=required, language=language
    )
    assert FoodQuery.parse(query.location) == query
    assert FoodQuery.parse(str(Path(query.location))) == query


def test_searches_are_found_among_the_sources() -> None:
    assert detect(Path("openfoodfacts:champagne")).kind == "openfoodfacts"
    assert detect(Path("edamam:champagne?wanted=5")).kind == "edamam"
    assert FoodQuery.parse("openfoodfacts:champagne").required == REQUIRED


@pytest.mark.parametrize(
    "location",
    ["openfoodfacts:", "other:tea", "openfoodfacts:tea?wanted=0", "openfoodfacts:tea?wanted=9999",
     "openfoodfacts:tea?wanted=x", "openfoodfacts:tea?key=secret", "edamam:tea?country=france"],
)  # fmt: skip
def test_search_that_cannot_be_asked_is_refused_with_advice(location: str) -> None:
    with pytest.raises(InputError):
        FoodQuery.parse(location)


def test_barcode_file_gives_each_code_once(tmp_path: Path) -> None:
    path = tmp_path / "codes.txt"
    path.write_text("code\n3049610004104\n03049610004104\n20118207;Tea\n\n", encoding="utf-8-sig")
    assert read_barcodes(path) == ("3049610004104", "20118207")
    path.write_text("\n".join(str(3_000_000_000_000 + n) for n in range(400)), encoding="utf-8")
    with pytest.raises(InputError, match="dump"):
        read_barcodes(path)


class MemoryKeyring(keyring.backend.KeyringBackend):
    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@pytest.fixture
def memory_keyring() -> Iterator[MemoryKeyring]:
    before = keyring.get_keyring()
    made = MemoryKeyring()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


def test_key_is_kept_in_the_keyring_and_replaced_as_a_whole(memory_keyring: MemoryKeyring) -> None:
    with pytest.raises(credentials.KeyMissingError, match="--ask-key"):
        credentials.read_key()
    credentials.store_key(credentials.RapidKey("FAKE_R"))
    assert credentials.read_key() == credentials.RapidKey("FAKE_R")
    credentials.store_key(credentials.DirectKey("FAKE_ID", "FAKE_KEY"))
    assert credentials.read_key() == credentials.DirectKey("FAKE_ID", "FAKE_KEY")
    credentials.forget_key()
    assert memory_keyring.kept == {}


def test_computer_without_a_keyring_is_told_so(
    memory_keyring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> str:
        raise keyring.errors.NoKeyringError("none")

    monkeypatch.setattr(memory_keyring, "get_password", refuse)
    with pytest.raises(credentials.KeyMissingError, match="no usable keyring"):
        credentials.read_key()


def test_settings_are_remembered_and_damage_is_told(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "food.json"
    assert load_settings(path) == FoodSettings()
    save_settings(FoodSettings("a@b.org", ("nas.local",)), path)
    assert load_settings(path) == FoodSettings("a@b.org", ("nas.local",))
    path.write_text("[]", encoding="utf-8")
    with pytest.raises(InputError, match="damaged"):
        load_settings(path)
