"""A key of the till that changed name and price: is it still the same product? One question, two answers."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from sommit.blueprints import rows_of
from sommit.blueprints import till_sync_forms as form
from sommit.blueprints import till_sync_list as to_sync
from sommit.extensions import db
from sommit.i18n import gettext as _
from sommit.i18n import sentence
from sommit.models import Drink, TillReference
from sommit.refusals import Refusal
from sommit.security import is_htmx
from sommit.services import asked_keys, key_questions, suggestions
from sommit.session import current_venue, way_back

bp = Blueprint("key_questions", __name__, url_prefix="/boissons/touches/<int(max=2147483647):reference_id>")
bp.record_once(lambda state: state.app.jinja_env.globals.update(asked_keys=_pending))

Answer = str | Response | tuple[str, int]


def _pending(drink: Drink | None = None) -> list[asked_keys.Asked]:
    """What the list and a drink's page show on top: the questions that wait."""
    return asked_keys.pending(current_venue.id, drink)


@bp.get("")
def show(reference_id: int) -> str:
    """Show the last question that was asked about a key."""
    return _page(rows_of.reference(reference_id))


@bp.post("/meme")
def same(reference_id: int) -> Answer:
    """The key sells what it sold before: its links go on."""
    return _answer(rows_of.reference(reference_id), "same")


@bp.post("/autre")
def other(reference_id: int) -> Answer:
    """The key sells something else: it waits as a new reference."""
    return _answer(rows_of.reference(reference_id), "other")


def _answer(reference: TillReference, said: str) -> Answer:
    try:
        key_questions.answer(reference, said, version=form.version(), by=current_user.id)
    except key_questions.NoQuestion:
        abort(404)
    except Refusal as refusal:
        db.session.rollback()
        shown = _in_place(reference, refused=sentence(refusal)) if is_htmx() else _page(reference, sentence(refusal))
        return shown, 409
    suggestions.refresh(current_venue.id, [reference.id])
    db.session.commit()
    if is_htmx():
        return _in_place(reference, _said(reference, said))
    flash(_said(reference, said))
    back = way_back(form.text("retour"))
    row = url_for("till_sync.to_sync", fait=reference.id, _anchor=f"ref-{reference.id}")
    return redirect(back or row, 303)


def _in_place(reference: TillReference, done: str = "", refused: str = "") -> str:
    """On the list: the list with its row, and a message. Elsewhere: the question as it is now."""
    asked = asked_keys.of(key_questions.latest(reference), reference)
    on_list = request.headers.get("HX-Target") == "to-sync"
    told = to_sync.listed(reference.id, notices=[refused] if refused else ()) | {"message": done} if on_list else {}
    shown = {"asked": asked, "refused": refused, "back": form.text("retour")}
    return render_template("key_questions/_answer.html", on_list=on_list, **shown, **told)


def _said(reference: TillReference, said: str) -> str:
    if said == "same":
        return _("Noté : « %(label)s » est toujours la même boisson.", label=reference.label)
    return _("Noté : « %(label)s » attend comme une nouvelle référence.", label=reference.label)


def _page(reference: TillReference, notice: str = "") -> str:
    try:
        question = key_questions.latest(reference)
    except key_questions.NoQuestion:
        abort(404)
    return render_template("key_questions/show.html", asked=asked_keys.of(question, reference), notice=notice)
