"""What lets a tablet keep Somm'It as an application: the manifest, and the page that is shown without network."""

import hashlib
import json

from flask import Blueprint, Response, render_template, url_for

from sommit.i18n import gettext as _
from sommit.i18n import language

bp = Blueprint("installable", __name__)

#: The files that the page "hors ligne" is made of.
FILES = (
    *("app.css", "app.js", "icons.svg", "fonts/caviste.woff2", "app-icon.svg", "vendor/htmx-2.0.11.min.js"),
    *("app-icon-192.png", "app-icon-512.png"),
)
PAPER = "#fbf9f6"
SIZES = (192, 512)


@bp.get("/manifest.webmanifest")
def manifest() -> Response:
    """Say how the application is called, drawn and started once it is installed."""
    told = {
        "id": "/",
        "name": _("Somm’It"),
        "short_name": _("Somm’It"),
        "lang": language(),
        "start_url": url_for("drinks.index"),
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": [_icon(size, purpose) for size in SIZES for purpose in ("any", "maskable")],
    }
    return Response(json.dumps(told, ensure_ascii=False), mimetype="application/manifest+json")


def _icon(size: int, purpose: str) -> dict[str, str]:
    """The glass keeps inside the circle that a mask may cut out."""
    address = url_for("static", filename=f"app-icon-{size}.png")
    return {"src": address, "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}


@bp.get("/hors-ligne")
def offline() -> str:
    """Show where everything is while the tablet is without network; the same for everybody."""
    return _offline()


@bp.get("/sw.js")
def worker() -> Response:
    """Give the service worker. Its text changes with the page and its files, and a browser then takes the new one."""
    files = [url_for("static", filename=name) for name in FILES]
    kept = "\n".join([_offline(), *files])
    version = f"hors-ligne-{hashlib.sha256(kept.encode()).hexdigest()[:10]}"
    script = render_template("installable/sw.js", version=version, page=url_for(".offline"), files=files)
    return Response(script, mimetype="text/javascript")


def _offline() -> str:
    return render_template("installable/offline.html", bare=True)
