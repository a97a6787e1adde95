"""Logs: one line an event, JSON in production. Who, what, outcome; never a password or a token."""

import logging
import re
import secrets
import sys
from typing import Any, TextIO

import structlog
from flask import Flask, g, request
from structlog.typing import EventDict, Processor

SECRETS = frozenset({"password", "token", "secret", "authorization", "cookie", "csrf_token", "password_hash"})
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


class Stderr(logging.StreamHandler[TextIO]):
    """Writes to what stderr is now, not to what it was when logging was set up."""

    @property
    def stream(self) -> TextIO:
        """Return the current stderr."""
        return sys.stderr

    @stream.setter
    def stream(self, _stream: TextIO) -> None:
        """Take no other."""


def init_app(app: Flask) -> None:
    """Set logging up for the whole process, and give each request an id that its lines bear."""
    configure(production=app.config["PRODUCTION"])
    app.before_request(_begin)


def configure(*, production: bool) -> None:
    """Send what structlog and the standard library say through the same steps to stderr."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        tame,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = Stderr()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_renderers(production)],
        )
    )
    handler.set_name("sommit")
    root = logging.getLogger()
    root.handlers = [other for other in root.handlers if other.get_name() != "sommit"] + [handler]
    root.setLevel(logging.INFO)


def _renderers(production: bool) -> list[Processor]:
    """Tracebacks stay plain text: frames with their local variables would carry what the rest keeps out."""
    if production:
        return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    return [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)]


def tame(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Escape what would break out of its line or colour a terminal, and blank what must not be written."""
    return {name: "***" if name in SECRETS else _escaped(value) for name, value in event.items()}


def _escaped(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return CONTROL.sub(lambda found: f"\\u{ord(found.group()):04x}", value)


def _begin() -> None:
    given = request.headers.get("X-Request-ID", "")
    g.request_id = given if REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)
