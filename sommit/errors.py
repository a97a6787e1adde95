"""The pages of what went wrong: what is true, then what to do. For htmx a notice takes the page's place."""

from dataclasses import dataclass
from datetime import date, datetime

import structlog
from flask import Flask, Response, current_app, g, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from werkzeug.exceptions import HTTPException

from sommit import mishaps
from sommit.extensions import db, login_manager
from sommit.i18n import gettext as _
from sommit.models import Night, Venue
from sommit.refusals import N_
from sommit.security import is_htmx
from sommit.services import cellar, references

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Message:
    """A title and a sentence, in French, translated when shown."""

    title: str
    text: str


STALE = Message(
    N_("Cette page est restée ouverte trop longtemps."),
    N_("Rien n’a été changé. Revenez à la page, rechargez-la, puis recommencez."),
)
MESSAGES = {
    400: Message(
        N_("Cette demande est incomplète."),
        N_("Rien n’a été changé. Revenez à la page précédente, rechargez-la, puis recommencez."),
    ),
    403: Message(
        N_("Cette demande est refusée."),
        N_("Par prudence, rien n’a été changé. Ouvrez Somm’It directement, puis recommencez."),
    ),
    404: Message(
        N_("Cette page n’est pas à la carte."),
        N_("L’adresse est incomplète, ou la fiche a été supprimée. Vos stocks et vos ventes n’ont pas bougé."),
    ),
    405: Message(
        N_("Cette adresse ne s’ouvre pas ainsi."),
        N_("Rien n’a été changé. Revenez à la page précédente, puis recommencez."),
    ),
    413: Message(
        N_("C’est trop long."),
        N_("Rien n’a été changé. Raccourcissez ce que vous envoyez, ou faites-le en plusieurs fois."),
    ),
    429: Message(
        N_("Trop de demandes à la fois."),
        N_("Rien n’a été changé. Attendez quelques minutes, puis recommencez."),
    ),
    500: Message(
        N_("Quelque chose s’est cassé de notre côté."),
        N_("Rien n’a été enregistré à moitié. Réessayez ; si cela dure, donnez ce numéro à l’assistance."),
    ),
}

CROWDED = Message(
    N_("Il y a trop de monde à la fois."),
    N_("Rien n’a été changé. Réessayez dans quelques secondes."),
)
AWAY = Message(
    N_("La base de données ne répond pas pour l’instant."),
    N_("Réessayez dans quelques secondes. Ce que l’écran avait confirmé est gardé."),
)
NO_ROOM = Message(
    N_("Il n’y a plus de place sur le disque de Somm’It."),
    N_("Rien n’a été enregistré à moitié, et tout reste lisible. Prévenez l’assistance, puis recommencez."),
)
RETRY_AFTER_S = 5


def init_app(app: Flask) -> None:
    """Answer every error in our own words."""
    app.register_error_handler(NoConnectionFree, _crowded)
    app.register_error_handler(DBAPIError, _database)
    app.register_error_handler(CSRFError, _stale)
    app.register_error_handler(HTTPException, _refused)


def _stale(error: CSRFError) -> Response:
    log.warning("refused", status=403, reason=error.description, path=request.path)
    return _answer(STALE, 403)


def _crowded(_error: NoConnectionFree) -> Response:
    """All connections to the database are in use (FAULTS 27)."""
    log.error("no_connection_free", path=request.path)
    return _later(CROWDED)


def _database(error: DBAPIError) -> Response:
    """The database was restarted, is full, or kept us waiting (FAULTS 24, 26, 28, 29); else it is a fault of ours."""
    full = mishaps.no_room(error)
    if not full and not mishaps.passing(error):
        raise error
    log.error("database_failed", path=request.path, reason=type(error.orig).__name__)
    if full:
        g._login_user = login_manager.anonymous_user()
        return _answer(NO_ROOM, 507)
    return _later(AWAY if mishaps.away(error) else CROWDED)


def _later(message: Message) -> Response:
    """Ask to come back in a moment."""
    g._login_user = login_manager.anonymous_user()  # to ask who it is would need the database
    response = _answer(message, 503)
    response.headers["Retry-After"] = str(RETRY_AFTER_S)
    return response


def _refused(error: HTTPException) -> Response:
    code = error.code or 500
    if error.response is not None or code < 400:
        return current_app.make_response(error.get_response())
    if code < 500 and code != 404:
        log.warning("refused", status=code, method=request.method, path=request.path)
    return _answer(MESSAGES.get(code, MESSAGES[400 if code < 500 else 500]), code)


def _answer(message: Message, code: int) -> Response:
    """Render a page, or for htmx a notice. What broke (5xx) bears its request's id, and asks the database nothing."""
    broken = code >= 500
    shown = {"title": _(message.title), "text": _(message.text), "code": code}
    shown["request_id"] = g.get("request_id") if broken else None
    if is_htmx():
        response = make_response(render_template("errors/_notice.html", **shown), code)
        response.headers["X-Notice"] = "1"  # app.js shows our own words, and nobody else's HTML
        return response
    card = _card() if code == 404 else None
    return make_response(render_template("errors/page.html", **shown, card=card, bare=broken), code)


@dataclass(frozen=True)
class Card:
    """The figures beside the ways out of a 404: drinks, references to synchronise, the last evening read, and when."""

    drinks: int
    to_sync: int
    evening: date | None
    read_at: datetime | None


def _card() -> Card | None:
    venue: Venue | None = g.get("venue")
    if venue is None:
        return None
    read = select(Night.business_date, Night.read_at).where(Night.venue_id == venue.id, Night.read_at.is_not(None))
    sold = read.where(Night.state != "no_service").order_by(Night.business_date.desc())
    last = db.session.execute(sold.limit(1)).one_or_none() or (None, None)
    return Card(cellar.size(venue.id), references.count_to_sync(venue.id), *last)
