"""What is written down on the tab *Stock*: a count, a delivery, a loss."""

from typing import Any

from flask import flash, redirect, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from sommit import formats
from sommit.blueprints import drink_forms, drink_page, rows_of, wording
from sommit.blueprints import till_sync_forms as form
from sommit.blueprints.drinks import bp
from sommit.extensions import db
from sommit.i18n import gettext as _
from sommit.models import Drink
from sommit.refusals import Refusal
from sommit.services import cellar_facts, stock
from sommit.session import current_venue

Answer = Response | tuple[str, int]


@bp.post(f"{drink_page.DRINK}/inventaire")
def count(drink_id: int) -> Answer:
    """Note what somebody found in the cellar."""
    drink = rows_of.drink(drink_id)
    before = stock.on_hand(drink)
    try:
        fact = cellar_facts.count(drink, **_said(drink))
    except Refusal as refusal:
        return _refused(drink, "inventaire", refusal)
    db.session.commit()
    gap = fact.quantity_ml * stock.UL - before if before is not None and form.text("when") != form.OTHER else 0
    return _noted(drink, _counted(drink, fact.quantity_ml, gap))


@bp.post(f"{drink_page.DRINK}/livraison")
def deliver(drink_id: int) -> Answer:
    """Note what came in."""
    drink = rows_of.drink(drink_id)
    try:
        fact = cellar_facts.deliver(drink, **_said(drink))
    except Refusal as refusal:
        return _refused(drink, "livraison", refusal)
    db.session.commit()
    return _noted(drink, _("Livraison notée : %(quantity)s.", quantity=_words(drink, fact.quantity_ml)))


@bp.post(f"{drink_page.DRINK}/perte")
def lose(drink_id: int) -> Answer:
    """Note what went without being sold, and why."""
    drink = rows_of.drink(drink_id)
    try:
        fact = cellar_facts.lose(drink, reason=form.text("reason"), **_said(drink))
    except Refusal as refusal:
        return _refused(drink, "perte", refusal)
    db.session.commit()
    return _noted(drink, _("Perte notée : %(quantity)s.", quantity=_words(drink, fact.quantity_ml)))


def _said(drink: Drink) -> dict[str, Any]:
    return {
        "quantity_ml": drink_forms.quantity_ml(drink),
        "at": drink_forms.moment(current_venue.timezone),
        "by": current_user.id,
        "seen": drink_forms.seen(),
    }


def _refused(drink: Drink, act: str, refusal: Refusal) -> Answer:
    db.session.rollback()
    return drink_page.stock_page(drink, act, refusal), 422


def _noted(drink: Drink, sentence: str) -> Answer:
    flash(sentence)
    return redirect(url_for("drinks.stock_tab", drink_id=drink.id), 303)


def _counted(drink: Drink, quantity_ml: int, gap_ul: int) -> str:
    """What was found, and by how much the figure was wrong; a second tap finds no gap any more, and says none."""
    found = _words(drink, quantity_ml)
    gap = wording.stock_of(gap_ul, drink).figure
    if gap in ("0", f"{formats.MINUS}0"):
        return _("Inventaire noté : %(quantity)s.", quantity=found)
    return _("Inventaire noté : %(quantity)s, écart de %(gap)s.", quantity=found, gap=gap if gap_ul < 0 else f"+{gap}")


def _words(drink: Drink, quantity_ml: int) -> str:
    return wording.stock_of(quantity_ml * stock.UL, drink).words
