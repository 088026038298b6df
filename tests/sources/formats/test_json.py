"""JSON: whatever stands in it costs its own entry, is reported with its number, and the rest goes in."""

from __future__ import annotations

import io
import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prodlabel.core.errors import InputError
from prodlabel.core.progress import Cancelled, CancelToken, Progress
from prodlabel.sources.json_stream import ELEMENT_LIMIT, JsonBrokenError, JsonStream
from prodlabel.sources.registry import open_catalogue
from tests.sources.formats.nasty import PRODUCTS, RECORDS, codes, read

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


def write(path: Path, said: Any) -> Path:
    path.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
    return path


class Dribble(io.StringIO):
    """A file that gives few characters at a time, so that every boundary is met."""

    def read(self, size: int | None = -1, /) -> str:
        return super().read(3)


@given(st.lists(values, max_size=5), st.booleans(), st.sampled_from([None, 2]))
@settings(max_examples=80, deadline=None)
def test_a_stream_gives_what_json_gives(listed: list[Any], is_ascii: bool, indent: int | None) -> None:
    text = json.dumps(listed, ensure_ascii=is_ascii, indent=indent)
    streamed = [element.value for _, element in JsonStream(Dribble(text)).elements()]
    whole = json.loads(text, parse_int=str, parse_float=str)
    assert streamed == whole


@given(st.text('[]{}",:\\ a1', max_size=40))
@settings(max_examples=150, deadline=None)
def test_no_text_makes_the_stream_fail_otherwise_than_by_saying_so(text: str) -> None:
    try:
        list(JsonStream(Dribble(text)).elements())
    except JsonBrokenError:
        return


@pytest.mark.parametrize(
    "wrap", [lambda p: p, lambda p: {"version": [1], "page": {"products": [1]}, "products": p}]
)
def test_nasty_texts_go_in_unchanged(tmp_path: Path, wrap: Any) -> None:
    records, problems = read(write(tmp_path / "a.json", wrap(PRODUCTS)))
    assert problems == []
    assert records == RECORDS


def test_nasty_lines_go_in_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    lines = [json.dumps(p, ensure_ascii=n % 2 == 0) for n, p in enumerate(PRODUCTS)]
    path.write_text("\n\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    records, problems = read(path)
    assert problems == []
    assert records == RECORDS


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_other_encodings_are_understood(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps([{"id": "1", "name": "Théière"}], ensure_ascii=False), encoding=encoding)
    assert [r.name for r in read(path)[0]] == ["Théière"]


def test_numbers_keep_their_digits(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('[{"id": 4006381333931, "name": "Pen", "price": 1.10, "big": ' + "9" * 6000 + "}]")
    (record,), problems = read(path)
    assert problems == []
    assert record.key == "4006381333931"
    assert record.attributes["price"] == "1.10"
    assert record.attributes["big"] == "9" * 6000


def test_wrong_entries_are_reported_by_number_and_the_rest_goes_in(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    deep = "[" * 100_000 + "]" * 100_000
    path.write_text(
        '[{"id": 1, "name": "Cup"}, 7, {"id": 2, "name": }, {"id": 3, "x": ' + deep + "}, null,"
        '{"id": 4, "name": "Nul\\u0000"}, {"id": 5, "name": "Half \\ud83d"}, {"id": 6, "name": "Pot"}]'
    )
    records, problems = read(path)
    assert [(r.key, r.name) for r in records] == [
        ("1", "Cup"),
        ("4", "Nul"),
        ("5", "Half \ufffd"),
        ("6", "Pot"),
    ]
    assert codes(problems) == [
        ("not_a_record", 2), ("unreadable_json", 3), ("nested_too_deeply", 4), ("not_a_record", 5),
        ("nul_bytes", 6), ("undecodable_bytes", 7),
    ]  # fmt: skip


def test_wrong_lines_are_reported_by_number(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    huge = '{"id": 3, "name": "' + "x" * (ELEMENT_LIMIT + 10) + '"}'
    lines = ['{"id": 1, "name": "Cup"}', '{"id": 2,', huge, "[[[", '{"id": 4, "name": "Pot"}']
    path.write_text("\n".join(lines), newline="\n")
    records, problems = read(path)
    assert [r.key for r in records] == ["1", "4"]
    assert codes(problems) == [("unreadable_json", 2), ("record_too_long", 3), ("unreadable_json", 4)]


def test_a_file_that_breaks_off_keeps_what_came_before(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('[{"id": 1, "name": "Cup"}, {"id": 2, "name": "P')
    records, problems = read(path)
    assert [r.key for r in records] == ["1"]
    assert codes(problems) == [("file_cut_off", 2)]


def test_fields_that_come_late_are_reported(tmp_path: Path) -> None:
    entries = [{"id": n, "name": f"Cup {n}"} for n in range(1001)] + [{"id": "z", "name": "Z", "new": 1}]
    records, problems = read(write(tmp_path / "a.json", entries))
    assert len(records) == 1002
    assert codes(problems) == [("late_field", 1002)]


@pytest.mark.parametrize("said", [[], {}, {"a": [1, 2]}, [1], "x", {"a": {"b": [{"id": 1}]}}])
def test_files_without_objects_are_refused(tmp_path: Path, said: Any) -> None:
    with pytest.raises(InputError, match="Choose a"):
        open_catalogue(write(tmp_path / "a.json", said))


def test_an_entry_of_200_megabytes_is_left_out_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    with path.open("w") as file:
        file.write('[{"id": 1, "name": "Cup"}, {"id": 2, "name": "')
        for _ in range(200):
            file.write("x" * 1024 * 1024)
        file.write('"}, {"id": 3, "name": "Pot"}]')
    tracemalloc.start()
    records, problems = read(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [r.key for r in records] == ["1", "3"]
    assert codes(problems) == [("record_too_long", 2)]
    assert peak < 60e6


def test_a_cancel_is_noticed_while_reading(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", [{"id": n, "name": "Cup" * 99} for n in range(5000)])
    token = CancelToken()
    records = open_catalogue(path).records(Progress(token=token))
    next(records)
    token.cancel()
    with pytest.raises(Cancelled):
        list(records)
