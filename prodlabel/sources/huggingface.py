"""A Hugging Face `imagefolder`: pictures with a `metadata.csv` or `metadata.jsonl`, perhaps one per split."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from prodlabel.core.errors import InputError
from prodlabel.core.products import Problem, ProductRecord
from prodlabel.core.progress import Progress
from prodlabel.sources.assemble import RowsCatalogue
from prodlabel.sources.json_files import JsonLinesSource
from prodlabel.sources.mapping import ColumnMapping
from prodlabel.sources.parquet_table import ParquetSource
from prodlabel.sources.protocol import NO_OPTIONS, OpenOptions
from prodlabel.sources.tables import TableSource

FILE_NAME = "file_name"
SPLIT = "split"
_READERS: dict[str, TableSource | JsonLinesSource | ParquetSource] = {
    "metadata.csv": TableSource(),
    "metadata.jsonl": JsonLinesSource(),
    "metadata.parquet": ParquetSource(),
}


class HuggingFaceSource:
    """Recognises a folder with such a file in it or right below it."""

    kind = "huggingface"
    title = "Hugging Face image folder"

    def recognises(self, location: Path) -> bool:
        return location.is_dir() and location.suffix != ".prodlabel" and bool(_metadata_files(location))

    def open(self, location: Path, options: OpenOptions = NO_OPTIONS) -> HuggingFaceCatalogue:
        files = _metadata_files(location)
        if not files:
            raise InputError(
                f"{location} holds no metadata.csv or metadata.jsonl. Choose the dataset's folder."
            )
        parts = []
        for file in files:
            opened = _READERS[file.name].open(file, replace(options, picture_folder=file.parent))
            if FILE_NAME not in opened.columns:
                raise InputError(f"{file} has no column file_name. Add one that names each picture.")
            parts.append(_with_roles(opened, options))
        return HuggingFaceCatalogue(location, tuple(parts))


def _with_roles(opened: RowsCatalogue, options: OpenOptions) -> RowsCatalogue:
    """The picture is `file_name`; without a better key it is the key too; `label` is a category."""
    mapping = opened.mapping
    if options.mapping is not None or "classifier_version" in opened.columns:
        return replace(opened, mapping=replace(mapping, picture=FILE_NAME))
    category = mapping.category or ("label" if "label" in opened.columns else None)
    name = mapping.name if mapping.name not in (FILE_NAME, category) else None
    key = mapping.key or FILE_NAME
    return replace(opened, mapping=replace(mapping, key=key, name=name, category=category, picture=FILE_NAME))


@dataclass(frozen=True)
class HuggingFaceCatalogue:
    """One table per split; pictures are relative to the folder of the dataset."""

    picture_folder: Path
    parts: Sequence[RowsCatalogue]
    kind: str = HuggingFaceSource.kind

    @property
    def title(self) -> str:
        return self.picture_folder.resolve().name

    @property
    def columns(self) -> tuple[str, ...]:
        return self.parts[0].columns

    @property
    def mapping(self) -> ColumnMapping | None:
        return self.parts[0].mapping

    def records(self, progress: Progress) -> Iterator[ProductRecord | Problem]:
        seen: set[str] = set()
        for part in self.parts:
            assert part.picture_folder is not None
            split = part.picture_folder.relative_to(self.picture_folder).as_posix()
            for item in part.records(progress):
                if isinstance(item, Problem):
                    yield item
                    continue
                record = (
                    item
                    if split == "."
                    else _of_split(item, split, is_key_file=part.mapping.key == FILE_NAME)
                )
                record = _with_folder_as_category(record, part.mapping)
                if record.key in seen:
                    message = "Another split has this key already; this entry was left out."
                    yield Problem("duplicate_key", message, record.row, record.key)
                    continue
                seen.add(record.key)
                yield record


def _of_split(record: ProductRecord, split: str, *, is_key_file: bool) -> ProductRecord:
    picture = None if record.picture is None else f"{split}/{record.picture}"
    key = f"{split}/{record.key}" if is_key_file else record.key
    return replace(record, key=key, picture=picture, attributes={**record.attributes, SPLIT: split})


def _with_folder_as_category(record: ProductRecord, mapping: ColumnMapping) -> ProductRecord:
    """Where no column tells, the folder that a picture lies in does, as in a dataset without metadata."""
    if mapping.category is not None or record.picture is None:
        return record
    levels = Path(record.picture).parts[:-1]
    skipped = 1 if SPLIT in record.attributes else 0
    return replace(record, category=levels[skipped:] or record.category)


def _metadata_files(location: Path) -> list[Path]:
    """The dataset's own, else one per folder right below it (CSV before JSON Lines before Parquet)."""
    for name in _READERS:
        if (location / name).is_file():
            return [location / name]
    found = []
    for folder in sorted(path for path in location.iterdir() if path.is_dir() and not path.is_symlink()):
        found += [folder / name for name in _READERS if (folder / name).is_file()][:1]
    return found
