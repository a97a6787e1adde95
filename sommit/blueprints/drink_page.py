"""The page of one drink, on the address of *Mes boissons*: its tabs *Fiche*, *Vente* and *Stock*."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import abort, render_template, request

from sommit import clock, formats
from sommit.blueprints.drinks import bp
from sommit.i18n import gettext as _
from sommit.i18n import sentence
from sommit.models import Count, Delivery, Drink, Loss
from sommit.refusals import Refusal
from sommit.services import cellar, cellar_facts, drink_sheet, library
from sommit.session import current_venue

DRINK = "/<int(max=2147483647):drink_id>"
#: The acts on the stock: their word in the address, and what they add.
ACTS: dict[str, Any] = {"inventaire": Count, "livraison": Delivery, "perte": Loss}
AT_FIRST = 14  # days of the stock's history


@bp.get(DRINK)
def show(drink_id: int) -> str:
    """Show what is written of one drink, and what the till asks for it."""
    drink = drink_of(drink_id)
    return render_template("drinks/show.html", **heading(drink))


@bp.get(f"{DRINK}/stock")
def stock_tab(drink_id: int) -> str:
    """Show how the stock came about; `geste` is the act whose form is open, `jours` shows every day."""
    asked = request.args.get("geste", "")
    return stock_page(drink_of(drink_id), asked if asked in ACTS else "inventaire")


def drink_of(drink_id: int) -> Drink:
    """Return a drink of the session's venue; anything else is a 404."""
    try:
        return library.get(current_venue.id, drink_id)
    except library.NoSuchDrink:
        abort(404)


def heading(drink: Drink) -> dict[str, Any]:
    """Return what every tab has on top: the drink and its golden till."""
    return {"drink": drink, "line": cellar.line(drink)}


def errors(refusal: Refusal | None) -> dict[str, str]:
    """Return the sentence of a refusal under the name of the field at fault."""
    return {refusal.field: sentence(refusal)} if refusal and refusal.field else {}


def stock_page(drink: Drink, act: str, refusal: Refusal | None = None) -> str:
    """Return the tab *Stock* with the form of an act, after a refusal as it was typed."""
    told = drink_sheet.arithmetic(drink)
    now = clock.now()
    return render_template(
        "drinks/stock.html",
        **heading(drink),
        told=told,
        days=drink_sheet.days(told, current_venue.timezone) if told else [],
        at_first=None if "jours" in request.args else AT_FIRST,
        causes=drink_sheet.causes(drink, told) if told and told.left_ul < 0 else None,
        evenings=drink_sheet.evenings_left(told, clock.local_date(now, current_venue.timezone)) if told else None,
        wall=now.astimezone(ZoneInfo(current_venue.timezone)).strftime("%Y-%m-%dT%H:%M"),
        act=act,
        seen=cellar_facts.last_id(ACTS[act], drink),
        typed=request.form if refusal else {},
        errors=errors(refusal),
        **_units(drink),
    )


def _units(drink: Drink) -> dict[str, Any]:
    """What is counted of a drink: its formats, and the glasses that are left of one."""
    part_ml = formats.poured_ml(drink.volume_ml, drink.category)
    parts = {formats.GLASS_ML: _("verres"), formats.DEMI_ML: _("demis"), formats.DOSE_ML: _("doses")}
    is_keg = part_ml == formats.DEMI_ML
    return {"unit": _("fûts") if is_keg else _("bouteilles"), "part": parts[part_ml], "part_ml": part_ml}
