"""Tasks of Label Studio: `data` holds the product, the first annotation (or prediction) its category."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from prodlabel.core.progress import Progress
from prodlabel.sources.assemble import RowsCatalogue
from prodlabel.sources.json_files import list_elements, open_elements
from prodlabel.sources.json_stream import Element
from prodlabel.sources.mapping import ColumnMapping
from prodlabel.sources.own_export import RecordsLayout
from prodlabel.sources.protocol import NO_OPTIONS, OpenOptions

CATEGORY = "category"
_TASK_ID = "task id"


class LabelStudioSource:
    """Recognises a list of tasks by its first one."""

    kind = "label-studio"
    title = "Label Studio tasks (JSON)"

    def recognises(self, location: Path) -> bool:
        if location.suffix.lower() != ".json" or not location.is_file():
            return False
        first = next(list_elements(location, "", Progress()), None)
        return (
            first is not None and isinstance(first.value, dict) and isinstance(first.value.get("data"), dict)
        )

    def open(self, location: Path, options: OpenOptions = NO_OPTIONS) -> RowsCatalogue:
        return open_elements(location, options, self.kind, partial(_tasks, location), _Layout())


class _Layout(RecordsLayout):
    """The category stands where this source puts it; the task's number is the key where the data has none."""

    def mapping(self, columns: tuple[str, ...], sample: Any) -> ColumnMapping:
        guessed = super().mapping(columns, sample).to_json()
        guessed.pop("category_separator", None)
        guessed["category"] = CATEGORY if CATEGORY in columns else None
        if guessed.get("key") in (None, CATEGORY) and _TASK_ID in columns:
            guessed["key"] = _TASK_ID
        return ColumnMapping.from_json(guessed)


def _tasks(location: Path, progress: Progress) -> Iterator[Element]:
    for element in list_elements(location, "", progress):
        task = element.value
        if not isinstance(task, dict) or not isinstance(task.get("data"), dict):
            yield Element(element.number, None, element.flaw or "not_a_record")
            continue
        record = {**task["data"]}
        attributes = record.pop("attributes", None)
        if isinstance(attributes, dict):
            record = {**attributes, **record}
        if task.get("id") is not None:
            record[_TASK_ID] = task["id"]
        record[CATEGORY] = list(_decided(task) or _path(record.get(CATEGORY)))
        yield Element(element.number, record)


def _path(said: Any) -> tuple[str, ...]:
    if isinstance(said, str):
        return tuple(level for part in said.split(">") if (level := part.strip()))
    return _texts(said)


def _decided(task: dict[str, Any]) -> tuple[str, ...]:
    """The category of the first annotation that was not cancelled, else of the first prediction."""
    for name in ("annotations", "completions", "predictions"):
        for annotation in _dicts(task.get(name)):
            if annotation.get("was_cancelled"):
                continue
            for result in _dicts(annotation.get("result")):
                if path := _chosen(result.get("value")):
                    return path
    return ()


def _chosen(value: Any) -> tuple[str, ...]:
    """The path of a `taxonomy` (the first of several), or the first of some `choices`."""
    if not isinstance(value, dict):
        return ()
    taxonomy = value.get("taxonomy")
    if isinstance(taxonomy, list) and taxonomy:
        return _texts(taxonomy[0])
    return _path(next(iter(_texts(value.get("choices"))), None))


def _dicts(said: Any) -> list[dict[str, Any]]:
    return [one for one in said if isinstance(one, dict)] if isinstance(said, list) else []


def _texts(said: Any) -> tuple[str, ...]:
    return (
        tuple(one for one in said if isinstance(one, str) and one.strip()) if isinstance(said, list) else ()
    )
