"""Nothing listens, secrets stay in the keyring, and what the program is made of can be told."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys

import pytest

from tests.project_files import ROOT, files_under
from tests.test_make_targets import script

_LISTENING = {"listen", "serve_forever", "create_server", "start_server"}
_SERVERS = {"socketserver", "http.server", "wsgiref", "xmlrpc", "flask", "aiohttp"}


def said_by(*arguments: str) -> str:
    command = [sys.executable, *arguments]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    return answer.stdout


def test_no_line_of_the_program_listens_on_the_network() -> None:
    found = []
    for path in files_under("prodlabel", suffix=".py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in _LISTENING
            ):
                found.append(f"{path.name}:{node.lineno}")
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            found += [f"{path.name}: {name}" for name in names if name in _SERVERS]
    assert not found


def test_the_guard_hears_when_the_program_or_anybody_for_all_listens(offered_connections: list[str]) -> None:
    listen = "import socket\nwith socket.socket() as one:\n    one.bind((host, 0))\n"
    exec(compile(listen, str(ROOT / "prodlabel" / "x.py"), "exec"), {"host": "127.0.0.1"})
    assert offered_connections == ["127.0.0.1:0"]
    exec(compile(listen, str(ROOT / "tests" / "x.py"), "exec"), {"host": "127.0.0.1"})
    assert len(offered_connections) == 1
    exec(compile(listen, str(ROOT / "tests" / "x.py"), "exec"), {"host": "0.0.0.0"})
    assert offered_connections.pop() == "0.0.0.0:0"
    offered_connections.clear()


@pytest.mark.slow
def test_a_running_command_has_no_listening_socket() -> None:
    script = (
        "import json, psutil\n"
        "from prodlabel.cli.main import run_command_line\n"
        "import prodlabel.operations.steps, prodlabel.sources.registry, prodlabel.sources.food.http\n"
        "print(json.dumps([c.status for c in psutil.Process().net_connections('inet')]))\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert json.loads(answer.stdout) == []


def test_secrets_are_written_to_the_keyring_and_nowhere_else() -> None:
    sources = {p.name: p.read_text(encoding="utf-8") for p in files_under("prodlabel", suffix=".py")}
    assert [name for name, text in sources.items() if "import keyring" in text] == ["credentials.py"]
    held = re.compile(r"(?:app_key|password|secret)\s*=\s*[\"'][A-Za-z0-9]{8,}[\"']")
    assert not [name for name, text in sources.items() if held.search(text)]


def test_every_locked_package_has_a_hash_and_a_licence_that_is_allowed() -> None:
    audit = script("audit")
    assert not [name for lock in audit.LOCKS for name in audit.unhashed(lock)]
    assert len(audit.locked()) > 50
    assert audit.refused() == []
    assert [
        audit.is_allowed(one) for one in ("GPL-3.0-only", "LGPL-3.0-only OR GPL-2.0-only", "MIT AND GPL-2.0")
    ] == [
        False,
        True,
        False,
    ]
    assert not audit.is_allowed("unknown")


def test_an_audit_that_could_not_ask_says_so_instead_of_all_is_well(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    audit = script("audit")
    weak = {"name": "a", "version": "1", "vulns": [{"id": "CVE-1", "fix_versions": ["2"]}]}
    well, unknown = {"name": "b", "version": "1", "vulns": []}, {"name": "c", "skip_reason": "not found"}
    ends = []
    for packages in ([well], [weak, unknown], [well, unknown]):
        said = audit.answers(json.dumps({"dependencies": packages}), "")
        monkeypatch.setattr(audit, "weaknesses", lambda said=said: said)
        ends.append(audit.told_weaknesses())
    monkeypatch.setattr(audit, "weaknesses", lambda: audit.answers("", "no route to the service\n"))
    ends.append(audit.told_weaknesses())
    told = capsys.readouterr().out
    assert ends == [0, audit.FOUND, audit.UNKNOWN, audit.UNKNOWN]
    assert "a 1: CVE-1, mended in 2" in told
    assert "c: not found" in told
    assert "no route to the service" in told
    assert "--offline leaves" in told


def test_the_locked_packages_are_installed_by_their_hashes() -> None:
    said = (ROOT / ".ci" / "setup.py").read_text(encoding="utf-8")
    assert '"--require-hashes"' in said


def test_the_bill_of_materials_names_every_locked_package_with_its_hashes() -> None:
    answer = subprocess.run(
        [sys.executable, ".ci/sbom.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    said = json.loads(answer.stdout)
    assert (said["bomFormat"], said["specVersion"]) == ("CycloneDX", "1.5")
    libraries = [one for one in said["components"] if one["type"] == "library"]
    named: dict[str, set[str]] = {}
    for lock in script("audit").LOCKS:
        for line in lock.read_text(encoding="utf-8").replace("\\\n", " ").splitlines():
            if found := re.match(r"([A-Za-z0-9._-]+)==([^\s;]+)", line):
                name = re.sub(r"[-_.]+", "-", found[1]).lower()
                named.setdefault(f"{name}@{found[2]}", set()).update(re.findall(r"sha256:(\w+)", line))
    assert {one["bom-ref"]: {h["content"] for h in one["hashes"]} for one in libraries} == named
    assert "tensorflow" in {one["name"].partition("-")[0] for one in libraries}
    networks = {one["name"] for one in said["components"] if one["type"] == "machine-learning-model"}
    assert {"minilm-l6-v2", "efficientnet-lite0", "use-multilingual-v3"} <= networks
