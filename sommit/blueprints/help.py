"""*Une question ?*: how to reach the support team, what is often asked, and the conversation (row J1 of the FAQ)."""

import secrets
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from sommit.blueprints import till_sync_forms as forms
from sommit.extensions import db
from sommit.i18n import sentence
from sommit.refusals import Refusal
from sommit.security import is_htmx
from sommit.services import conversation
from sommit.session import current_venue

bp = Blueprint("help", __name__, url_prefix="/aide")
Answer = str | Response | tuple[str, int]


@bp.get("")
def index() -> str:
    """Show the conversation, the addresses and the answers."""
    return render_template("help/index.html", **_shown())


@bp.post("")
def write() -> Answer:
    """Send a message to the support team."""
    body, key = request.form.get("message", ""), forms.text("form_key")
    to = [address for address in [current_app.config["SUPPORT_EMAIL"]] if address]
    try:
        conversation.write(current_venue, current_user, body, key or secrets.token_hex(16), tell=to)
    except Refusal as refusal:
        db.session.rollback()
        return _page(typed=body, error=sentence(refusal)), 422
    db.session.commit()
    return _page(focus=True) if is_htmx() else redirect(url_for(".index", _anchor="fil"), 303)


@bp.get("/fil")
def thread() -> Answer:
    """Bring what was said since the page was shown; nothing where nothing was."""
    if not is_htmx():
        return redirect(url_for(".index"))
    if request.args.get("dernier", type=int) == conversation.last_id(current_venue.id):
        return "", 204
    return render_template("help/_thread.html", **_shown())


@bp.post("/lu")
def read() -> Answer:
    """Note that what the page shows was read. Showing it changes nothing: a page that is fetched is not yet read."""
    conversation.mark_read(current_venue.id, by_support=False, up_to=forms.number("dernier") or 0)
    db.session.commit()
    return render_template("help/_badge.html") if is_htmx() else redirect(url_for(".index"), 303)


@bp.get("/non-lus")
def badge() -> Answer:
    """Say in the bar how many answers wait."""
    return render_template("help/_badge.html") if is_htmx() else redirect(url_for(".index"))


def _page(**more: Any) -> str:
    return render_template("help/_conversation.html" if is_htmx() else "help/index.html", **_shown(), **more)


def _shown() -> dict[str, Any]:
    said = conversation.said(current_venue.id)
    return {
        "said": said,
        "ours": False,
        "last_id": said[-1].message.id if said else 0,
        "form_key": secrets.token_hex(16),
        "fresh": f"{url_for('help.thread')}?dernier={said[-1].message.id if said else 0}",
        "read": url_for("help.read"),
        "to": url_for("help.write"),
        "timezone": current_venue.timezone,
    }
