"""What hangs on the person and not on a screen: where they start, at which venue, in which light."""

import structlog
from flask import Blueprint, Response, abort, current_app, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from sommit import session
from sommit.security import is_htmx

bp = Blueprint("account", __name__)
log = structlog.get_logger(__name__)

THEMES = ("light", "dark")
YEAR_S = 365 * 24 * 3600


@bp.get("/")
def home() -> str | AnyResponse:
    """Go to the drinks; a support account, which belongs to no venue, is told so."""
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
        answer = redirect(session.way_back(request.form.get("next")) or url_for(".home"), 303)  # type: ignore[assignment]
    answer.set_cookie(
        "theme", chosen, max_age=YEAR_S, secure=current_app.config["PRODUCTION"], httponly=True, samesite="Lax"
    )
    return answer
