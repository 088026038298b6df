"""Weights are fetched when asked for: with progress, checksum, resume and cancel, from a local server."""

from __future__ import annotations

import hashlib
import io
import tarfile
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from prodlabel import paths
from prodlabel.core.errors import Cancelled, InputError
from prodlabel.core.progress import CancelToken, Progress, ProgressState
from prodlabel.encoders.fetch import (
    FETCHABLE,
    Fetchable,
    FetchError,
    RemoteFile,
    fetch,
    fetchable,
    fetchable_from,
)
from prodlabel.encoders.registry import entry

CONTENT = bytes(range(256)) * 2000


class Server(ThreadingHTTPServer):
    """Serves CONTENT; may cut the line, ignore ranges, redirect, or fail. Remembers what was asked."""

    daemon_threads = False
    cut_after: int | None = None
    knows_ranges = True
    status = 200
    location = ""
    content = CONTENT
    asked: list[str | None]


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        wanted = self.headers.get("Range")
        self.server.asked.append(wanted)
        if self.server.status != 200:
            self.send_response(self.server.status)
            self.send_header("Location", self.server.location)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and self.server.knows_ranges else 0
        if start >= len(self.server.content):
            self.send_response(416)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response(206 if start else 200)
        if start:
            self.send_header(
                "Content-Range", f"bytes {start}-{len(self.server.content) - 1}/{len(self.server.content)}"
            )
        self.send_header("Content-Length", str(len(self.server.content) - start))
        self.end_headers()
        end = len(self.server.content) if self.server.cut_after is None else start + self.server.cut_after
        try:
            self.wfile.write(self.server.content[start:end])
        except ConnectionError:
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        """The test says what it expects."""


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(("127.0.0.1", 0), Handler) as made:
        made.asked = []
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def weights(
    server: Server, digest: str = hashlib.sha256(CONTENT).hexdigest(), most: int = 1 << 30
) -> Fetchable:
    url = f"http://127.0.0.1:{server.server_port}/weights.bin"
    return Fetchable("tiny", "tiny", "none", (RemoteFile("weights.bin", url, digest, most_bytes=most),))


def part(folder: Path) -> Path:
    return folder / "tiny" / "weights.bin.part"


def test_a_file_is_fetched_and_not_fetched_again(server: Server, tmp_path: Path) -> None:
    (path,) = fetch(weights(server), Progress(), tmp_path)
    assert path.read_bytes() == CONTENT
    fetch(weights(server), Progress(), tmp_path)
    assert server.asked == [None]


def test_a_cut_line_is_told_and_the_next_attempt_goes_on(server: Server, tmp_path: Path) -> None:
    server.cut_after = 300_000
    with pytest.raises(FetchError, match="goes on from"):
        fetch(weights(server), Progress(), tmp_path)
    assert not (tmp_path / "tiny" / "weights.bin").exists()
    kept = part(tmp_path).stat().st_size
    assert 0 < kept <= 300_000
    server.cut_after = None
    (path,) = fetch(weights(server), Progress(), tmp_path)
    assert path.read_bytes() == CONTENT
    assert server.asked[-1] == f"bytes={kept}-"
    assert not part(tmp_path).exists()


def test_a_server_without_ranges_starts_over(server: Server, tmp_path: Path) -> None:
    part(tmp_path).parent.mkdir()
    part(tmp_path).write_bytes(b"old" * 1000)
    server.knows_ranges = False
    (path,) = fetch(weights(server), Progress(), tmp_path)
    assert path.read_bytes() == CONTENT


def test_a_part_that_is_whole_already_is_taken(server: Server, tmp_path: Path) -> None:
    part(tmp_path).parent.mkdir()
    part(tmp_path).write_bytes(CONTENT)
    assert fetch(weights(server), Progress(), tmp_path)[0].read_bytes() == CONTENT


def test_a_wrong_checksum_leaves_nothing(server: Server, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="makers publish"):
        fetch(weights(server, "0" * 64), Progress(), tmp_path)
    assert list((tmp_path / "tiny").iterdir()) == []


def test_a_cancel_keeps_what_came(server: Server, tmp_path: Path) -> None:
    token = CancelToken()

    def stop(state: ProgressState) -> None:
        if state.done >= 100_000:
            token.cancel()

    with pytest.raises(Cancelled):
        fetch(weights(server), Progress(stop, token=token, interval_s=0), tmp_path)
    assert part(tmp_path).stat().st_size >= 100_000
    assert fetch(weights(server), Progress(), tmp_path)[0].read_bytes() == CONTENT


def test_an_endless_file_is_stopped(server: Server, tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="larger"):
        fetch(weights(server, most=1000), Progress(), tmp_path)


