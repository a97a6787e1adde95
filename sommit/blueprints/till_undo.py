"""Undoing an act: in the row that was answered, in the list after an act on several, on a drink's page."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from sommit.blueprints import drink_page, rows_of
from sommit.blueprints import till_sync_forms as form
from sommit.blueprints import till_sync_list as to_sync
from sommit.blueprints.till_sync import bp
from sommit.blueprints.till_sync_swaps import answered, refused
from sommit.extensions import db
from sommit.i18n import gettext as _
from sommit.i18n import sentence
from sommit.models import Act, Drink
from sommit.refusals import Refusal
from sommit.security import is_htmx
from sommit.services import acts, undo
from sommit.session import current_venue

Answer = str | Response | tuple[str, int]


def address(act: Act, fiche: int | None = None) -> str:
    """Return where a message lets one undo an act: from the list, or from the page of a drink (`fiche`, its id)."""
    if fiche:
        return url_for("till_sync.undo_act", act_id=act.id, fiche=fiche)
    kept = request.args.get("montrer")
    return url_for("till_sync.undo_act", act_id=act.id, retour="liste", montrer=kept)


@bp.post("/annuler/<int(max=2147483647):act_id>")
def undo_act(act_id: int) -> Answer:
    """Undo one act. `retour` asks for the whole list instead of the act's row, `fiche` for the page of that drink."""
    drink = rows_of.drink(form.number("fiche")) if "fiche" in request.args else None
    try:
        act = undo.undo(current_venue.id, act_id, by=current_user.id)
    except acts.NoSuchAct:
        abort(404)
    except Refusal as refusal:
        db.session.rollback()
        return _refused(acts.get(current_venue.id, act_id), refusal, drink)
    db.session.commit()
    return _undone(act, drink)


def _undone(act: Act, drink: Drink | None) -> Answer:
    said, row = _("Annulé : tout est comme avant."), _row_of(act)
    if not is_htmx():
        flash(said)
    if drink:
        tab = "drinks.show" if act.kind == "relay" else "drinks.sales_tab"
        return redirect(url_for(tab, drink_id=drink.id), 303)
    if row:
        return answered(row, said)
    if not is_htmx():
        return redirect(to_sync.address(), 303)
    return render_template("till_sync/_several.html", message=said, **to_sync.listed())


def _refused(act: Act, refusal: Refusal, drink: Drink | None) -> Answer:
    """The fresh state with the sentence of the refusal."""
    row = _row_of(act)
    if drink:
        return drink_page.sales_page(drink, refusal=refusal), 409
    if row:
        return refused(row, refusal)
    notices = [sentence(refusal)]
    if not is_htmx():
        return to_sync.page(notices=notices), 409
    return render_template("till_sync/_several.html", message="", **to_sync.listed(notices=notices)), 409


def _row_of(act: Act) -> int | None:
    """The one row to answer with, None where the whole list is."""
    ids = [int(one) for one in act.done["references"]]
    return ids[0] if len(ids) == 1 and form.text("retour") != "liste" else None
