"""What is changed on the tab *Fiche*: the entry itself, and the vintage that the till's keys pour from now on."""

from flask import flash, redirect, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from sommit.blueprints import drink_forms, drink_page, rows_of, till_undo
from sommit.blueprints import till_sync_forms as form
from sommit.blueprints.drinks import bp
from sommit.extensions import db
from sommit.i18n import gettext as _
from sommit.i18n import ngettext
from sommit.models import Drink
from sommit.refusals import Refusal
from sommit.services import drink_edit, library, vintage_relay

Answer = Response | tuple[str, int]


@bp.post(drink_page.DRINK)
def save(drink_id: int) -> Answer:
    """Correct the entry of a drink. Nothing is sent to the till."""
    drink = rows_of.drink(drink_id)
    try:
        entry = drink_forms.entry(drink)
        saved = drink_edit.save(drink, entry, shown=form.text("shown"), format_is=form.text("format_is"))
    except Refusal as refusal:
        return _refused(drink, refusal)
    db.session.commit()
    flash(_("Fiche enregistrée.") if saved is drink else _("Nouvelle fiche : %(drink)s.", drink=library.title(saved)))
    return _to(saved)


@bp.post(f"{drink_page.DRINK}/millesime")
def change_vintage(drink_id: int) -> Answer:
    """Let the till's keys pour another vintage from now on."""
    drink = rows_of.drink(drink_id)
    shown = drink_forms.links()
    try:
        relayed = vintage_relay.relay(drink, form.vintage(), shown=shown, by=current_user.id)
    except Refusal as refusal:
        return _refused(drink, refusal, relaying=True)
    db.session.commit()
    said = ngettext(
        "À partir de maintenant, la caisse sert cette boisson : %(num)s référence.",
        "À partir de maintenant, la caisse sert cette boisson : %(num)s références.",
        len(shown),
    )
    flash(said, till_undo.address(relayed.act, fiche=drink.id) if relayed.act else "message")
    return _to(relayed.sibling)


def _refused(drink: Drink, refusal: Refusal, *, relaying: bool = False) -> Answer:
    """The tab again: 422 at a field, as it was typed; 409, with what is true now, where somebody was faster."""
    db.session.rollback()
    return drink_page.entry_page(drink, refusal, relaying=relaying), 422 if refusal.field else 409


def _to(drink: Drink) -> Answer:
    return redirect(url_for("drinks.show", drink_id=drink.id), 303)