def test_a_refusal_is_told(server: Server, tmp_path: Path) -> None:
    server.status = 404
    with pytest.raises(FetchError, match="404"):
        fetch(weights(server), Progress(), tmp_path)


def test_a_redirect_to_an_open_line_is_not_followed(server: Server, tmp_path: Path) -> None:
    server.status, server.location = 302, "http://example.invalid/weights.bin"
    with pytest.raises(FetchError, match="not encrypted"):
        fetch(weights(server), Progress(), tmp_path)


def test_no_connection_is_told(tmp_path: Path) -> None:
    remote = RemoteFile("weights.bin", "http://127.0.0.1:9/weights.bin", "0" * 64)
    with pytest.raises(FetchError, match="connection"):
        fetch(Fetchable("tiny", "tiny", "none", (remote,)), Progress(), tmp_path)


def test_the_table_names_encrypted_addresses_and_checksums() -> None:
    for one in FETCHABLE:
        for file in one.files:
            assert file.url.startswith("https://")
            assert len(file.digest) in {0, {"md5": 32, "sha256": 64}[file.algorithm]}


def test_what_cannot_be_fetched_is_refused_with_what_can() -> None:
    with pytest.raises(InputError, match="resnet50"):
        fetchable("counts")
    with pytest.raises(InputError, match="prodlabel fetch bert --url"):
        fetchable("bert")


def test_weights_come_from_an_address_of_the_user(server: Server, tmp_path: Path) -> None:
    at = f"http://127.0.0.1:{server.server_port}/resolve/onnx"
    wanted = fetchable_from("bert", [f"{at}/model.onnx?download=true", f"{at}/vocab.txt"])
    assert [path.name for path in fetch(wanted, Progress(), tmp_path)] == ["model.onnx", "vocab.txt"]
    assert (tmp_path / "bert" / "vocab.txt").read_bytes() == CONTENT
    fetch(wanted, Progress(), tmp_path)
    assert server.asked == [None, None], "what is there is not fetched again"


def test_the_checksum_of_an_address_is_compared(server: Server, tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{server.server_port}/model.onnx"
    with pytest.raises(InputError, match="thrown away"):
        fetch(fetchable_from("bert", [url], ["0" * 64]), Progress(), tmp_path)
    right = hashlib.sha256(CONTENT).hexdigest().upper()
    assert fetch(fetchable_from("bert", [url], [right]), Progress(), tmp_path)[0].is_file()


@pytest.mark.parametrize(
    ("encoder", "urls", "sums", "said"),
    [
        ("minilm", ["https://example.org/a.onnx"], [], "needs no weights"),
        ("bert", ["https://example.org/"], [], "name of a file"),
        ("bert", ["https://example.org/..%2Fevil%2F.."], [], "name of a file"),
        ("bert", ["https://example.org/a.onnx"], ["12"], "no SHA-256"),
        ("bert", ["https://example.org/a.onnx"], ["0" * 64] * 2, "one each"),
    ],
)
def test_addresses_that_cannot_be_meant_are_refused(
    encoder: str, urls: list[str], sums: list[str], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        fetchable_from(encoder, urls, sums)


def packed(names: dict[str, bytes]) -> bytes:
    """A .tar.gz of these files, and of a link."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as archive:
        for name, content in names.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
        link = tarfile.TarInfo("variables/link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    return made.getvalue()


def test_an_archive_is_unpacked_and_only_into_the_folder(server: Server, tmp_path: Path) -> None:
    files = {"./saved_model.pb": b"graph", "variables/variables.index": b"index", "../evil": b"evil"}
    server.content = packed(files)
    url = f"http://127.0.0.1:{server.server_port}/4"
    usual = fetchable("use4").files[0]
    weights = Fetchable("use4", "use", "none", (RemoteFile(usual.name, url, taken=usual.taken),))
    found = fetch(weights, Progress(), tmp_path)
    assert [path.name for path in found] == ["saved_model.pb", "variables.index"]
    assert found[1].read_bytes() == b"index"
    kept = {path.name for path in tmp_path.rglob("*") if not path.is_dir()}
    assert kept == {"saved_model.pb", "variables.index"}, "neither archive, link, nor what leads outside"
    fetch(weights, Progress(), tmp_path)
    assert server.asked == [None]


def test_an_archive_that_is_none_is_thrown_away(server: Server, tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{server.server_port}/vectors.zip"
    with pytest.raises(InputError, match="no whole archive"):
        fetch(fetchable_from("word-vectors", [url]), Progress(), tmp_path)
    assert not list((tmp_path / "word-vectors").iterdir())


def test_each_need_of_weights_names_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "user_weights", lambda: tmp_path)
    for encoder_id in ("bert", "use4", "word-vectors", "mobilenet-v2", "vgg16", "resnet50"):
        assert f"prodlabel fetch {encoder_id}" in str(entry(encoder_id).what_is_missing())
