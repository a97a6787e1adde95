"""A till that says exactly what a test tells it to, byte for byte, and remembers what it was asked."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from sommit.jalia.client import JaliaClient
from sommit.jalia.errors import TillError


@dataclass
class Request:
    method: str
    target: str
    headers: dict[str, str]

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.target).query).items()}


@dataclass
class Reply:
    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})
    drip: float | None = None  # seconds between bytes
    declared: int | None = None  # Content-Length, when it lies

    @staticmethod
    def json(value: Any, status: int = 200, **headers: str) -> "Reply":
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        return Reply(json.dumps(value).encode(), status, {"Content-Type": "application/json", **named})


Answer = Callable[[Request], Reply]


class ScriptedTill(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.requests: list[Request] = []
        self.answer: Answer = lambda _request: Reply.json([])
        self.date: str | None = None  # what its clock says, when not the true hour
        self.stopped = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def replies(self, *replies: Reply) -> None:
        """Give these, in order; the last one again and again."""
        left = list(replies)
        self.answer = lambda _request: left.pop(0) if len(left) > 1 else left[0]


class _Handler(BaseHTTPRequestHandler):
    server: ScriptedTill
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def handle_one_request(self) -> None:
        self.raw_requestline = self.rfile.readline(65537)
        if not self.raw_requestline or not self.parse_request():
            self.close_connection = True
            return
        request = Request(self.command, self.path, dict(self.headers.items()))
        self.server.requests.append(request)
        self._send(self.server.answer(request))

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        length = len(reply.body) if reply.declared is None else reply.declared
        self.send_header("Content-Length", str(length))
        self.end_headers()
        self.close_connection = length != len(reply.body)
        if reply.drip is None:
            self.wfile.write(reply.body)
            return
        for byte in reply.body:
            if self.server.stopped.wait(reply.drip):
                return
            self.wfile.write(bytes([byte]))

    def date_time_string(self, timestamp: float | None = None) -> str:
        return self.server.date or super().date_time_string(timestamp)

    def log_message(self, format: str, *args: Any) -> None:
        """Stay quiet."""


@contextmanager
def scripted_till() -> Iterator[ScriptedTill]:
    server = ScriptedTill()
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a client that hangs up is part of the play
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.01), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stopped.set()
        server.shutdown()
        server.server_close()
        thread.join()


def failing(till: ScriptedTill, client: JaliaClient, kind: type[TillError], *replies: Reply) -> Any:
    """Play these replies, ask, and return the exception of exactly this kind."""
    till.replies(*replies)
    with pytest.raises(kind) as caught:
        client.catalogue()
    assert type(caught.value) is kind
    return caught.value
