"""The session: who is signed in, and for which of their venues. Membership is checked again at each request."""

from typing import Any, cast
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, g, request, session
from flask.sessions import SecureCookieSessionInterface
from flask_login import current_user, login_user, logout_user
from werkzeug.exceptions import HTTPException
from werkzeug.local import LocalProxy

from sommit.extensions import login_manager
from sommit.models import User, Venue
from sommit.services import accounts


class Sessions(SecureCookieSessionInterface):
    """Flask's signed cookie, kept off static files: one address for all, whoever asks."""

    def save_session(self, app: Flask, session: Any, response: Response) -> None:
        """Send the cookie where it changed."""
        if request.endpoint != "static":
            super().save_session(app, session, response)


def init_app(app: Flask) -> None:
    """Plug the cookie in. It is sent only when it changes: an answer that was under way must undo neither a sign-in
    nor a sign-out. Flask-Login would mark it at whatever a browser asks for beside a page, the service worker too.
    """
    app.session_interface = Sessions()
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False
    app.config["SESSION_PROTECTION"] = None


@login_manager.user_loader  # type: ignore[untyped-decorator]  # flask-login is untyped
def _load_user(user_id: str) -> User | None:
    """Look a person up; their venues, which the door asks for next, come along in the same statement."""
    user, g.their_venues = accounts.with_venues(int(user_id))
    return user


def sign_in(user: User, *, remember: bool) -> Venue | None:
    """Open a fresh session for a person at their first venue; `remember` keeps it after the browser is closed."""
    session.clear()
    login_user(user)
    session.permanent = remember
    mine = accounts.venues(user.id)
    if mine:
        session["venue_id"] = mine[0].id
    return mine[0] if mine else None


def sign_out() -> None:
    """Forget everything that the session held."""
    logout_user()
    session.clear()


def enter(venue: Venue) -> None:
    """Go on in another venue. Forms that another tab still shows for the former venue are worth nothing any more."""
    session["venue_id"] = venue.id
    session.pop("csrf_token", None)


def load() -> bool:
    """Put the person's venues and the session's venue into `g`; return whether somebody is signed in.

    Somebody who no longer works at the session's venue is signed out.
    """
    if not current_user.is_authenticated:
        return False
    if "their_venues" not in g:  # signed in during this very request
        g.their_venues = accounts.venues(current_user.id)
    g.venues = g.pop("their_venues")
    if "venue_id" not in session and g.venues:
        session["venue_id"] = g.venues[0].id
    g.venue = next((venue for venue in g.venues if venue.id == session.get("venue_id")), None)
    if g.venue is None and "venue_id" in session:
        sign_out()
        return False
    return True


def _venue() -> Venue:
    venue: Venue | None = g.get("venue")
    if venue is None:
        abort(404)
    return venue


current_venue = cast(Venue, LocalProxy(_venue))


def way_back(target: str | None) -> str | None:
    """Return the path and query of `target` if it is a page of ours, else None.

    The address is looked up among the routes instead of being judged by its looks (FAULTS M12).
    """
    if not target or not target.startswith("/") or not target.isprintable():
        return None
    try:
        rule, _ = current_app.url_map.bind("").match(target.partition("?")[0], method="GET", return_rule=True)
    except HTTPException:  # unknown, not for GET, or an address with doubled slashes (RequestRedirect)
        return None
    return None if rule.endpoint == "static" else target


def page_shown() -> str | None:
    """Return the page of ours from which the request was sent, as path and query; None when it does not say."""
    parts = urlsplit(request.headers.get("HX-Current-URL") or request.referrer or "")
    if parts.netloc != request.host:
        return None
    return way_back(parts.path + ("?" + parts.query if parts.query else ""))
