"""*Assistance*: the conversations of all venues, for the support team alone."""

import secrets
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from sommit.blueprints import till_sync_forms as forms
from sommit.extensions import db
from sommit.i18n import sentence
from sommit.models import Venue
from sommit.refusals import Refusal
from sommit.security import is_htmx
from sommit.services import accounts, conversation, venues

bp = Blueprint("support", __name__, url_prefix="/assistance")
Answer = str | Response | tuple[str, int]
VENUE = "/<int(max=2147483647):venue_id>"


@bp.before_request
def only_the_team() -> None:
    """To everybody else these pages do not exist."""
    if not current_user.is_support:
        abort(404)


@bp.get("")
def index() -> str:
    """List the conversations: those that wait first."""
    return render_template("support/index.html", threads=conversation.threads())


@bp.get(VENUE)
def show(venue_id: int) -> str:
    """Show one venue's conversation."""
    return render_template("support/show.html", **_shown(_venue(venue_id)))


@bp.post(VENUE)
def answer(venue_id: int) -> Answer:
    """Answer a venue."""
    venue, body = _venue(venue_id), request.form.get("message", "")
    key = forms.text("form_key") or secrets.token_hex(16)
    try:
        conversation.write(venue, current_user, body, key, tell=accounts.addresses(venue.id))
    except Refusal as refusal:
        db.session.rollback()
        return _page(venue, typed=body, error=sentence(refusal)), 422
    db.session.commit()
    return _page(venue, focus=True) if is_htmx() else redirect(url_for(".show", venue_id=venue_id, _anchor="fil"), 303)


@bp.get(f"{VENUE}/fil")
def thread(venue_id: int) -> Answer:
    """Bring what was said since the page was shown; nothing where nothing was."""
    venue = _venue(venue_id)
    if not is_htmx():
        return redirect(url_for(".show", venue_id=venue_id))
    if request.args.get("dernier", type=int) == conversation.last_id(venue_id):
        return "", 204
    return render_template("help/_thread.html", **_shown(venue))


@bp.post(f"{VENUE}/lu")
def read(venue_id: int) -> Answer:
    """Note that what the page shows was read."""
    venue = _venue(venue_id)
    conversation.mark_read(venue.id, by_support=True, up_to=forms.number("dernier") or 0)
    db.session.commit()
    return ("", 204) if is_htmx() else redirect(url_for(".show", venue_id=venue_id), 303)


def _venue(venue_id: int) -> Venue:
    try:
        return venues.get(venue_id)
    except venues.NoSuchVenue:
        abort(404)


def _page(venue: Venue, **more: Any) -> str:
    template = "help/_conversation.html" if is_htmx() else "support/show.html"
    return render_template(template, **_shown(venue), **more)


def _shown(venue: Venue) -> dict[str, Any]:
    said = conversation.said(venue.id)
    last = said[-1].message.id if said else 0
    return {
        "venue": venue,
        "said": said,
        "ours": True,
        "last_id": last,
        "form_key": secrets.token_hex(16),
        "fresh": f"{url_for('support.thread', venue_id=venue.id)}?dernier={last}",
        "read": url_for("support.read", venue_id=venue.id),
        "to": url_for("support.answer", venue_id=venue.id),
        "timezone": venue.timezone,
    }
