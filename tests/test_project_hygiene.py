"""What no linter knows about this project: forbidden idioms, sizes, licences, lock, README."""

from __future__ import annotations

import ast
import hashlib
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from prodlabel.cli.verbs import VERBS
from tests.project_files import ROOT, files_under, project_files

TOP_LEVEL = {
    "prodlabel", "resources", "models", "tests",
    "pyproject.toml", "README.md", "Makefile", "LICENSE", "CHANGELOG.md",
}  # fmt: skip
MAX_PROJECT_BYTES = 100_000_000
MAX_FILE_LINES = 450
MAX_FUNCTION_LINES = 60

TOO_LONG: dict[str, int] = {}
"""A ratchet: "path" or "path:function" to the lines it has today. Entries may shrink and go, never grow."""

UNSAFE_MODULES = {"pickle", "cPickle", "joblib", "cloudpickle", "dill", "shelve", "marshal"}
UNSAFE_CALLS = {"eval", "exec", "compile", "__import__"}

HEAVY_MODULES = {
    "tensorflow", "tensorflow_hub", "keras", "sklearn", "cv2", "gensim", "numba", "onnxruntime", "pyarrow",
    "openTSNE", "umap", "usearch", "nltk",
}  # fmt: skip

LATE_MODULES = {
    # The map paints with OpenCV in every frame, and is itself imported only when a window opens.
    "prodlabel/gui/map/": {"cv2"},
    # A scikit-learn estimator inherits from scikit-learn; whoever uses it imports it inside a function.
    "prodlabel/learning/fusion.py": {"sklearn"},
    "prodlabel/learning/evaluation.py": set(),
    "prodlabel/learning/reasons.py": set(),
    "prodlabel/learning/saving.py": set(),
}
"""Files that may import these when they are imported, because nothing imports them before they are used."""

MACHINE_PATHS = re.compile(r"(?<![\w.])(?:/work/|/root\b|/home/\w|/Users/\w|[A-Z]:\\\\Users)")
TEMPORARY_PATH = re.compile(r"(?<![\w.])/(?:var/)?tmp\b")
# Written so that this file does not match itself.
PACKAGE_HOSTS = re.compile(r"py(?:pi)\.org|python(?:hosted)\.org|--(?:extra-)?index-(?:url)|find-(?:links)")
TEXT_SUFFIXES = {".py", ".md", ".toml", ".json", ".txt", ".cfg", ".html", ".css", ".js", ".lock", ".yml", ""}


def product_modules() -> list[Path]:
    return files_under("prodlabel", suffix=".py")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imported_roots(node: ast.AST) -> set[str]:
    """Top-level packages that an import statement names; empty for anything else."""
    if isinstance(node, ast.Import):
        return {alias.name.partition(".")[0] for alias in node.names}
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return {node.module.partition(".")[0]}
    return set()


