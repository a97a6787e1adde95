"""What holds for every request, whatever the view: headers, the door, foreign requests, one address per static file."""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import structlog
from flask import Flask, Response, abort, current_app, g, redirect, request, url_for
from flask_login import current_user
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response as AnyResponse

from sommit import session

#: What anybody may ask for. Everything else needs a sign-in: a view cannot be left open by oversight.
PUBLIC = frozenset(
    {
        *("static", "auth.sign_in", "auth.open_session", "account.language", "health.live", "health.ready"),
        *("installable.manifest", "installable.worker", "installable.offline"),
    }
)
#: What the support team alone may ask for; to all others these pages do not exist.
SUPPORT = frozenset(f"support.{view}" for view in ("index", "show", "answer", "thread", "read"))
#: What a person without a venue may ask for beside what is public.
WITHOUT_VENUE = frozenset({"auth.sign_out", "account.home", "account.theme"}) | SUPPORT
STATIC = Path(__file__).parent / "static"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'; object-src 'none'; "
        "manifest-src 'self'; worker-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
HSTS = "max-age=31536000; includeSubDomains"

log = structlog.get_logger(__name__)


def init_app(app: Flask) -> None:
    """Guard every request. Comes before the CSRF extension: an ended session has to answer with the way to sign in
    again, not with a refused token.
    """
    session.init_app(app)
    if app.config["PRODUCTION"]:
        # One router stands before the app; what it says of the client and the scheme is true, its Host is the client's.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=0)  # type: ignore[method-assign]
    app.before_request(_limit_form)
    app.before_request(_refuse_foreign)
    app.before_request(_open_door)
    app.after_request(_add_headers)
    app.url_defaults(_add_hash)
    app.jinja_env.globals.update(sprite=_sprite(app))


def is_htmx() -> bool:
    """Return whether htmx asks for a part of a page, and not a browser for the whole of it."""
    return request.headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in request.headers


def _limit_form() -> None:
    """Hold a plain form to the size that a multipart one has: it is parsed at once, uncounted."""
    if request.mimetype == "application/x-www-form-urlencoded":
        request.max_content_length = current_app.config["MAX_FORM_MEMORY_SIZE"]


def _refuse_foreign() -> None:
    """Refuse a writing request that another site sent from our user's browser, token or no token."""
    if request.method in SAFE:
        return
    origin = request.headers.get("Origin")
    foreign = origin is not None and urlsplit(origin).netloc != request.host
    if foreign or request.headers.get("Sec-Fetch-Site") == "cross-site":
        abort(403)


def _open_door() -> AnyResponse | None:
    """Let nobody past without a sign-in, nor to a venue's pages without a venue."""
    if request.endpoint in PUBLIC:
        return None
    signed_in = session.load()
    if request.endpoint is None:  # no such page: a 404 for all, with the way out for those who are inside
        return None
    if not signed_in:
        return _to_sign_in()
    structlog.contextvars.bind_contextvars(user=current_user.id, venue=g.venue.id if g.venue else None)
    if g.venue is None and request.endpoint not in WITHOUT_VENUE:
        abort(404)
    return None


def _to_sign_in() -> AnyResponse:
    """Send to the sign-in and back. For htmx the whole page goes, not the part it asked for."""
    page = request.full_path.rstrip("?") if request.method in SAFE and not is_htmx() else session.page_shown()
    address = url_for("auth.sign_in", next=page)
    if is_htmx():
        return Response(status=401, headers={"HX-Redirect": address})
    return redirect(address)


def _add_headers(response: Response) -> Response:
    response.headers.extend({name: value for name, value in HEADERS.items() if name not in response.headers})
    if current_app.config["PRODUCTION"]:
        response.headers["Strict-Transport-Security"] = HSTS
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
        response.vary.add("HX-Request")
    return response


def _add_hash(endpoint: str, values: dict[str, Any]) -> None:
    """A static file's address changes with its content, so that browsers may keep it for a year."""
    if endpoint == "static" and "filename" in values:
        values.setdefault("v", digest(values["filename"]))


def digest(filename: str) -> str:
    """Return a short hash of a static file's content."""
    path = STATIC / filename
    return _digest(path, path.stat().st_mtime_ns)


@lru_cache
def _digest(path: Path, _changed_at: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


def _sprite(app: Flask) -> str:
    with app.test_request_context():
        return url_for("static", filename="icons.svg")
