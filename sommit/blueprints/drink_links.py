"""The golden till of the tab *Vente*: it breaks the link of a reference."""

from flask import flash, redirect, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from sommit.blueprints import drink_page, rows_of, till_undo
from sommit.blueprints import till_sync_forms as form
from sommit.blueprints.drinks import bp
from sommit.extensions import db
from sommit.i18n import gettext as _
from sommit.refusals import Refusal
from sommit.services import acts, suggestions, till_links
from sommit.session import current_venue

Answer = Response | tuple[str, int]


@bp.post(f"{drink_page.DRINK}/vente/<int(max=2147483647):reference_id>/casser")
def break_link(drink_id: int, reference_id: int) -> Answer:
    """Break the link of one reference: its sales leave the drink. A second tap finds it broken, as was asked."""
    drink, reference = rows_of.drink(drink_id), rows_of.reference(reference_id)
    try:
        with acts.recorded(current_venue.id, "break", [reference], by=current_user.id) as recording:
            till_links.unlink(reference, drink, version=form.version())
    except Refusal as refusal:
        db.session.rollback()
        if till_links.is_broken(reference, drink):
            return redirect(url_for("drinks.sales_tab", drink_id=drink_id), 303)
        return drink_page.sales_page(drink, reference_id, refusal), 409
    db.session.flush()
    suggestions.refresh(current_venue.id, [reference.id])
    db.session.commit()
    said = _("Liaison cassée : « %(label)s » ne compte plus pour cette boisson.", label=reference.label)
    flash(said, till_undo.address(recording.act, fiche=drink.id) if recording.act else "message")
    return redirect(url_for("drinks.sales_tab", drink_id=drink_id), 303)
