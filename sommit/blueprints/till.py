"""*Connexion caisse*: the token, what the till says, and the journal of the nights."""

from collections.abc import Mapping
from types import MappingProxyType

import structlog
from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from sommit import formats
from sommit.blueprints import till_audit
from sommit.blueprints.till_journal import AT_FIRST, journal
from sommit.blueprints.till_letter import letter
from sommit.blueprints.till_state import state_of
from sommit.extensions import db
from sommit.i18n import gettext as _
from sommit.i18n import ngettext, sentence
from sommit.jalia.client import Probe
from sommit.jalia.errors import TillError
from sommit.jobs import queue
from sommit.models import Venue
from sommit.refusals import Refusal
from sommit.security import is_htmx
from sommit.services import nights, till_connection
from sommit.session import current_venue

bp = Blueprint("till", __name__, url_prefix="/caisse")
Answer = str | Response | tuple[str, int]

NO_ERRORS: Mapping[str, str] = MappingProxyType({})
OFTEN_S, SELDOM_S = 2, 30  # between two looks at a reading
LONGEST_DAYS = 20  # characters of what was typed that are shown again
PATIENCE = 30  # looks, after which one that nobody takes up is looked for seldom

log = structlog.get_logger(__name__)


@bp.get("")
def index() -> str:
    """Show the connection and its nights."""
    return _page()


@bp.get("/etat")
def state() -> Answer:
    """Say how far the reading is; once it is over the journal comes along and nobody asks any more."""
    if not is_htmx():
        return redirect(url_for(".index"))
    looks = request.args.get("regard", 0, type=int)
    now = state_of(current_venue)
    shown = {"state": now, "looks": looks + 1, "every": _pace(now.kind, looks)}
    if now.moves:
        return render_template("till/_state.html", **shown)
    return render_template("till/_over.html", **_nights(), **shown)


@bp.post("/importer")
def import_now() -> Answer:
    """Read the till as soon as possible: the night's row says so, the bell only hurries it."""
    connection = till_connection.find(current_venue.id)
    if connection is None or connection.state == "refused":
        return _page(), 409  # the page says what is missing
    if nights.running(current_venue.id) is None:
        _ask(current_venue)
    return _page(asked=True) if is_htmx() else redirect(url_for(".index"), 303)


@bp.post("/token")
def paste() -> Answer:
    """Try a pasted token at once; a good one is kept, encrypted, and the first reading is asked for."""
    token, days = request.form.get("token", ""), _days()
    try:
        first = till_connection.find(current_venue.id) is None
        history_days = till_connection.days_back(days) if first else 0
        probe = till_connection.attempt(current_venue, token)
        till_connection.keep(current_venue, token, probe, history_days=history_days)
    except (Refusal, TillError) as problem:
        db.session.rollback()
        log.warning("token_pasted", outcome="refused", reason=type(problem).__name__)
        at_fault = "days" if isinstance(problem, till_connection.BadHistory) else "token"
        return _page(errors={at_fault: _untried(problem) or sentence(problem)}, days=days), 422
    _ask(current_venue)
    log.info("token_pasted", outcome="ok", references=probe.references)
    if is_htmx():
        return _page(said=_welcome(probe))
    flash(_welcome(probe))
    return redirect(url_for(".index"), 303)


def _days() -> str:
    """How far back to read, as it was typed; a form without the field means the usual."""
    return request.form.get("days", str(till_connection.HISTORY_DAYS))[:LONGEST_DAYS]


def _ask(venue: Venue) -> None:
    nights.ask(venue)
    db.session.commit()
    queue.enqueue_import(venue.id)


def _untried(problem: Refusal | TillError) -> str:
    """Where the till did not answer, nothing is said of the token, and nothing will be tried again by itself."""
    if not getattr(problem, "transient", False):
        return ""
    return _("Jalia ne répond pas : le token n’a pas pu être essayé, rien n’a changé. Réessayez dans un instant.")


def _welcome(probe: Probe) -> str:
    references = ngettext(
        "%(figure)s référence", "%(figure)s références", probe.references, figure=formats.number(probe.references)
    )
    if probe.header_name is None:
        return _("Token accepté : %(references)s.", references=references)
    return _("Token accepté : « %(name)s », %(references)s.", name=probe.header_name, references=references)


def _page(
    *,
    errors: Mapping[str, str] = NO_ERRORS,
    days: str = str(till_connection.HISTORY_DAYS),
    said: str = "",
    asked: bool = False,
) -> str:
    """The page, or for htmx what stands under its bar. `asked`: the focus goes to what became of the request.

    `errors` are the sentences of a refusal by field, `days` what was typed there; a token is never shown again.
    """
    connection = till_connection.find(
        current_venue.id
    )  # held, so that whoever asks for it again finds it in the session
    now = state_of(current_venue)
    return render_template(
        "till/_page.html" if is_htmx() else "till/index.html",
        state=now,
        looks=0,
        every=_pace(now.kind, 0),
        connection=connection,
        **_nights(),
        letter=letter(current_venue),
        errors=errors,
        days=days,
        said=said,
        asked=asked,
        audit=till_audit.told(current_venue),
    )


def _nights() -> dict[str, object]:
    """The journal, and how many of its lines are on the page: all of them where somebody asked."""
    at_first = None if "toutes" in request.args else AT_FIRST
    return {"nights": journal(current_venue, at_first), "at_first": at_first}


def _pace(kind: str, looks: int) -> int:
    """Seconds until the page looks again."""
    return SELDOM_S if kind == "asked" and looks > PATIENCE else OFTEN_S
