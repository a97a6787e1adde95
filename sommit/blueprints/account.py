"""What hangs on the person and not on a screen: where they start, at which venue, in which light and language."""

import structlog
from flask import Blueprint, Response, abort, current_app, g, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from sommit import session
from sommit.i18n import COOKIE, LANGUAGES
from sommit.security import is_htmx

bp = Blueprint("account", __name__)
log = structlog.get_logger(__name__)

THEMES = ("light", "dark")
YEAR_S = 365 * 24 * 3600


@bp.get("/")
def home() -> str | AnyResponse:
    """Go to the drinks; the support team to its conversations; who belongs to no venue is told so."""
    if current_user.is_support:
        return redirect(url_for("support.index"))
    return redirect(url_for("drinks.index")) if g.venue else render_template("account/no_venue.html")


@bp.post("/lieu/<int:venue_id>")
def enter(venue_id: int) -> AnyResponse:
    """Go on in another of the person's venues."""
    venue = next((mine for mine in g.venues if mine.id == venue_id), None)
    if venue is None:
        abort(404)
    session.enter(venue)
    log.info("venue_entered", outcome="ok", entered=venue.id)
    return redirect(url_for(".home"), 303)


@bp.post("/theme")
def theme() -> AnyResponse:
    """Keep light or dark on this device, whatever the device itself prefers."""
    chosen = request.form.get("theme", "")
    if chosen not in THEMES:
        abort(400)
    answer = Response(status=204, headers={"HX-Trigger": f'{{"theme": "{chosen}"}}'})
    if not is_htmx():
        answer = _back()  # type: ignore[assignment]
    return _keep(answer, "theme", chosen)


@bp.post("/langue")
def language() -> AnyResponse:
    """Keep a language on this device, also before somebody signs in. Every word changes: the page comes anew."""
    chosen = request.form.get("language", "")
    if chosen not in LANGUAGES:
        abort(400)
    return _keep(_back(), COOKIE, chosen)


def _back() -> AnyResponse:
    return redirect(session.way_back(request.form.get("next")) or url_for(".home"), 303)


def _keep(answer: AnyResponse, name: str, value: str) -> AnyResponse:
    secure = current_app.config["PRODUCTION"]
    answer.set_cookie(name, value, max_age=YEAR_S, secure=secure, httponly=True, samesite="Lax")
    return answer
