"""What the till received: enough to prove that only GET was sent and that no key leaked, never a key itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qsl, unquote, urlsplit


@dataclass
class Request:
    """One request. `status` is what was answered, even when the connection was then broken off."""

    at: datetime
    method: str
    path: str
    query: dict[str, str]
    header_names: tuple[str, ...]
    authenticated: bool
    key_in_url: bool
    status: int | None = None


def record(method: str, target: str, header_names: Iterable[str], keys: Iterable[str], *, known: bool) -> Request:
    """The log's entry for a request; a key found in its address is noted and blotted out."""
    key_in_url = False
    target = unquote(target) if any(key in unquote(target) for key in keys) else target
    for key in keys:
        if key in target:
            key_in_url = True
            target = target.replace(key, "KEY")
    parts = urlsplit(target)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    names = tuple(sorted(name.lower() for name in header_names))
    return Request(datetime.now(UTC), method, parts.path, query, names, known, key_in_url)