def run_at_import(node: ast.AST) -> Iterator[ast.AST]:
    """Everything below `node` that runs when the module is imported (no function bodies or TYPE_CHECKING)."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        yield child
        yield from run_at_import(child)


def test_top_level_holds_only_what_is_agreed() -> None:
    entries = {path.relative_to(ROOT).parts[0] for path in project_files()}
    unexpected = {entry for entry in entries - TOP_LEVEL if not entry.startswith(".")}
    assert not unexpected


def test_project_stays_below_100_megabytes() -> None:
    assert sum(path.stat().st_size for path in project_files()) < MAX_PROJECT_BYTES


def test_product_code_neither_unpickles_nor_evaluates() -> None:
    found = []
    for path in product_modules():
        for node in ast.walk(tree_of(path)):
            if imported_roots(node) & UNSAFE_MODULES:
                found.append(f"{name_of(path)}:{node.lineno} imports {imported_roots(node)}")  # type: ignore[attr-defined]
            if isinstance(node, ast.Call):
                if isinstance(node.func, ast.Name) and node.func.id in UNSAFE_CALLS:
                    found.append(f"{name_of(path)}:{node.lineno} calls {node.func.id}")
                if any(k.arg == "allow_pickle" and ast.unparse(k.value) != "False" for k in node.keywords):
                    found.append(f"{name_of(path)}:{node.lineno} allows pickle")
    assert not found


def test_no_file_names_a_folder_of_one_machine_or_a_package_host() -> None:
    found = []
    for path in project_files():
        if path.suffix not in TEXT_SUFFIXES or name_of(path).startswith("tests/data/"):
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        patterns = [PACKAGE_HOSTS] if path == Path(__file__) else [PACKAGE_HOSTS, MACHINE_PATHS]
        if path in product_modules():
            patterns.append(TEMPORARY_PATH)
        found += [f"{name_of(path)}: {m.group()}" for pattern in patterns for m in pattern.finditer(text)]
    assert not found


def test_heavy_libraries_are_imported_inside_functions() -> None:
    found = []
    for path in product_modules():
        allowed = set().union(*(a for start, a in LATE_MODULES.items() if name_of(path).startswith(start)))
        for node in run_at_import(tree_of(path)):
            heavy = imported_roots(node) & HEAVY_MODULES - allowed
            found += [f"{name_of(path)}: {module}" for module in sorted(heavy)]
    assert not found


def test_importing_every_module_but_the_window_loads_nothing_heavy() -> None:
    modules = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in product_modules()
        if not name_of(path).startswith(tuple(LATE_MODULES))
    ]
    # Alembic alone can import its migrations.
    left_out = ("prodlabel.gui", "prodlabel.app", "prodlabel.store.migrations.")
    below_window = [m for m in modules if not m.startswith(left_out)]
    unwanted = sorted(HEAVY_MODULES | {"PySide6", "pyqtgraph"})
    script = (
        "import importlib, json, sys\n"
        f"for name in {below_window!r}: importlib.import_module(name)\n"
        f"print(json.dumps([name for name in {unwanted!r} if name in sys.modules]))\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, check=False, capture_output=True, text=True
    )
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout) == []


def test_files_and_functions_stay_short() -> None:
    measured = {}
    for path in [*product_modules(), *files_under(".ci", suffix=".py")]:
        if "/migrations/versions/" in name_of(path):
            continue  # frozen history: a list of tables in the order in which they were made
        measured[name_of(path)] = (len(path.read_text(encoding="utf-8").splitlines()), MAX_FILE_LINES)
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
                lines = node.end_lineno - node.lineno + 1
                measured[f"{name_of(path)}:{node.name}"] = (lines, MAX_FUNCTION_LINES)
    long = {name: lines for name, (lines, most) in measured.items() if lines > most}
    grown = {name: lines for name, lines in long.items() if lines > TOO_LONG.get(name, 0)}
    assert not grown, "split by noun"
    mended = set(TOO_LONG) - set(long)
    assert not mended, "short enough now: take it out of TOO_LONG"


def test_every_module_says_what_it_is_for() -> None:
    modules = [*product_modules(), *files_under(".ci", suffix=".py")]
    modules += [path for path in files_under("tests", suffix=".py") if path.name != "__init__.py"]
    silent = [name_of(path) for path in modules if not ast.get_docstring(tree_of(path))]
    assert not silent


def test_make_commands_in_the_readme_exist() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"(?:^|`)make ([a-z]+)", readme, flags=re.MULTILINE))
    targets = set(
        re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    )
    assert named
    assert named <= targets


def test_readme_names_every_verb_of_the_command_line() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"(?:prodlabel |`)([a-z]+)", readme))
    assert {verb.name for verb in VERBS} <= named


def test_folders_that_the_readme_shows_exist() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:prodlabel|tests|models|resources)/[a-z/]*/)`", readme))
    assert named
    assert not [folder for folder in named if not (ROOT / folder).is_dir()]


def lock_entries() -> dict[str, list[Requirement]]:
    """Canonical name to its locked requirements (more than one where the Python version decides)."""
    text = (ROOT / ".ci" / "requirements.lock").read_text(encoding="utf-8").replace("\\\n", " ")
    entries: dict[str, list[Requirement]] = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            assert "--hash=sha256:" in line, f"locked without a hash: {line}"
            requirement = Requirement(line.partition("--hash")[0].strip())
            entries.setdefault(canonicalize_name(requirement.name), []).append(requirement)
    return entries


def test_lock_holds_every_dependency_in_a_version_that_is_asked_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [Requirement(text) for text in project["dependencies"] + project["optional-dependencies"]["dev"]]
    entries = lock_entries()
    unmet = [
        str(requirement)
        for requirement in wanted
        if canonicalize_name(requirement.name) not in entries
        or not all(
            requirement.specifier.contains(next(iter(locked.specifier)).version)
            for locked in entries[canonicalize_name(requirement.name)]
        )
    ]
    assert not unmet, "run `make lock`"


def weight_folders() -> list[Path]:
    return sorted({path.parent for path in files_under("models") if path.parent != ROOT / "models"})


@pytest.mark.parametrize("folder", weight_folders(), ids=lambda folder: folder.name)
def test_weights_have_licence_source_and_right_checksums(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["licence"]
    assert manifest["source"]
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files_under("models")
        if path.parent == folder and path.name != "manifest.json"
    }
    assert found == {name: entry["sha256"] for name, entry in manifest["files"].items()}
    assert any(name.upper().startswith(("LICENSE", "LICENCE")) for name in found)
