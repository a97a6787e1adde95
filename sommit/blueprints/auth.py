"""Sign in and out."""

import time
from zoneinfo import ZoneInfo

import structlog
from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask_limiter.util import get_remote_address
from flask_login import current_user
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response as AnyResponse

from sommit import clock, session
from sommit.extensions import db, limiter
from sommit.services import accounts

bp = Blueprint("auth", __name__)
log = structlog.get_logger(__name__)

PAUSE_MIN = 10
EVENING_H, MORNING_H = 18, 5
FAILED = 422
TRIES = f"5 per {PAUSE_MIN} minutes"  # one account from one place: the figure that the page counts down
TRIES_FROM_EVERYWHERE = "50 per hour"  # one account, many places: slow, yet its owner is not locked out for ever
TRIES_OF_EVERYBODY = f"30 per {PAUSE_MIN} minutes"  # many accounts, one place

#: What the sign-in page shows beside the form: the till's words, and the cellar's.
SAMPLES = (
    ("VRE CHABLIS FEVRE", "Chablis Montmains"),
    ("PINTE IPA MINOTTE", "IPA Bleue"),
    ("BT ST JOSEPH", "Saint-Joseph Offerus"),
    ("1/2 BLONDE", "Blonde des Chartrons"),
    ("CH. LYNCH BAGES", "Château Lynch-Bages"),
)


def _account() -> str:
    return f"account:{_typed_email()}"


def _account_here() -> str:
    return f"{get_remote_address()}:{_typed_email()}"


def _typed_email() -> str:
    return request.form.get("email", "").strip().lower()[: accounts.EMAIL_MAX]


def _failed(response: Response) -> bool:
    return response.status_code == FAILED


@bp.get("/connexion")
def sign_in() -> str | AnyResponse:
    """Show the form, or go on where somebody is signed in already."""
    if current_user.is_authenticated:
        return redirect(_destination())
    return _form()


@bp.post("/connexion")
@limiter.limit(TRIES, key_func=_account_here, deduct_when=_failed)
@limiter.limit(TRIES_FROM_EVERYWHERE, key_func=_account, deduct_when=_failed)
@limiter.limit(TRIES_OF_EVERYBODY, key_func=get_remote_address, deduct_when=_failed)
def open_session() -> AnyResponse | tuple[str, int]:
    """Open a session, or say that the pair does not fit, never which half."""
    email, password = request.form.get("email", ""), request.form.get("password", "")
    user = accounts.authenticate(email, password)
    if user is None:
        known = accounts.find(email)  # an unknown address is not logged: it may be a password in the wrong field
        log.warning("sign_in", outcome="refused", account=known and known.id, address=request.remote_addr)
        return _form(tries_left=_tries_left()), FAILED
    destination = _destination()
    venue = session.sign_in(user, remember="remember" in request.form)
    db.session.commit()
    log.info("sign_in", outcome="ok", user=user.id, venue=venue and venue.id, address=request.remote_addr)
    return redirect(destination, 303)


@bp.errorhandler(TooManyRequests)
def refuse_more(_error: TooManyRequests) -> tuple[str, int]:
    """Say how long the pause lasts, in the form itself."""
    log.warning("sign_in", outcome="paused", address=request.remote_addr)
    limit = limiter.current_limit
    minutes = max(1, -(-(limit.reset_at - int(time.time())) // 60)) if limit else PAUSE_MIN
    return _form(pause_minutes=minutes), 429


@bp.post("/deconnexion")
def sign_out() -> AnyResponse:
    """Close the session on this device."""
    log.info("sign_out", outcome="ok")
    session.sign_out()
    return redirect(url_for(".sign_in"), 303)


def _destination() -> str:
    return session.way_back(request.values.get("next")) or url_for("account.home")


def _tries_left() -> int:
    """How many wrong pairs are left before the pause, once this one is counted."""
    return max(0, min(limit.remaining for limit in limiter.current_limits) - 1)


def _form(*, tries_left: int | None = None, pause_minutes: int | None = None) -> str:
    wall = clock.now().astimezone(ZoneInfo(current_app.config["BABEL_DEFAULT_TIMEZONE"]))
    return render_template(
        "auth/sign_in.html",
        evening=wall.hour >= EVENING_H or wall.hour < MORNING_H,
        email=request.form.get("email", ""),
        remember=request.method == "GET" or "remember" in request.form,
        next=request.values.get("next", ""),
        tries_left=tries_left,
        pause_minutes=pause_minutes,
        pause_lasts=PAUSE_MIN,
        samples=SAMPLES,
    )
