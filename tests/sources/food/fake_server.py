"""A food database on this computer: answers with recorded pages over real sockets, and misbehaves when told.

Tests queue faults (`break_next`); each is used up by one request. Every request is logged with the time of
the test's clock.
"""

from __future__ import annotations

import gzip
import io
import json
import socket
import struct
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

IGNORED = {
    "fields", "search_simple", "action", "sort_by", "lc", "cc", "langs",
    "tagtype_0", "tag_contains_0", "tag_0", "tagtype_1", "tag_contains_1", "tag_1",
}  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """One exchange that replaces the recorded answer. `transport` as in the recorded faults, or "slow",
    "gzip".
    """

    status: int | None = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    transport: str = "normal"

    @classmethod
    def load(cls, path: Path) -> Fault:
        said = json.loads(path.read_text(encoding="utf-8"))
        return cls(said["status"], said["headers"], said["body"].encode(), said["transport"])


@dataclass(frozen=True)
class Seen:
    at: float
    path: str
    query: dict[str, str]
    raw: str
    headers: dict[str, str]
    is_fault: bool


def draw_jpeg(name: str = "", size: tuple[int, int] = (40, 60)) -> bytes:
    from PIL import Image

    colour = tuple(hash_byte(name, place) for place in range(3))
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, "JPEG")  # type: ignore[arg-type]
    return buffer.getvalue()


def hash_byte(text: str, place: int) -> int:
    return sum((place + 3) * (index + 1) * ord(char) for index, char in enumerate(text)) % 256


class FakeServer:
    """The server; use as a context. `recorded` None: everything that no fault or page answers is a 404."""

    def __init__(
        self, recorded: Path | None = None, clock: Callable[[], float] = time.monotonic, seconds: float = 60.0
    ) -> None:
        self.clock = clock
        self.log: list[Seen] = []
        self.faults: deque[Fault] = deque()
        self.pages: dict[str, Fault] = {}
        self.stopping = threading.Event()
        self.hang_s = seconds
        self._routes: list[dict[str, Any]] = []
        self._images: dict[str, dict[str, Any]] = {}
        self._paths: set[str] = set()
        self._recorded = recorded
        if recorded is not None:
            self._routes = json.loads((recorded / "manifest.json").read_text(encoding="utf-8"))["routes"]
            images = json.loads((recorded / "off" / "images_manifest.json").read_text(encoding="utf-8"))
            self._images = {entry["path"]: entry for entry in images["exceptions"]}
            self._paths = set(images["paths"])
        self._http = _Server(("127.0.0.1", 0), _Handler)
        self._http.fake = self
        self._thread = threading.Thread(
            target=lambda: self._http.serve_forever(poll_interval=0.01), name="fake food database"
        )

    def __enter__(self) -> FakeServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._http.server_address[1]}"

    @property
    def url(self) -> str:
        return f"http://{self.host}"

    def break_next(self, *faults: Fault) -> None:
        self.faults.extend(faults)

    def answer(self, path: str, query: dict[str, str], headers: dict[str, str]) -> Fault:
        if path in self.pages:
            return self.pages[path]
        if path.startswith(("/images/", "/food-img/")):
            return self._image(path)
        for route in self._routes:
            if route["path"] == path and self._matches(route, query, headers):
                return Fault(
                    route["status"], {"Content-Type": route["content_type"]}, self._file(route["file"])
                )
        return Fault(404, {"Content-Type": "text/plain"}, b"no such page")

    def _matches(self, route: dict[str, Any], query: dict[str, str], headers: dict[str, str]) -> bool:
        wanted = dict(route["query"])
        if path_is_rapid(route) and "x-rapidapi-key" not in headers:
            return False
        return wanted == {name: value for name, value in query.items() if name not in IGNORED}

    def _file(self, name: str) -> bytes:
        assert self._recorded is not None
        text = (self._recorded / name).read_text(encoding="utf-8")
        # Pictures are asked of this server too; links to the next page stay as recorded.
        for host in ("images.openfoodfacts.org", "www.edamam.com"):
            text = text.replace(f'"https://{host}/', f'"{self.url}/')
        return text.encode()

    def _image(self, path: str) -> Fault:
        said = self._images.get(path)
        if said is None:
            if path.startswith("/images/") and path not in self._paths:
                return Fault(404, {"Content-Type": "text/html"}, b"<html>404 Not Found</html>")
            return Fault(200, {"Content-Type": "image/jpeg"}, draw_jpeg(path))
        headers = {"Content-Type": said["content_type"]}
        if said["status"] != 200 or said["content_type"] == "text/html":
            return Fault(said["status"], headers, b"<html><title>no picture</title></html>")
        if said["why"] == "zero bytes":
            return Fault(200, headers)
        jpeg = draw_jpeg(path)
        if "cut" in said["why"]:
            return Fault(
                200, {**headers, "Content-Length": str(len(jpeg))}, jpeg[: len(jpeg) // 2], "close_after_body"
            )
        return Fault(200, headers, jpeg)


def path_is_rapid(route: dict[str, Any]) -> bool:
    return str(route["host"]).endswith("rapidapi.com")


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    block_on_close = True
    fake: FakeServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hung up is what some tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 5
    server: _Server

    def do_GET(self) -> None:
        fake = self.server.fake
        parts = urlsplit(self.path)
        query = dict(parse_qsl(parts.query))
        headers = {name.lower(): value for name, value in self.headers.items()}
        is_picture = parts.path.startswith(("/images/", "/food-img/"))
        fault = fake.faults.popleft() if fake.faults and not is_picture else None
        fake.log.append(Seen(fake.clock(), parts.path, query, self.path, headers, fault is not None))
        self.close_connection = True
        self._send(fault or fake.answer(parts.path, query, headers))

    def _send(self, answer: Fault) -> None:
        fake = self.server.fake
        if answer.transport == "hang_60s":
            fake.stopping.wait(fake.hang_s)
            return
        if answer.transport == "reset":
            # With this option, closing sends a reset in place of an orderly end.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            return
        body, headers = answer.body, dict(answer.headers)
        if answer.transport == "gzip":
            body, headers["Content-Encoding"] = gzip.compress(body), "gzip"
        assert answer.status is not None
        self.send_response(answer.status)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.send_header("Connection", "close")
        self.end_headers()
        if answer.transport == "slow":
            for start in range(0, len(body), 8):
                self.wfile.write(body[start : start + 8])
                self.wfile.flush()
                if fake.stopping.wait(0.05):
                    return
            return
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Requests are in the fake's own log."""
