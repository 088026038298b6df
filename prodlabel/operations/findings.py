"""What was measured about a project and how: kept with it, so that nothing is measured twice.

Invariant: a finding is used again only for the same products, labels, vectors and settings: its mark is a
digest of all that it stands on. A measurement that was stopped is taken up where it was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.errors import ProjectError
from prodlabel.core.progress import Progress
from prodlabel.operations.workers import Piece, work_side_by_side
from prodlabel.project.project import Project
from prodlabel.project.results import FINDING, ResultInfo

Arrays = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Finding:
    """`figures` are plain JSON values; `arrays` what is too large for that."""

    figures: Mapping[str, Any]
    arrays: Arrays = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Measurement:
    """Work that gives a `Finding`: `work(*arguments)`, as a `Piece`. `cost`: about how many seconds."""

    name: str
    mark: str
    work: Callable[..., Finding]
    arguments: tuple[Any, ...]
    cost: int = 1


def digest(*parts: Any) -> str:
    """A mark of arrays, sparse matrices and plain values: the same for the same contents in this order, and
    for no others. Raises `TypeError` for anything whose contents it cannot see."""
    found = hashlib.sha256()
    for part in parts:
        _see(found, part)
    return found.hexdigest()[:32]


def _see(found: Any, part: Any) -> None:
    """Each value with its kind and size before it, so that no two contents read the same."""
    if isinstance(part, np.ndarray | np.generic):
        array = np.asarray(part)
        if array.dtype.hasobject:
            raise TypeError("an array of objects has no contents to compare")
        found.update(f"array {array.dtype.str} {array.shape}\n".encode())
        found.update(np.ascontiguousarray(array).data)
    elif isinstance(part, str):
        content = part.encode("utf-8", "surrogatepass")
        found.update(f"text {len(content)}\n".encode() + content)
    elif part is None or isinstance(part, bool | int | float):
        found.update(f"{type(part).__name__} {part!r}\n".encode())
    elif isinstance(part, Mapping):
        found.update(f"table {len(part)}\n".encode())
        for name in sorted(part):
            _see(found, name)
            _see(found, part[name])
    elif isinstance(part, list | tuple):
        found.update(f"list {len(part)}\n".encode())
        for one in part:
            _see(found, one)
    elif hasattr(part, "tocsr"):
        rows = part.tocsr()
        _see(found, [list(rows.shape), rows.data, rows.indices, rows.indptr])
    else:
        raise TypeError(f"a {type(part).__name__} cannot be compared")


class Findings:
    """The findings of one open project. Belongs to the project's thread.

    Of a project that is open for reading, new findings are given and not kept. `lost` names those whose file
    could not be read; they are measured again.
    """

    def __init__(self, project: Project) -> None:
        self.lost: list[str] = []
        self._project = project
        self._kept: dict[str, ResultInfo] = {}
        for info in project.results.list(FINDING):
            self._kept.setdefault(info.name, info)

    def known(self, name: str, mark: str) -> Finding | None:
        """What was found before, or None where it was not, or what it stood on has changed."""
        info = self._kept.get(name)
        if info is None or info.settings.get("mark") != mark:
            return None
        return self._read(info)

    def held(self, name: str) -> Finding | None:
        """What was found last under this name, whatever it stood on; None where there is nothing to read."""
        info = self._kept.get(name)
        return None if info is None else self._read(info)

    def _read(self, info: ResultInfo) -> Finding | None:
        try:
            return Finding(info.figures, self._project.results.load(info))
        except ProjectError:  # it can be made again: no reason to stop, and `lost` says so
            if info.name not in self.lost:
                self.lost.append(info.name)
            return None

    def keep(self, name: str, mark: str, finding: Finding) -> Finding:
        """For the next time; returns it as it will be read then."""
        finding = Finding(_plain(finding.figures), finding.arrays)
        if not self._project.is_read_only:
            settings = {"mark": mark}
            self._project.results.save(
                FINDING, name, finding.arrays, settings=settings, figures=finding.figures
            )
        return finding

    def once(self, name: str, mark: str, measure: Callable[[], Finding]) -> Finding:
        """What was found before, else what `measure` finds now."""
        found = self.known(name, mark)
        return self.keep(name, mark, measure()) if found is None else found

    def notebook(self, names: Sequence[str]) -> Notebook:
        """These findings, for a worker."""
        known = {}
        for name in names:
            info = self._kept.get(name)
            found = None if info is None else self._read(info)
            if info is not None and found is not None:
                known[name] = (str(info.settings.get("mark")), found)
        return Notebook(known)

    def keep_noted(self, notebook: Notebook) -> None:
        """What a worker found meanwhile."""
        for name, (mark, finding) in notebook.noted.items():
            self.keep(name, mark, finding)

    def measure_all(
        self, title: str, wanted: Sequence[Measurement], progress: Progress, workers: int | None = None
    ) -> dict[str, Finding]:
        """All findings by name; what is not known is measured side by side, and kept as it comes."""
        found: dict[str, Finding] = {}
        left: list[Measurement] = []
        for one in wanted:
            known = self.known(one.name, one.mark)
            if known is None:
                left.append(one)
            else:
                found[one.name] = known
        # The longest first, so that no core waits for one long piece in the end.
        left.sort(key=lambda one: -one.cost)
        with progress.stage(title, sum(one.cost for one in wanted), "steps"):
            progress.skip(sum(one.cost for one in wanted if one.name in found))
            pieces = [Piece(one.work, one.arguments) for one in left]
            with closing(work_side_by_side(pieces, progress, workers)) as outcomes:
                for position, outcome in outcomes:
                    one = left[position]
                    found[one.name] = self.keep(one.name, one.mark, outcome)
                    progress.advance(one.cost)
        return {one.name: found[one.name] for one in wanted}


class Notebook:
    """Some findings taken out of a project, so that a worker can read them and note new ones."""

    def __init__(self, known: Mapping[str, tuple[str, Finding]]) -> None:
        self._known = dict(known)
        self.noted: dict[str, tuple[str, Finding]] = {}

    def known(self, name: str, mark: str) -> Finding | None:
        """What was found before, or None where it was not, or what it stood on has changed."""
        known = self._known.get(name)
        return known[1] if known is not None and known[0] == mark else None

    def once(self, name: str, mark: str, measure: Callable[[], Finding]) -> Finding:
        """What was found before, else what `measure` finds now, which is then noted."""
        known = self._known.get(name)
        if known is not None and known[0] == mark:
            return known[1]
        finding = measure()
        finding = Finding(_plain(finding.figures), finding.arrays)
        self._known[name] = self.noted[name] = (mark, finding)
        return finding


def _plain(value: Any) -> Any:
    """With NumPy's numbers as Python's, and what is not finite as None: JSON knows neither."""
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple | np.ndarray):
        return [_plain(one) for one in value]
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not np.isfinite(value) else value
