"""The till on the network: one loopback HTTP server for any number of venues, told apart by their keys."""

from __future__ import annotations

import json
import re
import socket
import struct
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from demo.simulator import api, faults
from demo.simulator.log import Request, record
from demo.simulator.till import Till

#: Answers an address under `/_control/` with a status and a JSON value; see `demo.simulator.control`.
Control = Callable[["Server", str, str, Any], tuple[int, Any]]


class Server:
    """The tills being served: `url`, every request received, and the script of misbehaviour."""

    def __init__(self, tills: Iterable[Till], *, port: int = 0, control: Control | None = None) -> None:
        self.tills = list(tills)
        self.requests: list[Request] = []
        self.faults = faults.Faults()
        self.control = control
        self.lock = threading.RLock()  # held while an answer is made, so that nobody sees half a change
        self.stopping = threading.Event()
        self.before_answer: Callable[[], None] = lambda: None
        handler = type("Handler", (_Handler,), {"till_server": self})
        self._http = _HTTPServer(("127.0.0.1", port), handler)
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    @property
    def url(self) -> str:
        """The base address, without a slash at its end."""
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def start(self) -> None:
        """Begin to answer, in a thread of its own."""
        self._thread.start()

    def close(self) -> None:
        """Stop answering and hang up on everybody."""
        self.stopping.set()
        self._http.shutdown()
        self._http.server_close()
        self._http.hang_up()

    def till_of(self, authorization: str | None) -> Till | None:
        """The venue whose key this header carries."""
        return next((till for till in self.tills if authorization == f"Bearer {till.token}"), None)

    def receive(self, method: str, target: str, header_names: Iterable[str], till: Till | None) -> Request:
        """Write a request into the logs."""
        entry = record(method, target, header_names, [each.token for each in self.tills], known=till is not None)
        with self.lock:
            self.requests.append(entry)
            if till is not None:
                till.requests.append(entry)
        return entry


@contextmanager
def serve(tills: Till | Iterable[Till], *, port: int = 0) -> Iterator[Server]:
    """Serve one till or several on a free port of the loopback address, until the block ends."""
    server = Server([tills] if isinstance(tills, Till) else tills, port=port)
    server.start()
    try:
        yield server
    finally:
        server.close()


def _obey(server: Server, method: str, path: str, body: bytes) -> tuple[int, Any]:
    assert server.control is not None  # noqa: S101 - asked by the caller
    try:
        return server.control(server, method, path, json.loads(body or b"null"))
    except json.JSONDecodeError:
        return 400, {"error": "no JSON"}


class _HTTPServer(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, *args: Any) -> None:
        self._open: set[socket.socket] = set()
        super().__init__(*args)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        for connection in list(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is none of the till's business."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "till"
    sys_version = ""
    wbufsize = -1  # headers and body in one packet
    disable_nagle_algorithm = True
    till_server: Server

    def do_GET(self) -> None:
        server, parts = self.till_server, urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if parts.path.startswith("/_control/") and server.control is not None:
            self._send(*_obey(server, self.command, parts.path, body))
            return
        till = server.till_of(self.headers.get("Authorization"))
        entry = server.receive(self.command, self.path, self.headers.keys(), till)
        fault = server.faults.take(parts.path, till)
        if isinstance(fault, faults.Answer):
            entry.status = fault.status
            self._send_bytes(fault.status, fault.body, fault.content_type, fault.headers)
            return
        if isinstance(fault, faults.Run):
            with server.lock:
                fault.call()
        if isinstance(fault, faults.Delay):
            server.stopping.wait(fault.seconds)
        status, answer = self._true_answer(till, parts.path, dict(parse_qsl(parts.query, keep_blank_values=True)))
        entry.status = status
        self._play(fault, status, answer)

    do_POST = do_PUT = do_PATCH = do_DELETE = do_GET

    def _true_answer(self, till: Till | None, path: str, query: dict[str, str]) -> tuple[int, Any]:
        with self.till_server.lock:
            self.till_server.before_answer()
            try:
                return 200, api.answer(till, self.command, path, query)
            except api.Refused as refusal:
                return refusal.status, refusal.body

    def _play(self, fault: faults.Fault | None, status: int, answer: Any) -> None:
        if isinstance(fault, faults.Edit):
            answer = fault.change(answer)
        if isinstance(answer, bytes):
            self._send_bytes(status, answer)
            return
        text = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
        if isinstance(fault, faults.Literal):
            text = re.sub(rf'("{re.escape(fault.name)}":)[^,}}\]]+', rf"\g<1>{fault.literal}", text)
        body = text.encode("utf-8", "surrogatepass")
        if isinstance(fault, faults.Cut | faults.Reset):
            self._break_off(body, fault)
        elif isinstance(fault, faults.Drip):
            self._drip(body, fault.seconds)
        else:
            self._send_bytes(status, body)

    def _send(self, status: int, value: Any) -> None:
        self._send_bytes(status, json.dumps(value, ensure_ascii=False).encode())

    def _send_bytes(
        self, status: int, body: bytes, content_type: str = "application/json", headers: dict[str, str] | None = None
    ) -> None:
        self._send_head(status, len(body), content_type, headers or {})
        self.wfile.write(body)

    def _send_head(self, status: int, length: int, content_type: str, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": content_type, "Content-Length": str(length), **headers}.items():
            self.send_header(name, value)
        self.end_headers()

    def _break_off(self, body: bytes, fault: faults.Cut | faults.Reset) -> None:
        if fault.kept or isinstance(fault, faults.Cut):
            self._send_head(200, len(body), "application/json", {})
            self.wfile.write(body[: fault.kept])
            self.wfile.flush()
        if isinstance(fault, faults.Reset):  # lingering for no time at all makes the close a reset
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True

    def _drip(self, body: bytes, seconds: float) -> None:
        self._send_head(200, len(body), "application/json", {})
        for byte in body:
            self.wfile.write(bytes([byte]))
            self.wfile.flush()
            if self.till_server.stopping.wait(seconds):
                return

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing on the terminal: `Server.requests` is the log."""
