"""Scripted misbehaviour: what the till does instead of answering, request after request."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from demo.simulator.till import Till

ALWAYS = 10**9


@dataclass
class Fault:
    """Plays on requests whose path matches the pattern `path`: lets `after` of them pass, then acts on `times`."""

    path: str = "*"
    times: int = 1
    after: int = 0
    till: Till | None = None
    seen: int = field(default=0, init=False)

    def takes(self, path: str, till: Till | None) -> bool:
        """Whether this request is for this fault; counts it."""
        if not fnmatchcase(path, self.path) or (self.till is not None and self.till is not till):
            return False
        self.seen += 1
        return self.after < self.seen <= self.after + self.times

    @property
    def over(self) -> bool:
        """Whether it has played all its times."""
        return self.seen >= self.after + self.times


@dataclass
class Answer(Fault):
    """Answers these bytes instead."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Cut(Fault):
    """Announces the whole true body, sends that many bytes of it and hangs up."""

    kept: int = 0


@dataclass
class Reset(Fault):
    """Resets the connection after that many bytes of the true answer."""

    kept: int = 0


@dataclass
class Delay(Fault):
    """Waits that many seconds, then answers truly."""

    seconds: float = 0


@dataclass
class Drip(Fault):
    """Sends the true body one byte at a time, that many seconds apart."""

    seconds: float = 0


@dataclass
class Edit(Fault):
    """Passes the true answer's JSON through a function and sends what it returns; bytes as they are."""

    change: Callable[[Any], Any] = lambda payload: payload


@dataclass
class Literal(Fault):
    """Writes a literal (`NaN`, `1e400`) in place of every value of one field of the true answer."""

    name: str = ""
    literal: str = "NaN"


@dataclass
class Run(Fault):
    """Calls a function, which may change the till between two pages, then answers truly."""

    call: Callable[[], Any] = lambda: None


def _answer(where: dict[str, Any], status: int, body: bytes | str, **more: Any) -> Answer:
    retry_after = more.pop("retry_after", None)
    headers = dict(more.pop("headers", None) or {})
    if retry_after is not None:
        headers["Retry-After"] = str(retry_after)
    content = body.encode() if isinstance(body, str) else body
    return Answer(**where, status=status, body=content, headers=headers, **more)


_KINDS: dict[str, Callable[..., Fault]] = {
    "status": lambda where, status, **more: _answer(where, status, more.pop("body", b""), **more),
    "body": lambda where, body, **more: _answer(where, 200, body, **more),
    "html": lambda where, html, status=200, **more: _answer(
        where, status, html, content_type="text/html; charset=utf-8", **more
    ),
    "redirect": lambda where, to, status=302: _answer(where, status, b"", headers={"Location": to}),
    "token_refused_after": lambda where, count: Answer(
        **where | {"after": count, "times": ALWAYS}, status=401, body=b'{"statusCode": 401, "error": "Unauthorized"}'
    ),
    "cut": lambda where, kept: Cut(**where, kept=kept),
    "reset": lambda where, kept: Reset(**where, kept=int(kept)),
    "delay": lambda where, seconds: Delay(**where, seconds=seconds),
    "drip": lambda where, seconds: Drip(**where, seconds=seconds),
    "nan": lambda where, name, literal="NaN": Literal(**where, name=name, literal=literal),
    "edit": lambda where, change: Edit(**where, change=change),
    "run": lambda where, call: Run(**where, call=call),
}


class Faults:
    """The script of a server, in order: the first fault that takes a request plays on it."""

    def __init__(self) -> None:
        self._script: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, path: str = "*", *, times: int = 1, after: int = 0, till: Till | None = None, **what: Any) -> Fault:
        """Add one fault, named by its first keyword. TypeError when none is known.

        `status=429, retry_after="30"` · `html="<p>", status=502` · `body=b"null"`, with `content_type=`, `headers=` ·
        `redirect="https://..."` · `token_refused_after=3` · `cut=120` (bytes kept) · `reset=0` · `delay=2.0` ·
        `drip=0.4` (seconds a byte) · `nan="quantity"`, with `literal="1e400"` · `edit=function of the payload` ·
        `run=function of nothing`. `path` is a pattern: `/v1/orders/` is the list, `/v1/orders/?*` one order.
        """
        where = {"path": path, "times": times, "after": after, "till": till}
        kind = next((name for name in ("html", *_KINDS) if name in what), None)
        if kind is None:
            raise TypeError(f"no such fault: {', '.join(what)}")
        fault = _KINDS[kind](where, what.pop(kind), **what)
        with self._lock:
            self._script.append(fault)
        return fault

    def clear(self) -> None:
        """Behave from now on."""
        with self._lock:
            self._script.clear()

    def take(self, path: str, till: Till | None) -> Fault | None:
        """The fault to play on this request, if any."""
        with self._lock:
            taken = next((fault for fault in self._script if fault.takes(path, till)), None)
            self._script = [fault for fault in self._script if not fault.over]
            return taken
